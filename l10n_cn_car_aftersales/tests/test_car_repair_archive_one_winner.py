from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.car_aftersales.tests.workshop.two_cursors_common import (
    TwoCursorsCommon,
)

from .archive_common import FakeArchive


@tagged("post_install", "-at_install")
class TestCarRepairArchiveOneWinner(TwoCursorsCommon):
    """Two workers send the outbox: each record goes out once."""

    def setUp(self):
        super().setUp()
        self.fake = FakeArchive()
        self.addCleanup(self.fake.stop)

    def _create_records(self, env, count):
        plates = [f"京Z9000{number}" for number in range(count)]
        vehicles = self._create_vehicles(env, *plates)
        repair_type, _product = self._create_type_and_product(env, type="service")
        orders = self._keep(
            env["car.repair.order"].create(
                [
                    {"vehicle_id": vehicle.id, "type_id": repair_type.id}
                    for vehicle in vehicles
                ]
            )
        )
        return self._keep(
            env["car.repair.archive"].create(
                [
                    {
                        "company_id": env.company.id,
                        "order_id": order.id,
                        "settlement_number": f"{order.name}-two",
                        "payload": {"basicInfo": {}},
                    }
                    for order in orders
                ]
            )
        )

    def _delete_documents(self, env):
        ids = [row_ids for table, row_ids in self.rows if table == "car_repair_archive"]
        env["mail.message"].search(
            [("model", "=", "car.repair.archive"), ("res_id", "in", sum(ids, []))]
        ).unlink()

    @mute_logger("odoo.sql_db")
    def test_two_workers_send_each_record_once(self):
        with self._transaction() as env:
            company = env.company
            before = {
                name: company[name]
                for name in (
                    "car_archive_is_on",
                    "car_archive_url",
                    "car_archive_password",
                )
            }
            company.write(
                {
                    "car_archive_is_on": True,
                    "car_archive_url": self.fake.url,
                    "car_archive_password": "secret",
                }
            )
            records = self._create_records(env, 3)
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM car_repair_archive")
            self._send(first)
            # The other one finds them locked and sends nothing.
            self._send(second)
            self.assertEqual(len(self.fake.uploads), 3)
            first.cr.commit()
            # On its old snapshot it fails before anything is sent.
            with self.assertRaises(OperationalError):
                second.invalidate_all()
                self._send(second)
            second.cr.rollback()
            self._send(second)
            self.assertEqual(len(self.fake.uploads), 3)
        with self._transaction() as env:
            states = env["car.repair.archive"].browse(records.ids).mapped("state")
            self.assertEqual(set(states), {"accepted"})
            env.company.write(before)

    def _send(self, env):
        archive = env["car.repair.archive"]
        records = archive.search(archive._get_send_domain())
        records.try_lock_for_update()._send()
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_a_worker_that_dies_leaves_the_record_to_be_sent_again(self):
        with self._transaction() as env:
            before = {
                name: env.company[name]
                for name in (
                    "car_archive_is_on",
                    "car_archive_url",
                    "car_archive_password",
                )
            }
            env.company.write(
                {
                    "car_archive_is_on": True,
                    "car_archive_url": self.fake.url,
                    "car_archive_password": "secret",
                }
            )
            record = self._create_records(env, 1)
        with self._transaction() as env:
            self._send(env)
            env.cr.rollback()  # restarted before the answer was written down
        with self._transaction() as env:
            self.assertEqual(env[record._name].browse(record.id).state, "queued")
            self._send(env)
            self.assertEqual(env[record._name].browse(record.id).state, "accepted")
            env.company.write(before)
        # The server knows it by its number: there is one.
        self.assertEqual((len(self.fake.uploads), len(self.fake.records)), (2, 1))
