from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import FROZEN_NOW
from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaim(ClaimsCommon):
    """What a claim contains, who writes it, and when it is frozen."""

    # === COLLECTING === #

    def test_open_order_is_not_claimed(self):
        order = self._create_order()
        order.line_ids.payer_id = self._add_payer(order, "warranty", self.maker)
        self._make_ready(order)
        self.assertFalse(self._unclaimed(order))

    def test_customers_part_is_not_claimed(self):
        order = self._deliver(share=30)
        rows = self._unclaimed(order)
        self.assertEqual(rows.mapped("amount"), [90.0, 15.0, 84.0])
        self.assertAlmostEqual(self._collect(order).amount_claimed, 189)

    def test_each_job_has_a_claim_of_its_own(self):
        order = self._create_order([{"product_id": self.labor.id}])
        order.job_ids = [
            Command.create(
                {
                    "name": "Noise in front",
                    "line_ids": [Command.create({"product_id": self.filter.id})],
                }
            )
        ]
        order.line_ids.payer_id = self._add_payer(order, "warranty", self.maker)
        self._make_ready(order)
        self._bill(order)
        self._leave(order)
        claims = self._collect(order)
        self.assertEqual(
            set(claims.mapped("complaint")), {"Oil service", "Noise in front"}
        )

    def test_deadline_and_ageing(self):
        order = self._deliver()
        for days, urgency, age in (
            (24, "time", "3"),
            (25, "soon", "3"),
            (31, "late", "4"),
        ):
            with (
                self.subTest(days=days),
                freeze_time(FROZEN_NOW + timedelta(days=days)),
            ):
                row = self._unclaimed(order)[:1]
                self.assertEqual((row.urgency, row.age), (urgency, age))
                self.env.invalidate_all()

    def test_collecting_twice_makes_one_claim(self):
        order = self._deliver()
        rows = self._unclaimed(order)
        claim = self._collect(order)
        self.env.flush_all()
        again = self.env["car.warranty.claim"].with_user(self.user_warranty_clerk)
        self.assertFalse(again._collect(rows))
        self.assertEqual(len(claim), 1)

    def test_cron_collects_where_the_maker_wants_it(self):
        first = self._deliver()
        claims = self.env["car.warranty.claim"]
        self.terms.is_collected = False
        self.env.flush_all()
        self.assertFalse(claims._collect_batch(10))
        self.terms.is_collected = True
        self.env.flush_all()
        claim = claims._collect_batch(1)
        self.assertEqual(claim.order_id, first)
        self.assertEqual(len(claim.line_ids), 3)
        self.assertEqual(claim.user_id, self.user_warranty_clerk)

    @mute_logger("odoo.sql_db")
    def test_share_is_in_one_live_claim(self):
        claim = self._collect(self._deliver()).sudo()
        values = claim.copy_data()[0]
        values["line_ids"] = [
            Command.create(
                claim.line_ids[0].line_id._prepare_claim_line_vals(claim.payer_id)
            )
        ]
        for name in ("order_id", "job_id", "payer_id"):
            values[name] = claim[name].id
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            claim.create(values)
            self.env.flush_all()
        claim.with_user(self.user_warranty_clerk).action_cancel()
        self.env.flush_all()
        self.assertTrue(claim.create(values))

    # === CONTENT === #

    def test_everything_missing_is_told_at_once(self):
        order = self._deliver(odometer_km=0)
        claim = self._collect(order)
        claim.write(
            {
                "cause": " ",
                "correction": False,
                "causal_line_id": False,
                "technician_ids": [Command.clear()],
            }
        )
        self.terms.write(
            {
                "requires_photo": True,
                "requires_old_part": True,
                "requires_fault_code": True,
                "requires_operation_code": True,
                "requires_reference": True,
                "requires_clocked_hours": True,
            }
        )
        self.assertEqual(
            {item["key"] for item in claim.missing},
            {
                "odometer_in",
                "odometer_out",
                "cause",
                "correction",
                "causal_part",
                "fault_code",
                "operation_code",
                "technician",
                "clocked_hours",
                "photo",
                "old_part",
                "reference",
            },
        )
        with self.assertRefused("(?s)Odometer at arrival.*Label of the old part"):
            claim.action_submit()
        self.assertEqual(claim.state, "draft")

    def test_what_is_not_asked_is_not_missing(self):
        claim = self._collect(self._deliver())
        claim.cause = False
        self.assertEqual([item["key"] for item in claim.missing], ["cause"])
        self.terms.requires_cause = False
        claim.invalidate_recordset(["missing"])
        self.assertFalse(claim.missing)

    def test_entry_of_the_list_does_its_work(self):
        order = self._deliver()
        claim = self._collect(order)
        self.terms.requires_old_part = True
        self.assertEqual([item["key"] for item in claim.missing], ["old_part"])
        claim.action_missing("old_part")
        self.assertFalse(claim.missing)

    def test_changed_share_is_taken_over_before_sending(self):
        order = self._deliver()
        claim = self._collect(order)
        oil = claim.line_ids[2].line_id.with_user(self.user_warranty_clerk)
        oil.payer_id = order._get_customer_payer()
        self._authorize(order)
        self.assertEqual([item["key"] for item in claim.missing], ["refresh"])
        with self.assertRefused("The order has changed"):
            claim.action_submit()
        claim.action_missing("refresh")
        self.assertAlmostEqual(claim.amount_claimed, 350)
        self.assertFalse(claim.missing)

    # === FROZEN === #

    def test_sent_claim_is_frozen_by_every_route(self):
        claim = self._send(self._deliver())
        line = claim.line_ids[0]
        photo = self.env["ir.attachment"].create({"name": "a.png", "raw": b"x"})
        values = {
            "complaint": "Other words",
            "cause": "Other cause",
            "odometer_out_km": 1,
            "fault_code": "P0301",
            "technician_ids": [Command.clear()],
            "photo_ids": [Command.link(photo.id)],
            "has_causal_part": False,
            "line_ids": [Command.delete(line.id)],
            "maker_reference": "4711",
        }
        claim.maker_reference = "4710"  # he tells his number once he has it
        for name, value in values.items():
            with (
                self.subTest(field=name),
                self.assertRefused("stays as it is|its steps"),
            ):
                claim.write({name: value})
        for vals in (
            {"amount_accepted": 1.0},
            {"amount_claimed": 9999.0},
            {"operation_code": "X"},
            {"is_answered": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(AccessError):
            claim.unlink()
        with self.assertRefused("kept for the records"):
            claim.with_user(self.user_manager).sudo(False)._unlink_never()
        for state in (
            "draft",
            "approved",
            "partly",
            "rejected",
            "settled",
            "charged_back",
        ):
            with self.subTest(state=state), self.assertRaises(UserError):
                claim.write({"state": state})
        self.assertEqual(claim.state, "submitted")

    def test_payer_of_a_sent_share_is_kept(self):
        order = self._deliver()
        self._send(order)
        line = order.line_ids[0].with_user(self.user_warranty_clerk)
        with self.assertRefused("the maker has it"):
            line.payer_id = order._get_customer_payer()

    def test_photo_of_a_sent_claim_is_kept(self):
        claim = self._collect(self._deliver())
        photo = (
            self.env["ir.attachment"]
            .with_user(self.user_warranty_clerk)
            .create(
                {
                    "name": "a.png",
                    "raw": b"x",
                    "res_model": claim._name,
                    "res_id": claim.id,
                }
            )
        )
        claim.photo_ids = photo
        claim.action_submit()
        with self.assertRefused("this photo"):
            photo.raw = b"y"
        with self.assertRefused("this photo"):
            photo.unlink()

    def test_stamps_are_not_written_by_hand(self):
        claim = self._collect(self._deliver())
        for vals in (
            {"submission_count": 0},
            {"settled_on": "2026-01-01"},
            {"first_answer": "approved"},
            {"is_short_paid": True},
        ):
            with self.subTest(vals=vals), self.assertRefused("follow its steps"):
                claim.write(vals)

    # === ANSWERS === #

    def test_returned_claim_is_corrected_and_sent_again(self):
        claim = self._send(self._deliver())
        with self.assertRefused("say what the maker wants"):
            claim.write({"state": "returned"})
        claim.action_return("The test values are missing")
        claim.cause = "Play 0.8 mm, limit 0.3 mm"
        claim.action_submit()
        self.assertEqual(claim.submission_count, 2)
        self._answer(claim, 300, 50, 280)
        self.assertEqual(claim.first_answer, "returned")
        self.assertEqual(claim.state, "approved")

    def test_answer_is_checked_by_line(self):
        claim = self._send(self._deliver())
        for amounts in ((301, 50, 280), (-1, 50, 280)):
            with self.subTest(amounts=amounts), self.assertRefused("lies between 0"):
                self._answer(claim, *amounts)
        with self.assertRefused("reason"):
            self._answer(claim, 300, 50, 279, reason=False)
        with self.assertRefused("the answer lacks"):
            claim._record_answer({claim.line_ids[0]: (300, False)})
        self.assertEqual(claim.state, "submitted")
        self._answer(claim, 0, 0, 0)
        self.assertEqual(claim.state, "rejected")
        with self.assertRefused("only what was sent"):
            self._answer(claim, 300, 50, 280)

    def test_constraint_holds_whoever_writes(self):
        claim = self._send(self._deliver())
        with self.assertRaises(ValidationError):
            claim.sudo().line_ids[0].amount_accepted = 301

    def test_rejected_claim_is_appealed(self):
        claim = self._send(self._deliver())
        self._answer(claim, 0, 0, 0)
        with self.assertRefused("refused something"):
            claim.action_settle()
        with self.assertRefused("say why you appeal"):
            claim.write({"state": "appealed"})
        claim.action_appeal("It is within the term")
        with self.assertRefused("nothing is moved yet"):
            claim.line_ids[0]._move_refused_share("goodwill")
        self._answer(claim, 300, 50, 280)
        self.assertEqual((claim.state, claim.first_answer), ("approved", "rejected"))
        self.assertAlmostEqual(self._net(claim), 630)

    # === REMINDERS === #

    def test_clerk_is_reminded_once(self):
        claim = self._collect(self._deliver())
        remind = self.env["car.warranty.claim"]._cron_remind
        remind()
        self.assertFalse(claim.activity_ids)
        with freeze_time(FROZEN_NOW + timedelta(days=26)):
            remind()
            remind()
            self.assertEqual(len(claim.activity_ids), 1)
            self.assertEqual(claim.activity_ids.user_id, self.user_warranty_clerk)
            claim.action_submit()
            self.assertFalse(claim.activity_ids)
        with freeze_time(FROZEN_NOW + timedelta(days=41)):
            remind()
            self.assertEqual(len(claim.activity_ids), 1)

    # === PAPER === #

    def test_paper_shows_the_story(self):
        claim = self._send(self._deliver())
        claim.action_tag_old_parts()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("car_aftersales.report_car_warranty_claim", claim.ids)[0]
            .decode()
        )
        for text in ("Oil service", "Bearing worn", "Water pump", "42,000", claim.name):
            self.assertIn(text, html)
        label = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "car_aftersales.report_car_warranty_old_part", claim.old_part_ids.ids
            )[0]
            .decode()
        )
        self.assertIn(claim.old_part_ids[0].name, label)
