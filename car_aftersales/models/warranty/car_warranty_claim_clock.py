from odoo import api, fields, models
from odoo.fields import Domain

from .car_warranty_claim import OPEN, SENT

NEAR_DAYS = 7


class CarWarrantyClaim(models.Model):
    """What is late of a claim, by the day of its own company; reminders of it."""

    _inherit = "car.warranty.claim"

    is_deadline_near = fields.Boolean(
        "Deadline within a Week",
        compute="_compute_is_late",
        search="_search_is_deadline_near",
    )
    is_deadline_missed = fields.Boolean(
        "Deadline Missed",
        compute="_compute_is_late",
        search="_search_is_deadline_missed",
        help="The maker's last day has passed, and it was not sent.",
    )
    is_answer_late = fields.Boolean(
        "Answer Overdue",
        compute="_compute_is_late",
        search="_search_is_answer_late",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "deadline", "answer_due_on")
    def _compute_is_late(self):
        today = {company: company._get_car_today() for company in self.company_id}
        for claim in self:
            day = today.get(claim.company_id)
            left = (
                (claim.deadline - day).days
                if claim.state in OPEN and claim.deadline and day
                else None
            )
            claim.is_deadline_near = left is not None and left <= NEAR_DAYS
            claim.is_deadline_missed = left is not None and left < 0
            claim.is_answer_late = bool(
                claim.state in SENT
                and claim.answer_due_on
                and day
                and claim.answer_due_on < day
            )

    @api.model
    def _search_is_deadline_near(self, operator, value):
        return self._search_by_day(operator, value, OPEN, "deadline", "<=", NEAR_DAYS)

    @api.model
    def _search_is_deadline_missed(self, operator, value):
        return self._search_by_day(operator, value, OPEN, "deadline", "<")

    @api.model
    def _search_is_answer_late(self, operator, value):
        return self._search_by_day(operator, value, SENT, "answer_due_on", "<")

    # === BUSINESS METHODS === #

    @api.model
    def _search_by_day(self, operator, value, states, name, compare, days=0):
        """Find claims in these states whose day compares so where they belong."""
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        domain = self.env["res.company"]._get_car_day_domain(name, compare, days)
        return Domain("state", "in", states) & domain

    # === REMINDERS === #

    def _close_activities(self):
        # Safe: reminders of our own that the step has made needless.
        self.sudo().activity_unlink(
            [
                "car_aftersales.mail_activity_claim_deadline",
                "car_aftersales.mail_activity_claim_answer",
                "car_aftersales.mail_activity_claim_settle",
            ]
        )

    @api.model
    def _cron_remind(self):
        """Remind the clerks of deadlines and of makers who do not answer."""
        claims = self.search([("state", "in", OPEN), ("deadline", "!=", False)])
        today = {company: company._get_car_today() for company in claims.company_id}
        near = claims.filtered(
            lambda claim: (
                (claim.deadline - today[claim.company_id]).days
                <= claim.maker_id.claim_warn_days
            )
        )
        near._remind("car_aftersales.mail_activity_claim_deadline", "deadline")
        waiting = self.search([("is_answer_late", "=", True)])
        waiting._remind("car_aftersales.mail_activity_claim_answer", "answer_due_on")

    def _remind(self, xmlid, day_field):
        """Plan an activity of a kind for the clerks, where there is none."""
        kind = self.env.ref(xmlid)
        activities = self.env["mail.activity"]
        reminded = activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        ).mapped("res_id")
        model_id = self.env["ir.model"]._get_id(self._name)
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": claim.id,
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": claim[day_field],
                    "summary": kind.with_context(
                        lang=(claim.user_id or claim.maker_id.clerk_id).lang
                    ).summary,
                    "user_id": (claim.user_id or claim.maker_id.clerk_id).id,
                }
                for claim in self
                if claim.id not in set(reminded)
            ]
        )
