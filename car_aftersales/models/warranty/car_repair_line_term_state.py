from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

RUNNING = ("running", "ending")


class CarRepairLine(models.Model):
    """What is left of the guarantees today."""

    _inherit = "car.repair.line"

    guarantee_state = fields.Selection(
        [
            ("running", "Running"),
            ("ending", "Ends Soon"),
            ("ended", "Ended"),
            ("excluded", "Excluded"),
        ],
        "Our Guarantee",
        compute="_compute_guarantee_state",
        search="_search_guarantee_state",
    )
    guarantee_days_left = fields.Integer(
        "Days Left", compute="_compute_guarantee_state", aggregator=None
    )
    guarantee_km_left = fields.Integer(
        "Kilometers Left", compute="_compute_guarantee_state", aggregator=None
    )
    guarantee_text = fields.Char("Guarantee", compute="_compute_guarantee_text")
    guarantee_system_id = fields.Many2one(
        related="job_id.system_id", string="Guaranteed System"
    )
    guarantee_order_number = fields.Char(
        related="job_id.order_number", string="Guaranteed on Order"
    )
    guarantee_team_id = fields.Many2one(
        related="job_id.team_id", string="Team That Did It"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "guarantee_from",
        "guarantee_until",
        "guarantee_until_km",
        "guarantee_offset_km",
        "guarantee_exclusion",
        "guarantee_vehicle_id.odometer_km",
        "guarantee_vehicle_id.odometer_offset_km",
    )
    def _compute_guarantee_state(self):
        days = {company: company._get_car_today() for company in self.company_id}
        for line in self:
            company = line.company_id.sudo()  # Safe: settings.
            line.guarantee_days_left = line.guarantee_km_left = 0
            if not line.guarantee_vehicle_id:
                line.guarantee_state = False
                continue
            if line.guarantee_exclusion:
                line.guarantee_state = "excluded"
                continue
            today = days[line.company_id]
            days_left, km_left = line._get_guarantee_left(today)
            line.guarantee_days_left = max(days_left or 0, 0)
            line.guarantee_km_left = max(km_left or 0, 0)
            if not line._is_guaranteed_at(today):
                line.guarantee_state = "ended"
            elif (
                days_left is not None and days_left <= company.car_guarantee_soon_days
            ) or (km_left is not None and km_left <= company.car_guarantee_soon_km):
                line.guarantee_state = "ending"
            else:
                line.guarantee_state = "running"

    @api.model
    def _search_guarantee_state(self, operator, value):
        """Find the lines whose guarantee runs, ends soon, has ended or is excluded."""
        if operator != "in":
            return NotImplemented
        self.flush_model(
            [
                "company_id",
                "guarantee_exclusion",
                "guarantee_offset_km",
                "guarantee_until",
                "guarantee_until_km",
                "guarantee_vehicle_id",
            ]
        )
        self.env["car.vehicle"].flush_model(["odometer_km", "odometer_offset_km"])
        states = [state for state in value if state]
        domain = Domain("id", "in", self._select_by_guarantee(states))
        if False in value:
            domain |= Domain("guarantee_vehicle_id", "=", False)
        return domain

    @api.model
    def _select_by_guarantee(self, states):
        """Return the select of lines in one of these states of their guarantee."""
        return SQL(
            """
            (SELECT l.id
               FROM car_repair_line l
               JOIN res_company c ON c.id = l.company_id
          LEFT JOIN resource_calendar k ON k.id = c.resource_calendar_id
               JOIN car_vehicle v ON v.id = l.guarantee_vehicle_id
         CROSS JOIN LATERAL (
                    SELECT l.guarantee_until - (
                               %(now)s::timestamp AT TIME ZONE 'UTC'
                               AT TIME ZONE COALESCE(k.tz, 'UTC')
                           )::date AS days,
                           CASE WHEN l.guarantee_until_km > 0
                                THEN l.guarantee_until_km
                                     + COALESCE(l.guarantee_offset_km, 0)
                                     - COALESCE(v.odometer_km, 0)
                                     - COALESCE(v.odometer_offset_km, 0)
                                END AS km
                    ) lasts
              WHERE CASE
                    WHEN l.guarantee_exclusion IS NOT NULL THEN 'excluded'
                    WHEN lasts.days < 0 OR lasts.km < 0 THEN 'ended'
                    WHEN lasts.days <= c.car_guarantee_soon_days
                      OR lasts.km <= c.car_guarantee_soon_km THEN 'ending'
                    ELSE 'running' END IN %(states)s)
            """,
            now=fields.Datetime.now(),
            states=tuple(states) or ("",),
        )

    @api.depends_context("lang")
    @api.depends("guarantee_state")
    def _compute_guarantee_text(self):
        exclusions = dict(
            self._fields["guarantee_exclusion"]._description_selection(self.env)
        )
        for line in self:
            if line.guarantee_exclusion:
                line.guarantee_text = exclusions[line.guarantee_exclusion]
            elif line.guarantee_vehicle_id:
                line.guarantee_text = line._spell_guarantee_end()
            else:
                line.guarantee_text = False

    # === BUSINESS METHODS === #

    def _get_guarantee_left(self, day, odometer_km=None):
        """Return days and kilometers left; None where it is not limited by them.

        :param odometer_km: empty: the newest reading of the vehicle.
        """
        self.ensure_one()
        vehicle = self.guarantee_vehicle_id
        days = km = None
        if self.guarantee_until:
            days = (self.guarantee_until - day).days
        if self.guarantee_until_km:
            driven = (odometer_km or vehicle.odometer_km) + vehicle.odometer_offset_km
            km = self.guarantee_until_km + self.guarantee_offset_km - driven
        return days, km

    def _is_guaranteed_at(self, day, odometer_km=None):
        """Tell whether we answer for the line: its last day and kilometer included."""
        self.ensure_one()
        if not self.guarantee_vehicle_id or self.guarantee_exclusion:
            return False
        left = self._get_guarantee_left(day, odometer_km)
        return day >= self.guarantee_from and not any(
            value is not None and value < 0 for value in left
        )

    def _spell_guarantee_end(self):
        """Return until when the guarantee lasts, in words."""
        self.ensure_one()
        return self._spell_guarantee(
            self.guarantee_until and format_date(self.env, self.guarantee_until),
            self.guarantee_until_km,
        )

    def _spell_guarantee(self, day, km):
        """Return day or days and kilometers in words, the empty ones left out."""
        parts = [day] if day else []
        if km:
            shown = formatLang(self.env, km, digits=0)
            parts.append(self.env._("%(km)s km", km=shown))
        if len(parts) < 2:
            return "".join(parts)
        return self.env._("%(day)s or %(km)s", day=parts[0], km=parts[1])


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    guarantee_line_ids = fields.Many2many(
        "car.repair.line",
        string="Running Guarantees",
        compute="_compute_guarantee_line_ids",
    )
    guarantee_count = fields.Integer(
        "Guarantees", compute="_compute_guarantee_line_ids"
    )

    # === COMPUTE METHODS === #

    def _compute_guarantee_line_ids(self):
        """Gather what we still answer for, in one query for all vehicles."""
        lines = self.env["car.repair.line"].search(
            [
                ("guarantee_vehicle_id", "in", self.ids),
                ("guarantee_state", "in", RUNNING),
            ],
            order="guarantee_until, id",
        )
        by_vehicle = lines.grouped("guarantee_vehicle_id")
        for vehicle in self:
            vehicle.guarantee_line_ids = by_vehicle.get(vehicle._origin, lines.browse())
            vehicle.guarantee_count = len(vehicle.guarantee_line_ids)

    # === ACTION METHODS === #

    def action_open_guarantees(self):
        """Open all guarantees of the vehicle, also those that have ended."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_repair_line_action_guarantee"
        )
        action["domain"] = [("guarantee_vehicle_id", "=", self.id)]
        action["context"] = {}
        return action
