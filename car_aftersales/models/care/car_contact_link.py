import binascii

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPES = {"stop": "car_contact_stop", "sold": "car_contact_sold"}


class ResPartner(models.Model):
    """Links in messages with which a customer answers without login.

    They are signed and expire. What opens them shows a page with a button; only the
    button acts, so that a mail scanner which follows links changes nothing.
    """

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_car_stop_url(self, purpose=False, channel=False, company=None):
        """Return the link with which a customer refuses to be contacted.

        :param purpose: what he refuses; empty: whatever it is about
        :param channel: how; empty: every way
        """
        self.ensure_one()
        return self._get_car_link("stop", [self.id, purpose, channel], company)

    def _get_car_sold_url(self, vehicle, company=None):
        """Return the link with which a customer says that he sold his car."""
        self.ensure_one()
        return self._get_car_link("sold", [self.id, vehicle.id], company)

    def _get_car_link(self, action, values, company=None):
        company = company or self.env.company
        # Safe: signs with the secret of the database, which stays there.
        env = self.sudo().env
        days = company.sudo().car_link_days
        token = hash_sign(env, SCOPES[action], values, expiration_hours=days * 24)
        return f"{self.get_base_url()}/car/contact/{token}/{action}"

    @api.model
    def _read_car_link(self, action, token):
        """Return what a link says, with all rights.

        :return: dict of ``partner`` and ``vehicle``, or ``purpose`` and ``channel``;
            nothing if it is wrong, too old, or about somebody who is not there any more
        """
        try:
            # Safe: whoever holds a signed link may do what it says, and nothing else.
            values = verify_hash_signed(self.sudo().env, SCOPES[action], token)
        except (ValueError, binascii.Error, IndexError):
            return None
        if not values:
            return None
        partner = self.sudo().browse(values[0]).exists()
        if not partner:
            return None
        if action == "stop":
            return {"partner": partner, "purpose": values[1], "channel": values[2]}
        vehicle = self.env["car.vehicle"].sudo().browse(values[1]).exists()
        return {"partner": partner, "vehicle": vehicle} if vehicle else None

    def _get_car_refusal_words(self, purpose, channel):
        """Return what a refusal is about, in the customer's words."""
        purposes = dict(
            self.env["car.contact.permission"]
            ._fields["purpose"]
            ._description_selection(self.env)
        )
        channels = dict(
            self.env["car.contact.permission"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        return (
            purposes.get(purpose) or self.env._("everything"),
            channels.get(channel) or self.env._("every channel"),
        )

    def _refuse_by_car_link(self, purpose, channel):
        """Write down a refusal, once however often the button is pressed."""
        self.ensure_one()
        if self._has_car_refused(purpose, channel):
            return
        self._record_car_answer(
            False,
            "link",
            purpose=purpose,
            channel=channel,
            evidence=self.env._("Link in a message"),
        )

    def _has_car_refused(self, purpose, channel):
        """Tell whether the newest answer to just this question is a refusal."""
        self.ensure_one()
        newest = self.env["car.contact.permission"].search(
            [
                ("partner_id", "=", self.id),
                ("purpose", "in", [purpose or False]),
                ("channel", "in", [channel or False]),
            ],
            limit=1,
        )
        return bool(newest) and not newest.is_allowed

    @api.model
    def _read_car_reply(self, text, phone=None, email=None, company=None):
        """Write down a refusal that came as an answer to a message: STOP, TD, 退订.

        To be called by whatever receives messages.

        :return: the customers who refused; none if it is no refusal
        """
        company = company or self.env.company
        partners = self.browse()
        if not self._is_car_refusal(text, company):
            return partners
        channel = "sms" if phone else "mail"
        # Safe: a refusal is obeyed, whoever receives it.
        people = self.sudo()
        if phone:
            number = self._phone_format(number=phone, country=company.country_id)
            partners = people.search([("phone_sanitized", "=", number or phone)])
        elif email:
            partners = people.search([("email_normalized", "=ilike", email.strip())])
        partners = partners.with_env(self.env).sudo()
        for partner in partners.filtered(
            lambda person: not person._has_car_refused(False, channel)
        ):
            partner._record_car_answer(
                False, "reply", channel=channel, evidence=(text or "").strip()[:80]
            )
        return partners.with_env(self.env)

    @api.model
    def _is_car_refusal(self, text, company):
        """Tell whether a text is one of the company's words that refuse."""
        words = (company.sudo().car_stop_words or "").replace("，", ",").split(",")
        said = (text or "").strip().strip(".。!！ ").casefold()
        return bool(said) and said in {word.strip().casefold() for word in words}


class CarContactPermission(models.Model):
    _inherit = "car.contact.permission"

    source = fields.Selection(
        selection_add=[("reply", "By an answer to a message")],
        ondelete={"reply": "set default"},
    )


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    # === BUSINESS METHODS === #

    def _end_ownership(self, partner, note):
        """Let a customer not own a car any more: the car's file stays (W1).

        Called with all rights, after the caller's check.

        :param str note: how it was said, for the history of the car
        :return: whether it was his until now
        """
        self.ensure_one()
        self.env["car.contact.task"].search(
            [
                ("partner_id", "=", partner.id),
                ("vehicle_id", "=", self.id),
                ("state", "=", "open"),
            ]
        )._close("sold")
        if partner not in self.owner_id | self.contact_id:
            return False
        if partner == self.owner_id:
            self.write({"owner_id": False, "contact_id": False})
        else:
            self.write({"contact_id": False})
        self.message_post(body=note)
        return True
