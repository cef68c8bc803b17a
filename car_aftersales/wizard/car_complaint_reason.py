from odoo import fields, models


class CarComplaintReason(models.TransientModel):
    """Ask for the words of a step of a complaint and take it."""

    _name = "car.complaint.reason"
    _description = "Reason of a Complaint's Step"

    complaint_id = fields.Many2one("car.complaint", required=True)
    verb = fields.Selection(
        [
            ("reopen", "Not satisfied"),
            ("withdraw", "Withdrawn"),
            ("escalate", "Report to the supervisor"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with the words given."""
        self.ensure_one()
        getattr(self.complaint_id, f"action_{self.verb}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
