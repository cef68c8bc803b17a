from odoo import fields
from odoo.tests import tagged

from .claims_common import ClaimsCommon

# Labor 300, filter 50, four liters of oil 280; cost of parts 30 + 160
CLAIMED = 630


class ClaimStory:
    """A claim lives through part approval, short payment and charge-back."""

    def _check_cost(self, order):
        """Whatever the maker pays, the parts have cost what they have cost."""
        perpetual = self.valuation == "real_time"
        self.assertAlmostEqual(self._cogs(order), 190 if perpetual else 0)

    def test_a_claim_lives(self):
        # The order is delivered, and the maker billed as anybody is.
        order = self._deliver()
        self.assertEqual(self._unclaimed(order).mapped("urgency"), ["time"] * 3)
        bill = order.sudo().invoice_ids
        self.assertAlmostEqual(bill.amount_untaxed, CLAIMED)
        self._check_cost(order)

        # The clerk collects and sends it; nothing is left to claim.
        claim = self._collect(order)
        self.assertFalse(self._unclaimed(order))
        self.assertEqual(claim.state, "draft")
        self.assertAlmostEqual(claim.amount_claimed, CLAIMED)
        self.assertEqual(
            (claim.complaint, claim.odometer_in_km), ("Oil service", 42000)
        )
        self.assertFalse(claim.missing)
        claim.action_submit()
        self.assertEqual(claim.submission_count, 1)
        self.assertEqual(
            claim.answer_due_on, fields.Date.add(claim.first_sent_on, days=14)
        )

        # The maker pays less labor: a service line is credited, no part comes back.
        self._answer(claim, 250, 50, 280)
        self.assertEqual(claim.state, "partly")
        credit = self._bill_of(claim, "out_refund")
        self.assertEqual(credit.state, "posted")
        self.assertAlmostEqual(credit.amount_untaxed, 50)
        allowance = self.env.ref("car_aftersales.product_claim_allowance")
        self.assertEqual(credit.invoice_line_ids.product_id, allowance)
        self.assertEqual(
            credit.invoice_line_ids.account_id,
            bill.invoice_line_ids.filtered(
                lambda item: item.product_id == self.labor
            ).account_id,
        )
        self.assertAlmostEqual(self._net(claim), 580)
        self.assertAlmostEqual(bill.amount_residual, 580 * 1.13)
        self.assertTrue(credit.currency_id.is_zero(credit.amount_residual))
        self._check_cost(order)
        self.assertEqual(set(order.line_ids.mapped("quantity_billed")), {1.0, 4.0})
        # The ordinary bill neither charges it again nor credits it once more.
        self.assertFalse(self._bill(order))

        # He pays 20 less than that: above the tolerance, a person decides.
        self._receive_money(bill, 635.4)
        self.assertAlmostEqual(bill.amount_residual, 20)
        self.assertEqual(claim.state, "partly")
        self.assertTrue(claim.is_short_paid)
        self._decide(claim, "dispute", self.user_warranty_clerk)
        self.assertTrue(claim.is_disputed)
        self._decide(claim, "accept")
        self.assertAlmostEqual(self._balance(self.short_account), 20)
        self.assertAlmostEqual(self._open_of_maker(), 0)
        self.assertEqual(claim.state, "settled")
        self.assertFalse(claim.is_disputed)

        # After an audit he takes the filter back.
        self._charge_back(claim, 0, 50, 0)
        self.assertEqual(claim.state, "charged_back")
        self.assertAlmostEqual(self._net(claim), 530)
        self.assertAlmostEqual(self._open_of_maker(), -50 * 1.13)
        self._check_cost(order)

        # We appeal, and he pays half of it after all.
        claim.action_appeal("The photo is attached now")
        self._answer(claim, 250, 25, 280)
        self.assertEqual(claim.state, "partly")
        self.assertAlmostEqual(self._net(claim), 555)
        self.assertAlmostEqual(self._open_of_maker(), -25 * 1.13)
        self._check_cost(order)

        # What the accounts say is what the books say.
        claimed, accepted, refused, billed, credited, short, lost, paid = self._report(
            "amount_claimed",
            "amount_accepted",
            "amount_refused",
            "amount_billed",
            "amount_allowance",
            "amount_short",
            "amount_lost",
            "amount_paid",
        )
        self.assertAlmostEqual(claimed, CLAIMED)
        self.assertAlmostEqual(accepted, 555)
        self.assertAlmostEqual(refused, 75)
        self.assertAlmostEqual(billed, self._net(claim))
        self.assertAlmostEqual(credited, 75)
        self.assertAlmostEqual(short, self._balance(self.short_account))
        self.assertAlmostEqual(lost, 95)
        money = self.env["account.payment"].search([("partner_id", "=", self.maker.id)])
        self.assertAlmostEqual(paid, sum(money.mapped("amount")))


@tagged("post_install", "-at_install")
class TestClaimPeriodic(ClaimStory, ClaimsCommon):
    """In books of periodic valuation."""

    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestClaimPerpetual(ClaimStory, ClaimsCommon):
    """In books of perpetual valuation."""

    allow_inherited_tests_method = True
    valuation = "real_time"
