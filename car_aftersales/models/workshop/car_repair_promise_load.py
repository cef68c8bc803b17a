from datetime import timedelta

from odoo import api, fields, models

from .car_repair_order import CUSTOMER_DATA
from .car_repair_order_steps import CLOSED_JOBS
from .car_workshop_capacity import RUN_DAYS, SEARCH_DAYS

OPEN_STATES = ("reception", "estimate", "authorized", "in_workshop", "quality_check")


class CarRepairOrder(models.Model):
    """What is known of a promised time wherever it is typed.

    Worked out only where a form shows it: lists and boards do not ask for it.
    """

    _inherit = "car.repair.order"

    earliest_promise_at = fields.Datetime(
        "Possible From", compute="_compute_promise_load", groups=CUSTOMER_DATA
    )
    earliest_promise_text = fields.Char(
        "Why Not Earlier", compute="_compute_promise_load", groups=CUSTOMER_DATA
    )
    promise_load_text = fields.Char(
        "Load",
        compute="_compute_promise_load",
        groups=CUSTOMER_DATA,
        help="What the team has free until the promised time, and the last part.",
    )
    is_promise_early = fields.Boolean(
        "Promised Too Early", compute="_compute_promise_load", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "promised_at",
        "warehouse_id",
        "job_ids.team_id",
        "job_ids.state",
        "job_ids.line_ids.sold_hours",
        "job_ids.line_ids.product_id",
        "job_ids.line_ids.quantity",
    )
    def _compute_promise_load(self):
        for order in self:
            earliest, reason, load = False, False, False
            if order.state in OPEN_STATES and order.job_ids:
                earliest, reason = order._get_earliest_promise()
                reason = self.env._(
                    "Possible from %(time)s: %(reason)s",
                    time=order._spell(earliest),
                    reason=reason,
                )
                load = reason
                if order.promised_at:
                    load = order._get_promise_load_text(order.promised_at)
            order.earliest_promise_at = earliest
            order.earliest_promise_text = reason
            order.promise_load_text = load
            order.is_promise_early = order._is_promise_early(
                order.promised_at, earliest
            )

    # === BUSINESS METHODS === #

    @api.model
    def _is_promise_early(self, promised_at, earliest):
        """Tell whether a time is earlier than work and parts allow, to the minute."""
        if not promised_at or not earliest:
            return False
        return promised_at < earliest.replace(second=0, microsecond=0)

    def _get_promise_load_text(self, until):
        """Return in one line the free hours of the teams and the last part to come.

        :param until: the promised time.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        texts = []
        for team, hours in self._get_open_team_hours().items():
            if not hours:
                continue
            free = team._get_free_team_hours(now, until, without_orders=self)
            texts.append(
                self.env._(
                    "%(team)s: %(free).1f h free, %(hours).1f h needed",
                    team=team.name,
                    free=free,
                    hours=hours,
                )
            )
        parts_at, _reasons = self._get_parts_arrival()
        if parts_at:
            texts.append(
                self.env._("last part on %(time)s", time=self._spell(parts_at))
            )
        return "; ".join(texts)

    def _get_open_team_hours(self):
        """Return the hours still to work by team; jobs without one go to the first."""
        self.ensure_one()
        first = self.env["car.workshop.team"]
        hours = {}
        for job in self.job_ids:
            if job.state in ("done", *CLOSED_JOBS):
                continue
            team = job.team_id._origin
            if not team:
                team = first = first or self._get_site_teams()[:1]
            if team:
                hours[team] = hours.get(team, 0.0) + job.sold_hours
        return hours


class CarWorkshopTeam(models.Model):
    _inherit = "car.workshop.team"

    def _get_free_team_hours(self, begin, end, without_orders=None):
        """Return the hours that a team has free between two moments.

        :param without_orders: orders whose work does not count
        """
        self.ensure_one()
        end = min(end, begin + timedelta(days=SEARCH_DAYS + RUN_DAYS))
        if end <= begin:
            return 0.0
        # Safe: only hours and times come out of here.
        slots = without_orders.sudo().job_ids.slot_ids if without_orders else None
        capacities, _times = self._get_capacities(begin, end, slots)
        backlog = self._get_backlog_hours(without_orders)[self]
        return max(0.0, capacities[self].get_free_hours(begin, end) - backlog)


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    earliest_promise_text = fields.Char(
        related="order_id.earliest_promise_text", groups=CUSTOMER_DATA
    )
    promise_load_text = fields.Char(
        compute="_compute_promise_load", groups=CUSTOMER_DATA, string="Load"
    )
    is_promise_early = fields.Boolean(
        "Promised Too Early", compute="_compute_promise_load", groups=CUSTOMER_DATA
    )

    @api.depends("promised_at", "order_id", "kind")
    def _compute_promise_load(self):
        """Warn of the time that is about to be told."""
        for answer in self:
            order, load, is_early = answer.order_id, False, False
            if not answer._origin and answer.promised_at and answer.kind != "diagnosis":
                load = order._get_promise_load_text(answer.promised_at)
                is_early = order._is_promise_early(
                    answer.promised_at, order.earliest_promise_at
                )
            answer.promise_load_text = load
            answer.is_promise_early = is_early
