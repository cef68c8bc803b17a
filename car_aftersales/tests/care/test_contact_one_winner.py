from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..workshop.two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestContactOneWinner(TwoCursorsCommon):
    """Two servers plan at once: a customer is still called once."""

    def _delete_documents(self, env):
        vehicles = [ids for table, ids in self.rows if table == "car_vehicle"]
        for ids in vehicles:
            env.cr.execute(
                "DELETE FROM car_contact_task WHERE vehicle_id = ANY(%s)", [ids]
            )

    @mute_logger("odoo.sql_db")
    def test_two_servers_plan_the_same_rule(self):
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "京W00001")
            vehicle.company_id = env.company
            env.flush_all()
            day = env.company._get_car_today()
            env.cr.execute(
                "UPDATE car_vehicle SET next_service_due_date = %s WHERE id = %s",
                [day, vehicle.id],
            )
        rule_name = "car_aftersales.car_contact_rule_service"
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM car_contact_task")
            made = first.ref(rule_name)._make_tasks()
            self.assertIn(vehicle.id, made.vehicle_id.ids)
            # The other one finds the rule taken, and goes on with something else.
            self.assertFalse(second.ref(rule_name)._make_tasks())
            first.cr.commit()
            # Its old snapshot cannot see them: it fails and is repeated by the server.
            with self.assertRaises(OperationalError):
                second.ref(rule_name)._make_tasks()
            second.cr.rollback()
            self.assertFalse(second.ref(rule_name)._make_tasks())
        with self._transaction() as env:
            tasks = env["car.contact.task"].search([("vehicle_id", "=", vehicle.id)])
            self.assertEqual(len(tasks), 1)
