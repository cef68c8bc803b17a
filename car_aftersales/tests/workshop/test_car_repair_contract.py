from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SIGNATURE, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestContract(CarWorkshopCommon):
    """The signed 进厂维修单: nothing starts without it, and it stays as signed."""

    def setUp(self):
        super().setUp()
        self.type_repair.requires_signature = True
        self.order = self._create_order()

    def _sign(self):
        return self._authorize(
            self.order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )

    def test_work_does_not_start_unsigned(self):
        self._authorize(self.order)
        job = self.order.job_ids.with_user(self.user_technician)
        with self.assertRefused("not signed"):
            job.action_start()
        with self.assertRefused("not signed"):
            job.write({"state": "in_progress"})
        self.assertFalse(self.order.is_signed)
        self._sign_anew()
        job.action_start()
        self.assertEqual(job.state, "in_progress")

    def _sign_anew(self):
        """Ask again after the answer by phone, now with a signature."""
        self.order.with_user(self.user_advisor).write({"state": "estimate"})
        self._sign()
        self.assertTrue(self.order.is_signed)

    def test_a_signature_taken_back_counts_no_more(self):
        self._sign()
        self.order.with_user(self.user_advisor).write({"state": "estimate"})
        self.assertFalse(self.order.is_signed)

    def test_manager_lets_work_start_unsigned_with_a_reason(self):
        self._authorize(self.order)
        for user in (self.user_advisor, self.user_supervisor):
            with self.assertRefused("manager", AccessError):
                self.order.with_user(user).action_start_unsigned("he is in a hurry")
        self.order.with_user(self.user_advisor).unsigned_reason = "forged"
        self.assertFalse(self.order.unsigned_reason)
        dialog = self.order.with_user(self.user_manager).action_start_unsigned()
        self.env[dialog["res_model"]].with_user(self.user_manager).with_context(
            **dialog["context"]
        ).create({"reason": "The customer signs at noon"}).action_confirm()
        self.assertEqual(self.order.unsigned_reason, "The customer signs at noon")
        self.order.job_ids.with_user(self.user_technician).action_start()

    def test_types_without_signature_start_by_phone(self):
        self.type_repair.requires_signature = False
        self._authorize(self.order)
        self.order.job_ids.with_user(self.user_technician).action_start()

    def test_contract_stays_as_it_was_signed(self):
        answer = self._sign()
        signed = str(self.order._get_contract_content())
        self.assertIn("王小明", signed)
        self.assertIn("data:image", signed)
        self.order.with_user(self.user_advisor).note = "Please wash it too"
        self.assertEqual(str(self.order._get_contract_content()), signed)
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "car.repair.authorization"),
                ("res_field", "in", ["contract_html", "signature"]),
                ("res_id", "=", answer.id),
            ]
        )
        self.assertEqual(len(kept), 2)
        for attachment in kept.with_user(self.user_manager):
            with self.assertRaises(AccessError):
                attachment.write({"raw": b"forged"})
            with self.assertRaises(AccessError):
                attachment.unlink()

    def test_contract_names_what_was_agreed(self):
        self.filter.car_is_key_part = True
        line = self.order.line_ids.filtered(lambda line: line.product_id == self.filter)
        line.with_user(self.user_advisor).grade = "aftermarket"
        self.order.with_user(self.user_advisor).note = "Keep the old parts"
        text = str(self.order._get_contract_content())
        for expected in (
            self.order.name,
            "Oil service",
            "Oil filter",
            "Keep the old parts",
            "We do not answer for the quality of these parts",
            "711.90",
        ):
            self.assertIn(expected, text)

    def test_contract_names_the_amount_agreed_to_beforehand(self):
        title = "agreed to beforehand"
        self.assertNotIn(title, str(self.order._get_contract_content()))
        self.order.with_user(self.user_advisor).preauthorized_limit = 888.0
        text = str(self.order._get_contract_content())
        self.assertIn(title, text)
        self.assertIn("888.00", text)
