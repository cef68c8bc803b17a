from odoo import models


class CarAppointmentPart(models.Model):
    _inherit = "car.appointment.part"

    def _get_reserved_quantity(self):
        """A kit lies ready when all of its components do."""
        components = self.move_ids.filtered(
            lambda move: move.bom_line_id and move.state != "cancel"
        )
        if not components:
            return super()._get_reserved_quantity()
        is_there = all(move.state in ("assigned", "done") for move in components)
        return self.quantity if is_there else 0.0
