from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

PERSON = [
    "name",
    "phone",
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "vat",
    "lang",
    "car_birthday",
    "car_preferred_channel",
    "category_id",
    "comment",
]
# What of a document is told; of any other document its texts, days and choices
COLUMNS = {
    "car.repair.order": [
        "name",
        "vehicle_id",
        "received_at",
        "delivered_at",
        "odometer_km",
        "type_id",
        "note",
        "state",
    ],
    "car.contact.call": [
        "name",
        "started_at",
        "direction",
        "kind",
        "phone",
        "summary",
        "condition_text",
        "opinion_text",
        "need_text",
        "outcome",
    ],
    "car.contact.point": ["said_at", "kind", "text", "solution", "state"],
    "car.contact.task": [
        "call_on",
        "kind",
        "subject",
        "channel",
        "state",
        "close_reason",
    ],
    "car.contact.permission": [
        "given_at",
        "is_allowed",
        "purpose",
        "channel",
        "source",
        "evidence",
    ],
    "car.repair.payer": ["order_id", "kind", "reference"],
}
SKIPPED_MODELS = {"car.privacy.request"}
TYPES = (
    "char",
    "text",
    "html",
    "date",
    "datetime",
    "selection",
    "monetary",
    "many2one",
)
SKIPPED_FIELDS = {
    "access_token",
    "create_date",
    "create_uid",
    "currency_id",
    "company_id",
    "message_main_attachment_id",
    "partner_id",
    "plate_key",
    "record_html",
    "res_model",
    "state_changed_at",
    "state_changed_by_id",
    "write_date",
    "write_uid",
}


class ResPartner(models.Model):
    """All the workshop knows of a person, and of his cars while they were his."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_car_personal_data(self):
        """Return all data of a person, section by section.

        A new owner's copy holds nothing of the owner before, and the other way round.

        :return: list of dicts: ``key``, ``title``, ``fields`` (name to label), ``rows``
        """
        self.ensure_one()
        sections = [self._read_car_section("person", self, PERSON)]
        for key, records, names in self._get_car_data_sources():
            if records:
                sections.append(self._read_car_section(key, records, names))
        return sections

    def _get_car_data_sources(self):
        """Return (key, records, field names). Extend for what no link leads to."""
        self.ensure_one()
        sources = [
            (
                "vehicles",
                self.env["car.vehicle.ownership"].search(
                    [("partner_id", "=", self.id)]
                ),
                ["vehicle_id", "date_from", "date_to"],
            ),
            (
                "plates",
                self._get_car_owned("car.vehicle.plate", "date_from", "date_to"),
                ["vehicle_id", "license_plate", "date_from", "date_to"],
            ),
            (
                "readings",
                self._get_car_owned("car.odometer.reading", "read_at"),
                ["vehicle_id", "read_at", "odometer_km"],
            ),
        ]
        orders = self._get_car_own_orders()
        sources += [
            ("orders", orders, COLUMNS["car.repair.order"]),
            (
                "jobs",
                orders.job_ids,
                ["order_id", "name", "cause", "correction", "state"],
            ),
            (
                "lines",
                orders.line_ids,
                ["order_id", "name", "quantity", "price_total"],
            ),
            (
                "invoices",
                self.env["account.move"].search(
                    [
                        ("partner_id", "child_of", self.id),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                        ("state", "=", "posted"),
                    ]
                ),
                ["name", "invoice_date", "amount_total", "payment_state"],
            ),
        ]
        for model, names in self._get_car_person_models():
            if model == "car.repair.order":
                continue
            records = (
                self.env[model]
                .with_context(active_test=False)
                .search(Domain.OR(Domain(name, "=", self.id) for name in names))
            )
            sources.append((model, records, self._get_car_data_columns(model)))
        return sources

    def _get_car_own_orders(self):
        """Return his visits: as customer, or of his car while it was his."""
        domain = Domain("partner_id", "=", self.id)
        for period in self.env["car.vehicle.ownership"].search(
            [("partner_id", "=", self.id)]
        ):
            owned = (
                Domain("vehicle_id", "=", period.vehicle_id.id)
                & Domain("received_at", ">=", period.date_from)
                & Domain("owner_id", "in", [self.id, False])
            )
            if period.date_to:
                after = fields.Date.add(period.date_to, days=1)
                owned &= Domain("received_at", "<", after)
            domain |= owned
        orders = self.env["car.repair.order"].with_context(active_test=False)
        return orders.search(domain)

    def _get_car_owned(self, model, day, end=None):
        """Return what belongs to his cars on the days on which they were his."""
        domain = Domain.FALSE
        for period in self.env["car.vehicle.ownership"].search(
            [("partner_id", "=", self.id)]
        ):
            owned = Domain("vehicle_id", "=", period.vehicle_id.id)
            # On the day of the change old and new meet: it belongs to the new owner.
            if period.date_to:
                owned &= Domain(day, "<", period.date_to)
            if end:
                owned &= Domain(end, "=", False) | Domain(end, ">", period.date_from)
            else:
                owned &= Domain(day, ">=", period.date_from)
            domain |= owned
        return self.env[model].search(domain)

    @api.model
    def _get_car_person_models(self):
        """Return our documents about a person, with the fields that name him.

        Found by themselves, so that a new one is not forgotten.
        """
        found = []
        for name, model in sorted(self.env.registry.items()):
            if (
                not name.startswith("car.")
                or model._abstract
                or model._transient
                or not model._auto
                or name in SKIPPED_MODELS
                or name == "car.vehicle.ownership"
            ):
                continue
            links = [
                field.name
                for field in model._fields.values()
                if field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
                and field.name in ("partner_id", "contact_id", "sender_id")
            ]
            if links and name != "car.vehicle":
                found.append((name, links))
        return found

    @api.model
    def _get_car_data_columns(self, model):
        """Return what of a document is told to the person it is about."""
        if model in COLUMNS:
            return COLUMNS[model]
        return [
            field.name
            for field in self.env[model]._fields.values()
            if field.store
            and field.type in TYPES
            and field.name not in SKIPPED_FIELDS
            and not (field.type == "many2one" and field.comodel_name == "res.users")
        ]

    def _read_car_section(self, key, records, names):
        model = records._name
        labels = {
            name: records._fields[name]._description_string(self.env) or name
            for name in names
        }
        title = self.env["ir.model"]._get(model).name
        return {
            "key": key,
            "title": title,
            "fields": labels,
            "rows": [
                {name: self._spell_car_value(record, name) for name in names}
                for record in records
            ],
        }

    @api.model
    def _spell_car_value(self, record, name):
        """Return a value as it is read: a text, a number, or nothing."""
        field = record._fields[name]
        value = record[name]
        if field.type in ("many2one", "many2many", "one2many"):
            # Safe: the manager exports; names of what the records point to.
            return ", ".join(value.sudo().mapped("display_name")) or None
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "datetime":
            return fields.Datetime.to_string(value) if value else None
        if field.type == "date":
            return fields.Date.to_string(value) if value else None
        if field.type == "html":
            return html2plaintext(value) if value else None
        if field.type in ("boolean", "integer", "float", "monetary"):
            return value
        return value or None
