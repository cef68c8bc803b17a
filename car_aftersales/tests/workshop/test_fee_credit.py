import random

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon
from .common import PROMISED_AT


class FeeCommon(BillingCommon):
    """An order whose diagnosis costs a fee, and the tax on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_fee_credit = "yes"
        cls.fee_product = cls.env.ref("car_aftersales.product_diagnosis_fee")
        cls.fee_product.write(
            {"list_price": 99.99, "taxes_id": [Command.set(cls.tax.ids)]}
        )

    def _create_diagnosed(self, lines=None, **values):
        """Return an order whose customer has agreed to the fee of the diagnosis."""
        order = self._create_order(lines, **values)
        fee = order.line_ids.create(
            {"job_id": order.job_ids.id, "product_id": self.fee_product.id}
        )
        self._authorize(order, kind="diagnosis")
        return order, fee

    def _get_credit(self, order):
        return order.line_ids.filtered("credited_line_id")

    def _get_billed(self, order):
        """Return what the order's documents come to, taxes included."""
        return sum(
            move.amount_total * (-1 if move.move_type == "out_refund" else 1)
            for move in order.sudo().invoice_ids
            if move.state == "posted"
        )


@tagged("post_install", "-at_install")
class TestFeeCredit(FeeCommon):
    """The fee is taken off when the repair follows, once, to the cent."""

    def test_it_shows_with_the_estimate_and_asks_nobody(self):
        order, fee = self._create_diagnosed()
        self.assertFalse(self._get_credit(order))
        order.action_estimate()
        credit = self._get_credit(order)
        self.assertEqual(credit.price_total, -fee.price_total)
        self.assertIn("taken off the repair", credit.name)
        self.assertEqual(credit.authorization_state, "authorized")
        self.assertNotIn(credit, order.line_ids._filter_to_ask())
        self.assertEqual(
            order.amount_total,
            sum((order.line_ids - fee - credit).mapped("price_total")),
        )
        self.assertEqual(
            order._get_paper_totals("estimate")["total"], order.amount_total
        )
        # It is no consent to the work.
        self.assertEqual(order.job_ids.state, "estimated")
        with self.assertRefused("not ready for the workshop|not authorized|cannot"):
            order.job_ids.with_user(self.user_technician).action_start()

    def test_shops_that_do_not_take_it_off(self):
        self.company.car_fee_credit = "no"
        order, fee = self._create_diagnosed()
        order.action_estimate()
        self.assertFalse(self._get_credit(order))
        self._make_ready(order)
        self._bill(order)
        self.assertIn(self.fee_product, order.invoice_ids.sudo().line_ids.product_id)
        self.assertEqual(fee.quantity_billed, 1.0)

    def test_fee_and_credit_come_to_nothing_on_one_bill(self):
        order, _fee = self._create_diagnosed()
        order.action_estimate()
        self._make_ready(order)
        invoice = self._bill(order)
        lines = invoice.sudo().invoice_line_ids.filtered(
            lambda line: line.product_id == self.fee_product
        )
        self.assertEqual(lines.mapped("price_unit"), [99.99, -99.99])
        self.assertEqual(sum(lines.mapped("price_total")), 0.0)
        self.assertEqual(invoice.amount_total, order.amount_total)
        self.assertEqual(order.billing_state, "billed")

    def test_a_fee_paid_before_is_taken_off_the_repair(self):
        order, fee = self._create_diagnosed()
        first = self._bill(order)
        self._pay(first)
        order.action_estimate()
        self._make_ready(order)
        second = self._bill(order)
        work = sum(line.price_total for line in order.line_ids if line.kind != "fee")
        self.assertAlmostEqual(second.amount_total, work - fee.price_total)
        self.assertFalse(self._bill(order))

    def test_partial_bills_take_it_off_with_the_first_work(self):
        order, _fee = self._create_diagnosed()
        order.action_estimate()
        self._authorize(order)
        self._issue(order)
        parts = self._bill(order)
        self.assertEqual(
            len(
                parts.sudo().invoice_line_ids.filtered(lambda line: line.price_unit < 0)
            ),
            0,
        )
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        self.assertAlmostEqual(self._get_billed(order), order.amount_total)

    def test_no_repair_no_credit(self):
        order, fee = self._create_diagnosed()
        order.action_estimate()
        order.action_decline("refused", "Too expensive")
        self.assertFalse(self._get_credit(order))
        invoice = self._bill(order)
        self.assertEqual(invoice.amount_total, fee.price_total)
        order.action_resume()
        self.assertTrue(self._get_credit(order))

    def test_a_cancelled_order_has_none(self):
        order, _fee = self._create_diagnosed()
        order.action_estimate()
        order.action_cancel()
        self.assertFalse(self._get_credit(order))

    def test_a_diagnosis_alone_is_no_repair(self):
        order, fee = self._create_diagnosed()
        job = order.job_ids.create(
            {
                "order_id": order.id,
                "name": "Noise",
                "line_ids": [Command.create({"product_id": self.labor.id})],
            }
        )
        fee.with_user(self.user_advisor).job_id = job
        order.action_estimate()
        self.assertTrue(self._get_credit(order))
        order.job_ids.write({"state": "declined"})
        self.assertFalse(self._get_credit(order))

    def test_it_follows_the_fee_and_not_the_hand(self):
        order, fee = self._create_diagnosed()
        order.action_estimate()
        credit = self._get_credit(order)
        fee.with_user(self.user_advisor).price_unit = 95.0
        self.assertEqual(credit.price_unit, -95.0)
        for values in ({"price_unit": -500.0}, {"quantity": 3}, {"payer_id": False}):
            with self.subTest(values=values), self.assertRefused("follows that fee"):
                credit.with_user(self.user_manager).write({"name": "x", **values})
        with self.assertRefused("follows that fee"):
            credit.with_user(self.user_advisor).unlink()
        line = order.line_ids.with_user(self.user_advisor).create(
            {
                "job_id": order.job_ids.id,
                "product_id": self.fee_product.id,
                "credited_line_id": fee.id,
            }
        )
        self.assertFalse(line.credited_line_id)

    def test_what_the_maker_pays_is_his(self):
        order, fee = self._create_diagnosed()
        fee.payer_id = self._add_payer(order, "warranty", self.maker)
        order.action_estimate()
        self.assertFalse(self._get_credit(order))

    def test_an_allowance_on_the_fee_is_not_given_twice(self):
        self.company.car_post_invoices = False
        order, _fee = self._create_diagnosed()
        draft = self._bill(order).sudo()
        draft.invoice_line_ids.price_unit = 60.0
        draft.action_post()
        order.action_estimate()
        self.assertEqual(self._get_credit(order).price_unit, -60.0)

    # === ON THE ORDER THAT FOLLOWS === #

    def _book_and_return(self, day="2026-03-04", pay=True):
        order, fee = self._create_diagnosed()
        order.job_ids.team_id = self.env["car.workshop.team"].create(
            {"name": order.name}
        )
        order.action_estimate()
        order.action_decline("booked", "Comes later")
        if pay:
            self._pay(self._bill(order))
        with freeze_time(f"{day} 02:00:00"):
            appointment = order.booking_ids
            appointment.start_at = f"{day} 10:00:00"
            appointment.action_confirm()
            appointment.with_user(self.user_advisor).action_arrive()
            new = appointment.order_id
            new.action_estimate()
        return order, fee, new

    def test_the_booked_repair_takes_it_off(self):
        order, fee, new = self._book_and_return()
        credit = self._get_credit(new)
        self.assertEqual(credit.credited_line_id, fee)
        self.assertEqual(credit.price_total, -fee.price_total)
        self.assertIn(order.name, credit.name)
        new.promised_at = PROMISED_AT
        self._make_ready(new)
        invoice = self._bill(new)
        self.assertAlmostEqual(invoice.amount_total, new.amount_total)
        self.assertAlmostEqual(
            self._get_billed(order) + self._get_billed(new),
            sum((new.line_ids - credit).mapped("price_total")),
        )

    def test_what_was_not_billed_is_not_taken_off(self):
        _order, _fee, new = self._book_and_return(pay=False)
        self.assertFalse(self._get_credit(new))

    def test_within_so_many_days(self):
        self.company.write({"car_fee_credit": "days", "car_fee_credit_days": 2})
        self.assertTrue(self._get_credit(self._book_and_return("2026-03-04")[2]))
        self.company.car_fee_credit_days = 1
        self.assertFalse(self._get_credit(self._book_and_return("2026-03-04")[2]))

    def test_once_only(self):
        order, fee, new = self._book_and_return()
        again = self._create_order(previous_order_id=order.id)
        again.action_estimate()
        self.assertFalse(self._get_credit(again))
        # The repair is called off: the next one takes it off.
        new.action_decline("refused", "Sold the car")
        again._follow_fee_credits()
        self.assertEqual(self._get_credit(again).credited_line_id, fee)

    def test_the_earlier_order_may_be_named_later(self):
        order, fee = self._create_diagnosed()
        order.action_decline("diagnosis_only", "Thinks it over")
        self._bill(order)
        again = self._create_order()
        again.action_estimate()
        again.with_user(self.user_advisor).previous_order_id = order
        self.assertEqual(self._get_credit(again).credited_line_id, fee)
        again.with_user(self.user_advisor).previous_order_id = False
        self.assertFalse(self._get_credit(again))

    def test_a_fee_credited_by_the_accountant_is_not_taken_off(self):
        order, _fee = self._create_diagnosed()
        order.action_decline("diagnosis_only", "Thinks it over")
        invoice = self._bill(order).sudo()
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}], cancel=True)
        again = self._create_order(previous_order_id=order.id)
        again.action_estimate()
        self.assertFalse(self._get_credit(again))


@tagged("post_install", "-at_install")
class TestFeeCreditWalk(FeeCommon):
    """Bills, prices, payers and rework in any order: each pays what is due, once."""

    def _walk(self, seed):
        dice = random.Random(seed)
        self._receive(self.filter, 2.0, 30.0)
        self._receive(self.oil, 6.0, 40.0)
        self.fee_product.list_price = dice.choice((33.33, 99.99, 100.0, 47.6))
        order, fee = self._create_diagnosed()
        customer = order._get_customer_payer()
        insurer = self._add_payer(order, "insurer", self.insurer)
        trace = []

        def bill():
            self._bill_all(order)

        def split():
            percent = dice.choice((25.0, 33.3333, 70.0))
            self._split(fee, (customer, percent), (insurer, 100 - percent))
            ask()

        def whole():
            fee.with_user(self.user_advisor).share_ids.unlink()
            fee.with_user(self.user_advisor).payer_id = dice.choice((customer, insurer))
            ask()

        def ask():
            if order.line_ids._filter_to_ask(internal=False):
                self._authorize(order)

        def quantity():
            fee.with_user(self.user_advisor).quantity = dice.choice((0.0, 1.0, 2.0))
            ask()

        def rework():
            if order.state == "ready":
                order.with_user(self.user_inspector).action_rework("Look again")
                bill()
                order.job_ids.with_user(self.user_technician).action_finish()
                self._pass_quality(order)

        if dice.random() < 0.5:
            bill()
        order.action_estimate()
        ready = dice.randrange(6)
        for number in range(12):
            if number == ready:
                ask()
                self._issue(order)
                self._work(order)
                self._pass_quality(order)
            step = dice.choice((bill, split, whole, quantity, rework))
            trace.append(step.__name__)
            if order.state in ("estimate",) and step is rework:
                continue
            step()
        bill()
        where = f"seed {seed}: {' '.join(trace)}"
        credit = self._get_credit(order)
        for payer in order.payer_ids.sudo():
            for line in order.line_ids.sudo():
                billed = line._get_billed(posted_only=True)
                amount = sum(
                    values["amount"]
                    for (_line, who), values in billed.items()
                    if who.id == payer.id
                )
                target = line._get_target_amounts(line._get_billable_quantity())
                self.assertAlmostEqual(
                    amount,
                    {key.id: value for key, value in target.items()}.get(payer.id, 0.0),
                    2,
                    f"{where}: {payer.kind} {line.name}",
                )
        if credit and credit.quantity:
            self.assertAlmostEqual(fee.price_total + credit.price_total, 0.0, 2, where)
            self.assertTrue(fee._get_fraction("customer"), where)
        elif fee.quantity:
            self.assertFalse(fee._get_fraction("customer"), where)
        self.assertFalse(order.line_ids.sudo()._get_outstanding(), where)

    def _bill_all(self, order):
        order.with_user(self.user_supervisor).action_create_invoices()

    def test_walks(self):
        for seed in range(8):
            with self.subTest(seed=seed):
                self._walk(seed)
