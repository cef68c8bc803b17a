from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestNewOrderScreen(CarWorkshopCommon):
    """A car is received in one go, lines and all, before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position = cls.env["account.fiscal.position"].create({"name": "Reduced"})
        cls.reduced = cls.env["account.tax"].create(
            {
                "name": "VAT 6%",
                "amount": 6.0,
                "type_tax_use": "sale",
                "fiscal_position_ids": [Command.link(cls.position.id)],
                "original_tax_ids": [Command.link(cls.tax.id)],
            }
        )

    def _new_form(self):
        form = Form(self.env["car.repair.order"].with_user(self.user_advisor))
        form.vehicle_id = self.vehicle
        return form

    def test_jobs_and_lines_are_saved_together(self):
        form = self._new_form()
        self.assertEqual(form.partner_id, self.customer)
        with form.job_ids.new() as job:
            job.name = "Squeals"
            with job.line_ids.new() as line:
                line.product_id = self.filter
                line.quantity = 2
                self.assertEqual(line.price_unit, 50.0)
                self.assertEqual(line.price_total, 113.0)
            with job.line_ids.new() as line:
                line.product_id = self.labor
            self.assertEqual(job.amount_total, 452.0)
        with form.job_ids.new() as job:
            job.name = "Wind noise"
        order = form.save()
        self.assertEqual(order.job_ids.mapped("name"), ["Squeals", "Wind noise"])
        self.assertEqual(order.line_ids.job_id, order.job_ids[0])
        self.assertEqual(order.line_ids.payer_id, order._get_customer_payer())
        self.assertEqual(order.line_ids.tax_ids, self.tax)
        self.assertEqual(order.line_ids.mapped("sold_hours"), [0.0, 1.5])
        self.assertEqual(order.amount_total, 452.0)
        self.assertEqual(len(order.payer_ids), 1)

    def test_lines_know_car_and_payer_before_the_order_is_saved(self):
        """As the browser asks: it tells of the job, and the job of its order."""
        self.customer.property_account_position_id = self.position
        system = self.env.ref("car_aftersales.car_vehicle_system_brakes")
        self.env["car.repair.system.price"].create(
            {"system_id": system.id, "model_id": self.model.id, "price": 480.0}
        )
        env = self.env(user=self.user_advisor)
        order = env["car.repair.order"].new({"vehicle_id": self.vehicle.id})
        order._onchange_partner_id()
        job = {
            "name": "Squeals",
            "estimate_method": "system",
            "system_id": system.id,
            "order_draft": order._prepare_draft(),
            "line_ids": [],
        }
        values = {"job_id": job, "product_id": self.labor.id, "quantity": 1.0}
        spec = {
            **{name: {} for name in ("price_unit", "price_total", "sold_hours")},
            "tax_ids": {"fields": {}},
            "order_id": {"fields": {}},
        }
        result = env["car.repair.line"].onchange(values, ["product_id"], spec)["value"]
        self.assertEqual(result["price_unit"], 480.0)
        self.assertEqual(result["price_total"], 508.8)
        self.assertEqual(result["sold_hours"], 1.5)

    def test_package_brings_its_lines_before_the_order_is_saved(self):
        package = self.env["car.repair.package"].create(
            {
                "name": "Oil service",
                "line_ids": [
                    Command.create({"product_id": self.labor.id, "quantity": 1}),
                    Command.create({"product_id": self.oil.id, "quantity": 4}),
                ],
            }
        )
        fixed = package.copy({"fixed_price": 500.0, "has_fixed_price": True})
        form = self._new_form()
        with form.job_ids.new() as job:
            job.package_id = package
            self.assertEqual(job.name, "Oil service")
            self.assertAlmostEqual(job.amount_total, 655.4)
        with form.job_ids.new() as job:
            job.name = "The same at a fixed price"
            job.package_id = fixed
            self.assertAlmostEqual(job.amount_total, 565.0)
        order = form.save()
        self.assertEqual(len(order.line_ids), 4)
        self.assertAlmostEqual(order.job_ids[0].amount_total, 655.4)
        self.assertAlmostEqual(order.job_ids[1].amount_total, 565.0)
        self.assertEqual(order.line_ids.payer_id, order._get_customer_payer())

    def test_typed_price_is_kept_and_another_follows_the_customer(self):
        form = self._new_form()
        with form.job_ids.new() as job:
            job.name = "Oil"
            with job.line_ids.new() as line:
                line.product_id = self.filter
                line.price_unit = 48.0
            with job.line_ids.new() as line:
                line.product_id = self.oil
        order = form.save()
        self.assertEqual(order.line_ids.mapped("price_unit"), [48.0, 70.0])
        order.line_ids.quantity = 2
        self.assertEqual(order.line_ids.mapped("price_unit"), [48.0, 70.0])

    def test_payer_of_a_new_order_follows_the_customer(self):
        other = self.env["res.partner"].create({"name": "李雷"})
        form = self._new_form()
        self.assertEqual(len(form.payer_ids), 1)
        form.partner_id = other
        self.assertEqual(len(form.payer_ids), 1)
        with form.payer_ids.new() as payer:
            payer.kind = "insurer"
            payer.partner_id = self.insurer
        self.assertEqual(form.payer_count, 2)
        order = form.save()
        self.assertEqual(order.payer_ids.mapped("partner_id"), other | self.insurer)

    def test_taxes_of_a_new_line_follow_another_customer(self):
        other = self.env["res.partner"].create(
            {"name": "李雷", "property_account_position_id": self.position.id}
        )
        form = self._new_form()
        with form.job_ids.new() as job:
            job.name = "Squeals"
            with job.line_ids.new() as line:
                line.product_id = self.filter
                self.assertEqual(line.tax_ids[:], self.tax)
        form.partner_id = other
        with form.job_ids.edit(0) as job, job.line_ids.edit(0) as line:
            self.assertEqual(line.tax_ids[:], self.reduced)
        order = form.save()
        self.assertEqual(order.line_ids.tax_ids, self.reduced)
        self.assertEqual(order.amount_total, 53.0)

    def test_second_job_and_payer_show_their_columns_at_once(self):
        order = self._create_order()
        with Form(order) as form:
            self.assertEqual((form.job_count, form.payer_count), (1, 1))
            with form.job_ids.new() as job:
                job.name = "Wind noise"
            with form.payer_ids.new() as payer:
                payer.kind = "insurer"
                payer.partner_id = self.insurer
            self.assertEqual((form.job_count, form.payer_count), (2, 2))
