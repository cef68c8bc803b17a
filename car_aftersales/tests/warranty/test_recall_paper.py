from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import format_date

from .recall_common import RecallCommon

REPORT = "car_aftersales.report_car_recall_refusal"


@tagged("post_install", "-at_install")
class TestRecallPaper(RecallCommon):
    """The paper on which a customer declines a recall."""

    def _print(self, row, user=None):
        """Return the text of the paper, as printed by a desk."""
        row = row.with_user(user or self.user_advisor)
        action = row.action_print_refusal()
        self.assertEqual(action["report_name"], REPORT)
        renderer = self.env["ir.actions.report"].with_user(row.env.user)
        renderer = renderer.with_context(tz="America/New_York")
        return renderer._render_qweb_html(REPORT, row.ids)[0].decode()

    def test_paper_to_sign_by_hand_names_car_campaign_and_risk(self):
        campaign = self._create_campaign(
            [self.vehicle], description="The pump is replaced.", may_leave=False
        )
        order = self._create_order()
        page = self._print(self._row(campaign))
        for text in (
            "Recall Work Declined",
            "京A12345",
            "LSVAM4187C2184847",
            "王小明",
            "R2026-01 Fuel pump",
            "The pump is replaced.",
            "The engine may stop.",
            "free of charge",
            "must not be driven",
            order.name,
        ):
            self.assertIn(text, page)
        self.assertNotIn("data:image/png", page.split('name="signature"')[1])

    def test_paper_signed_on_the_screen_bears_the_signature(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        campaign = self._create_campaign([self.vehicle])
        self._refuse(self._row(campaign))
        page = self._print(self._row(campaign), self.user_warranty_clerk)
        self.assertIn("10:00", page, "The clock of the shop, not of who prints.")
        self.assertIn("Sells the car next week", page)
        self.assertIn("data:image/png", page.split('name="signature"')[1])
        self.assertNotIn("must not be driven", page)

    def test_paper_of_what_is_put_off_says_until_when(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order()
        self._put_off(self._row(campaign), order)
        page = self._print(self._row(campaign))
        self.assertIn("Recall Work Put Off", page)
        self.assertIn("Pump not delivered", page)
        self.assertIn(format_date(self.env, date(2026, 3, 20), "en_US"), page)
        self.assertIn(order.name, page)

    def test_paper_of_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        campaign = self._create_campaign([self.vehicle])
        self.assertIn("召回", self._print(self._row(campaign)))

    def test_paper_is_refused_where_there_is_nothing_to_decline(self):
        draft = self._create_campaign([self.vehicle], is_open=False)
        with self.assertRefused("does not run|not begun|draft"):
            self._row(draft).action_print_refusal()
        draft.action_open()
        stranger = self.cars.with_user(self.user_warranty_clerk).create(
            {"campaign_id": draft.id, "vin": "LTESTRECA77000030"}
        )
        with self.assertRefused("no file of the car"):
            stranger.action_print_refusal()
        row = self._row(draft)
        self._answer(row, "elsewhere", done_on="2026-02-01", done_by="Nanjing")
        with self.assertRefused("nothing to decline"):
            row.action_print_refusal()

    def test_workshop_does_not_read_who_refused(self):
        campaign = self._create_campaign([self.vehicle])
        self._refuse(self._row(campaign))
        row = self._row(campaign).with_user(self.user_technician)
        renderer = self.env["ir.actions.report"].with_user(self.user_technician)
        with self.assertRaises(AccessError):
            row.read(["refusal_signed_by"])
        with self.assertRaises(AccessError):
            renderer._render_qweb_html(REPORT, row.ids)
