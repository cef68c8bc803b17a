from odoo import fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_permission import CHANNELS


class ResPartner(models.Model):
    _inherit = "res.partner"

    car_birthday = fields.Date("Birthday", groups=CUSTOMER_DATA)
    car_preferred_channel = fields.Selection(
        CHANNELS, "Prefers to Be Contacted By", groups=CUSTOMER_DATA
    )
    car_permission_ids = fields.One2many(
        "car.contact.permission",
        "partner_id",
        "Contact Permissions",
        groups=CUSTOMER_DATA,
    )
    car_file_ids = fields.One2many(
        "car.customer.file", "partner_id", "Customer Files", groups=CUSTOMER_DATA
    )
    car_task_ids = fields.One2many(
        "car.contact.task", "partner_id", "Planned Contacts", groups=CUSTOMER_DATA
    )
    car_call_ids = fields.One2many(
        "car.contact.call", "partner_id", "Calls and Visits", groups=CUSTOMER_DATA
    )
    car_point_ids = fields.One2many(
        "car.contact.point", "partner_id", "Customer's Points", groups=CUSTOMER_DATA
    )

    _car_birthday = models.Index(
        "(EXTRACT(MONTH FROM car_birthday), EXTRACT(DAY FROM car_birthday)) "
        "WHERE car_birthday IS NOT NULL"
    )

    # === ACTION METHODS === #

    def action_open_car_file(self):
        """Open the customer's file, and begin one where there is none."""
        self.ensure_one()
        return self.env["car.customer.file"]._open_for(self)._get_records_action()

    # === BUSINESS METHODS === #

    def _get_car_refused(self, purpose, channel):
        """Return those who may not be contacted for a purpose by a channel."""
        return self.env["car.contact.permission"]._get_refused(self, purpose, channel)

    def _record_car_answer(
        self, is_allowed, source, purpose=False, channel=False, evidence=False
    ):
        """Write down what customers said about being contacted."""
        return self.env["car.contact.permission"].create(
            [
                {
                    "partner_id": partner.id,
                    "purpose": purpose,
                    "channel": channel,
                    "is_allowed": is_allowed,
                    "source": source,
                    "evidence": evidence,
                }
                for partner in self
            ]
        )
