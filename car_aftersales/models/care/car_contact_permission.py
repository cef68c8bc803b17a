from odoo import api, fields, models
from odoo.exceptions import UserError

PURPOSES = [
    ("follow_up", "Follow-Up of a Visit"),
    ("reminder", "Due Services and Dates"),
    ("survey", "Satisfaction"),
    ("marketing", "Offers and Events"),
]
CHANNELS = [
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("mail", "E-Mail"),
    ("letter", "Letter"),
    ("visit", "Visit to the customer"),
]


class CarContactPermission(models.Model):
    """What a customer allowed or refused: for which purpose, by which channel.

    A ledger that is never edited: the newest entry that fits decides, and of two at
    the same moment the refusal. What is about a car in our hands (its repair, a safety
    recall) may always be said and needs no entry. Rules of China on commercial
    messages (2015) and on personal information: refusal ends contact at once.
    """

    _name = "car.contact.permission"
    _description = "Contact Permission"
    _inherit = ["car.confidential.mixin"]
    _order = "given_at desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    purpose = fields.Selection(
        PURPOSES, "Contact Purpose", help="Empty: whatever it is about."
    )
    channel = fields.Selection(
        CHANNELS, "Contact Channel", help="Empty: every channel."
    )
    is_allowed = fields.Boolean("Allowed", required=True)
    given_at = fields.Datetime(
        "Said At", required=True, default=fields.Datetime.now, index=True
    )
    source = fields.Selection(
        [
            ("desk", "At the desk"),
            ("call", "In a call"),
            ("letter", "In writing"),
            ("link", "By the link in a message"),
            ("import", "Taken over"),
        ],
        "Said How",
        default="desk",
        required=True,
    )
    evidence = fields.Char(help="Where it can be read or heard: a number, a paper.")
    recorded_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "purpose", "channel", "is_allowed")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for entry in self:
            answer = self.env._("allowed") if entry.is_allowed else self.env._("no")
            parts = (
                purposes.get(entry.purpose) or self.env._("everything"),
                channels.get(entry.channel) or self.env._("every channel"),
                answer,
            )
            entry.display_name = ", ".join(parts)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            vals["recorded_by_id"] = self.env.uid
            if fields.Datetime.to_datetime(vals.get("given_at") or now) > now:
                raise UserError(
                    self.env._("A customer's answer lies in the past, not ahead.")
                )
        entries = super().create(vals_list)
        entries._after_answer()
        return entries

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("What a customer said stays. Add what he says now.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("What a customer said stays. Add what he says now.")
            )

    # === BUSINESS METHODS === #

    def _after_answer(self):
        """Close what a refusal leaves no room for. Extend to close more."""
        refused = self.filtered(lambda entry: not entry.is_allowed)
        if refused:
            # Safe: a refusal ends planned contacts, whoever wrote it down.
            self.env["car.contact.task"].sudo()._withdraw_refused(refused.partner_id)

    @api.model
    def _get_refused(self, partners, purpose, channel):
        """Return those of the partners who may not be contacted so.

        One query for any number of them. Odoo's own black lists count as well.
        """
        # Safe: yes or no to a contact about to be made.
        entries = self.sudo().search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("purpose", "in", [purpose, False]),
                ("channel", "in", [channel, False]),
            ],
            ["partner_id", "is_allowed", "given_at"],
        )
        newest = {}
        for entry in entries:
            newest.setdefault(entry.partner_id.id, []).append(entry)
        refused = partners.browse()
        for partner in partners:
            said = newest.get(partner.id)
            if said and any(
                not entry.is_allowed
                for entry in said
                if entry.given_at == said[0].given_at
            ):
                refused |= partner
        rest = (partners - refused).sudo()  # Safe: only yes or no leaves this method.
        if channel == "mail":
            refused |= rest.filtered("is_blacklisted").with_env(partners.env)
        elif channel == "sms":
            refused |= rest.filtered("phone_sanitized_blacklisted").with_env(
                partners.env
            )
        return refused
