from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from odoo import fields

from ..common import CarAftersalesCommon


class ReportsCommon(CarAftersalesCommon):
    """Contacts, calls, points and files of a clerk, on days told by the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.company.car_clerk_id = cls.user_follow_up_clerk
        cls.company.partner_id.lang = "en_US"
        if not hasattr(cls, "vehicle"):  # a workshop has one already
            cls.vehicle = cls._create_vehicle()

    @contextmanager
    def _on(self, day, hour=10):
        """Let it be an hour of a day in Shanghai; what is done is then saved."""
        moment = datetime.combine(fields.Date.to_date(day), datetime.min.time())
        with freeze_time(fields.Datetime.add(moment, hours=hour - 8)):
            yield
            self.env.flush_all()

    # === BUILDERS === #

    def _create_task(self, date_from, date_to, **values):
        """Return a planned contact of the clerk, between two days."""
        return self.env["car.contact.task"].create(
            {
                "partner_id": self.customer.id,
                "vehicle_id": self.vehicle.id,
                "kind": "first_call",
                "date_from": date_from,
                "date_to": date_to,
                "clerk_id": self.user_follow_up_clerk.id,
                **values,
            }
        )

    def _hold(self, task, day, outcome="reached", user=None):
        """Let the clerk make a contact by phone on a day; return the call."""
        with self._on(day):
            clerk = user or self.user_follow_up_clerk
            call = self.env["car.contact.call"].with_user(clerk)._open_for_task(task)
            call.summary = "The car runs well"
            getattr(call, f"action_{outcome}")()
        return call

    def _say(self, day, user=None, **values):
        """Return a point that the customer said on a day."""
        with self._on(day):
            return (
                self.env["car.contact.point"]
                .with_user(user or self.user_follow_up_clerk)
                .create({"partner_id": self.customer.id, "text": "Rattles", **values})
            )

    def _create_customer(self, name, **values):
        return self.env["res.partner"].create({"name": name, **values})

    def _create_other_vehicle(self, owner, plate, vin):
        return self._create_vehicle(license_plate=plate, vin=vin, owner_id=owner.id)
