from psycopg2 import OperationalError

from odoo.exceptions import UserError
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


@tagged("post_install", "-at_install")
class TestRatingOneWinner(TwoCursorsCommon):
    """The customer presses twice, or answers by link with the clerk on the phone."""

    def _delete_documents(self, env):
        orders = [list(ids) for table, ids in self.rows if table == "car_repair_order"]
        for ids in orders:
            env.cr.execute(
                "DELETE FROM rating_rating WHERE res_model = 'car.repair.order'"
                " AND res_id = ANY(%s)",
                [ids],
            )
            env.cr.execute("DELETE FROM car_complaint WHERE order_id = ANY(%s)", [ids])
            env.cr.execute(
                "DELETE FROM car_satisfaction WHERE order_id = ANY(%s)", [ids]
            )

    @mute_logger("odoo.sql_db")
    def test_two_answers_at_once_count_as_one(self):
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "京W00002")
            repair_type, _product = self._create_type_and_product(env)
            order = self._keep(
                env["car.repair.order"].create(
                    {"vehicle_id": vehicle.id, "type_id": repair_type.id}
                )
            )
            order_id = order.id
            rating_id = env["car.satisfaction"]._get_for(order).id
        with self._transaction() as first, self._transaction() as second:
            ratings = [
                env["car.satisfaction"].browse(rating_id) for env in (first, second)
            ]
            for rating in ratings:
                self.assertEqual(rating.state, "waiting")
            ratings[0]._answer(10)
            first.cr.commit()
            with self.assertRaises(OperationalError):
                ratings[1]._answer(2)
            second.cr.rollback()
            second.invalidate_all()
            with self.assertRaisesRegex(UserError, "This rating is closed"):
                ratings[1]._answer(2)
        with self._transaction() as env:
            rating = env["car.satisfaction"].browse(rating_id)
            self.assertEqual(rating.score, 10)
            self.assertFalse(rating.complaint_id)
            count = env["rating.rating"].search_count(
                [("res_model", "=", "car.repair.order"), ("res_id", "=", order_id)]
            )
            self.assertEqual(count, 1)
