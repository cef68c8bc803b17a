from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

from .car_repair_order import CUSTOMER_DATA
from .car_repair_order_steps import CLOSED_JOBS
from .car_workshop_capacity import RUN_DAYS, SEARCH_DAYS


class CarAppointment(models.Model):
    """The arrival: the appointment becomes a repair order."""

    _inherit = "car.appointment"

    # === BUSINESS METHODS === #

    def _create_order(self):
        """Make the order with jobs, lines, promise and time, as it was agreed."""
        self.ensure_one()
        self._ensure_slots()
        order = self.env["car.repair.order"].create(self._prepare_order_vals())
        jobs = order.job_ids.browse()
        weights = []
        for values, lines in self._prepare_jobs():
            job = lines[0]._create_job({"order_id": order.id, **values})
            jobs |= job
            weights.append(sum(line.hours for line in lines))
        jobs.filtered(
            lambda job: job.package_id and job.package_id not in job.line_ids.package_id
        ).action_apply_package()
        self._get_own_slots()._hand_over(jobs, weights)
        self._link_purchases(order)
        self._link_parts(order)
        # Safe: the link to the order just made.
        self.sudo().with_context(car_booking=True).write({"order_id": order.id})
        return order

    def _ensure_slots(self):
        """Find new time for somebody whose time was given away when he was late."""
        if self._get_own_slots() or not self.team_id:
            return
        times = self.team_id._find_free(
            self.planned_hours, skill=self.skill_id, limit=1
        )
        if times:
            table = self.team_id._get_presence(
                times[0]["start"], times[0]["stop"] + timedelta(minutes=1)
            )[0]
            pieces = [
                (max(begin, times[0]["start"]), min(end, times[0]["stop"]))
                for begin, end in table[self.team_id]
                if begin < times[0]["stop"]
            ]
            self.env["car.workshop.slot"]._occupy(
                [(self._prepare_slot_vals(times[0]["bay"]), pieces)]
            )
            self.invalidate_recordset(["slot_ids"])

    def _prepare_order_vals(self):
        """Return values of the order made at arrival. Extend to add fields."""
        stops = self._get_own_slots().mapped("stop")
        promise = max(stops) if stops else fields.Datetime.now()
        vals = {
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "vehicle_id": self.vehicle_id.id,
            "partner_id": self.partner_id.id,
            "note": self.note,
            "promised_at": self.team_id._add_margin(promise),
        }
        if self.type_id:
            vals["type_id"] = self.type_id.id
        return vals

    def _prepare_jobs(self):
        """Return a list of (values of a job, the requests it comes from).

        A package, an operation or words are a job each; a part or fee goes with the
        request before it.
        """
        jobs = []
        for line in self.line_ids:
            product = line.product_id
            item = []
            if product:
                item = [
                    Command.create(
                        {"product_id": product.id, "quantity": line.quantity}
                    )
                ]
            if jobs and product and product.car_item_kind != "labor":
                jobs[-1][0]["line_ids"] += item
                jobs[-1][1].append(line)
                continue
            values = {
                "name": line.title,
                "package_id": line.package_id.id,
                "system_id": (line.package_id.system_id or product.car_system_id).id,
                "team_id": self.team_id.id,
                "technician_ids": [Command.set(self.technician_id.ids)],
                "line_ids": item,
            }
            if line.package_id or product:
                values.update(estimate_method="item", item_reason="ordered")
            jobs.append((values, [line]))
        return jobs

    def _link_purchases(self, order):
        """Let the order's lines know what was bought for the appointment."""
        # Safe: our own purchase lines, after the arrival was checked.
        purchases = self.sudo().part_ids.purchase_line_ids
        by_product = order.line_ids.grouped("product_id")
        for purchase in purchases:
            lines = by_product.get(purchase.product_id)
            if lines and not purchase.car_repair_line_id:
                purchase.car_repair_line_id = lines[:1]


class CarAppointmentLine(models.Model):
    _inherit = "car.appointment.line"

    def _create_job(self, values):
        """Make the job of a request. Extend where it has been worked out before."""
        return self.env["car.repair.job"].create(values)


class CarWorkshopTeam(models.Model):
    _inherit = "car.workshop.team"

    def _add_margin(self, moment):
        """Return a moment plus the margin of a promise, in working hours.

        An empty team stands for the current company.
        """
        company = (self.company_id or self.env.company).sudo()  # Safe: a setting.
        calendar = company.resource_calendar_id
        if self:
            calendar = self._get_working_calendar()
        return calendar.plan_hours(
            company.car_promise_margin_hours, moment, compute_leaves=True
        ) or moment + timedelta(hours=company.car_promise_margin_hours)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    appointment_ids = fields.One2many(
        "car.appointment", "order_id", "Appointments", groups=CUSTOMER_DATA
    )

    # === BUSINESS METHODS === #

    def _get_earliest_promise(self):
        """Return when the car can be promised at the earliest, and why.

        Load of the team, then the parts, then a margin. What has a slot is done when
        the slot ends; other work follows what is in the workshop already.

        :return: (moment, text)
        """
        self.ensure_one()
        now = fields.Datetime.now()
        parts_at, reasons = self._get_parts_arrival()
        jobs = self.job_ids.filtered(lambda job: job.state not in CLOSED_JOBS)
        finished = [max(now, parts_at or now)]
        # Safe: only hours and times come out of here.
        covered = jobs.sudo()._get_covered_hours()
        stops = [stop for stop in jobs.sudo().slot_ids.mapped("stop") if stop > now]
        finished += stops
        hours = {}
        for job in jobs:
            open_hours = max(0.0, job.sold_hours - covered.get(job, 0.0))
            if job.state not in ("done", "passed") and open_hours:
                hours[job.team_id] = hours.get(job.team_id, 0.0) + open_hours
        for team, amount in hours.items():
            moment, reason = self._get_work_end(team, amount, parts_at)
            finished.append(moment)
            reasons.append(reason)
        end = max(finished)
        if stops:
            reasons.append(
                self.env._("booked until %(time)s", time=self._spell(max(stops)))
            )
        margin = self.company_id.sudo().car_promise_margin_hours  # Safe: a setting.
        team = jobs.team_id[:1] or self._get_site_teams()[:1]
        promise = team.with_company(self.company_id)._add_margin(end)
        reasons.append(self.env._("margin %(hours).1f h", hours=margin))
        return promise, "; ".join(reasons)

    def _get_site_teams(self):
        return self.env["car.workshop.team"].search(
            [("warehouse_id", "=", self.warehouse_id.id)]
        )

    def _get_work_end(self, team, hours, parts_at):
        """Return when a team has done the work, and how that comes about.

        :param team: empty for whichever team of the site is done first
        """
        now = fields.Datetime.now()
        teams = team or self._get_site_teams()
        horizon = now + timedelta(days=SEARCH_DAYS + RUN_DAYS)
        capacities, _times = teams._get_capacities(now, horizon)
        backlog = teams._get_backlog_hours(without_orders=self)
        ends = []
        for one in teams:
            free_at = capacities[one].find_moment(now, backlog[one]) or horizon
            begin = max(free_at, parts_at or now)
            end = capacities[one].find_moment(begin, hours, pace=1) or horizon
            ends.append((end, one.sequence, one, backlog[one], free_at))
        if not ends:
            end = self.company_id.resource_calendar_id.plan_hours(
                hours, max(now, parts_at or now), compute_leaves=True
            )
            return end, self.env._("%(hours).1f h of work", hours=hours)
        end, _sequence, one, load, free_at = min(ends, key=lambda item: item[:2])
        figures = {"team": one.name, "time": self._spell(free_at), "hours": hours}
        if load < 0.05:  # would show as 0.0
            return end, self.env._(
                "%(team)s is free from %(time)s; %(hours).1f h of work", **figures
            )
        return end, self.env._(
            "%(team)s has %(load).1f h of other work, free from %(time)s; "
            "%(hours).1f h of work",
            load=load,
            **figures,
        )

    def _get_parts_arrival(self):
        """Return when the last part is there, and texts naming those that are late.

        Ordered parts come when they are expected, parts nobody ordered yet after the
        lead time of their vendor.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        lines = self.line_ids.filtered(
            lambda line: line.is_stocked and line.job_id.state not in CLOSED_JOBS
        )
        arrivals = {}
        lines = lines.sudo()  # Safe: quantities and dates only.
        short = lines._filter_not_on_shelf()
        for line in lines:
            if line.parts_state in ("ready", "issued"):
                continue
            if line.expected_at:
                arrivals[line] = line.expected_at
            elif line.parts_state == "to_order" or line in short:
                delays = line.product_id.seller_ids.mapped("delay")
                days = min(delays, default=0)
                arrivals[line] = now + timedelta(days=days)
        late = {line: moment for line, moment in arrivals.items() if moment > now}
        reasons = [
            self.env._(
                "%(part)s expected %(time)s", part=line.name, time=self._spell(moment)
            )
            for line, moment in late.items()
        ]
        return max(late.values(), default=False), reasons

    def _spell(self, moment):
        """Return a moment as the clock of the workshop shows it."""
        appointment = self.env["car.appointment"].new(
            {
                "company_id": self.company_id.id,
                "team_id": (self.job_ids.team_id or self._get_site_teams())[:1].id,
            }
        )
        return appointment._spell_time(moment)


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _filter_not_on_shelf(self):
        """Return the parts of one site that are not in stock in that quantity."""
        site = self.order_id.warehouse_id
        products = self.product_id.with_context(warehouse_id=site.id)
        free = {product: product.free_qty for product in products}
        return self.filtered(
            lambda line: (
                line.product_id.is_storable
                and line.product_uom_id.compare(
                    line.product_id.uom_id._compute_quantity(
                        free[line.product_id], line.product_uom_id
                    ),
                    line.quantity,
                )
                < 0
            )
        )
