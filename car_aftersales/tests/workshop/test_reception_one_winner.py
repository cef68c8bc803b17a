from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestReceptionOneWinner(BaseCase):
    """Two desks receive one car at once: one arrival and one order come of it.

    Real transactions on committed records, both snapshots opened before the first
    commit; what was committed is deleted again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.rows = []
        self.addCleanup(self._delete_committed)
        with self._transaction() as env:
            owner = self._keep(env["res.partner"].create({"name": "Two desks"}))
            brand = self._keep(env["car.vehicle.brand"].create({"name": "Two desks"}))
            model = self._keep(
                env["car.vehicle.model"].create(
                    {"name": "Two desks", "brand_id": brand.id}
                )
            )
            vehicle = self._keep(
                env["car.vehicle"].create(
                    {
                        "license_plate": "测A00007",
                        "model_id": model.id,
                        "owner_id": owner.id,
                    }
                )
            )
            self.values = {"vehicle_id": vehicle.id, "complaint": "Rattle"}

    def _keep(self, records):
        """Remember what is to be deleted, the newest first."""
        self.rows.insert(0, (records._table, records.ids))
        return records

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_committed(self):
        with self._transaction() as env:
            vehicle_id = self.values["vehicle_id"]
            for table in ("car_repair_order", "car_reception"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE vehicle_id = %s",
                        SQL.identifier(table),
                        vehicle_id,
                    )
                )
            for table, ids in self.rows:
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id IN %s",
                        SQL.identifier(table),
                        tuple(ids),
                    )
                )

    def _start(self, env, purpose):
        return env["car.reception"].start({**self.values, "purpose": purpose})

    def test_two_desks_receive_one_car_once(self):
        for purpose in ("repair", "estimate"):
            with self._transaction() as first, self._transaction() as second:
                for env in (first, second):
                    env["car.vehicle"].browse(self.values["vehicle_id"]).read(["vin"])
                mine = self._start(first, purpose)
                first.cr.commit()
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(SerializationFailure),
                ):
                    self._start(second, purpose)
                second.cr.rollback()
            # Odoo repeats the request on fresh data.
            with self._transaction() as env:
                yours = self._start(env, purpose)
                self.assertEqual(mine["id"], yours["id"], purpose)
                vehicle = env["car.vehicle"].browse(self.values["vehicle_id"])
                self.assertEqual(mine["action"]["res_id"], vehicle.order_ids.id)
                vehicle.order_ids.action_cancel()
                vehicle.order_ids.unlink()
