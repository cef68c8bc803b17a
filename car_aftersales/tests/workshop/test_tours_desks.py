from odoo.fields import Command
from odoo.tests import tagged

from .tours_common import CarToursCommon


@tagged("post_install", "-at_install")
class TestToursDesks(CarToursCommon):
    """The desks beside the advisor in a browser: parts, supervisor, manager."""

    tiers = (
        "advisor",
        "supervisor",
        "technician",
        "inspector",
        "parts_clerk",
        "cashier",
        "manager",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["car.repair.type"].search([]).write(
            {"requires_signature": False, "is_intake_blocking": False}
        )
        cls.env.company.write(
            {
                "car_advisor_discount_limit": 10.0,
                "car_supervisor_discount_limit": 20.0,
                "car_goodwill_limit": 500.0,
            }
        )
        cls.pads, cls.discs = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "is_storable": True,
                    "car_item_kind": "part",
                    "list_price": price,
                    "taxes_id": [Command.clear()],
                }
                for name, price in (("Brake Pads", 420.0), ("Brake Discs", 800.0))
            ]
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.pads, warehouse.lot_stock_id, 5.0
        )

    # === BUILDERS === #

    def _create_order(self, *lines):
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Squeals when braking",
                                "line_ids": [Command.create(line) for line in lines],
                            }
                        )
                    ],
                }
            )
        )

    def _authorize(self, order):
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {"order_id": order.id, "channel": "phone", "promised_at": order.received_at}
        )

    def _play(self, path, tour, who):
        self.start_tour(f"/odoo/{path}", f"car_{tour}_tour", login=f"tour_{who}")

    # === PARTS === #

    def test_clerk_issues_what_is_there_and_takes_back_what_is_left(self):
        order = self._create_order(
            {"product_id": self.pads.id, "quantity": 2.0},
            {"product_id": self.discs.id},
        )
        self._authorize(order)
        pads, discs = order.line_ids
        picking = order.picking_ids
        self._play("workshop-issues", "issue", "parts_clerk")
        self.assertEqual((pads.quantity_issued, discs.quantity_issued), (2.0, 0.0))
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(order.picking_ids), 2, "the rest waits in a back-order")
        self.assertEqual(discs.parts_state, "to_order")
        self._play(f"workshop-issues/{picking.id}", "return", "parts_clerk")
        self.assertEqual(pads.quantity_issued, 1.0)
        self.assertEqual(pads.quantity_authorized, 2.0)

    # === CREDIT === #

    def test_manager_lets_a_car_leave_unpaid(self):
        order = self._create_order({"product_id": self.labor.id})
        self._authorize(order)
        jobs = order.job_ids.with_user(self.user_technician)
        jobs.action_start()
        jobs.action_finish()
        order.action_request_quality_check()
        order.with_user(self.user_inspector).action_pass_quality_check()
        page = f"repair-orders/{order.id}"

        self._play(page, "credit_refused", "cashier")
        self.assertFalse(order.exit_pass_ids)
        self._play(page, "credit", "manager")
        payer = order._get_customer_payer()
        self.assertEqual(payer.credit_reason, "Pays at the month's end")
        self.assertEqual(payer.credit_authorized_by_id, self.user_manager)
        self._play(page, "credit_leave", "cashier")
        self._play(page, "credit_deliver", "advisor")
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.sudo().invoice_ids.payment_state, "not_paid")

    # === GOODWILL AND DISCOUNT === #

    def test_discounts_end_at_the_limit_of_the_desk(self):
        order = self._create_order({"product_id": self.pads.id})
        page = f"repair-orders/{order.id}"
        self._play(page, "discount_refused", "supervisor")
        self.assertEqual(order.line_ids.discount, 0.0)
        self._play(page, "discount", "supervisor")
        self.assertEqual(order.line_ids.discount, 15.0)

    def test_goodwill_above_the_limit_is_the_managers(self):
        order = self._create_order({"product_id": self.pads.id, "quantity": 2.0})
        goodwill = order.payer_ids.create({"order_id": order.id, "kind": "goodwill"})
        order.line_ids.payer_id = goodwill
        order.action_estimate()
        page = f"repair-orders/{order.id}"
        self._play(page, "goodwill_refused", "supervisor")
        self.assertEqual(order.line_ids.authorization_state, "pending")
        self._play(page, "goodwill", "manager")
        self.assertEqual(order.line_ids.authorization_state, "authorized")
        self.assertEqual(order.authorization_ids.recorded_by_id, self.user_manager)

    def test_supervisor_bears_what_is_within_his_limit(self):
        order = self._create_order({"product_id": self.pads.id})
        goodwill = order.payer_ids.create({"order_id": order.id, "kind": "goodwill"})
        order.line_ids.payer_id = goodwill
        order.action_estimate()
        self._play(f"repair-orders/{order.id}", "goodwill", "supervisor")
        self.assertTrue(order.authorization_ids.is_internal)
        self.assertEqual(order.line_ids.authorization_state, "authorized")
        self.assertEqual(order.state, "authorized")
