from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestCarryOneWinner(TwoCursorsCommon):
    """Two desks take deferred work along at once: it goes to one order."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "测A00009")
            repair_type, labor = self._create_type_and_product(
                env, type="service", car_item_kind="labor"
            )
            values = {"vehicle_id": vehicle.id, "type_id": repair_type.id}
            job = {"name": "Rattle", "line_ids": [{"product_id": labor.id}]}
            job["line_ids"] = [Command.create(line) for line in job["line_ids"]]
            orders = self._keep(
                env["car.repair.order"].create(
                    [
                        {**values, "job_ids": [Command.create(job)]},
                        {**values},
                        {**values},
                    ]
                )
            )
            former, *following = orders
            env["car.repair.authorization"].create(
                {
                    "order_id": former.id,
                    "channel": "phone",
                    "promised_at": former.received_at,
                }
            )
            former.job_ids.action_defer("The part is far away", "2030-01-01")
            former.action_decline("diagnosis_only", "The part is far away")
            self.job_id = former.job_ids.id
            self.former_id = former.id
            self.order_ids = [order.id for order in following]

    def _delete_documents(self, env):
        orders = (self.former_id, *self.order_ids)
        query = "DELETE FROM car_repair_job WHERE order_id IN %s"
        env.cr.execute(SQL(query, orders))

    def _race(self, act_first, act_second):
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env["car.repair.job"].browse(self.job_id).read(["state"])
            act_first(first)
            first.cr.flush()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                act_second(second)
                second.cr.flush()
            second.cr.rollback()
        # Odoo repeats the request on fresh data.
        with self._transaction() as env:
            with self.assertRaises(UserError):
                act_second(env)
            env.cr.rollback()

    def _carry(self, number):
        return lambda env: (
            env["car.repair.order"].browse(self.order_ids[number]).action_carry_over()
        )

    def _give_up(self, env):
        env["car.repair.job"].browse(self.job_id).action_give_up()

    def test_two_clicks_on_one_order_carry_once(self):
        self._race(self._carry(0), self._carry(0))

    def test_two_orders_do_not_both_get_the_work(self):
        self._race(self._carry(0), self._carry(1))
        with self._transaction() as env:
            job = env["car.repair.job"].browse(self.job_id)
            self.assertEqual(job.order_id.id, self.order_ids[0])
            self.assertEqual(len(job.line_ids), 1)

    def test_work_given_up_is_not_carried(self):
        self._race(self._give_up, self._carry(0))

    def test_work_carried_is_not_given_up(self):
        self._race(self._carry(0), self._give_up)
