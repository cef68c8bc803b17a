from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimOnApproval(ClaimsCommon):
    """A maker who is invoiced only once he has approved."""

    valuation = "real_time"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.claim_billing = "approval"

    def test_share_waits_for_the_answer(self):
        order = self._deliver()
        self.assertFalse(order.invoice_ids)
        self.assertFalse(self._bill(order))
        claim = self._send(order)
        self.assertFalse(claim.invoice_ids)
        self._answer(claim, 300, 50, 280)
        bill = claim.invoice_ids
        self.assertEqual((bill.state, bill.partner_id), ("posted", self.maker))
        self.assertAlmostEqual(bill.amount_untaxed, 630)
        self.assertAlmostEqual(self._cogs(order), 190)
        self.assertFalse(self._bill(order))
        self._receive_money(bill, bill.amount_total)
        self.assertEqual(claim.state, "settled")

    def test_no_context_bills_it_earlier(self):
        order = self._deliver()
        clerk = order.with_user(self.user_warranty_clerk)
        clerk.with_context(car_claim_billing=True).action_create_invoices()
        self.assertFalse(order.sudo().invoice_ids)

    def test_only_his_part_of_a_split_line_waits(self):
        order = self._deliver(share=40)
        self.assertEqual(order.invoice_ids.partner_id, self.customer)
        claim = self._send(order)
        self.assertAlmostEqual(claim.amount_claimed, 252)
        self._answer(claim, 120, 20, 112)
        self.assertAlmostEqual(claim.invoice_ids.amount_untaxed, 252)
        self.assertAlmostEqual(self._cogs(order), 190)

    def test_part_approval_is_billed_at_what_was_accepted(self):
        order = self._deliver()
        claim = self._send(order)
        self._answer(claim, 200, 50, 280)
        bill = claim.invoice_ids
        self.assertAlmostEqual(bill.amount_untaxed, 530)
        self.assertFalse(claim.needs_decision)
        self.assertFalse(self._bill(order))
        # An appeal that succeeds is charged as a difference.
        claim.action_appeal("The time is yours")
        self._answer(claim, 300, 50, 280)
        self.assertAlmostEqual(self._net(claim), 630)
        self.assertAlmostEqual(self._cogs(order), 190)

    def test_refused_line_is_written_off_with_its_cost(self):
        order = self._deliver()
        claim = self._send(order)
        self._answer(claim, 300, 0, 280)
        self.assertAlmostEqual(self._cogs(order), 160)
        self.assertTrue(claim.needs_decision)
        self._receive_money(claim.invoice_ids, 580 * 1.13)
        self.assertEqual(claim.state, "partly")
        claim.action_accept_loss()
        self.assertAlmostEqual(self._net(claim), 580)
        self.assertAlmostEqual(self._cogs(order), 190)
        self.assertEqual(claim.state, "settled")

    def test_claims_of_a_month_share_an_invoice(self):
        self.terms.claim_grouping = "month"
        claims = self.env["car.warranty.claim"]
        for plate, vin in (("京A11111", False), ("京A22222", False)):
            vehicle = self._create_vehicle(license_plate=plate, vin=vin)
            claim = self._send(
                self._deliver([{"product_id": self.labor.id}], vehicle_id=vehicle.id)
            )
            self._answer(claim, 300)
            claims |= claim
        self.assertFalse(claims.invoice_ids)
        self.assertEqual(claims.mapped("is_to_invoice"), [True, True])
        with self.assertRefused("invoices are not paid"):
            claims[0].with_user(self.user_warranty_clerk).action_settle()
        claims.with_user(self.user_cashier).action_invoice_approved()
        claims.invalidate_recordset()
        bill = claims.invoice_ids
        self.assertEqual(len(bill), 1)
        self.assertAlmostEqual(bill.amount_untaxed, 600)
        self.assertFalse(any(claims.mapped("is_to_invoice")))
        with self.assertRefused("nothing approved waits"):
            claims.with_user(self.user_cashier).action_invoice_approved()
        # One payment settles both; a difference is split between them.
        self._receive_money(bill, bill.amount_total - 3)
        self.assertEqual(set(claims.mapped("state")), {"settled"})
        lost = self.env["account.move.line"].search(
            [("car_claim_id", "in", claims.ids)]
        )
        self.assertEqual(lost.mapped("balance"), [1.5, 1.5])
        self.assertEqual(lost.account_id, self.tolerance_account)


@tagged("post_install", "-at_install")
class TestClaimMoney(ClaimsCommon):
    """Refused work that goes to somebody else, and payments that differ."""

    valuation = "real_time"

    def test_rejected_line_goes_to_goodwill(self):
        order = self._deliver()
        claim = self._send(order)
        self._answer(claim, 300, 50, 0)
        self.assertEqual(claim.state, "partly")
        self.assertFalse(self._bill_of(claim, "out_refund"))
        oil = claim.line_ids[2]
        oil._move_refused_share("goodwill")
        self.assertEqual(oil.moved_to_id.kind, "goodwill")
        self.assertEqual(oil.line_id.payer_id, oil.moved_to_id)
        self.assertAlmostEqual(oil.amount_refused, 0)
        self.assertEqual(oil.line_id.authorization_state, "pending")
        self._authorize_house(order)
        self._bill(order)
        self.assertAlmostEqual(self._balance(self.cost_account), 160)
        self.assertAlmostEqual(self._cogs(order), 30)
        self.assertAlmostEqual(self._open_of_maker(), 350 * 1.13)
        bill = self._bill_of(claim)
        self.assertAlmostEqual(bill.amount_residual, 350 * 1.13)
        self._receive_money(bill, bill.amount_residual)
        self.assertEqual(claim.state, "settled")

    def test_part_refused_goes_to_the_customer(self):
        order = self._deliver()
        claim = self._send(order)
        self._answer(claim, 300, 50, 210)
        self.assertAlmostEqual(self._net(claim), 560)
        oil = claim.line_ids[2]
        oil._move_refused_share("customer")
        self.assertEqual(
            oil.line_id.share_ids.mapped(
                lambda share: (share.payer_id.kind, share.percent)
            ),
            [("warranty", 75.0), ("customer", 25.0)],
        )
        self.assertEqual(oil.line_id.authorization_state, "pending")
        self._authorize(order)
        new = self._bill(order)
        customer = new.filtered(lambda move: move.partner_id == self.customer)
        self.assertAlmostEqual(customer.amount_untaxed, 70)
        self.assertAlmostEqual(self._net(claim), 560)
        self.assertAlmostEqual(self._open_of_maker(), 560 * 1.13)
        self.assertAlmostEqual(self._cogs(order), 190)
        with self.assertRefused("nothing of it is refused"):
            oil._move_refused_share("customer")

    def test_refused_part_goes_to_its_supplier(self):
        supplier = self.env["res.partner"].create({"name": "Mann+Hummel"})
        self.filter.seller_ids = [Command.create({"partner_id": supplier.id})]
        order = self._deliver()
        claim = self._send(order)
        self._answer(claim, 300, 0, 280)
        claim.line_ids[1]._move_refused_share("supplier")
        self._bill(order)
        self.assertAlmostEqual(self._open_of_maker(supplier), 50 * 1.13)
        self.assertAlmostEqual(self._open_of_maker(), 580 * 1.13)
        self.assertAlmostEqual(self._cogs(order), 190)
        recovery = self._collect(order)
        self.assertEqual((recovery.kind, recovery.partner_id), ("supplier", supplier))
        self.assertAlmostEqual(recovery.amount_claimed, 50)

    def test_accountants_own_allowance_is_not_credited_again(self):
        order = self._deliver()
        claim = self._send(order)
        bill = self._bill_of(claim)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_ids=bill.ids, active_model="account.move")
            .create({"journal_id": bill.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        labor = credit.invoice_line_ids.filtered(
            lambda item: item.product_id == self.labor
        )
        (credit.invoice_line_ids - labor).unlink()
        labor.price_unit = 100
        credit.action_post()
        self._answer(claim, 200, 50, 280)
        self.assertAlmostEqual(self._net(claim), 530)
        self.assertEqual(self._bill_of(claim, "out_refund"), credit)

    def test_short_payment_within_the_tolerance_is_written_off(self):
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total - 4.9)
        self.assertAlmostEqual(self._balance(self.tolerance_account), 4.9)
        self.assertAlmostEqual(self._open_of_maker(), 0)
        self.assertEqual(claim.state, "settled")

    def test_tolerance_is_the_smaller_of_amount_and_percentage(self):
        self.terms.tolerance_percent = 0.5
        self.assertAlmostEqual(self.terms._get_tolerance(600), 3)
        self.assertAlmostEqual(self.terms._get_tolerance(6000), 5)
        self.terms.tolerance_amount = 0
        self.assertAlmostEqual(self.terms._get_tolerance(6000), 30)

    def test_payment_before_the_answer_is_no_short_payment(self):
        claim = self._send(self._deliver())
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total - 2)
        self.assertFalse(claim.is_short_paid)
        self.assertAlmostEqual(bill.amount_residual, 2)
        self._answer(claim, 300, 50, 280)
        self.env["car.warranty.claim"]._settle_batch()
        self.assertEqual(claim.state, "settled")
        self.assertAlmostEqual(self._balance(self.tolerance_account), 2)

    def test_credit_note_alone_is_no_short_payment(self):
        self.terms.tolerance_amount = 10000
        claim = self._send(self._deliver())
        self._answer(claim, 250, 50, 280)
        self.env["car.warranty.claim"]._settle_batch()
        self.assertFalse(claim.is_short_paid)
        self.assertAlmostEqual(self._open_of_maker(), 580 * 1.13)

    def test_overpayment_is_kept(self):
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total + 10)
        dialog = self._decide(claim, "keep")
        self.assertAlmostEqual(self._balance(self.over_account), -10)
        self.assertAlmostEqual(self._open_of_maker(), 0)
        short, lost = self._report("amount_short", "amount_lost")
        self.assertAlmostEqual(short, -10)
        self.assertAlmostEqual(lost, -10)
        self.assertTrue(dialog)

    def test_clerk_does_not_write_money_off(self):
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total - 100)
        with self.assertRefused("role may not", AccessError):
            self._decide(claim, "accept", self.user_warranty_clerk)
        with self.assertRefused("role may not", AccessError):
            self._decide(claim, "dispute", self.user_cashier)
        self.assertAlmostEqual(bill.amount_residual, 100)

    def test_missing_account_is_named(self):
        self.terms.short_account_id = False
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total - 100)
        with self.assertRefused("no account for this difference"):
            self._decide(claim, "accept")

    def test_refused_part_of_a_price_with_tax_is_credited_to_the_cent(self):
        """50.00 are 44.25 and tax; 44.20 of them are 49.95, not 49.94."""
        self.tax.price_include_override = "tax_included"
        self.company.tax_calculation_rounding_method = "round_per_line"
        claim = self._send(self._deliver([{"product_id": self.filter.id}]))
        self.assertAlmostEqual(claim.amount_claimed, 44.25)
        self._answer(claim, 0.05)
        self.assertAlmostEqual(self._bill_of(claim, "out_refund").amount_untaxed, 44.2)
        self.assertAlmostEqual(self._net(claim), 0.05)

    def test_prices_with_tax_are_claimed_without_it(self):
        included = self.env["account.tax"].create(
            {
                "name": "VAT 13% included",
                "amount": 13.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        self.labor.taxes_id = included
        self.labor.list_price = 339.0
        claim = self._send(self._deliver([{"product_id": self.labor.id}]))
        self.assertAlmostEqual(claim.amount_claimed, 300)
        self._answer(claim, 266.67)
        self.assertAlmostEqual(self._net(claim), 266.67)
        self.assertFalse(claim.needs_decision)

    def test_settled_on_the_day_of_the_money(self):
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total)
        self.assertEqual(claim.settled_on, fields.Date.context_today(claim))
        with self.assertRefused("between 0 and the"):
            self._charge_back(claim, 301, 0, 0)
        with self.assertRefused("what the maker takes back"):
            self._charge_back(claim, 0, 0, 0)
