from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW
from odoo.addons.car_aftersales.tests.workshop.common import SIGNATURE

from .three_common import BOUGHT_UNDER_43, CarThreeGuaranteeCommon

SIGNED = {"signed_by": "王小明", "signature": SIGNATURE}


@tagged("post_install", "-at_install")
class TestThreeGuaranteeMobility(CarThreeGuaranteeCommon):
    """A loaner or transport money when one repair passes its days."""

    def _start(self, **values):
        order = self._create_warranty_order(**values)
        self._authorize(order)
        self._issue(order)
        self._work(order)
        return order

    def _watch(self, after):
        with freeze_time(FROZEN_NOW + after):
            self._run_cron("car_three_guarantee_cron_watch")

    def test_it_is_proposed_from_the_sixth_day_on_and_told_once(self):
        order = self._create_warranty_order()
        self._authorize(order)
        self._watch(timedelta(days=4, hours=1))
        self.assertFalse(order.mobility_ids)
        self._watch(timedelta(days=5, hours=1))
        self.assertEqual(order.mobility_ids.state, "proposed")
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.user_advisor)
        self._watch(timedelta(days=7))
        self.assertEqual(len(order.mobility_ids), 1)
        self.assertEqual(order.activity_ids, activity)

    def test_five_days_are_still_in_order(self):
        order = self._create_warranty_order()
        self._authorize(order)
        with freeze_time(FROZEN_NOW + timedelta(days=5)):
            self.assertFalse(order.is_mobility_due)
        order.invalidate_recordset()
        with freeze_time(FROZEN_NOW + timedelta(days=5, minutes=1)):
            self.assertTrue(order.is_mobility_due)

    def test_it_is_due_in_the_repair_period_after_the_three_guarantees(self):
        self.vehicle.sale_invoice_date = "2023-06-01"  # under 36, over 24 months
        order = self._create_warranty_order()
        self._authorize(order)
        with freeze_time(FROZEN_NOW + timedelta(days=6)):
            self.assertTrue(order.is_mobility_due)
        order.invalidate_recordset()
        self.vehicle.sale_invoice_date = "2023-03-01"
        with freeze_time(FROZEN_NOW + timedelta(days=6)):
            self.assertFalse(order.is_mobility_due)

    def test_customers_work_and_business_cars_get_none(self):
        own = self._create_order(odometer_km=10000)
        self._authorize(own)
        taxi = self._create_vehicle(
            license_plate="京T00001",
            vin=False,
            sale_invoice_date=BOUGHT_UNDER_43,
            is_household=False,
        )
        rented = self._create_warranty_order(vehicle_id=taxi.id)
        self._authorize(rented)
        with freeze_time(FROZEN_NOW + timedelta(days=9)):
            self.assertFalse(own.is_mobility_due)
            self.assertFalse(rented.is_mobility_due)

    def test_it_is_among_what_is_missing_at_pick_up(self):
        self.type_repair.requires_explanation = True
        order = self._start()
        with freeze_time(FROZEN_NOW + timedelta(days=8)):
            # finished only now
            order.job_ids.sudo().done_at = FROZEN_NOW + timedelta(days=8)
            self._pass_quality(order)
            order.invalidate_recordset()
            keys = [item["key"] for item in order.sudo().release_missing]
            self.assertIn("mobility", keys)
            action = order.with_user(self.user_advisor).action_missing("mobility")
            self.assertEqual(action["res_model"], "car.three.guarantee.mobility")
            mobility = order.mobility_ids.with_user(self.user_advisor)
            mobility.write({"kind": "money", "amount": 500, "paid_on": "2026-03-10"})
            with self.assertRefused("has not signed"):
                mobility.action_settle()
            mobility.write(SIGNED)
            mobility.action_settle()
            order.invalidate_recordset()
            keys = [item["key"] for item in order.sudo().release_missing]
            self.assertNotIn("mobility", keys)
            self.assertFalse(order.is_mobility_due)

    def test_a_loaner_goes_out_and_comes_back(self):
        order = self._start()
        order.with_user(self.user_advisor).action_mobility()
        mobility = order.mobility_ids.with_user(self.user_advisor)
        with self.assertRefused("enter the loaner"):
            mobility.action_give()
        mobility.loaner_text = "京L88888"
        with self.assertRefused("from when"):
            mobility.action_give()
        mobility.from_at = FROZEN_NOW
        with self.assertRefused("not signed"):
            mobility.action_give()
        mobility.write(SIGNED)
        mobility.action_give()
        with self.assertRefused("settled and stays"):
            mobility.amount = 5
        with self.assertRefused("came back"):
            mobility.action_settle()
        mobility.to_at = FROZEN_NOW + timedelta(days=3)
        mobility.action_settle()
        with self.assertRefused("settled and stays"):
            mobility.to_at = FROZEN_NOW + timedelta(days=4)

    def test_who_wants_none_says_why_and_signs(self):
        order = self._start()
        order.with_user(self.user_advisor).action_mobility()
        mobility = order.mobility_ids.with_user(self.user_advisor)
        mobility.write(SIGNED)
        with self.assertRefused("why he wants none"):
            mobility.action_waive()
        mobility.reason = "Has a second car"
        mobility.action_waive()
        self.assertEqual(mobility.state, "waived")

    def test_other_desks_take_no_steps(self):
        order = self._start()
        order.with_user(self.user_advisor).action_mobility()
        mobility = order.sudo().mobility_ids.with_env(self.env)
        with self.assertRaises(AccessError):
            mobility.with_user(self.user_technician).read(["kind"])
        with self.assertRaises(AccessError):
            mobility.with_user(self.user_inspector).write({"amount": 3})

    def test_the_company_says_what_is_proposed(self):
        self.company.car_mobility_kind = "money"
        order = self._create_warranty_order()
        self._authorize(order)
        self._watch(timedelta(days=6))
        self.assertEqual(order.mobility_ids.kind, "money")
