from freezegun import freeze_time

from odoo.tests import tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestAppointmentMessage(CarBookingCommon):
    """Confirmation and reminder: in time, where switched on, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "car_confirmation_mail": True,
                "car_confirmation_sms": True,
                "car_reminder_mail": True,
                "car_reminder_sms": True,
                "car_reminder_hours": 24,
            }
        )
        cls.customer.email = "wang@example.com"

    def _get_sms(self):
        return self.env["sms.sms"].search([("body", "ilike", "2026-03-05 09:00")])

    def _get_mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", "2026-03-05 09:00")])

    def _book_thursday(self, **values):
        return self._book(self._at(5, 9), **{"vehicle_id": self.vehicle.id, **values})

    def test_confirmation_and_reminder_are_queued_once(self):
        appointment = self._book_thursday(contact_name=False, phone=False)
        self.assertEqual(len(self._get_sms()), 1)
        self.assertEqual(self._get_sms().state, "outgoing")
        self.assertIn("+86 138 0013 8000", appointment.phone)
        self.assertEqual(len(self._get_mails()), 1)
        self.assertEqual(self._get_mails().recipient_ids, self.customer)
        self.assertTrue(appointment.is_told)
        with freeze_time(self._at(4, 8)):
            self._run_cron("send_reminders")
        self.assertEqual(len(self._get_sms()), 1, "more than a day before")
        with freeze_time(self._at(4, 10)):
            self._run_cron("send_reminders")
            self._run_cron("send_reminders")
        self.assertEqual(len(self._get_sms()), 2)
        self.assertEqual(len(self._get_mails()), 2)
        self.assertTrue(appointment.reminder_sent_at)

    def test_somebody_unknown_gets_an_sms_at_the_number_he_gave(self):
        self._book(self._at(5, 9))
        self.assertEqual(len(self._get_sms()), 1)
        self.assertFalse(self._get_sms().partner_id)
        self.assertFalse(self._get_mails())

    def test_who_books_for_today_is_not_reminded_on_top(self):
        with freeze_time(self._at(4, 16)):
            appointment = self._book_thursday()
            self._run_cron("send_reminders")
        self.assertEqual(len(self._get_sms()), 1)
        self.assertTrue(appointment.reminder_sent_at)

    def test_nothing_is_sent_where_it_is_switched_off(self):
        self.company.write(
            {
                "car_confirmation_mail": False,
                "car_confirmation_sms": False,
                "car_reminder_mail": False,
                "car_reminder_sms": False,
            }
        )
        self._book_thursday()
        with freeze_time(self._at(4, 10)):
            self._run_cron("send_reminders")
        self.assertFalse(self._get_sms())
        self.assertFalse(self._get_mails())

    def test_a_moved_appointment_is_told_on_demand_and_reminded_anew(self):
        appointment = self._book(self._at(4, 9), vehicle_id=self.vehicle.id)
        appointment.start_at = self._at(5, 9)
        self.assertFalse(appointment.is_told)
        self.assertFalse(self._get_sms())
        appointment.action_send_confirmation()
        appointment.action_send_confirmation()
        self.assertEqual(len(self._get_sms()), 1)
        with freeze_time(self._at(4, 10)):
            self._run_cron("send_reminders")
        self.assertEqual(len(self._get_sms()), 2)

    def test_cancelled_appointments_are_not_reminded(self):
        appointment = self._book_thursday()
        appointment.action_cancel()
        with freeze_time(self._at(4, 10)):
            self._run_cron("send_reminders")
        self.assertEqual(len(self._get_sms()), 1)
