import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

FIGURES = ["visit_count:sum", "left_count:sum", "sold_hours:sum", "revenue:sum"]
PROMISES = ["promised_count:sum", "on_time_count:sum"]
# What the paper counts cars by, below the days
SECTIONS = ("type_id", "repair_class_id", "vehicle_class", "model_id", "team_id")


class CarVisitPrint(models.TransientModel):
    """Choose the days of which the vehicle statistics are printed."""

    _name = "car.visit.print"
    _description = "Print Vehicle Statistics"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all sites.",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: fields.Date.context_today(self)
    )

    def _default_date_from(self):
        return fields.Date.context_today(self).replace(day=1)

    # === ACTION METHODS === #

    def action_print(self):
        self._check_days()
        return self.env.ref("car_aftersales.car_visit_print_report").report_action(self)

    # === BUSINESS METHODS === #

    def _check_days(self):
        for choice in self:
            if choice.date_from > choice.date_to:
                raise UserError(
                    self.env._(
                        "Vehicle statistics: the first day, %(first)s, is after the "
                        "last one, %(last)s.",
                        first=choice.date_from,
                        last=choice.date_to,
                    )
                )

    def _get_paper_lang(self):
        return self.company_id.partner_id.lang or self.env.lang

    def _get_time_zone(self):
        company = self.company_id
        site = self.warehouse_id or company._get_first_sites().get(company)
        calendar = company.resource_calendar_id
        if site:
            calendar = site._get_workshop_calendars()[site]
        return calendar.tz or self.env.user.tz or "UTC"

    def _get_visits(self):
        """Return the statistics, cut into days as the clock of the house does."""
        return self.env["car.visit.report"].with_context(tz=self._get_time_zone())

    def _get_domain(self):
        zone = pytz.timezone(self._get_time_zone())
        begin, end = (
            zone.localize(fields.Datetime.to_datetime(day))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (self.date_from, fields.Date.add(self.date_to, days=1))
        )
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("received_at", ">=", begin)
            & Domain("received_at", "<", end)
        )
        if self.warehouse_id:
            domain &= Domain("warehouse_id", "=", self.warehouse_id.id)
        return domain

    def _get_days(self):
        """Return a row for each day on which cars came."""
        rows = self._get_visits()._read_group(
            self._get_domain(),
            ["received_at:day"],
            [*FIGURES, *PROMISES],
            order="received_at:day",
        )
        return [self._name_figures(row[0].date(), row[1:]) for row in rows]

    def _get_total(self):
        figures = self._get_visits()._read_group(
            self._get_domain(), [], [*FIGURES, *PROMISES]
        )
        return self._name_figures(False, figures[0])

    @api.model
    def _name_figures(self, label, figures):
        names = [figure.split(":")[0] for figure in (*FIGURES, *PROMISES)]
        values = {
            name: figure or 0 for name, figure in zip(names, figures, strict=False)
        }
        promised = values.get("promised_count")
        values["on_time"] = (
            round(100 * values["on_time_count"] / promised) if promised else None
        )
        return {"label": label, **values}

    def _get_sections(self):
        """Return tables of what came: (title, rows), most cars first."""
        visits = self._get_visits()
        sections = []
        for name in SECTIONS:
            field = visits._fields[name]
            labels = {}
            if field.type == "selection":
                labels = dict(field._description_selection(self.env))
            rows = [
                self._name_figures(
                    (
                        labels.get(value)
                        if field.type == "selection"
                        else value.display_name
                    )
                    or self.env._("Not stated"),
                    figures,
                )
                for value, *figures in visits._read_group(
                    self._get_domain(), [name], FIGURES, order="visit_count:sum desc"
                )
            ]
            sections.append((field._description_string(self.env), rows))
        return sections
