import inspect

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools import mute_logger

from .floor_common import PATHS, PHONE, PRICE, STREET, FloorSecurityCommon


@tagged("post_install", "-at_install")
class TestFloorSecurity(FloorSecurityCommon):
    def test_the_visit_holds_what_is_to_be_kept(self):
        order = self._play_the_floor().with_user(self.user_supervisor)
        found = str(order.read(["phone"]) + order.line_ids.read(["price_unit"]))
        self.assertIn(PHONE, found)
        self.assertIn(str(PRICE), found)
        self.assertEqual(len(order.line_ids), 2)
        self.assertIn(STREET, self.customer.contact_address)

    # === FORM, LIST, CONTEXT === #

    def test_no_record_he_reads_tells_it(self):
        self._play_the_floor()
        for washes in (False, True):
            if washes:
                self._add_group(self.user_technician, "gate")
            self.env.invalidate_all()
            count = 0
            for model in self._get_readable():
                own = model._name.startswith("car.")
                records = model.with_context(
                    show_address=True, show_email=True, active_test=False
                ).search([], limit=None if own else 200, order="id desc")
                if model._name == "ir.attachment":
                    # The web client's own code, which anybody gets without a login;
                    # the tours in it look for these very secrets.
                    records = records.filtered(
                        lambda each: not (each.url or "").startswith("/web/assets/")
                    )
                if model._transient:
                    continue
                count += len(records)
                self.assertNoSecret(self._read_all(records), model._name)
                self.assertNoSecret(str(records.mapped("display_name")), model._name)
            self.assertGreater(count, 20)

    def test_no_record_leads_on_to_it(self):
        self._play_the_floor()
        for records, specification in (
            (self.job, {"order_id": {"fields": {"phone": {}}}}),
            (self.job, {"line_ids": {"fields": {"price_unit": {}}}}),
            (self.work, {"order_id": {"fields": {"phone": {}}}}),
            (self.work, {"line_ids": {"fields": {"price_unit": {}}}}),
            (self.work, {"job_id": {"fields": {"amount_total": {}}}}),
            (self.work, {"job_id": {"fields": {"order_draft": {}}}}),
            (self.job, {"session_ids": {"fields": {"labor_cost": {}}}}),
            (
                self.order.quality_check_ids.with_user(self.user_technician),
                {"order_id": {"fields": {"phone": {}}}},
            ),
            (
                self.job.line_ids,
                {"additional_work_id": {"fields": {"order_id": {}}}},
            ),
        ):
            with self.subTest(model=records._name, specification=specification):
                with self.assertRaises(AccessError):
                    records.web_read(specification)
                try:
                    answer = records[:1].onchange({}, [], specification)
                except AccessError as refusal:
                    answer = refusal
                self.assertNoSecret(str(answer), specification)

    def test_forms_and_lists_have_no_such_field(self):
        for model in self._get_readable():
            for kind in ("form", "list", "kanban", "search"):
                if not model._name.startswith("car."):
                    continue
                with self.subTest(model=model._name, kind=kind):
                    arch = model.get_view(view_type=kind)["arch"]
                    for name in ("price_unit", "amount_total", "phone", "labor_cost"):
                        self.assertNotIn(f'name="{name}"', arch)

    # === DOMAIN, GROUP, ORDER, EXPORT === #

    @mute_logger("odoo.domains")
    def test_no_domain_guesses_it(self):
        self._play_the_floor()
        self._add_group(self.user_technician, "gate")
        tried = 0
        for model in self._get_readable():
            for name, field in model._fields.items():
                for path, value in PATHS.get(field.comodel_name, {}).items():
                    tried += 1
                    domain = [(f"{name}.{path}", "in", [value])]
                    if path.endswith(("phone", "street")):
                        domain = [(f"{name}.{path}", "like", value)]
                    try:
                        found = model.search(domain)
                    except (AccessError, UserError, ValueError):
                        continue
                    self.assertFalse(found, (model._name, domain))
        self.assertGreater(tried, 200)

    def test_no_group_and_no_order_sorts_by_it(self):
        self._play_the_floor()
        for name, groupby, aggregates in (
            ("car.additional.work", "order_id", []),
            ("car.additional.work", "order_id.partner_id", []),
            ("car.quality.check", "order_id.partner_id", []),
            ("car.quality.check", "order_id.phone", []),
            ("car.work.session", "technician_id", ["labor_cost:sum"]),
            ("car.work.session", "hourly_cost", []),
            ("car.work.session", "job_id.order_id.partner_id", []),
            ("car.repair.line", "additional_work_id", ["price_total:sum"]),
            ("car.repair.line", "additional_work_id.order_id", []),
            ("car.repair.line", "price_unit", []),
            ("car.repair.job", "order_id", ["amount_total:sum"]),
        ):
            model = self.env[name].with_user(self.user_technician)
            with (
                self.subTest(model=name, groupby=groupby, aggregates=aggregates),
                self.assertRaises(AccessError),
            ):
                model.formatted_read_group([], [groupby], aggregates or ["__count"])
        for name, order in (
            ("car.work.session", "labor_cost"),
            ("car.additional.work", "order_id"),
            ("car.repair.line", "price_total"),
        ):
            with self.subTest(model=name, order=order), self.assertRaises(AccessError):
                self.env[name].with_user(self.user_technician).search([], order=order)

    def test_no_export_carries_it_out(self):
        self._play_the_floor()
        exports = (
            (self.job, "order_id/phone"),
            (self.job, "line_ids/price_unit"),
            (self.work, "order_id/partner_id/phone"),
            (self.work, "line_ids/price_unit"),
            (self.job.session_ids, "labor_cost"),
            (
                self.work.added_job_id.with_user(self.user_technician).line_ids,
                "additional_work_id/order_id/phone",
            ),
            (self.job, "vehicle_id/owner_id/phone"),
        )
        for records, path in exports:
            with self.subTest(path=path), self.assertRaises(UserError):
                records.export_data([path])
        # Whoever was given the right to export takes no more than he reads.
        self.user_technician.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        self.env.invalidate_all()
        for records, path in exports:
            with self.subTest(path=path), self.assertRaises(AccessError):
                records.export_data([path])

    # === CALLS, MESSAGES, PAPERS === #

    def test_no_search_by_name_finds_it(self):
        self._play_the_floor()
        orders = self.env["car.repair.order"].with_user(self.user_technician)
        with self.assertRaises(AccessError):
            orders.name_search(self.order.name)
        vehicles = self.env["car.vehicle"].with_user(self.user_technician)
        self.assertFalse(vehicles.name_search(PHONE))
        partners = self.env["res.partner"].with_user(self.user_technician)
        self.assertFalse(partners.name_search("王小明"))
        self.assertFalse(partners.name_search(PHONE))

    @mute_logger("odoo.sql_db")
    def test_no_call_answers_with_it(self):
        """Call everything that can be called from outside without arguments."""
        self._play_the_floor()
        self._add_group(self.user_technician, "gate")
        called = 0
        for name, cls in self.env.registry.items():
            if not name.startswith("car.") or cls._abstract:
                continue
            records = self.env[name]
            if not cls._transient:
                records = records.search([], limit=1, order="id desc")
            records = records.with_user(self.user_technician)
            for method in self._get_calls(cls):
                called += 1
                self.assertNoSecret(self._call(records, method), f"{name}.{method}")
        self.assertGreater(called, 100)

    def _get_calls(self, cls):
        """Return the names of our methods that a remote call reaches."""
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("_") or hasattr(BaseModel, name):
                continue
            if not method.__module__.startswith("odoo.addons.car_aftersales"):
                continue
            parameters = list(inspect.signature(method).parameters.values())[1:]
            if all(each.default is not each.empty for each in parameters):
                yield name

    def _call(self, records, method):
        """Return what a call answers, refusals included; nothing of it stays."""
        savepoint = self.cr.savepoint()
        try:
            answer = str(getattr(records, method)())
        except Exception as refusal:
            answer = str(refusal)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return answer

    def test_the_desks_find_nothing_for_him(self):
        desk = self.env["car.reception"].with_user(self.user_technician)
        for call in (
            lambda: desk.find(PHONE),
            lambda: desk.get_board(),
            lambda: desk.search([]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_messages_say_no_amount_and_no_phone(self):
        self.env = self.env(context={})  # the tests' own one writes no messages
        self._receive_car()
        order = self._play_the_floor()
        order.job_ids.line_ids.with_user(self.user_supervisor).discount = 5.0
        self.cr.flush()
        messages = self.env["mail.message"].with_user(self.user_technician)
        for records in (self.work, self.work.added_job_id):
            found = messages.search(
                [("model", "=", records._name), ("res_id", "=", records.id)]
            )
            self.assertTrue(found, records._name)
            self.assertNoSecret(self._read_all(found), records._name)
            tracked = found.sudo().tracking_value_ids
            self.assertNoSecret(str(tracked.read()), records._name)
        self.assertTrue(order.message_ids)
        self.assertFalse(messages.search([("model", "=", order._name)]))
        self.assertFalse(messages.search([("body", "like", PHONE)]))

    def test_no_paper_is_printed_for_him(self):
        self._play_the_floor()
        reports = self.env["ir.actions.report"].search(
            [("model", "=like", "car.%"), ("report_type", "=", "qweb-pdf")]
        )
        self.assertGreater(len(reports), 5)
        for report in reports:
            records = self.env[report.model].search([], limit=1)
            if not records:
                continue
            renderer = self.env["ir.actions.report"].with_user(self.user_technician)
            with self.subTest(report=report.report_name):
                try:
                    page = renderer._render_qweb_html(report.report_name, records.ids)
                except AccessError:
                    continue
                self.assertNoSecret(page[0].decode(), report.report_name)

    def test_what_was_agreed_beforehand_is_not_told(self):
        self._play_the_floor()
        for name in ("preauthorized_limit", "preauthorized_left", "amount_total"):
            with self.assertRaises(AccessError):
                self.order.with_user(self.user_technician).read([name])
            with self.assertRaises(AccessError):
                self.job.search([(f"order_id.{name}", ">", 1)])
