from odoo.fields import Command
from odoo.tests import tagged

from .guarantee_common import GuaranteeCommon


@tagged("post_install", "-at_install")
class TestFlowComeback(GuaranteeCommon):
    """A car comes back with the brakes that we have just repaired."""

    def test_story(self):
        # The brakes were done; the customer leaves with a guarantee of ten days.
        first = self._deliver()
        self.assertEqual(set(first.line_ids.mapped("guarantee_days")), {10})

        # Four days later he stands at the desk again. The screen tells the advisor
        # what we still answer for.
        with self._day("2026-03-06"):
            desk = self.env["car.reception"].with_user(self.user_advisor)
            cards = desk._get_cards(self.vehicle, self.customer)
            self.assertEqual(cards[0]["key"], "guarantee")
            started = desk.start(
                {
                    "vehicle_id": self.vehicle.id,
                    "purpose": "repair",
                    "complaint": "Still squeals",
                }
            )
            order = self.env["car.repair.order"].browse(started["action"]["res_id"])
            order = order.with_user(self.user_advisor)
            order.write({"odometer_km": 42300, "type_id": self.type_plain.id})
            job = order.job_ids
            self.assertFalse(job.is_comeback_proposed)

            # Once the system is entered, order and job name the earlier visit.
            job.write(
                {
                    "system_id": self.brakes.id,
                    "team_id": self.team.id,
                    "line_ids": [
                        Command.create({"product_id": self.brake_work.id}),
                        Command.create({"product_id": self.pads.id}),
                    ],
                }
            )
            self.assertIn(first.name, order.comeback_text)

            # He links it: the customer pays nothing, the supervisor agrees for us.
            action = job.action_link_comeback()
            comeback = (
                self.env["car.repair.comeback"]
                .with_user(self.user_advisor)
                .with_context(**action["context"])
                .create({})
            )
            self.assertEqual(order.line_ids.payer_id.kind, "internal")
            order.promised_at = "2026-03-06 09:00:00"
            self._authorize_house(order)

        # The technician reads what was done then, and finds a wrong pad.
        seen = job.with_user(self.user_technician)
        self.assertEqual(seen.comeback_of_id, first.job_ids)

        # The workshop supervisor accepts that it is ours.
        comeback.with_user(self.user_workshop_supervisor).action_accept()
        with self._day("2026-03-06"):
            self._issue(order)
            self._work(order)
            self._pass_quality(order)
            self._bill(order)
            self._leave(order)
        self.assertFalse(order.sudo().invoice_ids)
        self.assertAlmostEqual(comeback.sudo().cost_amount, 180)

        # What was repaired again has a new guarantee of its own.
        self.assertEqual(
            set(order.line_ids.mapped("guarantee_until")),
            {order.line_ids[0].guarantee_from.replace(day=16)},
        )

        # It came back once more: two repairs have failed, the supervisors know.
        with self._day("2026-03-10"):
            again = self._bring(odometer_km=42400)
        alarm = self._link(again, order)
        self.assertTrue(alarm.is_alarm)
        self.assertTrue(again.comeback_alarm_text)
