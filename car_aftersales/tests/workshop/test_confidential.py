from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CarWorkshopCommon

SECRETS = ("138 0013", "中山路")


@tagged("post_install", "-at_install")
class TestConfidential(CarWorkshopCommon):
    """A technician sees jobs: no order price, no phone, no address by any route."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self._authorize(self.order)
        self.job = self.order.job_ids.with_user(self.user_technician)
        self.line = self.order.line_ids[0].with_user(self.user_technician)

    def test_technician_has_no_access_to_orders(self):
        order = self.order.with_user(self.user_technician)
        for method in (
            lambda: order.read(["name"]),
            lambda: order.search([]),
            lambda: order.export_data(["name"]),
            lambda: order.formatted_read_group([], ["state"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                method()

    def test_technician_reads_his_job_with_the_name_alone(self):
        data = self.job.read()[0]
        self.assertEqual(data["customer_name"], "王小明")
        self.assertNotIn("payer_id", data)
        self.assertNotIn("amount_total", data)
        for secret in SECRETS:
            self.assertNotIn(secret, str(data))

    def test_technician_reads_lines_without_prices(self):
        data = self.line.read()[0]
        for field in (
            "price_unit",
            "list_price_unit",
            "discount",
            "price_subtotal",
            "price_total",
            "tax_ids",
            "payer_id",
            "share_ids",
            "authorization_line_ids",
        ):
            self.assertNotIn(field, data)
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.line.read([field])

    def test_technician_cannot_guess_by_domain_or_group(self):
        lines = self.env["car.repair.line"].with_user(self.user_technician)
        jobs = self.env["car.repair.job"].with_user(self.user_technician)
        for model, domain in (
            (lines, [("price_unit", ">", 100)]),
            (lines, [("order_id.partner_id.phone", "like", "138")]),
            (jobs, [("order_id.partner_id.phone", "like", "138")]),
            (jobs, [("order_id.amount_total", ">", 1)]),
            (jobs, [("vehicle_id.owner_id.phone", "like", "138")]),
            (jobs, [("amount_total", ">", 1)]),
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                model.search(domain)
        for model, groupby, aggregate in (
            (lines, "payer_id", "__count"),
            (lines, "product_id", "price_total:sum"),
            (jobs, "order_id.partner_id", "__count"),
        ):
            with self.subTest(groupby=groupby), self.assertRaises(AccessError):
                model.formatted_read_group([], [groupby], [aggregate])
        with self.assertRaises(AccessError):
            lines.search([], order="price_unit")

    def test_technician_cannot_read_the_customer(self):
        customer = self.customer.with_user(self.user_technician)
        with self.assertRaises(AccessError):
            customer.read(["phone"])
        self.assertFalse(customer.search([("phone", "like", "138 0013")]))
        job = self.job.with_context(show_address=1, show_email=1)
        self.assertNotIn("中山路", str(job.read()))
        vehicle = self.vehicle.with_user(self.user_technician).with_context(
            show_address=1
        )
        self.assertNotIn("owner_id", vehicle.read()[0])
        with self.assertRaises(AccessError):
            vehicle.read(["order_ids"])

    def test_technician_reads_no_paper_of_the_customer(self):
        for records in (
            self.order.authorization_ids,
            self.order.payer_ids,
            self.order.exit_pass_ids.browse(),
        ):
            with self.assertRaises(AccessError):
                records.with_user(self.user_technician).search([])
        with self.assertRaises(AccessError):
            self.order.picking_ids.with_user(self.user_technician).read(["partner_id"])

    def test_technician_changes_only_what_the_workshop_writes(self):
        self.job.write({"cause": "Worn", "correction": "Replaced"})
        for values in ({"name": "x"}, {"team_id": False}, {"repair_class_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.job.write(values)
        with self.assertRaises(AccessError):
            self.job.create({"order_id": self.order.id, "name": "x"})

    def test_orders_are_exported_by_supervisors_only(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_advisor).export_data(["name"])
        data = self.order.with_user(self.user_supervisor).export_data(["name"])
        self.assertEqual(data["datas"], [[self.order.name]])

    def test_who_sits_at_two_desks_has_both(self):
        self._add_group(self.user_technician, "advisor")
        self.assertTrue(self.order.with_user(self.user_technician).read(["name"]))
        self.assertTrue(self.line.read(["price_unit"]))
        self.assertTrue(self.customer.with_user(self.user_technician).phone)

    def test_desks_read_the_invoices_of_repair_orders_only(self):
        self._issue(self.order)
        self._work(self.order)
        self._pass_quality(self.order)
        invoice = self._bill(self.order)
        other = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertTrue(invoice.with_user(self.user_advisor).read(["amount_total"]))
        with self.assertRaises(AccessError):
            other.with_user(self.user_advisor).read(["amount_total"])
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_technician).read(["amount_total"])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other dealer"})
        self.user_manager.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        order = self.order.with_user(self.user_manager).with_company(company)
        for records in (order, order.sudo().job_ids, order.sudo().line_ids):
            records = records.with_user(self.user_manager).with_context(
                allowed_company_ids=company.ids
            )
            with self.assertRaises(AccessError):
                records.read(["name"])
            self.assertFalse(records.search([("id", "in", records.ids)]))
