from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestAdvances(BillingCommon):
    """Money paid before the work, when the visit ends otherwise than planned."""

    def _advance(self, order, amount):
        payer = order._get_customer_payer().with_user(self.user_cashier)
        move = payer._create_down_payment(amount).with_env(self.env)
        self._pay(move)
        return move

    def test_down_payment_of_a_declined_visit_is_given_back(self):
        order = self._create_order()
        self._advance(order, 200.0)
        with self.assertRefused("billed"):
            order.with_user(self.user_advisor).action_cancel()
        order.with_user(self.user_advisor).action_decline(reason="Too expensive")
        self.assertEqual(order.billing_state, "to_credit")
        with self.assertRefused("not everything is billed"):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        credit = self._bill(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertAlmostEqual(credit.amount_total, 200.0)
        self.assertNotEqual(order.billing_state, "to_credit")
        self.assertFalse(self._bill(order))

    def test_open_work_keeps_the_down_payment(self):
        order = self._create_order()
        self._advance(order, 200.0)
        self.assertFalse(self._bill(order), "there is nothing to bill yet")
        self.assertEqual(order.billing_state, "nothing")

    def test_partial_bill_takes_off_no_more_than_it_comes_to(self):
        order = self._create_order()
        self._advance(order, 500.0)
        self._authorize(order)
        self._issue(order)
        parts = self._bill(order)
        self.assertEqual(parts.move_type, "out_invoice")
        self.assertAlmostEqual(parts.amount_total, 0.0)
        self.assertAlmostEqual(parts.amount_untaxed, 0.0)
        self._work(order)
        rest = self._bill(order)
        self.assertEqual(rest.move_type, "out_invoice")
        self.assertAlmostEqual(rest.amount_total, 711.9 - 500.0)
        self.assertFalse(order._get_customer_payer()._get_advances_left())
        self.assertFalse(self._bill(order))


@tagged("post_install", "-at_install")
class TestJointInvoice(BillingCommon):
    """Two visits of one customer on one invoice."""

    def test_each_order_shows_its_part_of_the_open_amount(self):
        first = self._create_order()
        second = self._create_order([{"product_id": self.filter.id}])
        for order in first, second:
            self._make_ready(order)
        orders = (first | second).with_user(self.user_cashier)
        orders.action_create_invoices()
        invoice = first.invoice_ids
        self.assertEqual(invoice, second.invoice_ids)
        self.assertAlmostEqual(first.amount_due, 711.9)
        self.assertAlmostEqual(second.amount_due, 56.5)
        self.env["account.payment.register"].with_user(self.user_cashier).with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 100.01})._create_payments()
        due = first.amount_due + second.amount_due
        self.assertAlmostEqual(due, invoice.amount_residual, 2)
        self.assertLess(second.amount_due, 56.5)


@tagged("post_install", "-at_install")
class TestAccountantsHand(BillingCommon):
    """What the accountant changes on our documents is his, and is not undone."""

    def test_lowered_price_reaches_the_draft(self):
        self.env.company.car_post_invoices = False
        order = self._create_order([{"product_id": self.filter.id, "quantity": 2.0}])
        self._make_ready(order)
        draft = self._bill(order)
        self.assertEqual((draft.state, draft.amount_untaxed), ("draft", 100.0))
        order.line_ids.with_user(self.user_advisor).price_unit = 46.0
        self.assertAlmostEqual(draft.amount_untaxed, 92.0)
        draft.action_post()
        self.assertFalse(self._bill(order))
        self.assertEqual(order.billing_state, "billed")

    def test_lowered_price_of_a_split_line_reaches_the_drafts_to_the_cent(self):
        self.env.company.car_post_invoices = False
        order = self._create_order([{"product_id": self.filter.id}])
        warranty = self._add_payer(order, "warranty", self.maker)
        self._split(order.line_ids, (order._get_customer_payer(), 50), (warranty, 50))
        self._make_ready(order)
        drafts = self._bill(order)
        order.line_ids.with_user(self.user_advisor).price_unit = 45.01
        self.assertAlmostEqual(sum(drafts.mapped("amount_untaxed")), 45.01, 2)

    def test_price_typed_on_the_draft_stays(self):
        self.env.company.car_post_invoices = False
        order = self._create_order([{"product_id": self.filter.id, "quantity": 2.0}])
        self._make_ready(order)
        draft = self._bill(order)
        draft.invoice_line_ids.price_unit = 40.0
        order.line_ids.with_user(self.user_advisor).price_unit = 46.0
        self.assertAlmostEqual(draft.amount_untaxed, 80.0)

    def test_discount_on_a_partial_bill_is_not_charged_with_the_rest(self):
        self.env.company.car_post_invoices = False
        order = self._create_order([{"product_id": self.oil.id, "quantity": 4.0}])
        self._authorize(order)
        move = order.picking_ids.move_ids.with_user(self.user_parts_clerk)
        move.write({"quantity": 1.0, "picked": True})
        self._issue(order)
        first = self._bill(order)
        first.invoice_line_ids.discount = 10.0
        first.action_post()
        self._issue(order)
        second = self._bill(order)
        self.assertAlmostEqual(first.amount_untaxed, 63.0)
        self.assertAlmostEqual(second.amount_untaxed, 210.0)

    def test_credit_at_a_lower_price_is_an_allowance(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._make_ready(order)
        invoice = self._bill(order)
        credit = self._reverse(invoice)
        credit.invoice_line_ids.price_unit = 20.0
        credit.action_post()
        self.assertAlmostEqual(order.line_ids.quantity_billed, 1.0)
        self.assertFalse(self._bill(order), "the allowance is not charged again")
        self._return(order, self.filter, 1.0)
        rest = self._bill(order)
        self.assertEqual(rest.move_type, "out_refund")
        self.assertAlmostEqual(rest.amount_untaxed, 30.0)

    def test_full_credit_is_billed_anew_at_the_price_of_the_order(self):
        self.env.company.car_post_invoices = False
        order = self._create_order([{"product_id": self.filter.id}])
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.invoice_line_ids.price_unit = 45.0
        invoice.action_post()
        self._reverse(invoice).action_post()
        again = self._bill(order)
        self.assertAlmostEqual(again.amount_untaxed, 50.0)

    def _reverse(self, invoice):
        """Let the accountant make a credit note of the invoice."""
        return invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])


@tagged("post_install", "-at_install")
class TestAgreedTerms(BillingCommon):
    """Customer, currency and taxes after the customer has agreed."""

    def test_customer_is_not_changed_after_his_consent(self):
        order = self._create_order()
        self._authorize(order)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        desk = order.with_user(self.user_advisor)
        desk.partner_id = order.partner_id
        with self.assertRefused(order.name):
            desk.partner_id = other
        desk.write({"state": "estimate"})
        desk.partner_id = other
        self.assertEqual(order._get_customer_payer().partner_id, other)

    def test_currency_is_not_changed_after_consent(self):
        order = self._create_order()
        self._authorize(order)
        currency = self.env["res.currency"].with_context(active_test=False)
        foreign = currency.search([("id", "!=", order.currency_id.id)], limit=1)
        foreign.active = True
        lists = self.env["product.pricelist"].create(
            [
                {"name": "Foreign", "currency_id": foreign.id},
                {"name": "Other", "currency_id": order.currency_id.id},
            ]
        )
        with self.assertRefused(order.name):
            order.with_user(self.user_advisor).pricelist_id = lists[0]
        order.with_user(self.user_advisor).pricelist_id = lists[1]

    def _include_tax(self):
        """Price the filter with its tax included; return who is exempt from it."""
        included = self.env["account.tax"].create(
            {
                "name": "VAT 13% included",
                "amount": 13.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.env["account.tax"].create(
            {
                "name": "Export",
                "amount": 0.0,
                "type_tax_use": "sale",
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(included.ids)],
            }
        )
        self.filter.write({"taxes_id": [Command.set(included.ids)], "list_price": 113})
        return position

    def test_price_with_tax_is_lower_for_an_exempt_payer(self):
        position = self._include_tax()
        order = self._create_order([{"product_id": self.filter.id}])
        maker = self._add_payer(
            order, "warranty", self.maker, fiscal_position_id=position.id
        )
        line = order.line_ids
        self.assertAlmostEqual(line.price_total, 113.0)
        line.with_user(self.user_advisor).payer_id = maker
        self.assertAlmostEqual(line.price_unit, 100.0)
        self.assertAlmostEqual(line.price_total, 100.0)

    def test_payer_changed_after_consent_pays_the_same_before_taxes(self):
        position = self._include_tax()
        order = self._create_order([{"product_id": self.filter.id}])
        self._make_ready(order)
        maker = self._add_payer(
            order, "warranty", self.maker, fiscal_position_id=position.id
        )
        order.line_ids.with_user(self.user_advisor).payer_id = maker
        invoice = self._bill(order)
        self.assertEqual(invoice.partner_id, self.maker)
        self.assertAlmostEqual(invoice.amount_total, 100.0)

    def test_exempt_share_of_a_price_with_tax(self):
        position = self._include_tax()
        order = self._create_order([{"product_id": self.filter.id}])
        maker = self._add_payer(
            order, "warranty", self.maker, fiscal_position_id=position.id
        )
        customer = order._get_customer_payer()
        self._split(order.line_ids, (customer, 50), (maker, 50))
        self.assertAlmostEqual(customer.amount_total, 56.5)
        self.assertAlmostEqual(maker.amount_total, 50.0)
        self._make_ready(order)
        invoices = self._bill(order)
        totals = {move.partner_id: move.amount_total for move in invoices}
        self.assertAlmostEqual(totals[self.customer], 56.5)
        self.assertAlmostEqual(totals[self.maker], 50.0)
        self.assertFalse(self._bill(order))
