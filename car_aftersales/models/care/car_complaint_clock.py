from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100
# Before the first reply, and before the answer
UNREPLIED = ("received", "classified")
UNANSWERED = ("received", "classified", "replied", "handling")


class CarComplaint(models.Model):
    """Deadlines of a complaint: for the first reply and for the answer (R-146).

    What nobody answered in time goes to the business supervisor, once.
    """

    _inherit = "car.complaint"

    clock_from = fields.Datetime(
        "Clock Runs Since",
        readonly=True,
        copy=False,
        help="Since when the answer is waited for: received, or taken up again.",
    )
    reply_due_at = fields.Datetime(
        "First Reply Until",
        compute="_compute_reply_due_at",
        store=True,
        precompute=True,
    )
    solve_due_on = fields.Date(
        "Answer Until",
        compute="_compute_solve_due_on",
        store=True,
        precompute=True,
        tracking=True,
    )
    replied_at = fields.Datetime("First Reply On", readonly=True, copy=False)
    replied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    response_hours = fields.Float(
        "Response Time (h)",
        compute="_compute_reply",
        store=True,
        aggregator="avg",
        help="Hours of the clock from receipt to the first reply.",
    )
    is_replied_late = fields.Boolean(
        "First Reply Late", compute="_compute_reply", store=True
    )
    is_answered_late = fields.Boolean(
        "Answer Late", compute="_compute_is_answered_late", store=True
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="A deadline has passed and the customer still waits.",
    )
    escalation_question = fields.Text(
        "Asked of the Supervisor", help="What he is asked to decide."
    )
    escalated_at = fields.Datetime("Reported On", readonly=True, copy=False)
    is_escalated_by_time = fields.Boolean(
        "Reported Because Time Was Up", readonly=True, copy=False
    )
    supervisor_id = fields.Many2one(
        "res.users", "Reported To", readonly=True, copy=False, index="btree_not_null"
    )

    _reply_due = models.Index(
        "(reply_due_at) WHERE state IN ('received', 'classified')"
    )
    _solve_due = models.Index(
        "(solve_due_on)"
        " WHERE state IN ('received', 'classified', 'replied', 'handling')"
    )

    # === COMPUTE METHODS === #

    @api.depends("received_at", "severity", "company_id")
    def _compute_reply_due_at(self):
        for complaint in self:
            company = (complaint.company_id or self.env.company).sudo()
            # Safe: settings.
            hours = company[f"car_complaint_reply_hours_{complaint.severity}"]
            complaint.reply_due_at = company._add_car_hours(
                complaint.received_at, hours
            )

    @api.depends("received_at", "clock_from", "severity", "company_id")
    def _compute_solve_due_on(self):
        for complaint in self:
            company = (complaint.company_id or self.env.company).sudo()
            # Safe: settings.
            days = company[f"car_complaint_solve_days_{complaint.severity}"]
            start = complaint.clock_from or complaint.received_at
            complaint.solve_due_on = company._add_car_days(
                company._get_car_local_day(start), days
            )

    @api.depends("received_at", "replied_at", "reply_due_at")
    def _compute_reply(self):
        for complaint in self:
            replied = complaint.replied_at
            waited = replied - complaint.received_at if replied else timedelta()
            complaint.response_hours = waited.total_seconds() / 3600
            complaint.is_replied_late = bool(
                replied and replied > complaint.reply_due_at
            )

    @api.depends("answered_at", "solve_due_on")
    def _compute_is_answered_late(self):
        for complaint in self:
            complaint.is_answered_late = bool(
                complaint.answered_at
                and complaint.company_id._get_car_local_day(complaint.answered_at)
                > complaint.solve_due_on
            )

    @api.depends("state", "replied_at", "reply_due_at", "solve_due_on")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for complaint in self:
            today = (complaint.company_id or self.env.company)._get_car_today()
            unreplied = complaint.state in UNREPLIED and not complaint.replied_at
            no_reply = unreplied and complaint.reply_due_at < now
            no_answer = complaint.state in UNANSWERED and (
                complaint.solve_due_on and complaint.solve_due_on < today
            )
            complaint.is_late = bool(no_reply or no_answer)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_late_domain(self.env.company)

    # === ACTION METHODS === #

    def action_escalate(self, question=None):
        """Report it to the business supervisor, with a question."""
        if not question:
            return self._get_reason_action(
                "escalate", self.env._("Report to the Supervisor")
            )
        self._require_handler()
        if ended := self.filtered(lambda complaint: complaint.state not in UNANSWERED):
            ended._raise_missing(self.env._("it is answered already"))
        self.write({"escalation_question": question})
        self._escalate()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _get_late_domain(self, company):
        """Return what is late now, by the clock of a company."""
        unreplied = Domain("state", "in", UNREPLIED) & Domain("replied_at", "=", False)
        return (
            unreplied & Domain("reply_due_at", "<", fields.Datetime.now())
        ) | Domain("state", "in", UNANSWERED) & Domain(
            "solve_due_on", "<", company._get_car_today()
        )

    def _escalate(self, by_time=False):
        """Put complaints before the supervisor of their company."""
        for company, complaints in self.grouped("company_id").items():
            supervisor = company._get_car_supervisor()
            # Safe: the moment, and whom it goes to.
            complaints.sudo().write(
                {
                    "escalated_at": fields.Datetime.now(),
                    "is_escalated_by_time": by_time,
                    "supervisor_id": supervisor.id,
                }
            )
            for complaint in complaints.sudo() if supervisor else ():
                complaint.message_notify(
                    partner_ids=supervisor.partner_id.ids,
                    subject=self.env._("A complaint waits for a decision"),
                    body=complaint.escalation_question or complaint.text,
                )

    @api.model
    def _cron_escalate(self):
        """Report to the supervisor what is late; nobody is told twice."""
        companies = self.env["res.company"].search([("id", "!=", False)])
        domain = Domain("escalated_at", "=", False) & Domain.OR(
            [
                Domain("company_id", "=", company.id) & self._get_late_domain(company)
                for company in companies
            ]
        )
        complaints = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        complaints._escalate(by_time=True)
        self.env["ir.cron"]._commit_progress(
            len(complaints), remaining=self.search_count(domain)
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    # === BUSINESS METHODS === #

    def _add_car_hours(self, moment, hours):
        """Return the moment so many hours later, counted as the company counts.

        Where it counts working days, the hours of other days do not count.
        """
        self.ensure_one()
        if not self.car_days_are_working_days or not hours:
            return moment + timedelta(hours=hours)
        left = timedelta(hours=hours)
        first = self._get_car_local_day(moment)
        farthest = first + timedelta(days=int(hours / 8) + 30)
        for day in self._get_car_working_days(first, farthest):
            start = max(moment, self._get_car_midnight(day))
            end = self._get_car_midnight(day + timedelta(days=1))
            if end - start >= left:
                return start + left
            left -= end - start
        return moment + timedelta(hours=hours)
