from datetime import datetime

import pytz
from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ...tools.capacity import Capacity, cut_pieces
from .booking_common import CarBookingCommon


def at(hour):
    return datetime(2026, 3, 2, hour)


class TestCapacityTool(BaseCase):
    """The arithmetic alone."""

    def test_work_runs_over_lunch(self):
        day = [(at(8), at(12)), (at(13), at(17))]
        self.assertEqual(
            cut_pieces(day, at(11), 3), [(at(11), at(12)), (at(13), at(15))]
        )
        self.assertEqual(cut_pieces(day, at(16), 3), [])

    def test_who_has_two_skills_is_counted_once(self):
        capacity = Capacity([({1, 2}, [(at(8), at(12))]), ({1}, [(at(8), at(12))])])
        morning = [(at(8), at(12))]
        self.assertEqual(capacity.get_least_free(morning, 1), 2)
        capacity.add(morning, 2)
        self.assertEqual(capacity.get_least_free(morning, 2), 0)
        self.assertEqual(capacity.get_least_free(morning, 1), 1)
        capacity.add(morning, None)
        self.assertFalse(capacity.is_free(morning, 1))

    def test_hours_are_counted_piece_by_piece(self):
        capacity = Capacity([({1}, [(at(8), at(12))])])
        capacity.add([(at(9), at(10))])
        self.assertEqual(capacity.get_free_hours(at(8), at(12)), 3)
        self.assertEqual(capacity.find_moment(at(8), 2), at(11))
        self.assertIsNone(capacity.find_moment(at(8), 4))
        self.assertEqual(capacity.get_booked_hours(at(8), at(12)), 1)

    def test_nobody_is_free_outside_working_time(self):
        capacity = Capacity([({1}, [(at(8), at(12))])])
        self.assertFalse(capacity.is_free([(at(11), at(13))]))
        self.assertFalse(Capacity([]).is_free([(at(11), at(12))]))

    def test_bays_limit_the_cars(self):
        capacity = Capacity([({1}, [(at(8), at(12))])] * 3, places=1)
        self.assertTrue(capacity.is_free([(at(8), at(9))]))
        capacity.add([(at(8), at(9))], car="first")
        self.assertFalse(capacity.is_free([(at(8), at(9))]))


@tagged("post_install", "-at_install")
class TestCapacity(CarBookingCommon):
    """What a team can take: hours, lunch, absences, holidays, daylight saving."""

    def test_next_times_lie_on_the_grid_in_working_hours(self):
        # Monday ten o'clock; work may run on over lunch and to the next day.
        self.assertEqual(
            self._find(2, self._at(2, 11, 10)), ["02 11:30", "02 13:00", "02 13:30"]
        )
        self.assertEqual(
            self._find(2, self._at(2, 16), limit=2), ["02 16:00", "02 16:30"]
        )
        self.company.car_slot_minutes = 60
        self.assertEqual(
            self._find(2, self._at(2, 10, 10)), ["02 11:00", "02 13:00", "02 14:00"]
        )

    def test_weekend_is_skipped(self):
        self.assertEqual(self._find(1, self._at(6, 17), limit=1), ["09 08:00"])

    def test_the_past_is_not_proposed(self):
        self.assertEqual(self._find(1, self._at(1, 8), limit=1), ["02 10:00"])

    def test_booked_time_is_not_free(self):
        self._book(self._at(3, 9), 2)
        self.assertEqual(
            self._find(1, self._at(3, 8)), ["03 08:00", "03 11:00", "03 11:30"]
        )

    def test_work_over_lunch_is_two_pieces(self):
        appointment = self._book(self._at(3, 11), 3)
        self.assertEqual(
            self._get_pieces(appointment),
            [("03 11:00", "03 12:00"), ("03 13:00", "03 15:00")],
        )
        self.assertEqual(self._clock(appointment.stop_at), "03 15:00")

    def test_work_runs_to_the_next_day(self):
        appointment = self._book(self._at(6, 15), 4)
        self.assertEqual(
            self._get_pieces(appointment),
            [("06 15:00", "06 17:00"), ("09 08:00", "09 10:00")],
        )

    def test_absent_technician_is_not_counted(self):
        self._leave(3, 8, 12, self.technician)
        self.assertEqual(self._find(1, self._at(3, 8), limit=1), ["03 13:00"])
        self._create_technician("Zhang", self.team)
        self.assertEqual(self._find(1, self._at(3, 8), limit=1), ["03 08:00"])

    def test_public_holiday_closes_the_team(self):
        self._leave(3)
        self.assertEqual(self._find(1, self._at(3, 8), limit=1), ["04 08:00"])

    def test_technicians_work_their_own_hours(self):
        evening = self._create_calendar("Asia/Shanghai")
        evening.attendance_ids.filtered(lambda line: line.hour_from == 8).unlink()
        self.technician.resource_calendar_id = evening
        self.assertEqual(self._find(1, self._at(3, 8), limit=1), ["03 13:00"])

    def test_two_teams_are_looked_at_together(self):
        other = self._create_team("Body")
        self._create_technician("Qian", other)
        self._book(self._at(3, 8), 8)
        free = (self.team | other)._find_free(2, after=self._at(3, 8), limit=1)
        self.assertEqual(free[0]["team"], other)
        self.assertEqual(self._find(2, self._at(3, 8), limit=1), ["04 08:00"])

    def test_skill_is_what_only_some_can(self):
        self._create_technician("Liu", self.team, self.skill)
        self._book(self._at(3, 8), 4, skill_id=self.skill.id)
        self.assertEqual(
            self._find(1, self._at(3, 8), skill=self.skill, limit=1), ["03 13:00"]
        )
        self.assertEqual(self._find(1, self._at(3, 8), limit=1), ["03 08:00"])

    def test_team_without_technicians_counts_as_one(self):
        empty = self._create_team("New")
        self.assertEqual(self._find(1, self._at(3, 8), empty, limit=1), ["03 08:00"])
        self._book(self._at(3, 8), 8, team_id=empty.id)
        self.assertEqual(self._find(1, self._at(3, 8), empty, limit=1), ["04 08:00"])

    def test_cars_in_the_workshop_without_time_come_first(self):
        order = self._create_order()
        order.job_ids.team_id = self.team
        self._authorize(order)
        # An hour and a half of sold work is waiting.
        self.assertEqual(self._find(1, self._at(2, 10), limit=1), ["02 11:30"])
        self._work(order)
        self.assertEqual(self._find(1, self._at(2, 10), limit=1), ["02 10:00"])

    def test_a_bay_is_proposed_that_is_free(self):
        bays = self.env["car.workshop.bay"].create(
            [{"name": name, "team_id": self.team.id} for name in ("Lift 1", "Lift 2")]
        )
        self._create_technician("Zhang", self.team)
        self._book(self._at(3, 8), 4, bay_id=bays[0].id)
        free = self.team._find_free(1, after=self._at(3, 8), limit=1)
        self.assertEqual(free[0]["bay"], bays[1])
        self.assertEqual(
            self._find(1, self._at(3, 8), bay=bays[0], limit=1), ["03 13:00"]
        )

    def test_daylight_saving_keeps_the_hours_of_the_clock(self):
        berlin = pytz.timezone("Europe/Berlin")
        calendar = self._create_calendar("Europe/Berlin")
        team = self._create_team("Berlin", resource_calendar_id=calendar.id)
        self._create_technician("Hans", team)
        # The clock goes forward on Sunday, 29 March 2026.
        friday = self._at(27, 16, zone=berlin)
        appointment = self._book(friday, 3, team_id=team.id)
        pieces = [
            (self._clock(slot.start, berlin), self._clock(slot.stop, berlin))
            for slot in appointment.sudo().slot_ids.sorted("start")
        ]
        self.assertEqual(pieces, [("27 16:00", "27 17:00"), ("30 08:00", "30 10:00")])
        self.assertEqual(
            appointment.sudo().slot_ids.sorted("start")[1].start,
            datetime(2026, 3, 30, 6, 0),
        )
        free = team._find_free(1, after=self._at(30, 8, zone=berlin), limit=1)
        self.assertEqual(self._clock(free[0]["start"], berlin), "30 10:00")
        self.assertEqual(appointment.start_day.day, 27)

    def test_time_follows_the_job_to_another_team(self):
        appointment = self._book(self._at(2, 10), 2, vehicle_id=self.vehicle.id)
        appointment.action_arrive()
        other = self._create_team("Body")
        second = self._create_technician("Qian", other)
        appointment.order_id.job_ids.with_user(self.user_workshop_supervisor).write(
            {"team_id": other.id, "technician_ids": second.ids}
        )
        slot = appointment.sudo().slot_ids
        self.assertEqual(slot.team_id, other)
        self.assertEqual(slot.technician_id, second)
        self.assertEqual(self._find(1, self._at(2, 10), limit=1), ["02 10:00"])
        self.assertEqual(self._find(1, self._at(2, 10), other, limit=1), ["02 13:00"])

    def test_time_of_a_finished_job_is_given_back(self):
        appointment = self._book(self._at(2, 10), 4, vehicle_id=self.vehicle.id)
        appointment.action_arrive()
        job = appointment.order_id.job_ids
        self.assertEqual(sum(job.sudo().slot_ids.mapped("hours")), 4)
        self.assertEqual(self._find(1, self._at(2, 10), limit=1), ["02 15:00"])
        with freeze_time(self._at(2, 11)):
            job.sudo().slot_ids._release()
        self.assertEqual(sum(job.sudo().slot_ids.mapped("hours")), 1)
        self.assertEqual(self._find(1, self._at(2, 11), limit=1), ["02 11:00"])
