from odoo import fields, models


class CarRepairReason(models.TransientModel):
    _inherit = "car.repair.reason"

    inspection_id = fields.Many2one("car.inspection")
    verb = fields.Selection(
        selection_add=[
            ("release_intake", "Start without complete intake"),
            ("reopen_inspection", "Reopen the inspection"),
        ],
        ondelete={"release_intake": "cascade", "reopen_inspection": "cascade"},
    )

    def action_confirm(self):
        """Take the steps of intake and inspection with the reason given."""
        self.ensure_one()
        if self.verb == "release_intake":
            self.order_id.action_release_intake(self.reason)
        elif self.verb == "reopen_inspection":
            self.inspection_id.action_reopen(self.reason)
        else:
            return super().action_confirm()
        return {"type": "ir.actions.act_window_close"}
