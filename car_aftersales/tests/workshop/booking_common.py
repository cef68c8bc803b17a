from contextlib import contextmanager
from datetime import datetime, timedelta

import pytz

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import CarWorkshopCommon

SHANGHAI = pytz.timezone("Asia/Shanghai")


class CarBookingCommon(CarWorkshopCommon):
    """A team of one that works 8 to 12 and 13 to 17 in Shanghai, Monday to Friday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar("Asia/Shanghai")
        cls.company.resource_calendar_id = cls.calendar
        cls.company.write(
            {
                "car_confirmation_mail": False,
                "car_reminder_mail": False,
                "car_booking_hours": 2.0,
            }
        )
        cls.skill = cls.env["car.workshop.skill"].create({"name": "High Voltage"})
        cls.team = cls._create_team("Engine")
        cls.technician = cls._create_technician("Li", cls.team)

    # === BUILDERS === #

    @classmethod
    def _create_calendar(cls, zone):
        """Return forty hours a week with a lunch break, in a time zone."""
        return cls.env["resource.calendar"].create(
            {
                "name": zone,
                "tz": zone,
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"{day} {begin}",
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": begin + 4,
                            "day_period": "morning" if begin < 12 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for begin in (8, 13)
                ],
            }
        )

    @classmethod
    def _create_team(cls, name, **values):
        return cls.env["car.workshop.team"].create(
            {"name": name, "resource_calendar_id": cls.calendar.id, **values}
        )

    @classmethod
    def _create_technician(cls, name, team, skills=None):
        return cls.env["car.technician"].create(
            {
                "name": name,
                "team_id": team.id,
                "resource_calendar_id": team.resource_calendar_id.id,
                "skill_ids": [Command.set(skills.ids if skills else [])],
            }
        )

    @classmethod
    def _at(cls, day, hour, minute=0, zone=SHANGHAI):
        """Return a moment of March 2026 by the workshop's clock, as naive UTC."""
        local = zone.localize(datetime(2026, 3, day, hour, minute))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _create_appointment(self, start_at=None, hours=2.0, user=None, **values):
        """Return a draft of the advisor's for somebody who is not known yet."""
        model = self.env["car.appointment"].with_user(user or self.user_advisor)
        values = {
            "contact_name": "Chen Mei",
            "phone": "139 0000 1111",
            "license_plate": "沪B00001",
            "team_id": self.team.id,
            "start_at": start_at or self._at(3, 9),
            "line_ids": [Command.create({"name": "Noise in front", "hours": hours})],
            **values,
        }
        return model.create(values)

    def _book(self, start_at=None, hours=2.0, **values):
        """Return a confirmed appointment."""
        appointment = self._create_appointment(start_at, hours, **values)
        appointment.write({"state": "confirmed"})
        return appointment

    def _run_cron(self, name):
        """Run a scheduled job as the server does."""
        cron = self.env.ref(f"car_aftersales.car_appointment_cron_{name}")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    @contextmanager
    def _refused(self, pattern, error=UserError):
        """Expect a refusal in these words, and roll back what was done before it."""
        with self.assertRaises(error) as refusal:
            yield
        self.assertRegex(str(refusal.exception), pattern)

    def _leave(self, day, begin=0, end=24, technician=None, calendar=None):
        """Enter an absence of a technician, or a holiday for everybody."""
        start = self._at(day, begin)
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "date_from": start,
                "date_to": start + timedelta(hours=end - begin),
                "resource_id": technician.resource_id.id if technician else False,
                "calendar_id": (calendar or self.calendar).id,
                "company_id": self.company.id,
            }
        )

    def _get_pieces(self, appointment):
        """Return the booked pieces by the workshop's clock."""
        return [
            (self._clock(slot.start), self._clock(slot.stop))
            for slot in appointment.sudo().slot_ids.sorted("start")
        ]

    def _clock(self, moment, zone=SHANGHAI):
        return pytz.utc.localize(moment).astimezone(zone).strftime("%d %H:%M")

    def _find(self, hours, after=None, team=None, **options):
        """Return the next free times by the workshop's clock."""
        free = (team or self.team)._find_free(hours, after=after, **options)
        return [self._clock(time["start"]) for time in free]


class CarBookingPartsCommon(CarBookingCommon):
    """Three belts on the shelf, and a package that needs two of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_technician("Zhang", cls.team)
        cls.vendor = cls.env["res.partner"].create({"name": "Parts Ltd"})
        cls.belt = cls._create_part(
            stock=3.0, name="Belt", standard_price=10.0, list_price=20.0
        )
        cls.belt.seller_ids = [
            Command.create({"partner_id": cls.vendor.id, "price": 10.0, "delay": 2})
        ]
        cls.package = cls.env["car.repair.package"].create(
            {
                "name": "Belts",
                "line_ids": [
                    Command.create({"product_id": cls.labor.id}),
                    Command.create({"product_id": cls.belt.id, "quantity": 2}),
                ],
            }
        )

    def _book_belts(self, day, hour=9):
        lines = [Command.create({"package_id": self.package.id})]
        return self._book(self._at(day, hour), line_ids=lines)
