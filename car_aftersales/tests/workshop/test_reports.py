import io

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common import CarWorkshopCommon

PAPERS = "car_aftersales."


@tagged("post_install", "-at_install")
class TestReports(CarWorkshopCommon):
    """What the papers of a visit say, to whom, and that they stay as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"phone": "+86 10 5550 0100", "street": "环路 18 号"})

    def _print(self, report, records, user):
        """Return what a user sees of a paper, as HTML."""
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(PAPERS + report, records.ids)
        return html.decode()

    def _assert_shows(self, html, *texts):
        for text in texts:
            self.assertIn(text, html)

    def _assert_hides(self, html, *texts):
        for text in texts:
            self.assertNotIn(text, html)

    def test_the_record_tells_car_work_parts_and_money(self):
        order = self._create_order(odometer_km=42000)
        order.job_ids.with_user(self.user_technician).write(
            {"cause": "Worn out", "correction": "Renewed"}
        )
        self._make_ready(order)
        invoice = self._bill(order)
        self._pay(invoice)
        html = self._print("report_car_repair_order_record", order, self.user_advisor)
        self._assert_shows(html, order.name, "京A12345", "LSVAM4187C2184847", "42,000")
        self._assert_shows(html, "王小明", "+86 10 5550 0100", "Worn out", "Renewed")
        self._assert_shows(html, "W 712", "Mann", "711.90", invoice.name)
        self.assertIn(self.user_inspector.name, html)

    def test_the_record_tells_what_each_payer_bears(self):
        order = self._create_order()
        house = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "goodwill"}
        )
        order.line_ids.filtered(lambda line: line.product_id == self.filter).write(
            {"payer_id": house.id}
        )
        html = self._print("report_car_repair_order_estimate", order, self.user_advisor)
        self._assert_shows(html, "56.50", "655.40")

    def test_the_record_lists_what_was_not_done(self):
        order = self._create_order()
        line = order.line_ids.filtered(lambda line: line.product_id == self.filter)
        entries = [
            Command.create({"line_id": each.id, "is_approved": each != line})
            for each in order.line_ids
        ]
        self._authorize(order, line_ids=entries)
        html = self._print("report_car_repair_order_record", order, self.user_advisor)
        self.assertIn("Oil filter", html.partition('name="not_done"')[2])
        self.assertNotIn("W 712", html)

    def test_the_customers_own_parts_carry_no_guarantee_and_no_price(self):
        order = self._create_order(
            [
                {"product_id": self.labor.id},
                {"product_id": self.filter.id, "supply": "customer"},
            ]
        )
        html = self._print("report_car_repair_order_estimate", order, self.user_advisor)
        self._assert_shows(html, "Oil filter", 'name="customer_parts"', "339.00")

    def test_the_record_of_a_delivered_order_stays_as_it_was(self):
        order = self._create_order(odometer_km=42000)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        first = self._print("report_car_repair_order_record", order, self.user_advisor)
        self.assertIn("711.90", first)
        self.customer.name = "Somebody Else"
        self.env.company.phone = "+86 10 5550 0999"
        second = self._print("report_car_repair_order_record", order, self.user_cashier)
        self._assert_shows(second, "王小明", "+86 10 5550 0100")
        self._assert_hides(second, "Somebody Else", "5550 0999")
        self.assertTrue(order.record_html)

    def test_nobody_changes_the_kept_record(self):
        order = self._create_order()
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        forged = {"record_html": b"Zm9yZ2Vk"}
        order.with_user(self.user_supervisor).write(forged)
        html = self._print("report_car_repair_order_record", order, self.user_advisor)
        self.assertNotIn("forged", html)
        self.assertNotEqual(order.record_html, forged["record_html"])

    def test_the_job_sheet_tells_no_price_phone_or_address(self):
        order = self._create_order()
        self._authorize(order)
        html = self._print(
            "report_car_repair_job_sheet", order.job_ids, self.user_technician
        )
        self._assert_shows(
            html, order.name, "京A12345", "Oil service", "W 712", "王小明"
        )
        self._assert_hides(
            html, "138 0013", "中山路", "300.00", "711.90", "339.00", "70.00"
        )

    def test_a_technician_prints_no_customers_paper(self):
        order = self._create_order()
        for report in ("record", "estimate"):
            with self.assertRaises(AccessError):
                self._print(
                    f"report_car_repair_order_{report}", order, self.user_technician
                )
        action = self.env.ref("car_aftersales.car_repair_order_report_record")
        self.assertFalse(action.group_ids & self.user_technician.all_group_ids)

    def test_the_exit_pass_tells_car_reason_and_money(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        self._pay(invoice)
        self._leave(order)
        exit_pass = order.exit_pass_ids
        html = self._print("report_car_exit_pass", exit_pass, self.user_cashier)
        self._assert_shows(html, exit_pass.name, "京A12345", "王小明", order.name)
        self._assert_shows(html, "711.90", invoice.name, "data:image/png")

    def test_invoices_name_the_car_and_the_order(self):
        order = self._create_order(odometer_km=42000)
        self._make_ready(order)
        invoice = self._bill(order)
        reports = self.env["ir.actions.report"].with_user(self.user_cashier)
        html = reports._render_qweb_html("account.report_invoice", invoice.ids)[
            0
        ].decode()
        self._assert_shows(html, order.name, "京A12345", "LSVAM4187C2184847", "42,000")

    def test_only_a_supervisor_prints_many_customers_papers(self):
        orders = self._create_order() | self._create_order()
        with self.assertRaises(AccessError):
            self._print("report_car_repair_order_record", orders, self.user_advisor)
        html = self._print(
            "report_car_repair_order_record", orders, self.user_supervisor
        )
        self._assert_shows(html, *orders.mapped("name"))

    def test_only_a_supervisor_prints_many_papers_as_pdf(self):
        orders = self._create_order() | self._create_order()
        reports = self.env["ir.actions.report"].with_user(self.user_advisor)
        with self.assertRaises(AccessError):
            reports._render_qweb_pdf_prepare_streams(
                PAPERS + "report_car_repair_order_record", {}, orders.ids
            )

    def test_names_of_files_have_no_slash(self):
        order = self._create_order()
        for name in (
            order._get_paper_name("record"),
            order._get_paper_name("estimate"),
            order.job_ids._get_paper_name(),
        ):
            self.assertNotIn("/", name)
            self.assertIn(order.name.replace("/", "-"), name)


@tagged("post_install", "-at_install")
class TestReportsPdf(CarWorkshopCommon, HttpCase):
    """The papers as PDF, several of them in one file."""

    def test_papers_are_printed_as_pdf(self):
        orders = self._create_order() | self._create_order()
        reports = self.env["ir.actions.report"].with_user(self.user_supervisor)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(PAPERS + "report_car_repair_order_estimate", orders.ids)
        self.assertEqual(kind, "pdf")
        self.assertEqual(content[:4], b"%PDF")
        self.assertEqual(len(PdfFileReader(io.BytesIO(content)).pages), 2)
