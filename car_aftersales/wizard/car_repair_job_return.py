from odoo import fields, models


class CarRepairJobReturn(models.TransientModel):
    """Ask why a job goes back to its technicians, and send it back."""

    _name = "car.repair.job.return"
    _description = "Job Back to the Workshop"

    job_id = fields.Many2one("car.repair.job", required=True, readonly=True)
    reason = fields.Char("What Is Wrong", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.job_id.action_send_back(self.reason)
        return {"type": "ir.actions.act_window_close"}
