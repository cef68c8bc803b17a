from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCarComplaintRemedy(ComplaintCommon):
    """Making good: who may promise how much, and what proves that it was done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"car_complaint_limit_clerk": 100, "car_complaint_limit_supervisor": 500}
        )

    def _remedy(self, complaint, kind, amount=0.0, **values):
        return (
            self.env["car.complaint.remedy"]
            .with_user(self.user_follow_up_clerk)
            .create(
                {
                    "complaint_id": complaint.id,
                    "kind": kind,
                    "amount": amount,
                    **values,
                }
            )
        )

    def test_each_role_approves_up_to_its_limit(self):
        complaint = self._classify(self._complain())
        remedy = self._remedy(complaint, "discount", 100)
        remedy.action_approve()
        self.assertEqual(remedy.approved_by_id, self.user_follow_up_clerk)
        for amount, user, above in (
            (1, self.user_follow_up_clerk, self.user_supervisor),
            (401, self.user_supervisor, self.user_manager),
        ):
            remedy = self._remedy(complaint, "goodwill", amount)
            with self.assertRefused("above your limit", AccessError):
                remedy.with_user(user).action_approve()
            remedy.with_user(above).action_approve()
            self.assertEqual(remedy.state, "approved")
        self.assertEqual(complaint.remedy_amount, 502)

    def test_sum_of_a_complaint_counts_also_when_approved_together(self):
        complaint = self._classify(self._complain())
        remedies = self._remedy(complaint, "discount", 60) | self._remedy(
            complaint, "goodwill", 60
        )
        with self.assertRefused("above your limit", AccessError):
            remedies.write({"state": "approved"})
        remedies[0].action_approve()
        with self.assertRefused("above your limit", AccessError):
            remedies[1].action_approve()
        remedies[0].action_refuse()
        remedies[1].action_approve()
        self.assertEqual(complaint.remedy_amount, 60)

    def test_amount_of_what_costs_money_is_named_and_then_fixed(self):
        complaint = self._classify(self._complain())
        remedy = self._remedy(complaint, "discount")
        with self.assertRefused("enter the amount"):
            remedy.action_approve()
        remedy.amount = 50
        remedy.action_approve()
        with self.assertRefused("not changed any more"):
            remedy.amount = 5000
        with self.assertRefused("not typed", AccessError):
            remedy.approved_by_id = self.user_manager
        with self.assertRefused("stays on record"):
            remedy.unlink()

    def test_nothing_is_promised_before_it_is_approved(self):
        complaint = self._classify(self._complain())
        remedy = self._remedy(complaint, "discount", 50)
        with self.assertRefused("only after it was approved"):
            self._answer(complaint)
        remedy.action_approve()
        self._answer(complaint)
        with self.assertRefused("not carried out yet"):
            complaint.action_close()
        remedy.action_carry_out()
        complaint.action_close()
        with self.assertRefused("stays as it is"):
            self._remedy(complaint, "apology")

    def test_outsider_neither_proposes_nor_approves(self):
        complaint = self._classify(self._complain())
        remedy = self._remedy(complaint, "discount", 10)
        with self.assertRefused("handled by who is responsible", AccessError):
            remedy.with_user(self.user_cashier).action_approve()
        with self.assertRefused("handled by who is responsible", AccessError):
            self.env["car.complaint.remedy"].with_user(self.user_advisor).create(
                {"complaint_id": complaint.id, "kind": "apology"}
            )

    def test_work_is_done_again_on_a_comeback_order(self):
        order = self._deliver_order()
        complaint = self._classify(
            self._complain(order_id=order.id), user_id=self.user_advisor.id
        )
        remedy = self._remedy(complaint, "redo").with_user(self.user_advisor)
        with self.assertRefused("once that was approved"):
            remedy.action_redo()
        remedy.action_approve()
        with self.assertRefused("comeback order is missing"):
            remedy.action_carry_out()
        action = remedy.action_redo()
        new_order = remedy.new_order_id
        self.assertEqual(action["res_id"], new_order.id)
        self.assertEqual(new_order.previous_order_id, order)
        self.assertEqual(new_order.type_id.kind, "comeback")
        self.assertEqual(new_order.job_ids.name, complaint.text)
        self.assertEqual(remedy.action_redo()["res_id"], new_order.id)
        remedy.action_carry_out()
        self.assertEqual(complaint.redo_count, 1)

    def test_comeback_order_is_of_the_same_car(self):
        complaint = self._classify(self._complain())
        remedy = self._remedy(complaint, "redo")
        other = self._create_vehicle(license_plate="京B22222", vin=False)
        with self.assertRaises(ValidationError):
            remedy.new_order_id = self._create_order(vehicle_id=other.id)

    def test_refund_is_a_credit_note_by_odoos_own_dialog(self):
        order = self._deliver_order()
        complaint = self._classify(
            self._complain(order_id=order.id), user_id=self.user_cashier.id
        )
        invoice = order.sudo().invoice_ids
        total = invoice.amount_total
        remedy = self._remedy(complaint, "refund", total).with_user(self.user_cashier)
        with self.assertRefused("once that was approved"):
            remedy.action_refund()
        remedy.with_user(self.user_manager).action_approve()
        action = remedy.action_refund()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.user_cashier)
            .with_context(**action["context"])
            .create({"journal_id": invoice.journal_id.id})
        )
        self.assertEqual(wizard.move_ids, invoice)
        wizard.refund_moves()
        credit_note = remedy.credit_note_id
        self.assertEqual(credit_note.move_type, "out_refund")
        self.assertEqual(credit_note.car_repair_order_ids, order)
        with self.assertRefused("posted credit note is missing"):
            remedy.action_carry_out()
        credit_note.sudo().action_post()
        remedy.action_carry_out()
        self.assertEqual(remedy.state, "done")

    def test_credit_note_above_what_was_approved_is_no_proof(self):
        order = self._deliver_order()
        complaint = self._classify(self._complain(order_id=order.id))
        remedy = self._remedy(complaint, "refund", 50)
        remedy.action_approve()
        invoice = order.sudo().invoice_ids
        remedy.sudo().credit_note_id = invoice._reverse_moves()
        remedy.credit_note_id.sudo().action_post()
        with self.assertRefused("more than the approved"):
            remedy.action_carry_out()

    def test_credit_note_of_another_order_is_refused(self):
        order, other = self._deliver_order(), self._create_order()
        remedy = self._remedy(
            self._classify(self._complain(order_id=other.id)), "refund"
        )
        with self.assertRaises(ValidationError):
            remedy.sudo().credit_note_id = order.sudo().invoice_ids._reverse_moves()

    def test_context_of_a_stranger_ties_no_credit_note(self):
        order = self._deliver_order()
        complaint = self._classify(self._complain(order_id=order.id))
        remedy = self._remedy(complaint, "refund", 50)
        remedy.action_approve()
        with self.assertRefused("handled by who is responsible", AccessError):
            order.invoice_ids.with_user(self.user_cashier).with_context(
                car_remedy_id=remedy.id
            )._reverse_moves()


@tagged("post_install", "-at_install")
class TestCarComplaintMeasure(ComplaintCommon):
    """What is done so that it does not happen again."""

    def _measure(self, user=None, **values):
        complaint = values.pop("complaint", None) or self._classify(self._complain())
        return (
            self.env["car.complaint.measure"]
            .with_user(user or self.user_follow_up_clerk)
            .create(
                {
                    "complaint_id": complaint.id,
                    "name": "Tell the new time by phone",
                    "user_id": self.user_advisor.id,
                    "due_on": "2026-03-09",
                    **values,
                }
            )
        )

    def test_done_by_who_is_responsible_and_judged_by_a_supervisor(self):
        measure = self._measure().with_user(self.user_advisor)
        with self.assertRefused("not done yet"):
            measure.with_user(self.user_supervisor).action_effective()
        measure.action_done()
        self.assertEqual(str(measure.done_on), "2026-03-02")
        with self.assertRefused("Supervisors judge", AccessError):
            measure.action_effective()
        measure.with_user(self.user_workshop_supervisor).action_not_effective()
        self.assertEqual(measure.effective, "no")
        with self.assertRefused("stays on record"):
            measure.with_user(self.user_follow_up_clerk).unlink()

    def test_buttons_cannot_be_typed_around(self):
        measure = self._measure(done_on="2026-03-01", effective="yes")
        self.assertFalse(measure.done_on or measure.effective)
        with self.assertRefused("by its buttons", AccessError):
            measure.done_on = "2026-03-01"

    def test_another_does_not_touch_it(self):
        measure = self._measure()
        with self.assertRefused("another's measure", AccessError):
            measure.with_user(self.user_cashier).action_done()
        with self.assertRefused("another's measure", AccessError):
            measure.with_user(self.user_cashier).name = "Nothing"

    def test_late_measures_are_found_and_outlive_the_complaint(self):
        measure = self._measure()
        complaint = measure.complaint_id
        self._answer(complaint)
        complaint.action_close()
        with self._later(days=8):
            measures = self.env["car.complaint.measure"]
            self.assertTrue(measure.is_late)
            self.assertEqual(measures.search([("is_late", "=", True)]), measure)
            measure.with_user(self.user_advisor).action_done()
            self.assertFalse(measures.search([("is_late", "=", True)]))
