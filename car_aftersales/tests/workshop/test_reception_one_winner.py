from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestReceptionOneWinner(TwoCursorsCommon):
    """Two desks receive one car at once: one arrival and one order come of it.

    Real transactions on committed records, both snapshots opened before the first
    commit; what was committed is deleted again.
    """

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "测A00007")
            self.values = {"vehicle_id": vehicle.id, "complaint": "Rattle"}

    def _delete_documents(self, env):
        query = "DELETE FROM car_repair_order WHERE vehicle_id = %s"
        env.cr.execute(SQL(query, self.values["vehicle_id"]))

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
