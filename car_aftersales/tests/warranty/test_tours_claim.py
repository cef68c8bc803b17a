from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import FROZEN_NOW
from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestToursClaim(ClaimsCommon, HttpCase):
    """The warranty clerk's day with claims, and the parts clerk's with old parts."""

    def _tour(self, path, name, user, days=0):
        """Run a tour on the day of the tests, while the clock goes on."""
        self.env.flush_all()
        with freeze_time(FROZEN_NOW + timedelta(days=days), tick=True):
            self.start_tour(f"/odoo/{path}", name, login=user.login)
        self.env.invalidate_all()

    def test_claim_is_collected_sent_answered_and_paid(self):
        self.terms.requires_fault_code = True
        order = self._deliver()
        self._tour(
            "action-car_aftersales.car_warranty_unclaimed_action",
            "car_claim_tour",
            self.user_warranty_clerk,
        )
        claim = self.env["car.warranty.claim"].search([("order_id", "=", order.id)])
        self.assertEqual((claim.state, claim.fault_code), ("partly", "P0A9B"))
        self.assertEqual(claim.line_ids.mapped("amount_accepted"), [250.0, 50.0, 280.0])
        self.assertAlmostEqual(self._net(claim), 580)
        # He pays 3 less: within the tolerance.
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_residual - 3)
        self.assertEqual(claim.state, "settled")
        self.assertAlmostEqual(self._balance(self.tolerance_account), 3)

    def test_short_payment_is_decided(self):
        claim = self._send(self._deliver())
        self._answer(claim, 250, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_residual - 20)
        self._tour(
            f"warranty-claims/{claim.id}", "car_claim_short_tour", self.user_cashier
        )
        self.assertEqual(claim.state, "settled")
        self.assertAlmostEqual(self._balance(self.short_account), 20)

    def test_claim_is_set_off_against_his_bills(self):
        claim = self._send(self._deliver())
        self._answer(claim, 300, 50, 280)
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.maker.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create({"name": "Parts", "price_unit": 1000, "tax_ids": []})
                ],
            }
        )
        bill.action_post()
        self._tour(
            f"warranty-claims/{claim.id}", "car_claim_set_off_tour", self.user_cashier
        )
        self.assertEqual(claim.state, "settled")
        self.assertAlmostEqual(bill.amount_residual, 1000 - 630 * 1.13)
        self.assertAlmostEqual(self._open_of_maker(), 0)

    def test_answers_are_imported(self):
        self._create_format()
        claim = self._collect(self._deliver())
        claim.maker_reference = "TOUR-77"
        claim.action_submit()
        self._tour("warranty-claims", "car_claim_import_tour", self.user_warranty_clerk)
        self.assertEqual(claim.state, "rejected")
        self.assertEqual(set(claim.line_ids.mapped("refusal_reason")), {"Out of term"})

    def test_old_part_leaves_after_the_settlement(self):
        claim = self._send(self._deliver())
        claim.action_tag_old_parts()
        parts = claim.old_part_ids.with_user(self.user_parts_clerk)
        self._tour(
            "action-car_aftersales.car_warranty_old_part_action",
            "car_old_part_tour",
            self.user_parts_clerk,
        )
        self.assertEqual(set(parts.mapped("state")), {"stored"})
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total)
        self._tour(
            f"action-car_aftersales.car_warranty_old_part_action/{parts[0].id}",
            "car_old_part_leaves_tour",
            self.user_parts_clerk,
            days=31,
        )
        self.assertEqual(parts.mapped("state"), ["scrapped", "stored"])
