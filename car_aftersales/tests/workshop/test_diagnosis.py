from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestDiagnosis(CarInspectionCommon):
    """First the customer's consent, then the diagnosis, the sheet and the jobs."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()

    def _add_fee(self):
        return self.env["car.repair.line"].create(
            {
                "job_id": self.order.job_ids.id,
                "product_id": self.env.ref("car_aftersales.product_diagnosis_fee").id,
            }
        )

    def _get_diagnosis(self):
        self.order.action_diagnose()
        return self.order.inspection_ids

    # === CONSENT === #

    def test_no_diagnosis_without_consent(self):
        diagnosis = self._get_diagnosis()
        for user in (self.user_technician, self.user_advisor, self.user_manager):
            with self.assertRaisesRegex(UserError, "not agreed to the diagnosis"):
                diagnosis.with_user(user).action_start()
        with self.assertRaises(UserError):
            diagnosis.with_user(self.user_technician).write({"state": "done"})
        self._authorize(self.order, kind="diagnosis")
        diagnosis.with_user(self.user_technician).action_start()
        self.assertEqual(diagnosis.consent_id.recorded_by_id, self.user_advisor)
        self.assertEqual(diagnosis.consent_id.channel, "phone")

    def test_consent_to_the_estimate_is_none_to_a_diagnosis(self):
        self._authorize(self.order)
        with self.assertRaises(UserError):
            self._get_diagnosis().action_start()

    def test_consent_to_a_diagnosis_agrees_to_its_fee_alone(self):
        fee = self._add_fee()
        self._authorize(self.order, kind="diagnosis")
        self.assertEqual(fee.authorization_state, "authorized")
        others = self.order.line_ids - fee
        self.assertEqual(set(others.mapped("authorization_state")), {"pending"})
        self.assertEqual(self.order.state, "reception")

    def test_a_refused_fee_is_no_consent(self):
        fee = self._add_fee()
        self._authorize(
            self.order,
            kind="diagnosis",
            line_ids=[Command.create({"line_id": fee.id, "is_approved": False})],
        )
        with self.assertRaises(UserError):
            self._get_diagnosis().action_start()

    def test_a_free_diagnosis_is_refused_on_record(self):
        diagnosis = self._get_diagnosis()
        self._authorize(self.order, kind="diagnosis", is_diagnosis_wanted=False)
        self.assertTrue(diagnosis.is_refused)
        with self.assertRefused("not agreed to the diagnosis"):
            diagnosis.with_user(self.user_technician).action_start()
        self._authorize(self.order, kind="diagnosis")
        self.assertFalse(diagnosis.is_refused)
        diagnosis.with_user(self.user_technician).action_start()
        self.assertEqual(diagnosis.state, "in_progress")

    def test_who_does_not_want_the_diagnosis_pays_no_fee(self):
        fee = self._add_fee()
        self._authorize(self.order, kind="diagnosis", is_diagnosis_wanted=False)
        self.assertEqual(fee.authorization_state, "declined")

    def test_a_later_no_takes_the_yes_back(self):
        self._authorize(self.order, kind="diagnosis")
        self._authorize(self.order, kind="diagnosis", is_diagnosis_wanted=False)
        self.assertFalse(self._get_diagnosis().has_consent)

    def test_the_dialog_asks_for_the_fee_alone(self):
        fee = self._add_fee()
        action = self._get_diagnosis().action_ask_consent()
        dialog = self.env["car.repair.authorization"].with_user(self.user_advisor)
        values = dialog.with_context(**action["context"]).default_get(
            ["kind", "order_id", "line_ids"]
        )
        self.assertEqual(values["kind"], "diagnosis")
        self.assertEqual([c[2]["line_id"] for c in values["line_ids"]], fee.ids)

    def test_a_technician_does_not_record_consent(self):
        with self.assertRaises(AccessError):
            self._authorize(self.order, self.user_technician, kind="diagnosis")

    # === FINDINGS === #

    def test_defects_become_jobs_once(self):
        diagnosis = self._begin_diagnosis(self.order)
        found = diagnosis.line_ids.with_user(self.user_technician).create(
            {
                "inspection_id": diagnosis.id,
                "name": "Brake pads, front",
                "system_id": self.brakes.id,
                "result": "defect",
                "note": "worn down",
                "measured_value": "2",
                "unit": "mm",
                "fault_codes": "C1234",
            }
        )
        diagnosis = diagnosis.with_user(self.user_advisor)
        self.assertEqual(diagnosis.job_to_make_count, 1)
        diagnosis.action_create_jobs()
        job = found.job_id
        self.assertEqual(job.name, "Brake pads, front: worn down")
        self.assertEqual(job.system_id, self.brakes)
        self.assertEqual(job.cause, "worn down\n2 mm\nC1234")
        self.assertEqual(job.order_id, self.order)
        diagnosis.action_create_jobs()
        self.assertEqual(len(self.order.job_ids), 2)
        with self.assertRaisesRegex(UserError, "was made of it already"):
            found.with_user(self.user_advisor).action_create_job()

    def test_one_line_becomes_a_job_and_an_item_in_order_does_not(self):
        diagnosis = self._begin_diagnosis(self.order).with_user(self.user_advisor)
        line = diagnosis.line_ids[0]
        with self.assertRaisesRegex(UserError, "nothing was found"):
            line.action_create_job()
        line.result = "attention"
        line.action_create_job()
        self.assertEqual(line.job_id.state, "draft")

    def test_a_technician_makes_no_jobs(self):
        diagnosis = self._begin_diagnosis(self.order).with_user(self.user_technician)
        diagnosis.line_ids[0].result = "defect"
        with self.assertRaises(AccessError):
            diagnosis.action_create_jobs()

    def test_jobs_are_made_of_a_finished_diagnosis(self):
        diagnosis = self._begin_diagnosis(self.order)
        diagnosis.line_ids[0].result = "defect"
        diagnosis.with_user(self.user_technician).action_rest_ok()
        diagnosis.with_user(self.user_technician).action_finish()
        diagnosis.with_user(self.user_advisor).action_create_jobs()
        self.assertTrue(diagnosis.line_ids[0].job_id)

    # === DEPTHS === #

    def _get_names(self, depth, energy="petrol"):
        self.model.energy = energy
        lines = self.health._get_lines_for(self.vehicle, depth)
        return lines.mapped("name")

    def test_a_check_goes_as_deep_as_chosen(self):
        self.assertEqual(self._get_names("reception"), ["Paint", "Wipers"])
        self.assertIn("Coolant", self._get_names("careful"))
        self.assertNotIn("Brake force", self._get_names("careful"))
        self.assertIn("Brake force", self._get_names("professional"))
        self.assertIn("Insulation", self._get_names("reception", "electric"))

    def test_a_deeper_check_keeps_the_results(self):
        self.order.type_id = self.type_full
        self.order.action_health_check()
        check = self.order.inspection_ids.with_user(self.user_advisor)
        self.assertEqual(check.depth, "careful")
        check.line_ids[0].result = "defect"
        check.depth = "professional"
        self.assertIn("Brake force", check.line_ids.mapped("name"))
        check.depth = "reception"
        self.assertEqual(check.line_ids.mapped("name"), ["Paint", "Wipers"])
        self.assertEqual(check.line_ids[0].result, "defect")

    def test_what_must_be_checked_is_checked(self):
        diagnosis = self._begin_diagnosis(self.order).with_user(self.user_technician)
        with self.assertRaisesRegex(UserError, "not checked yet"):
            diagnosis.action_finish()
        with self.assertRaises(AccessError):
            diagnosis.line_ids[0].write({"is_required": False})
        with self.assertRaises(UserError):
            diagnosis.line_ids.filtered("is_required")[0].with_user(
                self.user_advisor
            ).unlink()
        diagnosis.action_rest_ok()
        diagnosis.action_finish()
        self.assertEqual(diagnosis.state, "done")

    # === HANDED OVER === #

    def test_the_sheet_is_handed_over_and_that_is_recorded(self):
        diagnosis = self._begin_diagnosis(self.order).with_user(self.user_advisor)
        handed = {"handover_channel": "paper", "handed_over_to": "王小明"}
        with self.assertRaisesRegex(UserError, "finish it before"):
            diagnosis.write(handed)
        diagnosis.action_rest_ok()
        diagnosis.action_finish()
        with self.assertRaises(AccessError):
            diagnosis.with_user(self.user_technician).write(handed)
        diagnosis.action_hand_over()
        diagnosis.write(handed)
        self.assertEqual(diagnosis.handed_over_by_id, self.user_advisor)
        self.assertTrue(diagnosis.handed_over_at)

    def test_the_sheet_goes_out_by_mail(self):
        diagnosis = self._begin_diagnosis(self.order).with_user(self.user_advisor)
        diagnosis.action_rest_ok()
        diagnosis.action_finish()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            diagnosis.action_send()
        self.customer.email = "wang@example.com"
        diagnosis.action_send()
        self.assertEqual(diagnosis.handover_channel, "mail")
        message = self.order.message_ids[0]
        self.assertIn("Diagnosis Sheet", message.subject)
        self.assertIn(diagnosis.name.replace("/", "-"), message.attachment_ids.name)
        self.assertNotIn("Diagnosis Sheet", str(diagnosis.message_ids.mapped("body")))
