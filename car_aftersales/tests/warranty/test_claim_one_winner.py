from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..workshop.two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestClaimOneWinner(TwoCursorsCommon):
    """Two clerks collect the same work at once: there is one claim."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "测A00021")
            maker = self._keep(env["res.partner"].create({"name": "Two at once"}))
            repair_type, labor = self._create_type_and_product(
                env, type="service", car_item_kind="labor", list_price=100
            )
            order = self._keep(
                env["car.repair.order"].create(
                    {
                        "vehicle_id": vehicle.id,
                        "type_id": repair_type.id,
                        "job_ids": [
                            Command.create(
                                {
                                    "name": "Noise",
                                    "line_ids": [
                                        Command.create({"product_id": labor.id})
                                    ],
                                }
                            )
                        ],
                    }
                )
            )
            payer = env["car.repair.payer"].create(
                {"order_id": order.id, "kind": "warranty", "partner_id": maker.id}
            )
            order.line_ids.payer_id = payer
            env["car.repair.authorization"].create(
                {
                    "order_id": order.id,
                    "channel": "phone",
                    "promised_at": order.received_at,
                }
            )
            order.job_ids.action_start()
            order.job_ids.action_finish()
            env.flush_all()
            # A delivered visit, without the desks and papers that lead there.
            env.cr.execute(
                "UPDATE car_repair_order SET state = 'delivered',"
                " delivered_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
                [order.id],
            )
            self.order_id = order.id

    def _delete_documents(self, env):
        claims = env["car.warranty.claim"].search([("order_id", "=", self.order_id)])
        claims.activity_ids.unlink()
        if claims:
            ids = tuple(claims.ids)
            query = "UPDATE car_warranty_claim SET causal_line_id = NULL WHERE id IN %s"
            env.cr.execute(SQL(query, ids))
            env.cr.execute(SQL("DELETE FROM car_warranty_claim WHERE id IN %s", ids))
        env.cr.execute(
            "UPDATE car_repair_order SET state = 'cancelled' WHERE id = %s",
            [self.order_id],
        )

    def _collect(self, env):
        rows = env["car.warranty.unclaimed"].search([("order_id", "=", self.order_id)])
        return env["car.warranty.claim"]._collect(rows)

    def test_two_clerks_make_one_claim(self):
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env["car.warranty.unclaimed"].search_count([])
            self.assertEqual(len(self._collect(first)), 1)
            first.flush_all()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self._collect(second)
            second.cr.rollback()
            self.assertFalse(self._collect(second))
        with self._transaction() as env:
            claims = env["car.warranty.claim"].search(
                [("order_id", "=", self.order_id)]
            )
            self.assertEqual(len(claims), 1)
            self.assertAlmostEqual(claims.amount_claimed, 100)
