from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestRepairOrderAsk(BillingCommon):
    """Who bears the work changes when it is done, or when the car has left already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_goodwill_limit = 10000

    def _share_out(self, order, house=30, customer=20):
        """Let maker, house and customer bear each line."""
        maker = self._add_payer(order, "warranty", self.maker)
        goodwill = self._add_payer(order, "goodwill")
        own = order._get_customer_payer()
        for line in order.line_ids:
            self._split(
                line,
                (maker, 100 - house - customer),
                (goodwill, house),
                (own, customer),
            )
        self.env.invalidate_all()

    def _seen_by(self, order, user):
        order = order.with_user(user)
        order.invalidate_recordset()
        return order.next_step, order.can_ask, bool(order.ask_text)

    def _open(self, order, user):
        """Open the dialog that the button opens."""
        order = order.with_user(user)
        context = order.action_authorize()["context"]
        model = self.env["car.repair.authorization"].with_user(user)
        view = "car_aftersales.car_repair_authorization_view_form_record"
        return Form(model.with_context(**context), view)

    def test_house_agrees_to_its_share_before_the_car_leaves(self):
        order = self._create_order()
        self._make_ready(order)
        self.assertEqual(self._seen_by(order, self.user_cashier)[0], "bill")
        self._share_out(order)
        self.assertEqual(order.waiting_for, "advisor")
        self.assertIn("business supervisor", order.blocking_text)
        # The customer has agreed to more: only the house is asked.
        _step, can_ask, is_told = self._seen_by(order, self.user_advisor)
        self.assertEqual((can_ask, is_told), (False, True))
        self.assertEqual(
            self._seen_by(order, self.user_supervisor), ("authorize", True, True)
        )
        found = self.env["car.repair.order"].with_user(self.user_supervisor)
        self.assertIn(order, found.search([("ask_text", "!=", False)]))
        dialog = self._open(order, self.user_supervisor)
        self.assertEqual(dialog.channel, "supervisor")
        answer = dialog.save()
        told = sum(answer.line_ids.mapped("amount_house"))
        self.assertAlmostEqual(told, order.amount_total * 0.3, 1)
        states = set(order.line_ids.mapped("authorization_state"))
        self.assertEqual(states, {"authorized"})
        self.assertEqual(
            self._seen_by(order, self.user_supervisor), ("bill", False, False)
        )
        self.assertNotIn(order, found.search([("ask_text", "!=", False)]))
        self.assertEqual(order.waiting_for, "cashier")

    def test_house_agrees_after_the_car_has_left(self):
        order = self._create_order()
        insurer = self._add_payer(order, "insurer", self.insurer)
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        self._bill(order)
        self._leave(order)
        seen = order.with_user(self.user_warranty_clerk)
        seen._move_refused_share(insurer, seen.line_ids, "goodwill", 40, "Refused")
        self.assertFalse(self._seen_by(order, self.user_warranty_clerk)[1])
        self.assertEqual(
            self._seen_by(order, self.user_supervisor)[:2], ("authorize", True)
        )
        self._open(order, self.user_supervisor).save()
        self.assertEqual(self._seen_by(order, self.user_cashier)[0], "bill")
        bill = order.sudo().invoice_ids
        self._bill(order)
        credit = order.sudo().invoice_ids - bill
        self.assertAlmostEqual(credit.amount_untaxed, 630 * 0.4)
        # What he has refused is taken off his invoice at once.
        self.assertEqual(credit.payment_state, "paid")
        self.assertAlmostEqual(bill.amount_residual, 630 * 1.13 * 0.6, 2)

    def test_customer_agrees_after_the_car_has_left(self):
        order = self._create_order()
        insurer = self._add_payer(order, "insurer", self.insurer)
        order.line_ids.payer_id = insurer
        self._make_ready(order)
        self._bill(order)
        self._leave(order)
        seen = order.with_user(self.user_warranty_clerk)
        seen._move_refused_share(insurer, seen.line_ids, "customer", 100, "Refused")
        self.assertEqual(
            self._seen_by(order, self.user_warranty_clerk)[:2], ("authorize", True)
        )
        dialog = self._open(order, self.user_warranty_clerk)
        self.assertNotEqual(dialog.channel, "supervisor")
        dialog.channel = "phone"
        dialog.save()
        self.assertFalse(self._seen_by(order, self.user_warranty_clerk)[1])

    def test_nobody_but_the_supervisor_agrees_for_the_house(self):
        order = self._create_order()
        self._make_ready(order)
        self._share_out(order)
        with self.assertRaises(AccessError):
            self.env["car.repair.authorization"].with_user(self.user_advisor).create(
                {"order_id": order.id, "channel": "supervisor"}
            )
