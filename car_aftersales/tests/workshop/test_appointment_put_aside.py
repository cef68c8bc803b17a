from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .booking_common import CarBookingPartsCommon


@tagged("post_install", "-at_install")
class TestAppointmentPutAside(CarBookingPartsCommon):
    """What is put aside is reserved for the car and leaves when it is agreed to."""

    def _put_aside(self, appointment):
        parts = appointment.part_ids.with_user(self.user_parts_clerk)
        parts.action_put_aside()
        return parts

    def _get_free(self):
        self.belt.invalidate_recordset()
        return self.belt.with_context(warehouse_id=self.warehouse.id).free_qty

    def _receive_car(self, appointment):
        appointment.vehicle_id = self.vehicle
        appointment.action_arrive()
        order = appointment.order_id
        order.job_ids.item_notice_at = FROZEN_NOW
        return order, order.line_ids.filtered(lambda one: one.product_id == self.belt)

    def test_a_sale_from_the_counter_cannot_take_it(self):
        self._put_aside(self._book_belts(3))
        self.assertEqual(self._get_free(), 1)
        out = self.warehouse.out_type_id
        sale = self.env["stock.picking"].create(
            {
                "picking_type_id": out.id,
                "partner_id": self.customer.id,
                "move_ids": [
                    Command.create({"product_id": self.belt.id, "product_uom_qty": 3})
                ],
            }
        )
        sale.action_confirm()
        sale.action_assign()
        self.assertEqual(sale.move_ids.quantity, 1)

    def test_two_clicks_reserve_once(self):
        appointment = self._book_belts(3)
        parts = self._put_aside(appointment)
        parts.action_put_aside()
        self.assertEqual(parts.sudo().move_ids.product_uom_qty, 2)
        self.assertEqual(parts.put_aside_by_id, self.user_parts_clerk)
        self.assertEqual(appointment.parts_status, "aside")

    def test_parts_of_one_car_lie_in_one_transfer(self):
        appointment = self._book(
            line_ids=[
                Command.create({"product_id": self.belt.id}),
                Command.create({"product_id": self.filter.id}),
            ]
        )
        self._put_aside(appointment)
        picking = appointment.part_ids.sudo().move_ids.picking_id
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.picking_type_id, self.warehouse.workshop_type_id)
        self.assertEqual(picking.origin, appointment.name)

    def test_it_does_not_leave_before_the_car_has_come(self):
        appointment = self._book_belts(3)
        picking = self._put_aside(appointment).sudo().move_ids.picking_id
        with self.assertRefused("Belt is put aside"):
            picking.with_user(self.user_parts_clerk).button_validate()

    def test_putting_back_frees_it(self):
        parts = self._put_aside(self._book_belts(3))
        parts.action_put_back()
        self.assertFalse(parts.is_put_aside)
        self.assertFalse(parts.put_aside_at)
        self.assertEqual(self._get_free(), 3)
        parts.action_put_aside()
        self.assertEqual(self._get_free(), 1)

    def test_calling_off_and_not_coming_free_it(self):
        called_off = self._book_belts(3)
        self._put_aside(called_off)
        called_off.action_cancel()
        self.assertEqual(self._get_free(), 3)
        missed = self._book_belts(2, hour=10)
        self._put_aside(missed)
        with freeze_time(self._at(2, 13)):
            missed.action_miss()
        self.assertEqual(self._get_free(), 3)
        self.assertEqual(missed.part_ids.is_put_aside, False)

    def test_a_request_that_is_taken_out_frees_its_parts(self):
        appointment = self._book_belts(3)
        appointment.line_ids = [Command.create({"name": "Look"})]
        self._put_aside(appointment)
        appointment.line_ids.filtered("package_id").unlink()
        self.assertEqual(self._get_free(), 3)

    def test_a_deleted_draft_frees_its_parts(self):
        appointment = self._create_appointment(
            line_ids=[Command.create({"package_id": self.package.id})]
        )
        self._put_aside(appointment)
        appointment.sudo().unlink()
        self.assertEqual(self._get_free(), 3)

    def test_the_reservation_follows_the_quantity(self):
        appointment = self._create_appointment(
            line_ids=[Command.create({"product_id": self.belt.id, "quantity": 2})]
        )
        parts = self._put_aside(appointment)
        appointment.line_ids.quantity = 1
        self.assertEqual(self._get_free(), 2)
        self.assertTrue(parts.is_put_aside)
        appointment.line_ids.quantity = 4
        self.assertFalse(parts.is_put_aside)
        self.assertEqual(parts.missing_quantity, 1)
        self.assertEqual(self._get_free(), 0)

    def test_what_the_stock_takes_back_is_not_aside(self):
        parts = self._put_aside(self._book_belts(3))
        parts.sudo().move_ids._do_unreserve()
        self.assertFalse(parts.is_put_aside)
        self.assertEqual(parts.availability, "ready")
        parts.action_put_aside()
        self.assertTrue(parts.is_put_aside)
        self.assertEqual(len(parts.sudo().move_ids), 1)

    def test_another_site_has_its_own_parts(self):
        appointment = self._create_appointment(
            line_ids=[Command.create({"package_id": self.package.id})]
        )
        self._put_aside(appointment)
        other = self.env["stock.warehouse"].create({"name": "South", "code": "S"})
        appointment.warehouse_id = other
        self.assertEqual(self._get_free(), 3)
        self.assertEqual(appointment.part_ids.availability, "missing")

    def test_the_order_takes_the_reserved_parts_over_at_consent(self):
        appointment = self._book_belts(3)
        move = self._put_aside(appointment).sudo().move_ids
        basket = move.picking_id
        order, line = self._receive_car(appointment)
        self.assertFalse(line.move_ids, "nothing is issued before consent")
        self.assertEqual(line.parts_state, "ready")
        self.assertEqual(self._get_free(), 1)
        self._authorize(order)
        self.assertEqual(line.sudo().move_ids, move, "the same move, no second one")
        self.assertEqual(move.state, "assigned")
        self.assertEqual(move.picking_id.car_repair_order_id, order)
        self.assertEqual(move.move_line_ids.picking_id, move.picking_id)
        self.assertFalse(basket.exists())
        self.assertEqual(self._get_free(), 1)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 2)

    def test_the_customer_agrees_to_less(self):
        appointment = self._book_belts(3)
        self._put_aside(appointment)
        order, line = self._receive_car(appointment)
        line.quantity = 1
        self._authorize(order)
        self.assertEqual(line.sudo().move_ids.product_uom_qty, 1)
        self.assertEqual(line.sudo().move_ids.state, "assigned")
        self.assertEqual(self._get_free(), 2)

    def test_the_customer_agrees_to_more(self):
        appointment = self._book_belts(3)
        self._put_aside(appointment)
        order, line = self._receive_car(appointment)
        line.quantity = 3
        self._authorize(order)
        self.assertEqual(sum(line.sudo().move_ids.mapped("product_uom_qty")), 3)
        self.assertEqual(self._get_free(), 0)

    def test_a_no_frees_the_parts(self):
        appointment = self._book_belts(3)
        self._put_aside(appointment)
        order, _line = self._receive_car(appointment)
        order.action_decline(reason="Too expensive")
        self.assertEqual(self._get_free(), 3)

    def test_a_cancelled_order_and_a_deleted_line_free_the_parts(self):
        appointment = self._book_belts(3)
        self._put_aside(appointment)
        _order, line = self._receive_car(appointment)
        line.unlink()
        self.assertEqual(self._get_free(), 3)
        later = self._book_belts(4)
        self._put_aside(later)
        later.vehicle_id = self._create_vehicle(
            license_plate="京A99999", vin="LSVAM4187C2184848"
        )
        later.action_arrive()
        later.order_id.action_cancel()
        self.assertEqual(self._get_free(), 3)

    def test_what_was_bought_for_the_car_is_kept_for_it(self):
        self._book_belts(3)
        later = self._book_belts(5)
        parts = later.part_ids.with_user(self.user_parts_clerk)
        purchase = parts.action_buy()
        purchase.button_confirm()
        purchase.picking_ids.button_validate()
        self.assertTrue(parts.is_put_aside)
        self.assertEqual(self._get_free(), 2)

    def test_leaving_the_add_on_frees_the_parts(self):
        self._put_aside(self._book_belts(3))
        self.env["stock.warehouse"]._retire_workshop_types()
        self.assertEqual(self._get_free(), 3)
