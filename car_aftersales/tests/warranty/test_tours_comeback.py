from odoo.fields import Command
from odoo.tests import tagged

from ..workshop.tours_common import CarToursCommon


@tagged("post_install", "-at_install")
class TestToursComeback(CarToursCommon):
    """The advisor links a car that came back, with his own rights only."""

    def _bring(self, complaint):
        system = self.env.ref("car_aftersales.car_vehicle_system_engine")
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "type_id": self.type_plain.id,
                    "odometer_km": 1000,
                    "job_ids": [
                        Command.create(
                            {
                                "name": complaint,
                                "system_id": system.id,
                                "line_ids": [
                                    Command.create({"product_id": self.labor.id})
                                ],
                            }
                        )
                    ],
                }
            )
        )

    def test_comeback_is_linked(self):
        self.labor.car_guarantee_days = 30
        self.type_plain = self.env["car.repair.type"].create(
            {"name": "Plain", "requires_inspection": False}
        )
        first = self._bring("Brakes squeal")
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {
                "order_id": first.id,
                "channel": "phone",
                "promised_at": first.received_at,
            }
        )
        first.action_start()
        first.action_finish_work()
        first.action_request_quality_check()
        self._settle(first)
        first.action_deliver()
        order = self._bring("Still squeals")
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_comeback_tour",
            login="tour_advisor",
        )
        comeback = order.comeback_ids
        self.assertEqual(comeback.of_job_id, first.job_ids)
        self.assertEqual(comeback.state, "checking")
        self.assertEqual(order.line_ids.payer_id.kind, "internal")
