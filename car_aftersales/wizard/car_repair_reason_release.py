from odoo import fields, models


class CarRepairReason(models.TransientModel):
    _inherit = "car.repair.reason"

    verb = fields.Selection(
        selection_add=[("override_release", "Let the car go incomplete")],
        ondelete={"override_release": "cascade"},
    )

    def action_confirm(self):
        """Let the car go with the reason given."""
        self.ensure_one()
        if self.verb == "override_release":
            self.order_id.action_override_release(self.reason)
            return {"type": "ir.actions.act_window_close"}
        return super().action_confirm()
