from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..workshop.two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestGuaranteeOneWinner(TwoCursorsCommon):
    """Two people deliver one car at once: its guarantee begins once."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "测G00001")
            repair_type, product = self._create_type_and_product(
                env,
                type="service",
                car_item_kind="labor",
                car_guarantee_days=30,
                taxes_id=[Command.clear()],
            )
            order = env["car.repair.order"].create(
                {
                    "vehicle_id": vehicle.id,
                    "type_id": repair_type.id,
                    "odometer_km": 1000,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Rattle",
                                "line_ids": [
                                    Command.create(
                                        {"product_id": product.id, "price_unit": 0.0}
                                    )
                                ],
                            }
                        )
                    ],
                }
            )
            self.order_id = self._keep(order).id
            env["car.repair.authorization"].create(
                {
                    "order_id": order.id,
                    "channel": "phone",
                    "promised_at": order.received_at,
                }
            )
            order.action_start()
            order.action_finish_work()
            order.action_request_quality_check()
            order.action_create_invoices()
            order.payer_ids.write(
                {"is_credit_authorized": True, "credit_reason": "test"}
            )
            order.action_issue_exit_pass()

    def _delete_documents(self, env):
        env.cr.execute(
            SQL(
                "DELETE FROM account_move WHERE id IN (SELECT move_id FROM"
                " car_repair_order_account_move_rel WHERE order_id = %s)",
                self.order_id,
            )
        )
        for query in (
            "DELETE FROM car_exit_pass WHERE order_id = %s",
            "DELETE FROM car_odometer_reading WHERE source_model ="
            " 'car.repair.order' AND source_id = %s",
        ):
            env.cr.execute(SQL(query, self.order_id))

    def test_delivered_twice_stamps_once(self):
        with self._transaction() as first, self._transaction() as second:
            orders = [
                env["car.repair.order"].browse(self.order_id) for env in (first, second)
            ]
            for order in orders:
                order.read(["state", "name"])
            orders[0].action_deliver()
            first.cr.flush()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                orders[1].action_deliver()
            second.cr.rollback()
        with self._transaction() as env:
            line = env["car.repair.order"].browse(self.order_id).line_ids
            self.assertEqual(line.guarantee_days, 30)
            self.assertEqual(line.guarantee_km_from, 1000)
