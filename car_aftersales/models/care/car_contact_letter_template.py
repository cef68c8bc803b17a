from odoo import api, fields, models

from .car_contact_permission import PURPOSES

LETTER_KINDS = [
    ("notice", "Notice"),
    ("invitation", "Invitation"),
    ("reply", "Reply"),
]
LETTER_CHANNELS = [("post", "Post"), ("mail", "E-Mail")]
# The permission that a letter needs
PERMISSION_CHANNELS = {"post": "letter", "mail": "mail"}


class CarContactLetterTemplate(models.Model):
    """The text of a letter with places for customer, car and company.

    Filled in by Odoo's own mail templates: ``{{ object.partner_id.name }}`` in the
    subject, ``<t t-out="object.about"/>`` in the text, where the object is the letter.
    """

    _name = "car.contact.letter.template"
    _description = "Letter Template"
    _inherit = ["mail.render.mixin"]
    _order = "kind, sequence, id"

    # Odoo asks for the right to write dynamic templates when one is saved.
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    kind = fields.Selection(LETTER_KINDS, required=True, default="notice")
    channel = fields.Selection(
        LETTER_CHANNELS, "Sent By", required=True, default="post"
    )
    purpose = fields.Selection(
        PURPOSES,
        "Contact Purpose",
        required=True,
        default="reminder",
        help="What the customer must not have refused.",
    )
    subject = fields.Char(required=True, translate=True)
    body_html = fields.Html(
        "Text",
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
    )
    lang = fields.Char(default="{{ object.partner_id.lang }}")
    letter_count = fields.Integer("Letters", compute="_compute_letter_count")

    # === COMPUTE METHODS === #

    def _compute_render_model(self):
        self.render_model = "car.contact.letter"

    def _compute_letter_count(self):
        counts = dict(
            self.env["car.contact.letter"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.letter_count = counts.get(template, 0)

    # === ACTION METHODS === #

    def action_open_letters(self):
        """Open the letters written from this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_letter_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        action["context"] = {"default_template_id": self.id}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _get_default(self, kind):
        """Return the first template of a kind."""
        return self.search(
            [
                ("kind", "=", kind),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            limit=1,
        )

    def _fill_in(self, letters):
        """Return the subject and the text of letters, each in its customer's language.

        :return: dictionaries of subjects and of texts by the letters' ids
        """
        self.ensure_one()
        res_ids = list(letters._ids)
        subjects = self._render_field("subject", res_ids, compute_lang=True)
        bodies = self._render_field("body_html", res_ids, compute_lang=True)
        return subjects, bodies
