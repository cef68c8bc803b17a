from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

PHASES = [
    ("any", "Whole Life"),
    ("new_car", "New Car"),
    ("in_warranty", "In Warranty"),
    ("out_of_warranty", "Out of Warranty"),
]


class CarMaintenancePlan(models.Model):
    """Which service a car needs when, in the three phases of its life.

    A phase ends with its months or kilometers since the first registration, whichever
    comes first.
    """

    _name = "car.maintenance.plan"
    _description = "Maintenance Plan"
    _order = "name, id"

    # Up to this many vehicles follow a changed plan at once, more in the background.
    _refresh_at_once = 500

    name = fields.Char("Plan", required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)

    # phases
    new_car_months = fields.Integer("New Car: Months", default=6)
    new_car_km = fields.Integer("New Car: Kilometers", default=10000)
    warranty_months = fields.Integer(
        "Warranty: Months",
        default=36,
        help="Household cars in China: at least 3 years or 60,000 km.",
    )
    warranty_km = fields.Integer("Warranty: Kilometers", default=60000)

    line_ids = fields.One2many(
        "car.maintenance.plan.line", "plan_id", "Services", copy=True
    )
    vehicle_count = fields.Integer(
        "Number of Vehicles", compute="_compute_vehicle_count"
    )

    _limits_positive = models.Constraint(
        "CHECK (new_car_months >= 0 AND new_car_km >= 0 "
        "AND warranty_months >= 0 AND warranty_km >= 0)",
        "Months and kilometers of a phase cannot be negative.",
    )

    # === COMPUTE METHODS === #

    def _compute_vehicle_count(self):
        counts = dict(
            self.env["car.vehicle"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.vehicle_count = counts.get(plan, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        limits = {"new_car_months", "new_car_km", "warranty_months", "warranty_km"}
        if vals.keys() & limits:
            self._refresh_vehicles()
        return result

    # === ACTION METHODS === #

    def action_view_vehicles(self):
        """Open the vehicles that follow this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_vehicle_action"
        )
        action["domain"] = [("plan_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    def _get_phase_limits(self, phase, start_date):
        """Return first day, end day, first km and end km of a phase; None = open.

        :param start_date: the day the car's life began, or False if unknown.
        """
        self.ensure_one()

        def day(months):
            return start_date and months and start_date + relativedelta(months=months)

        new_car = day(self.new_car_months) or None, self.new_car_km or None
        warranty = day(self.warranty_months) or None, self.warranty_km or None
        begin, end = {
            "new_car": ((None, None), new_car),
            "in_warranty": (new_car, warranty),
            "out_of_warranty": (warranty, (None, None)),
        }.get(phase, ((None, None), (None, None)))
        return begin[0], end[0], begin[1], end[1]

    def _refresh_vehicles(self):
        """Plan the next service of the vehicles that follow these plans anew.

        Many vehicles are only marked; the scheduled job works through them.
        """
        # A plan is for all sites; the job of planning is not the user's.
        Vehicle = self.env["car.vehicle"].sudo().with_context(active_test=False)
        domain = [("plan_id", "in", self.ids)]
        vehicles = Vehicle.search(domain, limit=self._refresh_at_once + 1)
        if len(vehicles) <= self._refresh_at_once:
            vehicles._plan_next_service()
            return
        Vehicle.search(domain).write({"is_service_stale": True})
        self.env.ref("car_aftersales.car_vehicle_cron_refresh_service")._trigger()


class CarMaintenancePlanLine(models.Model):
    """One service of a plan: due first and then again after so many km or months."""

    _name = "car.maintenance.plan.line"
    _description = "Maintenance Plan Line"
    _order = "plan_id, sequence, id"
    _rec_name = "package_id"

    plan_id = fields.Many2one(
        "car.maintenance.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    phase = fields.Selection(PHASES, required=True, default="any")
    package_id = fields.Many2one(
        "car.repair.package", required=True, index=True, ondelete="restrict"
    )
    first_km = fields.Integer("First at (km)", aggregator=None)
    first_months = fields.Integer("First at (months)", aggregator=None)
    repeat_km = fields.Integer("Every (km)", aggregator=None)
    repeat_months = fields.Integer("Every (months)", aggregator=None)

    _intervals = models.Constraint(
        "CHECK (first_km >= 0 AND first_months >= 0 AND repeat_km >= 0 "
        "AND repeat_months >= 0 "
        "AND first_km + first_months + repeat_km + repeat_months > 0)",
        "A service of a plan needs kilometers or months, none of them negative.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._refresh_vehicles()
        return lines

    def write(self, vals):
        plans = self.plan_id
        result = super().write(vals)
        (plans | self.plan_id)._refresh_vehicles()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans.exists()._refresh_vehicles()
        return result

    # === BUSINESS METHODS === #

    def _get_next_service(self, history):
        """Return day and total km at which this service is due next, None = never.

        :param history: see ``car.vehicle._get_service_history``.
        """
        self.ensure_one()
        start, known = history["start_date"], history["known_date"]
        begin_date, end_date, begin_km, end_km = self.plan_id._get_phase_limits(
            self.phase, start
        )
        seen_date, seen_km = history["seen_date"], history["seen_km"]
        if (end_date and seen_date and seen_date >= end_date) or (
            end_km and seen_km >= end_km
        ):
            return None, None
        last_date, last_km = history["last"].get(self.package_id.id, (None, None))
        if last_date:
            date = self._add_months(last_date, self.repeat_months)
            km = last_km + self.repeat_km if self.repeat_km else None
        else:
            date = self._get_first_date(start, known)
            km = self._get_first_km(history["known_km"])
        return _clip(date, begin_date, end_date), _clip(km, begin_km, end_km)

    def _get_first_date(self, start, known):
        """Return the first due day that is not before we got to know the car.

        What was due before is taken as done elsewhere: nobody can tell any more.
        """
        months = self.first_months or self.repeat_months
        due = self._add_months(start, months)
        while due and known and due < known:
            months += self.repeat_months
            due = self._add_months(start, months) if self.repeat_months else None
        return due

    def _get_first_km(self, known_km):
        """Return the first due total km that lies not before we knew the car."""
        due = self.first_km or self.repeat_km or None
        if due and known_km and due < known_km:
            if not self.repeat_km:
                return None
            due += -(-(known_km - due) // self.repeat_km) * self.repeat_km
        return due

    @api.model
    def _add_months(self, date, months):
        return date + relativedelta(months=months) if date and months else None


def _clip(due, begin, end):
    """Return what is due in a phase, None when the phase is over by then."""
    if due is None:
        return None
    due = max(due, begin) if begin else due
    return None if end and due >= end else due
