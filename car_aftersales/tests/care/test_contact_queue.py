from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestContactQueue(CarCareCommon):
    """Who is to be contacted, between which days; nobody forgotten, nobody twice."""

    def _set_due(self, day, vehicle=None):
        vehicle = vehicle or self.vehicle
        self.env.cr.execute(
            "UPDATE car_vehicle SET next_service_due_date = %s WHERE id = %s",
            [day, vehicle.id],
        )
        self.env.invalidate_all()

    # === THE TWO CALLS === #

    def test_the_first_call_lies_three_to_seven_days_after_delivery(self):
        order = self._deliver()
        self._plan()
        task = self._get_tasks("first_call")
        self.assertDays(task, 5, 9, 5)
        self.assertEqual(task.order_id, order)
        self.assertEqual(task.clerk_id, self.clerk)
        self.assertEqual(task.state, "open")

    def test_the_job_never_plans_twice(self):
        self._deliver()
        self._plan()
        self._plan()
        with self._day("2026-03-05"):
            self._plan()
            self.assertEqual(len(self._get_tasks("first_call")), 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_one_contact_for_a_reason(self):
        self._deliver()
        self._plan()
        task = self._get_tasks("first_call").sudo()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            task.copy(
                {
                    "rule_id": task.rule_id.id,
                    "res_model": task.res_model,
                    "res_id": task.res_id,
                    "anchor_date": task.anchor_date,
                }
            )

    def test_missed_days_are_caught_up(self):
        self._deliver()
        with self._day("2026-03-20"):
            self._plan()
            task = self._get_tasks("first_call")
            self.assertDays(task, 5, 9, 20)
            self.assertTrue(task.is_late)
            self.assertIn(
                task, self.env["car.contact.task"].search([("is_late", "=", True)])
            )

    def test_what_is_too_long_ago_is_not_planned(self):
        self._deliver()
        with self._day("2026-04-20"):
            self._plan()
            self.assertFalse(self._get_tasks("first_call"))

    def test_a_weekend_moves_the_call_inside_its_days(self):
        with self._day("2026-03-04"):
            self._deliver()
            self._plan()
        self.assertDays(self._get_tasks("first_call"), 7, 11, 9)

    def test_a_holiday_moves_the_call(self):
        self._deliver()
        self._leave(5)
        self._leave(6)
        self._plan()
        self.assertDays(self._get_tasks("first_call"), 5, 9, 9)

    def test_where_nobody_works_inside_the_days_the_call_still_comes(self):
        self._deliver()
        for day in (5, 6, 9):
            self._leave(day)
        self._plan()
        self.assertDays(self._get_tasks("first_call"), 5, 9, 5)

    def test_the_second_call_follows_the_first_that_was_held(self):
        self._deliver()
        self._plan()
        self.assertFalse(self._get_tasks("second_call"))
        with self._day("2026-03-06"):
            self._reach(self._get_tasks("first_call"))
            self._plan()
            self._plan()
        task = self._get_tasks("second_call")
        self.assertDays(task, 13, 20, 13)

    def test_the_second_call_counts_from_the_last_try(self):
        self._deliver()
        self._plan()
        task = self._get_tasks("first_call")
        for day in ("2026-03-05", "2026-03-06", "2026-03-09"):
            with self._day(day):
                self._talk(task).action_no_answer()
        self.assertEqual((task.state, task.close_reason), ("closed", "not_reached"))
        with self._day("2026-03-10"):
            self._plan()
        self.assertDays(self._get_tasks("second_call"), 16, 23, 16)

    def test_after_an_enquiry_a_setting_adds_the_second_call(self):
        self.env["car.enquiry"].with_user(self.user_advisor).create(
            {
                "partner_id": self.customer.id,
                "question": "Winter tires?",
                "answer": "Yes, next week.",
            }
        )
        self._plan()
        task = self._get_tasks("first_call")
        self.assertDays(task, 5, 9, 5)
        with self._day("2026-03-05"):
            self._reach(task)
            self._plan()
            self.assertFalse(self._get_tasks("second_call"))
            self.company.car_second_call_after_enquiry = True
            self._plan()
            self.assertTrue(self._get_tasks("second_call"))

    def test_who_asked_and_left_a_phone_is_called_too(self):
        enquiry = (
            self.env["car.enquiry"]
            .with_user(self.user_advisor)
            .create(
                {
                    "contact_name": "赵六",
                    "phone": "13700001111",
                    "question": "Brakes?",
                    "answer": "Come by.",
                }
            )
        )
        self._plan()
        task = self.env["car.contact.task"].search([("enquiry_id", "=", enquiry.id)])
        self.assertEqual(task.partner_id.name, "赵六")

    def test_a_visit_without_repair_is_followed_too(self):
        order = self._create_order()
        order.with_user(self.user_advisor).action_decline("refused", "Too expensive")
        self._plan()
        self.assertEqual(self._get_tasks("first_call").order_id, order)

    def test_who_wants_no_contact_after_declining_gets_none(self):
        order = self._create_order()
        order.with_user(self.user_advisor).action_decline(
            "refused", "Too expensive", contact_way="none"
        )
        self._plan()
        self.assertFalse(self._get_tasks("first_call"))

    def test_a_newer_visit_closes_the_call(self):
        self._deliver()
        self._plan()
        with self._day("2026-03-03"):
            self._create_order()
            self._plan()
        task = self._get_tasks("first_call")
        self.assertEqual((task.state, task.close_reason), ("closed", "newer_visit"))

    # === PERMISSION === #

    def test_a_refusal_is_obeyed_before_and_after_planning(self):
        self._deliver()
        self._plan()
        task = self._get_tasks("first_call")
        self.customer.with_user(self.clerk)._record_car_answer(False, "desk")
        self.assertEqual((task.state, task.close_reason), ("closed", "refused"))
        with self.assertRefused("wants no contact"):
            task.action_reopen()
        self._set_due("2026-03-10")
        self._plan()
        due = self._get_tasks("service_due")
        self.assertEqual((due.state, due.close_reason), ("closed", "refused"))

    def test_the_newest_answer_for_purpose_and_channel_counts(self):
        refused = self.customer._get_car_refused
        self.assertFalse(refused("marketing", "phone"))
        self.customer._record_car_answer(False, "desk", purpose="marketing")
        self.assertTrue(refused("marketing", "phone"))
        self.assertFalse(refused("follow_up", "phone"))
        self.customer._record_car_answer(
            True, "desk", purpose="marketing", channel="sms"
        )
        # Two answers at the same moment: the refusal wins.
        self.assertTrue(refused("marketing", "sms"))
        with self._day("2026-03-03"):
            self.customer._record_car_answer(
                True, "desk", purpose="marketing", channel="sms"
            )
            self.assertFalse(refused("marketing", "sms"))
            self.assertTrue(refused("marketing", "phone"))

    def test_what_a_customer_said_stays(self):
        entry = self.customer.with_user(self.clerk)._record_car_answer(False, "desk")
        with self.assertRefused("stays"):
            entry.write({"is_allowed": True})
        with self.assertRaises(AccessError):
            entry.unlink()
        with self.assertRefused("lies in the past"):
            self.env["car.contact.permission"].with_user(self.clerk).create(
                {
                    "partner_id": self.customer.id,
                    "is_allowed": True,
                    "given_at": "2026-04-01",
                }
            )

    def test_odoos_black_list_counts(self):
        self.customer.email = "wang@example.com"
        self.env["mail.blacklist"]._add("wang@example.com")
        self.assertTrue(self.customer._get_car_refused("reminder", "mail"))
        self.assertFalse(self.customer._get_car_refused("reminder", "phone"))

    # === DUE SERVICES === #

    def test_a_due_service_is_planned_before_it_is_due(self):
        self._set_due("2026-03-25")
        self._plan()
        self.assertDays(self._get_tasks("service_due"), 11, 25, 11)

    def test_an_estimate_that_moves_plans_no_second_contact(self):
        self._set_due("2026-03-25")
        self._plan()
        self._set_due("2026-03-28")
        with self._day("2026-03-03"):
            self._plan()
            self.assertEqual(len(self._get_tasks("service_due")), 1)

    def test_a_booking_suppresses_the_reminder(self):
        self._set_due("2026-03-25")
        self._book(self._at(4, 9), vehicle_id=self.vehicle.id, license_plate=False)
        self._plan()
        self.assertFalse(self._get_tasks("service_due"))

    def test_a_booking_closes_it_and_its_end_gives_it_back(self):
        self._set_due("2026-03-25")
        self._plan()
        task = self._get_tasks("service_due")
        appointment = self._book(
            self._at(4, 9), vehicle_id=self.vehicle.id, license_plate=False
        )
        self._plan()
        self.assertEqual((task.state, task.close_reason), ("closed", "booked"))
        appointment.write({"state": "cancelled"})
        self._plan()
        self.assertEqual((task.state, task.close_reason), ("open", False))

    def test_a_sold_car_closes_its_reminders(self):
        self._set_due("2026-03-25")
        self._plan()
        buyer = self.env["res.partner"].create({"name": "李四"})
        self.vehicle.owner_id = buyer
        self._set_due("2026-03-25")
        self._plan()
        task = self._get_tasks("service_due")
        self.assertEqual((task.state, task.close_reason), ("closed", "sold"))

    def test_a_service_done_meanwhile_leaves_nothing_to_remind_of(self):
        self._set_due("2026-03-25")
        self._plan()
        self._set_due("2026-09-25")
        self._plan()
        task = self._get_tasks("service_due")
        self.assertEqual((task.state, task.close_reason), ("closed", "obsolete"))

    def test_declined_work_is_asked_again_once_for_the_visit(self):
        order = self._create_order()
        order.with_user(self.user_advisor).action_decline(
            "refused", "Too expensive", ask_again_date=date(2026, 3, 10)
        )
        self._plan()
        task = self._get_tasks("ask_again")
        self.assertEqual(task.order_id, order)
        self.assertDays(task, 10, 17, 10)

    def test_the_annual_inspection_is_reminded_of(self):
        self.vehicle.inspection_due_date = date(2026, 3, 30)
        self._plan()
        task = self._get_tasks("inspection_expiry")
        self.assertEqual(task.date_to, date(2026, 3, 23))

    # === GREETINGS === #

    def test_birthdays_are_greeted_every_year_also_those_of_29_february(self):
        self.customer.car_birthday = date(1980, 2, 29)
        with self._day("2026-02-20"):
            self._plan()
        task = self._get_tasks("birthday")
        self.assertEqual(task.anchor_date, date(2026, 2, 28))
        with self._day("2027-02-20"):
            self._plan()
            self.assertEqual(len(self._get_tasks("birthday")), 2)
        with self._day("2028-02-20"):
            self._plan()
            self.assertEqual(
                max(self._get_tasks("birthday").mapped("anchor_date")),
                date(2028, 2, 29),
            )

    def test_a_festival_is_greeted_once_however_many_cars(self):
        self._create_vehicle(
            license_plate="京B00002",
            vin="1M8GDM9AXKP042788",
            company_id=self.company.id,
        )
        self.env["car.contact.festival"].create(
            {"name": "Lantern Festival", "date": "2026-03-04"}
        )
        self._plan()
        self.assertEqual(len(self._get_tasks("festival")), 1)

    def test_the_next_service_planned_in_the_file_comes_up(self):
        card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        card.write({"next_kind": "free_check", "next_call_date": "2026-03-12"})
        self._plan()
        self.assertDays(self._get_tasks("next_service"), 12, 19, 12)

    # === NOBODY IS BOTHERED TWICE === #

    def test_contacts_keep_their_distance(self):
        self._deliver()
        self.customer.car_birthday = date(1980, 3, 6)
        self._plan()
        call = self._get_tasks("first_call")
        birthday = self._get_tasks("birthday")
        self.assertEqual(call.call_on, date(2026, 3, 5))
        self.assertEqual(
            (birthday.state, birthday.close_reason), ("closed", "too_often")
        )

    def test_the_promised_call_is_made_whatever_else_was_planned(self):
        self.company.car_contact_gap_days = 10
        with self._day("2026-03-03"):
            self.env["car.contact.task"].with_user(self.clerk).create(
                {"partner_id": self.customer.id, "kind": "care"}
            )
        self._deliver()
        self._plan()
        task = self._get_tasks("first_call")
        self.assertEqual(task.state, "open")
        self.assertTrue(date(2026, 3, 5) <= task.call_on <= date(2026, 3, 9))

    # === HOW MUCH IT COSTS === #

    def test_a_batch_costs_the_same_however_many_customers(self):
        rule = self.env.ref("car_aftersales.car_contact_rule_service")

        def make(count, offset):
            partners = self.env["res.partner"].create(
                [{"name": f"Customer {offset + n}"} for n in range(count)]
            )
            vehicles = self.env["car.vehicle"].create(
                [
                    {
                        "license_plate": f"京Q{offset + n:05d}",
                        "model_id": self.model.id,
                        "owner_id": partner.id,
                        "company_id": self.company.id,
                    }
                    for n, partner in enumerate(partners)
                ]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE car_vehicle SET next_service_due_date = '2026-03-20'"
                " WHERE id = ANY(%s)",
                [vehicles.ids],
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tasks = rule.sudo()._make_tasks()
            self.env.flush_all()
            self.assertEqual(len(tasks), count)
            return self.env.cr.sql_log_count - before

        make(2, 0)
        few = make(3, 100)
        many = make(60, 200)
        self.assertLessEqual(many, few + 2)

    def test_rules_of_another_company_do_not_touch_ours(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        rules = self.env["car.contact.rule"].search([("kind", "=", "first_call")])
        rules.company_id = other
        self._deliver()
        self._plan()
        self.assertFalse(self._get_tasks("first_call"))

    def test_a_second_call_rule_follows_first_calls_only(self):
        with self.assertRefused("follows the first", Exception):
            self.env["car.contact.rule"].create(
                {
                    "name": "Odd",
                    "kind": "second_call",
                    "trigger": "delivered",
                    "days_from": 1,
                    "days_to": 2,
                }
            )

    def test_one_talk_settles_all_that_is_due_with_a_customer(self):
        self._deliver()
        self._plan()
        call_task = self._get_tasks("first_call")
        care = (
            self.env["car.contact.task"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "kind": "care",
                    "vehicle_id": self.vehicle.id,
                }
            )
        )
        with self._day("2026-03-05"):
            call = self._talk(call_task)
            self.assertEqual(call.task_ids, call_task | care)
            call.topic_ids = [Command.set(self.topics[:2].ids)]
            call.action_reached()
        self.assertEqual({call_task.state, care.state}, {"done"})
