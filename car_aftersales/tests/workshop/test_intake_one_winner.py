from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestIntakeOneWinner(TwoCursorsCommon):
    """Two advisors take the same slot at once: one gets it."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            vehicles = self._create_vehicles(env, "测A00011", "测A00012")
            slot = self._keep(env["car.key.slot"].create({"name": "Twice"}))
            orders = self._keep(
                env["car.repair.order"].create(
                    [{"vehicle_id": vehicle.id} for vehicle in vehicles]
                )
            )
            self.order_ids, self.slot_id = orders.ids, slot.id

    def test_two_orders_cannot_take_the_same_slot(self):
        with self._transaction() as first, self._transaction() as second:
            orders = [
                env["car.repair.order"].browse(order_id)
                for env, order_id in zip((first, second), self.order_ids, strict=True)
            ]
            for order in orders:
                order.read(["state"])
            orders[0].key_slot_id = self.slot_id
            first.cr.commit()
            # The index holds what the second one's old snapshot cannot see.
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                orders[1].key_slot_id = self.slot_id
                second.flush_all()
            second.cr.rollback()
        with self._transaction() as env:
            with self.assertRaisesRegex(UserError, "occupied"):
                env["car.repair.order"].browse(
                    self.order_ids[1]
                ).key_slot_id = self.slot_id
            env.cr.rollback()

    def test_two_people_cannot_take_the_same_key(self):
        with self._transaction() as env:
            env["car.repair.order"].browse(self.order_ids[0]).key_slot_id = self.slot_id
        with self._transaction() as first, self._transaction() as second:
            slots = [
                env["car.key.slot"].browse(self.slot_id) for env in (first, second)
            ]
            for slot in slots:
                slot.read(["name", "holder_name"])
            slots[0].action_take()
            first.flush_all()
            first.cr.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                slots[1].action_take()
            second.cr.rollback()
        with self._transaction() as env:
            logs = env["car.repair.order"].browse(self.order_ids[0]).custody_ids
            self.assertEqual(logs.mapped("action"), ["take", "receive"])
