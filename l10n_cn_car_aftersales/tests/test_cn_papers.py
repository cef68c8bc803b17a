from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .cn_law_common import CnLawCommon


@tagged("post_install", "-at_install")
class TestCnPapers(CnLawCommon):
    """Contract, inspection records, certificate, settlement list: every field."""

    def _render(self, report, records):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"l10n_cn_car_aftersales.{report}", records.ids
        )
        return html.decode()

    def assertShows(self, html, *texts):
        for text in texts:
            self.assertIn(text, html)

    def _create_full_order(self):
        """Return an order that has something for each field of the list."""
        self.vehicle.write({"engine_number": "CA4GC20", "vin": "LSVAM4187C2184847"})
        self.model.write(
            {"vehicle_class": "sedan", "vehicle_class_code": "M1", "energy": "electric"}
        )
        self.filter.car_cn_is_nev_part = True
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        fee.taxes_id = [Command.set(self.tax.ids)]
        order = self._create_level2(
            lines=[
                {"product_id": self.labor.id},
                {"product_id": self.filter.id, "quantity": 2.0},
                {"product_id": self.oil.id, "supply": "customer", "name": "Own oil"},
                {"product_id": fee.id},
            ],
            old_parts="return",
        )
        order.job_ids.cause = "Filter clogged"
        return order

    # === CONTRACT === #

    def test_contract_names_parties_guarantee_and_terms(self):
        self.company.car_cn_contract_terms = "Pick-up within 30 days."
        html = str(self._create_full_order()._get_contract_content())
        self.assertShows(
            html,
            "Motor Vehicle Repair Contract",
            "91310000MA1K35Q61X",
            "310114000001",
            "Class I",
            "王小明",
            "中山路 1 号",
            "Blue",
            "Sedan",
            "Electric",
            "5,000",
            "Disputes are settled",
            "Pick-up within 30 days.",
        )
        self.assertNotIn("<h2>Repair Contract</h2>", html)

    def test_contract_of_a_company_without_the_law_is_the_usual_one(self):
        self.company.car_cn_law = False
        html = str(self._create_order()._get_contract_content())
        self.assertIn("Repair Contract", html)
        self.assertNotIn("Motor Vehicle Repair Contract", html)
        self.assertNotIn("Disputes", html)

    # === INSPECTION RECORDS === #

    def test_three_inspections_say_who_found_what_and_when(self):
        self.type_level2.write(
            {"requires_self_check": True, "requires_acceptance": True}
        )
        order = self._create_level2()
        intake = self.env["car.inspection"].with_user(self.user_advisor)
        intake = intake.create({"order_id": order.id, "kind": "intake"})
        intake.action_start()
        intake.line_ids = [
            Command.create(
                {"name": "Windscreen", "result": "attention", "note": "Stone chip"}
            )
        ]
        self._authorize(order)
        self._issue(order)
        job = order.job_ids.with_user(self.user_technician)
        job.action_start()
        job.action_self_check()
        order.action_request_quality_check()
        order.with_user(self.user_workshop_supervisor).action_accept_jobs()
        sheet_order = order.with_user(self.user_inspector)
        sheet_order.action_quality_sheet()
        sheet = order.inspection_ids.filtered(lambda each: each.kind == "quality")
        sheet.with_user(self.user_inspector).line_ids = [
            Command.create(
                {
                    "name": "Brake force",
                    "result": "ok",
                    "measured_value": "62",
                    "unit": "%",
                }
            )
        ]
        sheet.with_user(self.user_inspector).line_ids.write({"result": "ok"})
        sheet.with_user(self.user_inspector).action_finish()
        sheet_order.action_pass_quality_check()
        self.assertEqual(order.state, "ready")
        texts = {
            stage: str(order._render_cn_inspection(stage))
            for stage in ("arrival", "process", "completion")
        }
        self.assertShows(
            texts["arrival"],
            "Arrival Inspection Record",
            "Windscreen",
            "Attention",
            "Stone chip",
            "Advisor",
            "Oil service",
            order.name,
        )
        self.assertShows(
            texts["process"],
            "In-Process Inspection Record",
            "Self-check",
            "Technician",
            "Acceptance",
            "Workshop Supervisor",
            "Parts fitted",
            "Oil filter W 712",
        )
        self.assertShows(
            texts["completion"],
            "Completion Inspection Record",
            "Brake force",
            "62 %",
            "Quality Inspection",
            "Inspector",
            "passed; the car may leave",
        )
        html = self._render("report_car_repair_order_inspections", order)
        for title in ("Arrival", "In-Process", "Completion"):
            self.assertIn(f"{title} Inspection Record", html)

    def test_failed_check_stays_on_the_record(self):
        order = self._create_level2()
        self._authorize(order)
        self._issue(order)
        self._work(order)
        order.action_request_quality_check()
        order.with_user(self.user_inspector).action_rework("Drain plug drips")
        html = str(order._render_cn_inspection("process"))
        self.assertShows(html, "Drain plug drips", "Failed")
        self.assertIn("not passed yet", str(order._render_cn_inspection("completion")))

    # === CERTIFICATE === #

    def test_certificate_has_two_parts_and_a_card(self):
        order = self._create_full_order()
        self._make_ready(order)
        certificate = self._issue_certificate(order, odometer_km=42010)
        html = self._render("report_car_cn_certificate", certificate)
        self.assertEqual(
            html.count("Certificate of Completion of Motor Vehicle Repair"), 2
        )
        self.assertShows(
            html,
            "kept by the repairer",
            "for the customer",
            "Repair Quality Guarantee Card",
            certificate.name,
            "王小明",
            "京A12345",
            "Blue",
            "Sedan",
            "LSVAM4187C2184847",
            "CA4GC20",
            order.name,
            "021 5555 0100",
            "Level-2 Maintenance",
            "Leaving Date",
            "42,010",
            "may leave",
            "Inspector",
            "5,000",
            "30",
            "within three days",
            "Own oil",
        )

    # === SETTLEMENT LIST === #

    def test_settlement_list_has_every_field(self):
        self.company.write({"car_cn_nev_days": 365, "car_cn_nev_km": 50000})
        order = self._create_full_order()
        self._make_ready(order)
        self._issue_certificate(order, odometer_km=42010)
        draft = str(order._get_settlement_content())
        self.assertIn("Draft, not settled yet", draft)
        self._settle(order)
        order.action_deliver()
        settlement = order.cn_settlement_id
        html = self._render("report_car_repair_order_settlement", order)
        kept = str(settlement._get_paper_content())
        self.assertIn(kept, html)
        self.assertIn(kept, self._render("report_car_cn_settlement", settlement))
        self.assertShows(
            html,
            settlement.name,
            "Copy for the customer",
            "Copy for the repairer",
            "91310000MA1K35Q61X",
            "310114000001",
            "Class I",
            "曹安公路 1 号",
            "021 5555 0100",
            order.name,
            "王小明",
            "+86 138 0013 8000",
            "京A12345",
            "Blue",
            "Hongqi H5",
            "LSVAM4187C2184847",
            "CA4GC20",
            "Sedan",
            "Electric",
            "M1",
            "42,000",
            "42,010",
            "Level-2 Maintenance",
            "Labor times of the maker",
            "Oil service (Filter clogged)",
            "Change oil and filter",
            "1.5",
            "200.00",  # 300 for an hour and a half
            "Oil filter",
            "W 712",
            "Mann",
            "Genuine",
            "Own oil",
            "Yes",
            "Diagnosis Fee",
            "Subtotal Labor",
            "Subtotal Material",
            "Subtotal Other Charges",
            "Returned to the customer",
            "two copies",
            "No guarantee is given for parts that the customer has supplied",
            "5,000",
            "New-energy parts (Oil filter)",
            "50,000",
            "365",
            "Customer (signature)",
            "Repairer (stamp)",
        )
        totals = order.sudo()._get_settlement_money()
        self.assertEqual(
            (totals["labor"], totals["part"], totals["other"]), (300.0, 100.0, 100.0)
        )
        self.assertAlmostEqual(totals["total"], 565.0)
        self.assertAlmostEqual(totals["paid"], 565.0)
        self.assertAlmostEqual(totals["due"], 0.0)

    def test_list_gets_its_number_with_the_bill(self):
        order = self._create_order(odometer_km=42000)
        self._make_ready(order)
        self.assertFalse(order.cn_settlement_ids)
        self._bill(order)
        settlement = order.cn_settlement_id
        self.assertRegex(order.cn_settlement_number, r"^JSQD/2026/\d{5}$")
        self.assertEqual(settlement.order_id, order)
        kept = str(settlement._get_paper_content())
        self.customer.name = "王大明"
        self.assertEqual(str(order._get_settlement_content()), kept)
        # Nothing new is billed: the list stays.
        order.with_user(self.user_cashier).action_create_invoices()
        order.with_user(self.user_advisor).action_print_settlement()
        self.assertEqual(order.cn_settlement_ids, settlement)

    def test_list_is_made_anew_when_other_amounts_are_billed(self):
        order = self._create_order(odometer_km=42000)
        self._make_ready(order)
        self._bill(order)
        first = order.cn_settlement_id
        order.with_user(self.user_inspector).action_rework("Belt torn", "additional")
        order.job_ids = [
            Command.create(
                {
                    "name": "Belt",
                    "line_ids": [Command.create({"product_id": self.labor.id})],
                }
            )
        ]
        self._make_ready(order)
        self.assertEqual(order.cn_settlement_id, first)
        self._bill(order)
        self.assertEqual(first.state, "void")
        self.assertEqual(first.void_reason, "Billed anew")
        second = order.cn_settlement_id
        self.assertEqual(second.amount_labor, 600.0)
        self.assertNotEqual(first.name, second.name)

    def test_list_is_not_typed_or_edited_by_anyone(self):
        order = self._create_order(odometer_km=42000)
        self._make_ready(order)
        self._bill(order)
        settlement = order.cn_settlement_id
        with self.assertRefused("what is issued stays"):
            settlement.with_user(self.user_cashier).amount_total = 1.0
        with self.assertRefused("what is issued stays"):
            settlement.with_user(self.user_advisor).amount_total = 1.0
        with self.assertRaises(AccessError):
            settlement.with_user(self.user_advisor).action_void("Wrong")
        with self.assertRaises(AccessError):
            self.env["car.cn.settlement"].with_user(self.user_cashier).create(
                {"order_id": order.id}
            )
        settlement.with_user(self.user_cashier).action_void("Wrong name")
        self.assertEqual(settlement.state, "void")
        order.with_user(self.user_cashier).action_print_settlement()
        self.assertNotEqual(order.cn_settlement_id, settlement)
        with self.assertRaises(AccessError):
            order.with_user(self.user_technician).action_print_settlement()

    def test_basis_of_labor_times_is_the_companys_and_locked_with_the_order(self):
        self.company.car_cn_labor_basis = "industry"
        order = self._create_order(odometer_km=42000)
        self.assertEqual(order.labor_time_basis, "industry")
        order.labor_time_basis = "maker"
        self._make_ready(order)
        self._settle(order)
        order.action_deliver()
        with self.assertRefused("kept as it is"):
            order.labor_time_basis = "industry"

    def test_pickup_papers_have_list_and_certificate(self):
        order = self._bring_level2_to_ready()
        certificate = self._issue_certificate(order)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "car_aftersales.report_car_repair_order_pickup", order.ids
        )
        self.assertShows(
            html.decode(),
            "Settlement List of Motor Vehicle Repair",
            "Repair Quality Guarantee Card",
            certificate.name,
        )
