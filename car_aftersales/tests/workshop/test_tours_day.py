from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged

from .tours_common import CarToursCommon


@tagged("post_install", "-at_install")
class TestToursDay(CarToursCommon):
    """One day of the workshop in a browser, each step as its own role."""

    tiers = (
        "advisor",
        "technician",
        "workshop_supervisor",
        "inspector",
        "parts_clerk",
        "cashier",
        "manager",
        "gate",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle.owner_id.write(
            {"phone": "+86 138 0013 8000", "street": "中山路 1 号"}
        )
        cls.user_second = new_test_user(
            cls.env,
            login="tour_second",
            groups="car_aftersales.car_aftersales_group_technician",
            tz="Asia/Shanghai",
            lang="en_US",
        )
        cls.north, cls.south = cls.env["car.workshop.team"].create(
            [{"name": "Team North"}, {"name": "Team South"}]
        )
        cls.li, cls.chen = cls.env["car.technician"].create(
            [
                {
                    "name": "Li Wei",
                    "user_id": cls.user_technician.id,
                    "team_id": cls.north.id,
                },
                {
                    "name": "Chen Gang",
                    "user_id": cls.user_second.id,
                    "team_id": cls.south.id,
                },
            ]
        )
        cls.labor.car_labor_hours = 1.5
        cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "car_item_kind": "labor",
                    "list_price": 240.0,
                    "taxes_id": [Command.clear()],
                }
                for name in ("Replace Discs", "Replace Hose")
            ]
        )
        cls.pads = cls.env["product.product"].create(
            {
                "name": "Brake Pads",
                "type": "consu",
                "is_storable": True,
                "car_item_kind": "part",
                "list_price": 420.0,
                "taxes_id": [Command.clear()],
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.pads, warehouse.lot_stock_id, 5.0
        )

    # === BUILDERS === #

    def _receive_car(self):
        """Return an order with two jobs that were agreed to, its intake complete."""
        order_type = self.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Day",
                "requires_inspection": True,
                "requires_hand_over": True,
                "requires_release_check": True,
                "requires_ready_notice": True,
                "requires_explanation": True,
                "requires_acceptance_signature": True,
                "requires_return_check": True,
                "requires_feedback": True,
                "is_release_blocking": True,
            }
        )
        jobs = {
            "Squeals when braking": self.labor + self.pads,
            "Loses oil": self.labor,
        }
        order = (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "type_id": order_type.id,
                    "promised_at": Datetime.now() + timedelta(days=5),
                    "job_ids": [
                        Command.create(
                            {
                                "name": name,
                                "line_ids": [
                                    Command.create({"product_id": product.id})
                                    for product in products
                                ],
                            }
                        )
                        for name, products in jobs.items()
                    ],
                }
            )
        )
        order.env["car.repair.authorization"].create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": order.promised_at,
            }
        )
        self._take_in(order)
        return order

    def _take_in(self, order):
        order.action_intake()
        intake = order.intake_id
        intake.key_slot_id = self.slot
        intake.write({"odometer_km": 42000, "fuel_level": "2"})
        intake.belonging_ids = [Command.create({"name": "Umbrella", "place": "car"})]
        intake.action_rest_ok()
        intake.action_finish()

    def _play(self, path, part, who):
        self.start_tour(f"/odoo/{path}", f"car_{part}_tour", login=f"tour_{who}")

    # === THE DAY === #

    def test_a_day_with_two_teams(self):
        order = self._receive_car()
        brakes, oil = order.job_ids
        page = f"repair-orders/{order.id}"

        # The advisor marks it for several teams and has it washed; the car comes back
        # to him, and he hands it to the workshop.
        self._play(page, "day_advisor", "advisor")
        self.assertTrue(order.needs_several_teams)
        self._play("car-washes", "day_wash", "gate")
        self.assertEqual(order.wash_state, "done")
        self._play(page, "day_hand_over", "advisor")
        self.assertEqual(order.car_place, "workshop")

        # The workshop supervisor hands out the jobs.
        self._play("repair-jobs", "day_dispatch", "workshop_supervisor")
        self.assertEqual((brakes.team_id, oil.team_id), (self.north, self.south))
        self.assertEqual(brakes.technician_ids, self.li)
        self.assertEqual(oil.technician_ids, self.chen)

        # One technician finds more; the advisor asks, and both answers come back.
        promised = order.promised_at
        self._play("my-repair-jobs", "day_report", "technician")
        self.assertEqual(order.waiting_for, "advisor")
        self._play("additional-work", "day_ask", "advisor")
        agreed, refused = order.additional_work_ids.sorted("id")
        self.assertEqual((agreed.state, refused.state), ("agreed", "refused"))
        self.assertGreater(order.promised_at, promised)

        # The parts clerk issues, both teams work.
        picking = order.picking_ids.with_user(self.user_parts_clerk)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self._play("my-repair-jobs", "day_work", "technician")
        self._play("my-repair-jobs", "day_second_team", "second")

        # One job fails and is done again.
        self._play(page, "day_to_check", "inspector")
        self._play(f"repair-jobs/{oil.id}", "day_fail", "inspector")
        self._play("my-repair-jobs", "day_rework", "second")
        self._play(page, "day_pass", "inspector")
        self.assertEqual(order.state, "ready")

        # It is billed, explained, accepted, given back, and leaves.
        order._get_customer_payer().with_user(
            self.user_manager
        ).action_authorize_credit("Fleet customer")
        self._play("repair-orders-to-bill", "exit_pass", "cashier")
        self._play(page, "release", "advisor")
        self._play("gate", "gate", "gate")
        self._check_records(order, oil, agreed, refused)

    def _check_records(self, order, oil, agreed, refused):
        """Look at what the day left behind."""
        self.assertEqual(order.state, "delivered")
        self.assertTrue(order.exit_pass_ids.out_at)
        self.assertEqual(
            set((order.job_ids - refused.added_job_id).mapped("state")), {"passed"}
        )
        self.assertEqual(refused.added_job_id.state, "declined")
        self._check_consents(order, agreed, refused)
        self._check_work(order, oil)
        self._check_custody(order)

    def _check_consents(self, order, agreed, refused):
        """The ledger has three answers: before, a yes and a no by phone."""
        entries = order.authorization_ids.sorted("id")
        self.assertEqual(entries.mapped("channel"), ["phone"] * 3)
        self.assertEqual(
            [set(entry.line_ids.mapped("is_approved")) for entry in entries],
            [{True}, {True}, {False}],
        )
        self.assertEqual(entries[1].line_ids.line_id, agreed.line_ids)
        self.assertEqual(entries[1].promised_at, order.promised_at)
        self.assertEqual(entries.recorded_by_id, self.user_advisor)
        self.assertTrue(refused.danger_told_at)
        # What was refused is not billed, nor is the work that was done twice.
        self.assertEqual(order.sudo().invoice_ids.amount_total, 240.0 * 3 + 420.0)

    def _check_work(self, order, oil):
        """The failed check is counted; the time of the rework is not sold."""
        self.assertEqual((oil.rework_count, order.rework_count), (1, 1))
        self.assertEqual(
            order.quality_check_ids.sorted("id").mapped("result"), ["failed", "passed"]
        )
        sessions = order.sudo().job_ids.session_ids
        self.assertTrue(all(sessions.mapped("stopped_at")))
        self.assertIn("tools", sessions.mapped("stop_reason"))
        rework = sessions.filtered("is_rework")
        self.assertEqual((rework.job_id, rework.technician_id), (oil, self.chen))
        self.assertEqual(oil.sold_hours, 1.5)

    def _check_custody(self, order):
        """The car went from hand to hand, and the key back to the customer."""
        logs = order.custody_ids.sorted("id")
        self.assertEqual(
            logs.filtered(lambda log: log.what == "car").mapped("to_place"),
            ["washing", "desk", "workshop", "customer"],
        )
        handed = logs.filtered(lambda log: log.to_place == "workshop")
        self.assertEqual(handed.receiver_name, "Foreman Zhao")
        self.assertTrue(handed.signature)
        self.assertEqual(
            logs.filtered(lambda log: log.what == "key").mapped("action"),
            ["receive", "give_back"],
        )
