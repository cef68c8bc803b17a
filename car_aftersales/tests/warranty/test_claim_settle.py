from freezegun import freeze_time

from odoo.fields import Datetime
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimSettle(ClaimsCommon):
    """The nightly settling of paid claims, and what is late by the house's own day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"

    def _answered(self, number, **values):
        """Return a claim that was approved in full."""
        plate = f"京N{number:05}"
        claim = self._send(
            self._deliver(
                [{"product_id": self.labor.id}],
                vehicle_id=self._create_vehicle(license_plate=plate, vin=False).id,
                **values,
            )
        )
        self._answer(claim, 300)
        return claim

    def _paid_at_the_bank(self, claim):
        """Pay the bill past the dialog, as an accountant who matches it by hand."""
        bill = self._bill_of(claim)
        payment = self.env["account.payment"].create(
            {
                "partner_id": bill.partner_id.id,
                "amount": bill.amount_total - 2,
                "payment_type": "inbound",
            }
        )
        payment.action_post()
        (payment.move_id | bill).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()

    def test_every_claim_is_looked_at_batch_by_batch(self):
        """Claims that wait for their money do not keep the batch from the next ones."""
        claims = [self._answered(number) for number in range(5)]
        self._paid_at_the_bank(claims[2])
        self._paid_at_the_bank(claims[4])
        settle = self.env["car.warranty.claim"]._settle_batch
        self.assertEqual(settle(batch=2), (2, 3))
        self.assertEqual(claims[2].state, "approved")
        self.assertEqual(settle(batch=2), (2, 1))
        self.assertEqual(claims[2].state, "settled")
        self.assertEqual(settle(batch=2), (1, 0))
        self.assertEqual(claims[4].state, "settled")
        self._paid_at_the_bank(claims[0])
        settle(batch=2)  # the next night it begins anew
        self.assertEqual(claims[0].state, "settled")
        self.assertAlmostEqual(self._balance(self.tolerance_account), 6)

    def test_a_claim_that_cannot_be_booked_holds_up_nobody(self):
        importer = self.env["res.partner"].create({"name": "Importer"})
        account = self.tolerance_account.copy({"code": "669999"})
        self.terms.copy({"partner_id": importer.id, "tolerance_account_id": account.id})
        bad = self._answered(1, partner=importer)
        good = self._answered(2)
        for claim in (bad, good):
            self._paid_at_the_bank(claim)
        account.active = False
        settle = self.env["car.warranty.claim"]._settle_batch
        settle()
        self.assertEqual((bad.state, good.state), ("approved", "settled"))
        self.assertAlmostEqual(self._balance(self.tolerance_account), 2)
        self.assertFalse(self._balance(account))
        settle()  # told once, not each night
        told = bad.activity_ids
        self.assertEqual(len(told), 1)
        self.assertEqual(told.user_id, self.user_warranty_clerk)
        self.assertIn("archived", told.note)
        account.active = True
        settle()
        self.assertEqual(bad.state, "settled")
        self.assertFalse(bad.activity_ids)

    def _find(self, name):
        found = self.env["car.warranty.claim"].with_user(self.user_warranty_clerk)
        return found.search([(name, "=", True)])

    def _check_late(self, claim, name, zone, is_late):
        self.company.resource_calendar_id.tz = zone
        self.env.invalidate_all()
        with self.subTest(name=name, zone=zone):
            self.assertEqual(claim[name], is_late)
            self.assertEqual(claim in self._find(name), is_late)
            others = self.env["car.warranty.claim"].search([(name, "=", False)])
            self.assertEqual(claim in others, not is_late)

    def test_deadlines_pass_by_the_day_of_the_house(self):
        self.terms.write({"claim_deadline_days": 10, "claim_warn_days": 0})
        claim = self._collect(self._deliver([{"product_id": self.labor.id}]))
        self.assertEqual(str(claim.deadline), "2026-03-12")
        # At once the 12th in New York and the 13th in Shanghai.
        with freeze_time(Datetime.to_datetime("2026-03-12 18:00:00")):
            self._check_late(claim, "is_deadline_missed", "America/New_York", False)
            self._check_late(claim, "is_deadline_missed", "Asia/Shanghai", True)
        with freeze_time(Datetime.to_datetime("2026-03-04 18:00:00")):
            self._check_late(claim, "is_deadline_near", "America/New_York", False)
            self._check_late(claim, "is_deadline_near", "Asia/Shanghai", True)
        with freeze_time(Datetime.to_datetime("2026-03-11 18:00:00")):
            for zone, count in (("America/New_York", 0), ("Asia/Shanghai", 1)):
                self.company.resource_calendar_id.tz = zone
                self.env["car.warranty.claim"]._cron_remind()
                self.assertEqual(len(claim.activity_ids), count, zone)
        claim.action_submit()
        with freeze_time(Datetime.to_datetime("2026-03-20 18:00:00")):
            self._check_late(claim, "is_deadline_missed", "Asia/Shanghai", False)

    def test_answers_are_late_by_the_day_of_the_house(self):
        self.terms.claim_answer_days = 10
        claim = self._send(self._deliver([{"product_id": self.labor.id}]))
        self.assertEqual(str(claim.answer_due_on), "2026-03-12")
        with freeze_time(Datetime.to_datetime("2026-03-12 18:00:00")):
            self._check_late(claim, "is_answer_late", "America/New_York", False)
            self._check_late(claim, "is_answer_late", "Asia/Shanghai", True)
        self._answer(claim, 300)
        with freeze_time(Datetime.to_datetime("2026-03-20 18:00:00")):
            self._check_late(claim, "is_answer_late", "Asia/Shanghai", False)
