from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from .campaigns_common import CampaignsCommon, day


@tagged("post_install", "-at_install")
class TestLetterCampaign(CampaignsCommon):
    """The call about a campaign, and within two days the letter (R-134)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.user_follow_up_clerk
        cls.other.write({"street": "B 2", "email": "li@example.com"})
        cls.customer.email = "wang@example.com"

    def _target(self, campaign, partner):
        return campaign.target_ids.filtered(lambda one: one.partner_id == partner)

    def _reach(self, partner):
        campaign = self._decide()
        target = self._target(campaign, partner).with_user(self.clerk)
        call = self._hold_call(target.task_id, campaign_answer="comes")
        return target, call.with_user(self.clerk)

    def _make(self, targets, **values):
        """Let the clerk write to those on the list of a campaign."""
        choice = (
            self.env["car.contact.letter.make"]
            .with_user(self.clerk)
            .with_context(active_model=targets._name, active_ids=targets.ids)
            .create(values)
        )
        return choice._make_letters()

    def test_after_the_call_a_letter_is_decided_on(self):
        target, call = self._reach(self.customer)
        self.assertEqual((call.kind, call.letter_state), ("campaign", "undecided"))
        self.assertEqual(call.letter_due_on, day(2))
        self.assertEqual(target.letter_until, day(2))
        context = call.action_write_letter()["context"]
        self.assertEqual(context["default_kind"], "invitation")

    def test_one_decision_wherever_it_is_made(self):
        target, call = self._reach(self.customer)
        call.action_letter_needed()
        self.assertEqual(
            (target.letter_decision, call.letter_state), ("needed", "owed")
        )
        target.letter_decision = "not_needed"
        self.assertEqual(call.letter_decision, "not_needed")
        self.assertFalse(call.letter_state)

    def test_a_sent_letter_is_not_needed_any_more(self):
        target, call = self._reach(self.customer)
        call.action_letter_needed()
        view = self.env.ref("car_aftersales.car_campaign_target_view_search")
        node = etree.fromstring(view.arch).find(".//filter[@name='letter']")
        needed = literal_eval(node.get("domain"))
        self.assertEqual(target.search(needed), target)
        letters, skipped = self._make(target)
        self.assertEqual((letters.call_id, skipped), (call, []))
        self.assertIn("免费检测底盘与制动", letters.body)
        self.assertIn("中山路 1 号客户休息室", letters.about)
        letters.action_send()
        self.assertEqual(target.letter_state, "settled")
        self.assertFalse(target.search(needed))

    def test_who_needs_none_or_refused_is_left_out(self):
        campaign = self._decide()
        targets = campaign.target_ids.with_user(self.clerk)
        self._target(campaign, self.other).letter_decision = "not_needed"
        self._refuse(self.customer, purpose="marketing")
        letters, skipped = self._make(targets, channel="mail")
        self.assertNotIn(self.customer, letters.partner_id)
        self.assertNotIn(self.other, letters.partner_id)
        reasons = dict(skipped)
        self.assertEqual(
            reasons[self.customer.display_name], "wants no letters of this kind"
        )
        self.assertIn("needs no letter", reasons.values())

    def test_an_email_has_a_link_to_want_no_more(self):
        target, _call = self._reach(self.customer)
        letters, _skipped = self._make(target, channel="mail")
        letters.action_send()
        mail = self.env["mail.mail"].search(
            [("model", "=", letters._name), ("res_id", "=", letters.id)]
        )
        self.assertRegex(mail.body_html, r"/car/contact/[^/\"]+/stop")

    def test_letters_are_copied_and_erased_with_the_person(self):
        letter = (
            self.env["car.contact.letter"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "channel": "mail",
                    "subject": "About your brakes",
                    "body": "<p>Dear 王小明</p>",
                    "about": "Brakes",
                }
            )
        )
        letter.action_send()
        data = {one["key"]: one for one in self.customer._get_car_personal_data()}
        row = data["car.contact.letter"]["rows"][0]
        self.assertEqual(row["subject"], "About your brakes")
        self.assertIn("王小明", row["body"])
        self.customer._erase_car_person()
        letter = letter.sudo()
        for name in ("address", "email", "about", "remark"):
            self.assertFalse(letter[name])
        for text in (letter.subject, letter.body):
            self.assertNotIn("brakes", text)
            self.assertNotIn("王小明", text)
        self.assertEqual(letter.state, "sent")
        mails = [("model", "=", letter._name), ("res_id", "=", letter.id)]
        self.assertFalse(self.env["mail.mail"].search(mails))
