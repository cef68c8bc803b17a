from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = [
    ("planned", "Not Started"),
    ("running", "Running"),
    ("ended", "Expired"),
    ("cancelled", "Cancelled"),
]


class CarWarrantyCoverage(models.Model):
    """What is left of a coverage today, and whether it still runs."""

    _inherit = "car.warranty.coverage"

    remaining_days = fields.Integer(compute="_compute_remaining", aggregator=None)
    remaining_km = fields.Integer(
        "Remaining (km)", compute="_compute_remaining", aggregator=None
    )
    remaining_text = fields.Char("Remaining", compute="_compute_remaining")
    component_terms = fields.Html(
        "Term by Component", compute="_compute_component_terms", sanitize=False
    )
    state = fields.Selection(
        STATES, compute="_compute_remaining", search="_search_state"
    )
    ends_soon = fields.Boolean(compute="_compute_remaining", search="_search_ends_soon")

    # === COMPUTE METHODS === #

    @api.depends(
        "start_date",
        "end_date",
        "end_km",
        "last_date",
        "last_km",
        "is_cancelled",
        "cancelled_on",
        "vehicle_id.odometer_km",
        "vehicle_id.odometer_offset_km",
    )
    def _compute_remaining(self):
        for coverage in self:
            company = coverage.company_id or self.env.company
            today = company._get_car_today()
            run = coverage._get_run_km()
            end, end_km = coverage.end_date, coverage.end_km
            days = (end - today).days if end else 0
            km = end_km - coverage.start_km - run if end_km else 0
            coverage.remaining_days = max(days, 0)
            coverage.remaining_km = max(km, 0)
            coverage.state = coverage._get_state(today, run)
            running = coverage.state == "running"
            coverage.ends_soon = running and bool(
                (end and 0 <= days <= company.car_coverage_soon_days)
                or (end_km and 0 <= km <= company.car_coverage_soon_km)
            )
            coverage.remaining_text = coverage._spell_remaining() if running else ""

    def _get_state(self, today, run):
        """Return the state on a day, after so many km since the start."""
        self.ensure_one()
        if self.is_cancelled and self.cancelled_on <= today:
            return "cancelled"
        if self.start_date and self.start_date > today:
            return "planned"
        is_over = self.last_date and self.last_date < today
        is_too_far = self.last_km and run > self.last_km - self.start_km
        return "ended" if is_over or is_too_far else "running"

    def _spell_remaining(self):
        """Return in words what is left of the whole."""
        self.ensure_one()
        parts = []
        if self.end_date:
            parts.append(self.env._("%(days)s days", days=self.remaining_days))
        if self.end_km:
            km = self._show_km(self.remaining_km)
            parts.append(self.env._("%(km)s km", km=km))
        return " · ".join(parts) or self.env._("without limit")

    def _compute_component_terms(self):
        """Show until when each component is covered."""
        for coverage in self:
            rows = [(self.env._("Whole Policy"), False, *coverage._get_term())]
            rows += [
                (component.display_name, component, *coverage._get_term(component))
                for component in coverage.policy_id.component_ids
            ]
            coverage.component_terms = self.env["ir.qweb"]._render(
                "car_aftersales.car_warranty_component_terms",
                {
                    "rows": [
                        {
                            "name": name,
                            "is_excluded": component and component.is_excluded,
                            "is_wear_part": component and component.is_wear_part,
                            "date": coverage._show_day(date),
                            "km": coverage._show_km(km),
                        }
                        for name, component, date, km in rows
                    ]
                },
            )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "cancelled": self._get_cancelled_domain(),
            "planned": self._get_planned_domain(),
        }
        past = domains["cancelled"] | domains["planned"]
        domains["ended"] = ~past & self._get_ended_domain()
        domains["running"] = ~past & ~self._get_ended_domain()
        return Domain.OR(domains[state] for state in value if state in domains)

    def _search_ends_soon(self, operator, value):
        if operator != "in":
            return NotImplemented
        company, today = self.env.company, self._get_search_day()
        last = today + relativedelta(days=company.car_coverage_soon_days)
        by_date = Domain("end_date", ">=", today) & Domain("end_date", "<=", last)
        by_km = self._get_left_domain(0, company.car_coverage_soon_km)
        return Domain("state", "=", "running") & (by_date | by_km)

    # === BUSINESS METHODS === #

    @api.model
    def _get_search_day(self):
        return self.env.company._get_car_today()

    @api.model
    def _get_cancelled_domain(self):
        return Domain("is_cancelled", "=", True) & Domain(
            "cancelled_on", "<=", self._get_search_day()
        )

    @api.model
    def _get_planned_domain(self):
        return Domain("start_date", ">", self._get_search_day())

    @api.model
    def _get_ended_domain(self):
        too_far = self._get_left_domain(None, -1, "last_km")
        return Domain("last_date", "<", self._get_search_day()) | too_far

    @api.model
    def _get_left_domain(self, least, most, field="end_km"):
        """Return which coverages have so many km left: only SQL compares two tables."""
        left = SQL(
            "coverage.%s + coverage.start_offset_km - vehicle.odometer_km"
            " - COALESCE(vehicle.odometer_offset_km, 0)",
            SQL.identifier(field),
        )
        conditions = [SQL("%s <= %s", left, most)]
        if least is not None:
            conditions.append(SQL("%s >= %s", left, least))
        self.flush_model([field, "start_offset_km", "vehicle_id"])
        self.env["car.vehicle"].flush_model(["odometer_km", "odometer_offset_km"])
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT coverage.id FROM car_warranty_coverage coverage"
                " JOIN car_vehicle vehicle ON vehicle.id = coverage.vehicle_id"
                " WHERE coverage.%s > 0 AND %s)",
                SQL.identifier(field),
                SQL(" AND ").join(conditions),
            ),
        )
