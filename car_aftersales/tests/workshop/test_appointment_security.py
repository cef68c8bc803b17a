from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestAppointmentSecurity(CarBookingCommon):
    """Who sees appointments, who moves them, who answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Second Dealer"})
        cls.user_other = new_test_user(
            cls.env,
            login="car_other_advisor",
            groups="car_aftersales.car_aftersales_group_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def test_desks_without_bookings_see_none(self):
        appointment = self._book()
        enquiry = self.env["car.enquiry"].create({"question": "How much?"})
        for user in (
            self.user_technician,
            self.user_cashier,
            self.user_inspector,
            self.user_warranty_clerk,
            self.user_gate,
            self.user_portal,
        ):
            for record in (appointment, appointment.line_ids, enquiry):
                with self.assertRaises(AccessError, msg=user.login):
                    record.with_user(user).read(["display_name"])

    def test_technician_sees_occupied_time_without_the_customer(self):
        appointment = self._book()
        self.env.invalidate_all()
        slot = appointment.sudo().slot_ids.with_user(self.user_technician)
        self.assertIn("沪B00001", slot.work_text)
        self.assertNotIn("Chen", slot.display_name)
        with self.assertRaises(AccessError):
            slot.read(["appointment_id"])

    def test_workshop_supervisor_moves_and_assigns_but_changes_nothing_else(self):
        appointment = self._book().with_user(self.user_workshop_supervisor)
        appointment.write(
            {"technician_id": self.technician.id, "start_at": self._at(3, 13)}
        )
        self.assertEqual(appointment.sudo().slot_ids.technician_id, self.technician)
        for vals in (
            {"contact_name": "Somebody else"},
            {"line_ids": [Command.create({"name": "More"})]},
            {"note": "Text"},
        ):
            with self.assertRaises(AccessError):
                appointment.write(vals)
        with self.assertRaises(AccessError):
            appointment.write({"state": "cancelled"})
        with self.assertRaises(AccessError):
            appointment.line_ids.write({"hours": 9})

    def test_parts_clerk_reads_and_puts_aside(self):
        appointment = self._create_appointment(
            line_ids=[Command.create({"product_id": self.filter.id})]
        )
        appointment = appointment.with_user(self.user_parts_clerk)
        self.assertEqual(appointment.part_ids.availability, "ready")
        appointment.action_put_parts_aside()
        self.assertTrue(appointment.part_ids.is_put_aside)
        with self.assertRaises(AccessError):
            appointment.write({"start_at": self._at(4, 9)})
        with self.assertRaises(AccessError):
            appointment.part_ids.write({"quantity": 9})

    def test_follow_up_clerk_books_and_calls_off(self):
        appointment = self._book(user=self.user_follow_up_clerk, channel="follow_up")
        self.assertEqual(appointment.state, "confirmed")
        appointment.action_cancel()
        self.assertEqual(appointment.state, "cancelled")

    def test_workshop_supervisor_and_parts_clerk_make_no_appointments(self):
        for user in (self.user_workshop_supervisor, self.user_parts_clerk):
            with self.assertRaises(AccessError):
                self._create_appointment(user=user)

    def test_another_company_sees_nothing(self):
        appointment = self._book()
        enquiry = self.env["car.enquiry"].create({"question": "How much?"})
        records = (
            appointment,
            appointment.line_ids,
            appointment.sudo().slot_ids,
            enquiry,
        )
        self.env.invalidate_all()
        for record in records:
            record = record.with_user(self.user_other)
            self.assertFalse(record.search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                record.read(["display_name"])

    def test_customer_data_is_exported_by_supervisors_only(self):
        appointment = self._book()
        with self.assertRaises(AccessError):
            appointment.export_data(["contact_name", "phone"])
        exported = appointment.with_user(self.user_supervisor).export_data(
            ["contact_name"]
        )
        self.assertEqual(exported["datas"], [["Chen Mei"]])

    def test_choosing_a_customer_writes_only_where_one_may(self):
        appointment = self._book()
        sly = self.customer.with_user(self.user_technician).with_context(
            car_caller_model="car.appointment", car_caller_id=appointment.id
        )
        with self.assertRaises(AccessError):
            sly.action_car_choose()
        other = self.customer.with_user(self.user_advisor).with_context(
            car_caller_model="res.users", car_caller_id=self.env.user.id
        )
        self.assertFalse(other.action_car_choose())
