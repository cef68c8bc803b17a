import base64
import io
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import openpyxl
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .letter_common import CarLetterCommon


class CarRegisterCommon(CarLetterCommon):
    def _create_register(self, kind="call", user=None, **values):
        return (
            self.env["car.contact.register"]
            .with_user(user or self.clerk)
            .create(
                {
                    "kind": kind,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    **values,
                }
            )
        )

    @contextmanager
    def assertOverlap(self):
        """Expect the refusal of the database, in words."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        registers = self.env["car.contact.register"]
        self.assertIn("overlap", registers._sql_error_to_message(caught.exception))

    def _render(self, register):
        return (
            self.env["ir.actions.report"]
            .with_user(self.clerk)
            ._render_qweb_html(
                "car_aftersales.report_car_contact_register", register.ids
            )[0]
            .decode()
        )

    def _read_sheet(self, register):
        register = register.with_user(self.user_supervisor)
        register.invalidate_recordset()
        content = base64.b64decode(register.spreadsheet)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]


@tagged("post_install", "-at_install")
class TestRegister(CarRegisterCommon):
    """登记表: a line for each call or letter of a period, archived once and for all."""

    def test_last_month_is_proposed(self):
        with self._day("2026-03-02"):
            register = self.env["car.contact.register"].with_user(self.clerk).new({})
            self.assertEqual(
                (register.date_from, register.date_to),
                (date(2026, 2, 1), date(2026, 2, 28)),
            )

    def test_a_line_for_each_call_held(self):
        first = self._log_call(direction="in", kind="consultation")
        first.with_user(self.clerk).point_ids = [
            Command.create({"kind": "complaint", "text": "Cold"})
        ]
        self._log_call(started_at="2026-03-01 17:30:00", summary="Late on Monday")
        self._log_call(started_at="2026-02-28 15:30:00", summary="Still February")
        self._log_call(started_at="2026-02-28 16:30:00", summary="March in Shanghai")
        self.env["car.contact.call"].with_user(self.clerk).create(
            {"partner_id": self.customer.id, "summary": "Talking"}
        )
        register = self._create_register()
        rows = register._get_rows()
        self.assertEqual(register.line_count, 3)
        self.assertEqual([row["seq"] for row in rows], [1, 2, 3])
        self.assertEqual(
            [row["content"] for row in rows[:2]],
            ["March in Shanghai", "Late on Monday"],
        )
        row = rows[2]
        self.assertEqual(
            {name: row[name] for name in ("customer", "plate", "direction", "handler")},
            {
                "customer": "王小明",
                "plate": "京A12345",
                "direction": "The customer called",
                "handler": self.clerk.name,
            },
        )
        self.assertEqual(row["number"], first.name)
        self.assertIn("Reached; Customer Complaint: Being Studied", row["result"])
        content = self._render(register)
        for text in ("Register of Follow-Up Calls", first.name, "Not archived yet"):
            self.assertIn(text, content)
        self.assertNotIn("Still February", content)

    def test_a_line_for_each_letter_sent(self):
        call = self._log_call()
        letter = self._write_letter(call_id=call.id)
        letter.action_send()
        letter.remark = "Registered mail"
        self._write_letter(template_id=self.campaign_template.id)
        mail = self._write_letter(channel="mail")
        mail.action_send()
        rows = self._create_register("letter")._get_rows()
        self.assertEqual(len(rows), 2)
        self.assertEqual(
            {key: rows[0][key] for key in ("kind", "channel", "related", "remark")},
            {
                "kind": "Notice",
                "channel": "Post",
                "related": call.name,
                "remark": "Registered mail",
            },
        )
        self.assertEqual(rows[0]["subject"], letter.subject)
        self.assertIn("中山路", rows[0]["address"])
        self.assertEqual(rows[1]["address"], "wang@example.com")

    def test_the_spreadsheet_holds_the_same(self):
        call = self._log_call(summary="=1+1")
        rows = self._read_sheet(self._create_register())
        self.assertIn("Register of Follow-Up Calls", rows[0][0])
        self.assertEqual(rows[3][:3], ["No.", "Date and Time", "Customer"])
        self.assertEqual(rows[4][0], 1)
        self.assertEqual(rows[4][1], datetime(2026, 3, 2, 10, 0))
        self.assertEqual(rows[4][7], "=1+1")
        self.assertEqual(rows[4][10], call.name)

    def test_the_spreadsheet_is_the_supervisors(self):
        register = self._create_register()
        with self.assertRefused("supervisors only", AccessError):
            register.action_spreadsheet()
        for name in ("spreadsheet", "kept_xlsx"):
            with self.assertRaises(AccessError):
                register.read([name])
        action = register.with_user(self.user_supervisor).action_spreadsheet()
        self.assertIn(f"/{register.id}/spreadsheet", action["url"])

    def test_many_lines_cost_as_many_queries_as_few(self):
        def count(register):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            register._get_rows()
            return self.env.cr.sql_log_count - before

        register = self._create_register()
        for number in range(2):
            call = self._log_call(summary=str(number))
            call.point_ids = [Command.create({"text": "x"})]
        count(register)
        few = count(register)
        for number in range(30):
            partner = self.env["res.partner"].create({"name": f"P{number}"})
            call = self._log_call(partner_id=partner.id, vehicle_id=False)
            call.point_ids = [Command.create({"text": "x"})]
        self.assertEqual(count(register), few)
        self.assertEqual(len(register._get_rows()), 32)

    def test_one_register_for_the_same_days(self):
        self._create_register()
        self._create_register("letter")
        for days in (("2026-03-31", "2026-04-30"), ("2026-02-01", "2026-03-01")):
            with self.assertOverlap():
                self._create_register(date_from=days[0], date_to=days[1])
        self._create_register(date_from="2026-04-01", date_to="2026-04-30")
        other = self.env["res.company"].create({"name": "Other"})
        self.env["car.contact.register"].create(
            {
                "kind": "call",
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
                "company_id": other.id,
            }
        )


@tagged("post_install", "-at_install")
class TestRegisterArchived(CarRegisterCommon):
    """Archived: the files are kept, what is in it is locked, nothing is added."""

    def _archive(self, kind="call", user=None):
        register = self._create_register(kind, user)
        with self._day("2026-04-01"):
            register.action_archive_register()
        return register

    def test_archiving_keeps_the_files_and_locks_the_calls(self):
        call = self._log_call()
        later = self._log_call(started_at="2026-04-01 01:00:00")
        register = self._archive()
        self.assertEqual((register.state, register.kept_count), ("archived", 1))
        self.assertEqual(register.archived_by_id, self.clerk)
        self.assertEqual((call.state, later.state), ("archived", "done"))
        self.assertEqual(call.archived_by_id, self.clerk)
        with self.assertRefused("archived"):
            call.summary = "Changed"
        # The customer has another name now; the kept sheet has the old one.
        self.customer.name = "Renamed"
        rows = self._read_sheet(register)
        self.assertEqual((rows[4][2], rows[4][10]), ("王小明", call.name))
        paper = base64.b64decode(register.kept_pdf).decode()
        self.assertIn("王小明", paper)
        self.assertIn(f"Archived: {self.clerk.name}", " ".join(paper.split()))

    def test_printing_again_gives_the_kept_paper(self):
        self._log_call()
        register = self._archive()
        self.customer.name = "Renamed"
        streams = (
            self.env["ir.actions.report"]
            .with_user(self.clerk)
            ._render_qweb_pdf_prepare_streams(
                "car_aftersales.car_contact_register_report", {}, register.ids
            )
        )
        paper = streams[register.id]["stream"].getvalue().decode()
        self.assertIn("王小明", paper)
        self.assertNotIn("Renamed", paper)

    def test_archiving_locks_the_letters(self):
        letter = self._write_letter()
        letter.action_send()
        draft = self._write_letter(template_id=self.campaign_template.id)
        register = self._archive("letter")
        self.assertEqual(register.kept_count, 1)
        self.assertEqual((letter.state, draft.state), ("archived", "draft"))
        with self.assertRefused("archived"):
            letter.remark = "Later"

    def test_an_archived_register_stays(self):
        register = self._archive()
        for values in (
            {"date_to": "2026-04-30"},
            {"state": "open"},
            {"kind": "letter"},
        ):
            with self.assertRefused("archived"):
                register.write(values)
        with self.assertRefused("archived"):
            register.with_user(self.user_supervisor).write({"date_from": "2026-03-02"})
        with self.assertRefused("archived and stays"):
            register.unlink()
        with self.assertOverlap():
            self._create_register()
        with self.assertRefused("by archiving it"):
            self._create_register("letter").write({"kept_count": 5})
        self._create_register(date_from="2026-05-01", date_to="2026-05-02").unlink()

    def test_the_kept_files_are_not_replaced(self):
        register = self._archive(user=self.user_supervisor)
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", register._name),
                    ("res_field", "!=", False),
                    ("res_id", "=", register.id),
                ]
            )
        )
        self.assertEqual(len(files), 2)
        for kept in files.with_user(self.user_supervisor):
            with self.assertRaises(AccessError):
                kept.unlink()
            with self.assertRaises(AccessError):
                kept.write({"raw": b"x"})
        with self.assertRefused("by archiving it"):
            register.write({"kept_pdf": base64.b64encode(b"x")})

    def test_not_before_the_period_is_over(self):
        register = self._create_register()
        with self._day("2026-03-31"), self.assertRefused("not over yet"):
            register.action_archive_register()

    def test_not_while_a_call_has_no_outcome(self):
        call = (
            self.env["car.contact.call"]
            .with_user(self.clerk)
            .create({"partner_id": self.customer.id, "summary": "Talking"})
        )
        register = self._create_register()
        with self._day("2026-04-01"):
            with self.assertRefused(f"not ended yet: {call.name}"):
                register.action_archive_register()
            call.action_no_answer()
            register.action_archive_register()
        self.assertEqual(call.state, "archived")

    def test_nothing_is_added_to_an_archived_period(self):
        self._archive()
        with self._day("2026-04-02"):
            with self.assertRefused("register of .* is archived"):
                self._log_call(started_at="2026-03-15 03:00:00")
            call = self._log_call(started_at="2026-04-01 03:00:00")
            with self.assertRefused("register of .* is archived"):
                call.sudo().started_at = "2026-03-31 03:00:00"
        # What the system writes down late counts on the day it is written.
        with self._day("2026-03-03"):
            order = self._create_order()
        with self._day("2026-04-03"):
            self._authorize(order, promised_at=datetime(2026, 4, 3, 9))
            self.assertEqual(order.car_call_ids.state, "done")
            kept = self.env["car.contact.call"]._fit_open_period(
                self.company, datetime(2026, 3, 15)
            )
            self.assertEqual(kept, datetime(2026, 4, 3, 2))

    def test_advisors_have_no_registers(self):
        with self.assertRaises(AccessError):
            self._create_register(user=self.user_advisor)
        register = self._archive(user=self.user_supervisor)
        self.assertEqual(register.state, "archived")

    def test_a_clerk_of_another_company_sees_none(self):
        register = self._create_register()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._add_group(self.user_inspector, "follow_up_clerk")
        self.user_inspector.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        registers = self.env["car.contact.register"].with_user(self.user_inspector)
        self.assertFalse(registers.search([("id", "=", register.id)]))
        with self.assertRaises(AccessError):
            register.with_user(self.user_inspector).action_archive_register()

    def test_archiving_many_costs_no_query_for_each(self):
        def archive(month, size):
            begin = date(2026, month, 1)
            for number in range(size):
                self._log_call(started_at=f"2026-0{month}-02 03:00:{number:02}")
            register = self._create_register(
                date_from=begin, date_to=begin + timedelta(days=5)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            with self._day("2026-06-01"):
                before = self.env.cr.sql_log_count
                register.action_archive_register()
                self.env.flush_all()
                return self.env.cr.sql_log_count - before

        archive(2, 2)
        few = archive(3, 3)
        self.assertAlmostEqual(archive(4, 25), few, delta=3)
