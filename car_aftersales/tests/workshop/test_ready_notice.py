from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from ..common import FROZEN_NOW
from .release_common import CarReleaseCommon


class TestReadyNotice(CarReleaseCommon):
    """An hour ahead the customer hears of his car; four for work of two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_advisor.lang = "en_US"

    def _create_agreed(self, **promise):
        order = self._create_order()
        order.promised_at = FROZEN_NOW + timedelta(**promise)
        self._authorize(order)
        return order.with_user(self.user_advisor)

    def _remind(self, order):
        """Run the scheduled job; return the reminders of the order."""
        cron = self.env.ref("car_aftersales.car_repair_order_cron_plan_notice")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        kind = self.env.ref("car_aftersales.mail_activity_ready_notice")
        return order.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def _find_due(self):
        return self.env["car.repair.order"].search([("is_notice_due", "=", True)])

    def test_an_hour_ahead(self):
        order = self._create_agreed(hours=3)
        self.assertEqual(order.notice_due_at, FROZEN_NOW + timedelta(hours=2))
        self.assertFalse(self._remind(order))
        self.assertNotIn(order, self._find_due())
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            reminder = self._remind(order)
            self.assertIn(order, self._find_due())
        self.assertEqual(reminder.user_id, self.user_advisor)
        self.assertIn("not ready", reminder.summary)
        self.assertIn("apology", reminder.summary)

    def test_four_hours_ahead_from_two_days_on(self):
        short = self._create_agreed(hours=47)
        long = self._create_agreed(hours=48)
        self.assertEqual(short.promised_at - short.notice_due_at, timedelta(hours=1))
        self.assertEqual(long.promised_at - long.notice_due_at, timedelta(hours=4))
        self.company.write({"car_notice_long_hours": 6, "car_notice_long_days": 1})
        self.env.invalidate_all()
        self.assertEqual(short.promised_at - short.notice_due_at, timedelta(hours=6))

    def test_reminded_once_for_each_time_promised(self):
        order = self._create_agreed(minutes=30)
        reminder = self._remind(order)
        self.assertEqual(len(reminder), 1)
        self.assertEqual(self._remind(order), reminder)
        reminder.with_user(self.user_advisor).action_done()
        self.assertFalse(self._remind(order))
        order.write(
            {
                "promised_at": FROZEN_NOW + timedelta(minutes=50),
                "promise_reason": "A part is late",
            }
        )
        self.assertEqual(len(self._remind(order)), 1)

    def test_gone_when_the_customer_knows_of_the_delay(self):
        order = self._create_agreed(minutes=30)
        self.assertTrue(self._remind(order))
        later = {
            "promised_at": FROZEN_NOW + timedelta(hours=5),
            "promise_reason": "A part is late",
        }
        order.write(later)
        self.assertTrue(order.activity_ids)
        order.write({**later, "is_promise_told": True})
        self.assertFalse(order.activity_ids)

    def test_gone_when_the_customer_knows_that_it_is_ready(self):
        order = self._create_order()
        order.promised_at = FROZEN_NOW + timedelta(minutes=30)
        self._make_ready(order)
        order = order.with_user(self.user_advisor)
        reminder = self._remind(order)
        self.assertIn("Ready", reminder.summary)
        order._tell_ready("phone", "Chen Mei")
        self.assertFalse(order.activity_ids)
        self.assertFalse(self._remind(order))
        self.assertFalse(order.is_notice_due)
        # Work after that makes void what was told.
        order.sudo().ready_told_at = False
        self.assertEqual(len(self._remind(order)), 1)

    def test_gone_when_the_visit_is_called_off(self):
        order = self._create_agreed(minutes=30)
        self.assertTrue(self._remind(order))
        order.with_user(self.user_supervisor).action_cancel()
        self.assertFalse(self._remind(order))

    def test_nobody_waits_before_the_contract(self):
        order = self._create_order()
        order.promised_at = FROZEN_NOW + timedelta(minutes=30)
        self.assertFalse(self._remind(order))
        self.assertNotIn(order, self._find_due())

    def test_the_memory_of_the_reminder_is_nobodys_to_write(self):
        order = self._create_agreed(minutes=30)
        order.write({"notice_planned_for": order.promised_at})
        self.assertTrue(self._remind(order))

    def test_negative_leads_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "car_notice_positive"),
            self.env.cr.savepoint(),
        ):
            self.company.car_notice_hours = -1
            self.company.flush_recordset()

    def test_many_orders_cost_as_many_queries_as_few(self):
        self._create_agreed(minutes=10)
        self._remind(self.env["car.repair.order"])
        orders = [self._create_agreed(minutes=20 + number) for number in range(6)]
        counts = []
        for few in (orders[:1], orders[1:]):
            for order in few:
                order.sudo().notice_planned_for = False
            for order in set(orders) - set(few):
                order.sudo().notice_planned_for = order.promised_at
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self.env["car.repair.order"]._cron_plan_notice()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
