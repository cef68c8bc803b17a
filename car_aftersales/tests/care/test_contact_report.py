from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import tagged

from .reports_common import ReportsCommon


@tagged("post_install", "-at_install")
class TestContactReport(ReportsCommon):
    """Whether contacts were made in their days, and what reminders brought (R-236)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_reminder_hit_days = 10

    def _get_row(self, task, user=None):
        self.env.invalidate_all()
        return (
            self.env["car.contact.report"]
            .with_user(user or self.user_supervisor)
            .search([("task_id", "=", task.id)])
        )

    def _remind(self, day, number=0, **values):
        """Return a reminder held on a day, about a car and customer of its own."""
        owner = self._create_customer(f"车主{number}", phone=f"1380013900{number}")
        vehicle = self._create_vehicle(
            license_plate=f"京B0000{number}", vin=False, owner_id=owner.id
        )
        task = self._create_task(
            day,
            day,
            kind="service_due",
            purpose="reminder",
            partner_id=owner.id,
            vehicle_id=vehicle.id,
            **values,
        )
        self._hold(task, day)
        return task

    def _book(self, task, day):
        with self._on(day):
            appointment = (
                self.env["car.appointment"]
                .with_user(self.user_advisor)
                .create(
                    {
                        "partner_id": task.partner_id.id,
                        "vehicle_id": task.vehicle_id.id,
                    }
                )
            )
            # The database stamps its own clock.
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE car_appointment SET create_date = %s WHERE id = %s",
                [self.company._get_car_midnight(Date.to_date(day)), appointment.id],
            )
        return appointment

    def _receive(self, vehicle, day):
        with self._on(day):
            return (
                self.env["car.repair.order"]
                .with_user(self.user_advisor)
                .create({"vehicle_id": vehicle.id})
            )

    def test_calls_made_inside_and_outside_their_days(self):
        inside = self._create_task("2026-03-02", "2026-03-06")
        self._hold(inside, "2026-03-06")
        late = self._create_task("2026-03-02", "2026-03-06")
        self._hold(late, "2026-03-07")
        forgotten = self._create_task("2026-03-02", "2026-03-06")
        to_come = self._create_task("2026-03-09", "2026-03-15")
        gone = self._create_task("2026-03-02", "2026-03-06")
        gone.sudo()._close("newer_visit")
        with self._on("2026-03-10"):
            rows = [
                self._get_row(task) for task in (inside, late, forgotten, to_come, gone)
            ]
            self.assertEqual([row.done_count for row in rows], [1, 1, 0, 0, 0])
            self.assertEqual([row.in_time_count for row in rows], [1, 0, 0, 0, 0])
            # Of three that were to be made by now one was made inside its days
            total = (
                self.env["car.contact.report"]
                .with_user(self.user_supervisor)
                ._read_group(
                    [
                        (
                            "task_id",
                            "in",
                            (inside | late | forgotten | to_come | gone).ids,
                        )
                    ],
                    [],
                    ["task_count:sum", "in_time_rate:avg"],
                )[0]
            )
            self.assertEqual(total[0], 5)
            self.assertAlmostEqual(total[1], 100 / 3)

    def test_response_to_a_reminder(self):
        came = self._remind("2026-03-02", 1)
        booked = self._remind("2026-03-02", 2)
        too_late = self._remind("2026-03-02", 3)
        nothing = self._remind("2026-03-02", 4)
        fresh = self._remind("2026-03-09", 5)
        cancelled = self._remind("2026-03-02", 6)
        self._receive(came.vehicle_id, "2026-03-12")  # the tenth day after
        self._book(booked, "2026-03-04")
        self._receive(too_late.vehicle_id, "2026-03-13")  # the eleventh
        self._book(cancelled, "2026-03-04").action_cancel()
        with self._on("2026-03-14"):
            found = {
                task: self._get_row(task).response
                for task in (came, booked, too_late, nothing, fresh, cancelled)
            }
            self.assertEqual(
                found,
                {
                    came: "visited",
                    booked: "booked",
                    too_late: "none",
                    nothing: "none",
                    fresh: "waiting",
                    cancelled: "none",
                },
            )
            rows = self.env["car.contact.report"].with_user(self.user_supervisor)
            total = rows._read_group(
                [("task_id", "in", [task.id for task in found])],
                [],
                ["reminded_count:sum", "hit_count:sum", "hit_rate:avg"],
            )[0]
            self.assertEqual(total[:2], (6, 2))
            self.assertAlmostEqual(total[2], 100 / 3)

    def test_a_first_call_is_no_reminder(self):
        task = self._create_task("2026-03-02", "2026-03-02")
        self._hold(task, "2026-03-02")
        self._receive(self.vehicle, "2026-03-03")
        row = self._get_row(task)
        self.assertFalse(row.is_reminder)
        self.assertFalse(row.response)
        self.assertEqual((row.reminded_count, row.hit_count), (0, 0))

    def test_reminder_without_a_car_is_about_the_customer(self):
        owner = self._create_customer("没有车的人")
        task = self._create_task(
            "2026-03-02",
            "2026-03-02",
            kind="next_service",
            partner_id=owner.id,
            vehicle_id=False,
        )
        self._hold(task, "2026-03-02")
        with self._on("2026-03-05"):
            self.assertEqual(self._get_row(task).response, "waiting")
        vehicle = self._create_other_vehicle(owner, "京C11111", False)
        self._receive(vehicle, "2026-03-05")
        with self._on("2026-03-05"):
            self.assertEqual(self._get_row(task).response, "visited")

    def test_clerks_work_off_the_list_of_reminded_and_not_booked(self):
        nothing = self._remind("2026-03-02", 4)
        booked = self._remind("2026-03-02", 2)
        self._book(booked, "2026-03-04")
        action = self.env.ref("car_aftersales.car_contact_report_action_not_booked")
        rows = self.env["car.contact.report"].with_user(self.user_follow_up_clerk)
        with self._on("2026-03-14"):
            listed = rows.search(
                [
                    *literal_eval(action.domain),
                    ("task_id", "in", (nothing | booked).ids),
                ]
            )
        self.assertEqual(listed.task_id, nothing)
        planned = listed.action_plan_contact()
        again = (
            self.env[planned["res_model"]]
            .with_user(self.user_follow_up_clerk)
            .with_context(**planned["context"])
            .create({})
        )
        self.assertEqual(again.partner_id, nothing.partner_id)
        self.assertEqual(again.vehicle_id, nothing.vehicle_id)
        self.assertEqual(again.clerk_id, self.user_follow_up_clerk)

    def test_others_do_not_analyse_customers(self):
        task = self._create_task("2026-03-02", "2026-03-06")
        for user in (self.user_technician, self.user_gate, self.user_advisor):
            with self.assertRaises(AccessError):
                self._get_row(task, user)

    def test_only_supervisors_take_the_rows_out(self):
        task = self._create_task("2026-03-02", "2026-03-06")
        with self.assertRaises(AccessError):
            self._get_row(task, self.user_follow_up_clerk).export_data(["kind"])
        self.assertTrue(self._get_row(task).export_data(["kind"])["datas"])

    def test_another_companys_contacts_are_not_analysed(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        task = self._create_task(
            "2026-03-02", "2026-03-06", company_id=other.id, vehicle_id=False
        )
        self.assertFalse(self._get_row(task))
