from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBilling(BillingCommon):
    # === WHO PAYS === #

    def test_one_invoice_for_each_payer(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker, reference="W-1")
        labor, _filter, oil = self._lines(order)
        labor.payer_id = warranty
        self._make_ready(order)
        invoices = self._bill(order)
        by_partner = {move.partner_id: move for move in invoices}
        self.assertEqual(set(by_partner), {self.customer, self.maker})
        self.assertAlmostEqual(by_partner[self.maker].amount_untaxed, 300)
        self.assertAlmostEqual(by_partner[self.customer].amount_untaxed, 330)
        self.assertEqual(by_partner[self.maker].ref, "W-1")
        self.assertEqual(oil.quantity_billed, 4)

    def test_split_line_sums_to_the_cent(self):
        order = self._create_order(
            [{"product_id": self.filter.id, "price_unit": 100.01, "discount": 0.0}]
        )
        line = order.line_ids
        warranty = self._add_payer(order, "warranty", self.maker)
        insurer = self._add_payer(order, "insurer", self.insurer)
        self._split(
            line,
            (order._get_customer_payer(), 33.3333),
            (warranty, 33.3333),
            (insurer, 33.3334),
        )
        self._make_ready(order)
        invoices = self._bill(order)
        self.assertEqual(len(invoices), 3)
        self.assertAlmostEqual(sum(invoices.mapped("amount_untaxed")), 100.01, 2)
        self.assertAlmostEqual(line.quantity_billed, 1.0, 4)
        self.assertFalse(order.line_ids._get_outstanding())

    def test_shares_must_sum_to_hundred(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        with self.assertRaises(UserError):
            self._split(
                order.line_ids[0], (order._get_customer_payer(), 40), (warranty, 50)
            )

    def test_deductible_moves_a_gross_amount(self):
        order = self._create_order()
        insurer = self._add_payer(
            order, "insurer", self.insurer, deductible_amount=100.0
        )
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        invoices = self._bill(order)
        by_partner = {move.partner_id: move for move in invoices}
        self.assertAlmostEqual(by_partner[self.insurer].amount_total, 611.9)
        self.assertAlmostEqual(by_partner[self.customer].amount_total, 100.0)
        self.assertFalse(self._bill_again(order))

    def _bill_again(self, order):
        before = order.invoice_ids
        order.with_user(self.user_cashier).action_create_invoices()
        return order.invoice_ids - before

    def test_fiscal_position_of_each_payer_maps_the_taxes(self):
        exempt = self.env["account.tax"].create(
            {"name": "Export", "amount": 0.0, "type_tax_use": "sale"}
        )
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        exempt.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax.id)],
            }
        )
        order = self._create_order()
        warranty = self._add_payer(
            order, "warranty", self.maker, fiscal_position_id=position.id
        )
        self._split(
            self._lines(order)[0],
            (order._get_customer_payer(), 50),
            (warranty, 50),
        )
        self._make_ready(order)
        invoices = self._bill(order)
        maker = invoices.filtered(lambda move: move.partner_id == self.maker)
        self.assertAlmostEqual(maker.amount_total, 150.0)
        self.assertAlmostEqual((invoices - maker).amount_total, (150 + 330) * 1.13, 2)

    def test_several_orders_of_one_customer_share_an_invoice(self):
        first = self._create_order()
        second = self._create_order()
        self._make_ready(first)
        self._make_ready(second)
        orders = first | second
        orders.with_user(self.user_cashier).action_create_invoices()
        self.assertEqual(first.invoice_ids, second.invoice_ids)
        self.assertEqual(len(first.invoice_ids), 1)

    def test_taxes_follow_the_payer_after_consent(self):
        position = self.env["account.fiscal.position"].create({"name": "Free zone"})
        free = self.env["account.tax"].create(
            {"name": "Free", "amount": 0.0, "type_tax_use": "sale"}
        )
        free.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax.id)],
            }
        )
        order = self._create_order([{"product_id": self.labor.id}])
        warranty = self._add_payer(
            order, "warranty", self.maker, fiscal_position_id=position.id
        )
        self._make_ready(order)
        order.line_ids.with_user(self.user_warranty_clerk).payer_id = warranty
        self.assertEqual(order.line_ids.authorization_state, "authorized")
        self.assertAlmostEqual(self._bill(order).amount_total, 300)

    def test_changed_customer_pays(self):
        order = self._create_order()
        wife = self.env["res.partner"].create({"name": "李丽"})
        order.partner_id = wife
        self._make_ready(order)
        self.assertEqual(self._bill(order).partner_id, wife)

    # === WHEN === #

    def test_part_is_not_billed_before_it_is_issued(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._bill(order)
        self.assertFalse(order.invoice_ids)
        self._issue(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 50)

    def test_labor_is_not_billed_before_it_is_done(self):
        order = self._create_order([{"product_id": self.labor.id}])
        self._authorize(order)
        self.assertFalse(self._bill(order))
        self._work(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 300)

    def test_billing_twice_bills_once(self):
        order = self._create_order()
        self._make_ready(order)
        self.assertEqual(len(self._bill(order)), 1)
        self.assertFalse(self._bill(order))

    def test_partial_bills_sum_to_the_whole(self):
        order = self._create_order(
            [{"product_id": self.oil.id, "quantity": 3.0, "price_unit": 66.668}]
        )
        self._authorize(order)
        move = order.picking_ids.sudo().move_ids
        move.write({"quantity": 1.0, "picked": True})
        self._issue(order)
        first = self._bill(order)
        self.assertAlmostEqual(first.amount_untaxed, 66.67)
        self._issue(order)
        second = self._bill(order)
        self.assertAlmostEqual(first.amount_untaxed + second.amount_untaxed, 200.0)

    def test_raised_price_is_not_billed_without_consent(self):
        order = self._create_order()
        self._make_ready(order)
        line = self._lines(order)[0]
        line.with_user(self.user_advisor).price_unit = 350
        self.assertEqual(line.authorization_state, "exceeded")
        with self.assertRaises(UserError):
            self._bill(order)
        self._authorize(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 680)

    def test_lowered_price_needs_no_new_consent(self):
        order = self._create_order()
        self._make_ready(order)
        self._lines(order)[0].with_user(self.user_advisor).price_unit = 290
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 620)

    # === DOWN PAYMENT === #

    def test_down_payment_is_taken_off_the_bill(self):
        order = self._create_order()
        payer = order._get_customer_payer()
        deposit = payer.with_user(self.user_cashier)._create_down_payment(200.0)
        self.assertAlmostEqual(deposit.amount_total, 200.0)
        self.assertFalse(any(order.line_ids.mapped("quantity_billed")))
        self.assertEqual(order.billing_state, "nothing")
        self._make_ready(order)
        invoice = self._bill(order)
        self.assertAlmostEqual(invoice.amount_total, 511.9)
        self.assertFalse(self._bill_again(order))

    def test_down_payments_together_stay_within_the_order(self):
        order = self._create_order()
        payer = order._get_customer_payer().with_user(self.user_cashier)
        payer._create_down_payment(700.0)
        with self.assertRaisesRegex(UserError, "down payment"):
            payer._create_down_payment(700.0)
        with self.assertRaisesRegex(UserError, "down payment"):
            payer._create_down_payment(-1.0)

    def test_down_payment_above_the_bill_becomes_a_credit_note(self):
        order = self._create_order()
        payer = order._get_customer_payer()
        payer.with_user(self.user_cashier)._create_down_payment(500.0)
        self._lines(order)[0].with_user(self.user_advisor).quantity = 0
        self._make_ready(order)
        credit = self._bill(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertAlmostEqual(credit.amount_total, 500 - 330 * 1.13, 2)

    # === CREDIT === #

    def test_part_returned_after_billing_is_to_credit(self):
        order = self._create_order()
        self._make_ready(order)
        self._bill(order)
        self._return(order, self.oil, 1.0)
        self.assertEqual(order.billing_state, "to_credit")
        credit = self._bill(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertAlmostEqual(credit.amount_untaxed, 70)
        self.assertEqual(self._lines(order)[2].quantity_billed, 3)

    def test_payer_changed_after_billing_is_credited_and_billed_anew(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        self._make_ready(order)
        self._bill(order)
        labor = self._lines(order)[0]
        labor.with_user(self.user_warranty_clerk).payer_id = warranty
        moves = self._bill(order)
        credit = moves.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(credit.partner_id, self.customer)
        self.assertAlmostEqual(credit.amount_untaxed, 300)
        invoice = moves - credit
        self.assertEqual(invoice.partner_id, self.maker)
        self.assertAlmostEqual(invoice.amount_untaxed, 300)

    def test_payer_moved_to_the_customer_needs_his_consent(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        labor = self._lines(order)[0]
        labor.payer_id = warranty
        self._make_ready(order)
        labor.with_user(self.user_warranty_clerk).payer_id = order._get_customer_payer()
        self.assertEqual(labor.authorization_state, "pending")
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 330)
        self._authorize(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 300)

    # === ROLES === #

    def test_technician_and_clerk_may_not_bill(self):
        order = self._create_order()
        self._make_ready(order)
        for user in (self.user_advisor, self.user_parts_clerk, self.user_inspector):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                order.with_user(user).action_create_invoices()
        with self.assertRaises(AccessError):
            order.with_user(self.user_technician).action_create_invoices()

    def test_customer_supplied_part_is_a_note_and_touches_no_stock(self):
        order = self._create_order(
            [
                {"product_id": self.labor.id},
                {"product_id": self.filter.id, "supply": "customer"},
            ]
        )
        self._make_ready(order)
        self.assertFalse(order.picking_ids)
        invoice = self._bill(order)
        self.assertAlmostEqual(invoice.amount_untaxed, 300)
        notes = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "line_note"
        )
        self.assertIn("Oil filter", notes.name)

    def test_foreign_currency_order_is_billed_in_its_currency(self):
        currency = self.env["res.currency"].search(
            [("id", "!=", self.company.currency_id.id)], limit=1
        )
        currency = self.env.ref("base.EUR")
        currency.active = True
        if currency == self.company.currency_id:
            currency = self.env.ref("base.USD")
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 0.5, "name": "2026-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        order = self._create_order(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self.assertAlmostEqual(order.amount_untaxed, 315)
        self._make_ready(order)
        invoice = self._bill(order)
        self.assertEqual(invoice.currency_id, currency)
        self.assertAlmostEqual(invoice.amount_untaxed, 315)
