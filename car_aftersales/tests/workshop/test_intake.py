from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SIGNATURE
from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestIntake(CarInspectionCommon):
    """An intake is complete when all that the order type asks for is there."""

    def setUp(self):
        super().setUp()
        self.order = self._take_in()
        self.intake = self._begin_intake(self.order)

    def test_everything_asked_for_is_listed_until_it_is_there(self):
        self.assertEqual(
            self._get_missing(self.order),
            [
                "odometer",
                "fuel",
                "key",
                "old_parts",
                "checklist",
                f"document_{self.license.id}",
                f"document_{self.policy.id}",
                "belongings",
                "sign_intake",
            ],
        )
        self.assertEqual(self.order.intake_state, "missing")
        self._complete(self.intake)
        self.assertEqual(self._get_missing(self.order), ["finish"])
        self.order.action_missing("finish")
        self.assertEqual(self._get_missing(self.order), [])
        self.assertEqual(self.order.intake_state, "complete")
        self.assertEqual(self.intake.finished_by_id, self.user_advisor)

    def test_an_entry_of_the_list_leads_to_its_place(self):
        action = self.order.action_missing("sign_intake")
        self.assertEqual(action["res_model"], "car.inspection.signature")
        self.assertEqual(action["context"]["default_purpose"], "intake")
        action = self.order.action_missing("fuel")
        self.assertEqual(action["res_id"], self.intake.id)

    def test_work_does_not_start_before_the_intake_is_complete(self):
        job = self.order.job_ids.with_user(self.user_technician)
        with self.assertRaisesRegex(UserError, "Fuel level"):
            job.action_start()
        with self.assertRaisesRegex(UserError, "Fuel level"):
            job.write({"state": "in_progress"})
        with self.assertRaises(UserError):
            self.order.action_start()
        self._complete(self.intake)
        self.intake.action_finish()
        job.action_start()
        self.assertEqual(self.order.state, "in_workshop")

    def test_the_car_is_not_handed_to_the_workshop_before(self):
        dialogs = self.env["car.hand.over"].with_user(self.user_advisor)
        hand_over = dialogs.create(
            {
                "order_id": self.order.id,
                "to_place": "workshop",
                "receiver_id": self.user_workshop_supervisor.id,
                "signature": SIGNATURE,
            }
        )
        with self.assertRefused("intake is not complete"):
            hand_over.action_confirm()
        self.assertEqual(self.order.car_place, "desk")
        self._complete(self.intake)
        self.intake.action_finish()
        hand_over.action_confirm()
        log = self.order.custody_ids.filtered(lambda log: log.action == "to_workshop")
        self.assertEqual(log.receiver_name, "Workshop Supervisor")
        # Nobody writes such a record without the step.
        with self.assertRaises(AccessError), self.cr.savepoint():
            log.with_user(self.user_advisor).create(
                {"order_id": self.order.id, "what": "car", "action": "to_workshop"}
            )

    def test_the_start_is_proposed_once_the_intake_is_complete(self):
        order = self.order.with_user(self.user_advisor)
        self.assertNotEqual(order.next_step, "start")
        self._complete(self.intake)
        self.intake.action_finish()
        self.assertEqual(order.next_step, "start")

    def test_a_type_that_does_not_block_only_shows_what_is_missing(self):
        self.type_full.is_intake_blocking = False
        self.order.job_ids.with_user(self.user_technician).action_start()
        self.assertEqual(self.order.intake_state, "missing")

    def test_a_type_that_asks_for_nothing_needs_no_intake(self):
        order = self._create_order()
        self.assertEqual(order.intake_state, "none")
        self.assertFalse(order.intake_missing)

    def test_a_supervisor_releases_with_a_reason(self):
        order = self.order.with_user(self.user_supervisor)
        action = order.action_release_intake()
        self.assertEqual(action["context"]["default_verb"], "release_intake")
        dialog = self.env["car.repair.reason"].with_user(self.user_supervisor)
        dialog.create(
            {
                "order_id": order.id,
                "verb": "release_intake",
                "reason": "Towed in at night, customer absent",
            }
        ).action_confirm()
        self.assertEqual(order.intake_state, "released")
        self.assertEqual(order.intake_released_by_id, self.user_supervisor)
        self.assertIn("Towed in", order.message_ids[0].body)
        order.job_ids.with_user(self.user_technician).action_start()
        self.assertEqual(order.state, "in_workshop")

    def test_an_advisor_cannot_release_and_nobody_forges_it(self):
        with self.assertRaises(AccessError):
            self.order.action_release_intake("In a hurry")
        self.order.with_user(self.user_supervisor).write(
            {
                "intake_released_at": "2026-03-02 02:00:00",
                "intake_release_reason": "forged",
            }
        )
        self.assertFalse(self.order.intake_released_at)
        with self.assertRaises(UserError):
            self.order.job_ids.with_user(self.user_technician).action_start()

    def test_nothing_is_released_that_is_complete(self):
        self._complete(self.intake)
        self.intake.action_finish()
        with self.assertRaisesRegex(UserError, "nothing is missing"):
            self.order.with_user(self.user_supervisor).action_release_intake("why")

    def test_an_incomplete_intake_is_not_closed(self):
        self._complete(self.intake)
        self.intake.line_ids[0].result = "unchecked"
        with self.assertRaisesRegex(UserError, "Paint"):
            self.intake.action_finish()
        with self.assertRaises(UserError):
            self.intake.write({"state": "done"})

    def test_an_intake_without_items_lacks_its_checklist(self):
        self.intake.sudo().line_ids.unlink()
        self.assertIn("checklist", self._get_missing(self.order))

    def test_another_order_type_asks_for_its_own_documents(self):
        book = self.env["car.document.type"].create({"name": "Maintenance book"})
        other = self.type_full.copy({"document_type_ids": [Command.set(book.ids)]})
        self.order.type_id = other
        self.assertIn(f"document_{book.id}", self._get_missing(self.order))
        self.order.action_intake()
        self.assertIn(book, self.intake.document_ids.type_id)

    def test_an_order_has_one_intake(self):
        self.order.action_intake()
        self.assertEqual(len(self.order.inspection_ids), 1)

    # === DOCUMENTS AND DISCREPANCIES === #

    def test_an_expired_document_is_not_valid(self):
        document = self.intake.document_ids.filtered("has_expiry")
        document.write({"reception": "received", "expiry_date": "2026-02-28"})
        self.assertEqual(document.validity, "no")
        with self.assertRaises(UserError):
            document.validity = "yes"
        document.action_all_good()
        self.assertEqual(document.validity, "no")
        self.assertTrue(document.has_difference)

    def test_a_document_without_its_date_of_expiry_is_not_checked(self):
        self._complete(self.intake)
        document = self.intake.document_ids.filtered("has_expiry")
        document.expiry_date = False
        self.assertIn(f"document_{self.policy.id}", self._get_missing(self.order))
        with self.assertRaisesRegex(UserError, "Insurance policy"):
            self.intake.action_finish()

    def test_a_document_taken_off_the_list_is_missing(self):
        self._complete(self.intake)
        self.intake.document_ids[0].unlink()
        self.assertIn(f"document_{self.license.id}", self._get_missing(self.order))

    def test_a_discrepancy_is_explained_handled_and_countersigned(self):
        self._complete(self.intake)
        document = self.intake.document_ids[0]
        document.soundness = "no"
        self._sign(self.intake)
        self.assertEqual(
            self._get_missing(self.order), [f"difference_{self.license.id}"]
        )
        difference = self.intake.difference_ids.create(
            {
                "inspection_id": self.intake.id,
                "document_id": document.id,
                "name": "A corner is torn off",
            }
        )
        self.assertIn(f"difference_{self.license.id}", self._get_missing(self.order))
        difference.handling = "Customer has it replaced himself"
        self.assertEqual(self._get_missing(self.order), ["sign_difference"])
        with self.assertRaisesRegex(UserError, "signature under the discrepancies"):
            self.intake.action_finish()
        self._sign(self.intake, "difference")
        self.intake.action_finish()
        self.assertEqual(self.order.intake_state, "complete")

    def test_a_changed_discrepancy_is_countersigned_again(self):
        self.intake.difference_ids = [
            Command.create({"name": "Plate and license differ", "handling": "Copied"})
        ]
        self._sign(self.intake, "difference")
        self.assertNotIn("sign_difference", self._get_missing(self.order))
        self.intake.difference_ids.handling = "Sent home for the right one"
        self.assertIn("sign_difference", self._get_missing(self.order))
        self.assertTrue(self.intake.signature_ids.is_void)

    # === ARTICLES, READINGS, SIGNATURES === #

    def test_articles_in_a_box_need_the_box_and_a_new_signature(self):
        self._complete(self.intake)
        self.intake.belonging_ids = [Command.create({"name": "Umbrella"})]
        self.assertEqual(self._get_missing(self.order), ["box", "sign_belongings"])
        self.intake.action_free_storage_box()
        self._sign(self.intake, "belongings")
        self.assertEqual(self._get_missing(self.order), ["finish"])
        self.assertEqual(self.order.storage_box_id, self.box)

    def test_a_lower_odometer_needs_its_reason(self):
        self.vehicle.odometer_km = 50000
        with self.assertRaises(UserError):
            self.intake.odometer_km = 42000
        self.intake.write(
            {"odometer_km": 42000, "odometer_lower_reason": "earlier_wrong"}
        )
        self.assertEqual(self.order.odometer_km, 42000)

    def test_a_signature_needs_name_and_stroke_and_is_never_changed(self):
        with self.assertRaises(UserError):
            self._sign(self.intake, signed_by=" ")
        with self.assertRaises(UserError):
            self._sign(self.intake, signature=False)
        signature = self._sign(self.intake)
        with self.assertRaises(UserError):
            signature.sudo().write({"signed_by": "Somebody else"})
        with self.assertRaises(UserError):
            signature.sudo().unlink()

    def test_what_was_signed_and_changed_is_signed_again(self):
        self._complete(self.intake)
        self.intake.damage_ids = [Command.create({"x": 25, "y": 80, "kind": "dent"})]
        self.assertEqual(self._get_missing(self.order), ["sign_intake"])
        self.assertEqual(self.intake.damage_ids.view, "left")

    # === A CLOSED INTAKE === #

    def test_a_closed_intake_is_not_edited(self):
        self.intake.damage_ids = [Command.create({"x": 25, "y": 80})]
        self._complete(self.intake)
        self.intake.action_finish()
        line = self.intake.line_ids[0]
        for change in (
            lambda: line.write({"result": "defect"}),
            lambda: line.copy({"inspection_id": self.intake.id}),
            lambda: line.unlink(),
            lambda: self.intake.write({"has_no_belongings": False}),
            lambda: self.intake.document_ids[0].write({"number": "1"}),
            lambda: self.intake.damage_ids.unlink(),
            lambda: self.intake.write({"fuel_level": "4"}),
            lambda: self._sign(self.intake),
            lambda: self.intake.unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_a_supervisor_reopens_it_with_a_reason(self):
        self._complete(self.intake)
        self.intake.action_finish()
        with self.assertRaises(AccessError):
            self.intake.action_reopen("Forgot a scratch")
        intake = self.intake.with_user(self.user_supervisor)
        with self.assertRaises(UserError):
            intake.write({"state": "in_progress"})
        action = intake.action_reopen()
        self.assertEqual(action["context"]["default_inspection_id"], intake.id)
        intake.action_reopen("Forgot a scratch")
        self.assertEqual(intake.state, "in_progress")
        self.assertEqual(intake.reopened_count, 1)
        self.assertIn("Forgot a scratch", str(intake.message_ids.mapped("body")))
        self.intake.line_ids[0].result = "attention"
        self.assertEqual(self._get_missing(self.order), ["sign_intake"])
