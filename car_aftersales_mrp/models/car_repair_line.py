from odoo import models


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _get_kit_bom(self, moves):
        """Return the kit that the moves of the line are components of."""
        self.ensure_one()
        boms = moves.sudo().bom_line_id.bom_id.filtered(
            lambda bom: (
                bom.type == "phantom"
                and bom.product_tmpl_id == self.product_id.product_tmpl_id
            )
        )
        return boms[:1]

    def _get_moved_quantity(self, moves, planned=False):
        """Count kits, not their components."""
        bom = self._get_kit_bom(moves)
        if not bom:
            return super()._get_moved_quantity(moves, planned=planned)
        components = moves.filtered("bom_line_id")
        kits = components._compute_kit_quantities(
            self.product_id,
            self.product_uom_id._compute_quantity(
                self.quantity or 1.0, bom.product_uom_id
            ),
            bom,
            {
                "incoming_moves": lambda move: move.car_direction > 0,
                "outgoing_moves": lambda move: move.car_direction < 0,
            },
        )
        others = super()._get_moved_quantity(moves - components, planned=planned)
        return others + bom.product_uom_id._compute_quantity(kits, self.product_uom_id)

    def _reduce_open_moves(self, moves, quantity):
        """Take back whole kits, component by component."""
        bom = self._get_kit_bom(moves)
        if not bom:
            return super()._reduce_open_moves(moves, quantity)
        planned = self._get_moved_quantity(moves, planned=True)
        kept = (planned - quantity) / planned if planned else 0.0
        for move in moves.filtered(lambda move: move.state != "done"):
            if kept <= 0:
                move._action_cancel()
            else:
                move.product_uom_qty *= kept
                move._action_assign()
        return None
