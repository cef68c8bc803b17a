from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestBookingOneWinner(BaseCase):
    """Two people want the last time, or receive one car, at once: one does.

    Real transactions on committed records, both snapshots opened before the first
    commit; what was committed is deleted again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.rows = []
        self.addCleanup(self._delete_committed)
        with self._transaction() as env:
            env.company.write(
                {"car_confirmation_mail": False, "car_confirmation_sms": False}
            )
            owner = self._keep(env["res.partner"].create({"name": "Two at once"}))
            brand = self._keep(env["car.vehicle.brand"].create({"name": "Two at once"}))
            model = self._keep(
                env["car.vehicle.model"].create(
                    {"name": "Two at once", "brand_id": brand.id}
                )
            )
            vehicle = self._keep(
                env["car.vehicle"].create(
                    {
                        "license_plate": "测A00003",
                        "model_id": model.id,
                        "owner_id": owner.id,
                    }
                )
            )
            team = self._keep(env["car.workshop.team"].create({"name": "Two at once"}))
            self.bay_ids = self._keep(
                env["car.workshop.bay"].create(
                    {"name": "Two at once", "team_id": team.id}
                )
            ).ids
            start = team._find_free(
                2.0, after=fields.Datetime.now() + timedelta(days=3), limit=1
            )[0]["start"]
            appointments = self._keep(
                env["car.appointment"].create(
                    [
                        {
                            "vehicle_id": vehicle.id,
                            "partner_id": owner.id,
                            "team_id": team.id,
                            "start_at": start,
                            "line_ids": [
                                Command.create({"name": "Rattle", "hours": 2})
                            ],
                        }
                        for _number in range(2)
                    ]
                )
            )
            self.ids = appointments.ids

    def _keep(self, records):
        """Remember what is to be deleted, the newest first."""
        self.rows.insert(0, (records._table, records.ids))
        return records

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_committed(self):
        with self._transaction() as env:
            for table, ids in self.rows:
                if table == "car_vehicle":
                    env.cr.execute(
                        "DELETE FROM car_repair_order WHERE vehicle_id IN %s",
                        (tuple(ids),),
                    )
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id IN %s",
                        SQL.identifier(table),
                        tuple(ids),
                    )
                )

    def _open(self, env, number):
        appointment = env["car.appointment"].browse(self.ids[number])
        appointment.read(["state", "name"])
        return appointment

    def test_two_cannot_take_the_last_time(self):
        with self._transaction() as first, self._transaction() as second:
            mine, yours = self._open(first, 0), self._open(second, 1)
            mine.write({"state": "confirmed"})
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                yours.write({"state": "confirmed"})
            second.cr.rollback()
        # Odoo repeats the request on fresh data.
        with self._transaction() as env:
            with self.assertRaisesRegex(UserError, "is full then"):
                self._open(env, 1).write({"state": "confirmed"})
            env.cr.rollback()

    def test_two_put_off_one_estimate_once(self):
        with self._transaction() as env:
            order = env["car.repair.order"].create(
                {
                    "vehicle_id": self._open(env, 0).vehicle_id.id,
                    "job_ids": [Command.create({"name": "Rattle"})],
                }
            )
            order.action_estimate()
        with self._transaction() as first, self._transaction() as second:
            orders = [
                env["car.repair.order"].browse(order.id) for env in (first, second)
            ]
            for one in orders:
                one.read(["state", "name"])
            orders[0].action_decline("booked", "Comes later")
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                orders[1].action_decline("booked", "Comes later")
            second.cr.rollback()
        with self._transaction() as env:
            order = env["car.repair.order"].browse(order.id)
            order.action_decline("booked", "Comes later")
            booking = order.booking_ids
            self.assertEqual(len(booking), 1)
            self._keep(booking)

    def test_two_receive_one_car_once(self):
        with self._transaction() as env:
            self._open(env, 0).write({"state": "confirmed"})
        with self._transaction() as first, self._transaction() as second:
            mine, yours = self._open(first, 0), self._open(second, 0)
            mine.action_arrive()
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                yours.action_arrive()
            second.cr.rollback()
        with self._transaction() as env:
            appointment = self._open(env, 0)
            order = appointment.order_id
            appointment.action_arrive()
            self.assertEqual(appointment.order_id, order)
            self.assertEqual(len(appointment.vehicle_id.order_ids), 1)
