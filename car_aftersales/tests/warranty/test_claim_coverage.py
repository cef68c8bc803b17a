from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimCoverage(ClaimsCommon):
    """From policy to claim: what covers a line, who pays it, what is claimed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["car.warranty.policy"].create(
            {
                "name": "New car",
                "kind": "maker",
                "maker_id": cls.terms.id,
                "months": 36,
                "km": 100000,
                "requires_service": False,
                "is_automatic": False,
            }
        )
        cls.env["car.warranty.coverage"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "policy_id": cls.policy.id,
                "start_date": "2025-03-02",
            }
        )

    def _deliver_covered(self):
        order = self._create_order(odometer_km=42000)
        order.job_ids.write(
            {
                "cause": "Bearing worn",
                "correction": "Replaced",
                "technician_ids": self.technician.ids,
            }
        )
        self._make_ready(order)
        self._bill(order)
        self._leave(order)
        return order

    def test_what_the_policy_covers_is_paid_by_the_maker_and_claimed(self):
        order = self._deliver_covered()
        self.assertEqual(set(order.line_ids.mapped("coverage_reason")), {"covered"})
        self.assertEqual(order.sudo().invoice_ids.partner_id, self.maker)
        claim = self._collect(order)
        self.assertEqual(claim.line_ids.line_id, order.line_ids)
        self.assertAlmostEqual(
            claim.amount_claimed, order.sudo().invoice_ids.amount_untaxed
        )
        for line in claim.line_ids:
            self.assertIn("New car", line.coverage_text)

    def test_the_claim_prints_what_covers_it(self):
        claim = self._collect(self._deliver_covered())
        reports = self.env["ir.actions.report"].with_user(self.user_warranty_clerk)
        paper, _kind = reports._render_qweb_html(
            "car_aftersales.car_warranty_claim_report_claim", claim.ids
        )
        self.assertIn('name="coverage"', paper.decode())
        self.assertIn("100,000 km", paper.decode())
