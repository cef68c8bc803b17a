from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = "stock.move"

    def _check_car_authorized(self):
        """Refuse more of a component than the agreed kits need."""
        result = super()._check_car_authorized()
        for move in self:
            if (
                move.bom_line_id
                and move.car_repair_line_id
                and move.picked
                and move.car_direction > 0
                and move.product_uom.compare(move.quantity, move.product_uom_qty) > 0
            ):
                line = move.car_repair_line_id.sudo()  # Safe: names the document only.
                raise UserError(
                    self.env._(
                        "%(order)s, %(kit)s: more of %(part)s would be issued than the "
                        "kit needs. Add it as a line of its own.",
                        order=line.order_id.name,
                        kit=line.name,
                        part=move.product_id.display_name,
                    )
                )
        return result
