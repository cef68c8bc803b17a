from contextlib import contextmanager

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestIntakeOneWinner(BaseCase):
    """Two advisors take the same slot at once: one gets it.

    Real transactions on committed records, both snapshots opened before the first
    commit; what was committed is deleted again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._transaction() as env:
            owner = env["res.partner"].create({"name": "Slot twice"})
            brand = env["car.vehicle.brand"].create({"name": "Slot twice"})
            model = env["car.vehicle.model"].create(
                {"name": "Slot twice", "brand_id": brand.id}
            )
            vehicles = env["car.vehicle"].create(
                [
                    {
                        "license_plate": plate,
                        "model_id": model.id,
                        "owner_id": owner.id,
                    }
                    for plate in ("测A00011", "测A00012")
                ]
            )
            orders = env["car.repair.order"].create(
                [{"vehicle_id": vehicle.id} for vehicle in vehicles]
            )
            slot = env["car.key.slot"].create({"name": "Twice"})
            self.order_ids, self.slot_id = orders.ids, slot.id
            self.created = [
                ("car_repair_order", orders.ids),
                ("car_key_slot", slot.ids),
                ("car_vehicle", vehicles.ids),
                ("car_vehicle_model", model.ids),
                ("car_vehicle_brand", brand.ids),
                ("res_partner", owner.ids),
            ]
        self.addCleanup(self._delete_committed)

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_committed(self):
        with self._transaction() as env:
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
