from odoo.exceptions import AccessError
from odoo.tests import tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestCarEnquiry(CarBookingCommon):
    """Logged and closed in one step; it may become an appointment or an order."""

    def _ask(self, user=None, **values):
        return (
            self.env["car.enquiry"]
            .with_user(user or self.user_advisor)
            .create({"question": "What does an oil service cost?", **values})
        )

    def test_saved_with_its_answer_it_is_closed(self):
        enquiry = self._ask(answer="About 500", channel="walk_in")
        self.assertEqual(enquiry.state, "answered")
        self.assertTrue(enquiry.answered_at)
        self.assertRegex(enquiry.name, r"^EN/2026/\d{5}$")

    def test_answered_later(self):
        enquiry = self._ask()
        self.assertEqual(enquiry.state, "open")
        with self._refused("the answer is missing"):
            enquiry.action_answer()
        enquiry.answer = "About 500"
        self.assertEqual(enquiry.state, "answered")
        enquiry.action_reopen()
        self.assertFalse(enquiry.answered_at)

    def test_it_becomes_an_appointment_once(self):
        enquiry = self._ask(contact_name="Chen Mei", phone="139 0000 1111")
        first = enquiry.action_book()
        second = enquiry.action_book()
        self.assertEqual(first["res_id"], second["res_id"])
        appointment = enquiry.appointment_id
        self.assertEqual(enquiry.state, "booked")
        self.assertEqual(appointment.contact_name, "Chen Mei")
        self.assertEqual(appointment.phone, "139 0000 1111")
        self.assertEqual(appointment.line_ids.name, enquiry.question)
        self.assertEqual(appointment.state, "draft")

    def test_it_becomes_an_order_once(self):
        enquiry = self._ask(license_plate="京A 12345")
        self.assertEqual(enquiry.vehicle_id, self.vehicle)
        self.assertEqual(enquiry.partner_id, self.customer)
        enquiry.action_open_order()
        enquiry.action_open_order()
        self.assertEqual(enquiry.state, "received")
        self.assertEqual(self.vehicle.order_ids, enquiry.order_id)
        self.assertEqual(enquiry.order_id.job_ids.name, enquiry.question)

    def test_what_an_order_needs_is_named(self):
        with self._refused("choose the vehicle, or give its license plate and model"):
            self._ask(contact_name="Chen Mei").action_open_order()
        with self._refused("has not been here yet: choose its model"):
            self._ask(license_plate="沪B00001").action_open_order()
        with self._refused("the customer's name is missing"):
            self._ask(
                license_plate="沪B00001", model_id=self.model.id
            ).action_open_order()
        enquiry = self._ask(
            license_plate="沪B00001", model_id=self.model.id, contact_name="Chen Mei"
        )
        enquiry.action_open_order()
        self.assertEqual(enquiry.order_id.vehicle_id.owner_id.name, "Chen Mei")

    def test_state_cannot_be_written_without_the_document(self):
        enquiry = self._ask()
        with self._refused("there is none yet"):
            enquiry.write({"state": "booked"})
        with self._refused("there is none yet"):
            enquiry.write({"state": "received", "order_id": self._create_order().id})

    def test_an_unknown_person_becomes_a_contact_with_doubles_offered(self):
        enquiry = self._ask(contact_name="小王", phone="13800138000")
        self.assertEqual(enquiry.duplicate_ids, self.customer)
        enquiry.action_create_partner()
        self.assertNotEqual(enquiry.partner_id, self.customer)
        self.assertEqual(enquiry.partner_id.name, "小王")
        self.assertFalse(enquiry.duplicate_ids)

    def test_people_of_the_car_are_offered(self):
        enquiry = self._ask(contact_name="His wife", license_plate="京a-12345")
        self.assertFalse(enquiry.partner_id)
        self.assertEqual(enquiry.duplicate_ids, self.customer)

    def test_the_follow_up_clerk_logs_but_opens_no_order(self):
        enquiry = self._ask(self.user_follow_up_clerk, license_plate="京A12345")
        with self.assertRaises(AccessError):
            enquiry.action_open_order()
        with self.assertRaises(AccessError):
            self._ask(self.user_cashier)
