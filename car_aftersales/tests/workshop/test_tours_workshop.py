from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursWorkshop(HttpCase):
    """The desks at work in a browser, each with its own rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search([("type", "=", "sale")], limit=1):
            cls.env["account.chart.template"]._load(
                "generic_coa", cls.env.company, install_demo=False
            )
        for tier in ("advisor", "technician", "inspector", "cashier"):
            user = new_test_user(
                cls.env,
                login=f"tour_{tier}",
                groups=f"car_aftersales.car_aftersales_group_{tier}",
                name=f"Tour {tier.title()}",
                tz="Asia/Shanghai",
                lang="en_US",
            )
            setattr(cls, f"user_{tier}", user)
        cls.env["car.repair.type"].search([]).write(
            {"requires_signature": False, "is_intake_blocking": False}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "王小明", "phone": "+86 138 0013 8000"}
        )
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = cls.env["car.vehicle.model"].create(
            {"name": "H5", "brand_id": brand.id}
        )
        cls.vehicle = cls.env["car.vehicle"].create(
            {
                "license_plate": "京A12345",
                "model_id": model.id,
                "owner_id": cls.customer.id,
            }
        )
        cls.part = cls.env["product.product"].create(
            {
                "name": "Brake Pads",
                "type": "consu",
                "is_storable": True,
                "car_item_kind": "part",
                "car_maker_code": "06L 115 562",
                "list_price": 420.0,
                "standard_price": 200.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.labor = cls.env["product.product"].create(
            {
                "name": "Replace Brake Pads",
                "type": "service",
                "car_item_kind": "labor",
                "car_labor_hours": 1.5,
                "list_price": 240.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.technician = cls.env["car.technician"].create(
            {"name": "Tour Technician", "user_id": cls.user_technician.id}
        )

    def _create_order(self, **values):
        """Return an order of the advisor with one job that has a part and labor."""
        order = (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create({"vehicle_id": self.vehicle.id, **values})
        )
        job = order.job_ids.create(
            {
                "order_id": order.id,
                "name": "Squeals when braking",
                "technician_ids": [Command.link(self.technician.id)],
            }
        )
        order.line_ids.create(
            [
                {"job_id": job.id, "product_id": product.id}
                for product in (self.part, self.labor)
            ]
        )
        return order

    def _authorize(self, order):
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {"order_id": order.id, "channel": "phone", "promised_at": order.received_at}
        )

    def test_advisor_receives_a_car_and_records_the_signature(self):
        self.start_tour(
            "/odoo/repair-orders", "car_repair_order_tour", login="tour_advisor"
        )
        order = self.vehicle.order_ids
        self.assertEqual(order.state, "authorized")
        self.assertEqual(order.line_ids.payer_id, order._get_customer_payer())
        self.assertTrue(order.authorization_ids.signature)

    def test_diagnosis_is_paid_and_the_car_leaves_unrepaired(self):
        """At the smallest dealers one person is advisor and cashier."""
        cashier = self.env.ref("car_aftersales.car_aftersales_group_cashier")
        self.user_advisor.group_ids = [Command.link(cashier.id)]
        order = self._create_order()
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order.line_ids.create({"job_id": order.job_ids.id, "product_id": fee.id})
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_repair_dialogs_tour",
            login="tour_advisor",
        )
        self.assertEqual(order.state, "declined")
        self.assertEqual(order.sudo().invoice_ids.payment_state, "paid")
        self.assertEqual(order.exit_pass_ids.mapped("kind"), ["final", "temporary"])

    def test_cashier_bills_a_down_payment(self):
        order = self._create_order()
        self._authorize(order)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_repair_down_payment_tour",
            login="tour_cashier",
        )
        invoice = order.sudo().invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 100.0))

    def test_technician_works_and_sees_no_prices(self):
        order = self._create_order()
        self._authorize(order)
        self.start_tour(
            "/odoo/my-repair-jobs", "car_repair_job_tour", login="tour_technician"
        )
        self.assertEqual(order.job_ids.state, "done")
        self.assertEqual(order.job_ids.correction, "Pads replaced")
        self.assertEqual(order.state, "in_workshop")

    def test_cashier_bills_and_issues_the_pass(self):
        order = self._create_order()
        self._authorize(order)
        order.action_start()
        order.action_finish_work()
        # The transfer is the parts clerk's; this tour is about the cashier.
        picking = order.picking_ids.sudo()
        picking.move_ids.write({"quantity": 1.0, "picked": True})
        picking.button_validate()
        order.action_request_quality_check()
        order.with_user(self.user_inspector).action_pass_quality_check()
        # On credit, so that the tour need not take a payment.
        order._get_customer_payer().sudo().action_authorize_credit("Fleet customer")
        self.start_tour(
            "/odoo/repair-orders-to-bill", "car_exit_pass_tour", login="tour_cashier"
        )
        self.assertEqual(order.sudo().invoice_ids.state, "posted")
        self.assertTrue(order._get_final_pass())
