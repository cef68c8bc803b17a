from odoo.fields import Command
from odoo.tests import tagged

from ..workshop.tours_common import CarToursCommon


@tagged("post_install", "-at_install")
class TestToursComeback(CarToursCommon):
    """A car comes back: taken in by the advisor, decided by the workshop."""

    tiers = (
        *CarToursCommon.tiers,
        "workshop_supervisor",
        "supervisor",
        "warranty_clerk",
        "parts_clerk",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labor.car_guarantee_days = 30
        cls.team = cls.env["car.workshop.team"].create({"name": "Chassis"})
        cls.account = cls.env["account.account"].create(
            {"name": "Comebacks", "code": "669977", "account_type": "expense"}
        )
        cls.team.comeback_account_id = cls.account
        # Nothing but the comeback is asked for on these visits.
        cls.type_plain = cls.env["car.repair.type"].create(
            {"requires_signature": False, "name": "Plain", "requires_inspection": False}
        )

    def _bring(self, complaint):
        """Return the order of a car that comes with a complaint about the engine."""
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        order = orders.create(
            {
                "vehicle_id": self.vehicle.id,
                "type_id": self.type_plain.id,
                "odometer_km": 1000,
            }
        )
        job = order.job_ids.create(
            {
                "order_id": order.id,
                "name": complaint,
                "system_id": self.env.ref(
                    "car_aftersales.car_vehicle_system_engine"
                ).id,
                "team_id": self.team.id,
            }
        )
        order.line_ids.create({"job_id": job.id, "product_id": self.labor.id})
        return order

    def _deliver(self, order):
        """Play a visit to its end."""
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": order.received_at,
            }
        )
        order.action_start()
        order.action_finish_work()
        order.action_request_quality_check()
        if order.state == "quality_check":
            order.with_user(self.user_inspector).action_pass_quality_check()
        self._settle(order)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")

    def test_comeback_is_taken_in_at_the_desk(self):
        first = self._bring("Engine knocks")
        self._deliver(first)
        self.start_tour(
            "/odoo/car-reception", "car_comeback_desk_tour", login="tour_advisor"
        )
        order = self.vehicle.order_ids - first
        comeback = order.comeback_ids
        self.assertEqual(comeback.of_job_id, first.job_ids)
        self.assertEqual(comeback.job_id.name, "Knocks again")
        self.assertEqual(comeback.job_id.payer_id.kind, "internal")
        self.assertEqual(comeback.state, "checking")

    def test_comeback_is_linked_on_the_job_and_decided_with_evidence(self):
        first = self._bring("Engine knocks")
        self._deliver(first)
        order = self._bring("Knocks again")
        url = f"/odoo/repair-orders/{order.id}"
        self.start_tour(url, "car_comeback_link_tour", login="tour_advisor")
        comeback = order.comeback_ids
        self.assertEqual(comeback.of_job_id, first.job_ids)
        self.assertEqual(comeback.team_id, self.team)
        self.assertEqual(set(order.line_ids.payer_id.mapped("kind")), {"internal"})
        payer = order.line_ids.payer_id.sudo()
        self.assertEqual(payer._get_line_cost_account(order.line_ids), self.account)
        # What shows it: a photo that the inspector has taken.
        photo = self.env["ir.attachment"].with_user(self.user_inspector)
        photo = photo.create({"name": "stone.jpg", "raw": b"photo"})
        self.start_tour(
            "/odoo/comebacks", "car_comeback_decide_tour", login="tour_inspector"
        )
        self.assertEqual(comeback.state, "checking")
        self.assertEqual(comeback.evidence, "Cut by a stone")
        comeback.with_user(self.user_inspector).attachment_ids = [
            Command.link(photo.id)
        ]
        self.start_tour(
            f"/odoo/comebacks/{comeback.id}",
            "car_comeback_refute_tour",
            login="tour_inspector",
        )
        self.assertEqual(comeback.state, "not_ours")
        self.assertEqual(order.line_ids.payer_id.kind, "customer")
