import base64
import io
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..common import FROZEN_NOW
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

    def test_new_types_ask_for_a_signature(self):
        created = self.env["car.repair.type"].create({"name": "Tyres"})
        self.assertTrue(created.requires_signature)

    def test_what_the_house_bears_needs_no_signature(self):
        goodwill = self.env["car.repair.payer"].create(
            {"order_id": self.order.id, "kind": "goodwill"}
        )
        self.order.line_ids[1:].payer_id = goodwill
        self._authorize_house(self.order)
        self._authorize(self.order)
        with self.assertRefused("has not signed"):
            self.order.job_ids.with_user(self.user_technician).action_start()
        self.order.line_ids.payer_id = goodwill
        self._authorize_house(self.order)
        self.order.job_ids.with_user(self.user_technician).action_start()
        self.assertEqual(self.order.job_ids.state, "in_progress")

    def test_nobody_claims_a_signature(self):
        self._authorize(self.order)
        self.order.with_user(self.user_advisor).write(
            {"contract_signed_at": FROZEN_NOW}
        )
        with self.assertRefused("has not signed"):
            self.order.job_ids.with_user(self.user_technician).action_start()

    def test_another_customer_signs_anew(self):
        self._sign()
        self.assertEqual(self.order.contract_signed_at, FROZEN_NOW)
        other = self.env["res.partner"].create({"name": "Zhang San"})
        order = self.order.with_user(self.user_advisor)
        order.action_estimate()
        order.partner_id = other
        self._authorize(self.order)
        with self.assertRefused("has not signed"):
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


@tagged("post_install", "-at_install")
class TestContractFile(CarWorkshopCommon, HttpCase):
    """Each signed contract is filed as PDF; the workshop's receipt prints below it."""

    def _sign(self, order, **values):
        return self._authorize(
            order,
            channel="signature",
            signed_by="王小明",
            signature=SIGNATURE,
            **values,
        )

    def _file(self):
        answers = self.env["car.repair.authorization"]
        answers = answers.with_context(force_report_rendering=True)
        answers.search([("awaits_filing", "=", True)])._file_contract()
        self.env.invalidate_all()

    def _read(self, answer):
        content = base64.b64decode(answer.contract_pdf)
        self.assertEqual(content[:4], b"%PDF")
        return PdfFileReader(io.BytesIO(content))

    def test_each_signed_contract_is_filed_on_one_page(self):
        order = self._create_order()
        first = self._sign(order)
        self.assertTrue(first.awaits_filing)
        self._file()
        self.assertFalse(first.awaits_filing)
        self.assertEqual(len(self._read(first).pages), 1)
        order.with_user(self.user_advisor).write(
            {"job_ids": [Command.create(self._job("Wipers", self.labor))]}
        )
        second = self._sign(order)
        self.assertTrue(second.awaits_filing)
        self.assertFalse(first.awaits_filing)
        kept = first.contract_pdf
        self._file()
        self.assertEqual(first.contract_pdf, kept)
        self.assertEqual(len(self._read(second).pages), 1)
        for answer, has_wipers in ((first, False), (second, True)):
            named = order.with_context(car_contract_answer=answer.id)
            content = named._get_contract_content()
            self.assertEqual("Wipers" in content, has_wipers)

    def _job(self, name, product):
        return {
            "name": name,
            "line_ids": [Command.create({"product_id": product.id})],
        }

    def test_many_lines_take_a_second_page(self):
        order = self._create_order(
            [{"product_id": self.filter.id, "name": f"Part {n}"} for n in range(45)]
        )
        answer = self._sign(order)
        self._file()
        self.assertEqual(len(self._read(answer).pages), 2)

    def test_what_was_signed_is_filed_though_it_is_void_by_now(self):
        order = self._create_order()
        answer = self._sign(order)
        order.with_user(self.user_advisor).action_estimate()
        order.with_user(self.user_advisor).partner_id = self.maker
        self.assertFalse(order.contract_signed_at)
        self._file()
        self.assertEqual(len(self._read(answer).pages), 1)
        named = order.with_context(car_contract_answer=answer.id)
        self.assertIn("data:image", named._get_contract_content())

    def test_nobody_says_that_it_is_on_file(self):
        answer = self._sign(self._create_order(), awaits_filing=False)
        self.assertTrue(answer.awaits_filing)

    def test_consents_on_the_phone_are_no_contract(self):
        order = self._create_order()
        answer = self._authorize(order)
        self.assertFalse(answer.awaits_filing)
        self._file()
        self.assertFalse(answer.contract_pdf)

    def test_nobody_replaces_the_file(self):
        answer = self._sign(self._create_order())
        self._file()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", answer._name),
                ("res_field", "=", "contract_pdf"),
                ("res_id", "=", answer.id),
            ]
        )
        for user in (self.user_advisor, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                attachment.with_user(user).write({"raw": b"other"})
        with self.assertRaises(AccessError):
            answer.with_user(self.user_technician).read(["contract_pdf"])

    def test_the_workshop_signs_for_the_car_below_it(self):
        order = self._create_order()
        self._sign(order)
        report = "car_aftersales.car_repair_order_report_contract"
        reports = self.env["ir.actions.report"].with_user(self.user_advisor)
        before = reports._render_qweb_html(report, order.ids)[0].decode()
        self.assertNotIn('name="receipts"', before)
        self.env["car.hand.over"].with_user(self.user_advisor).create(
            {
                "order_id": order.id,
                "to_place": "workshop",
                "receiver_name": "Li Dayong",
                "signature": SIGNATURE,
            }
        ).action_confirm()
        after = reports._render_qweb_html(report, order.ids)[0].decode()
        self.assertIn('name="receipts"', after)
        self.assertIn("Li Dayong", after)

    def test_a_contract_that_cannot_be_printed_stops_no_other(self):
        """What was signed on it was lost with the disk: the others are filed."""
        good, bad = self._create_order(), self._create_order()
        first, broken = self._sign(good), self._sign(bad)
        third = self._sign(self._create_order())
        view = self.env.ref("car_aftersales.report_car_repair_order_contract")
        guard = f"doc.id == {bad.id} and doc.nothing_of_this_name"
        arch = view.arch
        self._break_paper(view, guard)
        self._file()
        self.assertTrue(first.contract_pdf and third.contract_pdf)
        self.assertFalse(broken.contract_pdf)
        self.assertEqual((broken.awaits_filing, broken.filing_failures), (True, 1))
        self.assertFalse(bad.activity_ids)  # it may be the machine
        self._check_pause(broken, hours=1)
        self._file()
        self._check_pause(broken, hours=4)
        told = bad.activity_ids
        self.assertEqual(told.user_id, bad.advisor_id)
        self.assertIn("could not be made into a PDF", told.note)
        for _attempt in range(3):
            self._file()
        self._check_pause(broken, hours=24)
        self.assertEqual(bad.activity_ids, told)
        view.arch = arch
        self._file()
        self.assertEqual(len(self._read(broken).pages), 1)
        self.assertFalse(bad.activity_ids)
        self.assertFalse(broken.awaits_filing)

    def _break_paper(self, view, guard):
        arch = etree.fromstring(view.arch)
        loop = arch.find(".//*[@t-foreach]")
        etree.SubElement(loop, "t", {"t-if": guard})
        view.arch = etree.tostring(arch, encoding="unicode")

    def _check_pause(self, answer, hours):
        """It is not tried again before the pause is over."""
        answers = self.env["car.repair.authorization"]
        pause = timedelta(hours=hours)
        self.assertEqual(answer.filing_retry_at, FROZEN_NOW + pause)
        for moment, is_due in (
            (FROZEN_NOW + pause - timedelta(minutes=1), False),
            (FROZEN_NOW + pause, True),
        ):
            with freeze_time(moment):
                due = answers.search(answers._get_filing_domain())
                self.assertEqual(answer in due, is_due)

    def test_nobody_says_when_it_is_filed_anew(self):
        answer = self._sign(
            self._create_order(), filing_retry_at=FROZEN_NOW, filing_failures=9
        )
        self.assertFalse(answer.filing_retry_at)
        self.assertFalse(answer.filing_failures)
