from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestAppointment(CarBookingCommon):
    """From the call to the arrival."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = cls.env["car.repair.package"].create(
            {
                "name": "Oil Service",
                "line_ids": [
                    Command.create({"product_id": cls.labor.id}),
                    Command.create({"product_id": cls.filter.id}),
                    Command.create({"product_id": cls.oil.id, "quantity": 4}),
                ],
            }
        )

    def test_hours_come_from_what_is_requested(self):
        self.env["car.labor.time"].create(
            {"product_id": self.labor.id, "model_id": self.model.id, "hours": 2.5}
        )
        appointment = self._create_appointment(
            line_ids=[
                Command.create({"package_id": self.package.id}),
                Command.create({"product_id": self.labor.id}),
                Command.create({"name": "Smells of petrol"}),
            ]
        )
        # The model is not known yet.
        self.assertEqual(appointment.line_ids.mapped("hours"), [1.5, 1.5, 2.0])
        appointment.vehicle_id = self.vehicle
        self.assertEqual(appointment.line_ids.mapped("hours"), [1.5, 2.5, 2.0])
        self.assertEqual(appointment.planned_hours, 6.0)
        appointment.planned_hours = 5.0
        self.assertEqual(appointment.planned_hours, 5.0)

    def test_the_form_finds_car_and_owner_by_the_plate(self):
        form = Form(self.env["car.appointment"].with_user(self.user_advisor))
        form.license_plate = "京a-12345"
        self.assertEqual(form.vehicle_id, self.vehicle)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.phone, self.customer.phone)
        self.assertEqual(form.model_id, self.model)

    def test_known_people_are_offered_before_a_new_one_is_made(self):
        appointment = self._create_appointment(phone="138-0013-8000")
        self.assertEqual(appointment.duplicate_ids, self.customer)
        self.customer.with_user(self.user_advisor).with_context(
            car_caller_model="car.appointment", car_caller_id=appointment.id
        ).action_car_choose()
        self.assertEqual(appointment.partner_id, self.customer)
        other = self._create_appointment(phone="139 0000 2222")
        self.assertFalse(other.duplicate_ids)
        other.action_create_partner()
        self.assertEqual(other.partner_id.name, "Chen Mei")

    def test_arrival_makes_the_order_with_everything_in_it(self):
        appointment = self._book(
            self._at(2, 10),
            license_plate="京A12345",
            contact_name=False,
            note="Waits here",
            type_id=self.type_repair.id,
            line_ids=[
                Command.create({"package_id": self.package.id}),
                Command.create({"name": "Smells of petrol", "hours": 0.5}),
                Command.create({"product_id": self.oil.id, "quantity": 2}),
            ],
        )
        self.assertEqual(appointment.partner_id, self.customer)
        appointment.action_arrive()
        order = appointment.order_id
        self.assertEqual(appointment.state, "arrived")
        self.assertEqual(order.vehicle_id, self.vehicle)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.note, "Waits here")
        service, smell = order.job_ids
        self.assertEqual(service.name, "Oil Service")
        self.assertEqual(service.team_id, self.team)
        self.assertEqual(
            service.line_ids.product_id, self.labor | self.filter | self.oil
        )
        self.assertEqual(smell.name, "Smells of petrol")
        self.assertEqual(smell.line_ids.product_id, self.oil)
        self.assertEqual(smell.line_ids.quantity, 2)
        # Two hours from ten; the promise adds an hour of work after lunch.
        self.assertEqual(self._clock(order.promised_at), "02 14:00")
        slots = appointment.sudo().slot_ids.sorted("start")
        self.assertEqual(slots.job_id, service | smell)
        self.assertEqual(slots.mapped("hours"), [1.5, 0.5])
        self.assertEqual(order.appointment_ids, appointment)

    def test_arriving_twice_makes_one_order(self):
        appointment = self._book(self._at(2, 10), vehicle_id=self.vehicle.id)
        first = appointment.action_arrive()
        second = appointment.action_arrive()
        self.assertEqual(first["res_id"], second["res_id"])
        self.assertEqual(self.vehicle.order_count, 1)
        with self._refused("cannot become"):
            appointment.write({"state": "confirmed"})

    def test_somebody_new_becomes_customer_and_vehicle_at_arrival(self):
        appointment = self._book(self._at(2, 10))
        with self._refused("沪B00001 has not been here yet: choose its model"):
            appointment.action_arrive()
        appointment.model_id = self.model
        appointment.action_arrive()
        vehicle = appointment.vehicle_id
        self.assertEqual(vehicle.license_plate, "沪B00001")
        self.assertEqual(vehicle.owner_id.name, "Chen Mei")
        self.assertEqual(appointment.order_id.vehicle_id, vehicle)

    def test_late_and_kept_are_told_apart(self):
        kept = self._book(self._at(3, 9), vehicle_id=self.vehicle.id)
        other = self._create_vehicle(license_plate="京A54321", vin=False)
        late = self._book(self._at(3, 13), vehicle_id=other.id)
        with freeze_time(self._at(3, 9, 15)):
            self.assertFalse(kept.is_late)
            kept.action_arrive()
        with freeze_time(self._at(3, 13, 16)):
            late.invalidate_recordset(["is_late"])
            self.assertTrue(late.is_late)
            self.assertEqual(
                late.search([("is_late", "=", True), ("team_id", "=", self.team.id)]),
                late,
            )
            late.action_arrive()
        self.assertEqual((kept.result, late.result), ("kept", "late"))
        self.assertFalse(late.is_late)

    def test_nobody_came_and_the_time_is_free_again(self):
        appointment = self._book(self._at(3, 9))
        with self._refused("is only due on"):
            appointment.action_miss()
        with freeze_time(self._at(3, 13, 1)):
            self._run_cron("mark_no_shows")
        self.assertEqual(appointment.state, "no_show")
        self.assertEqual(appointment.result, "no_show")
        self.assertFalse(appointment.sudo().slot_ids)

    def test_the_job_waits_for_the_hours_of_the_company(self):
        appointment = self._book(self._at(3, 9))
        with freeze_time(self._at(3, 12, 59)):
            self._run_cron("mark_no_shows")
        self.assertEqual(appointment.state, "confirmed")

    def test_who_comes_after_all_gets_new_time(self):
        appointment = self._book(self._at(3, 9), vehicle_id=self.vehicle.id)
        with freeze_time(self._at(3, 14)):
            appointment.action_miss()
            self._book(self._at(3, 14), 1)
            appointment.action_arrive()
        self.assertEqual(appointment.result, "late")
        self.assertEqual(self._get_pieces(appointment), [("03 15:00", "03 17:00")])
        self.assertEqual(self._clock(appointment.order_id.promised_at), "04 09:00")

    def test_what_is_over_stays_as_it_was(self):
        appointment = self._book(self._at(2, 10), vehicle_id=self.vehicle.id)
        appointment.action_arrive()
        with self._refused("its content stays as it is"):
            appointment.start_at = self._at(4, 10)
        with self._refused("its content stays as it is"):
            appointment.line_ids.write({"hours": 5})
        with self._refused("kept for the records"):
            appointment.with_user(self.user_supervisor).unlink()

    def test_states_cannot_be_jumped(self):
        draft = self._create_appointment()
        for state in ("arrived", "no_show"):
            with self.assertRaises(UserError):
                draft.write({"state": state})
        with self.assertRaises(UserError):
            self._create_appointment(state="confirmed")

    def test_what_the_system_writes_cannot_be_typed(self):
        appointment = self._book()
        moment = self._at(2, 10) - timedelta(days=400)
        appointment.write(
            {"arrived_at": moment, "is_overbooked": True, "moved_count": 7}
        )
        self.assertFalse(appointment.arrived_at or appointment.is_overbooked)
        self.assertFalse(appointment.moved_count)

    def test_an_appointment_is_found_by_plate_name_and_phone(self):
        appointment = self._create_appointment()
        for text in ("沪b-00001", "沪B", "Chen", "Ch", "0000 1111", appointment.name):
            found = appointment.search([("display_name", "ilike", text)])
            self.assertIn(appointment, found, text)

    def test_the_slip_has_the_time_and_what_was_asked(self):
        appointment = self._book()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "car_aftersales.report_car_appointment", appointment.ids
        )[0]
        text = html.decode()
        for word in ("2026-03-03 09:00", "Chen Mei", "沪B00001", "Noise in front"):
            self.assertIn(word, text)

    def test_only_the_front_desk_receives(self):
        appointment = self._book(self._at(2, 10), vehicle_id=self.vehicle.id)
        for user in (self.user_workshop_supervisor, self.user_follow_up_clerk):
            with self.assertRaises(AccessError):
                appointment.with_user(user).action_arrive()
