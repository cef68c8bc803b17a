from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionReports(CarInspectionCommon):
    """What the sheets of intake, diagnosis and health check tell the customer."""

    def _print(self, paper, inspection, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.user_advisor)
        html, _kind = reports._render_qweb_html(
            f"car_aftersales.report_car_inspection_{paper}", inspection.ids
        )
        return html.decode()

    def _assert_shows(self, html, *texts):
        for text in texts:
            self.assertIn(text, html)

    def test_the_intake_sheet_tells_what_was_taken_in(self):
        intake = self._begin_intake(self._take_in())
        self._complete(intake)
        intake.damage_ids = [
            Command.create({"x": 60, "y": 85, "kind": "dent", "note": "5 cm"})
        ]
        intake.document_ids[0].number = "110105"
        intake.difference_ids = [
            Command.create({"name": "License torn", "handling": "Copied"})
        ]
        self._sign(intake)
        html = self._print("sheet", intake)
        self._assert_shows(html, "Intake Sheet", "京A12345", "42,000", "1/2", "K1")
        self._assert_shows(html, "Vehicle license", "110105", "License torn", "Copied")
        self._assert_shows(html, "Left side", "5 cm", "left: 60.0%; top: 85.0%")
        self._assert_shows(html, "Paint", "data:image/png", "nothing in the car")

    def test_the_list_of_articles_has_box_and_both_signatures(self):
        order = self._take_in(storage_box_id=self.box.id)
        intake = self._begin_intake(order)
        intake.belonging_ids = [Command.create({"name": "Umbrella", "quantity": 2})]
        self._sign(intake, "belongings")
        html = self._print("belongings", intake)
        self._assert_shows(html, "Umbrella", "B1", "data:image/png", "王小明")

    def test_the_diagnosis_sheet_tells_fault_advice_and_consent(self):
        order = self._create_order()
        diagnosis = self._begin_diagnosis(order)
        diagnosis.write({"conclusion": "Pads worn", "advice": "Replace pads"})
        diagnosis.line_ids[0].write(
            {"result": "defect", "note": "2 mm", "fault_codes": "C1234"}
        )
        html = self._print("sheet", diagnosis)
        self._assert_shows(html, "Diagnosis Sheet", "Pads worn", "Replace pads")
        self._assert_shows(html, "Defect", "C1234", "Asked by", "Advisor")
        self._assert_shows(html, "Oil service")

    def test_the_health_report_tells_every_item(self):
        order = self._take_in()
        order.action_health_check()
        check = order.inspection_ids
        check.line_ids[2].write(
            {"result": "attention", "measured_value": "-20", "advice": "Renew soon"}
        )
        html = self._print("sheet", check)
        self._assert_shows(
            html, "Vehicle Health Report", "Coolant", "-20", "Renew soon"
        )

    def test_papers_speak_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        intake = self._begin_intake(self._take_in())
        self.assertEqual(intake._get_paper_lang(), "fr_FR")
        self._assert_shows(self._print("sheet", intake), intake.name)

    def test_files_have_names_without_slashes(self):
        intake = self._begin_intake(self._take_in())
        for name in (intake._get_paper_name(), intake._get_articles_paper_name()):
            self.assertNotIn("/", name)
            self.assertIn(intake.name.replace("/", "-"), name)

    def test_only_a_supervisor_prints_many(self):
        intakes = self._begin_intake(self._take_in()) | self._begin_intake(
            self._create_order()
        )
        with self.assertRaises(AccessError):
            self._print("sheet", intakes)
        self._print("sheet", intakes, self.user_supervisor)
