from odoo import fields, models


class CarRepairReason(models.TransientModel):
    """Ask for the reason of a step and take it."""

    _name = "car.repair.reason"
    _description = "Reason of a Step"

    order_id = fields.Many2one("car.repair.order", required=True)
    payer_ids = fields.Many2many("car.repair.payer")
    exit_pass_id = fields.Many2one("car.exit.pass")
    verb = fields.Selection(
        [
            ("rework", "Back to the workshop"),
            ("decline", "Not repaired"),
            ("credit", "Leave on credit"),
            ("void", "Withdraw the exit pass"),
            ("unsigned", "Start without a signature"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)
    kind = fields.Selection(
        [("rework", "Rework"), ("additional", "Additional work")], default="rework"
    )
    outcome = fields.Selection(
        [
            ("refused", "Refused"),
            ("booked", "Booked for later"),
            ("diagnosis_only", "Diagnosis only"),
        ],
        default="refused",
    )

    def action_confirm(self):
        """Take the step with the reason given."""
        self.ensure_one()
        order = self.order_id
        if self.verb == "rework":
            order.action_rework(self.reason, self.kind)
        elif self.verb == "decline":
            order.action_decline(self.outcome, self.reason)
        elif self.verb == "credit":
            self.payer_ids.action_authorize_credit(self.reason)
        elif self.verb == "unsigned":
            order.action_start_unsigned(self.reason)
        else:
            (self.exit_pass_id or order._get_final_pass()).action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
