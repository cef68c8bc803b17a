from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _eligible_for_stock_account(self):
        """Book the cost of a kit by its components, though the kit is never stored."""
        line = self.car_repair_line_id.sudo()  # Safe: our own moves' kind only.
        components = line.move_ids.filtered("bom_line_id")
        if components and not self.product_id.is_storable:
            return any(
                move.product_id.is_storable and not move.account_move_id
                for move in components
            )
        return super()._eligible_for_stock_account()
