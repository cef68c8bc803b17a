from bisect import bisect_left
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """Days and hours on which customers may be contacted."""

    _inherit = "res.company"

    # === BUSINESS METHODS === #

    def _get_car_working_days(self, first, last):
        """Return the sorted days on which the company works; all of them if unknown."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id  # Safe: only the days leave.
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if not calendar:
            return days
        zone = pytz.timezone(calendar.tz or "UTC")
        intervals = calendar._work_intervals_batch(
            zone.localize(datetime.combine(first, time.min)),
            zone.localize(datetime.combine(last, time.max)),
        )[False]
        return sorted(
            {start.astimezone(zone).date() for start, _end, _rest in intervals}
        )

    def _add_car_days(self, day, count):
        """Return the day so many days later, counted as the company counts.

        :param int count: calendar days, or working days where the company says so
        """
        self.ensure_one()
        later = day + timedelta(days=count)
        if not self.car_days_are_working_days or not count:
            return later
        farthest = day + timedelta(days=count * 3 + 30)
        working = self._get_car_working_days(day + timedelta(days=1), farthest)
        return working[count - 1] if len(working) >= count else later

    def _is_car_quiet(self, moment=None):
        """Tell whether customers are left in peace at a moment (UTC, now)."""
        self.ensure_one()
        zone = pytz.timezone(self._get_car_time_zone())
        moment = moment or fields.Datetime.now()
        local = moment.replace(tzinfo=pytz.utc).astimezone(zone)
        hour = local.hour + local.minute / 60
        start, end = self.car_quiet_from, self.car_quiet_to
        if start == end:
            return False
        if start < end:
            return start <= hour < end
        return hour >= start or hour < end


def fit_day(working, first, last, wanted):
    """Return the day to contact a customer: a working day, inside the days given.

    :param list working: sorted working days
    :return: the first working day from the one wanted until the last; the last
        working day before it if there is none; the day wanted if nobody works at all
    """
    wanted = min(max(wanted, first), last)
    place = bisect_left(working, wanted)
    if place < len(working) and working[place] <= last:
        return working[place]
    if place and working[place - 1] >= first:
        return working[place - 1]
    return wanted
