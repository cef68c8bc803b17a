from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CarAftersalesCommon
from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestCarTargetRuleBook(CarAftersalesCommon):
    def test_the_targets_of_the_rule_book_are_there_from_the_start(self):
        laid_down = {
            "accessory_sales": 0,
            "accessory_stock": 0,
            "parts_sales": 0,
            "insurance_renewals": 0,
            "training_sales": 4,
            "training_technology": 0,
            "training_workshop": 0,
            "training_discussion": 0,
            "training_activity": 3,
        }
        for indicator, value in laid_down.items():
            target = self.env.ref(f"car_aftersales.car_target_{indicator}")
            self.assertEqual(target.indicator, indicator)
            self.assertEqual(target.period, "year")
            self.assertEqual(target.target_value, value, indicator)


@tagged("post_install", "-at_install")
class TestCarTarget(TargetCommon):
    """Actual figures worked out by hand, and how they stand to the target."""

    def _assert_actual(self, target, value):
        self.env.invalidate_all()
        self.assertAlmostEqual(target.actual_value, value)

    def test_the_first_day_of_the_period_is_kept(self):
        target = self._create_target("visits", date_from="2026-05-17", period="quarter")
        self.assertEqual(str(target.date_from), "2026-04-01")
        self.assertEqual(str(target.date_to), "2026-06-30")
        target.period = "month"
        self.assertEqual(str(target.date_to), "2026-04-30")
        target.date_from = "2026-08-09"
        self.assertEqual(str(target.date_from), "2026-08-01")

    def test_labor_and_parts_are_what_was_billed(self):
        labor = self._create_target("labor_revenue")
        parts = self._create_target("parts_sales")
        order = self._create_order()
        self._make_ready(order)
        self._assert_actual(labor, 0.0)
        self._bill(order)
        # Labor 300; filter 50 and oil 4 x 70; before taxes
        self._assert_actual(labor, 300.0)
        self._assert_actual(parts, 330.0)
        self._sell(self.filter, 2, "2026-03-02")
        self._sell(self.filter, 1, "2026-03-03", "out_refund")
        self._assert_actual(parts, 380.0)

    def test_accessories_are_those_of_the_category_and_below(self):
        target = self._create_target("accessory_sales")
        self._sell(self.mat, 3, "2026-03-02")
        self._sell(self.filter, 3, "2026-03-02")
        self._sell(self.mat, 1, "2025-12-31")
        self._assert_actual(target, 540.0)
        self.company.car_accessory_category_id = False
        self._assert_actual(target, 0.0)

    def test_drafts_are_no_sales(self):
        target = self._create_target("accessory_sales")
        self._sell(self.mat, 3, "2026-03-02").button_draft()
        self._assert_actual(target, 0.0)

    def test_a_month_ends_at_midnight_of_the_company(self):
        month = self._create_target("visits", period="month", date_from="2026-03-01")
        year = self._create_target("visits")
        moments = {
            "2026-02-28 16:00:00": 1,  # 1 March, 0:00 in Shanghai
            "2026-02-28 15:59:00": 0,
            "2026-03-31 15:59:00": 1,
            "2026-03-31 16:00:00": 0,
        }
        for moment in moments:
            self._create_order(received_at=moment)
        self._assert_actual(month, 2)
        self._assert_actual(year, 4)

    def test_a_site_counts_its_own_visits(self):
        other = self.env["stock.warehouse"].create({"name": "West", "code": "WE"})
        whole = self._create_target("visits")
        here = self._create_target("visits", warehouse_id=self.warehouse.id)
        there = self._create_target("visits", warehouse_id=other.id)
        self._create_order()
        self._create_order()
        self._create_order(warehouse_id=other.id)
        self._assert_actual(whole, 3)
        self._assert_actual(here, 2)
        self._assert_actual(there, 1)

    def test_calls_count_when_somebody_was_reached(self):
        target = self._create_target("calls_held")
        calls = self.env["car.contact.call"].with_user(self.user_follow_up_clerk)
        for direction, outcome in (
            ("out", "reached"),
            ("visit", "reached"),
            ("out", "no_answer"),
            ("in", "reached"),
        ):
            call = calls.create(
                {
                    "partner_id": self.customer.id,
                    "direction": direction,
                    "summary": "Talked",
                }
            )
            getattr(call, f"action_{outcome}")()
        calls.create({"partner_id": self.customer.id, "summary": "Still talking"})
        self._assert_actual(target, 2)

    def test_trainings_count_by_kind_once_held(self):
        sales = self._create_target("training_sales", 4)
        activity = self._create_target("training_activity", 3)
        for kind, held in (("sales", True), ("sales", False), ("activity", True)):
            training = self.env["car.training"].create(
                {
                    "name": "Talk",
                    "kind": kind,
                    "date": "2026-03-02",
                    "user_ids": [Command.set(self.user_advisor.ids)],
                    "minutes": "<p>Said</p>",
                }
            )
            if held:
                training.action_hold()
        self._assert_actual(sales, 1)
        self._assert_actual(activity, 1)
        self.assertAlmostEqual(sales.progress, 25.0)

    def test_renewals_are_not_measured_without_policies(self):
        target = self._create_target("insurance_renewals")
        self.assertFalse(target.is_measured)
        self.assertEqual(target.status, "unmeasured")

    def test_status_compares_with_the_time_passed(self):
        target = self._create_target("visits", 10, "month")
        for _number in range(3):
            self._create_order(received_at="2026-03-01 02:00:00")
        for day, status in (
            ("2026-03-10", "on_track"),  # nine of 31 days: 2.9 expected
            ("2026-03-11", "behind"),  # ten of 31 days: 3.2 expected
            ("2026-04-01", "missed"),
        ):
            with self._on(day):
                self.env.invalidate_all()
                self.assertEqual(target.status, status, day)
        target.target_value = 3
        self.assertEqual(target.status, "reached")
        target.target_value = 0
        self.assertEqual(target.status, "unset")

    def test_complaints_stay_below_their_limit(self):
        target = self._create_target("complaints", 1, "month")
        points = self.env["car.contact.point"].with_user(self.user_advisor)
        vals = {"partner_id": self.customer.id, "text": "Rattles", "kind": "complaint"}
        points.create(vals)
        points.create({**vals, "kind": "wish"})
        self._assert_actual(target, 1)
        self.assertEqual(target.status, "on_track")
        points.create(vals)
        self.env.invalidate_all()
        self.assertEqual(target.status, "missed")

    def test_two_targets_for_the_same_are_refused(self):
        self._create_target("visits", date_from="2026-03-05")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_target("visits", date_from="2026-07-05")
            self.env.flush_all()

    def test_a_target_below_zero_is_refused(self):
        with self.assertRefused("below zero", ValidationError):
            self._create_target("visits", -1)

    def test_targets_are_copied_to_the_next_period_once(self):
        target = self._create_target("visits", 10, "month")
        copied = target.action_copy_next()
        following = self.env["car.target"].browse(copied["res_id"])
        self.assertEqual(str(following.date_from), "2026-04-01")
        self.assertEqual(following.target_value, 10)
        self.assertFalse(target.action_copy_next())

    def test_a_new_year_takes_over_the_targets_of_the_last(self):
        self._create_target("training_sales", 4)
        self._create_target("visits", 10, "month")
        with self._on("2027-01-01", hour=1):  # still 2026 in UTC
            self.env["car.target"]._cron_count()
            self.env["car.target"]._cron_count()
        renewed = self.env["car.target"].search([("date_from", "=", "2027-01-01")])
        self.assertEqual(renewed.mapped("indicator"), ["training_sales"])
        self.assertEqual(renewed.target_value, 4)

    def test_others_read_and_do_not_write(self):
        target = self._create_target("visits", 10)
        for user in (self.user_workshop_supervisor, self.user_parts_clerk):
            self.assertEqual(target.with_user(user).target_value, 10)
            self.assertEqual(target.with_user(user).actual_value, 0)
            with self.assertRaises(AccessError):
                target.with_user(user).target_value = 1
            with self.assertRaises(AccessError):
                target.with_user(user).action_count()
        for user in (self.user_follow_up_clerk, self.user_technician):
            with self.assertRaises(AccessError):
                target.with_user(user).read(["target_value"])

    def test_another_companys_targets_and_visits_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        target = self._create_target("visits", 10)
        theirs = self.env["car.target"].create(
            {
                "indicator": "visits",
                "target_value": 1,
                "period": "year",
                "date_from": "2026-01-01",
                "company_id": other.id,
            }
        )
        self._create_order()
        self._assert_actual(target, 1)
        self._assert_actual(theirs, 0)
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_supervisor).read(["target_value"])

    def test_many_targets_cost_no_more_queries_than_few(self):
        def read():
            self.env.flush_all()
            targets = self.env["car.target"].with_user(self.user_supervisor).search([])
            self.env.invalidate_all()
            targets.mapped("company_id.currency_id.name")
            before = self.env.cr.sql_log_count
            targets.mapped("actual_text")
            return self.env.cr.sql_log_count - before

        indicators = ("visits", "parts_sales", "accessory_stock", "training_sales")
        for indicator in indicators:
            self._create_target(indicator)
        read()
        few = read()
        for month in range(4, 13):
            for indicator in indicators:
                self._create_target(
                    indicator, period="month", date_from=f"2026-{month:02}-01"
                )
        self.assertEqual(read(), few)
