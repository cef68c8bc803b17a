from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW

from .cn_law_common import CnLawCommon


@tagged("post_install", "-at_install")
class TestCnCertificate(CnLawCommon):
    """No delivery without 竣工出厂合格证 where the law asks for it."""

    def test_delivery_is_refused_without_and_allowed_with_it(self):
        order = self._bring_level2_to_ready()
        self._settle(order)
        for step in (
            order.action_deliver,
            lambda: order.write(
                {
                    "state": "delivered",
                    "accepted_at": order.received_at,
                    "given_back_at": order.received_at,
                }
            ),
        ):
            with self.assertRefused("certificate of completion is missing"):
                step()
        certificate = self._issue_certificate(order, odometer_km=42010)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertRegex(certificate.name, r"^HGZ/2026/\d{5}$")
        self.assertRecordValues(
            certificate,
            [
                {
                    "state": "valid",
                    "license_plate": "京A12345",
                    "plate_color": "blue",
                    "contract_number": order.name,
                    "repair_class_id": self.classes["level2"].id,
                    "guarantee_days": 30,
                    "guarantee_km": 5000,
                    "odometer_km": 42010,
                    "inspector_id": self.user_inspector.id,
                    "issued_by_id": self.user_inspector.id,
                }
            ],
        )

    def test_only_the_classes_of_the_law_ask_for_it(self):
        asked = {"whole", "assembly", "level2"}
        for code, repair_class in self.classes.items():
            self.assertEqual(repair_class.requires_certificate, code in asked)
        order = self._create_order()
        self._make_ready(order)
        self.assertFalse(order.needs_certificate)
        self._settle(order)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")

    def test_class_and_type_say_otherwise(self):
        order = self._bring_level2_to_ready()
        self.assertTrue(order.needs_certificate)
        self.type_level2.certificate_rule = "never"
        self.assertFalse(order.needs_certificate)
        self.type_level2.certificate_rule = "class"
        self.classes["level2"].requires_certificate = False
        self.env.invalidate_all()
        self.assertFalse(order.needs_certificate)
        self.type_level2.certificate_rule = "always"
        self.assertTrue(order.needs_certificate)

    def test_it_is_among_what_is_missing_and_a_click_issues_it(self):
        order = self._bring_level2_to_ready()
        self.assertEqual(order.release_state, "missing")
        self.assertEqual(
            [item["key"] for item in order.release_missing], ["certificate"]
        )
        with self.assertRefused("your role", AccessError):
            order.action_missing("certificate")
        action = order.with_user(self.user_inspector).action_missing("certificate")
        self.assertEqual(action["res_model"], "car.cn.certificate.issue")
        self.assertEqual(action["views"], [(False, "form")])
        self._issue_certificate(order)
        self.assertEqual(order.release_state, "complete")

    def test_supervisor_cannot_let_the_car_go_without_it(self):
        self.type_level2.write(
            {"requires_ready_notice": True, "is_release_blocking": True}
        )
        order = self._bring_level2_to_ready()
        self.assertEqual(
            [item["key"] for item in order.release_missing], ["told", "certificate"]
        )
        self._settle(order)
        order.with_user(self.user_supervisor).action_override_release("In a hurry")
        with self.assertRefused("certificate of completion is missing"):
            order.action_deliver()

    def test_inspector_and_workshop_supervisor_alone_issue_it(self):
        order = self._bring_level2_to_ready()
        for persona in (
            "advisor",
            "supervisor",
            "cashier",
            "warranty_clerk",
            "parts_clerk",
        ):
            user = getattr(self, f"user_{persona}")
            with self.subTest(persona):
                with self.assertRaises(AccessError):
                    order.with_user(user).action_issue_certificate()
                with self.assertRaises(AccessError):
                    self.env["car.cn.certificate"].with_user(user).create(
                        {"order_id": order.id}
                    )
                with self.assertRaises(AccessError):
                    self.env["car.cn.certificate.issue"].with_user(user).create(
                        {"order_id": order.id}
                    )
        with self.assertRaises(AccessError):
            self.env["car.cn.certificate"].with_user(self.user_inspector).create(
                {"order_id": order.id}
            )
        certificate = self._issue_certificate(order, self.user_workshop_supervisor)
        # The one who inspected the car signs it.
        self.assertEqual(certificate.inspector_id, self.user_inspector)
        self.assertEqual(certificate.issued_by_id, self.user_workshop_supervisor)
        with self.assertRaises(AccessError):
            certificate.with_user(self.user_technician).read(["name"])

    def test_it_is_not_issued_before_the_final_inspection(self):
        order = self._create_level2()
        self._authorize(order)
        self._issue(order)
        self._work(order)
        with self.assertRefused("has passed its final inspection"):
            order.with_user(self.user_inspector).action_issue_certificate()

    def test_odometer_does_not_run_backwards(self):
        order = self._bring_level2_to_ready()
        with self.assertRefused("41999 km when the car leaves, but 42000"):
            self._issue_certificate(order, odometer_km=41999)

    def test_leaving_date_lies_within_the_visit(self):
        order = self._bring_level2_to_ready()
        before = order.received_at.date() - timedelta(days=1)
        with self.assertRefused("does not lie within the visit"):
            self._issue_certificate(order, completed_on=before)
        certificate = self._issue_certificate(order)
        self.assertEqual(certificate.completed_on, order.received_at.date())
        self._settle(order)
        order.action_deliver()
        inspector = certificate.with_user(self.user_inspector)
        inspector.action_void("Wrong contract number")
        with freeze_time(FROZEN_NOW + timedelta(days=9)):
            with self.assertRefused("does not lie within the visit"):
                self._issue_certificate(
                    order, completed_on=FROZEN_NOW.date() + timedelta(days=9)
                )
            again = self._issue_certificate(order)
        self.assertEqual(again.completed_on, FROZEN_NOW.date())

    def test_guarantee_is_the_larger_of_law_and_promise(self):
        self.classes["level2"].write({"guarantee_days": 90, "guarantee_km": 0})
        certificate = self._issue_certificate(self._bring_level2_to_ready())
        self.assertEqual(
            (certificate.guarantee_days, certificate.guarantee_km), (90, 5000)
        )

    def test_second_one_needs_the_first_made_void_with_a_reason(self):
        order = self._bring_level2_to_ready()
        first = self._issue_certificate(order)
        with self.assertRefused("valid certificate already"):
            order.with_user(self.user_inspector).action_issue_certificate()
        for persona in ("advisor", "cashier"):
            with self.assertRaises(AccessError):
                first.with_user(getattr(self, f"user_{persona}")).action_void("Wrong")
        with self.assertRefused("say why"):
            first.write({"state": "void"})
        dialog = first.action_void()
        self.env[dialog["res_model"]].with_user(self.user_inspector).with_context(
            **dialog["context"]
        ).create({"reason": "Wrong odometer"}).action_confirm()
        self.assertEqual(first.state, "void")
        self.assertEqual(first.void_reason, "Wrong odometer")
        self.assertIn("VOID: Wrong odometer", str(first._get_paper_content()))
        second = self._issue_certificate(order, odometer_km=42100)
        self.assertNotEqual(first.name, second.name)
        self.assertNotIn("VOID", str(second._get_paper_content()))
        with self.assertRefused("cannot become"):
            first.write({"state": "valid"})

    def test_work_taken_up_again_makes_it_void(self):
        order = self._bring_level2_to_ready()
        certificate = self._issue_certificate(order)
        order.with_user(self.user_inspector).action_rework("The oil drips")
        self.assertEqual(certificate.state, "void")
        self.assertEqual(certificate.void_reason, "The oil drips")
        self._work(order)
        self._pass_quality(order)
        self._settle(order)
        with self.assertRefused("certificate of completion is missing"):
            order.action_deliver()

    def test_what_is_issued_stays_as_it_is(self):
        order = self._bring_level2_to_ready()
        certificate = self._issue_certificate(order)
        issued = str(certificate._get_paper_content())
        for vals in ({"odometer_km": 1}, {"guarantee_days": 999}, {"name": "X"}):
            with self.assertRefused("what is issued stays"):
                certificate.write(vals)
        with self.assertRaises(AccessError):
            certificate.unlink()
        with self.assertRefused("kept for the records"):
            certificate.sudo().unlink()
        self.customer.name = "王大明"
        self.company.phone = "000"
        self.assertEqual(str(certificate._get_paper_content()), issued)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", certificate._name), ("res_field", "=", "paper_html")]
        )
        self.assertEqual(kept.mapped("res_id"), certificate.ids)
        with self.assertRaises(AccessError):
            kept.with_user(self.user_manager).write({"raw": b"forged"})

    def test_company_without_the_law_delivers_as_before(self):
        self.company.car_cn_law = False
        order = self._bring_level2_to_ready()
        self.assertFalse(order.needs_certificate)
        with self.assertRefused("does not apply"):
            order.with_user(self.user_inspector).action_issue_certificate()
        self._settle(order)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertFalse(order.sudo().cn_settlement_ids)

    def test_other_company_does_not_see_it(self):
        certificate = self._issue_certificate(self._bring_level2_to_ready())
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.user_inspector.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            certificate.with_user(self.user_inspector).read(["name"])
