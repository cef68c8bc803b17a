from datetime import datetime

from odoo import fields
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCarComplaintClock(ComplaintCommon):
    """Deadlines by severity, and what happens when they pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"

    def _cron(self):
        self._run_cron("car_complaint_cron_escalate")

    def test_severity_decides_on_the_deadlines(self):
        self.company.write(
            {
                "car_complaint_reply_hours_major": 2,
                "car_complaint_solve_days_major": 1,
                "car_complaint_reply_hours_minor": 24,
                "car_complaint_solve_days_minor": 5,
            }
        )
        complaint = self._complain(severity="major")
        self.assertEqual(complaint.reply_due_at, datetime(2026, 3, 2, 4, 0))
        self.assertEqual(complaint.solve_due_on, fields.Date.to_date("2026-03-03"))
        complaint.severity = "minor"
        self.assertEqual(complaint.reply_due_at, datetime(2026, 3, 3, 2, 0))
        self.assertEqual(complaint.solve_due_on, fields.Date.to_date("2026-03-07"))

    def test_working_days_skip_the_weekend(self):
        self.company.car_days_are_working_days = True
        friday = datetime(2026, 3, 6, 8, 0)  # four in the afternoon in Shanghai
        complaint = self.env["car.complaint"].create(
            {"text": "On Friday", "received_at": friday, "severity": "normal"}
        )
        # Eight hours end on Friday at midnight; the rest does not count.
        self.assertEqual(complaint.reply_due_at, datetime(2026, 3, 6, 16, 0))
        self.company.car_complaint_reply_hours_normal = 10
        complaint = complaint.copy({"received_at": friday})
        self.assertEqual(complaint.reply_due_at, datetime(2026, 3, 8, 18, 0))
        self.assertEqual(complaint.solve_due_on, fields.Date.to_date("2026-03-10"))

    def test_response_time_is_measured_to_the_first_word(self):
        complaint = self._classify(self._complain())
        with self._later(hours=10):
            complaint.reply_text = "We look into it"
            complaint.action_reply()
        with self._later(hours=20):
            self._answer(complaint)
        self.assertAlmostEqual(complaint.response_hours, 10.0)
        self.assertTrue(complaint.is_replied_late, "eight hours were allowed")
        self.assertFalse(complaint.is_answered_late)

    def test_answer_at_once_is_the_first_reply_too(self):
        complaint = self._answer(self._complain())
        self.assertEqual(complaint.response_hours, 0.0)
        self.assertTrue(complaint.replied_at)
        self.assertFalse(complaint.is_replied_late)

    def test_late_ones_are_found_and_fall_out_when_answered(self):
        late = self._complain()
        early = self._complain(severity="minor")
        complaints = self.env["car.complaint"].search([])
        with self._later(hours=9):
            self.assertTrue(late.is_late)
            self.assertFalse(early.is_late)
            self.assertEqual(complaints.search([("is_late", "=", True)]), late)
            self.assertIn(early, complaints.search([("is_late", "=", False)]))
            self._classify(late)
            late.reply_text = "We look into it"
            late.action_reply()
            late.invalidate_recordset(["is_late"])
            self.assertFalse(late.is_late)
        with self._later(days=3):
            self.assertTrue(late.is_late, "the answer is due as well")
            self._answer(late)
            self.assertFalse(complaints.search([("is_late", "=", True)]) & late)
            self.assertTrue(late.is_answered_late)

    def test_deadline_missed_goes_to_the_supervisor_once(self):
        complaint = self._complain()
        self._cron()
        self.assertFalse(complaint.escalated_at)
        with self._later(hours=9):
            self._cron()
            self.assertTrue(complaint.escalated_at)
            self.assertTrue(complaint.is_escalated_by_time)
            self.assertEqual(complaint.supervisor_id, self.user_supervisor)
        with self._later(days=4):
            self._cron()
            self._cron()
        told = self._notified(self.user_supervisor)
        self.assertEqual(told.count("A complaint waits for a decision"), 1)

    def test_taken_up_again_is_with_the_supervisor_anew(self):
        complaint = self._complain()
        with self._later(hours=9):
            self._cron()
            self._answer(complaint)
        with self._later(days=2):
            complaint.action_reopen("It still rattles")
        self.assertFalse(complaint.is_escalated_by_time)
        with self._later(days=9):
            self._cron()
        told = self._notified(self.user_supervisor)
        self.assertEqual(told.count("A complaint waits for a decision"), 2)

    def test_answered_or_withdrawn_in_time_is_never_reported(self):
        answered = self._answer(self._complain())
        withdrawn = self._complain()
        withdrawn.action_withdraw("A mistake")
        with self._later(days=30):
            self._cron()
        self.assertFalse((answered | withdrawn).filtered("escalated_at"))

    def test_reporting_by_hand_carries_the_question(self):
        complaint = self._complain()
        self.env["car.complaint.reason"].with_user(self.user_follow_up_clerk).create(
            {
                "complaint_id": complaint.id,
                "verb": "escalate",
                "reason": "May we lend him a car?",
            }
        ).action_confirm()
        self.assertEqual(complaint.escalation_question, "May we lend him a car?")
        self.assertFalse(complaint.is_escalated_by_time)
        with self._later(days=4):
            self._cron()
        self.assertEqual(
            self._notified(self.user_supervisor).count(
                "A complaint waits for a decision"
            ),
            1,
            "who has it already is not told again",
        )
        self._answer(complaint)
        with self.assertRefused("answered already"):
            complaint.action_escalate("And now?")
