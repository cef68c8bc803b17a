from odoo.fields import Command
from odoo.tests import tagged

from .tours_common import CarToursCommon


@tagged("post_install", "-at_install")
class TestToursRelease(CarToursCommon):
    """Inspector, advisor and gate at work in a browser, each with his own rights."""

    def _hand_over(self, **flags):
        """Return an order whose car is in the quality check."""
        order_type = self.env["car.repair.type"].create(
            {
                "name": "Tour",
                "requires_inspection": True,
                "requires_signature": False,
                **flags,
            }
        )
        advisor = self.env["car.repair.order"].with_user(self.user_advisor)
        order = advisor.create(
            {
                "vehicle_id": self.vehicle.id,
                "type_id": order_type.id,
                "promised_at": "2026-03-02 09:00:00",
                "job_ids": [
                    Command.create(
                        {
                            "name": "Brakes",
                            "line_ids": [Command.create({"product_id": self.labor.id})],
                        }
                    )
                ],
            }
        )
        order.env["car.repair.authorization"].create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": order.promised_at,
            }
        )
        order.action_intake()
        intake = order.intake_id
        intake.key_slot_id = self.slot
        intake.write({"odometer_km": 42000, "fuel_level": "2"})
        intake.belonging_ids = [Command.create({"name": "Umbrella", "place": "car"})]
        intake.action_rest_ok()
        intake.action_finish()
        order.action_start()
        order.action_finish_work()
        order.action_request_quality_check()
        return order

    def test_inspector_passes_a_car_by_its_sheet(self):
        order = self._hand_over(requires_quality_sheet=True)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_quality_check_tour",
            login="tour_inspector",
        )
        self.assertEqual(order.state, "ready")
        check = order.quality_check_ids
        self.assertEqual(check.user_id, self.user_inspector)
        self.assertEqual(check.inspection_id.kind, "quality")

    def test_advisor_gives_a_car_back(self):
        order = self._hand_over(
            requires_release_check=True,
            requires_ready_notice=True,
            requires_explanation=True,
            requires_acceptance_signature=True,
            requires_return_check=True,
            requires_feedback=True,
            is_release_blocking=True,
        )
        order.with_user(self.user_inspector).action_pass_quality_check()
        self._settle(order)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}", "car_release_tour", login="tour_advisor"
        )
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.release_id.fuel_explanation, "Road test of 12 km")
        self.assertEqual(order.remark_ids.state, "open")

    def test_gate_lets_a_scanned_car_out(self):
        order = self._hand_over()
        order.with_user(self.user_inspector).action_pass_quality_check()
        self._settle(order)
        order.action_deliver()
        self.start_tour("/odoo/gate", "car_gate_tour", login="tour_gate")
        self.assertTrue(order.exit_pass_ids.out_at)
