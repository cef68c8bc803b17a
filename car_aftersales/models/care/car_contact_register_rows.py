from odoo import api, models
from odoo.tools import format_date, format_datetime

# Width of each column: share of the paper in percent, characters in the spreadsheet
CALL_COLUMNS = {
    "seq": (3, 6),
    "moment": (9, 17),
    "customer": (9, 16),
    "plate": (7, 12),
    "phone": (11, 17),
    "direction": (6, 12),
    "kind": (9, 16),
    "content": (19, 50),
    "result": (10, 24),
    "handler": (6, 12),
    "number": (11, 16),
}
LETTER_COLUMNS = {
    "seq": (4, 6),
    "moment": (8, 12),
    "customer": (9, 16),
    "address": (17, 36),
    "plate": (8, 12),
    "kind": (6, 10),
    "subject": (18, 36),
    "channel": (6, 10),
    "related": (9, 18),
    "handler": (7, 12),
    "remark": (8, 24),
}


class CarContactRegister(models.Model):
    """The lines of a register: of calls, or of letters."""

    _inherit = "car.contact.register"

    # === BUSINESS METHODS === #

    def _get_paper_lang(self):
        """Return the language of the department's papers."""
        return self.company_id.partner_id.lang or self.env.lang

    def _get_titles(self):
        """Return the headings of the columns: (key, heading, width in percent)."""
        self.ensure_one()
        headings = {
            "seq": self.env._("No."),
            "customer": self.env._("Customer"),
            "plate": self.env._("License Plate"),
            "phone": self.env._("Phone"),
            "direction": self.env._("In / Out"),
            "kind": self.env._("Kind"),
            "content": self.env._("Brief Content"),
            "result": self.env._("Result and State"),
            "handler": self.env._("Handled By"),
            "number": self.env._("Record No."),
            "address": self.env._("Address"),
            "subject": self.env._("Subject"),
            "channel": self.env._("Sent By"),
            "related": self.env._("Related Call"),
            "remark": self.env._("Remark"),
            "moment": self.env._("Date and Time")
            if self.kind == "call"
            else self.env._("Date Sent"),
        }
        columns = CALL_COLUMNS if self.kind == "call" else LETTER_COLUMNS
        return [(key, headings[key], width[0]) for key, width in columns.items()]

    def _get_rows(self):
        """Return the lines, the oldest first, in a constant number of queries."""
        self.ensure_one()
        order = "started_at, id" if self.kind == "call" else "sent_at, id"
        records = self._get_records_model().search(self._get_domain(), order=order)
        prepare = getattr(self, f"_prepare_{self.kind}_row")
        labels = {
            (model, name): dict(
                self.env[model]._fields[name]._description_selection(self.env)
            )
            for model, name in (
                ("car.contact.call", "direction"),
                ("car.contact.call", "kind"),
                ("car.contact.call", "outcome"),
                ("car.contact.point", "kind"),
                ("car.contact.point", "state"),
                ("car.contact.letter", "kind"),
                ("car.contact.letter", "channel"),
            )
        }
        return [
            {"seq": number, **prepare(record, labels)}
            for number, record in enumerate(records, 1)
        ]

    @api.model
    def _prepare_call_row(self, call, labels):
        """Return the line of a call. Extend together with the columns."""
        points = [
            f"{labels['car.contact.point', 'kind'].get(point.kind)}: "
            f"{labels['car.contact.point', 'state'].get(point.state)}"
            for point in call.point_ids
        ]
        said = (call.summary, call.opinion_text, call.need_text)
        content = " ".join(text.strip() for text in said if text and text.strip())
        outcome = labels["car.contact.call", "outcome"].get(call.outcome)
        return {
            "moment": call.started_at,
            "customer": call.partner_id.name,
            "plate": call.vehicle_id.license_plate,
            "phone": call.phone,
            "direction": labels["car.contact.call", "direction"].get(call.direction),
            "kind": labels["car.contact.call", "kind"].get(call.kind),
            "content": content or ", ".join(call.topic_ids.mapped("name")),
            "result": "; ".join(part for part in (outcome, *points) if part),
            "handler": call.user_id.name,
            "number": call.name,
        }

    @api.model
    def _prepare_letter_row(self, letter, labels):
        """Return the line of a letter. Extend together with the columns."""
        by_mail = letter.channel == "mail"
        address = letter.email if by_mail else letter.address
        return {
            "moment": letter.sent_at,
            "customer": letter.partner_id.name,
            "address": ", ".join((address or "").split("\n")),
            "plate": letter.license_plate,
            "kind": labels["car.contact.letter", "kind"].get(letter.kind),
            "subject": letter.subject,
            "channel": labels["car.contact.letter", "channel"].get(letter.channel),
            "related": letter.call_id.name or letter.point_id.complaint_id.name,
            "handler": letter.user_id.name,
            "remark": letter.remark,
        }

    def _get_time_zone(self):
        return self.company_id._get_car_time_zone()

    def _spell_moment(self, moment):
        """Return a moment as the paper shows it: letters have days only."""
        zone = self._get_time_zone()
        if self.kind == "call":
            return format_datetime(self.env, moment, tz=zone, dt_format="short")
        return format_date(self.env, self.company_id._get_car_local_day(moment))
