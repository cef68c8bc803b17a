from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestKeptContent(BillingCommon):
    """What the customer got on paper stays as it was."""

    def _deliver(self, **values):
        order = self._create_order(**values)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        return order

    def _assert_kept(self, record, user, values):
        for name, value in values.items():
            with (
                self.subTest(field=name, user=user.name),
                self.assertRaisesRegex(UserError, "kept as it is"),
            ):
                record.with_user(user).write({name: value})

    def test_lines_of_a_delivered_order_keep_their_texts(self):
        order = self._deliver()
        line = order.line_ids[1]
        self._assert_kept(
            line,
            self.user_manager,
            {
                "name": "Another filter",
                "grade": "used",
                "brand_name": "Nobody",
                "maker_code": "X 1",
                "origin_country_id": self.env.ref("base.cn").id,
                "sold_hours": 9.0,
                "package_id": False,
                "job_id": order.job_ids.id,
            },
        )
        line.with_user(self.user_advisor).ask_again_date = "2026-06-01"

    def test_jobs_of_a_delivered_order_keep_their_texts(self):
        order = self._deliver()
        job = order.job_ids
        texts = {"cause": "Something else", "correction": "Nothing done"}
        for user in (self.user_technician, self.user_inspector, self.user_manager):
            self._assert_kept(job, user, texts)
        self._assert_kept(
            job,
            self.user_manager,
            {
                "name": "x",
                "estimate_method": "item",
                "technician_ids": [Command.clear()],
                "waiting_reason": "x",
                "sequence": 1,
                "state": "in_progress",
            },
        )
        self._assert_kept(job, self.user_inspector, {"state": "in_progress"})

    def test_head_of_a_delivered_order_is_kept(self):
        order = self._deliver()
        self._assert_kept(
            order,
            self.user_manager,
            {"note": "x", "fuel_level": "4", "sender_id": self.maker.id},
        )

    def test_content_of_a_cancelled_order_is_kept(self):
        order = self._create_order()
        order.action_cancel()
        self._assert_kept(order.line_ids[0], self.user_advisor, {"name": "x"})
        self._assert_kept(
            order.job_ids, self.user_advisor, {"cause": "x", "state": "draft"}
        )
        order.action_reopen()
        order.line_ids[0].name = "x"
        order.job_ids.cause = "x"

    def test_declined_car_that_has_left_is_a_closed_visit(self):
        order = self._create_order()
        order.action_estimate()
        order.action_decline("refused", "Too expensive")
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        exit_pass.with_user(self.user_gate).action_leave()
        self._assert_kept(order.line_ids[0], self.user_advisor, {"quantity": 9})
        self._assert_kept(order.job_ids, self.user_technician, {"cause": "x"})
        with self.assertRaisesRegex(UserError, "open a new order"):
            order.action_resume()

    def test_job_does_not_move_into_a_closed_visit(self):
        order = self._deliver()
        other = self._create_order()
        with self.assertRaisesRegex(UserError, "kept as it is"):
            other.job_ids.with_user(self.user_advisor).order_id = order

    def test_people_go_on_talking_and_money_goes_on_moving(self):
        order = self._create_order()
        warranty = self._add_payer(order, "warranty", self.maker)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        words = "Called"
        order.with_user(self.user_follow_up_clerk).message_post(body=words)
        order.job_ids.with_user(self.user_technician).message_post(
            body=words, attachments=[("bolt.png", b"picture")]
        )
        line = order.line_ids[0].with_user(self.user_warranty_clerk)
        line.payer_id = warranty
        self.assertEqual(line.payer_id, warranty)
        self._bill(order)
        self.assertEqual(warranty.billing_state, "billed")

    # === THE KEPT RECORD === #

    def _get_record(self, order):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_field", "=", "record_html"), ("res_id", "=", order.id)])
        )

    def test_kept_record_is_neither_changed_nor_deleted(self):
        order = self._deliver()
        order._keep_record()
        record = self._get_record(order)
        content = record.raw
        for user in (
            self.user_advisor,
            self.user_supervisor,
            self.user_manager,
            self.env.ref("base.user_admin"),
        ):
            kept = record.with_user(user)
            for act in (
                lambda kept=kept: kept.write({"raw": b"forged"}),
                lambda kept=kept: kept.write({"datas": b"Zm9yZ2Vk"}),
                lambda kept=kept: kept.write({"res_field": False}),
                lambda kept=kept: kept.unlink(),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaisesRegex(AccessError, "is kept as"),
                ):
                    act()
        self.assertEqual(record.exists().raw, content)

    def test_kept_record_is_not_replaced_by_another(self):
        order = self._deliver()
        attachments = self.env["ir.attachment"].with_user(self.user_manager)
        values = {"name": "x", "res_model": order._name, "res_id": order.id}
        with self.assertRaises(AccessError):
            attachments.create({**values, "res_field": "record_html", "raw": b"x"})
        ordinary = attachments.create({**values, "raw": b"x"})
        with self.assertRaises(AccessError):
            ordinary.res_field = "record_html"
        ordinary.write({"raw": b"y"})
        ordinary.unlink()
        order.with_user(self.user_manager).write({"record_html": b"eA=="})
        self.assertFalse(self._get_record(order))

    def test_system_takes_the_record_away_with_everything_else(self):
        order = self._deliver()
        order._keep_record()
        record = self._get_record(order)
        record.with_user(self.env.ref("base.user_root")).unlink()
        self.assertFalse(record.exists())
