from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .parts_common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartsCorners(PartsCommon):
    """Scrap, parts added by hand and changed, parts bought for one order."""

    def _scrap(self, picking, product, quantity=1.0, **values):
        """Let the parts clerk scrap from the transfer (or from stock), as he does."""
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.user_parts_clerk)
            .create(
                {
                    "product_id": product.id,
                    "scrap_qty": quantity,
                    "picking_id": picking.id if picking else False,
                    **values,
                }
            )
        )
        scrap.action_validate()
        return scrap

    def _assert_nothing_came_of(self, order, issued):
        """Check that scrap left lines and issued quantity as they were."""
        self.assertEqual(len(order.line_ids), 1)
        self.assertEqual(order.line_ids.quantity_issued, issued)

    # === SCRAP === #

    def test_part_returned_straight_to_scrap_is_not_issued_any_more(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        scrap = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        returned = self._return(order, self.filter, 1.0, validate=False)
        returned.sudo().move_ids.location_dest_id = scrap
        returned.button_validate()
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)
        order.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_returned_part_is_scrapped_from_its_return(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0)
        scrap = self._scrap(returned, self.filter)
        self.assertEqual(scrap.state, "done")
        self.assertEqual(scrap.location_id, self.warehouse.lot_stock_id)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)
        order.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_returned_part_is_scrapped_from_stock(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        self._return(order, self.filter, 1.0)
        self._scrap(None, self.filter)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)

    def test_part_scrapped_before_it_is_issued_is_issued_anew(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = self._open_picking(order)
        self._scrap(picking, self.filter)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)
        self._issue(order)
        self._assert_nothing_came_of(order, 1)
        self.assertEqual(order.parts_state, "issued")

    def test_part_scrapped_after_it_was_issued_stays_issued(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = self._issue(order)
        self._scrap(picking, self.filter)
        self._assert_nothing_came_of(order, 1)
        self.assertEqual(self.filter.qty_available, 9)
        self._work(order)
        self._pass_quality(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 50)

    def test_returned_part_is_scrapped_before_its_return_is_done(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0, validate=False)
        self._scrap(returned, self.filter)
        self._assert_nothing_came_of(order, 1)
        returned.with_user(self.user_parts_clerk).button_validate()
        self._assert_nothing_came_of(order, 0)

    def test_product_added_to_a_return_asks_for_no_consent(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0, validate=False)
        self._add_by_hand(returned, self.oil)
        self._assert_nothing_came_of(order, 1)

    # === ADDED BY HAND === #

    def _add(self, product=None, **values):
        """Return an order with an agreed part, and the move of one added by hand."""
        order = self._create_order([{"product_id": self.oil.id}])
        self._authorize(order)
        picking = self._open_picking(order)
        values.setdefault("additional", True)
        return order, self._add_by_hand(picking, product or self.filter, **values)

    def _storekeeper(self):
        """Return a parts clerk who may delete from transfers."""
        self.user_parts_clerk.group_ids += self.env.ref("stock.group_stock_manager")
        return self.user_parts_clerk

    def test_line_follows_the_product_changed_on_the_added_move(self):
        for additional in (False, True):
            with self.subTest(additional=additional):
                order, move = self._add(additional=additional)
                line = move.sudo().car_repair_line_id
                other = self._create_part(name="Cabin filter", list_price=80.0)
                move.product_id = other
                self.assertEqual(line.product_id, other)
                self.assertEqual(line.name, "Cabin filter")
                self.assertAlmostEqual(line.price_unit, 80)
                self.assertEqual(line.authorization_state, "pending")
                reserved = other if additional else other.browse()
                self.assertEqual(move.move_line_ids.product_id, reserved)
                self._authorize(order)
                self._issue(order)
                self.assertEqual(line.quantity_issued, 1)
                self.assertEqual(other.qty_available, 9)
                self.assertEqual(self.filter.qty_available, 10)

    def test_line_follows_quantity_and_unit_of_the_added_move(self):
        order, move = self._add()
        line = move.sudo().car_repair_line_id
        move.product_uom_qty = 2
        self.assertEqual(line.quantity, 2)
        move.write({"quantity": 3, "picked": True})
        self.assertEqual(line.quantity, 3)
        self.assertNotEqual(move.state, "cancel")
        self._authorize(order)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 3)
        dozen = self.env.ref("uom.product_uom_dozen")
        order, move = self._add(additional=False)
        move.product_uom = dozen
        self.assertEqual(move.sudo().car_repair_line_id.product_uom_id, dozen)

    def test_advisor_changes_the_line_of_an_added_product(self):
        order, move = self._add(quantity=3.0)
        line = move.sudo().car_repair_line_id.with_user(self.user_advisor)
        line.quantity = 2
        self.assertNotEqual(move.state, "cancel")
        self._authorize(order)
        self.assertEqual(move.product_uom_qty, 2)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 2)

    def test_another_product_under_an_agreed_line_is_refused(self):
        order = self._create_order([{"product_id": self.oil.id}])
        self._authorize(order)
        move = self._open_picking(order).move_ids
        with self.assertRaisesRegex(UserError, f"{order.name}, Oil 5W30.*swap"):
            move.product_id = self.filter
        move.product_id = self.oil  # nothing changes
        self._issue(order)
        with self.assertRaisesRegex(UserError, "swap"):
            move.product_id = self.filter

    def test_added_product_answered_for_is_not_changed(self):
        order, move = self._add()
        self._authorize(order)
        with self.assertRaisesRegex(UserError, "Oil filter"):
            move.product_id = self.oil

    def test_deleted_or_cancelled_addition_takes_its_line_away(self):
        for take_back in (
            lambda move: move.picking_id.action_cancel(),
            lambda move: move.write({"product_uom_qty": 0.0}),
            lambda move: move.with_user(self._storekeeper()).unlink(),
        ):
            order, move = self._add()
            line = move.sudo().car_repair_line_id
            self.assertEqual(order.waiting_for, "customer")
            take_back(move)
            self.assertFalse(line.exists().quantity)
            self.assertNotEqual(order.waiting_for, "customer")

    def test_addition_that_was_bought_stays_with_nothing_to_ask(self):
        vendor = self.env["res.partner"].create({"name": "Parts Wholesale"})
        pump = self._create_part(
            stock=0,
            name="Pump",
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 20.0})],
        )
        order, move = self._add(pump)
        line = move.sudo().car_repair_line_id
        order.with_user(self.user_parts_clerk).action_buy()
        self.assertTrue(line.purchase_line_ids)
        move.with_user(self._storekeeper()).unlink()
        self.assertEqual(line.quantity, 0)
        self.assertNotEqual(order.waiting_for, "customer")

    def test_addition_stays_a_question_when_the_estimate_is_revised(self):
        order, move = self._add()
        line = move.sudo().car_repair_line_id
        order.with_user(self.user_advisor).action_estimate()
        self.assertEqual(move.state, "cancel")
        self.assertTrue(line.exists())
        self._authorize(order)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 1)

    def test_product_changed_on_an_agreed_line_gives_back_what_was_reserved(self):
        order = self._create_order([{"product_id": self.oil.id}])
        self._authorize(order)
        line = order.line_ids.with_user(self.user_advisor)
        line.product_id = self.filter
        self.assertEqual(self.oil.free_qty, 10)
        self._authorize(order)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 1)
        self.assertEqual(self.filter.qty_available, 9)
        self.assertEqual(self.oil.qty_available, 10)

    # === BOUGHT FOR ONE ORDER === #

    def _buy_with_an_older_need(self, **values):
        """Return two orders that wait for a pump, bought for the younger one only."""
        vendor = self.env["res.partner"].create({"name": "Parts Wholesale"})
        pump = self._create_part(
            stock=0,
            name="Pump",
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 20.0})],
        )
        older = self._create_order([{"product_id": pump.id}])
        order = self._create_order([{"product_id": pump.id}])
        self._authorize(older)
        older.line_ids.move_ids.sudo().date = "2026-02-01 08:00:00"
        self._authorize(order)
        order.with_user(self.user_parts_clerk).action_buy()
        purchase = order.line_ids.purchase_line_ids.order_id.sudo()
        purchase.button_confirm()
        return older, order, purchase

    def test_bought_part_is_for_its_order_though_another_waits_longer(self):
        older, order, purchase = self._buy_with_an_older_need()
        purchase.picking_ids.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(order.parts_state, "ready")
        self.assertEqual(older.parts_state, "waiting")
        self._issue(order)
        self.assertEqual(order.parts_state, "issued")

    def test_bought_part_is_for_its_order_after_two_steps_to_the_shelf(self):
        self.warehouse.reception_steps = "two_steps"
        older, order, purchase = self._buy_with_an_older_need()
        clerk = self.user_parts_clerk
        purchase.picking_ids.with_user(clerk).button_validate()
        self.assertEqual(order.parts_state, "waiting")
        store = purchase.picking_ids.move_ids.move_dest_ids.picking_id
        store.with_user(clerk).button_validate()
        self.assertEqual(order.parts_state, "ready")
        self.assertEqual(older.parts_state, "waiting")

    def _deliver_in_two_steps(self):
        """Bring parts to a counter first; a push rule takes them on to the car."""
        issue = self.warehouse.workshop_type_id
        customers = issue.default_location_dest_id
        counter = self.env["stock.location"].create(
            {
                "name": "Workshop counter",
                "usage": "internal",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        issue.default_location_dest_id = counter
        self.env["stock.route"].create(
            {
                "name": "From the counter",
                "warehouse_selectable": True,
                "warehouse_ids": [Command.link(self.warehouse.id)],
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Counter to car",
                            "action": "push",
                            "auto": "manual",
                            "location_src_id": counter.id,
                            "location_dest_id": customers.id,
                            "picking_type_id": self.warehouse.out_type_id.id,
                        }
                    )
                ],
            }
        )

    def test_parts_issued_in_two_steps_are_issued_once(self):
        self._deliver_in_two_steps()
        order = self._create_order([{"product_id": self.filter.id, "quantity": 2}])
        self._authorize(order)
        line = order.line_ids
        first = line.sudo().move_ids
        self.assertEqual(len(first), 1)
        line.sudo()._launch_parts()
        self.assertEqual(line.sudo().move_ids, first)
        self._issue(order)
        self.assertEqual(line.quantity_issued, 0)
        second = line.sudo().move_ids - first
        self.assertEqual(len(second), 1)
        self.assertEqual(second.state, "assigned")
        line.sudo()._launch_parts()
        self.assertEqual(line.sudo().move_ids, first | second)
        self.assertEqual(order.parts_state, "ready")
        self._work(order)
        with self.assertRaisesRegex(UserError, "Oil filter"):
            order.with_user(self.user_advisor).action_request_quality_check()
        second.picking_id.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(line.quantity_issued, 2)
        self.assertEqual(order.parts_state, "issued")
        self._pass_quality(order)
        invoice = self._bill(order)
        billed = invoice.invoice_line_ids.filtered(
            lambda row: row.display_type == "product"
        )
        self.assertEqual(billed.quantity, 2)

    def test_a_second_step_issues_no_more_than_was_agreed(self):
        self._deliver_in_two_steps()
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        second = order.line_ids.sudo().move_ids.filtered(
            lambda move: move.state == "assigned"
        )
        clerk = second.with_user(self.user_parts_clerk)
        with self.assertRaisesRegex(UserError, "Oil filter"):
            clerk.quantity = 3
            clerk.picking_id.button_validate()

    def test_nothing_is_reserved_where_the_house_reserves_by_hand(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "stock.picking_no_auto_reserve", True
        )
        _older, order, purchase = self._buy_with_an_older_need()
        purchase.picking_ids.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(order.parts_state, "waiting")

    def test_ordinary_receipt_costs_no_query_more(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_qty": 2.0})
                    for part in (self.oil, self.filter)
                ],
            }
        )
        purchase.button_confirm()
        purchase.picking_ids.with_user(self.user_parts_clerk).button_validate()
        moves = purchase.picking_ids.move_ids
        self.env.flush_all()
        with self.assertQueryCount(0):
            moves.with_user(self.user_parts_clerk)._assign_car_parts()

    # === PARTS THAT ARE OUT === #

    def test_part_issued_instead_of_another_is_named_while_it_is_out(self):
        order, move = self._add(self._create_part(name="Other oil"))
        agreed = order.line_ids[0]
        added = move.sudo().car_repair_line_id.with_user(self.user_advisor)
        added.action_swap_for(agreed)
        self._issue(order)
        job = order.job_ids.with_user(self.user_advisor)
        for step in (
            lambda: order.with_user(self.user_advisor).action_cancel(),
            lambda: job.write({"state": "deferred"}),
        ):
            with self.assertRaisesRegex(UserError, "returned first: Other oil"):
                step()

    def _swap_without_demand(self, picked):
        """Let the clerk add another filter without a demand, and swap it."""
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        line = order.line_ids
        other = self._create_part(name="Other filter", standard_price=35.0)
        move = self._add_by_hand(self._open_picking(order), other, 0.0)
        move.quantity = picked
        (order.line_ids - line).with_user(self.user_advisor).action_swap_for(line)
        return order

    def test_part_swapped_without_a_quantity_is_asked_for_once(self):
        for picked in (0.0, 1.0):
            with self.subTest(picked=picked):
                order = self._swap_without_demand(picked)
                self.assertFalse(order.has_parts_to_request)
                self.assertFalse(order.line_ids.action_request_parts())
                self._issue(order)
                self.assertEqual(order.line_ids.quantity_issued, 1)
