from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.care.car_contact_letter_task import WRITTEN_CHANNELS
from ..models.care.car_contact_letter_template import (
    LETTER_CHANNELS,
    PERMISSION_CHANNELS,
)

SOURCES = (
    "car.customer.file",
    "car.vehicle",
    "car.contact.task",
    "car.contact.call",
    "car.campaign.target",
    "res.partner",
)


class CarContactLetterMake(models.TransientModel):
    """Write the same letter to many: one for each customer of the list.

    Who refused, or cannot be reached so, is left out and named with the reason.
    """

    _name = "car.contact.letter.make"
    _description = "Write Letters for a List"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    res_model = fields.Char("Source Model", readonly=True)
    res_ids = fields.Json("Source Records", readonly=True)
    template_id = fields.Many2one(
        "car.contact.letter.template",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    channel = fields.Selection(
        LETTER_CHANNELS,
        "Sent By",
        required=True,
        compute="_compute_channel",
        store=True,
        readonly=False,
        precompute=True,
    )
    about = fields.Text(
        "What It Is About",
        help="Goes into the text of each letter: event, date, place.",
    )
    letter_count = fields.Integer("Letters", compute="_compute_letter_count")
    skipped_count = fields.Integer("Left Out", compute="_compute_letter_count")
    skipped_text = fields.Text("Who Is Left Out", compute="_compute_letter_count")

    # === COMPUTE METHODS === #

    @api.depends("template_id")
    def _compute_channel(self):
        for choice in self:
            choice.channel = choice.template_id.channel or choice.channel or "post"

    @api.depends("template_id", "channel")
    def _compute_letter_count(self):
        for choice in self:
            fitting, skipped = choice._split_customers()
            choice.letter_count = len(fitting)
            choice.skipped_count = len(skipped)
            choice.skipped_text = choice._spell_skipped(skipped)

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        model = self.env.context.get("active_model")
        if model in SOURCES:
            values["res_model"] = model
            values["res_ids"] = self.env.context.get("active_ids") or []
        if model == "car.campaign.target":
            campaigns = self.env[model].browse(values["res_ids"]).campaign_id
            values["about"] = "\n\n".join(one._get_words() for one in campaigns)
            invitation = self.env["car.contact.letter.template"]._get_default(
                "invitation"
            )
            values["template_id"] = invitation.id
        return values

    # === ACTION METHODS === #

    def action_make(self):
        """Write the letters, and show them before they are printed or sent."""
        self.ensure_one()
        letters, skipped = self._make_letters()
        if not letters:
            raise UserError(
                self.env._(
                    "No letter is written. Left out:\n%(skipped)s",
                    skipped=self._spell_skipped(skipped) or self.env._("nobody"),
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_letter_action"
        )
        action["domain"] = [("id", "in", letters.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _make_letters(self):
        """Return the new letters, and (name, reason) of who is left out."""
        fitting, skipped = self._split_customers()
        letters = self.env["car.contact.letter"].create(
            [self._prepare_letter_vals(row) for row in fitting]
        )
        return letters, skipped

    def _prepare_letter_vals(self, row):
        """Return the values of one letter. Extend to add fields."""
        return {
            "company_id": self.company_id.id,
            "template_id": self.template_id.id,
            "channel": self.channel,
            "about": self.about,
            "partner_id": row["partner"].id,
            "vehicle_id": row["vehicle"].id,
            "call_id": row["call"].id,
            "task_ids": [fields.Command.set(row["tasks"].ids)],
        }

    def _spell_skipped(self, skipped):
        return "\n".join(f"{name}: {reason}" for name, reason in skipped)

    def _split_customers(self):
        """Return rows of who gets a letter, and (name, reason) of who does not.

        A constant number of queries for any list.
        """
        self.ensure_one()
        rows, skipped = self._gather()
        partners = self.env["res.partner"].union(*(row["partner"] for row in rows))
        channel = self.channel or "post"
        refused = partners._get_car_refused(
            self.template_id.purpose or "reminder", PERMISSION_CHANNELS[channel]
        )
        written = self._get_written(partners)
        fitting = []
        for row in rows:
            partner = row["partner"]
            reason = False
            if partner in refused:
                reason = self.env._("wants no letters of this kind")
            elif partner in written:
                reason = self.env._("has this letter already, not sent yet")
            elif channel == "post" and not partner._get_car_post_address():
                reason = self.env._("has no address")
            elif channel == "mail" and not partner.email:
                reason = self.env._("has no e-mail address")
            if reason:
                skipped.append((partner.display_name, reason))
            else:
                fitting.append(row)
        return fitting, skipped

    def _get_written(self, partners):
        """Return for whom the same letter lies ready already."""
        if not self.template_id:
            return partners.browse()
        return (
            self.env["car.contact.letter"]
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("template_id", "=", self.template_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("draft", "queued")),
                ]
            )
            .partner_id
        )

    def _gather(self):
        """Return a row for each customer of the list, and who has no place in it."""
        rows, skipped = {}, []
        records = self.env["res.partner"]
        if self.res_model in SOURCES:
            records = self.env[self.res_model].browse(self.res_ids or []).exists()
        for record in records:
            row, reason = self._read_row(record)
            if reason:
                skipped.append((record.display_name, reason))
                continue
            known = rows.setdefault(row["partner"], row)
            known["tasks"] |= row["tasks"]
        return list(rows.values()), skipped

    def _read_row(self, record):
        """Return customer, car, contacts and call of a record, or why not."""
        row = {
            "partner": record if self.res_model == "res.partner" else False,
            "vehicle": self.env["car.vehicle"],
            "tasks": self.env["car.contact.task"],
            "call": self.env["car.contact.call"],
        }
        if self.res_model == "car.vehicle":
            row["vehicle"] = record
            row["partner"] = record.owner_id or record.contact_id
        elif self.res_model == "car.customer.file":
            row["vehicle"] = record.next_vehicle_id
        elif "vehicle_id" in record._fields:
            row["vehicle"] = record.vehicle_id
        if row["partner"] is False:
            row["partner"] = record.partner_id
        if not row["partner"]:
            return row, self.env._("has no owner")
        if record._name != "res.partner" and (
            record.company_id and record.company_id != self.company_id
        ):
            return row, self.env._("belongs to another company")
        if self.res_model == "car.contact.task":
            if record.state != "open":
                return row, self.env._("is done or closed already")
            if record.channel in WRITTEN_CHANNELS:
                row["tasks"] = record
        elif self.res_model == "car.contact.call":
            row["call"] = record
        elif self.res_model == "car.campaign.target":
            if record.letter_decision == "not_needed":
                return row, self.env._("needs no letter")
            row["call"] = record.call_id
        return row, False
