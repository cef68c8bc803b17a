from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW

from .three_common import CarThreeGuaranteeCommon

LATER = FROZEN_NOW + timedelta(days=3)


@tagged("post_install", "-at_install")
class TestThreeGuaranteeFollow(CarThreeGuaranteeCommon):
    """The ledger follows who bears a repair after the car was given back."""

    def setUp(self):
        super().setUp()
        self.order = self._deliver(self._create_warranty_order())

    def _move(self, kind, user=None, payer=None, lines=None, **values):
        """Move a share as the warranty clerk does in the dialog."""
        order = self.order
        payer = payer or order.payer_ids.filtered(lambda one: one.kind == "warranty")
        lines = lines or order.line_ids
        with freeze_time(LATER):
            self.env["car.repair.share.move"].with_user(
                user or self.user_warranty_clerk
            ).create(
                {
                    "order_id": order.id,
                    "payer_id": payer.id,
                    "line_ids": [Command.set(lines.ids)],
                    "target_kind": kind,
                    "reason": "Maker refused",
                    **values,
                }
            ).action_confirm()
        self._settle_pending()

    def _settle_pending(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _answer(self, **values):
        """Let the customer answer three days after his car was given back."""
        with freeze_time(LATER):
            self._authorize(
                self.order, self.user_warranty_clerk, answered_at=LATER, **values
            )
        self._settle_pending()

    def _refuse_all(self):
        with freeze_time(LATER):
            self.env["car.repair.authorization"].with_user(
                self.user_warranty_clerk
            ).create(
                {
                    "order_id": self.order.id,
                    "channel": "phone",
                    "line_ids": [
                        Command.create({"line_id": line.id, "is_approved": False})
                        for line in self.order.line_ids
                    ],
                }
            )
        self._settle_pending()

    def _read(self, kind="days"):
        entry = self._get_entry(self.order, kind)
        return entry.is_counted, entry.reason, entry.former_reason

    # === TO THE CUSTOMER === #

    def test_it_counts_until_the_customer_has_agreed_to_pay(self):
        self._move("customer")
        self.assertEqual(self._read(), (True, "counted", False))
        self._answer()
        for kind in ("days", "part"):
            self.assertEqual(self._read(kind), (False, "paid", "counted"))

    def test_the_former_reason_is_kept_and_told(self):
        self._move("customer")
        self._answer()
        entry = self._get_entry(self.order, "days")
        self.assertIn("Paid for by the customer", entry.reason_text)
        told = entry.message_ids[:1].body
        self.assertIn("Another payer", told)
        self.assertIn("Order 43", told)
        self.assertEqual((entry.days, entry.started_at), (1, FROZEN_NOW))

    def test_the_standing_of_the_car_and_its_warning_follow(self):
        self._add_elsewhere("part", 2, product_id=self.pump.id)
        warning = self.env["car.three.guarantee.warning"].search(
            [("vehicle_id", "=", self.vehicle.id), ("kind", "=", "part")]
        )
        self.assertEqual((warning.state, warning.count), ("open", 3))
        self._move("customer")
        self._answer()
        self.assertEqual(self.vehicle.three_guarantee_state, "ok")
        self.assertEqual(warning.state, "closed")
        self.assertIn("not near any more", warning.finding)

    def test_one_line_kept_by_the_maker_keeps_the_repair(self):
        pump = self.order.line_ids.filtered(lambda line: line.kind == "part")
        self._move("customer", lines=pump)
        self._answer()
        self.assertEqual(self._read(), (True, "counted", False))

    def test_who_refuses_to_pay_keeps_his_repair(self):
        self._move("customer")
        self._refuse_all()
        self.assertEqual(self._read(), (True, "counted", False))

    # === TO THE HOUSE, AND BACK === #

    def test_what_the_house_bears_stays_free_for_the_customer(self):
        self._move("goodwill")
        self._authorize_house(self.order)
        self._settle_pending()
        self.assertEqual(self._read(), (True, "counted", False))
        self.assertEqual(self._read("part")[1], "counted")

    def test_a_part_of_it_at_the_customer_is_no_paid_repair(self):
        self._move("customer", percent=50.0)
        self._answer()
        self.assertEqual(self._read(), (True, "counted", False))

    def test_back_with_the_maker_it_counts_again_with_its_own_times(self):
        self._move("customer")
        self._answer()
        maker = self.order.payer_ids.filtered(lambda one: one.kind == "warranty")
        self.order.line_ids.with_user(self.user_warranty_clerk).write(
            {
                "share_ids": [
                    Command.clear(),
                    Command.create({"payer_id": maker.id, "percent": 100.0}),
                ]
            }
        )
        self._settle_pending()
        self.assertEqual(self._read(), (True, "counted", "paid"))
        entry = self._get_entry(self.order, "days")
        self.assertEqual((entry.started_at, entry.days), (FROZEN_NOW, 1))

    def test_a_share_changed_by_itself_is_followed_too(self):
        self._move("customer", percent=40.0)
        self._answer()
        customer = self.order._get_customer_payer()
        line = self.order.line_ids[0]
        other = line.share_ids.filtered(lambda share: share.payer_id != customer)
        others = (self.order.line_ids - line).share_ids.filtered(
            lambda share: share.payer_id != customer
        )
        insurer = self.env["car.repair.payer"].create(
            {
                "order_id": self.order.id,
                "kind": "insurer",
                "partner_id": self.env["res.partner"].create({"name": "Insurer"}).id,
            }
        )
        (other | others).with_user(self.user_warranty_clerk).write(
            {"payer_id": insurer.id}
        )
        self._settle_pending()
        self.assertEqual(self._read()[1], "paid")

    def test_a_repair_the_maker_accepts_afterwards_enters_the_ledger(self):
        order = self._deliver(
            self._create_order(
                [{"product_id": self.labor.id}, {"product_id": self.pump.id}],
                odometer_km=10000,
            ),
            timedelta(days=2, hours=1),
        )
        self.assertFalse(order.sudo().three_guarantee_entry_ids)
        payer = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.line_ids.with_user(self.user_warranty_clerk).write({"payer_id": payer.id})
        self._settle_pending()
        days = self._get_entry(order, "days")
        self.assertEqual((days.is_counted, days.days), (True, 3))
        self.assertEqual(self._get_entry(order, "part").product_id, self.pump)

    # === WHAT STAYS === #

    def test_a_correction_by_hand_stays_and_is_told(self):
        entry = self._get_entry(self.order, "days").with_user(self.user_warranty_clerk)
        entry._correct("Customer waited himself", True, 5)
        self._move("customer")
        self._answer()
        self.assertEqual((entry.reason, entry.days), ("corrected", 5))
        self.assertIn("stays", entry.message_ids[:1].body)
        self.assertEqual(self._read("part")[1], "paid")

    def test_a_marked_job_keeps_its_mark(self):
        order = self._deliver(
            self._create_warranty_order(
                job={
                    "three_guarantee_mark": "yes",
                    "three_guarantee_mark_reason": "Agreed with the maker",
                }
            )
        )
        self.order = order
        self._move("customer")
        self._answer()
        self.assertEqual(self._read(), (True, "counted", False))

    def test_what_was_under_the_guarantee_is_not_typed(self):
        line = self.order.line_ids[:1]
        with freeze_time(LATER):
            line.with_user(self.user_warranty_clerk).write(
                {"was_under_guarantee": True, "payer_id": line.payer_id.id}
            )
        other = self._create_order(odometer_km=10000).line_ids[:1]
        other.with_user(self.user_advisor).write({"was_under_guarantee": True})
        self.assertFalse(other.was_under_guarantee)

    def test_the_advisor_moves_nothing_and_changes_no_entry(self):
        with self.assertRaises(AccessError):
            self._move("customer", self.user_advisor)
        self.assertEqual(self._read(), (True, "counted", False))

    def test_where_the_law_does_not_apply_nothing_follows(self):
        self.company.car_cn_law = False
        self._move("customer")
        self._answer()
        self.assertEqual(self._read(), (True, "counted", False))

    def test_the_list_says_anew_what_the_customer_pays(self):
        first = self.order.sudo().cn_settlement_id
        self.assertEqual(first.amount_customer, 0.0)
        self._move("customer")
        self._answer()
        with freeze_time(LATER):
            self._bill(self.order)
        second = self.order.sudo().cn_settlement_id
        self.assertEqual(first.state, "void")
        self.assertEqual(second.amount_customer, second.amount_total)
        self.assertEqual(second.amount_total, first.amount_total)
