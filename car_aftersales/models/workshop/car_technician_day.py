from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from .car_repair_job import AGREED

# How many days back the nightly job counts again, for corrected times
COUNTED_DAYS = 35
RATIOS = {
    "efficiency": ("sold_hours", "worked_hours"),
    "productivity": ("worked_hours", "present_hours"),
    "proficiency": ("sold_hours", "present_hours"),
}


class CarTechnicianDay(models.Model):
    """A technician's hours on one day: sold, worked and present.

    Efficiency is sold / worked, productivity worked / present, and proficiency sold /
    present, which is their product; all in percent. Sold are the labor hours of the
    jobs finished that day, shared by the time each technician worked on them; rework is
    worked but not sold. Present is the working calendar minus absence.
    """

    _name = "car.technician.day"
    _description = "Hours of a Technician"
    _order = "date desc, technician_id"
    _rec_name = "technician_id"
    _check_company_auto = True

    technician_id = fields.Many2one(
        "car.technician", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    sold_hours = fields.Float("Hours Sold", readonly=True)
    worked_hours = fields.Float("Hours Worked", readonly=True)
    rework_hours = fields.Float(
        "Of Which Rework", readonly=True, help="Worked after a failed check, not sold."
    )
    present_hours = fields.Float("Hours Present", readonly=True)
    efficiency = fields.Float(
        "Efficiency %",
        compute="_compute_ratios",
        store=True,
        aggregator="avg",
        help="Hours sold / hours worked",
    )
    productivity = fields.Float(
        "Productivity %",
        compute="_compute_ratios",
        store=True,
        aggregator="avg",
        help="Hours worked / hours present",
    )
    proficiency = fields.Float(
        "Proficiency %",
        compute="_compute_ratios",
        store=True,
        aggregator="avg",
        help="Hours sold / hours present = efficiency x productivity",
    )

    _day_uniq = models.Constraint(
        "UNIQUE (technician_id, date)", "A technician has each day once."
    )

    # === COMPUTE METHODS === #

    @api.depends("sold_hours", "worked_hours", "present_hours")
    def _compute_ratios(self):
        for day in self:
            for name, (part, whole) in RATIOS.items():
                day[name] = 100 * day[part] / day[whole] if day[whole] else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """Take the ratio of sums; an average of ratios would say nothing."""
        name, _dot, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, field, query) for field in RATIOS[name]
        )
        return SQL("100 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Count the last week anew and show the figures."""
        self.check_access("read")
        today = fields.Date.context_today(self)
        # Safe: figures of the user's companies, which he may read.
        self.sudo()._refresh(self.env.companies, today - timedelta(days=7), today)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_technician_day_action"
        )

    # === BUSINESS METHODS === #

    @api.model
    def _cron_refresh(self):
        """Count the last days anew: times may have been corrected since."""
        today = fields.Date.today()
        [companies] = self.env["car.technician"]._read_group(
            [], [], ["company_id:recordset"]
        )[0]
        self._refresh(companies, today - timedelta(days=COUNTED_DAYS), today)

    @api.model
    def _refresh(self, companies, start, end):
        """Work out the hours of all technicians from one day to another, inclusive."""
        for company in companies:
            self._refresh_company(company, start, end)

    @api.model
    def _refresh_company(self, company, start, end):
        technicians = (
            self.env["car.technician"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )
        if not technicians:
            return
        zone = pytz.timezone(company.resource_calendar_id.tz or "UTC")
        bounds = [
            zone.localize(datetime.combine(day, time.min))
            for day in (start, end + timedelta(days=1))
        ]
        figures = defaultdict(lambda: defaultdict(float))
        technicians._add_present_hours(figures, *bounds, zone)
        technicians._add_worked_hours(figures, *bounds, zone)
        technicians._add_sold_hours(figures, *bounds, zone)
        kept = {
            (day.technician_id, day.date): day
            for day in self.search(
                [
                    ("technician_id", "in", technicians.ids),
                    ("date", ">=", start),
                    ("date", "<=", end),
                ]
            )
        }
        created = []
        for (technician, date), hours in figures.items():
            vals = {
                name: round(hours[name], 4)
                for name in (
                    "sold_hours",
                    "worked_hours",
                    "rework_hours",
                    "present_hours",
                )
            }
            day = kept.pop((technician, date), None)
            if day is None:
                created.append(
                    {
                        "technician_id": technician.id,
                        "date": date,
                        "company_id": company.id,
                        "team_id": technician.team_id.id,
                        **vals,
                    }
                )
            elif any(day[name] != value for name, value in vals.items()):
                day.write(vals)
        self.create(created)
        self.browse().union(*kept.values()).unlink()


class CarTechnician(models.Model):
    _inherit = "car.technician"

    # === BUSINESS METHODS === #

    def _add_present_hours(self, figures, start, stop, zone):
        """Add the working calendar minus absence of those who work here now."""
        people = defaultdict(lambda: self.env["car.technician"])
        for technician in self.filtered("active"):
            calendar = (
                technician.resource_calendar_id
                or technician.company_id.resource_calendar_id
            )
            people[calendar] |= technician
        for calendar, technicians in people.items():
            # Safe: hours come out of here, not why somebody is absent.
            found = calendar.sudo()._work_intervals_batch(
                start, stop, resources=technicians.resource_id, tz=zone
            )
            for technician in technicians:
                for begin, end, _record in found[technician.resource_id.id]:
                    hours = (end - begin).total_seconds() / 3600
                    figures[technician, begin.date()]["present_hours"] += hours

    def _add_worked_hours(self, figures, start, stop, zone):
        """Add what was clocked, on the day it was begun."""
        sessions = self.env["car.work.session"].search_fetch(
            [
                ("technician_id", "in", self.ids),
                ("started_at", ">=", start.astimezone(pytz.utc).replace(tzinfo=None)),
                ("started_at", "<", stop.astimezone(pytz.utc).replace(tzinfo=None)),
                ("stopped_at", "!=", False),
            ],
            ["technician_id", "started_at", "hours", "is_rework"],
        )
        for session in sessions:
            day = pytz.utc.localize(session.started_at).astimezone(zone).date()
            hours = figures[session.technician_id, day]
            hours["worked_hours"] += session.hours
            if session.is_rework:
                hours["rework_hours"] += session.hours

    def _add_sold_hours(self, figures, start, stop, zone):
        """Add the labor hours of finished jobs, shared by the time worked on them."""
        jobs = self.env["car.repair.job"].search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("done_at", ">=", start.astimezone(pytz.utc).replace(tzinfo=None)),
                ("done_at", "<", stop.astimezone(pytz.utc).replace(tzinfo=None)),
                ("state", "in", ["done", "passed"]),
            ],
            ["done_at"],
        )
        sold = dict(
            self.env["car.repair.line"]._read_group(
                [
                    ("job_id", "in", jobs.ids),
                    ("kind", "=", "labor"),
                    ("authorization_state", "in", AGREED),
                ],
                ["job_id"],
                ["sold_hours:sum"],
            )
        )
        worked = defaultdict(dict)
        for job, technician, hours in self.env["car.work.session"]._read_group(
            [("job_id", "in", jobs.ids), ("is_rework", "=", False)],
            ["job_id", "technician_id"],
            ["hours:sum"],
        ):
            worked[job][technician] = hours
        for job, people in worked.items():
            whole = sum(people.values())
            if not whole:
                continue
            day = pytz.utc.localize(job.done_at).astimezone(zone).date()
            for technician, hours in people.items():
                figures[technician, day]["sold_hours"] += (
                    sold.get(job, 0.0) * hours / whole
                )
