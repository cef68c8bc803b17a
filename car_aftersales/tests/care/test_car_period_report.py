from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .reports_common import ReportsCommon

TEXTS = {
    "achievements": "<p>Every first call was held</p>",
    "problems": "<p>Parts came late</p>",
    "measures": "<p>Two suppliers more, by April</p>",
}


class PeriodReportCommon(ReportsCommon):
    def _write_report(self, user=None, **values):
        return (
            self.env["car.period.report"]
            .with_user(user or self.user_supervisor)
            .create({"period": "month", "date_from": "2026-03-01", **values})
        )

    def _archive(self, report):
        """Take a report the whole way."""
        with self._on("2026-04-01"):
            report.write(TEXTS)
            report.action_submit()
            report.action_plan_meeting()
        with self._on("2026-04-03"):
            report.action_present()
            report.action_archive_report()
        return report


@tagged("post_install", "-at_install")
class TestCarPeriodReport(PeriodReportCommon):
    """The way of a summary from the draft to the archive (R-141)."""

    def test_a_summary_goes_from_draft_to_archive(self):
        report = self._write_report(date_from="2026-03-17")
        self.assertEqual(str(report.date_from), "2026-03-01")
        self.assertTrue(report.line_ids)
        self._archive(report)
        self.assertEqual(report.submitted_by_id, self.user_supervisor)
        self.assertEqual(report.presented_at, report.event_id.start)
        self.assertEqual(report.present_names, "Supervisor")
        paper = report.attachment_id
        self.assertEqual((paper.res_model, paper.res_id), (report._name, report.id))
        content = paper.sudo().raw.decode()
        for text in (
            "Every first call was held",
            "Cars received",
            "Two suppliers more",
        ):
            self.assertIn(text, content)

    def test_the_meeting_is_proposed_on_the_next_working_day(self):
        report = self._write_report()
        with self._on("2026-03-25"):
            report.action_plan_meeting()
        # The period ends on Tuesday the 31st; nine in Shanghai
        self.assertEqual(str(report.event_id.start), "2026-04-01 01:00:00")
        self.assertEqual(report.event_id.res_id, report.id)
        event = report.event_id
        report.action_plan_meeting()
        self.assertEqual(report.event_id, event)

    def test_figures_are_frozen_when_submitted(self):
        report = self._write_report()
        self._say("2026-03-04")
        with self._on("2026-03-20"):
            report.action_refresh()
        self.assertEqual(self._get_value(report, "points.said"), 1)
        self._say("2026-03-21")
        with self._on("2026-03-31"):
            report.write(TEXTS)
            report.action_submit()
        self.assertEqual(self._get_value(report, "points.said"), 2)
        self._say("2026-03-31")
        with self.assertRefused("frozen"):
            report.action_refresh()
        self.assertEqual(self._get_value(report, "points.said"), 2)

    def _get_value(self, report, code):
        return report.line_ids.filtered(lambda line: line.code == code).value

    def test_figures_are_not_written_by_hand(self):
        report = self._write_report()
        line = report.line_ids[0]
        with self.assertRaises(AccessError):
            line.value = 1000
        with self.assertRaises(AccessError):
            report.write({"line_ids": [Command.update(line.id, {"value": 1000})]})
        with self.assertRaises(AccessError):
            report.write({"line_ids": [Command.delete(line.id)]})

    def test_a_period_that_goes_on_is_not_submitted(self):
        report = self._write_report(**TEXTS)
        with self._on("2026-03-30"), self.assertRefused("ends on 2026-03-31"):
            report.action_submit()
        with self._on("2026-03-31"):
            report.action_submit()
        self.assertEqual(report.state, "submitted")

    def test_a_report_without_text_is_not_submitted(self):
        report = self._write_report(**{**TEXTS, "problems": "<p><br></p>"})
        with self._on("2026-04-01"), self.assertRefused("still to write: Problems"):
            report.write({"state": "submitted"})

    def test_it_is_presented_in_a_meeting_that_took_place(self):
        report = self._write_report(**TEXTS)
        with self._on("2026-04-01"):
            report.action_submit()
            with self.assertRefused("plan the meeting"):
                report.action_present()
            report.action_plan_meeting()
            with self.assertRefused("the meeting is on 2026-04-02"):
                report.write({"state": "presented"})

    def test_steps_are_not_skipped(self):
        report = self._write_report(**TEXTS)
        for state in ("presented", "archived"):
            with self.assertRefused("cannot become"):
                report.write({"state": state})

    def test_what_was_submitted_stays_but_for_the_decisions(self):
        report = self._write_report(**TEXTS)
        with self._on("2026-04-01"):
            report.action_submit()
        for values in ({"problems": "<p>None</p>"}, {"date_from": "2026-02-01"}):
            with self.assertRefused("only the decisions"):
                report.write(values)
        with self.assertRefused("stays on record"):
            report.unlink()
        report.minutes = "<p>Buy from two more</p>"
        self.assertIn("two more", report.minutes)

    def test_stamps_come_from_steps_only(self):
        report = self._write_report(presented_at="2026-01-01 00:00:00")
        self.assertFalse(report.presented_at)
        for values in (
            {"presented_at": "2026-01-01 00:00:00"},
            {"event_id": False},
            {"attachment_id": False},
        ):
            with self.assertRefused("come from its steps"):
                report.write(values)

    def test_an_archived_report_is_locked(self):
        report = self._archive(self._write_report())
        for values in (
            {"minutes": "<p>Otherwise</p>"},
            {"problems": "<p>None</p>"},
            {"user_id": self.user_manager.id},
            {"state": "presented"},
        ):
            with self.assertRefused("archived and cannot be changed"):
                report.write(values)
        with self.assertRefused("archived and cannot be changed"):
            report.action_plan_meeting()
        with self.assertRefused("stays on record"):
            report.with_user(self.user_manager).unlink()

    def test_the_paper_of_an_archived_report_is_locked(self):
        report = self._archive(self._write_report())
        paper = report.attachment_id.with_user(self.user_manager)
        with self.assertRefused("archived and cannot be changed"):
            paper.write({"name": "other.pdf"})
        with self.assertRefused("archived and cannot be changed"):
            paper.unlink()
        with self.assertRefused("archived and cannot be changed"):
            self.env["ir.attachment"].with_user(self.user_supervisor).create(
                {"name": "late.txt", "res_model": report._name, "res_id": report.id}
            )

    def test_a_second_report_on_the_same_month_is_refused(self):
        self._write_report(date_from="2026-03-01")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._write_report(date_from="2026-03-31")
        # A review of the year, and another month, are other reports.
        self._write_report(period="year")
        self._write_report(date_from="2026-02-10")

    def test_only_the_manager_gives_it_back(self):
        report = self._write_report(**TEXTS)
        with self._on("2026-04-01"):
            report.action_submit()
        with self.assertRaises(AccessError):
            report.action_return()
        report.with_user(self.user_manager).action_return()
        self.assertEqual(report.state, "draft")
        self.assertFalse(report.submitted_at)
        report.problems = "<p>Parts came late twice</p>"

    def test_clerks_and_advisors_neither_read_nor_write_it(self):
        report = self._write_report()
        for user in (
            self.user_follow_up_clerk,
            self.user_advisor,
            self.user_workshop_supervisor,
            self.user_technician,
        ):
            with self.assertRaises(AccessError):
                report.with_user(user).read(["problems"])
            with self.assertRaises(AccessError):
                report.line_ids.with_user(user).read(["value"])
            with self.assertRaises(AccessError):
                report.with_user(user).write({"problems": "<p>None</p>"})
            with self.assertRaises(AccessError):
                report.with_user(user).action_refresh()
            with self.assertRaises(AccessError):
                self._write_report(user, date_from="2026-01-01")

    def test_the_manager_reads_it(self):
        report = self._write_report(**TEXTS)
        self.assertIn("late", report.with_user(self.user_manager).problems)

    def test_another_companys_report_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        report = self.env["car.period.report"].create(
            {"period": "month", "date_from": "2026-03-01", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            report.with_user(self.user_supervisor).read(["problems"])
        with self.assertRaises(AccessError):
            report.line_ids.with_user(self.user_supervisor).read(["value"])


@tagged("post_install", "-at_install")
class TestCarPeriodReportRemind(PeriodReportCommon):
    """The supervisor is reminded when a report is due, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["car.period.report"]
        cls.supervisor = cls.company._get_car_supervisor()

    def _remind(self, *days):
        for day in days:
            with self._on(day):
                self.reports._cron_remind()

    def _get_reports(self, period="month"):
        return self.reports.search(
            [("company_id", "=", self.company.id), ("period", "=", period)],
            order="date_from",
        )

    def _get_notes(self, report):
        return self.env["mail.message"].search(
            [
                ("model", "=", report._name),
                ("res_id", "=", report.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def _call(self, day):
        with self._on(day):
            self.env["car.contact.call"].with_user(self.user_follow_up_clerk).create(
                {"partner_id": self.customer.id, "summary": "Talk"}
            )

    def test_the_summary_is_due_three_days_before_the_month_ends(self):
        self._call("2026-03-05")
        self._remind("2026-03-27")
        self.assertFalse(self._get_reports())
        self._remind("2026-03-28")
        report = self._get_reports()
        self.assertEqual(str(report.date_from), "2026-03-01")
        self.assertEqual(report.user_id, self.supervisor)
        notes = self._get_notes(report)
        self.assertEqual(len(notes), 1)
        self.assertIn(self.supervisor.partner_id, notes.notified_partner_ids)
        self._remind("2026-03-29", "2026-03-31", "2026-04-02")
        self.assertEqual(self._get_reports(), report)
        self.assertEqual(len(self._get_notes(report)), 1)

    def test_days_missed_are_caught_up_with(self):
        self._call("2026-03-05")
        self._remind("2026-04-12")
        self.assertEqual(str(self._get_reports().date_from), "2026-03-01")

    def test_below_zero_is_after_the_end(self):
        self.company.car_summary_remind_days = -2
        self._call("2026-03-05")
        self._remind("2026-03-31", "2026-04-01")
        self.assertFalse(self._get_reports())
        self._remind("2026-04-02")
        self.assertEqual(len(self._get_reports()), 1)

    def test_a_draft_that_is_there_is_reminded_of(self):
        report = self._write_report()
        self._remind("2026-03-28", "2026-03-29")
        self.assertEqual(self._get_reports(), report)
        self.assertEqual(len(self._get_notes(report)), 1)

    def test_what_was_submitted_is_not_reminded_of(self):
        report = self._write_report(**TEXTS)
        with self._on("2026-03-31"):
            report.action_submit()
        self._remind("2026-04-01")
        self.assertFalse(self._get_notes(report))

    def test_where_nothing_happened_there_is_nothing_to_report(self):
        self._remind("2026-03-31")
        self.assertFalse(self._get_reports())

    def test_the_review_is_due_at_the_end_of_december(self):
        self._call("2026-06-05")
        self._remind("2026-12-16")
        self.assertFalse(self._get_reports("year"))
        self._remind("2026-12-17", "2027-01-03")
        report = self._get_reports("year")
        self.assertEqual(str(report.date_from), "2026-01-01")
        self.assertEqual(len(self._get_notes(report)), 1)
        self.assertEqual(report.display_name, "Yearly Review 2026")

    def test_the_meeting_day_is_no_holiday(self):
        leave = fields.Datetime.to_datetime("2026-03-31 16:00:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": leave,
                "date_to": fields.Datetime.add(leave, hours=24, seconds=-1),
            }
        )
        report = self._write_report()
        with self._on("2026-03-25"):
            report.action_plan_meeting()
        self.assertEqual(str(report.event_id.start), "2026-04-02 01:00:00")
