from datetime import timedelta
from urllib.parse import urlsplit

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..common import FROZEN_NOW
from .campaigns_common import CampaignsCommon, day


@tagged("post_install", "-at_install")
class TestContactLink(CampaignsCommon, HttpCase):
    """Customers answer messages without login: by a link, or by a word."""

    def _path(self, url):
        return urlsplit(url).path

    def _stop(self, **values):
        return self._path(self.customer._get_car_stop_url(**values))

    def _sold(self):
        return self._path(self.customer._get_car_sold_url(self.vehicle))

    def _press(self, path, **values):
        self.authenticate(None, None)
        token = Request.csrf_token(self)
        return self.url_open(path, data={"csrf_token": token, **values})

    def _answers(self, partner=None):
        return self.env["car.contact.permission"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )

    def _plan_task(self, **values):
        return self.env["car.contact.task"].create(
            {"partner_id": self.customer.id, "vehicle_id": self.vehicle.id, **values}
        )

    # === STOP === #

    def test_opening_the_link_does_nothing(self):
        path = self._stop(purpose="marketing")
        for _time in range(2):
            response = self.url_open(path)
            self.assertEqual(response.status_code, 200)
            self.assertIn("Offers and Events", response.text)
        self.assertFalse(self._answers())
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn(self.customer.name, response.text)

    def test_the_button_refuses_once_and_closes_what_is_planned(self):
        marketing = self._plan_task(purpose="marketing")
        follow_up = self._plan_task(purpose="follow_up")
        path = self._stop(purpose="marketing")
        for _time in range(2):
            response = self._press(path)
            self.assertEqual(response.status_code, 200)
            self.assertIn("written it down", response.text)
        answer = self._answers()
        self.assertEqual(len(answer), 1)
        self.assertEqual(
            (answer.purpose, answer.channel, answer.is_allowed, answer.source),
            ("marketing", False, False, "link"),
        )
        self.assertEqual(
            (marketing.state, marketing.close_reason), ("closed", "refused")
        )
        self.assertEqual(follow_up.state, "open")
        self.assertIn(
            self.customer, self.customer._get_car_refused("marketing", "phone")
        )

    def test_everything_can_be_refused_at_once(self):
        self._press(self._stop(purpose="marketing", channel="mail"), everything="1")
        answer = self._answers()
        self.assertEqual((answer.purpose, answer.channel), (False, False))
        self.assertTrue(self.customer._get_car_refused("follow_up", "phone"))

    def test_after_a_new_yes_the_link_refuses_again(self):
        path = self._stop(purpose="marketing")
        self._press(path)
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            self.customer._record_car_answer(True, "desk", purpose="marketing")
            self.assertFalse(self.customer._get_car_refused("marketing", "phone"))
        with freeze_time(FROZEN_NOW + timedelta(hours=2)):
            self._press(path)
            self.assertTrue(self.customer._get_car_refused("marketing", "phone"))

    def test_marketing_after_a_refusal_is_not_called_nor_sent(self):
        self.customer.email = "wang@example.com"
        campaign = self._decide()
        target = campaign.target_ids.filtered(lambda t: t.partner_id == self.customer)
        self._press(self._stop(purpose="marketing"))
        self.assertEqual(target.task_id.close_reason, "refused")
        with self.assertRefused("wants no contact|done or closed"):
            target.with_user(self.user_follow_up_clerk).action_call()
        target.with_user(self.user_follow_up_clerk).action_send_mail()
        self.assertFalse(target.mailed_at)

    # === WRONG, OLD, FOREIGN === #

    def test_wrong_tokens_act_on_nothing(self):
        good = self._stop().split("/")[-2]
        changed = good[:-2] + ("AA" if good[-2:] != "AA" else "BB")
        for token in ("x", "AQ", "é", changed, self._sold().split("/")[-2]):
            with self.subTest(token):
                path = f"/car/contact/{token}/stop"
                self.assertEqual(self.url_open(path).status_code, 404)
                response = self._press(path)
                self.assertEqual(response.status_code, 404)
                self.assertNotIn("written it down", response.text)
        self.assertFalse(self._answers())
        self.assertEqual(self.url_open(f"/car/contact/{good}/delete").status_code, 404)

    def test_links_expire_after_the_days_of_the_setting(self):
        self.company.car_link_days = 10
        path = self._stop()
        with freeze_time(FROZEN_NOW + timedelta(days=9)):
            self.assertEqual(self.url_open(path).status_code, 200)
        with freeze_time(FROZEN_NOW + timedelta(days=11)):
            self.assertEqual(self.url_open(path).status_code, 404)
            self._press(path)
        self.assertFalse(self._answers())

    def test_a_page_of_another_site_cannot_press_the_button(self):
        self.authenticate(None, None)
        response = self.url_open(self._stop(), data={"csrf_token": "wrong"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._answers())

    # === SOLD === #

    def test_sold_ends_ownership_and_contacts_but_not_the_file_of_the_car(self):
        about_car = self._plan_task(kind="service_due", purpose="reminder")
        path = self._sold()
        self.assertIn("京A12345", self.url_open(path).text)
        self.assertEqual(self.vehicle.owner_id, self.customer)
        for _time in range(2):
            self.assertEqual(self._press(path).status_code, 200)
        self.assertFalse(self.vehicle.owner_id)
        self.assertTrue(self.vehicle.active)
        self.assertEqual((about_car.state, about_car.close_reason), ("closed", "sold"))
        self.assertEqual(self.vehicle.ownership_ids.date_to, day(0))
        posted = self.vehicle.message_ids.filtered(
            lambda m: self.customer.name in (m.body or "")
        )
        self.assertEqual(len(posted), 1)

    def test_an_old_link_does_not_take_the_car_from_its_new_owner(self):
        path = self._sold()
        self.vehicle.owner_id = self.other
        self._press(path)
        self.assertEqual(self.vehicle.owner_id, self.other)

    # === ANSWERS BY A WORD === #

    def test_words_that_refuse(self):
        people = self.env["res.partner"]
        for text in ("TD", "退订", " stop. ", "t"):
            with self.subTest(text):
                self.env["car.contact.permission"].sudo().search([]).unlink()
                self.assertEqual(
                    people._read_car_reply(text, phone="+86 138 0013 8000"),
                    self.customer,
                )
                answer = self._answers()
                self.assertEqual(
                    (answer.channel, answer.purpose, answer.source),
                    ("sms", False, "reply"),
                )
        self.assertTrue(self.customer._get_car_refused("reminder", "sms"))
        self.assertFalse(self.customer._get_car_refused("reminder", "phone"))
        people._read_car_reply("TD", phone="+8613800138000")
        self.assertEqual(len(self._answers()), 1, "Said twice, written once.")

    def test_other_words_refuse_nothing(self):
        people = self.env["res.partner"]
        for text in ("谢谢", "Please do not stop", "", None):
            self.assertFalse(people._read_car_reply(text, phone="+8613800138000"))
        self.assertFalse(people._read_car_reply("TD", phone="+8619900000000"))
        self.company.car_stop_words = "不要"
        self.assertFalse(people._read_car_reply("TD", phone="+8613800138000"))
        self.customer.email = "Wang@example.com"
        self.assertTrue(people._read_car_reply("不要！", email="wang@example.com"))
        self.assertEqual(self._answers().channel, "mail")

    def test_a_mail_that_says_stop_is_obeyed(self):
        self.customer.email = "wang@example.com"
        self._let_mail_in("退订", "<1@example.com>")
        answer = self._answers()
        self.assertEqual((answer.channel, answer.source), ("mail", "reply"))
        self.assertTrue(self.customer._get_car_refused("marketing", "mail"))

    def test_a_mail_that_asks_something_refuses_nothing(self):
        self.customer.email = "wang@example.com"
        self._let_mail_in("Please do not stop the engine test", "<2@example.com>")
        self.assertFalse(self._answers())

    def _let_mail_in(self, text, number):
        """Let a mail of the customer come in, as Odoo's mail gateway hands it over."""
        lines = (
            "From: Wang <wang@example.com>",
            "To: service@example.com",
            "Subject: Re: Invitation",
            f"Message-Id: {number}",
            "Content-Type: text/plain; charset=utf-8",
            "",
            text,
            "> You are invited",
        )
        self.env["mail.thread"].message_process(
            "res.partner", "\n".join(lines), thread_id=self.customer.id
        )

    # === INVITATIONS === #

    def test_the_invitation_carries_the_link_and_goes_once(self):
        self.customer.email = "wang@example.com"
        self.other.email = "li@example.com"
        self._refuse(self.other, channel="mail")
        campaign = self._decide()
        targets = campaign.target_ids.with_user(self.user_follow_up_clerk)
        for _time in range(2):
            targets.action_send_mail()
        mail = self.env["mail.mail"].search([("model", "=", "car.campaign.target")])
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("/stop", mail.body_html)
        self.assertIn("免费检测底盘与制动", mail.body_html)
        targets.action_send_sms()
        sms = self.env["sms.sms"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(sms), 1)
        self.assertIn("/stop", sms.body)
        self.assertEqual(sms.state, "outgoing")

    def test_no_sms_in_quiet_hours_and_none_by_others(self):
        campaign = self._decide()
        with self.assertRefused("clerk or the business supervisor invites"):
            campaign.target_ids.with_user(self.user_advisor).action_send_mail()
        targets = campaign.target_ids.with_user(self.user_follow_up_clerk)
        evening = freeze_time(FROZEN_NOW.replace(hour=14))  # ten in Shanghai
        with evening, self.assertRefused("quiet hours"):
            targets.action_send_sms()

    # === THE PAGE OF THE CLERK === #

    def test_allow_and_refuse_from_the_partner(self):
        for is_allowed in (False, True):
            with freeze_time(FROZEN_NOW + timedelta(hours=is_allowed)):
                action = getattr(
                    self.customer.with_user(self.user_follow_up_clerk),
                    "action_car_allow" if is_allowed else "action_car_refuse",
                )()
                self.env["car.contact.answer"].with_user(
                    self.user_follow_up_clerk
                ).with_context(**action["context"]).create(
                    {"purpose": "survey", "channel": "phone", "evidence": "CA/1"}
                ).action_record()
                refused = self.customer._get_car_refused("survey", "phone")
                self.assertEqual(bool(refused), not is_allowed)
                cells = self.env["car.contact.permission"]._get_refused_cells(
                    self.customer
                )[self.customer]
                self.assertEqual(cells, set() if is_allowed else {("survey", "phone")})
        newest = self._answers()[:1]
        self.assertEqual(newest.recorded_by_id, self.user_follow_up_clerk)

    def test_the_table_says_what_the_check_says(self):
        self._refuse(self.customer, purpose="marketing")
        self._refuse(self.customer, channel="sms")
        self.customer.email = "wang@example.com"
        self.env["mail.blacklist"]._add("wang@example.com")
        entries = self.env["car.contact.permission"]
        cells = entries._get_refused_cells(self.customer)[self.customer]
        for purpose in ("marketing", "survey", "follow_up"):
            for channel in ("phone", "sms", "mail"):
                self.assertEqual(
                    (purpose, channel) in cells,
                    bool(self.customer._get_car_refused(purpose, channel)),
                    (purpose, channel),
                )
