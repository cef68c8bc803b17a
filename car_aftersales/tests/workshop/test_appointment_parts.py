from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .booking_common import CarBookingPartsCommon


@tagged("post_install", "-at_install")
class TestAppointmentParts(CarBookingPartsCommon):
    """Parts are seen against stock and purchases; nothing leaves before consent."""

    def test_the_package_brings_its_parts(self):
        appointment = self._book_belts(3)
        self.assertEqual(appointment.part_ids.product_id, self.belt)
        self.assertEqual(appointment.part_ids.quantity, 2)
        self.assertEqual(appointment.parts_status, "ready")
        appointment.line_ids.unlink()
        self.assertFalse(appointment.part_ids)

    def test_the_earlier_appointment_has_the_part(self):
        later = self._book_belts(4)
        earlier = self._book_belts(3)
        self.assertEqual(earlier.part_ids.availability, "ready")
        later.invalidate_recordset()
        self.assertEqual(later.part_ids.availability, "missing")
        self.assertEqual(later.part_ids.missing_quantity, 1)
        self.assertEqual(later.missing_text, "parts")

    def test_what_is_put_aside_is_not_taken_by_an_earlier_one(self):
        later = self._book_belts(4)
        later.part_ids.with_user(self.user_parts_clerk).action_put_aside()
        self.assertEqual(later.part_ids.put_aside_by_id, self.user_parts_clerk)
        earlier = self._book_belts(3)
        self.assertEqual(earlier.part_ids.availability, "missing")
        self.assertEqual(later.part_ids.availability, "aside")
        with self._refused("is not in stock"):
            earlier.part_ids.with_user(self.user_parts_clerk).action_put_aside()

    def test_missing_parts_are_bought_once(self):
        self._book_belts(3)
        later = self._book_belts(5)
        parts = later.part_ids.with_user(self.user_parts_clerk)
        purchase = parts.action_buy()
        self.assertEqual(purchase.partner_id, self.vendor)
        self.assertEqual(purchase.order_line.product_qty, 1)
        self.assertEqual(purchase.origin, later.name)
        self.assertFalse(parts.action_buy())
        purchase.button_confirm()
        purchase.picking_ids.move_ids.date = self._at(5, 9) - timedelta(days=1)
        later.invalidate_recordset()
        parts.invalidate_recordset()
        self.assertEqual(parts.availability, "expected")
        purchase.picking_ids.move_ids.date = self._at(5, 9) + timedelta(days=1)
        parts.invalidate_recordset()
        self.assertEqual(parts.availability, "missing")

    def test_a_request_whose_parts_are_being_bought_stays(self):
        self._book_belts(3)
        later = self._book_belts(5)
        later.part_ids.with_user(self.user_parts_clerk).action_buy()
        with self._refused("is being bought for it"):
            later.line_ids.unlink()

    def test_a_part_without_vendor_is_named(self):
        self.belt.seller_ids.unlink()
        self._book_belts(3)
        later = self._book_belts(4)
        with self._refused("Belt has no vendor"):
            later.part_ids.with_user(self.user_parts_clerk).action_buy()

    def test_the_order_knows_what_was_bought_for_it(self):
        self._book_belts(3)
        later = self._book_belts(4)
        purchase = later.part_ids.with_user(self.user_parts_clerk).action_buy()
        later.vehicle_id = self.vehicle
        later.action_arrive()
        line = later.order_id.line_ids.filtered(
            lambda line: line.product_id == self.belt
        )
        self.assertEqual(purchase.order_line.car_repair_line_id, line)
        self.assertFalse(line.move_ids, "nothing leaves the stock before consent")

    def test_the_workshop_and_follow_up_touch_no_parts(self):
        part = self._book_belts(3).part_ids
        for user in (self.user_workshop_supervisor, self.user_follow_up_clerk):
            with self.assertRaises(AccessError):
                part.with_user(user).action_put_aside()
            with self.assertRaises(AccessError):
                part.with_user(user).action_buy()
