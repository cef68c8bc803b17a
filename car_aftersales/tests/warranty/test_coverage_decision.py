from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_coverage_payers import PayersCommon


@tagged("post_install", "-at_install")
class TestCoverageDecision(PayersCommon):
    """The advisor decides otherwise than the policies, and says why (R-183)."""

    def _decide(self, line, user=None, **values):
        self.env["car.repair.coverage.decision"].with_user(
            user or self.user_advisor
        ).create({"line_ids": [Command.set(line.ids)], **values}).action_confirm()

    def test_the_advisor_decides_with_a_reason(self):
        coverage = self._cover(self._create_policy(months=6))
        order = self._order_of(self.pump)
        line = order.line_ids
        self._decide(line, coverage_id=coverage.id, reason="Known since January")
        self.assertEqual(line.coverage_reason, "covered")
        self.assertEqual(line.payer_id.kind, "warranty")
        self.assertIn("Known since January", line.coverage_text)
        self.assertIn("Known since January", "".join(order.message_ids.mapped("body")))
        order.with_user(self.user_advisor).odometer_km = 12000
        self.assertEqual(line.coverage_reason, "covered")

    def test_the_advisor_declines_with_a_reason(self):
        self._cover()
        line = self._order_of(self.pump).line_ids
        self._decide(line, decision="declined", reason="Accident")
        self.assertEqual(line.coverage_reason, "manual")
        self.assertEqual(line.payer_id.kind, "customer")
        self._decide(line, decision="judge")
        self.assertEqual(line.coverage_reason, "covered")
        self.assertEqual(line.payer_id.kind, "warranty")

    def test_a_decision_after_the_consent_moves_the_payer_too(self):
        coverage = self._cover(self._create_policy(months=6))
        order = self._order_of(self.pump)
        line = order.line_ids
        self._authorize(order)
        price = line.price_unit
        self._decide(line, coverage_id=coverage.id, reason="Known since January")
        self.assertEqual(line.payer_id.kind, "warranty")
        self.assertEqual(line.price_unit, price)
        self.assertEqual(line.authorization_state, "authorized")
        # Taken back, the customer is asked before he pays.
        self._decide(line, decision="judge")
        self.assertEqual(line.coverage_reason, "date")
        self.assertFalse(line.has_coverage_decision)
        self.assertEqual(line.payer_id.kind, "customer")
        self.assertEqual(line.authorization_state, "pending")

    def test_a_decision_leaves_a_payer_chosen_by_hand(self):
        coverage = self._cover(self._create_policy(months=6))
        order = self._order_of(self.pump)
        self._split_goodwill(order, order.line_ids, 50.0, 50.0)
        self._decide(order.line_ids, coverage_id=coverage.id, reason="Known")
        self.assertEqual(
            self._shares(order.line_ids), [("warranty", 50.0), ("goodwill", 50.0)]
        )

    def test_the_coverage_that_comes_closest_is_proposed(self):
        coverage = self._cover(self._create_policy(months=6))
        line = self._order_of(self.pump).line_ids
        dialog = (
            self.env["car.repair.coverage.decision"]
            .with_user(self.user_advisor)
            .create({"line_ids": [Command.set(line.ids)], "reason": "Known"})
        )
        self.assertEqual(dialog.coverage_id, coverage)

    def test_a_coverage_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.user_advisor.company_ids = [Command.link(other.id)]
        self.vehicle.company_id = False
        policy = self._create_policy(
            company_id=other.id, maker_id=False, payer_kind="internal"
        )
        coverage = self._cover(policy)
        line = self._order_of(self.pump).line_ids.with_user(self.user_advisor)
        line = line.with_context(allowed_company_ids=[self.company.id, other.id])
        with self.assertRefused("another company"):
            line.action_decide_coverage(coverage.with_env(line.env), "Known")

    def test_a_coverage_of_another_car_is_refused(self):
        car = self._create_vehicle(license_plate="京E00001", vin=False)
        coverage = self._cover(vehicle_id=car.id)
        line = self._order_of(self.pump).line_ids
        with self.assertRefused("another car"):
            self._decide(line, coverage_id=coverage.id, reason="x")

    def test_the_parts_clerk_decides_nothing(self):
        coverage = self._cover()
        line = self._order_of(self.pump).line_ids
        with self.assertRaises(AccessError):
            line.with_user(self.user_parts_clerk).action_decide_coverage(coverage, "x")
