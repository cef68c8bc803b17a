from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .parts_common import PartsCommon


@tagged("post_install", "-at_install")
class TestParts(PartsCommon):
    """Parts leave stock in ordinary transfers, never more than was agreed."""

    def test_every_warehouse_has_its_workshop_type(self):
        warehouse = self.env["stock.warehouse"].create({"name": "North", "code": "NO"})
        self.assertEqual(warehouse.workshop_type_id.code, "outgoing")
        self.assertEqual(warehouse.workshop_type_id.create_backorder, "always")

    def test_uninstalling_retires_the_type_and_installing_finds_it_again(self):
        order = self._create_order()
        self._authorize(order)
        done = self._issue(order)
        other = self._create_order()
        self._authorize(other)
        warehouses = self.env["stock.warehouse"].with_context(active_test=False)
        workshop_type = self.warehouse.workshop_type_id
        warehouses._retire_workshop_types()
        self.assertFalse(workshop_type.active)
        self.assertEqual(other.picking_ids.sudo().state, "cancel")
        self.assertEqual(done.state, "done")
        self.warehouse.workshop_type_id = False
        warehouses._create_missing_workshop_types()
        self.assertEqual(self.warehouse.workshop_type_id, workshop_type)
        self.assertTrue(workshop_type.active)

    def test_nothing_is_asked_of_stock_before_consent(self):
        order = self._create_order()
        order.action_estimate()
        self.assertFalse(order.picking_ids)

    def test_two_lines_of_one_product_stay_two_moves(self):
        order = self._create_order(
            [{"product_id": self.oil.id}, {"product_id": self.oil.id, "quantity": 2}]
        )
        self._authorize(order)
        self.assertEqual(len(order.picking_ids), 1)
        self.assertEqual(len(order.picking_ids.move_ids), 2)

    def test_partial_issue_leaves_a_back_order_tied_to_the_line(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 4.0}])
        self._authorize(order)
        picking = self._open_picking(order)
        picking.move_ids.write({"quantity": 1.0, "picked": True})
        picking.button_validate()
        self.assertEqual(order.line_ids.quantity_issued, 1)
        self.assertEqual(len(order.picking_ids), 2)
        self._issue(order)
        self.assertEqual(order.line_ids.quantity_issued, 4)
        self.assertEqual(order.parts_state, "issued")

    def test_raised_quantity_waits_for_consent(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 2.0}])
        self._authorize(order)
        line = order.line_ids.with_user(self.user_advisor)
        line.quantity = 3
        self.assertEqual(line.authorization_state, "partly")
        self.assertEqual(sum(line.move_ids.sudo().mapped("product_uom_qty")), 2)
        self._authorize(order)
        self.assertEqual(line.authorization_state, "authorized")
        self.assertEqual(sum(line.move_ids.sudo().mapped("product_uom_qty")), 3)

    def test_lowered_quantity_gives_back_what_was_reserved(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 4.0}])
        self._authorize(order)
        order.line_ids.with_user(self.user_advisor).quantity = 1
        moves = order.line_ids.move_ids.sudo()
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 1)
        self.assertEqual(self.oil.free_qty, 9)

    def test_quantity_below_what_is_issued_is_refused(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 4.0}])
        self._authorize(order)
        self._issue(order)
        with self.assertRaises(UserError):
            order.line_ids.with_user(self.user_advisor).quantity = 3

    def test_clerk_cannot_issue_more_than_agreed(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 2.0}])
        self._authorize(order)
        picking = self._open_picking(order)
        picking.move_ids.write({"quantity": 3.0, "picked": True})
        with self.assertRaisesRegex(UserError, order.name):
            picking.button_validate()

    def test_product_added_by_hand_waits_for_consent(self):
        order = self._create_order([{"product_id": self.oil.id}])
        self._authorize(order)
        picking = self._open_picking(order)
        self._add_by_hand(picking, self.filter)
        line = order.line_ids.filtered(lambda line: line.product_id == self.filter)
        self.assertEqual(line.authorization_state, "pending")
        with self.assertRaises(UserError):
            picking.button_validate()
        self._authorize(order)
        picking.button_validate()
        self.assertEqual(line.quantity_issued, 1)

    def test_swapped_part_is_issued_and_billed_under_its_line(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        line = order.line_ids
        other = self._create_part(name="Other filter", standard_price=35.0)
        self._add_by_hand(self._open_picking(order), other)
        added = order.line_ids - line
        added.with_user(self.user_advisor).action_swap_for(line)
        self.assertFalse(added.exists())
        self._issue(order)
        self.assertEqual(line.quantity_issued, 1)
        self.assertEqual(other.qty_available, 9)
        self.assertEqual(self.filter.qty_available, 10)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 50)
        self.assertAlmostEqual(line.sudo()._get_moves_value(), 35)

    def test_cancelling_returns_what_was_reserved(self):
        order = self._create_order([{"product_id": self.oil.id, "quantity": 4.0}])
        self._authorize(order)
        self.assertEqual(self.oil.free_qty, 6)
        order.action_cancel()
        self.assertEqual(self.oil.free_qty, 10)
        self.assertEqual(order.picking_ids.sudo().state, "cancel")

    def test_cancelling_is_refused_while_parts_are_out(self):
        order = self._create_order([{"product_id": self.oil.id}])
        self._authorize(order)
        self._issue(order)
        with self.assertRaisesRegex(UserError, "returned"):
            order.action_cancel()
        self._return(order, self.oil, 1.0)
        order.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_serial_is_known_on_the_line_and_the_vehicle(self):
        part = self._create_part(stock=0, name="Battery", tracking="serial")
        lot = self.env["stock.lot"].create({"name": "SN-1", "product_id": part.id})
        self.env["stock.quant"]._update_available_quantity(
            part, self.warehouse.lot_stock_id, 1.0, lot_id=lot
        )
        order = self._create_order([{"product_id": part.id}])
        self._authorize(order)
        self._issue(order)
        self.assertEqual(order.line_ids.lot_names, "SN-1")
        self.assertEqual(self.vehicle.with_user(self.user_advisor).fitted_lot_ids, lot)

    def test_missing_part_is_bought_for_its_line(self):
        vendor = self.env["res.partner"].create({"name": "Parts Wholesale"})
        part = self._create_part(
            stock=0,
            name="Pump",
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 20.0})],
        )
        order = self._create_order([{"product_id": part.id, "quantity": 2.0}])
        self._authorize(order)
        line = order.line_ids
        self.assertEqual(line.parts_state, "to_order")
        order.with_user(self.user_parts_clerk).action_buy()
        purchase = line.purchase_line_ids.sudo()
        self.assertEqual(purchase.product_qty, 2)
        self.assertEqual(purchase.order_id.partner_id, vendor)
        order.with_user(self.user_parts_clerk).action_buy()
        self.assertEqual(len(line.purchase_line_ids), 1)
        purchase.order_id.button_confirm()
        receipt = purchase.order_id.picking_ids
        receipt.button_validate()
        self.assertEqual(order.parts_state, "ready")
        self._issue(order)
        self.assertEqual(line.quantity_issued, 2)

    def test_part_without_vendor_is_named(self):
        part = self._create_part(stock=0, name="Rare pump")
        order = self._create_order([{"product_id": part.id}])
        self._authorize(order)
        with self.assertRaisesRegex(UserError, "Rare pump"):
            order.with_user(self.user_parts_clerk).action_buy()

    def test_outside_work_blocks_ready_until_received(self):
        vendor = self.env["res.partner"].create({"name": "Paint shop"})
        paint = self.env["product.product"].create(
            {
                "name": "Painting",
                "type": "service",
                "car_item_kind": "outside",
                "list_price": 800.0,
                "seller_ids": [
                    Command.create({"partner_id": vendor.id, "price": 500.0})
                ],
            }
        )
        order = self._create_order([{"product_id": paint.id}])
        self._authorize(order)
        order.action_buy()
        self._work(order)
        order.with_user(self.user_advisor).action_request_quality_check()
        with self.assertRaisesRegex(UserError, "Painting"):
            order.with_user(self.user_inspector).action_pass_quality_check()
        purchase = order.line_ids.purchase_line_ids.sudo()
        purchase.order_id.button_confirm()
        purchase.qty_received = 1.0
        order.with_user(self.user_inspector).action_pass_quality_check()
        self.assertEqual(order.state, "ready")
        self.assertAlmostEqual(order.sudo().cost_total, 500)

    def test_customers_part_has_no_move(self):
        order = self._create_order(
            [{"product_id": self.filter.id, "supply": "customer"}]
        )
        self._authorize(order)
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.line_ids.price_total, 0)
