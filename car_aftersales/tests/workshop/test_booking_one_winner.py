from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestBookingOneWinner(TwoCursorsCommon):
    """Two people want the last time, or receive one car, at once: one does."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            env.company.write(
                {"car_confirmation_mail": False, "car_confirmation_sms": False}
            )
            vehicle = self._create_vehicles(env, "测A00003")
            self.vehicle_id = vehicle.id
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
                            "partner_id": vehicle.owner_id.id,
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

    def _delete_documents(self, env):
        query = "DELETE FROM car_repair_order WHERE vehicle_id = %s"
        env.cr.execute(SQL(query, self.vehicle_id))

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
