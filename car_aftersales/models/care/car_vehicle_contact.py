from odoo import fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarVehicle(models.Model):
    """The calls and letters about a car, from its own page."""

    _inherit = "car.vehicle"

    call_ids = fields.One2many(
        "car.contact.call", "vehicle_id", "Calls and Visits", groups=CUSTOMER_DATA
    )
    letter_ids = fields.One2many(
        "car.contact.letter", "vehicle_id", "Letters", groups=CUSTOMER_DATA
    )
    call_count = fields.Integer(
        "Number of Calls", compute="_compute_contact_counts", groups=CUSTOMER_DATA
    )
    letter_count = fields.Integer(
        "Number of Letters", compute="_compute_contact_counts", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_contact_counts(self):
        calls, letters = (
            dict(
                self.env[model]._read_group(
                    [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
                )
            )
            for model in ("car.contact.call", "car.contact.letter")
        )
        for vehicle in self:
            vehicle.call_count = calls.get(vehicle, 0)
            vehicle.letter_count = letters.get(vehicle, 0)

    # === ACTION METHODS === #

    def action_log_call(self):
        """Write down a talk about this car."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_call_action_log"
        )
        action["context"] = {
            "default_vehicle_id": self.id,
            "default_partner_id": (self.contact_id or self.owner_id).id,
            "default_direction": "in",
        }
        return action

    def action_open_calls(self):
        """Open the calls and visits about this car."""
        return self._open_contacts("car_contact_call_action")

    def action_open_letters(self):
        """Open the letters about this car."""
        return self._open_contacts("car_contact_letter_action")

    # === BUSINESS METHODS === #

    def _open_contacts(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"car_aftersales.{name}")
        action["domain"] = [("vehicle_id", "=", self.id)]
        action["context"] = {
            "default_vehicle_id": self.id,
            "default_partner_id": (self.contact_id or self.owner_id).id,
        }
        return action
