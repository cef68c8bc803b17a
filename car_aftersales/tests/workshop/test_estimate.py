from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestEstimate(CarWorkshopCommon):
    """What the advisor writes down before he asks the customer."""

    def _create_package(self, **values):
        return self.env["car.repair.package"].create(
            {
                "name": "Small service",
                "line_ids": [
                    Command.create({"product_id": self.labor.id}),
                    Command.create({"product_id": self.filter.id}),
                    Command.create({"product_id": self.oil.id, "quantity": 4.0}),
                ],
                **values,
            }
        )

    def test_package_fills_a_job_in_one_step(self):
        order = self._create_order([])
        job = order.job_ids
        job.package_id = self._create_package()
        job.action_apply_package()
        self.assertEqual(len(job.line_ids), 3)
        self.assertAlmostEqual(order.amount_untaxed, 630)
        with self.assertRaises(UserError):
            job.action_apply_package()

    def test_fixed_package_price_is_exact(self):
        order = self._create_order([])
        job = order.job_ids
        job.package_id = self._create_package(has_fixed_price=True, fixed_price=499.99)
        job.action_apply_package()
        self.assertAlmostEqual(order.amount_untaxed, 499.99)

    def test_delivered_package_resets_its_plan_line_only(self):
        package = self._create_package()
        other = self._create_package(name="Brake fluid")
        plan = self.env["car.maintenance.plan"].create(
            {
                "name": "H5",
                "line_ids": [
                    Command.create(
                        {"package_id": each.id, "repeat_km": 10000, "repeat_months": 12}
                    )
                    for each in (package, other)
                ],
            }
        )
        self.vehicle.plan_id = plan
        order = self._create_order([], odometer_km=12000)
        job = order.job_ids
        job.package_id = package
        job.action_apply_package()
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        records = self.env["car.maintenance.record"].search(
            [("vehicle_id", "=", self.vehicle.id)]
        )
        self.assertEqual(records.package_ids, package)
        self.assertEqual(records.odometer_km, 12000)

    def test_price_by_system_by_item_and_by_list(self):
        system = self.env["car.vehicle.system"].search([], limit=1)
        self.env["car.repair.system.price"].create(
            {"system_id": system.id, "price": 450.0}
        )
        self.company.car_hourly_rate = 250.0
        order = self._create_order([{"product_id": self.labor.id}])
        line = order.line_ids
        self.assertAlmostEqual(line.price_unit, 300)
        order.job_ids.system_id = system
        self.assertAlmostEqual(line.price_unit, 450)
        order.job_ids.estimate_method = "item"
        self.assertAlmostEqual(line.price_unit, 375)

    def test_agreed_price_does_not_move_with_the_price_list(self):
        order = self._create_order()
        self._authorize(order)
        self.filter.list_price = 80
        line = order.line_ids.filtered(lambda line: line.product_id == self.filter)
        line.invalidate_recordset()
        order.job_ids.estimate_method = "item"
        self.assertAlmostEqual(line.price_unit, 50)

    def test_order_made_on_the_screen(self):
        """The form's own defaults make a complete order."""
        form = Form(self.env["car.repair.order"].with_user(self.user_advisor))
        form.vehicle_id = self.vehicle
        with form.job_ids.new() as job:
            job.name = "Noise at the front"
        order = form.save()
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.payer_ids.kind, "customer")
        self.assertEqual(order.job_ids.payer_id, order.payer_ids)
        self.assertEqual(order.advisor_id, self.user_advisor)

    def test_order_is_found_by_plate_vin_customer_phone_and_number(self):
        self.customer.phone = "139 1234 5678"
        order = self._create_order()
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        for text in (
            "京a-12345",
            "A12345",
            "LSVAM4187C2184847",
            "王小明",
            "139 1234 5678",
            "13912345678",
            order.name,
        ):
            with self.subTest(text=text):
                found = orders.search([("display_name", "ilike", text)])
                self.assertIn(order, found)
        self.assertFalse(orders.search([("display_name", "ilike", "京B99999")]))

    def test_numbers_run_by_company(self):
        first = self._create_order()
        company = self.env["res.company"].create({"name": "North"})
        number = (
            self.env["ir.sequence"]
            .with_company(company)
            .next_by_code("car.repair.order")
        )
        self.assertTrue(number.endswith("00001"))
        self.assertNotEqual(first.name, False)

    def test_list_of_orders_takes_a_constant_number_of_queries(self):
        """Ten orders and forty cost the same number of queries."""
        specification = {
            name: {}
            for name in (
                "name",
                "state",
                "waiting_for",
                "blocking_text",
                "parts_state",
                "billing_state",
                "amount_total",
                "is_late",
                "phone",
            )
        } | {"vehicle_id": {"fields": {"display_name": {}}}}
        orders = self.env["car.repair.order"].with_user(self.user_advisor)

        def count(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.web_search_read([], specification, limit=number)
            return self.env.cr.sql_log_count - before

        for number in range(40):
            order = self._create_order(
                vehicle_id=self._create_vehicle(
                    license_plate=f"京B{number:05d}", vin=False
                ).id
            )
            if number % 2:
                self._authorize(order)
        count(10)
        self.assertEqual(count(10), count(40))
