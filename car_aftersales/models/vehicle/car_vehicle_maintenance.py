from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

# Nobody plans further than this; it also keeps dates within the calendar.
FARTHEST_DAYS = 3650
REFRESH_BATCH = 1000


class CarVehicle(models.Model):
    """The services a vehicle needs: what its plan asks less what was done."""

    _inherit = "car.vehicle"

    # service
    plan_id = fields.Many2one(
        "car.maintenance.plan",
        "Maintenance Plan",
        compute="_compute_plan_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    service_record_ids = fields.One2many(
        "car.maintenance.record", "vehicle_id", "Services Done"
    )
    next_service_date = fields.Date(compute="_compute_next_service", store=True)
    next_service_km = fields.Integer(
        "Next Service (km)",
        compute="_compute_next_service",
        store=True,
        aggregator=None,
    )
    next_service_due_date = fields.Date(
        "Service Due",
        compute="_compute_next_service",
        store=True,
        index="btree_not_null",
        help="The earlier of the next service's date and the day its kilometers are "
        "expected to be reached.",
    )
    service_schedule = fields.Html(compute="_compute_service_schedule", sanitize=False)
    is_service_stale = fields.Boolean("Service to Be Planned Anew", copy=False)

    _service_stale = models.Index("(id) WHERE is_service_stale")

    # === COMPUTE METHODS === #

    @api.depends("model_id")
    def _compute_plan_id(self):
        for vehicle in self:
            vehicle.plan_id = vehicle.model_id.plan_id

    @api.depends(
        "plan_id",
        "first_registration_date",
        "purchase_date",
        "odometer_km",
        "odometer_at",
        "odometer_offset_km",
        "km_per_day",
        "service_record_ids.active",
        "service_record_ids.date",
        "service_record_ids.odometer_km",
        "service_record_ids.package_ids",
    )
    def _compute_next_service(self):
        """Plan the next service from stored facts only.

        Nothing here depends on today: a phase is judged at the day the car was last
        seen, and expected kilometers count from the last reading. So no job has to
        pass over all vehicles every night.
        """
        for vehicle, services in self._get_service_schedule().items():
            dates = [service["date"] for service in services if service["date"]]
            kms = [service["km"] for service in services if service["km"] is not None]
            dues = [service["due_date"] for service in services if service["due_date"]]
            vehicle.next_service_date = min(dates, default=False)
            vehicle.next_service_km = min(kms, default=0)
            vehicle.next_service_due_date = min(dues, default=False)

    def _compute_service_schedule(self):
        """Show what the plan asks for as a table."""
        for vehicle, services in self._get_service_schedule().items():
            rows = [vehicle._prepare_schedule_row(service) for service in services]
            vehicle.service_schedule = self.env["ir.qweb"]._render(
                "car_aftersales.car_vehicle_service_schedule", {"services": rows}
            )

    # === ACTION METHODS === #

    def action_record_service_elsewhere(self):
        """Enter a service that another workshop did."""
        action = self._open_of_vehicle(
            "car_aftersales.car_maintenance_record_action_elsewhere"
        )
        action["context"]["default_is_elsewhere"] = True
        return action

    # === BUSINESS METHODS === #

    def _record_service(self, packages, date, odometer_km, source=None, **values):
        """Write down that packages were done; only their plan lines start anew.

        :param packages: the ``car.repair.package`` that were done.
        :param source: the document they were done on.
        :return: the new ``car.maintenance.record``, empty without packages.
        """
        self.ensure_one()
        records = self.env["car.maintenance.record"]
        if not packages:
            return records
        if source:
            values.update(self._prepare_source_vals(source))
        return records.create(
            {
                "vehicle_id": self.id,
                "date": date,
                "odometer_km": odometer_km,
                "package_ids": [fields.Command.set(packages.ids)],
                **values,
            }
        )

    def _get_due_packages(self, date=None, odometer_km=None):
        """Return the packages that are due on a day or at an odometer value."""
        self.ensure_one()
        date = date or fields.Date.context_today(self)
        odometer_km = odometer_km or self.odometer_km
        packages = self.env["car.repair.package"]
        for service in self._get_service_schedule()[self]:
            km = service["km"]
            is_reached = km is not None and odometer_km >= km
            if is_reached or (service["due_date"] and service["due_date"] <= date):
                packages |= service["line"].package_id
        return packages

    def _get_service_schedule(self):
        """Return for each vehicle what its plan asks for, in the order of the plan.

        :return: a dictionary of lists of services with ``line``, ``last_date``,
            ``last_km``, ``date``, ``km`` (as the odometer will show) and ``due_date``,
            which is the earlier of the date and the day the km are expected.
        """
        history_by_vehicle = self._get_service_history()
        schedule = {}
        for vehicle in self:
            history = history_by_vehicle[vehicle]
            services = schedule[vehicle] = []
            for line in vehicle.plan_id.line_ids:
                date, total_km = line._get_next_service(history)
                expected = vehicle._get_expected_date(total_km)
                last = history["last"].get(line.package_id.id, (False, 0))
                offset_km = vehicle.odometer_offset_km
                services.append(
                    {
                        "line": line,
                        "last_date": last[0],
                        "last_km": last[1] and last[1] - offset_km,
                        "date": date,
                        "km": None if total_km is None else total_km - offset_km,
                        "due_date": min(filter(None, [date, expected]), default=False),
                    }
                )
        return schedule

    def _get_service_history(self):
        """Return what the plan lines need to know of each vehicle.

        :return: a dictionary with ``start_date`` of the car's life, ``known_date`` and
            ``known_km`` since when we know it, ``seen_date`` and ``seen_km`` when it
            was last seen, and ``last``: day and km by package. Kilometers are totals.
        """
        history_by_vehicle = {}
        for vehicle in self:
            run = vehicle._get_run()
            created = vehicle.create_date or fields.Datetime.now()
            last = defaultdict(lambda: (None, 0))
            for record in vehicle.service_record_ids.sorted("date"):
                before = [
                    (reading, km)
                    for reading, km in run
                    if reading.read_at.date() <= record.date
                ]
                offset_km = before[-1][1] - before[-1][0].odometer_km if before else 0
                for package in record.package_ids:
                    last[package.id] = (record.date, record.odometer_km + offset_km)
            seen = [run[-1][0].read_at.date()] if run else []
            seen += vehicle.service_record_ids.mapped("date")
            history_by_vehicle[vehicle] = {
                "start_date": vehicle.first_registration_date or vehicle.purchase_date,
                "known_date": (run[0][0].read_at if run else created).date(),
                "known_km": run[0][1] if run else 0,
                "seen_date": max(seen, default=None),
                "seen_km": run[-1][1] if run else 0,
                "last": dict(last),
            }
        return history_by_vehicle

    def _get_expected_date(self, total_km):
        """Return the day on which the total km are expected to be reached, or None."""
        self.ensure_one()
        if total_km is None or not self.odometer_at:
            return None
        last_read = self.odometer_at.date()
        missing_km = total_km - self.odometer_km - self.odometer_offset_km
        if missing_km <= 0:
            return last_read
        if not self.km_per_day:
            return None
        return last_read + timedelta(
            days=min(round(missing_km / self.km_per_day), FARTHEST_DAYS)
        )

    def _prepare_schedule_row(self, service):
        """Return one service of the schedule as texts in the user's format."""
        line, due = service["line"], service["due_date"]
        phases = dict(line._fields["phase"]._description_selection(self.env))

        def show_km(km):
            return formatLang(self.env, km, digits=0) if km else ""

        def show_date(date):
            return format_date(self.env, date) if date else ""

        return {
            "package": line.package_id.name,
            "phase": phases[line.phase],
            "last_date": show_date(service["last_date"]),
            "last_km": show_km(service["last_km"]),
            "date": show_date(service["date"]),
            "km": show_km(service["km"]),
            "due_date": show_date(due),
            "is_overdue": due and due < fields.Date.context_today(self),
            "is_over": not service["date"] and service["km"] is None,
        }

    def _plan_next_service(self):
        """Compute the next service anew after the plan itself has changed."""
        for name in ("next_service_date", "next_service_km", "next_service_due_date"):
            self.env.add_to_compute(self._fields[name], self)
        self._recompute_recordset()

    @api.model
    def _cron_refresh_service(self):
        """Plan the services of vehicles whose plan has changed, batch by batch."""
        domain = [("is_service_stale", "=", True)]
        everyone = self.with_context(active_test=False)
        vehicles = everyone.search(domain, limit=REFRESH_BATCH)
        vehicles = vehicles.try_lock_for_update()
        vehicles._plan_next_service()
        vehicles.write({"is_service_stale": False})
        self.env["ir.cron"]._commit_progress(
            len(vehicles), remaining=everyone.search_count(domain)
        )
