from odoo import api, models
from odoo.tools import email_normalize, html2plaintext


class MailThread(models.AbstractModel):
    """A customer who answers a message with STOP or 退订 wants no more of them."""

    _inherit = "mail.thread"

    # === BUSINESS METHODS === #

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        self._read_car_refusal(message_dict)
        return super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )

    @api.model
    def _read_car_refusal(self, message_dict):
        """Obey the first line of a mail that came in, whatever it answers.

        What else the mail is for goes its usual way.
        """
        address = email_normalize(message_dict.get("email_from"))
        body = html2plaintext(message_dict.get("body") or "")
        said = next((line for line in body.splitlines() if line.strip()), "")
        if not address or not said:
            return
        # Safe: the companies' own words for a refusal.
        for company in self.env["res.company"].sudo().search([("id", "!=", False)]):
            people = self.env["res.partner"].with_company(company)
            if people._read_car_reply(said, email=address, company=company):
                return
