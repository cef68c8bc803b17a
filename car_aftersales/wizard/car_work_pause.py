from odoo import fields, models

from ..models.workshop.car_work_session import PAUSE_REASONS


class CarWorkPause(models.TransientModel):
    """Ask a technician why his work stands still."""

    _name = "car.work.pause"
    _description = "Pause Work"

    job_id = fields.Many2one("car.repair.job", required=True, readonly=True)
    reason = fields.Selection(PAUSE_REASONS, required=True)
    note = fields.Char()

    def action_confirm(self):
        """Pause with the reason given."""
        self.ensure_one()
        self.job_id.action_pause(self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
