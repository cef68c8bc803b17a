from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """What the guarantee on our own work means here, and how comebacks are treated."""

    _inherit = "res.company"

    car_guarantee_labor_stays = fields.Boolean(
        "The Term of Our Work Stays",
        default=True,
        help="The waiver for a part that the customer supplied or insisted on covers "
        "the part and its consequences. Our work on that job keeps its guarantee. "
        "Switched off, the waiver takes the work of the job with it.",
    )
    car_guarantee_soon_days = fields.Integer(
        "Guarantee Ends Soon (Days)",
        default=3,
        help="A guarantee with so many days left, or fewer, ends soon.",
    )
    car_guarantee_soon_km = fields.Integer(
        "Guarantee Ends Soon (km)",
        default=300,
        help="A guarantee with so many kilometers left, or fewer, ends soon.",
    )
    car_comeback_evidence_days = fields.Integer(
        "Evidence on Comebacks (Days)",
        default=3,
        help="Rule of the trade: so many days after the car came back we may still "
        "show that the fault is not ours. Afterwards it counts as ours.",
    )
    car_comeback_alarm_count = fields.Integer(
        "Alarm After Failed Repairs",
        default=2,
        help="The supervisors are told when a car comes back after so many repairs of "
        "one item have failed. Zero: nobody is told.",
    )

    _car_guarantee_positive = models.Constraint(
        "CHECK (car_guarantee_soon_days >= 0 AND car_guarantee_soon_km >= 0"
        " AND car_comeback_evidence_days >= 0 AND car_comeback_alarm_count >= 0)",
        "Days, kilometers and counts of guarantees are not negative.",
    )

    # === BUSINESS METHODS === #

    def _get_comeback_due_on(self, arrived_at):
        """Return the last day to show that a comeback is not our fault."""
        days = self.sudo().car_comeback_evidence_days  # Safe: a setting.
        return self._get_car_local_day(arrived_at) + timedelta(days=days)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_guarantee_labor_stays = fields.Boolean(
        related="company_id.car_guarantee_labor_stays", readonly=False
    )
    car_guarantee_soon_days = fields.Integer(
        related="company_id.car_guarantee_soon_days", readonly=False
    )
    car_guarantee_soon_km = fields.Integer(
        related="company_id.car_guarantee_soon_km", readonly=False
    )
    car_comeback_evidence_days = fields.Integer(
        related="company_id.car_comeback_evidence_days", readonly=False
    )
    car_comeback_alarm_count = fields.Integer(
        related="company_id.car_comeback_alarm_count", readonly=False
    )
