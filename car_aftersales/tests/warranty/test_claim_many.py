import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimMany(ClaimsCommon):
    """Many claims at once, and work that cannot be claimed in between."""

    def _deliver_labor(self, number, **values):
        vehicle = self._create_vehicle(license_plate=f"京M{number:05}", vin=False)
        values.setdefault("vehicle_id", vehicle.id)
        return self._deliver([{"product_id": self.labor.id}], **values)

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _send_many(self, numbers):
        claims = self.env["car.warranty.claim"].with_user(self.user_warranty_clerk)
        return claims.concat(
            *[self._send(self._deliver_labor(number)) for number in numbers]
        )

    def _answers(self, claims, accepted):
        return {
            claim: ({claim.line_ids: (accepted, "Own time")}, f"M-{claim.id}")
            for claim in claims
        }

    def _record(self, claims, accepted):
        answers = self._answers(claims, accepted)
        claims._record_answers(answers)

    # === ANSWERS === #

    def test_many_answers_take_as_few_queries_as_few(self):
        """What is approved in full makes no document, and costs nothing more."""
        self._record(self._send_many([0]), 300)
        few, many = self._send_many(range(1, 3)), self._send_many(range(3, 11))
        of_few = self._count(lambda: self._record(few, 300))
        self.assertLessEqual(self._count(lambda: self._record(many, 300)), of_few)
        self.assertEqual(set(many.mapped("state")), {"approved"})
        self.assertEqual(
            many.mapped("maker_reference"), [f"M-{claim.id}" for claim in many]
        )

    def test_waiting_answers_take_as_few_queries_as_few(self):
        """What is rejected altogether waits for a decision."""
        self._record(self._send_many([0]), 0)
        few, many = self._send_many(range(1, 3)), self._send_many(range(3, 11))
        of_few = self._count(lambda: self._record(few, 0))
        self.assertLessEqual(self._count(lambda: self._record(many, 0)), of_few)
        self.assertTrue(all(many.mapped("needs_decision")))

    def test_decisions_of_a_list_take_a_constant_number_of_queries(self):
        claims = self._send_many(range(9))
        self._record(claims, 0)
        few, many = claims[:2], claims[2:]
        read = self._count(lambda: few.mapped("needs_decision"))
        self.assertEqual(self._count(lambda: many.mapped("needs_decision")), read)

    def test_answers_of_one_file_fare_alike(self):
        """One is approved, one in part, one rejected, one sent back: all are booked."""
        claims = self._send_many(range(4))
        layout = self._create_format()
        rows = [
            f"{claims[0].name},,300,,M-1,",
            f"{claims[1].name},,200,Own time,M-2,",
            f"{claims[2].name},,0,Out of term,M-3,",
            f"{claims[3].name},,,Blurred,,BACK",
        ]
        text = "\n".join(["Claim,Part,Paid,Remark,Our No.,Result", *rows])
        dialog = (
            self.env["car.warranty.claim.import"]
            .with_user(self.user_warranty_clerk)
            .create(
                {
                    "format_id": layout.id,
                    "file_data": base64.b64encode(text.encode()),
                }
            )
        )
        dialog.action_import()
        self.assertFalse(dialog.errors)
        self.assertEqual(
            claims.mapped("state"), ["approved", "partly", "rejected", "returned"]
        )
        self.assertEqual(
            claims.mapped("first_answer"),
            ["approved", "partly", "rejected", "returned"],
        )
        self.assertAlmostEqual(self._net(claims[1]), 200)
        self.assertEqual(claims.mapped("needs_decision"), [False, False, True, False])

    def test_common_reason_is_told_of_refused_lines_only(self):
        claim = self._send(self._deliver())
        self._answer(claim, 250, 50, 280, reason="Own time")
        self.assertEqual(
            claim.line_ids.mapped("refusal_reason"), ["Own time", False, False]
        )

    def test_difference_is_decided_only_where_there_is_one(self):
        claim = self._send(self._deliver())
        self.assertFalse(claim.has_difference)
        self._answer(claim, 300, 50, 280)
        self.assertFalse(claim.has_difference)
        with self.assertRefused("nothing was paid short"):
            self._decide(claim, "dispute", self.user_warranty_clerk)
        self.assertFalse(claim.is_disputed)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_residual - 20)
        claim.invalidate_recordset()
        self.assertTrue(claim.has_difference)
        self._decide(claim, "dispute", self.user_warranty_clerk)
        self.assertTrue(claim.is_disputed)

    def test_answer_for_a_line_of_another_claim_is_refused(self):
        first, second = self._send_many(range(2))
        answers = dict.fromkeys(first.line_ids | second.line_ids, (300, False))
        with self.assertRefused("another claim"):
            first._record_answers({first: (answers, False)})

    # === COLLECTING === #

    def test_cron_passes_over_what_cannot_be_claimed(self):
        """Work that is not billable does not keep the rest from being collected."""
        blocked = [self._deliver_labor(number) for number in range(3)]
        for order in blocked:
            order.line_ids.sudo().quantity_authorized = 0.0
        wanted = self._deliver_labor(3)
        self.env.flush_all()
        claims = self.env["car.warranty.claim"]._collect_batch(2)
        self.assertEqual(claims.order_id, wanted)
        self.env.flush_all()
        self.assertFalse(self.env["car.warranty.claim"]._collect_batch(2))
        self.assertFalse(blocked[0].sudo().claim_count)

    # === TERMS MADE LATER === #

    def test_new_terms_reach_what_is_not_sent(self):
        importer = self.env["res.partner"].create({"name": "Importer"})
        draft = self._collect(self._deliver_labor(0, partner=importer))
        sent = self._send(self._deliver_labor(1, partner=importer))
        self.assertFalse((draft | sent).maker_id)
        terms = (
            self.env["car.warranty.maker"]
            .with_user(self.user_warranty_clerk)
            .create(
                {
                    "partner_id": importer.id,
                    "requires_photo": True,
                    "claim_deadline_days": 10,
                }
            )
        )
        self.assertEqual(draft.maker_id, terms)
        self.assertIn("photo", [item["key"] for item in draft.missing])
        self.assertTrue(draft.deadline)
        self.assertFalse(sent.maker_id)
        # For what was sent without terms, the clerk says so himself.
        with self.assertRefused("role may not", AccessError):
            terms.with_user(self.user_cashier).action_reach_sent_claims()
        terms.action_reach_sent_claims()
        self.assertEqual(sent.maker_id, terms)
        self.assertEqual(sent.state, "submitted")
        with self.assertRefused("no claim was sent without terms"):
            terms.action_reach_sent_claims()

    def test_terms_that_end_leave_what_was_sent(self):
        draft = self._collect(self._deliver_labor(0))
        sent = self._send(self._deliver_labor(1))
        self.terms.active = False
        self.assertFalse(draft.maker_id)
        self.assertEqual(sent.maker_id, self.terms)
        new = self.terms.copy({"active": True})
        self.assertEqual((draft | sent).mapped("maker_id"), new | self.terms)


@tagged("post_install", "-at_install")
class TestClaimSetOff(ClaimsCommon):
    """A supplier pays what he owes with what we owe him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Mann+Hummel"})

    def _answered(self):
        claim = self._send(self._deliver(kind="supplier", partner=self.supplier))
        self._answer(claim, 300, 50, 280)
        return claim.with_user(self.user_cashier)

    def _get_bill(self, amount, partner=None, day="2026-03-01"):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or self.supplier).id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Parts", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def test_claim_is_paid_with_his_bills(self):
        old = self._get_bill(200, day="2026-02-01")
        new = self._get_bill(1000)
        claim = self._answered()
        invoice = self._bill_of(claim)
        self.assertTrue(claim.can_set_off)
        claim.action_set_off()
        self.assertEqual(claim.state, "settled")
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(old.amount_residual, 0)
        self.assertAlmostEqual(new.amount_residual, 1200 - 630 * 1.13)
        paid, short = self._report("amount_paid", "amount_short")
        self.assertAlmostEqual(paid, 630 * 1.13)
        self.assertFalse(short)
        claim.invalidate_recordset()
        self.assertFalse(claim.can_set_off)
        with self.assertRefused("nothing is open"):
            claim.action_set_off()

    def test_smaller_bills_leave_the_rest_open_and_not_short(self):
        bill = self._get_bill(700)
        claim = self._answered()
        self.terms.copy({"partner_id": self.supplier.id, "tolerance_amount": 50})
        claim.action_set_off()
        self.env["car.warranty.claim"]._settle_batch()
        self.assertEqual(bill.amount_residual, 0)
        self.assertAlmostEqual(self._open_of_maker(self.supplier), 630 * 1.13 - 700)
        self.assertEqual((claim.state, claim.is_short_paid), ("approved", False))
        self._receive_money(self._bill_of(claim), 630 * 1.13 - 700)
        self.assertEqual(claim.state, "settled")

    def test_nothing_is_set_off_too_early_or_by_anybody(self):
        claim = self._send(self._deliver(kind="supplier", partner=self.supplier))
        self._get_bill(1000, self.maker)
        with self.assertRefused("has not answered"):
            claim.with_user(self.user_cashier).action_set_off()
        self._answer(claim, 300, 50, 280)
        self.assertFalse(claim.can_set_off)
        with self.assertRefused("no open bill"):
            claim.with_user(self.user_cashier).action_set_off()
        self._get_bill(1000)
        for user in (self.user_warranty_clerk, self.user_advisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                claim.with_user(user).action_set_off()
        self.assertAlmostEqual(self._open_of_maker(self.supplier), 630 * 1.13)

    def test_accountants_own_entry_settles_as_well(self):
        """The way of Odoo: an entry between the accounts, matched on both sides."""
        bill = self._get_bill(1000)
        claim = self._answered()
        invoice = self._bill_of(claim)
        amount = invoice.amount_residual
        ends = (invoice | bill).line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable")
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": end.account_id.id,
                            "partner_id": self.supplier.id,
                            "balance": -amount if end.balance > 0 else amount,
                        }
                    )
                    for end in ends
                ],
            }
        )
        entry.action_post()
        for end in ends:
            counter = entry.line_ids.filtered(
                lambda line, end=end: line.account_id == end.account_id
            )
            (end | counter).reconcile()
        self.assertEqual(claim.state, "settled")


@tagged("post_install", "-at_install")
class TestClaimShares(ClaimsCommon):
    """What is moved comes out to the cent, for dear lines too."""

    def _move_and_bill(self, claim, kind):
        claim.line_ids._move_refused_share(kind)
        order = self.env["car.repair.order"].browse(claim.order_id.id)
        self._authorize(order)
        self._bill(order)

    def _check_to_the_cent(self, price, share, accepted):
        self.labor.list_price = price
        order = self._deliver([{"product_id": self.labor.id}], share=share)
        before = sum(order.sudo().invoice_ids.mapped("amount_untaxed"))
        claim = self._send(order)
        accepted = round(claim.amount_claimed * accepted, 2)
        self._answer(claim, accepted)
        if claim.amount_refused:
            self._move_and_bill(claim, "customer")
        self.env.invalidate_all()
        self.assertAlmostEqual(self._net(claim), accepted)
        self.assertFalse(claim.needs_decision)
        bills = order.sudo().invoice_ids
        net = sum(-sum(bill.invoice_line_ids.mapped("balance")) for bill in bills)
        self.assertAlmostEqual(net, before)
        self.assertAlmostEqual(before, price)

    def test_moved_shares_agree_to_the_cent(self):
        """Prices of cars' batteries, halves of a cent, thirds."""
        cases = [
            (98765.43, 100, 0.37),
            (123456.79, 40, 0.123),
            (100.01, 50, 0.2),
            (33333.33, 33.3333, 0.5),
            (1000000.01, 66.6667, 0.999),
            (0.07, 50, 0.5),
            (77777.77, 100, 0.0),
        ]
        for price, share, accepted in cases:
            with self.subTest(price=price, share=share, accepted=accepted):
                self._check_to_the_cent(price, share, accepted)
