from odoo import fields, models


class CarWarrantyCoverageCancel(models.TransientModel):
    """Ask from when and why a coverage is no longer valid."""

    _name = "car.warranty.coverage.cancel"
    _description = "Cancellation of a Coverage"

    coverage_ids = fields.Many2many("car.warranty.coverage", required=True)
    date = fields.Date(
        "No Longer Covered From",
        required=True,
        default=lambda self: self.env.company._get_car_today(),
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Cancel the coverages with the reason given."""
        self.ensure_one()
        self.coverage_ids.action_cancel(self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
