from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SIGNATURE, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestFlowVisit(CarWorkshopCommon):
    """A car comes in, is repaired with parts from stock, billed, and leaves."""

    def test_a_whole_visit(self):
        # The advisor receives the car, reads the odometer, notes the complaint.
        order = self._create_order(odometer_km=42000, fuel_level="2")
        self.assertEqual(order.state, "reception")
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(self.vehicle.odometer_km, 42000)

        # He estimates: one labor line, a filter and four liters of oil.
        order.action_estimate()
        self.assertAlmostEqual(order.amount_untaxed, 300 + 50 + 280)
        self.assertAlmostEqual(order.amount_total, 711.9)
        self.assertEqual(order.amount_pending, order.amount_total)
        with self.assertRaises(UserError):
            order.job_ids.with_user(self.user_technician).action_start()

        # The customer signs.
        self._authorize(
            order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )
        self.assertEqual(order.state, "authorized")
        self.assertEqual(order.amount_authorized, order.amount_total)

        # The parts wait in one workshop transfer; the parts clerk issues them.
        picking = order.picking_ids
        self.assertEqual(len(picking), 1)
        self.assertEqual(
            picking.sudo().picking_type_id, self.warehouse.workshop_type_id
        )
        self.assertEqual(order.parts_state, "ready")
        self._issue(order)
        self.assertEqual(order.parts_state, "issued")
        self.assertEqual(self.oil.qty_available, 6)

        # The technician does the job; the inspector passes it.
        self._work(order)
        self.assertEqual(order.state, "in_workshop")
        self._pass_quality(order)
        self.assertEqual(order.state, "ready")

        # No pass before the bill, none before the money.
        with self.assertRaises(UserError):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        invoice = self._bill(order)
        self.assertEqual(invoice.state, "posted")
        self.assertAlmostEqual(invoice.amount_total, 711.9)
        self.assertEqual(order.billing_state, "billed")
        with self.assertRaises(UserError):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        self._pay(invoice)
        self.assertEqual(order.billing_state, "paid")

        # The cashier issues the pass, the advisor gives the car back, the gate opens.
        self._leave(order)
        self.assertEqual(order.state, "delivered")
        exit_pass = order.exit_pass_ids.with_user(self.user_gate)
        exit_pass.action_leave()
        self.assertTrue(exit_pass.out_at)
        self.assertAlmostEqual(
            order.with_user(self.user_supervisor).margin,
            630 - (30 + 160) - 1.5 * 60,
        )
