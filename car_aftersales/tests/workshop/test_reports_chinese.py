import re

from lxml import html

from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .common import SIGNATURE
from .release_common import CarReleaseCommon

# Plates, numbers, units and makers' codes are written in Latin letters everywhere.
LATIN = {"km", "kWh", "PDF", "QR", "Mann", "VIN"}
TITLES = {
    "report_car_repair_order_estimate": "估价单",
    "report_car_repair_order_contract": "进厂维修单",
    "report_car_repair_order_record": "维修记录",
    "report_car_repair_order_pickup": "维修记录",
}


@tagged("post_install", "-at_install")
class TestReportsChinese(CarReleaseCommon):
    """A Chinese customer's papers carry the rule book's names and no English word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(
            ["base", "web", "uom", "car_aftersales"], ["zh_CN"]
        )
        cls.customer.lang = "zh_CN"
        people = cls.user_advisor | cls.user_inspector | cls.user_cashier
        people |= cls.user_technician | cls.user_parts_clerk | cls.user_manager
        people.write({"lang": "zh_CN", "name": "周雅文"})
        cls.env["car.technician"].search([]).name = "周雅文"
        cls.license.with_context(lang="zh_CN").name = "行驶证"
        cls.company.write({"name": "明达汽车", "street": "环路 18 号", "city": "北京"})
        cls.company.partner_id.write({"country_id": False, "state_id": False})
        for product, name in (
            (cls.filter, "机油滤清器"),
            (cls.oil, "机油"),
            (cls.labor, "更换机油及滤清器"),
        ):
            product.with_context(lang="zh_CN").name = name
        cls.type_release.with_context(lang="zh_CN").name = "维修"
        cls.vehicle.model_id.write({"name": "帕萨特"})
        cls.brand.name = "大众"

    def _get_words(self, report, records):
        """Return the text of a paper and the Latin words in it."""
        reports = self.env["ir.actions.report"].with_user(self.user_advisor)
        reports = reports.with_context(lang="zh_CN")  # as his web client asks
        content, _kind = reports._render_qweb_html(
            f"car_aftersales.{report}", records.ids
        )
        page = html.fromstring(content.decode())
        for node in page.xpath("//style | //script | //head | //title"):
            node.drop_tree()
        text = page.text_content()
        words = set(re.findall(r"\b[A-Za-z][a-z]{2,}\b", text))
        return text, words - LATIN

    def _check(self, report, records, title=None):
        text, words = self._get_words(report, records)
        with self.subTest(report=report):
            self.assertFalse(words)
            if title:
                self.assertIn(title, text)

    def _play(self):
        """Return a delivered order whose papers are full."""
        order = self._create_order(type_id=self.type_release.id)
        order.job_ids.write({"name": "常规保养", "cause": "磨损", "correction": "更换"})
        order.line_ids.write({"name": "机油滤清器"})
        intake = self._begin_intake(order)
        intake.write({"odometer_km": 42000, "fuel_level": "2"})
        intake.document_ids = [Command.create({"type_id": self.license.id})]
        intake.document_ids.action_all_good()
        intake.belonging_ids = [Command.create({"name": "雨伞"})]
        intake.damage_ids = [Command.create({"x": 30, "y": 88, "note": "五厘米"})]
        intake.action_rest_ok()
        intake.action_finish()
        order.promised_at = FROZEN_NOW
        self._authorize(
            order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        return order.with_user(self.user_advisor)

    def test_papers_of_a_visit(self):
        order = self._play()
        for report, title in TITLES.items():
            self._check(report, order, title)
        self._check("report_car_repair_job_sheet", order.job_ids)

    def test_papers_of_the_intake(self):
        order = self._play()
        self._check("report_car_inspection_sheet", order.intake_id)
        self._check("report_car_inspection_belongings", order.intake_id, "随车物品")

    def test_exit_pass(self):
        order = self._play()
        self._bill(order)
        order._get_customer_payer().with_user(
            self.user_manager
        ).action_authorize_credit(reason="月结")
        order.with_user(self.user_cashier).action_issue_exit_pass()
        self._check("report_car_exit_pass", order.exit_pass_ids, "出厂")
