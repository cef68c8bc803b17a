from datetime import timedelta
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import FROZEN_NOW
from .claims_common import ClaimsCommon

# Labor 300, filter 50, oil 280; the parts cost 30 and 160
COST = 190
STEPS = 8
REFUSING = ("partly", "rejected", "charged_back")


class ClaimWalk:
    """Whatever makers, clerk and accountant do, the accounts say what the books say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = cls.env["res.partner"].create({"name": "Importer"})
        cls.terms.copy({"partner_id": cls.importer.id, "claim_billing": "approval"})
        cls.clock = FROZEN_NOW

    def _walk(self, seed):
        """Let four claims on two makers live, step by step, over some months."""
        chance = Random(seed)
        self._receive(self.oil, 40, 40.0)
        claims = []
        for number in range(4):
            plate = f"京W{seed:02}{number:03}"
            order = self._deliver(
                vehicle_id=self._create_vehicle(license_plate=plate, vin=False).id,
                partner=self.importer if number % 2 else self.maker,
                share=100 if number < 2 else 40,
            )
            claims.append(self._send(order))
        for number in range(STEPS):
            for claim in claims:
                step = chance.choice(sorted(self._get_steps(claim)))
                moment = FROZEN_NOW + timedelta(days=number * 9 + chance.randint(0, 8))
                with freeze_time(moment), self.subTest(step=step, claim=claim.name):
                    getattr(self, f"_step_{step}")(claim, chance)
                    self._check_claim(claim)
            self._check_books(f"seed {seed}, round {number}")
        with freeze_time(FROZEN_NOW + timedelta(days=120)):
            for claim in claims:
                if claim.state in ("submitted", "appealed"):
                    self._step_answer(claim, chance)
                if claim.needs_decision:
                    claim.action_accept_loss()
                self._check_claim(claim)
                if self.valuation == "real_time":
                    self.assertAlmostEqual(self._cogs(claim.sudo().order_id), COST)
                else:
                    self.assertFalse(self._cogs(claim.sudo().order_id))
        self._check_books(f"seed {seed}, end")

    # === WHAT MAY HAPPEN === #

    def _get_steps(self, claim):
        """Return what may happen to a claim now."""
        claim.invalidate_recordset()
        bills = self._bill_of(claim).filtered("amount_residual")
        steps = {"wait"}
        if claim.state in ("submitted", "appealed"):
            steps.add("answer")
        if claim.state == "submitted" and not claim.answered_on:
            steps.add("send_back")
            if bills and not self._bill_of(claim, "out_refund"):
                steps.add("credit_by_hand")
        if claim.state in REFUSING and claim.amount_refused > 0:
            steps |= {"appeal", "move"}
        if claim.needs_decision:
            steps.add("accept_loss")
        if bills and claim.answered_on:
            steps |= {"pay", "pay_short", "pay_little", "pay_over"}
        if self._bill_of(claim, "out_refund").filtered("amount_residual"):
            steps.add("pay_back")
        if claim.state == "settled" and claim.amount_accepted:
            steps.add("charge_back")
        return steps

    def _step_wait(self, claim, chance):
        self.env["car.warranty.claim"]._settle_batch()

    def _step_answer(self, claim, chance):
        amounts = []
        for line in claim.line_ids:
            most = line.amount_claimed - line.amount_moved
            part = chance.choice([0.0, chance.random(), 1.0])
            amounts.append(line.currency_id.round(most * part))
        self._answer(claim, *amounts)

    def _step_send_back(self, claim, chance):
        claim.action_return("The photo is blurred")
        claim.action_submit()

    def _step_credit_by_hand(self, claim, chance):
        bill = self._bill_of(claim)[:1]
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_ids=bill.ids, active_model="account.move")
            .create({"journal_id": bill.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        labor = credit.invoice_line_ids.filtered(
            lambda item: item.product_id == self.labor
        )
        (credit.invoice_line_ids - labor).unlink()
        labor.price_unit = chance.randint(1, 100) / 4
        credit.action_post()
        credit._match_car_credits()

    def _step_appeal(self, claim, chance):
        claim.action_appeal("The time is yours")

    def _step_accept_loss(self, claim, chance):
        claim.action_accept_loss()

    def _step_move(self, claim, chance):
        line = chance.choice(
            claim.line_ids.filtered(lambda line: line.amount_refused > 0)
        )
        line._move_refused_share("customer")
        order = self.env["car.repair.order"].browse(claim.order_id.id)
        self._authorize(order)
        self._bill(order)

    def _pay_bill(self, claim, difference):
        bill = self._bill_of(claim).filtered("amount_residual")[:1]
        self._receive_money(bill, bill.amount_residual + difference)

    def _step_pay(self, claim, chance):
        self._pay_bill(claim, 0)

    def _step_pay_short(self, claim, chance):
        """Within the tolerance."""
        bill = self._bill_of(claim).filtered("amount_residual")[:1]
        self._pay_bill(
            claim, -min(chance.randint(1, 499) / 100, bill.amount_residual / 2)
        )

    def _step_pay_little(self, claim, chance):
        bill = self._bill_of(claim).filtered("amount_residual")[:1]
        self._pay_bill(claim, -round(bill.amount_residual * chance.random() / 2, 2))
        if bill.amount_residual and chance.random() < 0.5:
            self._decide(claim, "dispute", self.user_warranty_clerk)
        if bill.amount_residual and chance.random() < 0.5:
            self._decide(claim, "accept")

    def _step_pay_over(self, claim, chance):
        self._pay_bill(claim, chance.randint(1, 2000) / 100)
        self._decide(claim, "keep")

    def _step_pay_back(self, claim, chance):
        credits = self._bill_of(claim, "out_refund").filtered("amount_residual")[:1]
        self._receive_money(credits, credits.amount_residual)

    def _step_charge_back(self, claim, chance):
        amounts = [
            round(line._get_effective() * chance.choice([0, chance.random(), 1]), 2)
            for line in claim.line_ids
        ]
        if not any(amounts):
            amounts = [line._get_effective() for line in claim.line_ids]
        self._charge_back(claim, *amounts)

    # === WHAT MUST HOLD === #

    def _check_claim(self, claim):
        """Where nothing is left to decide, the maker is billed what he accepted."""
        claim.invalidate_recordset()
        self.assertGreaterEqual(claim.amount_refused, 0)
        lines = claim.sudo().line_ids
        self.assertAlmostEqual(
            claim.amount_claimed,
            claim.amount_accepted
            - claim.amount_charged_back
            + sum(lines.mapped("amount_moved"))
            + claim.amount_refused
            if claim.answered_on
            else claim.amount_claimed,
        )
        if claim.answered_on and claim.state != "appealed" and not claim.needs_decision:
            accepted = claim.amount_accepted - claim.amount_charged_back
            self.assertAlmostEqual(self._net(claim), accepted)

    def _sum_books(self, partner, *domain, value="balance"):
        groups = self.env["account.move.line"]._read_group(
            [
                ("parent_state", "=", "posted"),
                ("partner_id", "=", partner.id),
                *domain,
            ],
            ["date:month"],
            [f"{value}:sum"],
        )
        return {month: total for month, total in groups if round(total, 2)}

    def _check_books(self, when):
        """Compare each figure of the accounts with the ledger, by maker and month."""
        self.env.flush_all()
        differences = self.tolerance_account | self.short_account | self.over_account
        for partner in (self.maker, self.importer):
            names = ("billed", "allowance", "short", "paid", "accepted")
            rows = self.env["car.warranty.claim.report"]._read_group(
                [("partner_id", "=", partner.id)],
                ["date:month"],
                [f"amount_{name}:sum" for name in names],
            )
            told = {
                name: {row[0]: row[place] for row in rows if round(row[place], 2)}
                for place, name in enumerate(names, 1)
            }
            product = ("display_type", "=", "product")
            sold = ("move_type", "in", ("out_invoice", "out_refund"))
            receivable = ("account_type", "=", "asset_receivable")
            books = {
                "billed": self._sum_books(partner, product, sold),
                "allowance": self._sum_books(
                    partner, product, sold, ("car_repair_role", "=", "allowance")
                ),
                "short": self._sum_books(
                    partner, ("account_id", "in", differences.ids)
                ),
                "paid": self._sum_books(
                    partner, receivable, ("payment_id", "!=", False)
                ),
            }
            books["billed"] = {key: -value for key, value in books["billed"].items()}
            over = self._sum_books(partner, ("account_id", "=", self.over_account.id))
            months = {*books["paid"], *over}
            books["paid"] = {
                month: -books["paid"].get(month, 0.0) + over.get(month, 0.0)
                for month in months
            }
            for name, by_month in books.items():
                with self.subTest(when=when, maker=partner.name, figure=name):
                    self.assertEqual(
                        {month: round(value, 2) for month, value in by_month.items()},
                        {month: round(value, 2) for month, value in told[name].items()},
                    )
            claims = self.env["car.warranty.claim"].search(
                [("partner_id", "=", partner.id)]
            )
            accepted = sum(
                claim.amount_accepted - claim.amount_charged_back for claim in claims
            )
            self.assertAlmostEqual(sum(told["accepted"].values()), accepted)
            bills = claims.invoice_ids.filtered(lambda move: move.state == "posted")
            self.assertAlmostEqual(
                self._open_of_maker(partner),
                sum(bills.mapped("amount_total_signed"))
                - sum(told["paid"].values())
                - sum(told["short"].values())
                + sum(over.values()),
            )

    def test_walk_of_seed_7(self):
        self._walk(7)

    def test_walk_of_seed_19(self):
        self._walk(19)


@tagged("post_install", "-at_install")
class TestClaimWalkPeriodic(ClaimWalk, ClaimsCommon):
    """In books of periodic valuation."""

    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestClaimWalkPerpetual(ClaimWalk, ClaimsCommon):
    """In books of perpetual valuation."""

    allow_inherited_tests_method = True
    valuation = "real_time"


@tagged("post_install", "-at_install")
class TestClaimWalkIncluded(ClaimWalk, ClaimsCommon):
    """Where prices are told with the tax in them, as in most shops.

    Each line is rounded by itself: rounded per tax, Odoo shifts a cent between the
    lines of a document, which no figure of a claim can follow.
    """

    allow_inherited_tests_method = True
    valuation = "real_time"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax.price_include_override = "tax_included"
        cls.company.tax_calculation_rounding_method = "round_per_line"
