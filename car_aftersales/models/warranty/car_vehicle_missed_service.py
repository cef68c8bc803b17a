from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class CarVehicle(models.Model):
    """Whether the services that a warranty depends on were done in time."""

    _inherit = "car.vehicle"

    # === BUSINESS METHODS === #

    @api.model
    def _get_missed_services(self, intakes_by_coverage):
        """Return the first service that was missed before a car was taken in.

        A service is missed when it was done later than the policy tolerates, or is not
        done and overdue by more than that. Services done elsewhere count once they are
        entered. A car without a plan misses none. Any number of cars takes as many
        queries as one.

        :param intakes_by_coverage: dict of coverage to pairs of day and odometer.
        :return: dict of (coverage, day, odometer) to line of the plan, due day and due
            km as the odometer shows it.
        """
        asking = [
            coverage
            for coverage in intakes_by_coverage
            if coverage.policy_id.requires_service
            or any(
                component.service_rule == "required"
                for component in coverage.policy_id.component_ids
            )
        ]
        vehicles = self.concat(*(coverage.vehicle_id for coverage in asking))
        vehicles = self.browse(dict.fromkeys(vehicles.ids)).sudo()
        done = vehicles._get_services_done()
        missed = {}
        for coverage in asking:
            for day, odometer_km in intakes_by_coverage[coverage]:
                offset = coverage.vehicle_id.odometer_offset_km
                service = coverage._find_missed_service(
                    done[coverage.vehicle_id], day, odometer_km + offset
                )
                if service:
                    line, date, km = service
                    shown = None if km is None else km - offset
                    missed[coverage, day, odometer_km] = (line, date, shown)
        return missed

    def _get_services_done(self):
        """Return day and total km of each service, by car and package, oldest first.

        Only the services of the cars' plans are read.
        """
        done = defaultdict(lambda: defaultdict(list))
        planned = self.filtered(lambda vehicle: vehicle.plan_id.line_ids)
        if not planned:
            return done
        records = self.env["car.maintenance.record"].search(
            [("vehicle_id", "in", planned.ids)], order="date, id"
        )
        for record in records:
            vehicle = record.vehicle_id
            km = record.odometer_km + vehicle._get_offset_on(record.date)
            for package in record.package_ids:
                done[vehicle][package.id].append((record.date, km))
        return done

    def _get_offset_on(self, day):
        """Return what replaced odometers had counted until a day."""
        self.ensure_one()
        offset = 0
        if self.odometer_offset_km:
            for reading, km in self._get_run():
                if reading.read_at.date() <= day:
                    offset = km - reading.odometer_km
        return offset


class CarWarrantyCoverage(models.Model):
    _inherit = "car.warranty.coverage"

    # === BUSINESS METHODS === #

    @api.model
    def _pack_service(self, line, date, km):
        """Return what names a missed service: package, due day, due km."""
        return [line.package_id.id, date and fields.Date.to_string(date), km]

    def _find_missed_service(self, done, day, total_km):
        """Return the first service of the plan that was missed by a day and total km.

        :param done: day and total km of the services, by package.
        :return: plan line, due day, due total km; None when none was missed.
        """
        self.ensure_one()
        missed = []
        for line in self.vehicle_id.plan_id.line_ids:
            found = self._find_missed_of(line, done[line.package_id.id], day, total_km)
            if found:
                missed.append(found)
        if not missed:
            return None
        return min(missed, key=lambda one: (one[1] or day, one[2] or 0))

    def _find_missed_of(self, line, done, day, total_km):
        """Return the first time one service of the plan was missed, or None."""
        self.ensure_one()
        policy = self.policy_id
        late = relativedelta(months=policy.service_tolerance_months)
        late_km = policy.service_tolerance_km
        began, begun_km = self.start_date, self.start_km + self.start_offset_km
        limits = self._get_phase_of(line)
        months = line.first_months or line.repeat_months
        km = line.first_km or line.repeat_km
        visits = [one for one in done if began <= one[0] <= day]
        for visit in [*visits, None]:
            due = began + relativedelta(months=months) if months else None
            due_km = begun_km + km if km else None
            due, due_km = self._clip_to_phase(due, due_km, limits)
            if due is None and due_km is None:
                return None
            seen, seen_km = visit or (day, total_km)
            if (due and seen > due + late) or (
                due_km is not None and seen_km > due_km + late_km
            ):
                return line, due, due_km
            if visit:
                began, begun_km = visit
                months, km = line.repeat_months, line.repeat_km
        return None

    def _get_phase_of(self, line):
        """Return first and last day, first and last total km of a line's phase."""
        vehicle = self.vehicle_id
        born = vehicle.first_registration_date or vehicle.purchase_date
        return line.plan_id._get_phase_limits(line.phase, born or self.start_date)

    @api.model
    def _clip_to_phase(self, due, due_km, limits):
        """Return when a service is due in its phase; None, None once that is over."""
        begin, end, begin_km, end_km = limits
        if due and begin:
            due = max(due, begin)
        if due_km is not None and begin_km:
            due_km = max(due_km, begin_km)
        if due and end and due >= end:
            due = None
        if due_km is not None and end_km and due_km >= end_km:
            due_km = None
        return due, due_km
