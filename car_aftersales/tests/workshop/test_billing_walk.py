import random

from odoo.tests import tagged

from .billing_common import PerpetualCommon

STEPS = 14


class WalkCommon(PerpetualCommon):
    """Visits whose payers, shares, parts and bills change in any order.

    Whatever the order of steps, at the end each payer was billed what he bears, the
    parts that left cost what they are worth, and they cost it once.
    """

    def _walk(self, seed):
        self.dice = random.Random(seed)
        self.trace = []
        self._receive(self.filter, 2.0, 30.0)
        self._receive(self.oil, 6.0, 40.0)
        order = self._create_order()
        self.payers = order._get_customer_payer()
        self.payers |= self._add_payer(order, "warranty", self.maker)
        self.payers |= self._add_payer(order, "insurer", self.insurer)
        self.payers |= self._add_payer(order, "goodwill")
        self._make_ready(order)
        steps = (
            self._step_payer,
            self._step_split,
            self._step_bill,
            self._step_return,
            self._step_issue,
            self._step_reverse,
            self._step_price_of_stock,
        )
        for _number in range(STEPS):
            self.dice.choice(steps)(order)
        self._step_bill(order)
        self._check_books(order)

    def _ask(self, order):
        """Ask customer and house for what has come to them."""
        for internal, answer in ((False, self._authorize), (True, self._house)):
            if order.line_ids._filter_to_ask(internal=internal):
                answer(order)

    def _house(self, order):
        return self._authorize(order, self.user_manager, channel="supervisor")

    def _step_payer(self, order):
        line = self.dice.choice(order.line_ids)
        line.with_user(self.user_advisor).share_ids.unlink()
        line.with_user(self.user_advisor).payer_id = self.dice.choice(self.payers)
        self.trace.append(f"{line.name} -> {line.payer_id.kind}")
        self._ask(order)

    def _step_split(self, order):
        line = self.dice.choice(order.line_ids)
        first, second = self.dice.sample(list(self.payers), 2)
        percent = self.dice.choice((25.0, 33.3333, 50.0, 70.0))
        self._split(line, (first, percent), (second, 100 - percent))
        self.trace.append(f"{line.name} {percent} {first.kind}/{second.kind}")
        self._ask(order)

    def _step_bill(self, order):
        order.with_user(self.user_supervisor).action_create_invoices()
        self.trace.append("bill")

    def _step_return(self, order):
        line = self._lines(order)[2]
        done = order.picking_ids.sudo().filtered(lambda p: p.state == "done")
        if line.quantity_issued >= 1 and len(done) == 1:
            self._return(order, self.oil, 1.0)
            self.trace.append("one oil back")

    def _step_issue(self, order):
        lines = order.line_ids.with_user(self.user_advisor)
        if order.state == "ready":
            order.with_user(self.user_advisor).action_rework(
                reason="one more look", kind="additional"
            )
            order.job_ids.with_user(self.user_inspector).action_send_back(
                "one oil less"
            )
        lines.action_request_parts()
        self._issue(order)
        self.trace.append(f"issued {self._lines(order)[2].quantity_issued}")
        order.job_ids.with_user(self.user_technician).action_finish()

    def _step_reverse(self, order):
        invoices = order.invoice_ids.sudo().filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and not move.reversal_move_ids
                and move.amount_total
            )
        )
        if invoices:
            invoice = self.dice.choice(invoices)
            invoice._reverse_moves(
                [{"invoice_date": invoice.invoice_date}], cancel=True
            )
            self.trace.append(f"{invoice.name} reversed")

    def _step_price_of_stock(self, order):
        self._receive(self.oil, 2.0, self.dice.choice((20.0, 55.0, 90.0)))
        self.trace.append("oil bought at another price")

    def _check_books(self, order):
        where = f"{order.name}: {'; '.join(self.trace)}"
        self.assertFalse(order.line_ids._get_outstanding(), where)
        billed = order.line_ids._get_billed(posted_only=True)
        for line in order.line_ids:
            quantity = line._get_billable_quantity()
            for payer, amount in line._get_target_amounts(quantity).items():
                if payer.kind != "goodwill":
                    self.assertAlmostEqual(
                        billed[(line, payer)]["amount"], amount, 2, where
                    )
        stocked = order.line_ids.filtered("is_stocked")
        value = sum(line._get_moves_value() for line in stocked)
        settled = order.sudo().payer_ids.line_invoice_ids.filtered(
            lambda item: (
                item.car_repair_role == "settled_cost"
                and item.parent_state == "posted"
                and item.car_repair_line_id.is_stocked
            )
        )
        cost = self._cogs(order) + sum(settled.mapped("balance"))
        self.assertAlmostEqual(cost, value, 2, where)


@tagged("post_install", "-at_install")
class TestWalkAverage(WalkCommon):
    cost_method = "average"

    def test_books_agree_whatever_the_order_of_steps(self):
        for seed in range(5):
            with self.subTest(seed=seed):
                self._walk(seed)


@tagged("post_install", "-at_install")
class TestWalkFifo(WalkCommon):
    cost_method = "fifo"

    def test_books_agree_whatever_the_order_of_steps(self):
        for seed in range(30, 35):
            with self.subTest(seed=seed):
                self._walk(seed)
