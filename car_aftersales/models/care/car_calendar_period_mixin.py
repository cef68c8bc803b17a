from odoo import api, fields, models


class CarCalendarPeriodMixin(models.AbstractModel):
    """A document about a month, a quarter or a year of a company.

    The model says which of them it knows: a Selection ``period`` of ``month``,
    ``quarter`` and ``year``.
    """

    _name = "car.calendar.period.mixin"
    _description = "Document about a period"

    date_from = fields.Date(
        "From",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        help="Any day of the period; its first day is kept.",
    )
    date_to = fields.Date(
        "Until", compute="_compute_date_to", store=True, precompute=True
    )
    period_name = fields.Char(compute="_compute_period_name")

    # === COMPUTE METHODS === #

    @api.depends("period", "date_from")
    def _compute_date_to(self):
        for record in self:
            day = record.date_from
            record.date_to = day and fields.Date.end_of(day, record.period or "month")

    @api.depends("period", "date_from")
    @api.depends_context("lang")
    def _compute_period_name(self):
        for record in self:
            record.period_name = (
                record._get_period_name() if record.date_from else False
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._begin_at_first_day()
        return records

    def write(self, vals):
        result = super().write(vals)
        if {"period", "date_from"} & set(vals):
            self._begin_at_first_day()
        return result

    # === BUSINESS METHODS === #

    def _begin_at_first_day(self):
        """Keep the first day of the period, whichever day was given."""
        for record in self:
            first = fields.Date.start_of(record.date_from, record.period)
            if record.date_from != first:
                # Safe: the same period, told by its first day.
                record.sudo().date_from = first

    def _get_period_name(self):
        """Return how people call the period: 3/2026, Q1 2026, 2026."""
        self.ensure_one()
        day = fields.Date.start_of(self.date_from, self.period)
        if self.period == "month":
            return self.env._("%(month)s/%(year)s", month=day.month, year=day.year)
        if self.period == "quarter":
            quarter = (day.month + 2) // 3
            return self.env._("Q%(quarter)s %(year)s", quarter=quarter, year=day.year)
        return self.env._("%(year)s", year=day.year)

    def _get_days(self):
        """Return the first and the last day of the period."""
        self.ensure_one()
        period = self.period or "month"
        return (
            fields.Date.start_of(self.date_from, period),
            fields.Date.end_of(self.date_from, period),
        )

    def _get_moments(self):
        """Return when the period begins and ends (UTC) where the company works."""
        first, last = self._get_days()
        company = self.company_id or self.env.company
        after = fields.Date.add(last, days=1)
        return company._get_car_midnight(first), company._get_car_midnight(after)
