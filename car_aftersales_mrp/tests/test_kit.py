from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.workshop.parts_common import PartsCommon


@tagged("post_install", "-at_install")
class TestKit(PartsCommon):
    """A service kit is agreed and billed as one and issued by component."""

    valuation = "real_time"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.env["product.product"].create(
            {
                "name": "Service kit",
                "type": "consu",
                "car_item_kind": "part",
                "categ_id": cls.category.id,
                "list_price": 200.0,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.filter.id, "product_qty": 1}),
                    Command.create({"product_id": cls.oil.id, "product_qty": 4}),
                ],
            }
        )

    def test_kit_is_issued_by_component_and_counted_as_kit(self):
        order = self._create_order([{"product_id": self.kit.id, "quantity": 2.0}])
        self._authorize(order)
        moves = order.line_ids.move_ids.sudo()
        self.assertEqual(moves.product_id, self.filter | self.oil)
        self._issue(order)
        self.assertEqual(order.line_ids.quantity_issued, 2)
        self.assertEqual(self.oil.qty_available, 2)

    def test_cost_of_a_kit_is_that_of_its_components(self):
        order = self._create_order([{"product_id": self.kit.id}])
        self._make_ready(order)
        invoice = self._bill(order)
        self.assertAlmostEqual(invoice.amount_untaxed, 200)
        cogs = invoice.line_ids.filtered(
            lambda line: line.display_type == "cogs" and line.balance > 0
        )
        self.assertAlmostEqual(sum(cogs.mapped("balance")), 30 + 160)

    def test_lowered_quantity_takes_back_whole_kits(self):
        order = self._create_order([{"product_id": self.kit.id, "quantity": 2.0}])
        self._authorize(order)
        order.line_ids.with_user(self.user_advisor).quantity = 1
        moves = order.line_ids.move_ids.sudo()
        self.assertEqual(moves.mapped("product_uom_qty"), [1, 4])

    def test_more_of_a_component_is_refused(self):
        order = self._create_order([{"product_id": self.kit.id}])
        self._authorize(order)
        move = order.line_ids.move_ids.sudo().filtered(
            lambda move: move.product_id == self.oil
        )
        move.write({"quantity": 6.0})
        with self.assertRaisesRegex(UserError, "Service kit"):
            self._issue(order)

    def _issue_half(self):
        """Return an order with a kit of which only the filter is issued."""
        order = self._create_order([{"product_id": self.kit.id}])
        self._authorize(order)
        picking = self._open_picking(order)
        picking.move_ids.filtered(
            lambda move: move.product_id == self.filter
        ).picked = True
        picking.button_validate()
        self.assertEqual(order.line_ids.quantity_issued, 0)
        return order

    def test_half_a_kit_is_out_whatever_the_count_of_kits(self):
        order = self._issue_half()
        advisor = order.with_user(self.user_advisor)
        job = advisor.job_ids
        for step in (
            lambda: advisor.action_cancel(),
            lambda: advisor.action_decline("refused", "Too expensive"),
            lambda: job.write({"state": "declined"}),
            lambda: job.write({"state": "deferred"}),
            lambda: job.write({"state": "cancelled"}),
            lambda: advisor.line_ids.write({"quantity": 0.0}),
        ):
            with self.assertRaisesRegex(UserError, "returned first: Oil filter\\."):
                step()
        self._return(order, self.filter, 1.0)
        advisor.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_half_a_kit_brought_back_leaves_the_other_half_out(self):
        order = self._create_order([{"product_id": self.kit.id}])
        self._authorize(order)
        self._issue(order)
        self._return(order, self.filter, 1.0)
        with self.assertRaisesRegex(UserError, "returned first: Oil 5W30"):
            order.with_user(self.user_advisor).action_cancel()

    def test_more_of_a_component_than_issued_does_not_come_back(self):
        order = self._create_order([{"product_id": self.kit.id}])
        self._authorize(order)
        self._issue(order)
        with self.assertRefused("more of .*Service kit.* comes back"):
            self._return(order, self.oil, 5.0)
        self._return(order, self.oil, 4.0)

    def test_more_than_the_issued_half_does_not_come_back(self):
        order = self._issue_half()
        with self.assertRefused("more of .*Service kit.* comes back"):
            self._return(order, self.filter, 2.0)
        self._return(order, self.filter, 1.0)

    def test_a_kit_is_put_aside_by_component_and_handed_over(self):
        appointment = (
            self.env["car.appointment"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "line_ids": [Command.create({"product_id": self.kit.id})],
                }
            )
        )
        parts = appointment.part_ids.with_user(self.user_parts_clerk)
        parts.action_put_aside()
        self.assertEqual(parts.availability, "aside")
        self.assertEqual(self.oil.free_qty, 6)
        order = self._create_order([{"product_id": self.kit.id}])
        appointment._link_parts(order)
        self._authorize(order)
        self.assertEqual(
            order.line_ids.sudo().move_ids.mapped("state"), ["assigned"] * 2
        )
        self.assertEqual(self.oil.free_qty, 6)
        self._issue(order)
        self.assertEqual(order.line_ids.quantity_issued, 1)
