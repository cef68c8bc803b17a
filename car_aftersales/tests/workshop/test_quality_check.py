from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .inspection_common import CarInspectionCommon


class TestQualityCheck(CarInspectionCommon):
    """Self-check, acceptance, inspection and review, by different persons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_links = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Level-2 maintenance",
                "requires_self_check": True,
                "requires_inspection": True,
                "requires_acceptance": True,
                "requires_review": True,
            }
        )
        cls.user_leader = new_test_user(
            cls.env,
            login="car_leader",
            groups="car_aftersales.car_aftersales_group_technician",
            name="Team Leader",
        )
        technicians = cls.env["car.technician"]
        # Who presses the buttons here is nobody who clocks his time.
        technicians.search([("user_id", "=", cls.user_technician.id)]).user_id = False
        cls.leader = technicians.create(
            {"name": "Leader", "user_id": cls.user_leader.id}
        )
        cls.worker = technicians.create({"name": "Wang Qiang"})
        cls.team = cls.env["car.workshop.team"].create(
            {"name": "Mechanics", "leader_id": cls.leader.id}
        )

    def _finish(self, order, worker=None):
        """Let the technician do and check the work of the order's job."""
        self._authorize(order)
        self._issue(order)
        order.job_ids.with_user(self.user_workshop_supervisor).write(
            {
                "team_id": self.team.id,
                "technician_ids": [Command.set((worker or self.worker).ids)],
            }
        )
        job = order.job_ids.with_user(self.user_technician)
        job.action_start()
        if job.requires_self_check:
            job.action_self_check()
        else:
            job.action_finish()
        return order.job_ids

    def _hand_over(self, **values):
        """Return an order with three links in the quality check."""
        order = self._create_order(**{"type_id": self.type_links.id, **values})
        self._finish(order)
        order.with_user(self.user_advisor).action_request_quality_check()
        return order

    def _links(self, order):
        return [
            (check.link, check.result)
            for check in order.quality_check_ids.sorted("id")
            if not check.is_void
        ]

    # === THE SIMPLE CASE === #

    def test_inspection_alone_is_one_step(self):
        order = self._create_order()
        self._finish(order)
        order.with_user(self.user_advisor).action_request_quality_check()
        self.assertEqual(order.quality_due, "inspection")
        order.with_user(self.user_inspector).action_pass_quality_check()
        self.assertEqual(order.state, "ready")
        check = order.quality_check_ids
        self.assertEqual(check.link, "inspection")
        self.assertEqual(check.user_id, self.user_inspector)

    def test_who_worked_does_not_inspect_by_any_way(self):
        own = self.env["car.technician"].create(
            {"name": "He", "user_id": self.user_inspector.id}
        )
        order = self._create_order()
        job = self._finish(order, own)
        order.with_user(self.user_advisor).action_request_quality_check()
        inspector = order.with_user(self.user_inspector)
        with self.assertRefused("has worked on it"):
            inspector.action_pass_quality_check()
        with self.assertRefused("has worked on it"):
            job.with_user(self.user_inspector).write({"state": "passed"})
        job.with_user(self.user_workshop_supervisor).write({"state": "passed"})
        with self.assertRefused("has worked on it"):
            inspector.write({"state": "ready"})
        self.env.company.car_allow_own_inspection = True
        inspector.action_pass_quality_check()
        self.assertEqual(order.state, "ready")

    # === THREE LINKS === #

    def test_three_links_come_in_order_by_different_persons(self):
        order = self._hand_over()
        self.assertEqual(order.waiting_for, "technician")
        with self.assertRefused("your role does not decide|leader of its team"):
            order.with_user(self.user_inspector).action_pass_quality_check()
        job = order.job_ids.with_user(self.user_leader)
        self.assertTrue(job.can_accept)
        job.action_accept()
        self.assertEqual(order.quality_due, "inspection")
        order.with_user(self.user_inspector).action_pass_quality_check()
        self.assertEqual(order.state, "quality_check")
        self.assertEqual(order.waiting_for, "reviewer")
        with self.assertRefused("role does not decide", AccessError):
            order.with_user(self.user_inspector).action_pass_quality_check()
        order.with_user(self.user_supervisor).action_pass_quality_check()
        self.assertEqual(order.state, "ready")
        self.assertEqual(order.job_ids.state, "passed")
        self.assertEqual(
            self._links(order),
            [
                ("acceptance", "passed"),
                ("inspection", "passed"),
                ("review", "passed"),
            ],
        )

    def test_one_person_does_not_give_two_links(self):
        order = self._hand_over()
        order.job_ids.with_user(self.user_workshop_supervisor).action_accept()
        with self.assertRefused("another person gives this one"):
            order.with_user(self.user_workshop_supervisor).action_pass_quality_check()
        order.with_user(self.user_inspector).action_pass_quality_check()
        with self.assertRefused("another person gives this one"):
            order.with_user(self.user_workshop_supervisor).action_pass_quality_check()

    def test_leader_does_not_accept_his_own_work(self):
        order = self._create_order(type_id=self.type_links.id)
        job = self._finish(order, self.leader)
        with self.assertRefused("has worked on it"):
            job.with_user(self.user_leader).action_accept()

    def test_only_the_leader_accepts(self):
        order = self._hand_over()
        job = order.job_ids
        self.assertFalse(job.with_user(self.user_technician).can_accept)
        with self.assertRefused("leader of its team accepts", AccessError):
            job.with_user(self.user_technician).action_accept()
        jobs = self.env["car.repair.job"].with_user(self.user_leader)
        self.assertEqual(jobs.search([("can_accept", "=", True)]), job)
        job.with_user(self.user_leader).action_accept()
        self.assertFalse(jobs.search([("can_accept", "=", True)]))
        with self.assertRefused("accepted already"):
            job.with_user(self.user_leader).action_accept()

    def test_no_state_is_reached_past_the_links(self):
        order = self._hand_over()
        with self.assertRefused("one by one"):
            order.job_ids.with_user(self.user_inspector).write({"state": "passed"})
        for state in ("ready", "delivered"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.user_manager).write({"state": state})
        checks = self.env["car.quality.check"].with_user(self.user_manager)
        with self.assertRaises(AccessError):
            checks.create(
                {"order_id": order.id, "link": "inspection", "result": "passed"}
            )
        order.job_ids.with_user(self.user_leader).action_accept()
        check = order.quality_check_ids.with_user(self.user_manager)
        for attempt in (lambda: check.write({"is_void": True}), check.unlink):
            with self.assertRaises(UserError):
                attempt()

    # === SELF-CHECK === #

    def test_technician_checks_his_own_work_before_he_finishes(self):
        order = self._create_order(type_id=self.type_links.id)
        self._authorize(order)
        self._issue(order)
        job = order.job_ids.with_user(self.user_technician)
        job.action_start()
        with self.assertRefused("self-check is missing"):
            job.action_finish()
        with self.assertRefused("self-check is missing"):
            order.with_user(self.user_advisor).action_finish_work()
        job.action_self_check()
        self.assertEqual(job.state, "done")
        self.assertEqual(job.self_checked_by_id, self.user_technician)

    def test_who_checked_himself_does_not_accept(self):
        order = self._hand_over()
        self.technician.user_id = self.user_technician
        self.team.leader_id = self.technician
        job = order.job_ids.with_user(self.user_technician)
        self.assertEqual(job.self_checked_by_id, self.user_technician)
        with self.assertRefused("has worked on it"):
            job.action_accept()

    # === REWORK === #

    def test_failed_check_is_counted_with_its_reason_and_starts_anew(self):
        order = self._hand_over()
        job = order.job_ids
        job.with_user(self.user_leader).action_accept()
        inspector = order.with_user(self.user_inspector)
        inspector.action_rework("Oil leaks at the filter")
        self.assertEqual(order.state, "in_workshop")
        self.assertEqual(job.state, "in_progress")
        self.assertEqual((order.rework_count, job.rework_count), (1, 1))
        self.assertEqual(job.rework_reason, "Oil leaks at the filter")
        self.assertFalse(job.is_self_checked)
        failed = order.quality_check_ids.filtered(lambda c: c.result == "failed")
        self.assertEqual(
            (failed.link, failed.user_id), ("inspection", inspector.env.user)
        )
        self.assertFalse(self._links(order))
        job.with_user(self.user_technician).action_self_check()
        inspector.action_request_quality_check()
        self.assertEqual(order.quality_due, "acceptance")

    def test_a_job_goes_back_with_a_reason_only(self):
        order = self._hand_over()
        job = order.job_ids
        with self.assertRefused("reason for the rework is missing"):
            job.with_user(self.user_inspector).write({"state": "in_progress"})
        with self.assertRefused("only an inspector", AccessError):
            job.with_user(self.user_technician).action_send_back("I want to")
        action = job.with_user(self.user_leader).action_send_back()
        dialog = self.env[action["res_model"]].with_user(self.user_leader)
        dialog.create({"job_id": job.id, "reason": "Bolts loose"}).action_confirm()
        self.assertEqual((job.state, job.rework_count), ("in_progress", 1))
        self.assertEqual((order.state, order.rework_count), ("in_workshop", 1))
        self.assertEqual(order.quality_check_ids.link, "acceptance")

    def test_counts_are_written_by_the_steps_only(self):
        order = self._hand_over()
        job = order.job_ids.with_user(self.user_advisor)
        job.write({"rework_count": 7})
        self.assertEqual(job.rework_count, 0)

    # === CHECKLIST === #

    def test_inspection_asks_for_the_sheet_without_defects(self):
        self.type_links.write(
            {
                "requires_acceptance": False,
                "requires_review": False,
                "requires_quality_sheet": True,
            }
        )
        self._create_template("quality", self.type_links)
        order = self._hand_over()
        inspector = order.with_user(self.user_inspector)
        with self.assertRefused("quality sheet is missing"):
            inspector.action_pass_quality_check()
        inspector.action_quality_sheet()
        sheet = order.inspection_ids.with_user(self.user_inspector)
        self.assertEqual(sheet.kind, "quality")
        sheet.line_ids[0].result = "defect"
        sheet.action_rest_ok()
        sheet.action_finish()
        with self.assertRefused("shows defects: Paint"):
            inspector.action_pass_quality_check()
        inspector.action_rework("Paint is scratched")
        order.job_ids.with_user(self.user_technician).action_self_check()
        inspector.action_request_quality_check()
        with self.assertRefused("quality sheet is missing"):
            inspector.action_pass_quality_check()
        inspector.action_quality_sheet()
        second = order.inspection_ids.with_user(self.user_inspector) - sheet
        second.action_rest_ok()
        second.action_finish()
        inspector.action_pass_quality_check()
        self.assertEqual(order.state, "ready")
        passed = order.quality_check_ids.filtered(lambda c: c.result == "passed")
        self.assertEqual(passed.inspection_id, second)

    def test_work_after_ready_makes_the_links_void(self):
        order = self._hand_over()
        order.job_ids.with_user(self.user_leader).action_accept()
        order.with_user(self.user_inspector).action_pass_quality_check()
        order.with_user(self.user_supervisor).action_pass_quality_check()
        order.with_user(self.user_advisor).action_rework("One more wish", "additional")
        self.assertEqual(order.state, "in_workshop")
        self.assertNotIn(("inspection", "passed"), self._links(order))
        self.assertEqual(order.rework_count, 0)
