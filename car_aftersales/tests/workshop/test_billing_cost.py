from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon, PerpetualCommon


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
