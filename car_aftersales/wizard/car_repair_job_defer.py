from odoo import fields, models


class CarRepairJobDefer(models.TransientModel):
    """Ask why agreed work is deferred, and until when."""

    _name = "car.repair.job.defer"
    _description = "Defer a Job"

    job_id = fields.Many2one("car.repair.job", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(
        "Expected Date",
        required=True,
        help="When the parts are likely to be here.",
    )

    def action_confirm(self):
        """Put the job off with its parts."""
        self.ensure_one()
        self.job_id.action_defer(self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
