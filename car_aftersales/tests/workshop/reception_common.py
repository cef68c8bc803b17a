from datetime import timedelta

from ..common import FROZEN_NOW
from .booking_common import CarBookingCommon


class CarReceptionCommon(CarBookingCommon):
    """The desk of an advisor: somebody comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls.env["car.workshop.bay"].create(
            {"name": "Reception 1", "kind": "reception"}
        )
        cls.desk = cls.env["car.reception"].with_user(cls.user_advisor)

    def _arrive(self, **values):
        """Return the arrival of the customer's car, as the form writes it down."""
        return self.desk.create({"vehicle_id": self.vehicle.id, **values})

    def _start(self, proceed=True, **values):
        """Return the arrival that the screen starts."""
        values.setdefault("vehicle_id", self.vehicle.id)
        return self.desk.browse(self.desk.start(values, proceed)["id"])

    def _get_card(self, key, vehicle=None, partner=None):
        vehicle = self.vehicle if vehicle is None else vehicle
        partner = vehicle.owner_id if partner is None else partner
        cards = {card["key"]: card for card in self.desk._get_cards(vehicle, partner)}
        return cards.get(key)

    def _get_titles(self, text):
        return [hit["title"] for hit in self.desk.find(text)["hits"]]

    def _wait(self, hours):
        """Return a moment so many hours before now."""
        return FROZEN_NOW - timedelta(hours=hours)
