from odoo.fields import Command
from odoo.tests import tagged

from ..workshop.tours_common import CarToursCommon

BOUGHT = "2025-03-02"


@tagged("post_install", "-at_install")
class TestToursCoverage(CarToursCommon):
    """Warranty and payers in a browser: the advisor's order, the clerk's policies."""

    tiers = ("advisor", "inspector", "cashier", "warranty_clerk")
    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle.owner_id.name = "Tour Owner"
        cls.maker = cls.env["res.partner"].create({"name": "Tour Maker"})
        cls.env["res.partner"].create({"name": "Tour Insurer"})
        cls.brand = cls.vehicle.brand_id
        cls.terms = cls.env["car.warranty.maker"].create(
            {"partner_id": cls.maker.id, "brand_ids": [Command.set(cls.brand.ids)]}
        )
        cls.pump, cls.pads, cls.filter = (
            cls.env["product.product"].create(
                {
                    "name": name,
                    "type": "consu",
                    "car_item_kind": "part",
                    "list_price": 200.0,
                    "taxes_id": [Command.clear()],
                }
            )
            for name in ("Tour Pump", "Tour Pads", "Tour Filter")
        )

    def _cover(self):
        """Cover the car for a hundred years, but its pads and, by now, its filter."""
        policy = self.env["car.warranty.policy"].create(
            {
                "name": "Tour Policy",
                "maker_id": self.terms.id,
                "months": 1200,
                "km": 100000,
                "requires_service": False,
                "is_automatic": False,
                "component_ids": [
                    Command.create(
                        {
                            "scope": "part",
                            "product_ids": [Command.set(self.pads.ids)],
                            "is_wear_part": True,
                        }
                    ),
                    Command.create(
                        {
                            "scope": "part",
                            "product_ids": [Command.set(self.filter.ids)],
                            "months": 1,
                        }
                    ),
                ],
            }
        )
        return self.env["car.warranty.coverage"].create(
            {
                "vehicle_id": self.vehicle.id,
                "policy_id": policy.id,
                "start_date": BOUGHT,
            }
        )

    def _receive(self, *products):
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "promised_at": "2026-03-02 09:00:00",
                    "type_id": self.env["car.repair.type"]
                    .sudo()
                    .create({"name": "Tour", "requires_signature": False})
                    .id,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Noise",
                                "line_ids": [
                                    Command.create({"product_id": product.id})
                                    for product in products
                                ],
                            }
                        )
                    ],
                }
            )
        )

    def _play(self, path, part, who):
        self.start_tour(f"/odoo/{path}", f"car_coverage_{part}_tour", login=who)

    def test_the_advisor_sees_why_and_decides_otherwise(self):
        coverage = self._cover()
        order = self._receive(self.labor, self.pump, self.pads, self.filter)
        self._play(f"repair-orders/{order.id}", "order", "tour_advisor")
        self.assertEqual(
            order.line_ids.mapped("coverage_reason"),
            ["covered", "covered", "wear", "date"],
        )
        self.assertFalse(any(order.line_ids.mapped("has_coverage_decision")))
        self.assertEqual(order.line_ids.coverage_id, coverage)

    def test_lines_of_a_covered_car_fit_beside_the_chatter(self):
        """At the width of an ordinary screen nothing is scrolled sideways."""
        self._cover()
        order = self._receive(self.labor, self.pump, self.pads, self.filter)
        order.job_ids.copy({"order_id": order.id, "name": "Second complaint"})
        self._play(f"repair-orders/{order.id}", "width", "tour_advisor")

    def test_the_advisor_splits_a_line_and_calls_the_insurer(self):
        self._cover()
        order = self._receive(self.labor, self.pump, self.pads, self.filter)
        self._play(f"repair-orders/{order.id}", "split", "tour_advisor")
        pads = order.line_ids.filtered(lambda line: line.product_id == self.pads)
        self.assertEqual(
            [(share.payer_id.kind, share.percent) for share in pads.share_ids],
            [("warranty", 40.0), ("goodwill", 35.0), ("customer", 25.0)],
        )
        insurer = order.payer_ids.filtered(lambda payer: payer.kind == "insurer")
        self.assertEqual(insurer.deductible_amount, 30.0)
        self.assertEqual(insurer.reference, "CLAIM-77")
        filters = order.line_ids.filtered(lambda line: line.product_id == self.filter)
        self.assertEqual(filters.payer_id, insurer)

    def test_the_clerk_writes_a_policy_and_gives_it_to_cars(self):
        self.env["car.vehicle.system"].create({"name": "Tour System"})
        cars = self.env["car.vehicle"].create(
            [
                {
                    "license_plate": f"京T0000{number}",
                    "model_id": self.vehicle.model_id.id,
                    "purchase_date": day,
                }
                for number, day in ((1, BOUGHT), (2, BOUGHT), (3, False))
            ]
        )
        self.vehicle.active = False
        self._play("warranty-policies", "policy", "tour_warranty_clerk")
        policy = cars.coverage_ids.policy_id
        self.assertEqual(policy.name, "Tour Promise")
        self.assertEqual(len(cars.coverage_ids), 3)
        self.assertTrue(policy.component_ids.is_wear_part)

    def test_the_clerk_moves_a_refused_share_after_delivery(self):
        self._cover()
        order = self._receive(self.labor)
        self.assertEqual(order.line_ids.payer_id.partner_id, self.maker)
        order.env["car.repair.authorization"].create(
            {"order_id": order.id, "channel": "phone", "promised_at": order.promised_at}
        )
        order.action_start()
        order.action_finish_work()
        order.action_request_quality_check()
        if order.state == "quality_check":
            order.with_user(self.user_inspector).action_pass_quality_check()
        self._settle(order)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self._play(f"repair-orders/{order.id}", "refused", "tour_warranty_clerk")
        self.assertEqual(
            [
                (share.payer_id.kind, share.percent)
                for share in order.line_ids.share_ids
            ],
            [("warranty", 60.0), ("goodwill", 40.0)],
        )
