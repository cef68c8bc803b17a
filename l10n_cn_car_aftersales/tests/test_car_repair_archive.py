import base64
import io
import json
import zipfile
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW
from odoo.addons.car_aftersales.tests.workshop.common import CarWorkshopCommon

from .archive_common import FakeArchive


@tagged("post_install", "-at_install")
class TestCarRepairArchive(CarWorkshopCommon):
    """The outbox of the electronic repair archive against a real, small server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._receive(cls.oil, 50, 40.0)
        cls._receive(cls.filter, 50, 30.0)
        cls.fake = FakeArchive()
        cls.addClassCleanup(cls.fake.stop)
        cls.company.write(
            {
                "car_archive_is_on": True,
                "car_archive_url": cls.fake.url,
                "car_archive_code": "3200",
                "car_archive_password": "secret",
                "car_archive_timeout": 10,
                "car_archive_user_id": cls.user_supervisor.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.fake.answers = ["accept"]
        self.fake.password = "secret"
        self.fake.uploads.clear()
        self.fake.records.clear()

    # === BUILDERS === #

    def _run(self, name, after=timedelta()):
        with freeze_time(FROZEN_NOW + after), self.enter_registry_test_mode():
            cron = self.env.ref(
                f"l10n_cn_car_aftersales.car_repair_archive_cron_{name}"
            )
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _deliver(self, **values):
        order = self._create_order(odometer_km=15000, **values)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        return order

    def _queue(self, **values):
        order = self._deliver(**values)
        self._run("queue")
        return order.sudo().car_archive_ids.with_env(self.env)

    # === QUEUEING === #

    def test_a_settled_order_is_frozen_as_the_standard_asks(self):
        record = self._queue()
        order = record.order_id
        self.assertEqual(record.state, "queued")
        number = order.sudo().cn_settlement_number or order.name
        self.assertEqual(record.settlement_number, number)
        self.assertEqual(
            record.payload["basicInfo"],
            {
                "vehicleplatenumber": "京A12345",
                "companyname": self.company.name,
                "vin": "LSVAM4187C2184847",
                "repairdate": "2026-03-02",
                "repairmileage": 15000,
                "settledate": "2026-03-02",
                "faultdescription": "Oil service",
                "costlistcode": number,
            },
        )
        self.assertEqual(
            record.payload["vehiclepartslist"],
            [
                {"partsname": "Oil filter", "partsquantity": 1.0, "partscode": "W 712"},
                {"partsname": "Oil 5W30", "partsquantity": 4.0, "partscode": ""},
            ],
        )
        self.assertEqual(
            record.payload["repairprojectlist"],
            [{"repairproject": "Change oil and filter", "workinghours": 1.5}],
        )
        self.assertNotIn("王小明", json.dumps(record.payload, ensure_ascii=False))
        # Frozen: a plate that changes later does not change it.
        order.vehicle_id.license_plate = "京B22222"
        self.assertEqual(record.payload["basicInfo"]["vehicleplatenumber"], "京A12345")

    def test_one_record_for_a_settlement(self):
        record = self._queue()
        self._run("queue")
        record.order_id.with_user(self.user_supervisor).action_queue_archive()
        self.assertEqual(len(record.order_id.sudo().car_archive_ids), 1)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "settlement_uniq|order_version_uniq"),
        ):
            record.sudo().copy({"payload": {"a": 1}})

    def test_nothing_is_queued_where_it_is_off_or_not_settled(self):
        self.company.car_archive_is_on = False
        order = self._deliver()
        self._run("queue")
        self.assertFalse(order.sudo().car_archive_ids)
        with self.assertRefused("has not switched"):
            order.with_user(self.user_supervisor).action_queue_archive()
        self.company.car_archive_is_on = True
        running = self._create_order()
        with self.assertRefused("delivered cars"):
            running.with_user(self.user_supervisor).action_queue_archive()
        order.with_user(self.user_supervisor).action_queue_archive()
        self.assertEqual(order.sudo().car_archive_ids.state, "queued")

    def test_a_credit_note_makes_a_corrected_version(self):
        record = self._queue()
        self._run("send")
        self.assertEqual(record.state, "accepted")
        order = record.order_id
        invoice = order.invoice_ids.filtered(lambda m: m.move_type == "out_invoice")
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Goodwill"})
        )
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit.invoice_line_ids[1:].unlink()
        credit.invoice_line_ids.price_unit = 10
        credit.action_post()
        self._run("queue")
        versions = order.sudo().car_archive_ids.sorted("version")
        self.assertEqual(versions.mapped("version"), [1, 2])
        number = versions[0].settlement_number
        self.assertEqual(versions[1].upload_number, f"{number}-2")
        self.assertEqual(versions[0].state, "accepted")
        self._run("send")
        self.assertEqual(versions[1].state, "accepted")
        self.assertEqual(len(self.fake.records), 2)

    def test_a_newer_version_replaces_what_did_not_arrive(self):
        record = self._queue()
        self.company.car_archive_correction = "same"
        record.sudo().fingerprint = "other"
        record.order_id.with_user(self.user_supervisor).action_queue_archive()
        new = record.order_id.sudo().car_archive_ids - record
        self.assertEqual((record.state, new.state), ("replaced", "queued"))
        self.assertEqual(new.upload_number, record.order_id.name)
        self._run("send")
        self.assertEqual(len(self.fake.uploads), 1)

    # === SENDING === #

    def test_accepted(self):
        record = self._queue()
        self._run("send")
        self.assertEqual((record.state, record.tries), ("accepted", 1))
        self.assertIn("ok", record.answer)
        body = self.fake.records[record.settlement_number]
        self.assertEqual(body["basicInfo"]["repairdate"], "20260302")
        self.assertEqual(body["access_token"], f"token-{self.fake.tokens}")
        self._run("send", timedelta(days=1))
        self.assertEqual(len(self.fake.uploads), 1)

    def test_one_token_for_a_batch_and_a_new_one_when_it_expired(self):
        first = self._queue()
        other = self._create_vehicle(license_plate="京C11111", vin=False)
        second = self._queue(vehicle_id=other.id)
        self.fake.answers = ["accept", "expired", "accept"]
        before = self.fake.tokens
        self._run("send")
        self.assertEqual((first | second).mapped("state"), ["accepted"] * 2)
        self.assertEqual(self.fake.tokens - before, 2)

    def test_refused_shows_the_words_of_the_server_and_asks_the_clerk(self):
        record = self._queue()
        self.fake.answers = ["refuse"]
        self._run("send")
        self.assertEqual(record.state, "refused")
        self.assertIn("VIN 格式错误", record.error_text)
        self.assertEqual(record.activity_ids.user_id, self.user_supervisor)
        self._run("send", timedelta(days=5))
        self.assertEqual(len(self.fake.uploads), 1)
        self.fake.answers = ["accept"]
        record.with_user(self.user_supervisor).action_resend()
        self.assertEqual(record.state, "queued")
        self._run("send")
        self.assertEqual(record.state, "accepted")
        self.assertFalse(record.error_text)
        self.assertFalse(record.activity_ids)

    def test_errors_are_tried_again_with_growing_pauses_then_given_up(self):
        self.company.car_archive_pauses = "5, 15"
        record = self._queue()
        self.fake.answers = ["error"]
        now = timedelta()
        for tries, pause in ((1, 5), (2, 15)):
            self._run("send", now)
            self.assertEqual((record.state, record.tries), ("failed", tries))
            self.assertIn("database down", record.error_text)
            due = FROZEN_NOW + now + timedelta(minutes=pause)
            self.assertEqual(record.next_try_at, due)
            # Not before its time
            self._run("send", now + timedelta(minutes=pause - 1))
            self.assertEqual(record.tries, tries)
            now += timedelta(minutes=pause)
        self.assertFalse(record.activity_ids)
        self._run("send", now)
        self.assertEqual(record.state, "given_up")
        self.assertEqual(record.activity_ids.user_id, self.user_supervisor)
        self._run("send", now + timedelta(days=30))
        self.assertEqual(len(self.fake.uploads), 3)

    @mute_logger("odoo.addons.l10n_cn_car_aftersales.models.car_repair_archive_send")
    def test_junk_and_forwarding_are_no_acceptance(self):
        record = self._queue()
        for answer in ("junk", "forward"):
            self.fake.answers = [answer]
            self._run("send")
            self.assertEqual(record.state, "refused", answer)
            record.with_user(self.user_supervisor).action_resend()

    def test_a_server_that_is_down_stops_the_batch_not_the_shop(self):
        first = self._queue()
        other = self._create_vehicle(license_plate="京C11111", vin=False)
        second = self._queue(vehicle_id=other.id)
        down = FakeArchive()
        down.stop()
        self.company.car_archive_url = down.url
        self._run("send")
        self.assertEqual((first.state, first.tries), ("failed", 1))
        self.assertEqual((second.state, second.tries), ("queued", 0))
        self.assertGreater(second.next_try_at, FROZEN_NOW)
        self.assertIn("cannot be reached", first.error_text)
        # The shop goes on.
        third = self._create_vehicle(license_plate="京C22222", vin=False)
        self.assertEqual(self._deliver(vehicle_id=third.id).state, "delivered")

    def test_no_answer_in_time_is_sent_again_under_the_same_number(self):
        record = self._queue()
        self.fake.answers = ["silence", "accept"]
        self._run("send")
        self.assertEqual(record.state, "sent")
        self.assertIn("in time", record.error_text)
        self._run("send", timedelta(minutes=10))
        self.assertEqual(record.state, "accepted")
        numbers = {body["basicInfo"]["costlistcode"] for body in self.fake.uploads}
        self.assertEqual(numbers, {record.settlement_number})

    def test_a_wrong_password_waits_with_the_words_of_the_server(self):
        record = self._queue()
        self.fake.password = "changed"
        self._run("send")
        self.assertEqual(record.state, "failed")
        self.assertIn("wrong password", record.error_text)
        self.assertFalse(self.fake.uploads)

    def test_nothing_is_sent_without_an_address(self):
        record = self._queue()
        self.company.car_archive_url = False
        self._run("send")
        self.assertEqual((record.state, record.tries), ("queued", 0))

    # === FILES === #

    def test_export_as_files_and_delivered_by_file(self):
        first = self._queue()
        other = self._create_vehicle(license_plate="京C11111", vin=False)
        second = self._queue(vehicle_id=other.id)
        exports = self.env["car.repair.archive.export"].with_user(self.user_supervisor)
        one = exports.create({"archive_ids": [Command.set(first.ids)]})
        body = json.loads(base64.b64decode(one.file))
        self.assertEqual(body["basicInfo"]["costlistcode"], first.settlement_number)
        both = exports.create({"archive_ids": [Command.set((first | second).ids)]})
        self.assertTrue(both.file_name.endswith(".zip"))
        package = zipfile.ZipFile(io.BytesIO(base64.b64decode(both.file)))
        self.assertEqual(len(package.namelist()), 2)
        both.action_mark()
        self.assertEqual((first | second).mapped("state"), ["by_file"] * 2)
        self._run("send")
        self.assertFalse(self.fake.uploads)

    # === RIGHTS === #

    def test_the_file_of_the_dialog_can_be_fetched(self):
        record = self._queue()
        action = record.with_user(self.user_supervisor).action_export()
        # A dialog not saved yet has no file to be fetched.
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog = dialog.with_user(self.user_supervisor)
        self.assertTrue(dialog.exists().file)
        self.assertIn(record.settlement_number.replace("/", "-"), dialog.file_name)

    def test_only_supervisors_see_and_move_the_outbox(self):
        record = self._queue()
        for user in (self.user_advisor, self.user_technician, self.user_cashier):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["state"])
            with self.assertRaises(AccessError):
                record.with_user(user).action_resend()
            with self.assertRaises(AccessError):
                record.order_id.with_user(user).action_queue_archive()
        with self.assertRaises(AccessError):
            record.with_user(self.user_supervisor).write({"payload": {}})
        with self.assertRefused("is kept"):
            record.unlink()
        with self.assertRefused("cannot become"):
            record.sudo().state = "accepted"
            record.sudo().state = "queued"

    def test_an_accepted_record_is_not_sent_again(self):
        record = self._queue()
        self._run("send")
        with self.assertRaises(UserError):
            record.with_user(self.user_supervisor).action_resend()

    def test_the_password_is_the_managers_and_is_never_shown(self):
        for user in (self.user_supervisor, self.user_advisor):
            with self.assertRaises(AccessError):
                self.company.with_user(user).read(["car_archive_password"])
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.car_archive_new_password)
        self.assertTrue(settings.car_archive_has_password)
        settings.execute()
        self.assertEqual(self.company.car_archive_password, "secret")
        settings = self.env["res.config.settings"].create(
            {"car_archive_new_password": "new"}
        )
        settings.execute()
        self.assertEqual(self.company.car_archive_password, "new")

    def test_settings_are_checked(self):
        for values in (
            {"car_archive_url": "ftp://example.com"},
            {"car_archive_pauses": "5, x"},
            {"car_archive_pauses": False},
            {"car_archive_pauses": "0"},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.company.write(values)

    def test_other_companies_see_nothing_of_it(self):
        record = self._queue()
        other = self.env["res.company"].create({"name": "Other"})
        self.user_supervisor.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        found = (
            self.env["car.repair.archive"].with_user(self.user_supervisor).search([])
        )
        self.assertNotIn(record, found)

    def test_queueing_and_sending_cost_the_same_for_each_batch(self):
        orders = self.env["car.repair.order"]
        for number in range(4):
            vehicle = self._create_vehicle(license_plate=f"京D0000{number}", vin=False)
            orders |= self._deliver(vehicle_id=vehicle.id)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.env.cr.savepoint(flush=True) as savepoint:
                some.sudo()._queue_archive()
                self.env.flush_all()
                queries = self.env.cr.sql_log_count - before
                savepoint.rollback()
            self.env.invalidate_all()
            return queries

        count(orders)
        one, four = count(orders[:1]), count(orders)
        # A savepoint for each order, its counter and its record are its own.
        self.assertLessEqual(four - one, 3 * 8)
