from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

NOTICE_ACTIVITY = "car_aftersales.mail_activity_ready_notice"
# The customer counts on the promise, and has not been told that he can come
AGREED_STATES = ("authorized", "in_workshop", "quality_check", "ready")


class CarRepairOrder(models.Model):
    """When the customer must hear of his car: that it is ready, or that it is late.

    Rule book of the workshop, 通知客户接车: an hour ahead of the promised time, four
    hours for work of two days and more; who is late tells it as early, with reason and
    apology. The hours are settings.
    """

    _inherit = "car.repair.order"

    notice_due_at = fields.Datetime(
        "Tell the Customer By",
        compute="_compute_notice_due_at",
        compute_sudo=True,
        help="By then the customer hears that his car is ready, or that it is late.",
    )
    is_notice_due = fields.Boolean(
        "Customer to Be Told",
        compute="_compute_notice_due_at",
        compute_sudo=True,
        search="_search_is_notice_due",
    )
    # One reminder for each time promised, however often the job runs
    notice_planned_for = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("promised_at", "received_at", "state", "ready_told_at", "company_id")
    def _compute_notice_due_at(self):
        now = fields.Datetime.now()
        for order in self:
            lead = order._get_notice_lead()
            order.notice_due_at = order.promised_at and order.promised_at - lead
            order.is_notice_due = (
                order._awaits_notice()
                and bool(order.notice_due_at)
                and order.notice_due_at <= now
            )

    def _search_is_notice_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The lead differs by order: of the cars that are here only, those are few.
        orders = self.search(self._get_notice_domain())
        return [("id", "in", orders.filtered("is_notice_due").ids)]

    # === CRUD METHODS === #

    def write(self, vals):
        told = bool(vals.get("ready_told_at") or vals.get("is_promise_told"))
        if "ready_told_at" in vals and not told:
            # What was told is void, so he must be told once more.
            vals = {**vals, "notice_planned_for": False}
        result = super().write(vals)
        if told:
            self._close_notice()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _cron_plan_notice(self):
        """Remind the advisors of customers who must hear of their cars now."""
        orders = self.search(self._get_notice_domain())
        orders = orders.filtered(
            lambda order: (
                order.is_notice_due
                and order.advisor_id
                and order.notice_planned_for != order.promised_at
            )
        )
        orders._plan_notice()
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(NOTICE_ACTIVITY).id),
                ("res_model", "=", self._name),
            ]
        )
        planned = self.browse(activities.mapped("res_id")).exists()
        planned.filtered(lambda order: not order._awaits_notice())._close_notice()

    def _get_notice_domain(self):
        """Return the orders whose customers wait for word, somewhat too many."""
        # Safe: a setting; the longest of all companies.
        companies = self.env["res.company"].sudo()
        leads = ["car_notice_hours:max", "car_notice_long_hours:max"]
        (longest,) = companies._read_group([], aggregates=leads)
        until = fields.Datetime.now() + timedelta(hours=max(longest))
        return Domain(
            [
                ("state", "in", AGREED_STATES),
                ("ready_told_at", "=", False),
                ("promised_at", "<=", until),
            ]
        )

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"notice_planned_for"}

    def _awaits_notice(self):
        """Tell whether the customer waits for word of his car."""
        self.ensure_one()
        return self.state in AGREED_STATES and not self.ready_told_at

    def _get_notice_lead(self):
        """Return how long before the promised time the customer is told."""
        self.ensure_one()
        company = self.company_id
        received, promised = self.received_at, self.promised_at
        is_long = (
            received
            and promised
            and promised - received >= timedelta(days=company.car_notice_long_days)
        )
        return timedelta(
            hours=company.car_notice_long_hours if is_long else company.car_notice_hours
        )

    def _plan_notice(self):
        """Plan an activity of the advisor for each order; remember for which time."""
        self._close_notice()
        kind = self.env.ref(NOTICE_ACTIVITY)
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": order.id,
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": order.company_id._get_car_local_day(
                        order.promised_at
                    ),
                    "summary": order._spell_notice(),
                    "user_id": order.advisor_id.id,
                }
                for order in self
            ]
        )
        for promised_at, orders in self.grouped("promised_at").items():
            orders.notice_planned_for = promised_at

    def _spell_notice(self):
        """Return in the advisor's language what he has to tell the customer."""
        self.ensure_one()
        own = self.with_context(lang=self.advisor_id.lang)
        zone = own.company_id._get_car_time_zone()
        time = format_datetime(own.env, own.promised_at, tz=zone, dt_format="short")
        if own.state == "ready":
            return own.env._("Ready: tell the customer before %(time)s", time=time)
        return own.env._(
            "Promised for %(time)s and not ready: tell the customer, with reason and "
            "apology",
            time=time,
        )

    def _close_notice(self):
        """Drop the reminders of orders whose customers have been told."""
        planned = self.filtered("notice_planned_for")
        if not planned:
            return
        # Safe: reminders of our own that the step has made needless.
        planned.sudo().activity_unlink([NOTICE_ACTIVITY])


class ResCompany(models.Model):
    _inherit = "res.company"

    car_notice_hours = fields.Float(
        "Tell the Customer Before (Hours)",
        default=1.0,
        help="So long before the promised time the customer hears of his car.",
    )
    car_notice_long_hours = fields.Float(
        "Tell the Customer Before, Long Work (Hours)", default=4.0
    )
    car_notice_long_days = fields.Integer(
        "Long Work From (Days)",
        default=2,
        help="Work that takes so many days from arrival to the promised time is long.",
    )

    _car_notice_positive = models.Constraint(
        "CHECK (car_notice_hours >= 0 AND car_notice_long_hours >= 0"
        " AND car_notice_long_days >= 1)",
        "No lead of a notice is negative, and long work takes a day at least.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_notice_hours = fields.Float(
        related="company_id.car_notice_hours", readonly=False
    )
    car_notice_long_hours = fields.Float(
        related="company_id.car_notice_long_hours", readonly=False
    )
    car_notice_long_days = fields.Integer(
        related="company_id.car_notice_long_days", readonly=False
    )
