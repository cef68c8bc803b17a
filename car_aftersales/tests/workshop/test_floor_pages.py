import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .floor_common import FloorSecurityCommon


@tagged("post_install", "-at_install")
class TestFloorPages(FloorSecurityCommon, HttpCase):
    """What is asked of the pages that need no login, and of those of customers."""

    def setUp(self):
        super().setUp()
        self.env.company.partner_id.lang = "en_US"
        terminal = (
            self.env["car.workshop.terminal"]
            .with_user(self.user_workshop_supervisor)
            .create({"name": "Tablet"})
        )
        self.home = f"/car/terminal/{terminal.sudo().token}"

    def _post(self, page, path, **values):
        """Press a button of a page, as the browser does."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        return self.url_open(f"{self.home}/{path}", {"csrf_token": token, **values})

    def test_the_tablet_shows_and_writes_no_other_field(self):
        page = self._post(self.url_open(self.home), "sign_in", badge="BADGE-LI-0001")
        path = f"job/{self.job.id}"
        asked = "?fields=price_unit,phone&line_ids.price_unit=1&order_id=1&debug=1"
        for address in (f"{self.home}{asked}", f"{self.home}/{path}{asked}"):
            page = self.url_open(address)
            self.assertEqual(page.status_code, 200)
            self.assertNoSecret(page.text, address)
        page = self._post(page, f"{path}/start", state="done", name="x")
        self.assertEqual(
            (self.job.state, self.job.name), ("in_progress", "Oil service")
        )
        before = self.job.sudo().read()[0]
        page = self._post(
            page,
            f"{path}/note",
            cause="Worn",
            name="x",
            state="passed",
            team_id="1",
            rework_count="9",
            order_id="1",
            waiting_reason="x",
        )
        self.assertNoSecret(page.text, "note")
        after = self.job.sudo().read()[0]
        changed = {name for name in after if after[name] != before[name]}
        self.assertLessEqual(
            changed - {"worked_hours", "message_ids"},
            {"cause", "write_date", "write_uid"},
        )

    def test_the_tablet_reports_what_it_asks_for_only(self):
        page = self._post(self.url_open(self.home), "sign_in", badge="BADGE-LI-0001")
        path = f"job/{self.job.id}"
        page = self._post(page, f"{path}/start")
        page = self._post(
            page,
            f"{path}/report",
            name="Pads worn",
            state="agreed",
            reached_at="2026-01-01",
            technician_id="1",
            extra_hours="99",
            job_id="1",
        )
        self.assertNoSecret(page.text, "report")
        work = self.job.additional_work_ids
        self.assertEqual((work.state, work.extra_hours), ("reported", 0.0))
        self.assertFalse(work.reached_at)
        self.assertEqual(work.technician_id, self.li)
        # A choice that does not exist is refused in words.
        page = self._post(page, f"{path}/report", name="Disc", urgency="at once")
        self.assertEqual(page.status_code, 200)
        page = self._post(page, f"{path}/pause", reason="lunch")
        self.assertEqual(page.status_code, 200)
        self.assertIn("choose why", page.text)
        self.assertEqual(self.job.additional_work_ids, work)

    def test_boards_tell_neither_price_nor_phone(self):
        self._play_the_floor()
        token = self.board.sudo().token
        page = self.url_open(f"/car/board/{token}?fields=phone&order_id=1")
        self.assertNoSecret(page.text, "board")
        content = self.make_jsonrpc_request(f"/car/board/{token}/content", {})
        self.assertNoSecret(str(content), "board")
        self.assertIn("京A12345", str(content))

    def test_customers_links_open_nothing_for_him(self):
        self._issue(self.order)
        self._work(self.order)
        self._pass_quality(self.order)
        invoice = self._bill(self.order)
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_technician).get_portal_url()
        self.authenticate("car_technician", "car_technician")
        for address in (
            f"/my/invoices/{invoice.id}",
            f"/my/invoices/{invoice.id}?access_token=guess",
            f"/report/html/account.report_invoice/{invoice.id}",
            f"/report/html/car_aftersales.report_car_repair_order_estimate/{self.order.id}",
            f"/mail/view?model=car.repair.order&res_id={self.order.id}",
        ):
            with self.subTest(address=address), mute_logger("odoo.http"):
                self.assertNoSecret(self.url_open(address).text, address)
        thread = {"thread_model": self.job._name, "thread_id": self.job.id}
        for address in (
            "/mail/thread/recipients/get_suggested_recipients",
            "/mail/thread/messages",
        ):
            answer = self.make_jsonrpc_request(address, thread)
            self.assertNoSecret(str(answer), address)
