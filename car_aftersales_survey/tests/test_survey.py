from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.car_aftersales.tests.care.satisfaction_common import (
    SatisfactionCommon,
)


class SurveyCommon(SatisfactionCommon):
    """Questionnaires sent and filled in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("car_aftersales_survey.survey_satisfaction")
        cls.company.write(
            {
                "car_survey_id": cls.survey.id,
                "car_survey_low": 60,
                "car_survey_open_days": 14,
            }
        )

    def _dialog(self, orders=None, files=None, user=None, **values):
        dialogs = self.env["car.survey.send"].with_user(
            user or self.user_follow_up_clerk
        )
        return dialogs.create(
            {
                "order_ids": [Command.set(orders.ids if orders else [])],
                "file_ids": [Command.set(files.ids if files else [])],
                **values,
            }
        )

    def _answers(self):
        return self.env["survey.user_input"].search(
            [("car_company_id", "=", self.company.id)]
        )

    def _fill_in(self, answer, score, words=""):
        """Answer every choice with so many points."""
        for question in self.survey.question_ids:
            if question.question_type == "simple_choice":
                choice = question.suggested_answer_ids.filtered(
                    lambda each: each.answer_score == score
                )
                answer._save_lines(question, str(choice.id))
        better = self.env.ref("car_aftersales_survey.survey_satisfaction_whole_better")
        answer._save_lines(better, words)
        answer._mark_done()


@tagged("post_install", "-at_install")
class TestSurvey(SurveyCommon):
    def test_link_goes_to_the_customer_once(self):
        order = self._delivered()
        self._dialog(order, channel="mail").action_confirm()
        answer = self._answers()
        self.assertEqual(answer.car_order_id, order)
        self.assertEqual(answer.car_partner_id, self.customer)
        self.assertEqual(answer.partner_id, self.customer)
        self.assertEqual(answer.car_asked_by_id, self.user_follow_up_clerk)
        mail = self.env["mail.mail"].search([("subject", "ilike", "how you found it")])
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(answer.access_token, mail.body_html)
        self._dialog(order, channel="mail").action_confirm()
        self.assertEqual(self._answers(), answer, "the same questionnaire again")

    def test_sms_carries_the_link(self):
        self._dialog(self._delivered(), channel="sms").action_confirm()
        sms = self.env["sms.sms"].search([("body", "ilike", "survey/start")])
        self.assertIn(self._answers().access_token, sms.body)
        self.assertEqual(sms.number, self.customer._phone_format(fname="phone"))

    def test_clerk_fills_in_what_a_customer_says(self):
        order = self._delivered()
        action = self._dialog(order, channel="phone").action_confirm()
        answer = self._answers()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn(answer.access_token, action["url"])
        # Odoo lets only its participant answer who is logged in.
        self.assertEqual(answer.partner_id, self.user_follow_up_clerk.partner_id)
        self.assertEqual(answer.car_partner_id, self.customer)
        self._fill_in(answer, 0)
        complaint = answer.car_complaint_id
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertEqual(complaint.received_by_id, self.user_follow_up_clerk)

    def test_customer_file_asks_without_a_visit(self):
        card = self.env["car.customer.file"]._open_for(self.customer)
        self._dialog(files=card, channel="visit").action_confirm()
        answer = self._answers()
        self.assertEqual(answer.car_partner_id, self.customer)
        self.assertFalse(answer.car_order_id)
        action = card.with_user(self.user_follow_up_clerk).action_open_surveys()
        self.assertEqual(self.env["survey.user_input"].search(action["domain"]), answer)

    def test_low_total_opens_a_complaint_and_a_good_one_does_not(self):
        order = self._delivered()
        self._dialog(order, channel="mail").action_confirm()
        answer = self._answers()
        self._fill_in(answer, 1, "Too slow")
        self.assertAlmostEqual(answer.car_percent, 25.0)
        complaint = answer.car_complaint_id
        self.assertEqual(complaint.channel, "survey")
        self.assertEqual(complaint.order_id, order)
        self.assertIn("Too slow", complaint.text)
        self.assertIn("25", complaint.text)
        other = self._delivered()
        self._dialog(other, channel="mail").action_confirm()
        good = self._answers() - answer
        self._fill_in(good, 3)
        self.assertAlmostEqual(good.car_percent, 75.0)
        self.assertFalse(good.car_complaint_id)

    def test_threshold_is_a_setting(self):
        self.company.car_survey_low = 0
        self._dialog(self._delivered(), channel="mail").action_confirm()
        self._fill_in(self._answers(), 0)
        self.assertFalse(self._answers().car_complaint_id)

    def test_what_is_left_out_does_not_lower_the_total(self):
        self._dialog(self._delivered(), channel="mail").action_confirm()
        answer = self._answers()
        question = self.survey.question_ids.filtered(
            lambda each: each.question_type == "simple_choice"
        )[:1]
        best = question.suggested_answer_ids.sorted("answer_score")[-1:]
        answer._save_lines(question, str(best.id))
        answer._mark_done()
        self.assertAlmostEqual(answer.car_percent, 100.0)
        self.assertFalse(answer.car_complaint_id)

    def test_nothing_answered_is_no_complaint(self):
        self._dialog(self._delivered(), channel="mail").action_confirm()
        self._answers()._mark_done()
        self.assertFalse(self._answers().car_complaint_id)

    def test_refusal_wins_over_every_way(self):
        self.customer._record_car_answer(False, "desk", purpose="survey")
        order = self._delivered()
        for channel in ("mail", "sms"):
            with self.assertRefused("they want no surveys"):
                self._dialog(order, channel=channel).action_confirm()
        for channel in ("phone", "visit"):
            with self.assertRefused("wants no surveys"):
                self._dialog(order, channel=channel).action_confirm()
        self.assertFalse(self._answers())

    def test_quiet_hours_hold_messages_back(self):
        order = self._delivered()
        with self._later(hours=11), self.assertRefused("left in peace"):
            self._dialog(order, channel="sms").action_confirm()

    def test_many_are_sent_and_who_was_left_out_is_told(self):
        refusing = self.env["res.partner"].create(
            {"name": "Li Na", "email": "li@example.com"}
        )
        refusing._record_car_answer(False, "desk", channel="mail")
        orders = self._delivered() | self._delivered(partner_id=refusing.id)
        action = self._dialog(orders, channel="mail").action_confirm()
        self.assertIn("Li Na", action["params"]["message"])
        self.assertEqual(self._answers().car_partner_id, self.customer)
        with self.assertRefused("one customer at a time"):
            self._dialog(orders, channel="phone").action_confirm()

    def test_only_the_follow_up_asks_and_reads(self):
        order = self._delivered()
        self._dialog(order, channel="mail").action_confirm()
        answer = self._answers()
        for user in (self.user_advisor, self.user_technician, self.user_cashier):
            with self.assertRaises(AccessError):
                order.with_user(user).action_ask_survey()
            with self.assertRaises(AccessError):
                answer.with_user(user).read(["car_percent"])
            with self.assertRaises(AccessError):
                self._dialog(order, user=user)
        clerk = answer.with_user(self.user_follow_up_clerk)
        clerk.read(["car_percent", "state"])
        with self.assertRaises(AccessError):
            clerk.write({"nickname": "x"})
        with self.assertRaises(AccessError):
            clerk.unlink()

    def test_clerk_sees_no_other_surveys_and_no_other_company(self):
        foreign = self.survey._create_answer(
            email="x@example.com", check_attempts=False
        )
        other = self.env["res.company"].create({"name": "Other dealer"})
        theirs = self.survey._create_answer(
            email="y@example.com", check_attempts=False, car_company_id=other.id
        )
        seen = self.env["survey.user_input"].with_user(self.user_follow_up_clerk)
        self.assertFalse(seen.search([]) & (foreign | theirs))
        self.assertNotIn(
            theirs,
            self.env["survey.user_input"].with_user(self.user_manager).search([]),
        )

    def test_button_of_the_order_counts(self):
        order = self._delivered()
        order = order.with_user(self.user_follow_up_clerk)
        self.assertEqual(order.car_survey_count, 0)
        self._dialog(order, channel="mail").action_confirm()
        order.invalidate_recordset(["car_survey_count"])
        self.assertEqual(order.car_survey_count, 1)
        action = order.action_open_surveys()
        self.assertEqual(
            self.env["survey.user_input"].search(action["domain"]), self._answers()
        )
        action = order.action_ask_survey()
        self.assertEqual(action["res_model"], "car.survey.send")

    def test_form_is_printed_empty_by_the_advisor(self):
        order = self._delivered()
        html = self._render("car_repair_order_report_survey", order, self.user_advisor)
        self.assertIn("京A12345", html)
        self.assertEqual(html.count("car_box"), 5 * 15 + 2)
        self.assertNotIn("☑", html)

    def test_answers_are_printed_on_the_same_form(self):
        self._dialog(self._delivered(), channel="phone").action_confirm()
        answer = self._answers()
        self._fill_in(answer, 4, "Nothing")
        html = self._render(
            "survey_user_input_report_paper", answer, self.user_follow_up_clerk
        )
        self.assertEqual(html.count("☑"), 15)
        self.assertIn("Nothing", html)

    def _render(self, report, record, user):
        return (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html(f"car_aftersales_survey.{report}", record.ids)[0]
            .decode()
        )


@tagged("post_install", "-at_install")
class TestSurveyPage(SurveyCommon, HttpCase):
    """The link of a customer, opened without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's public pages need the language the tests read to be switched on.
        cls.env["res.lang"]._activate_lang("en_US")

    def test_own_link_opens_and_wrong_or_late_ones_do_not(self):
        self._dialog(self._delivered(), channel="mail").action_confirm()
        answer = self._answers()
        page = self.url_open(answer.get_start_url())
        self.assertIn(self.survey.title, page.text)
        self.assertIn(answer.access_token, page.url)
        page = self.url_open(self.survey.get_start_url())
        self.assertNotIn("/survey/" + self.survey.access_token + "/", page.url)
        self.assertEqual(self._answers(), answer, "nobody takes part uninvited")
        page = self.url_open(f"{self.survey.get_start_url()}?answer_token=wrong")
        self.assertNotIn("js_question-wrapper", page.text)
        self.assertEqual(self._answers(), answer)
        answer.deadline = "2020-01-01"
        self.env.flush_all()
        page = self.url_open(answer.get_start_url())
        self.assertNotIn("js_question-wrapper", page.text)

    def test_clerk_who_is_logged_in_may_fill_in(self):
        self._dialog(self._delivered(), channel="phone").action_confirm()
        answer = self._answers()
        self.authenticate(
            self.user_follow_up_clerk.login, self.user_follow_up_clerk.login
        )
        page = self.url_open(answer.get_start_url())
        self.assertIn(answer.access_token, page.url)
        self.assertIn(self.survey.title, page.text)
