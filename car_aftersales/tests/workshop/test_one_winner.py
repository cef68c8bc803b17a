from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestOneWinner(TwoCursorsCommon):
    """Two people at once: one wins, the other is told that nothing is left to do."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicle = self._create_vehicles(env, "测A00002")
            repair_type, part = self._create_type_and_product(
                env, type="consu", car_item_kind="part"
            )
            order = env["car.repair.order"].create(
                {
                    "vehicle_id": vehicle.id,
                    "type_id": repair_type.id,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Rattle",
                                "line_ids": [
                                    Command.create(
                                        {"product_id": part.id, "supply": "customer"}
                                    ),
                                    Command.create({"product_id": part.id}),
                                ],
                            }
                        )
                    ],
                }
            )
            self.order_id = self._keep(order).id

    def _delete_documents(self, env):
        order = (self.order_id,)
        for query in (
            "DELETE FROM car_exit_pass WHERE order_id IN %s",
            "DELETE FROM stock_move_line WHERE picking_id IN"
            " (SELECT id FROM stock_picking WHERE car_repair_order_id IN %s)",
            "DELETE FROM stock_move WHERE picking_id IN"
            " (SELECT id FROM stock_picking WHERE car_repair_order_id IN %s)",
            "DELETE FROM stock_picking WHERE car_repair_order_id IN %s",
        ):
            env.cr.execute(SQL(query, order))

    def _race(self, act):
        """Let two transactions do the same, both on the state before either.

        The loser is repeated on fresh data, as Odoo does, and refused in plain words.
        """
        with self._transaction() as first, self._transaction() as second:
            orders = [
                env["car.repair.order"].browse(self.order_id) for env in (first, second)
            ]
            for order in orders:
                order.read(["state", "name"])
            act(orders[0])
            first.cr.flush()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                act(orders[1])
            second.cr.rollback()
        with self._transaction() as env:
            with self.assertRaises(UserError):
                act(env["car.repair.order"].browse(self.order_id))
            env.cr.rollback()

    def _consent(self, order):
        order.env["car.repair.authorization"].create(
            {"order_id": order.id, "channel": "phone", "promised_at": order.received_at}
        )

    def test_consent_recorded_twice_makes_the_moves_once(self):
        self._race(self._consent)
        with self._transaction() as env:
            order = env["car.repair.order"].browse(self.order_id)
            self.assertEqual(len(order.line_ids.move_ids), 1)
            self.assertEqual(len(order.authorization_ids), 1)

    def test_two_cashiers_issue_one_pass(self):
        with self._transaction() as env:
            order = env["car.repair.order"].browse(self.order_id)
            self._consent(order)
            order.line_ids.filtered(lambda line: line.supply == "ours").quantity = 0
            order.action_start()
            order.action_finish_work()
            order.action_request_quality_check()
            self.assertEqual(order.state, "ready")
        self._race(lambda order: order.action_issue_exit_pass())
        with self._transaction() as env:
            order = env["car.repair.order"].browse(self.order_id)
            self.assertEqual(len(order.exit_pass_ids), 1)

    def test_billing_takes_the_turn_before_it_reads(self):
        with self._transaction() as first, self._transaction() as second:
            orders = [
                env["car.repair.order"].browse(self.order_id) for env in (first, second)
            ]
            for order in orders:
                order.read(["state"])
            orders[0].action_create_invoices()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                orders[1].action_create_invoices()
            second.cr.rollback()
