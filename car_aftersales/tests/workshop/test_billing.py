from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CarWorkshopCommon


class BillingCommon(CarWorkshopCommon):
    """Payers, shares and figures that every billing test needs."""

    def _add_payer(self, order, kind, partner=None, **values):
        return (
            self.env["car.repair.payer"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "kind": kind,
                    "partner_id": partner.id if partner else False,
                    **values,
                }
            )
        )

    def _split(self, line, *shares):
        """Split a line: pairs of payer and percent."""
        line.with_user(self.user_advisor).share_ids = [
            Command.clear(),
            *[
                Command.create({"payer_id": payer.id, "percent": percent})
                for payer, percent in shares
            ],
        ]

    def _lines(self, order):
        """Return labor, filter and oil of an oil service."""
        return (
            order.line_ids.filtered(lambda line: line.product_id == self.labor),
            order.line_ids.filtered(lambda line: line.product_id == self.filter),
            order.line_ids.filtered(lambda line: line.product_id == self.oil),
        )

    def _balance(self, account):
        groups = self.env["account.move.line"]._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")],
            aggregates=["balance:sum"],
        )
        return groups[0][0]

    def _cogs(self, order):
        """Return the cost booked on invoices of the order."""
        lines = order.sudo().invoice_ids.line_ids.filtered(
            lambda line: line.display_type == "cogs" and line.price_unit >= 0
        )
        return -sum(lines.mapped("balance"))


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

    def _return(self, order, product, quantity):
        picking = order.picking_ids.sudo().filtered(lambda p: p.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.filtered(
            lambda line: line.product_id == product
        ).quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        returned.with_user(self.user_parts_clerk).button_validate()
        return returned

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


@tagged("post_install", "-at_install")
class TestSettlement(BillingCommon):
    """What the house bears itself, in books of periodic valuation."""

    def test_goodwill_is_settled_from_the_real_moves(self):
        order = self._create_order()
        goodwill = self._add_payer(order, "goodwill")
        labor, part, oil = self._lines(order)
        (labor | part | oil).payer_id = goodwill
        self.assertEqual(set(order.line_ids.mapped("authorization_state")), {"pending"})
        with self.assertRaises(AccessError):
            self._authorize(order, channel="supervisor")
        self._authorize_house(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        self.assertFalse(order.invoice_ids)
        # Filter 30, oil 4 x 40, labor 1.5 h at the internal rate of 80.
        self.assertAlmostEqual(self._balance(self.cost_account), 30 + 160 + 120)
        self.assertEqual(order.billing_state, "billed")
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 310)

    def test_goodwill_moved_to_the_maker_is_reversed(self):
        order = self._create_order()
        goodwill = self._add_payer(order, "goodwill")
        warranty = self._add_payer(order, "warranty", self.maker)
        labor = self._lines(order)[0]
        labor.payer_id = goodwill
        self._authorize_house(order)
        self._make_ready(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 120)
        labor.with_user(self.user_warranty_clerk).payer_id = warranty
        self._authorize(order)
        moves = self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 0)
        self.assertEqual(moves.partner_id, self.maker)

    def test_goodwill_above_the_limit_is_for_the_manager(self):
        self.company.car_goodwill_limit = 100
        order = self._create_order()
        goodwill = self._add_payer(order, "goodwill")
        order.line_ids.payer_id = goodwill
        with self.assertRaises(UserError):
            self._authorize_house(order)
        self._authorize(order, self.user_manager, channel="supervisor")
        self.assertEqual(order.state, "authorized")

    def test_missing_cost_account_is_named(self):
        self.company.car_goodwill_account_id = False
        order = self._create_order()
        order.line_ids.payer_id = self._add_payer(order, "goodwill")
        self._authorize_house(order)
        self._issue(order)
        self._work(order)
        with self.assertRaisesRegex(UserError, "cost account"):
            self._bill(order)


class PerpetualCommon(BillingCommon):
    valuation = "real_time"


@tagged("post_install", "-at_install")
class TestCostPerpetual(PerpetualCommon):
    """The cost of parts comes from the real moves and is booked once."""

    def test_cost_is_booked_with_the_bill(self):
        order = self._create_order()
        self._make_ready(order)
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 30 + 160)

    def test_split_between_two_payers_books_the_cost_once(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        self._split(
            self._lines(order)[2], (order._get_customer_payer(), 50), (warranty, 50)
        )
        self._make_ready(order)
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 190)

    def test_goodwill_share_and_bill_book_the_whole_cost(self):
        order = self._create_order()
        goodwill = self._add_payer(order, "goodwill")
        self._split(
            self._lines(order)[2], (order._get_customer_payer(), 50), (goodwill, 50)
        )
        self._authorize_house(order)
        self._make_ready(order)
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 30 + 80)
        self.assertAlmostEqual(self._balance(self.cost_account), 80)

    def test_reversal_by_the_accountant_books_the_cost_back(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_ids=invoice.ids, active_model="account.move")
            .create({"journal_id": invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        credit.action_post()
        self.assertEqual(order.invoice_ids, invoice | credit)
        self.assertAlmostEqual(self._cogs(order), 0)
        self.assertEqual(order.line_ids[:1].quantity_billed, 0)

    def test_payer_changed_to_goodwill_after_billing(self):
        order = self._create_order()
        goodwill = self._add_payer(order, "goodwill")
        self._make_ready(order)
        self._bill(order)
        oil = self._lines(order)[2]
        oil.with_user(self.user_warranty_clerk).payer_id = goodwill
        self._authorize_house(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 160)
        self.assertAlmostEqual(self._cogs(order), 30)


@tagged("post_install", "-at_install")
class TestCostAverage(PerpetualCommon):
    cost_method = "average"

    def test_average_changed_between_issue_and_bill(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        self._receive(self.filter, 9, 60.0)
        self._work(order)
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 30)


@tagged("post_install", "-at_install")
class TestCostFifo(PerpetualCommon):
    cost_method = "fifo"

    def test_two_lines_of_one_product_credited(self):
        part = self._create_part(stock=1.0, name="Pad", standard_price=100.0)
        self._receive(part, 1.0, 200.0)
        order = self._create_order(
            [
                {"product_id": part.id, "price_unit": 300},
                {"product_id": part.id, "price_unit": 300},
            ]
        )
        self._make_ready(order)
        invoice = self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 300)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_ids=invoice.ids, active_model="account.move")
            .create({"journal_id": invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        credit.action_post()
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.display_type == "cogs" and line.price_unit >= 0
        )
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0)


@tagged("post_install", "-at_install")
class TestBillingCorners(PerpetualCommon):
    """Typed prices, changed shares and payers, deductibles: no cent goes astray."""

    def test_typed_price_is_told_and_billed(self):
        order = self._create_order([{"product_id": self.filter.id, "price_unit": 80}])
        line = order.line_ids
        self.assertAlmostEqual(line.price_subtotal, 80)
        consent = self._authorize(order)
        self.assertAlmostEqual(consent.line_ids.amount_told, 90.4)
        self._issue(order)
        self.assertAlmostEqual(self._bill(order).amount_total, 90.4)

    def test_typed_price_stays_when_the_quantity_changes(self):
        order = self._create_order([{"product_id": self.filter.id, "price_unit": 46}])
        line = order.line_ids
        line.quantity = 2
        self.assertAlmostEqual(line.price_subtotal, 92)
        line.product_id = self.oil
        self.assertAlmostEqual(line.price_unit, 70)

    def test_payer_of_a_part_changed_after_billing_books_its_cost_once(self):
        order = self._create_order([{"product_id": self.filter.id}])
        warranty = self._add_payer(order, "warranty", self.maker)
        self._make_ready(order)
        self._bill(order)
        line = order.line_ids.with_user(self.user_warranty_clerk)
        line.payer_id = warranty
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 30)
        line.payer_id = order._get_customer_payer()
        self._authorize(order)
        self._bill(order)
        self.assertAlmostEqual(self._cogs(order), 30)
        self.assertAlmostEqual(
            sum(
                move.amount_untaxed * (-1 if move.move_type == "out_refund" else 1)
                for move in order.invoice_ids
            ),
            50,
        )

    def test_share_changed_after_billing_comes_out_even(self):
        order = self._create_order([{"product_id": self.filter.id}])
        warranty = self._add_payer(order, "warranty", self.maker)
        customer = order._get_customer_payer()
        self._split(order.line_ids, (customer, 50), (warranty, 50))
        self._make_ready(order)
        self._bill(order)
        self._split(order.line_ids, (customer, 30), (warranty, 70))
        self._bill(order)
        self.assertFalse(order.line_ids._get_outstanding())
        self.assertEqual(order.billing_state, "billed")
        self.assertAlmostEqual(customer.amount_billed, 15 * 1.13, 2)
        self.assertAlmostEqual(warranty.amount_billed, 35 * 1.13, 2)
        self.assertAlmostEqual(self._cogs(order), 30)

    def test_half_a_split_cannot_be_deleted(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        line = order.line_ids[0]
        self._split(line, (order._get_customer_payer(), 50), (warranty, 50))
        with self.assertRaises(UserError):
            line.share_ids[0].unlink()
        with self.assertRaises(UserError):
            line.write({"share_ids": [Command.delete(line.share_ids[0].id)]})
        line.write({"share_ids": [Command.clear()]})
        self.assertFalse(line.is_split)

    def test_somebody_always_pays(self):
        order = self._create_order()
        order.line_ids[0].payer_id = False
        self.assertTrue(order.line_ids[0].payer_id)

    def test_deductible_is_due_before_leaving(self):
        order = self._create_order()
        insurer = self._add_payer(
            order, "insurer", self.insurer, deductible_amount=100.0
        )
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        with self.assertRaisesRegex(UserError, "not everything is billed"):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        order.with_user(self.user_warranty_clerk).action_create_invoices(insurer)
        self.assertAlmostEqual(insurer.amount_billed, 611.9)
        with self.assertRaisesRegex(UserError, "not everything is billed"):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        self.assertAlmostEqual(self._bill(order).amount_total, 100)

    def test_deductible_is_never_more_than_the_bill(self):
        order = self._create_order()
        insurer = self._add_payer(
            order, "insurer", self.insurer, deductible_amount=1000.0
        )
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        self._bill(order)
        self.assertAlmostEqual(order._get_customer_payer().amount_billed, 711.9)
        self.assertAlmostEqual(insurer.amount_billed, 0)

    def test_deductible_goes_when_the_insurer_goes(self):
        order = self._create_order()
        insurer = self._add_payer(
            order, "insurer", self.insurer, deductible_amount=100.0
        )
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        self._bill(order)
        order.line_ids.with_user(
            self.user_warranty_clerk
        ).payer_id = order._get_customer_payer()
        self._authorize(order)
        self._bill(order)
        self.assertAlmostEqual(order._get_customer_payer().amount_billed, 711.9)
        self.assertAlmostEqual(insurer.amount_billed, 0)
        self.assertEqual(order.billing_state, "billed")

    def test_invoice_made_anew_by_the_accountant_stays_on_the_order(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_ids=invoice.ids, active_model="account.move")
            .create({"journal_id": invoice.journal_id.id})
        )
        anew = self.env["account.move"].browse(reversal.modify_moves()["res_id"])
        self.assertIn(anew, order.invoice_ids)
