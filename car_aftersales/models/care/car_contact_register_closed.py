from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, ormcache


class CarContactCall(models.Model):
    """Nothing is added to the register of a period that is archived."""

    _inherit = "car.contact.call"

    # === CONSTRAINT METHODS === #

    @api.constrains("started_at", "company_id")
    def _check_period_open(self):
        """Refuse to write a call into a register that is archived."""
        for company, calls in self.grouped("company_id").items():
            if self._is_after_registers(company, min(calls.mapped("started_at"))):
                continue
            days = {call: company._get_car_local_day(call.started_at) for call in calls}
            closed = self._get_closed_days(company, min(days.values()))
            for call, day in days.items():
                if any(first <= day <= last for first, last in closed):
                    call._raise_missing(
                        self.env._(
                            "the register of %(day)s is archived; nothing is added to "
                            "it",
                            day=format_date(self.env, day),
                        )
                    )

    # === BUSINESS METHODS === #

    @api.model
    def _is_after_registers(self, company, moment):
        """Tell whether a moment is later than each archived register, without a query.

        A day is left for the time zones.
        """
        last = self._get_last_closed_day(company.id)
        return not last or moment.date() > last + timedelta(days=1)

    @api.model
    @ormcache("company_id")
    def _get_last_closed_day(self, company_id):
        """Return the last day of the archived registers of calls, None without any."""
        # Safe: a day only.
        registers = self.env["car.contact.register"].sudo()
        return registers.search(
            [
                ("company_id", "=", company_id),
                ("kind", "=", "call"),
                ("state", "=", "archived"),
            ],
            order="date_to desc",
            limit=1,
        ).date_to

    @api.model
    def _get_closed_days(self, company, since):
        """Return the periods from a day on whose register of calls is archived."""
        # Safe: days only.
        registers = (
            self.env["car.contact.register"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "call"),
                    ("state", "=", "archived"),
                    ("date_to", ">=", since),
                ],
                ["date_from", "date_to"],
            )
        )
        return [(register.date_from, register.date_to) for register in registers]

    @api.model
    def _fit_open_period(self, company, moment):
        """Return the moment, or now where its register is archived already."""
        if self._is_after_registers(company, moment):
            return moment
        day = company._get_car_local_day(moment)
        closed = self._get_closed_days(company, day)
        if any(first <= day <= last for first, last in closed):
            return fields.Datetime.now()
        return moment


class CarContactRegister(models.Model):
    _inherit = "car.contact.register"

    # === BUSINESS METHODS === #

    def _after_archive(self):
        self.env.registry.clear_cache()
        return super()._after_archive()
