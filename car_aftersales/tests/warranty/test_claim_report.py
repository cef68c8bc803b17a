from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import FROZEN_NOW
from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimReport(ClaimsCommon):
    """The warranty accounts are the books; lists take few queries."""

    valuation = "real_time"

    def _deliver_labor(self, number):
        vehicle = self._create_vehicle(license_plate=f"京C{number:05}", vin=False)
        return self._deliver([{"product_id": self.labor.id}], vehicle_id=vehicle.id)

    def _sum_books(self, domain):
        groups = self.env["account.move.line"]._read_group(
            [
                ("parent_state", "=", "posted"),
                ("partner_id", "=", self.maker.id),
                *domain,
            ],
            aggregates=["balance:sum"],
        )
        return groups[0][0] or 0.0

    def test_accounts_equal_the_books(self):
        claims = [self._send(self._deliver_labor(number)) for number in range(3)]
        bills = self.env["account.move"]
        for claim, accepted in zip(claims, (300, 200, 0), strict=True):
            self._answer(claim, accepted)
            bills |= self._bill_of(claim)
        claims[2].action_accept_loss()
        self._receive_money(bills[0], bills[0].amount_total - 2)
        self._receive_money(bills[1], 100)
        self._decide(claims[1], "accept")
        billed, allowance, paid, short = self._report(
            "amount_billed", "amount_allowance", "amount_paid", "amount_short"
        )
        income = self._sum_books(
            [("display_type", "=", "product"), ("move_type", "!=", "entry")]
        )
        self.assertAlmostEqual(billed, -income)
        self.assertAlmostEqual(allowance, 400)
        lost = self._balance(self.tolerance_account) + self._balance(self.short_account)
        self.assertAlmostEqual(short, lost)
        receivable = [("account_type", "=", "asset_receivable")]
        payments = self._sum_books([*receivable, ("payment_id", "!=", False)])
        self.assertAlmostEqual(paid, -payments)
        self.assertAlmostEqual(self._sum_books(receivable), 0)

    def test_rates_divide_claims(self):
        claims = [self._send(self._deliver_labor(number)) for number in range(4)]
        with freeze_time(FROZEN_NOW + timedelta(days=10)):
            for claim, accepted in zip(claims, (300, 300, 200, 300), strict=True):
                self._answer(claim, accepted)
                bill = self._bill_of(claim)
                short = 3 if claim == claims[3] else 0
                self._receive_money(bill, bill.amount_residual - short)
        self._charge_back(claims[0], 100)
        self.env.flush_all()
        rows = self.env["car.warranty.claim.report"].read_group(
            [], ["approval_rate", "days_to_pay", "short_rate", "charge_back_rate"], []
        )[0]
        self.assertAlmostEqual(rows["approval_rate"], 75)
        self.assertAlmostEqual(rows["days_to_pay"], 10)
        self.assertAlmostEqual(rows["short_rate"], 25)
        self.assertAlmostEqual(rows["charge_back_rate"], 25)

    def test_money_counts_in_the_month_of_the_money(self):
        claim = self._send(self._deliver_labor(1))
        self._answer(claim, 300)
        bill = self._bill_of(claim)
        with freeze_time(FROZEN_NOW + timedelta(days=40)):
            self._receive_money(bill, bill.amount_total)
        march = self._report(
            "amount_claimed", "amount_paid", domain=[("date", "<", "2026-04-01")]
        )
        april = self._report(
            "amount_claimed", "amount_paid", domain=[("date", ">=", "2026-04-01")]
        )
        self.assertEqual(march, (300.0, 0.0))
        self.assertAlmostEqual(april[1], bill.amount_total)

    def test_draft_claim_is_not_claimed_yet(self):
        self._collect(self._deliver_labor(1))
        self.assertFalse(self._report("amount_claimed")[0])

    def test_foreign_currency_is_told_in_ours(self):
        euro = self.env.ref("base.EUR")
        if euro == self.company.currency_id:
            euro = self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.5, "name": "2026-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": euro.id}
        )
        order = self._deliver(
            [{"product_id": self.labor.id}], pricelist_id=pricelist.id
        )
        claim = self._send(order)
        self.assertAlmostEqual(claim.amount_claimed, 150)
        self._answer(claim, 90)
        claimed, billed, allowance = self._report(
            "amount_claimed", "amount_billed", "amount_allowance"
        )
        self.assertAlmostEqual(claimed, 300)
        self.assertAlmostEqual(billed, 180)
        self.assertAlmostEqual(allowance, 120)

    # === QUERIES === #

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_lists_take_a_constant_number_of_queries(self):
        claims = self.env["car.warranty.claim"].with_user(self.user_warranty_clerk)
        names = dict.fromkeys(
            (
                "name",
                "deadline",
                "amount_claimed",
                "amount_refused",
                "state",
                "activity_ids",
            ),
            {},
        )

        def read():
            claims.web_search_read([], names)
            self.env["car.warranty.unclaimed"].with_user(
                self.user_warranty_clerk
            ).web_search_read([], dict.fromkeys(("order_id", "deadline", "amount"), {}))

        self._collect(self._deliver_labor(0))
        read()
        few = self._count(read)
        for number in range(1, 5):
            self._collect(self._deliver_labor(number))
        self.assertEqual(self._count(read), few)

    def test_cron_collects_many_as_cheaply_as_few(self):
        model = self.env["car.warranty.claim"]
        self._deliver_labor(0)
        self.env.flush_all()
        model._collect_batch(50)
        self._deliver_labor(1)
        one = self._count(lambda: model._collect_batch(50))
        for number in range(2, 7):
            self._deliver_labor(number)
        five = self._count(lambda: model._collect_batch(50))
        # A number for each claim, which takes three queries, and the record itself.
        self.assertLessEqual(five - one, 4 * 6)
