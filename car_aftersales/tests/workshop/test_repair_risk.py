from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestRepairRisk(CarBookingCommon):
    """Now is Monday ten; the team works 8 to 12 and 13 to 17: six hours are left."""

    def _create_work(self, hours, promised_in, **values):
        """Return an order with so many hours of work, promised in so many hours."""
        line = {"product_id": self.labor.id, "sold_hours": hours}
        order = self._create_order(
            lines=[line],
            promised_at=FROZEN_NOW + timedelta(hours=promised_in),
            **values,
        )
        order.job_ids.team_id = self.team
        return order

    def _find_at_risk(self, orders):
        found = self.env["car.repair.order"].with_user(self.user_advisor)
        return found.search([("is_at_risk", "=", True), ("id", "in", orders.ids)])

    def test_work_that_fits_before_the_promise_is_not_at_risk(self):
        order = self._create_work(6.0, promised_in=7)  # five in the afternoon
        self.assertFalse(order.is_at_risk)
        self.assertAlmostEqual(order.remaining_hours, 6.0)
        self.assertAlmostEqual(order.hours_to_promise, 6.0)
        self.assertFalse(self._find_at_risk(order))

    def test_work_that_does_not_fit_is_at_risk_before_the_promise_is_broken(self):
        order = self._create_work(6.25, promised_in=7)
        self.assertTrue(order.is_at_risk)
        self.assertFalse(order.is_late)
        self.assertEqual(self._find_at_risk(order), order)

    def test_lunch_night_and_weekend_do_not_count(self):
        lunch = self._create_work(2.5, promised_in=3)  # 10 to 12, promised at one
        self.assertAlmostEqual(lunch.hours_to_promise, 2.0)
        self.assertTrue(lunch.is_at_risk)
        # Next Monday at nine: Monday 6, Tuesday to Friday 32, then 1 hour.
        week = self._create_work(39.0, promised_in=7 * 24 - 1)
        self.assertAlmostEqual(week.hours_to_promise, 39.0)
        self.assertFalse(week.is_at_risk)
        week.job_ids.line_ids.sold_hours = 39.5
        self.assertTrue(week.is_at_risk)

    def test_time_runs_out_while_nothing_is_done(self):
        order = self._create_work(3.0, promised_in=7)
        self._authorize(order)
        with freeze_time(FROZEN_NOW + timedelta(hours=3)):  # one o'clock: 4 hours
            order.invalidate_recordset()
            self.assertFalse(order.is_at_risk)
        with freeze_time(FROZEN_NOW + timedelta(hours=4, minutes=30)):
            order.invalidate_recordset()
            self.assertAlmostEqual(order.hours_to_promise, 2.5)
            self.assertTrue(order.is_at_risk)
            self._work(order)
            self.assertFalse(order.is_at_risk, "the work is done")
        with freeze_time(FROZEN_NOW + timedelta(hours=8)):
            order.invalidate_recordset()
            self.assertFalse(order.is_at_risk, "late is told apart")
            self.assertTrue(order.is_late)

    def test_declined_work_and_second_plans_do_not_count(self):
        order = self._create_work(4.0, promised_in=7)
        plan = self.env["car.repair.job"].create(
            {
                "order_id": order.id,
                "name": "Other plan",
                "alternative_to_id": order.job_ids.id,
                "line_ids": [
                    Command.create({"product_id": self.labor.id, "sold_hours": 9.0})
                ],
            }
        )
        order.invalidate_recordset()
        self.assertTrue(plan._is_second_plan())
        self.assertAlmostEqual(order.remaining_hours, 4.0)

    def test_a_holiday_leaves_less_time(self):
        order = self._create_work(3.0, promised_in=7)
        self.assertFalse(order.is_at_risk)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Festival",
                "calendar_id": self.calendar.id,
                "date_from": FROZEN_NOW + timedelta(hours=3),
                "date_to": FROZEN_NOW + timedelta(hours=7),
            }
        )
        order.invalidate_recordset()
        self.assertAlmostEqual(order.hours_to_promise, 2.0)
        self.assertTrue(order.is_at_risk)

    def test_queries_do_not_grow_with_the_orders(self):
        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.mapped("is_at_risk")
            return self.env.cr.sql_log_count - before

        orders = self.env["car.repair.order"].concat(
            *(self._create_work(1.0, promised_in=7) for _number in range(12))
        )
        count(orders)
        self.assertEqual(count(orders[:3]), count(orders))
