from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..workshop.billing_common import PerpetualCommon
from .coverage_common import CoverageCommon


class PayersCommon(CoverageCommon):
    """Dialogs that say who pays, as the desks use them."""

    def _shares(self, line):
        """Return kind and percent of who pays a line."""
        return [
            (payer.kind, round(part * 100, 4)) for payer, part in line._get_shares()
        ]

    def _split_goodwill(self, order, lines, maker, dealer, user=None):
        dialog = (
            self.env["car.repair.goodwill"]
            .with_user(user or self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "line_ids": [Command.set(lines.ids)],
                    "maker_percent": maker,
                    "dealer_percent": dealer,
                    "reason": "Two months late",
                }
            )
        )
        dialog.action_confirm()
        return dialog

    def _move_share(self, order, payer, kind, user=None, **values):
        self.env["car.repair.share.move"].with_user(
            user or self.user_warranty_clerk
        ).create(
            {
                "order_id": order.id,
                "payer_id": payer.id,
                "target_kind": kind,
                "reason": "Rejected",
                **values,
            }
        ).action_confirm()

    def _payer(self, order, kind):
        return order.payer_ids.filtered(lambda payer: payer.kind == kind)

    def _total(self, order, kind):
        """Return what invoices less credit notes of a payer come to."""
        return round(self._payer(order, kind).amount_billed, 2)

    def _deliver(self, order):
        """Finish, bill everybody, let the customer pay, and give the car back."""
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        for invoice in self._bill(order).filtered(lambda m: m.move_type != "entry"):
            if invoice.partner_id == self.customer:
                self._pay(invoice)
        self._leave(order)


@tagged("post_install", "-at_install")
class TestCoveragePayers(PayersCommon):
    """The warranty proposes who pays; what somebody chose himself is kept (R-119)."""

    # === PROPOSED === #

    def test_a_covered_line_is_paid_by_the_maker(self):
        self._cover()
        order = self._order_of(self.pump)
        payer = order.line_ids.payer_id
        self.assertEqual((payer.kind, payer.partner_id), ("warranty", self.maker))
        self.assertEqual(order.line_ids.payer_source, "warranty")

    def test_what_is_not_covered_stays_with_the_customer(self):
        self._cover(self._create_policy(months=6))
        order = self._order_of(self.pump)
        self.assertEqual(order.payer_ids.mapped("kind"), ["customer"])

    def test_a_policy_that_pays_a_part_splits_the_line(self):
        self._cover(self._create_policy(payer_percent=50.0, dealer_percent=20.0))
        line = self._order_of(self.pump).line_ids
        self.assertEqual(
            self._shares(line),
            [("warranty", 50.0), ("goodwill", 20.0), ("customer", 30.0)],
        )

    def test_one_payer_for_many_lines(self):
        self._cover()
        order = self._order_of(self.pump, self.pads, self.labor)
        self.assertEqual(len(self._payer(order, "warranty")), 1)
        self.assertEqual(set(order.line_ids.mapped("payer_id.kind")), {"warranty"})

    def test_the_maker_pays_his_rate_and_his_prices(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Maker",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.pump.id,
                            "compute_price": "fixed",
                            "fixed_price": 420.0,
                        }
                    )
                ],
            }
        )
        self.terms.write({"labor_rate": 150.0, "pricelist_id": pricelist.id})
        self._cover()
        order = self._order_of(self.pump)
        self.assertEqual(order.line_ids.price_unit, 420.0)
        job = order.job_ids.with_user(self.user_advisor)
        job.write({"estimate_method": "item", "item_reason": "simple"})
        job.line_ids = [Command.create({"product_id": self.labor.id})]
        labor = job.line_ids.filtered(lambda line: line.kind == "labor")
        self.assertEqual(labor.payer_id.labor_rate, 150.0)
        self.assertEqual(labor.price_unit, 225.0)

    def test_a_typed_price_is_never_lost(self):
        coverage = self._cover()
        order = self._create_order(
            [{"product_id": self.pump.id, "price_unit": 777.0}], odometer_km=10000
        )
        line = order.line_ids
        self.assertEqual((line.payer_id.kind, line.price_unit), ("warranty", 777.0))
        coverage.with_user(self.user_advisor).action_cancel("Mistake")
        self.assertEqual((line.payer_id.kind, line.price_unit), ("customer", 777.0))
        self._split_goodwill(order, line, 50.0, 30.0)
        self.assertEqual(line.price_unit, 777.0)
        line.with_user(self.user_advisor).action_decide_coverage(None, "No")
        self.assertEqual(line.price_unit, 777.0)
        order.with_user(self.user_advisor).odometer_km = 20000
        self.assertEqual(line.price_unit, 777.0)

    def test_a_price_typed_later_is_kept_too(self):
        coverage = self._cover()
        line = self._order_of(self.pump).line_ids
        line.with_user(self.user_advisor).price_unit = 510.0
        coverage.with_user(self.user_advisor).action_cancel("Mistake")
        self.assertEqual((line.payer_id.kind, line.price_unit), ("customer", 510.0))

    def test_the_proposal_follows_the_answer(self):
        self._cover(self._create_policy(km=20000))
        order = self._order_of(self.pump)
        order.with_user(self.user_advisor).odometer_km = 20001
        self.assertEqual(order.line_ids.payer_id.kind, "customer")
        self.assertFalse(order.line_ids.payer_source)

    def test_a_new_product_on_the_line_is_judged_and_paid_anew(self):
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(self.pads.ids)],
                        "is_wear_part": True,
                    }
                )
            ]
        )
        self._cover(policy)
        line = self._order_of(self.pads).line_ids
        self.assertEqual(line.payer_id.kind, "customer")
        line.with_user(self.user_advisor).product_id = self.pump
        self.assertEqual(line.payer_id.kind, "warranty")

    # === CHOSEN BY HAND === #

    def test_a_payer_chosen_by_hand_is_kept(self):
        self._cover()
        order = self._order_of(self.pump)
        line = order.line_ids.with_user(self.user_advisor)
        line.payer_id = order._get_customer_payer()
        self.assertEqual(line.payer_source, "hand")
        order.with_user(self.user_advisor).action_apply_coverage()
        order.with_user(self.user_advisor).odometer_km = 11000
        self.assertEqual(line.payer_id.kind, "customer")

    def test_a_split_made_by_hand_is_kept(self):
        self._cover()
        order = self._order_of(self.pump)
        goodwill = self._add_payer(order, "goodwill")
        customer = order._get_customer_payer()
        self._split(order.line_ids, (goodwill, 40.0), (customer, 60.0))
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(
            self._shares(order.line_ids), [("goodwill", 40.0), ("customer", 60.0)]
        )

    def test_the_payer_of_the_job_is_a_choice(self):
        order = self._order_of(self.pads)
        insurer = self._add_payer(order, "insurer", self.insurer)
        order.job_ids.with_user(self.user_advisor).payer_id = insurer
        self._cover()
        order.job_ids.with_user(self.user_advisor).line_ids = [
            Command.create({"product_id": self.pump.id})
        ]
        pump = order.line_ids.filtered(lambda line: line.product_id == self.pump)
        self.assertEqual(pump.coverage_reason, "covered")
        self.assertEqual(pump.payer_id, insurer)

    def test_what_is_agreed_is_not_moved(self):
        order = self._order_of(self.pump)
        self._authorize(order)
        self._cover()
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(order.line_ids.payer_id.kind, "customer")

    def test_nobody_marks_the_payer_by_the_back_door(self):
        self._cover()
        line = self._order_of(self.pump).line_ids.with_user(self.user_advisor)
        line.write({"payer_source": "hand", "coverage_reason": "none"})
        self.assertEqual(line.payer_source, "warranty")
        self.assertEqual(line.coverage_reason, "covered")

    def test_the_technician_does_not_apply_it(self):
        self._cover()
        job = self._order_of(self.pump).job_ids
        with self.assertRaises(AccessError):
            job.with_user(self.user_technician).action_apply_coverage()

    def test_a_closed_visit_is_not_judged_again(self):
        order = self._order_of(self.pump)
        order.with_user(self.user_advisor).action_cancel()
        with self.assertRefused("is kept"):
            order.with_user(self.user_advisor).action_apply_coverage()

    # === INSURER === #

    def test_the_advisor_enters_insurer_claim_and_deductible(self):
        order = self._create_order()
        dialog = Form(
            self.env["car.repair.insurer"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id)
        )
        dialog.partner_id = self.insurer
        dialog.reference = "PA-2026-17"
        dialog.policy_reference = "P 88"
        dialog.deductible_amount = 100.0
        dialog.save().action_confirm()
        payer = self._payer(order, "insurer")
        self.assertEqual(payer.reference, "PA-2026-17")
        self.assertEqual(payer.policy_reference, "P 88")
        self.assertEqual(set(order.line_ids.mapped("payer_id.kind")), {"insurer"})
        again = Form(
            self.env["car.repair.insurer"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id)
        )
        self.assertEqual(again.partner_id, self.insurer)
        self.assertEqual(again.deductible_amount, 100.0)
        again.deductible_amount = 150.0
        again.save().action_confirm()
        self.assertEqual(payer.deductible_amount, 150.0)
        self._authorize(order)
        self._deliver(order)
        # 300 + 50 + 4 x 70 = 630, with VAT 711.90
        self.assertEqual(self._total(order, "customer"), 150.0)
        self.assertEqual(self._total(order, "insurer"), 561.9)

    def test_a_deductible_below_zero_is_refused(self):
        order = self._create_order()
        with self.assertRefused("not below zero"):
            order.with_user(self.user_advisor)._set_insurer(
                self.insurer, order.line_ids, deductible_amount=-1.0
            )

    # === GOODWILL === #

    def test_goodwill_is_split_three_ways(self):
        order = self._order_of(self.pump)
        dialog = self._split_goodwill(order, order.line_ids, 50.0, 30.0)
        self.assertEqual(dialog.maker_id, self.terms)
        self.assertEqual(dialog.customer_percent, 20.0)
        self.assertEqual(dialog.amount_customer, 113.0)
        self.assertEqual(
            self._shares(order.line_ids),
            [("warranty", 50.0), ("goodwill", 30.0), ("customer", 20.0)],
        )
        self.assertIn("Two months late", "".join(order.message_ids.mapped("body")))

    def test_goodwill_of_one_alone_is_no_split(self):
        order = self._order_of(self.pump)
        self._split_goodwill(order, order.line_ids, 0.0, 100.0)
        self.assertEqual(self._shares(order.line_ids), [("goodwill", 100.0)])
        self.assertFalse(order.line_ids.share_ids)

    def test_goodwill_refuses_wrong_percents(self):
        order = self._order_of(self.pump)
        for maker, dealer in ((80.0, 30.0), (-10.0, 50.0), (0.0, 0.0)):
            with self.assertRefused("100 %"):
                self._split_goodwill(order, order.line_ids, maker, dealer)

    def test_goodwill_refuses_lines_of_others(self):
        order, other = self._order_of(self.pump), self._order_of(self.pump)
        with self.assertRefused("another order"):
            self._split_goodwill(order, other.line_ids, 50.0, 30.0)

    def test_goodwill_is_not_the_parts_clerks(self):
        order = self._order_of(self.pump)
        with self.assertRaises(AccessError):
            order.with_user(self.user_parts_clerk)._split_goodwill(
                order.line_ids, self.terms, 50.0, 50.0
            )

    # === REFUSED SHARES === #

    def _delivered(self):
        """Return an order that the maker pays, delivered and billed."""
        self._cover()
        order = self._order_of(self.labor, self.pump)
        self._authorize(order)
        self._deliver(order)
        self.assertEqual(self._total(order, "warranty"), 904.0)
        return order

    def test_a_refused_share_goes_to_the_customer_after_his_consent(self):
        order = self._delivered()
        pump = order.line_ids.filtered(lambda line: line.product_id == self.pump)
        self._move_share(
            order,
            self._payer(order, "warranty"),
            "customer",
            line_ids=[Command.set(pump.ids)],
        )
        self.assertEqual(pump.authorization_state, "pending")
        self.assertEqual(pump.price_unit, 500.0)
        self._authorize(order, self.user_warranty_clerk)
        self._bill(order)
        self.assertEqual(self._total(order, "warranty"), 339.0)
        self.assertEqual(self._total(order, "customer"), 565.0)

    def test_a_part_of_a_refused_share_goes_to_the_house(self):
        order = self._delivered()
        payer = self._payer(order, "warranty")
        self._move_share(order, payer, "goodwill", percent=33.3333)
        self._authorize_house(order)
        self._bill(order)
        self.assertEqual(self._total(order, "warranty"), 602.66)
        # A third of the pump's 300 and of an hour and a half at 80.
        self.assertAlmostEqual(self._balance(self.cost_account), 140.0, places=2)

    def test_the_advisor_moves_nothing_after_delivery(self):
        order = self._delivered()
        with self.assertRaises(AccessError):
            self._move_share(
                order, self._payer(order, "warranty"), "goodwill", self.user_advisor
            )
        with self.assertRaises(AccessError):
            self._split_goodwill(order, order.line_ids, 50.0, 50.0)

    def test_who_bears_nothing_has_nothing_to_move(self):
        order = self._delivered()
        insurer = self._add_payer(order, "insurer", self.insurer)
        with self.assertRefused("bears nothing"):
            self._move_share(
                order, insurer, "goodwill", line_ids=[Command.set(order.line_ids.ids)]
            )
        with self.assertRefused("0 and 100"):
            self._move_share(
                order, self._payer(order, "warranty"), "goodwill", percent=0.0
            )


@tagged("post_install", "-at_install")
class TestCoveragePerpetual(PerpetualCommon, PayersCommon):
    """The same with cost booked when it is billed: each part once, at its value."""

    def test_a_refused_share_moves_its_cost_along(self):
        self._cover()
        order = self._order_of(self.labor, self.pump)
        self._authorize(order)
        self._deliver(order)
        self.assertAlmostEqual(self._cogs(order), 300.0, places=2)
        self._move_share(
            order, self._payer(order, "warranty"), "goodwill", percent=50.0
        )
        self._authorize_house(order)
        self._bill(order)
        self.assertEqual(self._total(order, "warranty"), 452.0)
        self.assertAlmostEqual(self._cogs(order), 150.0, places=2)
        # Half the pump, and half of an hour and a half at 80.
        self.assertAlmostEqual(self._balance(self.cost_account), 210.0, places=2)
