from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .complaint_common import ComplaintCommon

MAIL = """Return-Path: <{sender}>
To: {to}
From: {name} <{sender}>
Subject: {subject}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit
Date: Mon, 02 Mar 2026 09:00:00 +0800
Message-Id: <{number}@example.com>

{body}
"""


@tagged("post_install", "-at_install")
class TestCarComplaintSources(ComplaintCommon, MailCase):
    """Where complaints come from: a talk, the delivery, a mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "dealer.example.com"})
        cls.company.write(
            {"alias_domain_id": domain.id, "car_complaint_alias_name": "complaints"}
        )
        cls.customer.email = "wang@example.com"

    def _receive_mail(self, sender="wang@example.com", number=1, **values):
        before = self.env["car.complaint"].search([])
        self.env["mail.thread"].sudo().message_process(
            False,
            MAIL.format(
                **{
                    "sender": sender,
                    "name": "Wang Xiaoming",
                    "to": "complaints@dealer.example.com",
                    "subject": "The brake squeaks again",
                    "body": "Already the second time.",
                    "number": number,
                    **values,
                }
            ),
        )
        return self.env["car.complaint"].search([]) - before

    def _point(self, **values):
        return (
            self.env["car.contact.point"]
            .with_user(self.user_follow_up_clerk)
            .create(
                {
                    "kind": "complaint",
                    "text": "It squeaks",
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    **values,
                }
            )
        )

    # === MAIL === #

    def test_mail_of_a_customer_opens_a_complaint(self):
        complaint = self._receive_mail()
        self.assertEqual(complaint.channel, "mail")
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(
            complaint.text, "The brake squeaks again\nAlready the second time."
        )
        self.assertRegex(complaint.name, "^CP/")

    def test_mail_of_a_stranger_keeps_name_and_address(self):
        complaint = self._receive_mail(sender="li@example.org", name="Li Na")
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.contact_name, "Li Na")
        self.assertIn("li@example.org", complaint.email_from)

    def test_mail_passed_on_by_one_of_us_names_no_customer(self):
        self.user_advisor.email = "advisor@dealer.example.com"
        complaint = self._receive_mail(sender="advisor@dealer.example.com")
        self.assertTrue(complaint)
        self.assertFalse(complaint.partner_id)

    def test_reply_joins_the_same_complaint(self):
        complaint = self._receive_mail()
        message = complaint.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(len(message), 1)
        self.assertFalse(
            self._receive_mail(
                number=f"2@example.com>\nIn-Reply-To: {message.message_id}\nX-A: <3"
            )
        )

    def test_each_company_has_its_own_address(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example.com"})
        other.write(
            {"alias_domain_id": domain.id, "car_complaint_alias_name": "complaints"}
        )
        complaint = self._receive_mail(to="complaints@other.example.com", number=7)
        self.assertEqual(complaint.company_id, other)
        self.assertEqual(complaint.name, "CP/2026/00001")

    def test_address_follows_the_settings(self):
        alias = self.company._get_complaint_alias()
        self.company.car_complaint_alias_name = "service"
        self.assertEqual(alias.alias_name, "service")
        self.company.car_complaint_alias_name = False
        self.assertFalse(alias.exists())

    # === POINTS === #

    def test_complaint_said_in_a_talk_gets_the_clock_of_a_complaint(self):
        order = self._create_order()
        point = self._point(order_id=order.id)
        complaint = point.complaint_id
        self.assertEqual(complaint.text, "It squeaks")
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertEqual(complaint.order_id, order)
        self.assertEqual(complaint.job_id, order.job_ids)
        self.assertEqual(complaint.user_id, self.user_follow_up_clerk)
        self.assertEqual(complaint.received_by_id, self.user_follow_up_clerk)
        self.assertFalse(point.due_on)
        with self._later(days=10):
            self._run_cron("car_contact_point_cron_escalate")
            self.assertEqual(point.state, "open")
            self.assertFalse(point.is_late)
            self.assertNotIn(
                point, self.env["car.contact.point"].search([("is_late", "=", True)])
            )

    def test_other_points_keep_their_own_clock(self):
        point = self._point(kind="wish")
        self.assertFalse(point.complaint_id)
        self.assertTrue(point.due_on)
        with self._later(days=10):
            self._run_cron("car_contact_point_cron_escalate")
            self.assertEqual(point.state, "escalated")

    def test_point_is_settled_with_its_complaint(self):
        point = self._point()
        point.solution = "Mended"
        for action in ("action_solve", "action_escalate"):
            with self.assertRefused("handled as complaint CP/"):
                getattr(point, action)()
        complaint = point.complaint_id.with_user(self.user_follow_up_clerk)
        with self._later(days=3):
            self._answer(complaint)
            self.assertEqual(point.state, "open")
            self.assertEqual(point.solution, "We are sorry and explain it")
            complaint.action_close()
        self.assertEqual(point.state, "closed")
        self.assertEqual(point.satisfied, "yes")

    def test_answer_given_at_once_answers_the_complaint(self):
        point = self._point(solution="Explained")
        point.action_answer()
        complaint = point.complaint_id
        self.assertEqual(
            (complaint.state, complaint.answer_text), ("answered", "Explained")
        )
        self.assertEqual(complaint.response_hours, 0.0)
        self.assertEqual(complaint.answered_by_id, self.user_follow_up_clerk)

    def test_withdrawn_complaint_settles_its_point(self):
        point = self._point()
        point.complaint_id.with_user(self.user_follow_up_clerk).action_withdraw(
            "A mistake"
        )
        self.assertEqual(point.state, "closed")
        self.assertEqual(point.solution, "A mistake")

    def test_words_at_delivery_become_a_complaint_and_end_with_it(self):
        order = self._create_order()
        remark = (
            self.env["car.customer.remark"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "mood": "negative", "text": "Too slow"})
        )
        complaint = self.env["car.complaint"].search([("text", "=", "Too slow")])
        self.assertEqual(complaint.channel, "desk")
        self.assertEqual(complaint.order_id, order)
        complaint = complaint.with_user(self.user_supervisor)
        self._answer(complaint)
        complaint.action_close()
        self.assertEqual(remark.state, "settled")
        self.assertEqual(remark.answer, "We are sorry and explain it")

    def test_what_the_desk_settles_is_answered_and_then_asked(self):
        order = self._create_order()
        remark = (
            self.env["car.customer.remark"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "mood": "negative", "text": "Too slow"})
        )
        remark.answer = "Explained, with a voucher for a wash"
        remark.action_settle()
        complaint = self.env["car.complaint"].search([("text", "=", "Too slow")])
        self.assertEqual(complaint.state, "answered")
        self.assertEqual(complaint.answer_text, remark.answer)
        self.assertEqual(complaint.answered_by_id, self.user_advisor)
        self.assertEqual(complaint.point_ids.state, "closed")
        complaint = complaint.with_user(self.user_follow_up_clerk)
        complaint.cause_id = self.cause
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
