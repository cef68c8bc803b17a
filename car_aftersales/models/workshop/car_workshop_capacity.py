from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.capacity import EVERYTHING, Capacity, cut_pieces

# How far ahead free time is looked for, and how long one piece of work may run on
SEARCH_DAYS = 30
RUN_DAYS = 14
UNFINISHED = ("authorized", "in_progress")


class CarWorkshopTeam(models.Model):
    """What a team can still take on: working hours minus absences minus work."""

    _inherit = "car.workshop.team"

    turn = fields.Integer(
        copy=False,
        default=0,
        readonly=True,
        help="Written first by whoever books: two at once cannot both take the last "
        "time.",
    )

    # === BUSINESS METHODS === #

    def _take_turn(self):
        """Write the teams' rows before reading what is free.

        Of two bookings at once the loser meets a serialization failure, is repeated by
        Odoo on fresh data and sees what the other has taken.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE car_workshop_team SET turn = turn + 1 WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["turn"], flush=False)

    def _get_working_calendar(self):
        """Return the calendar the team works by, else the company's."""
        self.ensure_one()
        return self.resource_calendar_id or self.company_id.resource_calendar_id

    def _get_time_zone(self):
        """Return the time zone the team's working hours are meant in."""
        self.ensure_one()
        return pytz.timezone(self._get_working_calendar().tz or "UTC")

    def _get_day_bounds(self, moment):
        """Return begin and end of the team's day, as naive UTC."""
        self.ensure_one()
        zone = self._get_time_zone()
        day = pytz.utc.localize(moment).astimezone(zone).date()
        return tuple(
            zone.localize(datetime.combine(date, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for date in (day, day + timedelta(days=1))
        )

    def _get_technicians_by_team(self):
        technicians = self.env["car.technician"].search([("team_id", "in", self.ids)])
        return technicians.grouped("team_id")

    def _get_presence(self, start, stop):
        """Return when the teams work, and when each of their technicians is there.

        Holidays of the calendar and absences of people are taken off. One pass for
        each calendar, however many teams, people and days.

        :return: ({team: intervals}, {technician: intervals}) in naive UTC
        """
        by_team = self._get_technicians_by_team()
        people = defaultdict(lambda: self.env["resource.resource"])
        for team in self:
            zone = team._get_time_zone()
            people[team._get_working_calendar(), zone] |= people.default_factory()
            for technician in by_team.get(team, ()):
                calendar = (
                    technician.resource_calendar_id or team._get_working_calendar()
                )
                people[calendar, zone] |= technician.resource_id
        bounds = [pytz.utc.localize(moment) for moment in (start, stop)]
        found = {
            # Safe: hours come out of here, not why somebody is absent.
            key: key[0]
            .sudo()
            ._work_intervals_batch(*bounds, resources=resources, tz=key[1])
            for key, resources in people.items()
        }
        teams, technicians = {}, {}
        for team in self:
            zone = team._get_time_zone()
            own = team._get_working_calendar()
            teams[team] = self._get_naive(found[own, zone][False])
            for technician in by_team.get(team, ()):
                calendar = technician.resource_calendar_id or own
                technicians[technician] = self._get_naive(
                    found[calendar, zone][technician.resource_id.id]
                )
        return teams, technicians

    def _get_naive(self, intervals):
        """Return intervals in UTC without time zone, those that touch joined."""
        joined = []
        for start, stop, _record in intervals:
            begin, end = (
                moment.astimezone(pytz.utc).replace(tzinfo=None)
                for moment in (start, stop)
            )
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            elif begin < end:
                joined.append((begin, end))
        return joined

    def _get_capacities(self, start, stop, without=None):
        """Return what the teams can take between two moments.

        Nobody in the team: it counts as one person who can do everything.

        :param without: slots that do not count, because they are about to move
        :return: ({team: Capacity}, {team: working intervals})
        """
        teams, technicians = self._get_presence(start, stop)
        by_team = defaultdict(list)
        for technician, times in technicians.items():
            skills = {*technician.skill_ids.ids, -technician.id}
            by_team[technician.team_id].append((skills, times))
        places = self._get_place_counts()
        capacities = {
            team: Capacity(
                by_team.get(team) or [({EVERYTHING}, teams[team])],
                places[team],
            )
            for team in self
        }
        # Safe: only times come out of here.
        slots = self.env["car.workshop.slot"].sudo()
        for slot in slots.search(
            [
                ("team_id", "in", self.ids),
                ("stop", ">", start),
                ("start", "<", stop),
                ("id", "not in", without.ids if without else []),
            ]
        ):
            source = slot.appointment_id or slot.job_id
            capacities[slot.team_id].add(
                [(max(slot.start, start), min(slot.stop, stop))],
                slot._get_capacity_key(),
                (source._name, source.id),
            )
        return capacities, teams

    def _get_place_counts(self):
        """Map each team to the number of cars its bays hold; 0 is any number.

        A team without bays of its own is not held up by bays.
        """
        bays = self.env["car.workshop.bay"].search(
            [("warehouse_id", "in", self.warehouse_id.ids), ("kind", "=", "repair")]
        )
        own = bays.grouped("team_id")
        shared = bays.filtered(lambda bay: not bay.team_id).grouped("warehouse_id")
        return {
            team: len(own[team]) + len(shared.get(team.warehouse_id, ()))
            if team in own
            else 0
            for team in self
        }

    def _get_backlog_hours(self, without_orders=None):
        """Return the sold hours of cars in the workshop that no slot stands for.

        Work that nobody has handed out yet waits for the first team of its site.

        :param without_orders: orders whose work does not count
        """
        domain = Domain("state", "in", UNFINISHED) & Domain.OR(
            [
                [("team_id", "in", self.ids)],
                [
                    ("team_id", "=", False),
                    ("order_id.warehouse_id", "in", self.warehouse_id.ids),
                ],
            ]
        )
        if without_orders:
            domain &= Domain("order_id", "not in", without_orders.ids)
        hours = dict.fromkeys(self, 0.0)
        # Safe: only hours come out of here.
        rows = self.env["car.repair.job"].sudo()._sum_unplanned_hours(domain)
        sites = self.env["stock.warehouse"].browse(
            {site_id for team_id, site_id, _work in rows if not team_id}
        )
        first = sites.sudo()._get_first_teams()
        for team_id, site_id, work in rows:
            team = self.browse(team_id) if team_id else first[sites.browse(site_id)]
            if team in hours:
                hours[team] += work
        return hours

    def _get_start_grid(self, intervals, after, now):
        """Yield the moments of a team's working time at which work may be booked.

        What begins now is no opening: a time proposed to the second would have passed
        before anybody can take it.
        """
        self.ensure_one()
        zone = self._get_time_zone()
        minutes = max(self.company_id.sudo().car_slot_minutes, 5)
        step = timedelta(minutes=minutes)
        for opening, closing in intervals:
            begin = max(opening, after)
            local = pytz.utc.localize(begin).astimezone(zone)
            passed = timedelta(
                hours=local.hour,
                minutes=local.minute,
                seconds=local.second,
                microseconds=local.microsecond,
            )
            if begin == after and (begin != opening or begin == now):
                begin += -passed % step  # from a full step of the clock
            while begin < closing:
                yield begin
                begin += step

    def _find_free(
        self,
        hours,
        after=None,
        skill=None,
        limit=3,
        bay=None,
        technician=None,
        without=None,
        without_orders=None,
    ):
        """Return the next times at which one of the teams can take the work.

        :param hours: of one technician; work runs on over lunch or to the next day
        :param bay: the bay it needs; else any that is free is proposed
        :param without: slots that do not count, because they are about to move
        :param without_orders: orders whose unplanned work does not come first
        :return: list of dicts (team, bay, start, stop), the earliest first
        """
        if not self or hours <= 0:
            return []
        now = fields.Datetime.now()
        after = max(after or now, now)
        end = after + timedelta(days=SEARCH_DAYS + RUN_DAYS)
        capacities, times = self._get_capacities(now, end, without)
        backlog = self._get_backlog_hours(without_orders)
        bays = bay or self._get_possible_bays()
        occupied = bays._get_occupied(now, end, without)
        key = -technician.id if technician else skill.id if skill else None
        found = []
        for team in self:
            own = bay or team._filter_bays(bays)
            for start in team._get_start_grid(times[team], after, now):
                if len(found) >= limit and start >= found[limit - 1]["start"]:
                    break
                if start > after + timedelta(days=SEARCH_DAYS):
                    break
                pieces = cut_pieces(times[team], start, hours)
                if not capacities[team].is_free(pieces, key):
                    continue
                place = own._get_first_free(occupied, pieces)
                if bay and not place:
                    continue
                stop = pieces[-1][1]
                room = capacities[team].get_free_hours(now, stop)
                if room + 1e-6 < backlog[team] + hours:
                    continue
                found.append({"team": team, "bay": place, "start": start, "stop": stop})
                found.sort(key=lambda free: (free["start"], free["team"].sequence))
                if sum(free["team"] == team for free in found) >= limit:
                    break
        return found[:limit]

    def _get_possible_bays(self):
        """Return the repair bays of the teams, and those of their sites for all."""
        return self.env["car.workshop.bay"].search(
            [
                ("kind", "=", "repair"),
                ("warehouse_id", "in", self.warehouse_id.ids),
                ("team_id", "in", [*self.ids, False]),
            ]
        )

    def _filter_bays(self, bays):
        """Return the bays in which the team may work, its own first."""
        self.ensure_one()
        return bays.filtered(lambda bay: bay.team_id == self) + bays.filtered(
            lambda bay: not bay.team_id and bay.warehouse_id == self.warehouse_id
        )


class CarWorkshopBay(models.Model):
    _inherit = "car.workshop.bay"

    def _get_first_free(self, occupied, pieces):
        """Return the first of the bays that no car occupies at these times."""
        start, stop = pieces[0][0], pieces[-1][1]
        for bay in self:
            if not any(begin < stop and end > start for begin, end in occupied[bay.id]):
                return bay
        return self.browse()
