from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import FROZEN_NOW
from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkSession(CarWorkshopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        technicians = cls.env["car.technician"]
        cls.team = cls.env["car.workshop.team"].create({"name": "Mechanics"})
        cls.other_team = cls.env["car.workshop.team"].create({"name": "Body"})
        cls.li, cls.zhang = technicians.create(
            [
                {
                    "name": "Li Wei",
                    "user_id": cls.user_technician.id,
                    "team_id": cls.team.id,
                    "hourly_cost": 80.0,
                },
                {"name": "Zhang San", "team_id": cls.team.id, "hourly_cost": 100.0},
            ]
        )
        cls.user_zhang = cls.user_technician.copy({"login": "car_zhang"})
        cls.zhang.user_id = cls.user_zhang

    def _create_job(self, **values):
        """Return an agreed job as the technician sees it."""
        order = self._create_order()
        self._authorize(order)
        job = order.job_ids
        if values:
            job.with_user(self.user_workshop_supervisor).write(values)
        return job.with_user(self.user_technician)

    def _sessions(self, job):
        return job.sudo().session_ids.sorted("started_at")

    # === START, PAUSE, RESUME, FINISH === #

    def test_a_new_record_of_time_has_no_name_of_commas(self):
        draft = self.env["car.work.session"].new({})
        self.assertFalse(draft.display_name)
        draft.technician_id = self.li
        self.assertEqual(draft.display_name, "Li Wei")

    def test_time_runs_from_start_to_finish(self):
        job = self._create_job()
        job.action_start()
        session = self._sessions(job)
        self.assertEqual(session.technician_id, self.li)
        self.assertEqual(session.started_at, FROZEN_NOW)
        self.assertTrue(job.is_working)
        self.assertEqual(job.worker_names, "Li Wei")
        self.assertEqual(job.technician_ids, self.li)
        with freeze_time(FROZEN_NOW + timedelta(hours=1, minutes=30)):
            job.action_finish()
        self.assertEqual(job.state, "done")
        self.assertEqual(session.stop_reason, "finished")
        self.assertEqual(session.hours, 1.5)
        self.assertEqual(job.worked_hours, 1.5)
        self.assertFalse(job.is_working)

    def test_pause_takes_a_reason_and_shows_what_the_job_waits_for(self):
        job = self._create_job()
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(minutes=30)):
            job.action_pause("parts", "Gasket is wrong")
        self.assertEqual(self._sessions(job).stop_reason, "parts")
        self.assertEqual(job.waiting_reason, "Waiting for parts: Gasket is wrong")
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            job.action_resume()
            self.assertFalse(job.waiting_reason)
        with freeze_time(FROZEN_NOW + timedelta(hours=3)):
            job.action_finish()
        self.assertEqual(self._sessions(job).mapped("hours"), [0.5, 1.0])

    def test_pause_without_a_reason_asks_for_it(self):
        job = self._create_job()
        job.action_start()
        action = job.action_pause()
        self.assertEqual(action["res_model"], "car.work.pause")
        dialog = self.env["car.work.pause"].with_user(self.user_technician)
        dialog.create({"job_id": job.id, "reason": "break"}).action_confirm()
        self.assertFalse(job.is_working)
        self.assertFalse(job.waiting_reason)
        with self.assertRefused("choose why"):
            job.action_pause("because")

    def test_who_does_not_work_on_a_job_cannot_pause_it(self):
        job = self._create_job()
        with self.assertRefused("you are not working on it"):
            job.action_pause("break")
        job.action_start()
        with self.assertRefused("you are not working on it"):
            job.with_user(self.user_zhang).action_pause("break")

    def test_a_second_job_waits_until_the_first_is_paused(self):
        first, second = self._create_job(), self._create_job()
        first.action_start()
        with self.assertRefused(f"one job at a time.*{first.order_number}"):
            second.action_start()
        self.assertEqual(second.state, "authorized")
        first.action_pause("parts")
        second.action_start()
        with self.assertRefused("one job at a time"):
            first.action_resume()

    def test_several_jobs_at_a_time_where_the_setting_allows_it(self):
        self.env.company.car_parallel_jobs = True
        first, second = self._create_job(), self._create_job()
        first.action_start()
        second.action_start()
        self.assertTrue(first.is_working and second.is_working)
        with self.assertRefused("Pause or finish"):
            first.action_resume()

    def test_the_database_keeps_a_second_running_job_out(self):
        first, second = self._create_job(), self._create_job()
        first.action_start()
        session = self._sessions(first)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            session.create(
                {
                    "job_id": second.id,
                    "technician_id": self.li.id,
                    "running_technician_id": self.li.id,
                }
            )

    def test_two_technicians_share_a_job(self):
        job = self._create_job(team_id=self.team.id)
        job.action_start()
        job.with_user(self.user_zhang).action_resume()
        self.assertEqual(job.technician_ids, self.li | self.zhang)
        self.assertEqual(job._get_workers(), self.li | self.zhang)
        with self.assertRefused("Li Wei is still working"):
            job.with_user(self.user_zhang).action_finish()
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            job.action_pause("part_done")
            self.assertFalse(job.waiting_reason)
            job.with_user(self.user_zhang).action_finish()
        self.assertEqual(job.worked_hours, 2.0)

    def test_a_job_of_another_team_is_handed_out_by_the_supervisor(self):
        job = self._create_job(team_id=self.other_team.id)
        with self.assertRefused("is given to Body"):
            job.action_start()
        self.assertEqual(job.state, "authorized")
        job.with_user(self.user_workshop_supervisor).technician_ids = self.li
        job.action_start()
        self.assertTrue(job.is_working)

    def test_a_closed_job_stops_the_time(self):
        job = self._create_job()
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            job.with_user(self.user_workshop_supervisor).action_defer(
                "The part is far away", FROZEN_NOW.date() + timedelta(days=21)
            )
        self.assertEqual(self._sessions(job).stop_reason, "closed")

    def test_start_before_consent_opens_no_time(self):
        job = self._create_order().job_ids.with_user(self.user_technician)
        job.with_user(self.user_advisor).write({"state": "estimated"})
        with self.assertRefused("cannot become"):
            job.action_start()
        self.assertFalse(self._sessions(job))

    # === TYPED AND CORRECTED === #

    def test_typed_time_says_why(self):
        job = self._create_job()
        job.action_start()
        job.action_pause("break")
        vals = {
            "job_id": job.id,
            "started_at": FROZEN_NOW - timedelta(hours=3),
            "stopped_at": FROZEN_NOW - timedelta(hours=2),
        }
        sessions = self.env["car.work.session"].with_user(self.user_technician)
        with self.assertRefused("needs a reason", ValidationError):
            sessions.create(vals)
        session = sessions.create({**vals, "reason": "Tablet was broken"})
        self.assertEqual(session.technician_id, self.li)
        self.assertTrue(session.is_typed)
        self.assertEqual(session.hours, 1.0)

    def test_typed_time_that_nobody_can_have_worked_is_refused(self):
        job = self._create_job()
        job.action_start()
        sessions = self.env["car.work.session"].with_user(self.user_technician)
        start = FROZEN_NOW - timedelta(hours=1)
        vals = {"job_id": job.id, "started_at": start, "reason": "Forgotten"}
        with self.assertRefused("a start, an end and a reason"):
            sessions.create(vals)
        with self.assertRefused("not over yet", ValidationError):
            sessions.create({**vals, "stopped_at": FROZEN_NOW + timedelta(hours=1)})
        sessions.create({**vals, "stopped_at": FROZEN_NOW})
        with self.assertRefused("worked on", ValidationError):
            sessions.create({**vals, "stopped_at": FROZEN_NOW - timedelta(minutes=5)})
        other = self._create_job()
        with self.assertRefused("has not been started"):
            sessions.create(
                {
                    "job_id": other.id,
                    "started_at": start - timedelta(hours=3),
                    "stopped_at": start - timedelta(hours=2),
                    "reason": "Forgotten",
                }
            )

    def test_a_technician_writes_neither_others_time_nor_clocked_time(self):
        job = self._create_job(team_id=self.team.id)
        job.action_start()
        session = self._sessions(job).with_user(self.user_technician)
        with self.assertRefused("corrected by the workshop supervisor", AccessError):
            session.write({"started_at": FROZEN_NOW - timedelta(hours=5)})
        with self.assertRefused("corrected by the workshop supervisor", AccessError):
            session.write({"technician_id": self.zhang.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            session.unlink()
        vals = {
            "job_id": job.id,
            "technician_id": self.zhang.id,
            "started_at": FROZEN_NOW - timedelta(hours=2),
            "stopped_at": FROZEN_NOW - timedelta(hours=1),
            "reason": "For him",
        }
        with self.assertRaises(AccessError), self.cr.savepoint():
            session.create(vals)
        # Nor does one who also sits at the front desk and sees everybody's.
        self._add_group(self.user_technician, "supervisor")
        with self.assertRefused("your own work only", AccessError):
            session.create(vals)
        session.note = "Rusty bolts"
        self.assertEqual(session.note, "Rusty bolts")

    def test_a_technician_sees_his_own_time_only(self):
        job = self._create_job(team_id=self.team.id)
        job.action_start()
        session = self._sessions(job)
        found = self.env["car.work.session"].with_user(self.user_zhang).search([])
        self.assertNotIn(session, found)
        with self.assertRaises(AccessError):
            session.with_user(self.user_technician).read(["labor_cost"])
        with self.assertRaises(AccessError):
            self.env["car.work.session"].with_user(self.user_advisor).search([])

    def test_the_supervisor_corrects_with_a_reason(self):
        job = self._create_job()
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(hours=9)):
            session = self._sessions(job).with_user(self.user_workshop_supervisor)
            session.action_stop()
            with self.assertRefused("needs a reason"):
                session.stopped_at = FROZEN_NOW + timedelta(hours=2)
            session.write(
                {
                    "stopped_at": FROZEN_NOW + timedelta(hours=2),
                    "reason": "Went home",
                }
            )
        self.assertEqual(session.hours, 2.0)
        messages = job.sudo().message_ids.mapped("body")
        self.assertTrue(any("Went home" in body for body in messages))

    def test_time_that_was_given_an_end_runs_no_more(self):
        job, other = self._create_job(), self._create_job()
        job.action_start()
        session = self._sessions(job).with_user(self.user_workshop_supervisor)
        with self.assertRefused("a start, an end and a reason"):
            session.write({"stopped_at": False, "reason": "Goes on"})
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            session.write(
                {"stopped_at": FROZEN_NOW + timedelta(hours=1), "reason": "Forgotten"}
            )
            other.action_start()
        self.assertTrue(other.is_working)

    def test_only_the_supervisor_stops_others(self):
        job = self._create_job()
        job.action_start()
        session = self._sessions(job).with_user(self.user_technician)
        with self.assertRefused("Only the workshop supervisor", AccessError):
            session.action_stop()

    def test_forgotten_time_ends_with_the_working_day(self):
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        job = self._create_job()
        job.action_start()  # ten in the morning in Shanghai
        with freeze_time(FROZEN_NOW + timedelta(hours=12)):
            self.env["car.work.session"]._cron_stop_forgotten()
            self.assertFalse(self._sessions(job).stopped_at)  # the same day still
        with freeze_time(FROZEN_NOW + timedelta(days=1)):
            self.env["car.work.session"]._cron_stop_forgotten()
            session = self._sessions(job)
        self.assertEqual(session.stop_reason, "forgotten")
        self.assertEqual(session.hours, 7.0)  # until five in the afternoon

    # === COST AND FIGURES === #

    def test_labor_cost_is_the_real_time_of_each(self):
        job = self._create_job(team_id=self.team.id)
        cost = job.sudo()._get_cost()
        job.action_start()
        job.with_user(self.user_zhang).action_resume()
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            job.with_user(self.user_zhang).action_pause("part_done")
        with freeze_time(FROZEN_NOW + timedelta(hours=3)):
            job.action_finish()
        # Li three hours at 80, Zhang two at 100
        self.assertEqual(job.sudo()._get_cost() - cost, 3 * 80.0 + 2 * 100.0)
        self.li.hourly_cost = 500.0  # what comes later does not change it
        self.assertEqual(job.sudo()._get_cost() - cost, 440.0)

    def test_efficiency_productivity_and_their_product(self):
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        job = self._create_job(team_id=self.team.id)  # 1.5 hours sold
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            job.action_pause("part_done")
            job.with_user(self.user_zhang).action_resume()
        with freeze_time(FROZEN_NOW + timedelta(hours=3)):
            job.with_user(self.user_zhang).action_finish()
        day = FROZEN_NOW.date()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.zhang.resource_id.id,
                "calendar_id": calendar.id,
                "date_from": FROZEN_NOW + timedelta(hours=3),  # one in the afternoon
                "date_to": FROZEN_NOW + timedelta(hours=9),
            }
        )
        days = self.env["car.technician.day"]
        days._refresh(self.env.company, day, day)
        li = days.search([("technician_id", "=", self.li.id)])
        zhang = days.search([("technician_id", "=", self.zhang.id)])
        # Li: 2 of 3 hours, so 1.0 of 1.5 sold; 8 hours present
        self.assertEqual((li.sold_hours, li.worked_hours, li.present_hours), (1, 2, 8))
        self.assertEqual((li.efficiency, li.productivity), (50.0, 25.0))
        self.assertEqual(li.proficiency, 12.5)
        # Zhang: 1 of 3 hours; absent from one o'clock on
        self.assertEqual((zhang.sold_hours, zhang.worked_hours), (0.5, 1.0))
        self.assertEqual(zhang.present_hours, 4.0)
        # Together: 1.5 sold, 3 worked, 12 present; not the mean of the two
        [(_company, efficiency, productivity)] = days._read_group(
            [("technician_id", "in", (self.li | self.zhang).ids)],
            ["company_id"],
            ["efficiency:avg", "productivity:avg"],
        )
        self.assertEqual((efficiency, productivity), (50.0, 25.0))

    def test_hours_are_counted_anew_and_not_twice(self):
        job = self._create_job()
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            job.action_finish()
        day = FROZEN_NOW.date()
        days = self.env["car.technician.day"]
        days._refresh(self.env.company, day, day)
        first = days.search([("technician_id", "=", self.li.id)])
        session = self._sessions(job)
        with freeze_time(FROZEN_NOW + timedelta(hours=3)):
            session.with_user(self.user_workshop_supervisor).write(
                {"stopped_at": FROZEN_NOW + timedelta(hours=1), "reason": "Lunch"}
            )
        days._refresh(self.env.company, day, day)
        again = days.search([("technician_id", "=", self.li.id)])
        self.assertEqual(again, first)
        self.assertEqual(again.worked_hours, 1.0)

    def test_figures_are_opened_by_those_who_lead(self):
        days = self.env["car.technician.day"]
        action = days.with_user(self.user_workshop_supervisor).action_open()
        self.assertEqual(action["res_model"], "car.technician.day")
        with self.assertRaises(AccessError):
            days.with_user(self.user_technician).action_open()

    def test_counting_takes_the_same_queries_for_many(self):
        day = FROZEN_NOW.date()
        days = self.env["car.technician.day"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            days._refresh(self.env.company, day, day)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        job = self._create_job()
        job.action_start()
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            job.action_finish()
        count()
        few = count()
        people = self.env["car.technician"].create(
            [{"name": f"Technician {number}"} for number in range(20)]
        )
        session = self._sessions(job)
        session.copy({"technician_id": people[0].id})
        count()
        self.assertLessEqual(count(), few)
        with self.assertRaises(UserError):
            self.env["car.work.session"].with_user(self.user_technician).create(
                {"job_id": job.id}
            )
