from odoo import fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA


class ResPartner(models.Model):
    """The calls and letters of a customer, from his own page."""

    _inherit = "res.partner"

    car_letter_ids = fields.One2many(
        "car.contact.letter", "partner_id", "Letters", groups=CUSTOMER_DATA
    )
    car_call_count = fields.Integer(
        "Number of Calls", compute="_compute_car_contact_counts", groups=CUSTOMER_DATA
    )
    car_letter_count = fields.Integer(
        "Number of Letters", compute="_compute_car_contact_counts", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_car_contact_counts(self):
        calls, letters = (
            dict(
                self.env[model]._read_group(
                    [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
                )
            )
            for model in ("car.contact.call", "car.contact.letter")
        )
        for partner in self:
            partner.car_call_count = calls.get(partner, 0)
            partner.car_letter_count = letters.get(partner, 0)

    # === ACTION METHODS === #

    def action_log_car_call(self):
        """Write down a talk with this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_call_action_log"
        )
        vehicles = self.car_vehicle_ids
        action["context"] = {
            "default_partner_id": self.id,
            "default_vehicle_id": vehicles.id if len(vehicles) == 1 else False,
            "default_direction": "in",
        }
        return action

    def action_open_car_calls(self):
        """Open the calls and visits held with this customer."""
        return self._open_car_contacts("car_contact_call_action")

    def action_open_car_letters(self):
        """Open the letters to this customer."""
        return self._open_car_contacts("car_contact_letter_action")

    # === BUSINESS METHODS === #

    def _open_car_contacts(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"car_aftersales.{name}")
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def _get_car_post_address(self):
        """Return the address for a letter, line by line; none without a place."""
        if not (self.street or self.city):
            return False
        pattern, values = self._prepare_display_address(without_company=True)
        if self.country_id == (self.company_id or self.env.company).country_id:
            values["country_name"] = ""  # Within the country nobody writes it.
        lines = [line.strip(" ,") for line in (pattern % values).splitlines()]
        return "\n".join(line for line in lines if line)


class CarCustomerFile(models.Model):
    _inherit = "car.customer.file"

    letter_ids = fields.One2many(
        related="partner_id.car_letter_ids", groups=CUSTOMER_DATA
    )
    letter_count = fields.Integer(
        related="partner_id.car_letter_count", groups=CUSTOMER_DATA
    )

    # === ACTION METHODS === #

    def action_open_letters(self):
        """Open the letters to the customer."""
        return self._open_of_customer("car_aftersales.car_contact_letter_action")
