from odoo import api, models
from odoo.tools import html2plaintext, parse_contact_from_email

# A mail is read whole in the chatter; the customer's words need not be endless.
LONGEST = 10000


class CarComplaint(models.Model):
    """Complaints that arrive at the company's address for them."""

    _inherit = "car.complaint"

    # === BUSINESS METHODS === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open a complaint from a mail; who wrote it is known by his address."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        # A mail that one of us passes on does not make him the customer.
        customer = author if author and author.partner_share else author.browse()
        body = html2plaintext(msg_dict.get("body") or "").strip()
        parts = (msg_dict.get("subject"), body)
        text = "\n".join(part for part in parts if part)
        name, _address = parse_contact_from_email(msg_dict.get("email_from") or "")
        values = {
            **(custom_values or {}),
            "channel": "mail",
            "text": text[:LONGEST] or self.env._("(An empty mail)"),
            "partner_id": customer.id,
            "contact_name": name or False,
        }
        return super().message_new(msg_dict, custom_values=values)
