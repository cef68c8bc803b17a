from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form, tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestPromise(CarBookingCommon):
    """The earliest promise: load, parts, margin. It is Monday, ten o'clock."""

    def _get_promise(self, order):
        moment, text = order._get_earliest_promise()
        return self._clock(moment), text

    def _create_work(self, hours=1.5, **values):
        order = self._create_order(
            [{"product_id": self.labor.id, "sold_hours": hours}], **values
        )
        order.job_ids.team_id = self.team
        return order

    def test_work_and_margin(self):
        order = self._create_work()
        # 10:00 + 1.5 h of work + 1 h of margin, over lunch
        promise, text = self._get_promise(order)
        self.assertEqual(promise, "02 13:30")
        self.assertIn("1.5 h of work", text)
        self.assertIn("is free from", text)
        self.assertNotIn("other work", text)
        self.assertIn("margin 1.0 h", text)
        self.company.car_promise_margin_hours = 0
        self.assertEqual(self._get_promise(order)[0], "02 11:30")

    def test_other_cars_come_first(self):
        order = self._create_work()
        other = self._create_work(3.0)
        self._authorize(other)
        promise, text = self._get_promise(order)
        self.assertEqual(promise, "02 16:30")
        self.assertIn("3.0 h of other work", text)

    def test_work_without_a_team_waits_for_the_first_team(self):
        order = self._create_work()
        other = self._create_work(3.0)
        other.job_ids.team_id = False
        self._authorize(other)
        second = self._create_team("Second", sequence=20)
        self.assertEqual(self._get_promise(order)[0], "02 16:30")
        hours = (self.team | second)._get_backlog_hours()
        self.assertEqual(hours[self.team], 3.0)
        self.assertEqual(hours[second], 0.0)
        self.assertEqual(second._get_backlog_hours(), {second: 0.0})

    def test_waiting_work_is_one_sum_however_much_it_is(self):
        orders = [self._create_work(1.0 + number) for number in range(4)]
        for order in orders:
            self._authorize(order)
        self._create_work(9.0)  # nobody has agreed to it
        job = orders[3].job_ids
        self.env["car.workshop.slot"].create(
            {
                "job_id": job.id,
                "team_id": self.team.id,
                "start": self._at(3, 8),
                "stop": self._at(3, 9),
                "hours": 1.0,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.team.fetch(["warehouse_id"])
        with self.assertQueryCount(1):
            self.assertEqual(self.team._get_backlog_hours(), {self.team: 9.0})
        self.assertEqual(
            self.team._get_backlog_hours(without_orders=orders[0]), {self.team: 8.0}
        )

    def test_appointments_are_respected(self):
        order = self._create_work()
        self._book(self._at(2, 10), 2)
        self.assertEqual(self._get_promise(order)[0], "02 15:30")

    def test_an_absence_moves_it(self):
        order = self._create_work()
        self._leave(2, 8, 24, self.technician)
        self.assertEqual(self._get_promise(order)[0], "03 10:30")

    def test_a_second_technician_takes_the_next_car(self):
        order = self._create_work()
        other = self._create_work(3.0)
        self._authorize(other)
        self._create_technician("Zhang", self.team)
        # Both work off what is here, then one of them begins.
        self.assertEqual(self._get_promise(order)[0], "02 15:00")

    def test_a_missing_part_adds_its_lead_time(self):
        part = self._create_part(stock=0, name="Rare Sensor", list_price=10.0)
        order = self._create_order(
            [{"product_id": self.labor.id}, {"product_id": part.id}]
        )
        order.job_ids.team_id = self.team
        part.seller_ids = [
            Command.create({"partner_id": self.maker.id, "price": 5, "delay": 3})
        ]
        promise, text = self._get_promise(order)
        self.assertEqual(promise, "05 13:30")
        self.assertIn("Rare Sensor expected", text)
        self._authorize(order)
        purchase = order.line_ids.action_buy()
        purchase.button_confirm()
        receipt = purchase.picking_ids.move_ids
        receipt.date = self._at(9, 10)
        order.line_ids.invalidate_recordset()
        self.assertEqual(self._get_promise(order)[0], "09 13:30")

    def test_a_part_on_the_shelf_costs_no_time(self):
        order = self._create_order()
        order.job_ids.team_id = self.team
        self.assertEqual(self._get_promise(order)[0], "02 13:30")

    def test_what_has_its_time_is_done_when_it_ends(self):
        appointment = self._book(self._at(2, 15), 2, vehicle_id=self.vehicle.id)
        appointment.action_arrive()
        order = appointment.order_id
        order.line_ids.create(
            {
                "job_id": order.job_ids.id,
                "product_id": self.labor.id,
                "sold_hours": 2,
            }
        )
        promise, text = self._get_promise(order)
        self.assertEqual(promise, "03 09:00")
        self.assertIn("booked until", text)

    def test_without_a_team_the_first_free_one_counts(self):
        other = self._create_team("Body", sequence=20)
        self._create_technician("Qian", other)
        self._book(self._at(2, 10), 6)
        order = self._create_order([{"product_id": self.labor.id}])
        self.assertEqual(self._get_promise(order)[0], "02 13:30")

    def test_nothing_to_do_is_now_plus_the_margin(self):
        order = self._create_order([])
        moment, _text = order._get_earliest_promise()
        self.assertEqual(moment, self._at(2, 10) + timedelta(hours=1))


@tagged("post_install", "-at_install")
class TestPromiseLoad(CarBookingCommon):
    """Wherever a time is promised, the load is shown and what is too early warns."""

    def _create_work(self, hours=1.5, **values):
        order = self._create_order(
            [{"product_id": self.labor.id, "sold_hours": hours}], **values
        )
        order.job_ids.team_id = self.team
        return order

    def _open(self, order, user=None):
        return Form(order.with_user(user or self.user_advisor))

    def test_a_job_an_absence_and_a_late_part_move_it(self):
        order = self._create_work()
        moments = [order.earliest_promise_at]
        order.job_ids.create(
            {
                "order_id": order.id,
                "name": "Brakes",
                "team_id": self.team.id,
                "line_ids": [
                    Command.create({"product_id": self.labor.id, "sold_hours": 2.0})
                ],
            }
        )
        moments.append(order.earliest_promise_at)
        self._leave(2, 13, 17, self.technician)
        order.invalidate_recordset()
        moments.append(order.earliest_promise_at)
        part = self._create_part(stock=0, name="Rare Sensor", list_price=10.0)
        part.seller_ids = [
            Command.create({"partner_id": self.maker.id, "price": 5, "delay": 7})
        ]
        order.line_ids.create({"job_id": order.job_ids[0].id, "product_id": part.id})
        moments.append(order.earliest_promise_at)
        self.assertEqual(moments, sorted(set(moments)))
        self.assertIn("last part on", order.promise_load_text)

    def test_the_order_form_warns_while_it_is_typed(self):
        order = self._create_work(promised_at=False)
        with self._open(order) as form:
            self.assertFalse(form.is_promise_early)
            form.promised_at = self._at(2, 11)
            self.assertTrue(form.is_promise_early)
            self.assertIn("1.0 h free, 1.5 h needed", form.promise_load_text)
            form.promised_at = order.earliest_promise_at
            self.assertFalse(form.is_promise_early)

    def test_the_consent_dialog_warns(self):
        order = self._create_work(promised_at=False)
        form = Form(
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id),
            view="car_aftersales.car_repair_authorization_view_form_record",
        )
        form.channel = "phone"
        form.promised_at = self._at(2, 11)
        self.assertTrue(form.is_promise_early)
        self.assertIn("h free", form.promise_load_text)
        form.promised_at = self._at(3, 11)
        self.assertFalse(form.is_promise_early)

    def test_the_change_dialog_shows_the_load(self):
        order = self._create_work()
        dialog = self.env["car.repair.promise.change"].create({"order_id": order.id})
        dialog.promised_at = self._at(2, 11)
        self.assertTrue(dialog.is_too_early)
        self.assertIn("1.0 h free, 1.5 h needed", dialog.load_text)

    def test_a_new_order_is_typed_without_harm(self):
        form = Form(self.env["car.repair.order"].with_user(self.user_advisor))
        form.vehicle_id = self.vehicle
        form.promised_at = self._at(2, 11)
        self.assertFalse(form.is_promise_early)

    def test_closed_visits_and_lists_ask_nothing(self):
        order = self._create_work(promised_at=self._at(2, 11))
        order.action_decline("refused", "Too expensive")
        self.assertFalse(order.is_promise_early or order.promise_load_text)
        for view in ("list", "kanban", "calendar"):
            arch = self.env["car.repair.order"].get_view(view_type=view)["arch"]
            self.assertNotIn("is_promise_early", arch)
            self.assertNotIn("promise_load_text", arch)
