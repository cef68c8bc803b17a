from lxml import etree

from odoo.fields import Command

from .billing_common import BillingCommon


class TestHouseWork(BillingCommon):
    """What work costs the house: parts only or all of it, outside work, per job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Paint shop"})
        cls.paint = cls.env["product.product"].create(
            {
                "name": "Painting",
                "type": "service",
                "car_item_kind": "outside",
                "list_price": 800.0,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "seller_ids": [
                    Command.create({"partner_id": cls.vendor.id, "price": 500.0})
                ],
            }
        )

    def _create_goodwill(self, lines=None):
        order = self._create_order(lines)
        goodwill = self._add_payer(order, "goodwill")
        order.line_ids.payer_id = goodwill
        self._authorize_house(order)
        return order

    def _have_painted(self, order, price):
        """Let the vendor do his work and send his bill over a price."""
        order.action_buy()
        purchase = order.line_ids.purchase_line_ids.sudo()
        purchase.order_id.button_confirm()
        purchase.qty_received = 1.0
        action = purchase.order_id.action_create_invoice()
        bill = self.env["account.move"].browse(action["res_id"])
        bill.invoice_date = bill.date
        bill.invoice_line_ids.price_unit = price
        bill.action_post()

    def test_parts_only_where_the_house_wants_it(self):
        self.company.car_internal_labor = "none"
        order = self._create_goodwill()
        self._make_done(order)
        self._bill(order)
        # Filter 30, oil 4 x 40; the labor of our own people is in their wages.
        self.assertAlmostEqual(self._balance(self.cost_account), 190)
        self.assertEqual(order.billing_state, "billed")
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 190)

    def test_outside_work_is_settled_at_the_vendors_bill(self):
        order = self._create_goodwill([{"product_id": self.paint.id}])
        self._have_painted(order, 530.0)
        expense = self.paint.product_tmpl_id.get_product_accounts()["expense"]
        self.assertAlmostEqual(self._balance(expense), 530)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 530)
        self.assertAlmostEqual(self._balance(expense), 0)

    def test_outside_work_stays_where_only_parts_are_settled(self):
        self.company.car_internal_labor = "none"
        order = self._create_goodwill([{"product_id": self.paint.id}])
        self._have_painted(order, 530.0)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 0)

    def test_margin_of_order_and_job(self):
        self.company.car_hourly_cost = 75
        order = self._create_order()
        painting = self._add_job(order, self.paint)
        self._authorize(order)
        self._issue(order)
        self._have_painted(order, 530.0)
        self._work(order)
        self._pass_quality(order)
        jobs = order.sudo().job_ids
        service = jobs - painting.sudo()
        labor, part, oil = self._lines(order)
        revenue = sum((labor | part | oil).mapped("price_subtotal"))
        # Filter 30, oil 4 x 40, 1.5 h of labor
        self.assertAlmostEqual(service.margin, revenue - 190 - 1.5 * 75)
        self.assertAlmostEqual(painting.sudo().margin, 800 - 530)
        self.assertAlmostEqual(order.sudo().margin, sum(jobs.mapped("margin")))
        seen = order.with_user(self.user_supervisor).job_ids
        self.assertAlmostEqual(sum(seen.mapped("margin")), order.sudo().margin)

    def _add_job(self, order, product):
        return (
            self.env["car.repair.job"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "name": product.name,
                    "line_ids": [Command.create({"product_id": product.id})],
                }
            )
        )

    def _make_done(self, order):
        self._issue(order)
        self._work(order)
        self._pass_quality(order)

    def test_a_raised_quantity_is_not_billed_without_consent(self):
        order = self._create_order()
        labor, _part, oil = self._lines(order)
        self._authorize(order)
        (labor | oil).with_user(self.user_advisor).write({"quantity": 9})
        self._make_done_in_part(order)
        invoice = self._bill(order)
        billed = {
            line.product_id: line.quantity
            for line in invoice.invoice_line_ids
            if line.display_type == "product"
        }
        self.assertEqual(billed[self.labor], 1)
        self.assertEqual(billed[self.oil], 4)
        self.assertEqual((labor | oil)._filter_to_ask(), labor | oil)

    def _make_done_in_part(self, order):
        self._issue(order)
        self._work(order)

    def test_the_cash_desk_bills_several_orders_from_its_list(self):
        orders = self._create_order() | self._create_order()
        for order in orders:
            self._make_ready(order)
        view = self.env.ref("car_aftersales.car_repair_order_view_list_cash_desk")
        cashier = orders.with_user(self.user_cashier)
        arch = etree.fromstring(cashier.get_view(view.id, "list")["arch"])
        (button,) = arch.xpath("//header/button")
        getattr(cashier, button.get("name"))()
        self.assertEqual(len(orders.invoice_ids), 1)
        advisor = orders.with_user(self.user_advisor)
        arch = etree.fromstring(advisor.get_view(view.id, "list")["arch"])
        self.assertFalse(arch.xpath("//header/button"))


class TestHouseAverage(BillingCommon):
    """Periodic books at average cost: the house bears what the moves say."""

    cost_method = "average"
    expected = 45.0  # ten at 30, ten at 60

    def test_goodwill_costs_what_the_moves_say(self):
        self._receive(self.filter, 10, 60.0)
        order = self._create_order([{"product_id": self.filter.id}])
        order.line_ids.payer_id = self._add_payer(order, "goodwill")
        self._authorize_house(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), self.expected)
        moves = order.sudo().line_ids.move_ids
        self.assertAlmostEqual(sum(moves.mapped("value")), self.expected)


class TestHouseFifo(TestHouseAverage):
    """Periodic books, first in first out."""

    cost_method = "fifo"
    expected = 30.0
