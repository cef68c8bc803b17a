from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, hmac

from ...tools.phone import normalize_phone

SCOPE = "car_contact_suppression"


class CarContactSuppression(models.Model):
    """A phone number or address that must not be contacted, and nobody can read.

    What is left of a customer who had his data erased: a keyed hash. Whoever brings the
    same number in again, by an import or a new contact, finds it refused; until the
    customer himself allows it anew.
    """

    _name = "car.contact.suppression"
    _description = "Erased Contact"
    _order = "id desc"

    key = fields.Char("Hash", required=True, readonly=True)
    kind = fields.Selection(
        [("phone", "Phone"), ("mail", "E-Mail")], required=True, readonly=True
    )

    _key_uniq = models.UniqueIndex("(key)")

    # === BUSINESS METHODS === #

    @api.model
    def _get_keys_of(self, partner):
        """Return pairs of kind and hash of a partner's number and address."""
        country = partner.country_id or self.env.company.country_id
        normalized = {
            "phone": normalize_phone(partner.phone, country.phone_code),
            "mail": email_normalize(partner.email or "", strict=False),
        }
        # Safe: the secret of the database does not leave the hash.
        env = self.sudo().env
        return [
            (kind, hmac(env, SCOPE, f"{kind}:{value}"))
            for kind, value in normalized.items()
            if value
        ]

    @api.model
    def _suppress(self, partners):
        """Remember the numbers and addresses of customers about to be erased."""
        rows = {
            (key, kind)
            for partner in partners
            for kind, key in self._get_keys_of(partner)
        }
        known = set(
            self.search([("key", "in", [key for key, _kind in rows])]).mapped("key")
        )
        return self.create(
            [
                {"key": key, "kind": kind}
                for key, kind in sorted(rows)
                if key not in known
            ]
        )

    @api.model
    def _get_suppressed(self, partners):
        """Return those of the partners whose number or address was erased."""
        none = partners.browse()
        # Safe: yes or no.
        table = self.sudo()
        if not partners or not self.env.execute_query(
            SQL("SELECT 1 FROM car_contact_suppression LIMIT 1")
        ):
            return none
        keys = {
            partner.id: {key for _kind, key in self._get_keys_of(partner)}
            for partner in partners.sudo()  # Safe: only hashes are made of it.
        }
        wanted = set().union(*keys.values())
        found = set(
            table.search_fetch([("key", "in", list(wanted))], ["key"]).mapped("key")
        )
        return partners.filtered(lambda partner: keys[partner.id] & found)


class CarContactPermission(models.Model):
    _inherit = "car.contact.permission"

    # === BUSINESS METHODS === #

    @api.model
    def _get_refused(self, partners, purpose, channel):
        """Who was erased stays refused, also when he is brought in anew."""
        refused = super()._get_refused(partners, purpose, channel)
        erased = self.env["car.contact.suppression"]._get_suppressed(partners - refused)
        if erased:
            # Safe: yes or no; what he allowed himself since then counts.
            allowed = self.sudo().search(
                [
                    ("partner_id", "in", erased.ids),
                    ("purpose", "in", [purpose, False]),
                    ("channel", "in", [channel, False]),
                    ("is_allowed", "=", True),
                    ("source", "!=", "import"),
                ]
            )
            refused |= erased - allowed.partner_id.with_env(erased.env)
        return refused

    @api.model
    def _get_refused_cells(self, partners):
        cells = super()._get_refused_cells(partners)
        for partner in self.env["car.contact.suppression"]._get_suppressed(partners):
            # Safe: yes or no.
            said = self.sudo().search([("partner_id", "=", partner.id)])
            if not said:
                cells[partner] = {
                    (purpose, channel)
                    for purpose in self._fields["purpose"].get_values(self.env)
                    for channel in self._fields["channel"].get_values(self.env)
                }
        return cells
