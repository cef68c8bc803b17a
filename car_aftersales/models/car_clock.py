from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Which day it is where a company works."""

    _inherit = "res.company"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    def _get_car_time_zone(self):
        """Return the time zone of the company's working calendar."""
        self.ensure_one()
        return self._get_car_calendar_zone(self.id) or self.env.user.tz or "UTC"

    @api.model
    @ormcache("company_id")
    def _get_car_calendar_zone(self, company_id):
        # Safe: the name of a time zone.
        return self.browse(company_id).sudo().resource_calendar_id.tz

    def _get_car_today(self):
        """Return today's day where the company works."""
        return self._get_car_local_day()

    @api.model
    def _get_car_day_domain(self, name, operator, days=0):
        """Return the records whose day compares so with today where they belong.

        The client knows only the day of who looks; each company has its own.

        :param name: a field with a day, of a model with a company
        :param days: compare with so many days after today
        """
        # Safe: where the companies work.
        companies = self.sudo().with_context(active_test=False)
        companies = companies.search([("id", "!=", False)])
        by_day = companies.grouped(lambda company: company._get_car_today())
        return Domain.OR(
            Domain("company_id", "in", own.ids)
            & Domain(name, operator, day + timedelta(days=days))
            for day, own in by_day.items()
        )

    def _get_car_local_day(self, moment=None):
        """Return the day of a moment (UTC), empty: now, where the company works."""
        zone = pytz.timezone(self._get_car_time_zone())
        moment = moment or fields.Datetime.now()
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _get_car_midnight(self, day):
        """Return the moment (UTC) at which a day begins where the company works."""
        zone = pytz.timezone(self._get_car_time_zone())
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result
