from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursBooking(HttpCase):
    """The front desk books and receives in a browser, with its own rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"car_confirmation_mail": False})
        # Open day and night, so that the tour does not depend on the clock.
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Always",
                "tz": "UTC",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                            "day_period": "morning",
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        cls.team = cls.env["car.workshop.team"].create(
            {"name": "Tour Team", "resource_calendar_id": calendar.id}
        )
        cls.user_advisor = new_test_user(
            cls.env,
            login="tour_booking_advisor",
            groups="car_aftersales.car_aftersales_group_advisor",
            name="Tour Booking",
            tz="UTC",
            lang="en_US",
        )
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        cls.model = cls.env["car.vehicle.model"].create(
            {"name": "H5 Tour", "brand_id": brand.id}
        )

    def test_advisor_books_and_receives(self):
        now = fields.Datetime.now().replace(minute=0, second=0)
        # The next hours are booked: the tour finds what comes after.
        taken = self.env["car.appointment"].create(
            {
                "contact_name": "First",
                "phone": "139 0000 0000",
                "license_plate": "沪T00000",
                "team_id": self.team.id,
                "start_at": now,
                "line_ids": [Command.create({"name": "Rattle", "hours": 6})],
            }
        )
        taken.write({"state": "confirmed"})
        self.start_tour(
            "/odoo/car-appointments",
            "car_appointment_tour",
            login="tour_booking_advisor",
        )
        appointment = self.env["car.appointment"].search(
            [("license_plate", "=", "沪T00001")]
        )
        self.assertEqual(appointment.state, "arrived")
        self.assertEqual(appointment.proposal_ids.mapped("is_agreed").count(True), 1)
        self.assertGreaterEqual(appointment.start_at, now + timedelta(hours=6))
        order = appointment.order_id
        self.assertEqual(order.job_ids.name, "Noise in front")
        self.assertEqual(order.vehicle_id.license_plate, "沪T00001")
        self.assertEqual(order.partner_id.name, "Chen Mei")
