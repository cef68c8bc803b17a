from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .deferred_common import UNTIL, DeferredCommon


@tagged("post_install", "-at_install")
class TestDeferredJob(DeferredCommon):
    """Who defers agreed work, what is kept for it, and how it is given up."""

    def _module_line(self, job):
        return job.line_ids.filtered(lambda line: line.product_id == self.module)

    # === DEFERRING === #

    def test_agreed_work_is_deferred_with_reason_and_day_only(self):
        _order, job = self._create_visit()
        for values in (
            {},
            {"deferral_reason": "Far away"},
            {"deferred_until": UNTIL},
        ):
            with self.assertRefused("say why it is deferred"):
                job.write({"state": "deferred", **values})
        self.assertEqual(job.state, "authorized")

    def test_workshop_supervisor_defers_and_technician_does_not(self):
        _order, job = self._create_visit()
        with self.assertRefused("your role", AccessError):
            self._defer(job, self.user_technician)
        self._defer(job, self.user_workshop_supervisor)
        self.assertTrue(job.holds_parts)

    def test_work_not_agreed_is_deferred_without_its_parts(self):
        order = self._create_order([{"product_id": self.filter.id}])
        order.action_estimate()
        order.job_ids.action_defer()
        self.assertEqual(order.job_ids.state, "deferred")
        self.assertFalse(order.job_ids.holds_parts)
        with self.assertRefused("no agreed work"):
            order.job_ids.action_give_up()
        with self.assertRefused("no agreed work"):
            order.job_ids.action_take_up()

    def test_work_whose_parts_are_out_is_not_deferred(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        with self.assertRefused("returned first"):
            self._defer(order.job_ids)

    def test_system_fields_are_not_written_by_anybody(self):
        order, job = self._create_visit()
        job.write(
            {
                "holds_parts": True,
                "has_own_consent": True,
                "carried_from_id": order.id,
            }
        )
        self.assertFalse(job.holds_parts or job.has_own_consent or job.carried_from_id)

    # === WHAT IS KEPT === #

    def test_parts_wait_in_a_transfer_of_their_own(self):
        order = self._create_order([{"product_id": self.filter.id}])
        job = self._add_job(
            order, line_ids=[Command.create({"product_id": self.oil.id})]
        )
        self._authorize(order)
        self.assertEqual(len(order.picking_ids), 1)
        self._defer(job)
        self.assertEqual(len(order.picking_ids), 2)
        held = job.line_ids.sudo().move_ids
        self.assertEqual(held.state, "assigned")
        self.assertEqual(held.move_line_ids.picking_id, held.picking_id)
        with self.assertRefused("it is not issued"):
            held.picking_id.with_user(self.user_parts_clerk).button_validate()
        self._issue_now(order)
        self.assertEqual(order.line_ids[0].quantity_issued, 1)
        self.assertEqual(order.parts_state, "issued")
        # What is agreed later does not get into that transfer.
        more = self._add_job(order, "Wiper")
        self._authorize(order)
        self.assertNotIn(held.picking_id, more.line_ids.sudo().move_ids.picking_id)

    def test_reserved_parts_stay_reserved_after_the_delivery(self):
        self._receive(self.module, 1, 400)
        order, job = self._create_visit()
        self._defer(job)
        self._finish_visit(order)
        self.assertEqual(self._module_line(job).sudo().move_ids.state, "assigned")
        self.assertTrue(job.has_all_parts)
        self.assertEqual(order.billing_state, "paid")

    def test_what_was_bought_goes_to_the_deferred_work_first(self):
        older = self._create_order([{"product_id": self.module.id}])
        self._authorize(older)
        order, job = self._create_visit()
        line = self._module_line(job)
        line.with_user(self.user_parts_clerk).action_buy()
        purchase = line.purchase_line_ids.sudo().order_id
        purchase.button_confirm()
        self._defer(job)
        self._finish_visit(order)
        purchase.picking_ids.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(line.sudo().move_ids.state, "assigned")
        self.assertEqual(older.line_ids.sudo().move_ids.state, "confirmed")

    def test_visit_without_other_work_ends_and_keeps_the_parts(self):
        for outcome in ("diagnosis_only", "booked"):
            order = self._create_order([])
            order.job_ids.unlink()
            job = self._add_job(order)
            self._authorize(order)
            self._defer(job)
            order.action_decline(outcome, "The part is far away")
            self.assertEqual(job.state, "deferred", outcome)
            self.assertEqual(self._module_line(job).sudo().move_ids.state, "confirmed")
            self.assertFalse(order._get_booked_jobs())
            job.action_give_up()

    # === TAKEN UP OR GIVEN UP === #

    def test_work_is_taken_up_again_at_the_same_visit(self):
        self._receive(self.module, 1, 400)
        order, job = self._create_visit()
        self._defer(job)
        with self.assertRefused("your role", AccessError):
            job.with_user(self.user_workshop_supervisor).action_take_up()
        job.action_take_up()
        self.assertEqual(job.state, "authorized")
        self.assertFalse(job.holds_parts)
        self.assertEqual(len(self._module_line(job).sudo().move_ids), 1)
        self._issue(order)
        self.assertEqual(self._module_line(job).quantity_issued, 1)

    def test_work_asked_again_gives_its_parts_back(self):
        self._receive(self.module, 1, 400)
        _order, job = self._create_visit()
        self._defer(job)
        job.write({"state": "estimated"})
        self.assertFalse(job.holds_parts)
        self.assertEqual(self._module_line(job).sudo().move_ids.state, "cancel")

    def test_work_is_given_up_after_the_visit_by_the_advisor(self):
        order, job = self._create_deferred()
        paper = order._get_record_content()
        line = self._module_line(job)
        for user in (
            self.user_technician,
            self.user_workshop_supervisor,
            self.user_parts_clerk,
        ):
            with self.assertRefused("your role", AccessError):
                job.with_user(user).action_give_up()
        job.action_give_up()
        self.assertEqual(job.state, "declined")
        self.assertEqual(line.sudo().move_ids.state, "cancel")
        self.assertEqual(line.purchase_line_ids.sudo().order_id.state, "purchase")
        self.assertEqual(order._get_record_content(), paper)
        self.assertIn("given up", order.message_ids[0].body)
        with self.assertRefused("content is kept"):
            job.write({"state": "estimated"})

    def test_a_closed_visit_keeps_everything_else(self):
        _order, job = self._create_deferred()
        for values in (
            {"state": "authorized"},
            {"state": "declined", "name": "Other"},
            {"name": "Other"},
        ):
            with self.assertRefused("content is kept"):
                job.write(values)
        with self.assertRefused("content is kept"):
            job.line_ids[0].write({"quantity": 2})
        job.deferred_until = UNTIL  # the part is later than thought

    # === LIST === #

    def test_list_tells_what_is_there_in_constant_queries(self):
        jobs = self.env["car.repair.job"]
        for number in range(4):
            vehicle = self._create_vehicle(license_plate=f"京A0000{number}", vin=False)
            _order, job = self._create_visit(vehicle_id=vehicle.id)
            self._defer(job)
            jobs |= job
        self._receive(self.module, 2, 400)
        self._module_line(jobs).sudo().move_ids._action_assign()
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("has_all_parts")
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(jobs[:1]), count(jobs))
        there = jobs.search([("has_all_parts", "=", True), ("id", "in", jobs.ids)])
        missing = jobs.search([("has_all_parts", "=", False), ("id", "in", jobs.ids)])
        self.assertEqual(len(there), 2)
        self.assertEqual(there | missing, jobs)
