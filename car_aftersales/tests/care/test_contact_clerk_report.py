from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .reports_common import ReportsCommon

TODAY = "2026-03-10"  # a Tuesday

NUMBERS = {
    "due_count": "action_open_due",
    "late_count": "action_open_late",
    "coming_count": "action_open_coming",
    "done_count": "action_open_done",
    "not_reached_count": "action_open_not_reached",
    "lent_count": "action_open_lent",
    "borrowed_count": "action_open_borrowed",
    "point_count": "action_open_points",
    "point_late_count": "action_open_points_late",
    "point_supervisor_count": "action_open_points_supervisor",
    "file_missing_count": "action_open_files",
    "file_late_count": "action_open_files_late",
}


@tagged("post_install", "-at_install")
class TestContactClerkReport(ReportsCommon):
    """The supervisor's overview, counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_clerk = new_test_user(
            cls.env,
            login="car_other_clerk",
            name="Other Clerk",
            groups="car_aftersales.car_aftersales_group_follow_up_clerk",
        )

    def _get_row(self, clerk, user=None):
        self.env.invalidate_all()
        return (
            self.env["car.contact.clerk.report"]
            .with_user(user or self.user_supervisor)
            .search([("clerk_id", "=", clerk.id), ("company_id", "=", self.company.id)])
        )

    def _assert_row(self, row, **numbers):
        """Expect these numbers, all others zero, and as many records behind each."""
        for number, action in NUMBERS.items():
            self.assertEqual(row[number], numbers.get(number, 0), number)
            opened = getattr(row, action)()
            found = self.env[opened["res_model"]].search_count(opened["domain"])
            self.assertEqual(found, row[number], f"behind {number}")

    def test_contacts_are_due_late_or_coming(self):
        self._create_task("2026-03-01", "2026-03-09")  # late
        self._create_task("2026-03-08", "2026-03-10")  # due, the last day is today
        self._create_task("2026-03-10", "2026-03-12")  # due, the first day is today
        self._create_task("2026-03-09", "2026-03-15", call_on="2026-03-11")  # try later
        self._create_task("2026-03-11", "2026-03-15")  # coming
        self._create_task("2026-03-05", "2026-03-08", call_on="2026-03-12")  # late
        with self._on(TODAY):
            self._assert_row(
                self._get_row(self.user_follow_up_clerk),
                late_count=2,
                due_count=2,
                coming_count=2,
            )

    def test_the_day_is_the_companys(self):
        self._create_task("2026-03-10", "2026-03-10")
        with self._on("2026-03-10", hour=23):  # the 10th in UTC, too
            self.assertEqual(self._get_row(self.user_follow_up_clerk).due_count, 1)
        with self._on("2026-03-11", hour=1):  # still the 10th in UTC
            row = self._get_row(self.user_follow_up_clerk)
            self.assertEqual((row.due_count, row.late_count), (0, 1))

    def test_done_and_not_reached_count_this_month_only(self):
        before = self._create_task("2026-02-20", "2026-02-28")
        self._hold(before, "2026-02-27")
        done = self._create_task("2026-03-01", "2026-03-05")
        self._hold(done, "2026-03-03")
        in_vain = self._create_task("2026-03-01", "2026-03-05")
        for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
            self._hold(in_vain, day, "no_answer")
        self.assertEqual(in_vain.close_reason, "not_reached")
        with self._on(TODAY):
            self._assert_row(
                self._get_row(self.user_follow_up_clerk),
                done_count=1,
                not_reached_count=1,
            )

    def test_points_are_counted_with_their_clock(self):
        self._say("2026-03-10")
        self._say("2026-03-07")  # to be reported until the 9th
        escalated = self._say("2026-03-10", question="Do we pay?")
        solved = self._say("2026-03-09", solution="A new clip")
        told = self._say("2026-03-10", solution="Yes")
        with self._on("2026-03-09"):
            solved.action_solve()  # and not told on that day
        with self._on(TODAY):
            escalated.action_escalate()
            told.action_answer()
            self._assert_row(
                self._get_row(self.user_follow_up_clerk),
                late_count=1,  # the contact to tell the solution
                point_count=4,
                point_late_count=2,
                point_supervisor_count=1,
            )

    def test_files_without_a_clerk_are_the_companys_clerks(self):
        files = self.env["car.customer.file"]
        with self._on("2026-03-07"):  # due on the 9th
            files.create({"partner_id": self.customer.id})
        with self._on("2026-03-09"):
            files.create({"partner_id": self._create_customer("李雷").id})
            files.create(
                {
                    "partner_id": self._create_customer("韩梅梅").id,
                    "clerk_id": self.other_clerk.id,
                }
            )
        with self._on(TODAY):
            self._assert_row(
                self._get_row(self.user_follow_up_clerk),
                file_missing_count=2,
                file_late_count=1,
            )
            self._assert_row(self._get_row(self.other_clerk), file_missing_count=1)

    def test_deputies_are_visible_on_both_sides(self):
        self._create_task("2026-03-10", "2026-03-12")
        self._create_task("2026-03-01", "2026-03-05")
        with self._on(TODAY):
            self.env["car.contact.deputy"].with_user(self.user_supervisor).create(
                {
                    "clerk_id": self.user_follow_up_clerk.id,
                    "deputy_id": self.other_clerk.id,
                    "date_from": "2026-03-09",
                    "date_to": "2026-03-13",
                }
            )
            absent = self._get_row(self.user_follow_up_clerk)
            self._assert_row(absent, lent_count=2)
            self.assertEqual(
                absent.stand_in_text, "Away until 2026-03-13: Other Clerk stands in"
            )
            deputy = self._get_row(self.other_clerk)
            self._assert_row(deputy, due_count=1, late_count=1, borrowed_count=2)
            self.assertEqual(
                deputy.stand_in_text, "Stands in for Follow Up Clerk until 2026-03-13"
            )

    def test_what_is_nobodys_has_a_row(self):
        self._create_task("2026-03-10", "2026-03-12", clerk_id=False).sudo().write(
            {"clerk_id": False, "original_clerk_id": False}
        )
        with self._on(TODAY):
            row = self._get_row(self.env["res.users"])
            self._assert_row(row, due_count=1)
            self.assertEqual(row.display_name, "Nobody")

    def test_supervisors_see_their_own_companies_only(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self._create_task(
            "2026-03-10", "2026-03-12", company_id=other.id, vehicle_id=False
        )
        self._create_task("2026-03-10", "2026-03-12")
        with self._on(TODAY):
            rows = (
                self.env["car.contact.clerk.report"]
                .with_user(self.user_supervisor)
                .search([])
            )
            self.assertNotIn(other, rows.company_id)
            self.assertIn(self.company, rows.company_id)

    def test_clerks_do_not_open_the_overview(self):
        for user in (
            self.user_follow_up_clerk,
            self.user_advisor,
            self.user_technician,
        ):
            with self.assertRaises(AccessError):
                self._get_row(self.user_follow_up_clerk, user)

    def test_the_overview_costs_the_same_whoever_is_on_it(self):
        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["car.contact.clerk.report"].with_user(
                self.user_supervisor
            ).web_search_read(
                [],
                {
                    "stand_in_text": {},
                    "clerk_id": {"fields": {"display_name": {}}},
                    **{number: {} for number in NUMBERS},
                },
            )
            return self.env.cr.sql_log_count - before

        self._create_task("2026-03-10", "2026-03-12")
        with self._on(TODAY):
            read()
            few = read()
            for number in range(8):
                clerk = new_test_user(
                    self.env,
                    login=f"car_clerk_{number}",
                    groups="car_aftersales.car_aftersales_group_follow_up_clerk",
                )
                self._create_task("2026-03-10", "2026-03-12", clerk_id=clerk.id)
                self._say(TODAY, user=clerk)
            read()  # new users empty the caches of rules
            self.assertEqual(read(), few)
