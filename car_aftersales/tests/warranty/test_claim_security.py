from odoo.exceptions import AccessError
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimSecurity(ClaimsCommon):
    """Who sees claims, who does what, and in which company."""

    def test_only_the_warranty_desk_and_the_money_see_claims(self):
        claim = self._collect(self._deliver())
        for user in (
            self.user_technician,
            self.user_gate,
            self.user_advisor,
            self.user_parts_clerk,
            self.user_inspector,
        ):
            for model in (
                "car.warranty.claim",
                "car.warranty.claim.line",
                "car.warranty.unclaimed",
                "car.warranty.claim.report",
            ):
                with (
                    self.subTest(user=user.name, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search_read([], ["id"])
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                claim.with_user(user).action_submit()
        for user in (self.user_cashier, self.user_supervisor, self.user_manager):
            with self.subTest(user=user.name):
                self.assertEqual(claim.with_user(user).amount_claimed, 630)

    def test_cashier_reads_and_does_not_run_claims(self):
        claim = self._collect(self._deliver()).with_user(self.user_cashier)
        for step in (
            claim.action_submit,
            claim.action_cancel,
            claim.action_refresh,
            claim.action_accept_loss,
            lambda: claim.write({"cause": "x"}),
            lambda: claim.line_ids[0].unlink(),
        ):
            with self.assertRaises(AccessError):
                step()

    def test_parts_clerk_sees_old_parts_and_no_claims(self):
        claim = self._send(self._deliver())
        claim.action_tag_old_parts()
        parts = self.env["car.warranty.old.part"].with_user(self.user_parts_clerk)
        rows = parts.search([]).read(["name", "claim_number", "kept_until", "is_free"])
        self.assertEqual({row["claim_number"] for row in rows}, {claim.name})
        for user in (self.user_technician, self.user_gate):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                parts.with_user(user).search_read([], ["name"])

    def test_nobody_makes_claims_by_hand(self):
        claim = self._collect(self._deliver())
        values = {
            "order_id": claim.order_id.id,
            "job_id": claim.job_id.id,
            "payer_id": claim.payer_id.id,
        }
        for user in (self.user_warranty_clerk, self.user_manager):
            with self.subTest(user=user.name), self.assertRefused("are collected"):
                claim.with_user(user).create(values)
            with self.subTest(user=user.name), self.assertRefused("come from"):
                claim.line_ids.with_user(user).create(
                    {"claim_id": claim.id, "line_id": 1, "payer_id": 1}
                )

    def test_other_company_sees_nothing(self):
        claim = self._send(self._deliver())
        claim.action_tag_old_parts()
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.user_warranty_clerk.write(
            {"company_ids": [(4, other.id)], "company_id": other.id}
        )
        self.env.flush_all()
        for model in (
            "car.warranty.claim",
            "car.warranty.claim.line",
            "car.warranty.old.part",
            "car.warranty.claim.report",
            "car.warranty.unclaimed",
        ):
            with self.subTest(model=model):
                there = (
                    self.env[model]
                    .with_user(self.user_warranty_clerk)
                    .with_company(other)
                    .with_context(allowed_company_ids=other.ids)
                )
                self.assertFalse(there.search([]))

    def test_terms_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.env["car.warranty.maker"].create(
            {
                "partner_id": self.maker.id,
                "company_id": other.id,
                "claim_billing": "approval",
            }
        )
        order = self._deliver()
        self.assertTrue(order.sudo().invoice_ids)
        self.assertEqual(self._collect(order).maker_id, self.terms)

    def test_bulk_export_is_for_supervisors(self):
        claim = self._collect(self._deliver())
        with self.assertRaises(AccessError):
            claim.export_data(["name"])
        self.assertTrue(claim.with_user(self.user_supervisor).export_data(["name"]))
