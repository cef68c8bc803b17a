from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestAppointmentBooking(CarBookingCommon):
    """Taking time: refused when full, over-booked on purpose, moved, agreed."""

    def test_what_is_missing_is_named(self):
        appointment = self._create_appointment(
            contact_name=False, phone=False, license_plate=False, line_ids=False
        )
        with self._refused(
            "name, a phone number, the license plate, what is requested", UserError
        ):
            appointment.write({"state": "confirmed"})

    def test_a_full_time_is_refused_with_the_next_free_ones(self):
        self._book(self._at(3, 9))
        second = self._create_appointment(self._at(3, 10))
        with self._refused("is full then.*2026-03-03 11:00", UserError):
            second.write({"state": "confirmed"})

    def test_the_button_proposes_and_keeps_what_was_agreed(self):
        self._book(self._at(3, 9))
        second = self._create_appointment(self._at(3, 10))
        action = second.action_confirm()
        self.assertEqual(action["target"], "new")
        self.assertEqual(second.state, "draft")
        self.assertEqual(
            [text.split(" ", 1)[1] for text in second.proposal_ids.mapped("time_text")],
            ["2026-03-03 11:00", "2026-03-03 11:30", "2026-03-03 13:00"],
        )
        second.proposal_ids[2].action_take()
        self.assertEqual(second.state, "confirmed")
        self.assertEqual(second.start_at, self._at(3, 13))
        self.assertEqual(second.proposal_ids.mapped("is_agreed"), [False, False, True])

    def test_closed_time_is_refused(self):
        for start in (self._at(3, 12, 15), self._at(3, 18), self._at(7, 9)):
            appointment = self._create_appointment(start, overbook_reason="Please")
            with self._refused("does not work then", UserError):
                appointment.write({"state": "confirmed"})

    def test_advisor_over_books_with_a_reason_up_to_the_limit(self):
        self.company.car_overbooking_percent = 25  # ten of eight hours
        self._book(self._at(3, 8), 8)
        second = self._create_appointment(self._at(3, 9))
        with self.assertRaises(UserError):
            second.write({"state": "confirmed"})
        second.overbook_reason = "Regular customer, waits"
        second.action_overbook()
        self.assertEqual(second.state, "confirmed")
        self.assertTrue(second.is_overbooked)

    def test_above_the_limit_only_the_workshop_supervisor_books(self):
        self.company.car_overbooking_percent = 10
        self._book(self._at(3, 8), 8)
        second = self._create_appointment(
            self._at(3, 9), overbook_reason="Regular customer"
        )
        with self._refused("workshop supervisor may book it", AccessError):
            second.write({"state": "confirmed"})
        second.with_user(self.user_workshop_supervisor).write({"state": "confirmed"})
        self.assertTrue(second.is_overbooked)

    def test_follow_up_clerk_does_not_over_book(self):
        self.company.car_overbooking_percent = 100
        self._book(self._at(3, 8), 8)
        second = self._create_appointment(
            self._at(3, 9), user=self.user_follow_up_clerk, overbook_reason="Please"
        )
        with self.assertRaises(AccessError):
            second.write({"state": "confirmed"})

    def test_one_car_at_a_time_stands_in_a_bay(self):
        bay = self.env["car.workshop.bay"].create(
            {"name": "Lift 1", "team_id": self.team.id}
        )
        self._create_technician("Zhang", self.team)
        first = self._book(self._at(3, 9))
        self.assertEqual(first.bay_id, bay)
        second = self._create_appointment(
            self._at(3, 10), bay_id=bay.id, overbook_reason="Please"
        )
        with self._refused("another car stands in Lift 1", UserError):
            second.write({"state": "confirmed"})
        second.start_at = self._at(3, 11)
        second.write({"state": "confirmed"})
        self.assertEqual(second.bay_id, bay)

    def test_bays_are_a_limit_even_with_people_free(self):
        self.env["car.workshop.bay"].create({"name": "Lift 1", "team_id": self.team.id})
        self._create_technician("Zhang", self.team)
        self._book(self._at(3, 9))
        second = self._create_appointment(self._at(3, 9))
        with self._refused("is full", UserError):
            second.write({"state": "confirmed"})
        second.overbook_reason = "Only to look at it outside"
        second.write({"state": "confirmed"})
        self.assertFalse(second.bay_id)
        self.assertIn("bay", second.missing_text)

    def test_technician_wanted_is_booked_once(self):
        second = self._create_technician("Zhang", self.team)
        self._book(self._at(3, 9), technician_id=second.id)
        third = self._create_appointment(self._at(3, 9), technician_id=second.id)
        with self.assertRaises(UserError):
            third.write({"state": "confirmed"})
        third.technician_id = False
        third.write({"state": "confirmed"})
        self.assertEqual(len(third.sudo().slot_ids), 1)

    def test_moving_frees_the_old_time_and_is_written_down(self):
        appointment = self._book(self._at(3, 9))
        appointment.write(
            {"start_at": self._at(4, 9), "move_reason": "Customer travels"}
        )
        self.assertEqual(self._get_pieces(appointment), [("04 09:00", "04 11:00")])
        self.assertEqual(appointment.moved_count, 1)
        bodies = " ".join(appointment.message_ids.mapped("body"))
        self.assertRegex(
            bodies, r"Moved from \S+ 2026-03-03 09:00 to \S+ 2026-03-04 09:00"
        )
        self.assertIn("Customer travels", bodies)
        self.assertTrue(self._book(self._at(3, 9)))

    def test_dragging_keeps_the_old_time_and_asks_for_the_reason(self):
        """As the calendar writes it: both times, and no reason."""
        appointment = self._book(self._at(3, 9), user=self.user_follow_up_clerk)
        appointment.write({"start_at": self._at(4, 9), "move_reason": "Travels"})
        drag = {"start_at": self._at(5, 13), "stop_at": self._at(5, 15)}
        appointment.write(drag)
        self.assertEqual(self._get_pieces(appointment), [("05 13:00", "05 15:00")])
        self.assertEqual(appointment.stop_at, self._at(5, 15))
        self.assertFalse(appointment.move_reason, "the former reason was another")
        last = appointment.message_ids.sorted("id").filtered(
            lambda message: "Moved from" in message.body
        )[-1:]
        self.assertRegex(last.body, "2026-03-04 09:00.*2026-03-05 13:00.*No reason")
        domain = [("moved_count", ">", 0), ("move_reason", "=", False)]
        self.assertIn(appointment, appointment.search(domain))
        appointment.move_reason = "Rain"
        self.assertEqual(appointment.moved_count, 2)
        self.assertEqual(self._get_pieces(appointment), [("05 13:00", "05 15:00")])

    def test_dragging_to_a_full_or_closed_time_is_refused(self):
        self._book(self._at(4, 8), 8)
        appointment = self._book(self._at(3, 9))
        with self.assertRefused("is full then"):
            appointment.write({"start_at": self._at(4, 9), "stop_at": self._at(4, 11)})
        with self.assertRefused("does not work then"):
            appointment.start_at = self._at(3, 20)
        self.assertEqual(self._get_pieces(appointment), [("03 09:00", "03 11:00")])
        self.assertFalse(appointment.moved_count)

    def test_moving_to_a_full_time_is_refused_though_once_over_booked(self):
        self.company.car_overbooking_percent = 100
        self._book(self._at(3, 8), 8)
        second = self._book(self._at(3, 9), overbook_reason="Waits")
        self._book(self._at(4, 8), 8)
        with self._refused("is full", UserError):
            second.start_at = self._at(4, 9)
        second.start_at = self._at(5, 9)
        self.assertFalse(second.is_overbooked)

    def test_moving_takes_another_bay_when_its_own_is_occupied(self):
        bays = self.env["car.workshop.bay"].create(
            [{"name": name, "team_id": self.team.id} for name in ("Lift 1", "Lift 2")]
        )
        self._create_technician("Zhang", self.team)
        self._book(self._at(4, 9))
        appointment = self._book(self._at(3, 9))
        self.assertEqual(appointment.bay_id, bays[0])
        appointment.start_at = self._at(4, 9)
        self.assertEqual(appointment.bay_id, bays[1])
        with self._refused("another car stands in Lift 1"):
            appointment.bay_id = bays[0]
        other = self._create_team("Body")
        appointment.team_id = other
        self.assertFalse(appointment.bay_id)

    def test_the_load_of_the_day_is_told(self):
        self._book(self._at(3, 9))
        second = self._create_appointment(self._at(3, 13))
        self.assertEqual(second.load_text, "2.0 of 8.0 h booked")

    def test_more_work_takes_more_time(self):
        appointment = self._book(self._at(3, 9))
        appointment.line_ids.create(
            {
                "appointment_id": appointment.id,
                "product_id": self.labor.id,
            }
        )
        self.assertEqual(appointment.planned_hours, 3.5)
        self.assertEqual(
            self._get_pieces(appointment),
            [("03 09:00", "03 12:00"), ("03 13:00", "03 13:30")],
        )

    def test_cancelling_frees_the_time(self):
        appointment = self._book(self._at(3, 9))
        appointment.action_cancel()
        self.assertFalse(appointment.sudo().slot_ids)
        self._book(self._at(3, 9))
        appointment.action_resume()
        self.assertEqual(appointment.state, "draft")
        with self.assertRaises(UserError):
            appointment.write({"state": "confirmed"})

    def test_a_sheet_of_appointments_is_booked_one_by_one(self):
        drafts = self._create_appointment(self._at(3, 9)) | self._create_appointment(
            self._at(3, 11)
        )
        drafts.write({"state": "confirmed"})
        self.assertEqual(len(drafts.sudo().slot_ids), 3)
        both = self._create_appointment(self._at(4, 9)) | self._create_appointment(
            self._at(4, 10)
        )
        with self.assertRaises(UserError):
            both.write({"state": "confirmed"})

    def test_nobody_writes_occupied_time_by_hand(self):
        slots = self._book().sudo().slot_ids
        for user in (
            self.user_advisor,
            self.user_workshop_supervisor,
            self.user_manager,
        ):
            with self.assertRaises(AccessError):
                slots.with_user(user).write({"hours": 0.1})
            with self.assertRaises(AccessError):
                slots.with_user(user).unlink()

    def test_the_context_of_a_call_does_not_skip_the_booking(self):
        appointment = self._book(self._at(3, 9))
        self._book(self._at(3, 13), 4)
        sly = appointment.with_context(car_booking=True)
        with self.assertRaises(UserError):
            sly.write({"start_at": self._at(3, 14)})
