from datetime import date, timedelta

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW
from odoo.addons.car_aftersales.tests.workshop.common import SIGNATURE

from .three_common import CarThreeGuaranteeCommon


@tagged("post_install", "-at_install")
class TestThreeGuaranteePapers(CarThreeGuaranteeCommon):
    """Certificate of coverage, repair record in duplicate, ledger."""

    def _render(self, name, records, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.user_advisor)
        return report._render_qweb_html(
            f"l10n_cn_car_aftersales.report_three_{name}", records.ids
        )[0].decode()

    def _print(self, name, record, user=None):
        content = self._render(name, record, user)
        return " ".join(html.fromstring(content).text_content().split())

    def test_certificate_says_what_the_rule_asks(self):
        self.model.write(
            {"energy": "electric", "battery_fade_limit": "30 % in 8 years"}
        )
        wear = self.env.ref("l10n_cn_car_aftersales.car_three_guarantee_wear_part_1")
        wear.write({"months": 6, "km": 10000})
        other = self.env["car.vehicle.model"].create(
            {"name": "H9", "brand_id": self.brand.id}
        )
        self.env.ref(
            "l10n_cn_car_aftersales.car_three_guarantee_wear_part_2"
        ).model_ids = self._link(other)
        text = self._print("certificate", self.vehicle)
        for part in (
            "36 months or 60,000 km",
            "24 months or 50,000 km",
            format_date(self.env, date(2025, 9, 1)),
            format_date(self.env, date(2027, 9, 1)),
            "0.5 %",
            "30 % in 8 years",
            "Air filter 6 10,000",
            "Article 24 (4)",
            "LSVAM4187C2184847",
        ):
            self.assertIn(part, text)
        self.assertNotIn("Cabin air filter", text)

    def test_record_is_printed_in_duplicate_with_what_the_rule_asks(self):
        order = self._create_warranty_order()
        order.job_ids.write({"cause": "Worn gear", "correction": "Pump replaced"})
        order.with_user(self.user_advisor).action_mobility()
        order.mobility_ids.write(
            {
                "loaner_text": "京L88888",
                "from_at": FROZEN_NOW,
                "signed_by": "王小明",
                "signature": SIGNATURE,
            }
        )
        order.mobility_ids.action_give()
        order.mobility_ids.to_at = FROZEN_NOW + timedelta(days=1)
        order.mobility_ids.action_settle()
        self._deliver(order, timedelta(days=2, hours=2))
        text = self._print("record", order)
        for part in (
            "Worn gear",
            "Pump replaced",
            "Oil pump P 1",
            "京L88888",
            "Copy for the customer",
            "Copy for our files",
            "Repair Days 3",
        ):
            self.assertIn(part, text)
        self.assertEqual(text.count("Worn gear"), 2)

    def test_ledger_shows_what_counts_and_why(self):
        order = self._deliver(self._create_warranty_order())
        self._add_elsewhere("days", days=30)
        self._add_elsewhere("part", product_id=self.pump.id, odometer_km=60000)
        text = self._print("ledger", self.vehicle)
        for part in (
            order.name,
            "Repair Days: 31",
            "Replacement or refund may be asked",
            "Beyond the kilometers of the period (Order 43 (2021))",
            "Elsewhere",
        ):
            self.assertIn(part, text)

    def test_papers_are_not_for_technicians_nor_in_bulk_for_advisors(self):
        with self.assertRaises(AccessError):
            self._print("ledger", self.vehicle, self.user_technician)
        other = self._create_vehicle(license_plate="京C11111", vin=False)
        with self.assertRefused("supervisors only", AccessError):
            self._print("certificate", self.vehicle | other)
        text = self._render("certificate", self.vehicle | other, self.user_supervisor)
        self.assertIn("京A12345", text)
        self.assertIn("京C11111", text)
