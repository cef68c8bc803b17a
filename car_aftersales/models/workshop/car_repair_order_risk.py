from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate

import pytz

from odoo import api, fields, models

from ...tools.capacity import HOUR

# Until then a promise can be in danger, and how far ahead working hours are counted
WORKING_STATES = ("reception", "estimate", "authorized", "in_workshop", "quality_check")
UNFINISHED = ("draft", "estimated", "authorized", "in_progress")
HORIZON_DAYS = 30


class CarRepairOrder(models.Model):
    """Whether the promised time can still be kept: told before it is broken."""

    _inherit = "car.repair.order"

    is_at_risk = fields.Boolean(
        "At Risk",
        compute="_compute_risk",
        search="_search_is_at_risk",
        compute_sudo=True,
        help="The hours of work that remain exceed the working hours until the "
        "promised time.",
    )
    remaining_hours = fields.Float(compute="_compute_risk", compute_sudo=True)
    hours_to_promise = fields.Float(
        "Working Hours to the Promise", compute="_compute_risk", compute_sudo=True
    )
    risk_text = fields.Char("Why at Risk", compute="_compute_risk", compute_sudo=True)
    # === COMPUTE METHODS === #

    @api.depends("promised_at", "state", "job_ids.state", "line_ids.sold_hours")
    def _compute_risk(self):
        """Compare the work that remains with the time that remains, in one pass."""
        sites = self.warehouse_id._get_workshop_calendars()
        facts = {
            order._origin.id: (
                order.state,
                order.promised_at,
                (order._get_team_calendar() or sites[order.warehouse_id]).id,
            )
            for order in self
            if order._origin
        }
        jobs = self._origin.job_ids.filtered(lambda job: job.state in UNFINISHED)
        risks = self._find_risks(facts, jobs)
        for order in self:
            figures = risks.get(order._origin.id, (False, 0.0, 0.0))
            order.is_at_risk, order.remaining_hours, order.hours_to_promise = figures
            order.risk_text = order.is_at_risk and self.env._(
                "%(work).1f h of work are left, and %(time).1f working hours until the "
                "promised time.",
                work=order.remaining_hours,
                time=order.hours_to_promise,
            )

    def _search_is_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Work is compared with calendars: of the open orders only, those are few.
        orders = self.search(
            [
                ("state", "in", WORKING_STATES),
                ("promised_at", ">", fields.Datetime.now()),
            ]
        )
        return [("id", "in", orders.filtered("is_at_risk").ids)]

    # === BUSINESS METHODS === #

    def _get_team_calendar(self):
        """Return the working hours of the first team with work left, if one has it."""
        self.ensure_one()
        jobs = self._origin.job_ids.filtered(
            lambda job: job.state in UNFINISHED and job.team_id
        )
        first = jobs.sorted(lambda job: (job.sequence, job.id))[:1]
        return first.team_id.resource_calendar_id

    @api.model
    def _find_risks(self, facts, jobs):
        """Return of which orders the work does not fit before the promise any more.

        What is late already, or finished, is not at risk.

        :param facts: {order id: (state, promised moment, id of the calendar)}
        :param jobs: the unfinished jobs of these orders
        :return: {order id: (is at risk, hours of work left, working hours left)}
        """
        now = fields.Datetime.now()
        hours = dict.fromkeys(facts, 0.0)
        for job, remaining in jobs._get_remaining_hours().items():
            hours[job.order_id.id] += remaining
        coming = {
            order_id: (promised_at, calendar_id)
            for order_id, (state, promised_at, calendar_id) in facts.items()
            if state in WORKING_STATES and promised_at and promised_at > now
        }
        clocks = self._get_working_clocks(coming.values())
        risks = {}
        for order_id, amount in hours.items():
            left = 0.0
            if order_id in coming:
                promised_at, calendar_id = coming[order_id]
                left = clocks[calendar_id](promised_at)
            is_at_risk = order_id in coming and amount > left + 1e-6
            risks[order_id] = (is_at_risk, amount, left)
        return risks

    @api.model
    def _get_working_clocks(self, promises):
        """Return for each calendar what counts its working hours from now to a moment.

        Hours further ahead than the horizon are not counted. The queries grow with the
        calendars, never with the promises.

        :param promises: collection of (promised moment, id of the calendar)
        """
        now = fields.Datetime.now()
        end = min(
            max((moment for moment, _calendar in promises), default=now),
            now + timedelta(days=HORIZON_DAYS),
        )
        ids = {calendar_id for _moment, calendar_id in promises}
        # Safe: working hours only.
        calendars = self.env["resource.calendar"].sudo().browse(filter(None, ids))
        if len(calendars) > 1:  # what each asks for, for all at once
            attendances = calendars.env["resource.calendar.attendance"]
            attendances.search_fetch(
                [("calendar_id", "in", calendars.ids)],
                [name for name, field in attendances._fields.items() if field.prefetch],
            )
        clocks = {
            calendar.id: self._get_working_clock(calendar, now, end)
            for calendar in calendars
        }
        clocks[False] = clocks[None] = lambda moment: (moment - now) / HOUR
        return clocks

    def _get_working_clock(self, calendar, start, end):
        bounds = [pytz.utc.localize(moment) for moment in (start, end)]
        zone = pytz.timezone(calendar.tz or "UTC")
        pieces = self.env["car.workshop.team"]._get_naive(
            calendar._work_intervals_batch(*bounds, tz=zone)[False]
        )
        openings = [opening for opening, _closing in pieces]
        sums = [0.0]
        sums += accumulate((closing - opening) / HOUR for opening, closing in pieces)

        def count(moment):
            index = bisect_right(openings, moment)
            if not index:
                return 0.0
            opening, closing = pieces[index - 1]
            return sums[index - 1] + (min(moment, closing) - opening) / HOUR

        return count


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === BUSINESS METHODS === #

    def _get_remaining_hours(self):
        """Map each job to the hours of work that remain: sold minus clocked.

        Planned are the hours sold, without what was declined and without plans that
        do not count. Where nobody clocks, work under way counts in full until it is
        finished: the workshop is warned too early rather than too late.
        """
        jobs = self.filtered(
            lambda job: job.state in UNFINISHED and not job._is_second_plan()
        )
        hours = dict(
            self.env["car.repair.line"]._read_group(
                [
                    ("job_id", "in", jobs.ids),
                    ("authorization_state", "!=", "declined"),
                ],
                ["job_id"],
                ["sold_hours:sum"],
            )
        )
        return {job: max(hours.get(job, 0.0) - job.clocked_hours, 0.0) for job in self}
