from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models


class CarWorkSession(models.Model):
    """Time that nobody stopped ends with the working day, and is looked at."""

    _inherit = "car.work.session"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_stop_forgotten(self):
        """Stop what still runs from an earlier day at the end of that day's hours."""
        now = fields.Datetime.now()
        running = self.search([("stopped_at", "=", False), ("started_at", "<", now)])
        for calendar, sessions in running._group_by_calendar().items():
            zone = pytz.timezone(calendar.tz or "UTC")
            today = pytz.utc.localize(now).astimezone(zone).date()
            old = sessions.filtered(
                lambda session, zone=zone, today=today: (
                    session._get_local_day(zone) < today
                )
            )
            old._stop_at_end_of_day(calendar, zone)

    def _group_by_calendar(self):
        groups = defaultdict(self.browse)
        for session in self:
            technician = session.technician_id
            groups[
                technician.resource_calendar_id
                or technician.company_id.resource_calendar_id
            ] |= session
        return groups

    def _get_local_day(self, zone):
        self.ensure_one()
        return pytz.utc.localize(self.started_at).astimezone(zone).date()

    def _stop_at_end_of_day(self, calendar, zone):
        """Stop times at the last working hour of the day on which they began."""
        if not self:
            return
        days = [session._get_local_day(zone) for session in self]
        bounds = [
            zone.localize(datetime.combine(day, time.min))
            for day in (min(days), max(days) + timedelta(days=1))
        ]
        found = calendar._work_intervals_batch(
            *bounds, resources=self.technician_id.resource_id, tz=zone
        )
        for session, day in zip(self, days, strict=True):
            intervals = found[session.technician_id.resource_id.id]
            ends = [
                end.astimezone(pytz.utc).replace(tzinfo=None)
                for begin, end, _record in intervals
                if begin.date() == day
            ]
            session._stop("forgotten", moment=max([session.started_at, *ends[-1:]]))
