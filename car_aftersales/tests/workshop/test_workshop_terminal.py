import re
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from .common import CarWorkshopCommon

SECRETS = ("138 0013 8000", "13800138000", "中山路", "300.00", "50.00", "70.00")


class TerminalCommon(CarWorkshopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages speak the language of the company.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.partner_id.lang = "en_US"
        cls.technician = cls.env["car.technician"].create(
            {"name": "Li Wei", "badge": "BADGE-LI-0001", "pin_new": "2468"}
        )
        cls.colleague = cls.env["car.technician"].create(
            {"name": "Zhang San", "badge": "BADGE-ZHANG-0002", "pin_new": "1357"}
        )
        cls.terminal = (
            cls.env["car.workshop.terminal"]
            .with_user(cls.user_workshop_supervisor)
            .create({"name": "Tablet at bay 3"})
        )


@tagged("post_install", "-at_install")
class TestWorkshopTerminal(TerminalCommon):
    # === RIGHTS === #

    def test_the_link_is_read_by_those_who_lead_the_workshop(self):
        token = self.terminal.sudo().token
        self.assertGreaterEqual(len(token), 32)
        self.assertTrue(self.terminal.url.endswith(f"/car/terminal/{token}"))
        with self.assertRaises(AccessError):
            self.terminal.read(["token"])
        for persona in (self.user_technician, self.user_advisor, self.user_portal):
            with self.assertRaises(AccessError):
                self.env["car.workshop.terminal"].with_user(persona).search([])

    def test_nobody_chooses_a_link_and_a_new_one_ends_the_old(self):
        token = self.terminal.sudo().token
        other = self.terminal.create({"name": "Other", "token": "x" * 32})
        self.assertNotEqual(other.sudo().token, "x" * 32)
        self.terminal.action_renew()
        terminals = self.env["car.workshop.terminal"]
        self.assertFalse(terminals._get_by_token(token))
        self.assertFalse(terminals._get_by_token(""))
        self.assertEqual(
            terminals._get_by_token(self.terminal.sudo().token), self.terminal
        )

    def test_a_retired_terminal_is_closed(self):
        self.terminal.active = False
        terminals = self.env["car.workshop.terminal"]
        self.assertFalse(terminals._get_by_token(self.terminal.sudo().token))

    # === WHO === #

    def test_badge_or_pin_open_the_jobs_of_one_technician(self):
        terminal = self.terminal.sudo()
        self.assertEqual(terminal._sign_in(badge=" BADGE-LI-0001 "), self.technician)
        by_pin = terminal._sign_in(technician_id=self.technician.id, pin="2468")
        self.assertEqual(by_pin, self.technician)
        self.assertFalse(terminal._sign_in(technician_id=self.colleague.id, pin="2468"))

    def test_wrong_badges_lock_the_terminal_for_a_while(self):
        terminal = self.terminal.sudo()
        for _turn in range(self.env.company.car_pin_tries):
            self.assertFalse(terminal._sign_in(badge="GUESS"))
        self.assertFalse(terminal._sign_in(badge="BADGE-LI-0001"))
        self.assertTrue(terminal.locked_until > Datetime.now())
        terminal.locked_until = Datetime.now() - timedelta(minutes=1)
        self.assertEqual(terminal._sign_in(badge="BADGE-LI-0001"), self.technician)

    def test_technicians_of_other_sites_and_companies_do_not_sign_in_here(self):
        site = self.env["stock.warehouse"].create({"name": "North", "code": "NORTH"})
        team = self.env["car.workshop.team"].create(
            {"name": "North", "warehouse_id": site.id}
        )
        self.colleague.team_id = team
        company = self.env["res.company"].create({"name": "Other dealer"})
        stranger = self.env["car.technician"].create(
            {"name": "Stranger", "badge": "BADGE-STRANGER", "company_id": company.id}
        )
        terminal = self.terminal.sudo()
        self.assertFalse(terminal._sign_in(badge="BADGE-ZHANG-0002"))
        self.assertFalse(terminal._sign_in(badge=stranger.badge))

    # === WHAT === #

    def test_the_terminal_tells_no_price_phone_or_address(self):
        order = self._create_order()
        self._authorize(order)
        terminal = self.terminal.sudo()
        jobs = terminal._get_jobs(self.technician)
        self.assertEqual(jobs, order.job_ids)
        values = terminal._get_job_values(jobs, with_lines=True)
        self.assertEqual(
            set(values),
            {
                "id",
                "number",
                "plate",
                "model",
                "vin",
                "complaint",
                "customer",
                "state",
                "state_label",
                "waiting",
                "promised",
                "is_late",
                "sold_hours",
                "worked_hours",
                "workers",
                "is_working",
                "cause",
                "correction",
                "fault_codes",
                "asks_self_check",
                "found",
                "lines",
            },
        )
        self.assertEqual(
            set(values["lines"][0]),
            {
                "name",
                "code",
                "quantity",
                "hours",
                "kind",
                "is_agreed",
                "answer",
                "parts",
            },
        )

    def test_moments_are_told_by_the_clock_of_the_site(self):
        self.company.resource_calendar_id.tz = "UTC"
        self.env["car.workshop.team"].create(
            {
                "name": "Team of the site",
                "sequence": 0,
                "warehouse_id": self.terminal.sudo().warehouse_id.id,
                "resource_calendar_id": self.env["resource.calendar"]
                .create({"name": "Workshop hours", "tz": "Asia/Shanghai"})
                .id,
            }
        )
        order = self._create_order()
        self._authorize(order)
        job = order.job_ids.sudo()
        order.sudo().promised_at = Datetime.to_datetime("2026-03-02 09:00:00")
        terminal = self.env["car.workshop.terminal"]._get_by_token(
            self.terminal.sudo().token
        )
        self.assertEqual(terminal._get_job_values(job)["promised"], "03-02 17:00")

    def test_jobs_of_others_are_not_taken_up(self):
        order = self._create_order()
        self._authorize(order)
        terminal = self.terminal.sudo()
        order.job_ids.technician_ids = self.colleague
        self.assertFalse(terminal._get_jobs(self.technician))
        self.assertTrue(terminal._get_jobs(self.colleague))


@tagged("post_install", "-at_install")
class TestWorkshopTerminalPages(TerminalCommon, HttpCase):
    def setUp(self):
        super().setUp()
        order = self._create_order()
        self._authorize(order)
        self.job = order.job_ids.sudo()
        self.home = f"/car/terminal/{self.terminal.sudo().token}"

    def _post(self, page, path, **values):
        """Press a button of a page, as the browser does."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        return self.url_open(f"{self.home}/{path}", {"csrf_token": token, **values})

    def test_a_technician_without_login_works_through_his_job(self):
        # Names only are shown before anybody has signed in.
        page = self.url_open(self.home)
        self.assertIn("Li Wei", page.text)
        self.assertNotIn("京A12345", page.text)

        # He scans his badge and sees the job, without price, phone and address.
        page = self._post(page, "sign_in", badge="BADGE-LI-0001")
        self.assertIn("京A12345", page.text)
        page = self.url_open(f"{self.home}/job/{self.job.id}")
        self.assertIn("Oil service", page.text)
        for secret in SECRETS:
            self.assertNotIn(secret, page.text)

        # He starts, pauses with a reason, goes on, writes down what he found.
        page = self._post(page, f"job/{self.job.id}/start")
        self.assertEqual(self.job.state, "in_progress")
        self.assertEqual(self.job.session_ids.technician_id, self.technician)
        page = self._post(page, f"job/{self.job.id}/pause", reason="tools")
        self.assertEqual(self.job.session_ids.stop_reason, "tools")
        page = self.url_open(f"{self.home}/job/{self.job.id}")
        page = self._post(page, f"job/{self.job.id}/resume")
        page = self._post(
            page, f"job/{self.job.id}/finish", cause="Old oil", correction="Changed"
        )
        self.assertEqual(self.job.state, "done")
        self.assertEqual(self.job.cause, "Old oil")

        # Signed out, the page shows names again.
        page = self._post(page, "sign_out")
        self.assertNotIn("京A12345", page.text)
        page = self.url_open(f"{self.home}/job/{self.job.id}")
        self.assertNotIn("京A12345", page.text)

    def test_a_refusal_is_shown_in_plain_words_and_nothing_is_half_done(self):
        page = self._post(self.url_open(self.home), "sign_in", badge="BADGE-LI-0001")
        second = self._create_order()
        self._authorize(second)
        page = self._post(page, f"job/{self.job.id}/start")
        page = self.url_open(f"{self.home}/job/{second.job_ids.id}")
        page = self._post(page, f"job/{second.job_ids.id}/start")
        self.assertEqual(page.status_code, 200)
        self.assertIn("one job at a time", page.text)
        self.assertEqual(second.job_ids.state, "authorized")

    def test_wrong_links_pins_steps_and_jobs_open_nothing(self):
        self.assertEqual(self.url_open("/car/terminal/" + "x" * 32).status_code, 404)
        page = self.url_open(f"{self.home}/choose/{self.technician.id}")
        page = self._post(page, "sign_in", technician=self.technician.id, pin="0000")
        self.assertIn("This PIN is wrong", page.text)
        self.assertNotIn("京A12345", page.text)
        page = self._post(page, "sign_in", technician=self.technician.id, pin="2468")
        self.assertIn("京A12345", page.text)
        page = self.url_open(f"{self.home}/job/{self.job.id}")
        self.assertEqual(self._post(page, f"job/{self.job.id}/write").status_code, 404)
        self.job.technician_ids = self.colleague
        refused = self.url_open(f"{self.home}/job/{self.job.id}")
        self.assertEqual(refused.status_code, 404)

    def test_a_step_needs_the_page_it_was_taken_on(self):
        self._post(self.url_open(self.home), "sign_in", badge="BADGE-LI-0001")
        response = self.url_open(
            f"{self.home}/job/{self.job.id}/start", {"csrf_token": "forged"}
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.job.state, "authorized")
