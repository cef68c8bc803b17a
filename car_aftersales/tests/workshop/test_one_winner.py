from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestOneWinner(BaseCase):
    """Two people at once: one wins, the other is told that nothing is left to do.

    Real transactions on committed records, both snapshots opened before the first
    commit; what was committed is deleted again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._transaction() as env:
            owner = env["res.partner"].create({"name": "Two at once"})
            brand = env["car.vehicle.brand"].create({"name": "Two at once"})
            model = env["car.vehicle.model"].create(
                {"name": "Two at once", "brand_id": brand.id}
            )
            vehicle = env["car.vehicle"].create(
                {
                    "license_plate": "测A00002",
                    "model_id": model.id,
                    "owner_id": owner.id,
                }
            )
            repair_type = env["car.repair.type"].create(
                {"name": "Two at once", "requires_inspection": False}
            )
            part = env["product.product"].create(
                {"name": "Two at once", "type": "consu", "car_item_kind": "part"}
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
            self.order_id = order.id
            self.created = [
                ("car_repair_order", order.ids),
                ("car_vehicle", vehicle.ids),
                ("car_vehicle_model", model.ids),
                ("car_vehicle_brand", brand.ids),
                ("car_repair_type", repair_type.ids),
                ("product_product", part.ids),
                ("product_template", part.product_tmpl_id.ids),
                ("res_partner", owner.ids),
            ]
        self.addCleanup(self._delete_committed)

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_committed(self):
        with self._transaction() as env:
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
            for table, ids in self.created:
                if table == "car_vehicle":
                    env.cr.execute(
                        "DELETE FROM car_reception WHERE vehicle_id IN %s",
                        (tuple(ids),),
                    )
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id IN %s",
                        SQL.identifier(table),
                        tuple(ids),
                    )
                )

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
