from odoo.exceptions import UserError
from odoo.tests import tagged

from .deferred_common import UNTIL, DeferredCommon


@tagged("post_install", "-at_install")
class TestFlowDeferred(DeferredCommon):
    """A part is weeks away: the car leaves, and the next order takes the work along."""

    def test_a_job_waits_for_its_part_and_goes_on_at_the_next_visit(self):
        # Two jobs are agreed to; the part of the second one is bought.
        order, job = self._create_visit()
        purchase = self._buy_part(order)
        line = job.line_ids.filtered(lambda one: one.product_id == self.module)
        self.assertEqual(line.parts_state, "expected")

        # It will take weeks: a dialog asks why and until when.
        action = job.action_defer()
        self.assertEqual(action["res_model"], "car.repair.job.defer")
        dialog = (
            self.env["car.repair.job.defer"]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
            .create({"reason": "Comes from the maker", "until": UNTIL})
        )
        dialog.action_confirm()
        self.assertEqual(job.state, "deferred")
        self.assertTrue(job.holds_parts)
        self.assertFalse(job.has_all_parts)
        self.assertEqual(order.parts_state, "ready")

        # The rest is done; only that is billed and printed as done.
        self._finish_visit(order)
        self.assertEqual(order.state, "delivered")
        self.assertAlmostEqual(order.sudo().invoice_ids.amount_untaxed, 350)
        self.assertAlmostEqual(order.amount_untaxed, 350)
        self.assertAlmostEqual(
            order.with_user(self.user_supervisor).margin, 350 - 30 - 1.5 * 60
        )
        paper = order._get_record_content()
        self.assertIn("Agreed and deferred to the next visit", paper)

        # The part still waits for what was bought for it, and gets it.
        self.assertEqual(line.sudo().move_ids.state, "confirmed")
        receipt = purchase.picking_ids.with_user(self.user_parts_clerk)
        receipt.button_validate()
        self.assertEqual(line.sudo().move_ids.state, "assigned")
        jobs = self.env["car.repair.job"].with_user(self.user_advisor)
        self.assertEqual(jobs.search([("has_all_parts", "=", True)]), job)

        # The car comes again; the reception screen and the order say what waits.
        keys = [
            card["key"]
            for card in self.env["car.reception"]
            .with_user(self.user_advisor)
            ._get_cards(self.vehicle, self.customer)
        ]
        self.assertEqual(keys[0], "deferred")
        self.assertNotIn("declined", keys)
        following = self._create_next()
        self.assertEqual(following.deferred_job_ids, job)
        self.assertTrue(following.has_deferred_parts)
        following.action_carry_over()
        self.assertEqual(job.order_id, following)
        self.assertEqual(job.state, "authorized")
        self.assertEqual(job.line_ids.order_id, following)
        self.assertEqual(
            set(job.line_ids.mapped("authorization_state")), {"authorized"}
        )
        self.assertEqual(job.line_ids.payer_id, following.payer_ids)
        self.assertEqual(line.sudo().move_ids.picking_id.car_repair_order_id, following)
        self.assertEqual(len(line.sudo().move_ids), 1)
        self.assertFalse(following.deferred_job_ids)
        self.assertEqual(order._get_record_content(), paper)
        self.assertIn(following.name, order.message_ids[0].body)

        # The customer is asked for the new work alone; all is done and billed.
        following.action_estimate()
        consent = self._authorize(following)
        self.assertEqual(consent.line_ids.line_id.job_id, following.job_ids - job)
        self._issue(following)
        self.assertEqual(line.quantity_issued, 1)
        self._work(following)
        self._pass_quality(following)
        invoice = self._bill(following)
        self.assertAlmostEqual(invoice.amount_untaxed, 300 + 600 + 50)
        self._pay(invoice)
        self._leave(following)
        self.assertEqual(following.state, "delivered")
        self.assertEqual(order.billing_state, "paid")
        with self.assertRaises(UserError):
            following.action_carry_over()

    def test_nothing_else_to_do_the_order_is_authorized_at_once(self):
        _order, job = self._create_deferred()
        following = self._create_order([])
        following.job_ids.unlink()
        following.action_carry_over()
        self.assertEqual(following.next_step, "authorize")
        following.action_authorize()
        self.assertEqual(following.state, "authorized")
        self.assertEqual(job.order_id, following)
