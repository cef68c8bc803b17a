from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestFlowIntake(CarInspectionCommon):
    """A car is received with all formalities, diagnosed, and goes to the workshop."""

    def test_from_the_greeting_to_the_workshop(self):
        # The advisor opens the visit and begins the intake beside the car.
        order = self._create_order(type_id=self.type_full.id)
        intake = self._begin_intake(order)
        self.assertEqual(intake.state, "in_progress")

        # He reads odometer and fuel gauge, asks about the old parts, hangs up the key.
        intake.write({"odometer_km": 42000, "fuel_level": "1", "old_parts": "leave"})
        intake.action_free_key_slot()
        self.assertEqual(self.slot.order_number, order.name)

        # Round the car: a dent on the left side, the paint needs attention, rest fine.
        intake.damage_ids = [Command.create({"x": 60, "y": 85, "kind": "dent"})]
        intake.line_ids[0].write(
            {"result": "attention", "note": "Dent, left rear door"}
        )
        intake.action_rest_ok()

        # The license is in order; the insurance has expired and the customer is told.
        intake.document_ids[0].action_all_good()
        policy = intake.document_ids[1]
        policy.write({"reception": "received", "expiry_date": "2026-02-01"})
        policy.action_all_good()
        intake.difference_ids = [
            Command.create(
                {
                    "document_id": policy.id,
                    "name": "Expired on February 1st",
                    "handling": "Customer renews it; no road test until then",
                }
            )
        ]

        # An umbrella and a child's seat go into the box; the customer signs the list.
        intake.belonging_ids = [
            Command.create({"name": "Umbrella"}),
            Command.create({"name": "Child seat", "place": "car"}),
        ]
        intake.action_free_storage_box()
        self._sign(intake, "belongings")

        # The screen tells what is left: two signatures. Then everything is done.
        self.assertEqual(self._get_missing(order), ["sign_difference", "sign_intake"])
        with self.assertRaises(UserError):
            intake.action_finish()
        self._sign(intake, "difference")
        self._sign(intake)
        intake.action_finish()
        self.assertEqual(order.intake_state, "complete")

        # Before the diagnosis the customer is asked; then the fault is found.
        order.action_diagnose()
        diagnosis = order.inspection_ids - intake
        with self.assertRaises(UserError):
            diagnosis.with_user(self.user_technician).action_start()
        self._authorize(order, kind="diagnosis")
        work = diagnosis.with_user(self.user_technician)
        work.action_start()
        work.line_ids = [
            Command.create(
                {
                    "name": "Brake pads, front",
                    "system_id": self.brakes.id,
                    "result": "defect",
                    "note": "2 mm left",
                    "advice": "Replace now",
                }
            )
        ]
        work.write({"conclusion": "Front pads worn", "advice": "Replace pads"})
        work.action_rest_ok()
        work.action_finish()

        # The advisor hands over the sheet and makes a job of the finding.
        diagnosis = diagnosis.with_user(self.user_advisor)
        diagnosis.write({"handover_channel": "paper", "handed_over_to": "王小明"})
        diagnosis.action_create_jobs()
        self.assertEqual(order.job_ids[1].name, "Brake pads, front: 2 mm left")

        # The estimate is agreed to and work starts.
        order.action_estimate()
        self._authorize(order)
        order.job_ids[0].with_user(self.user_technician).action_start()
        self.assertEqual(order.state, "in_workshop")
