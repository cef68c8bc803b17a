from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ERASED = "***"
# Texts about a person in our documents, by model: what is put in their place
TEXTS = {
    "car.appointment": {"contact_name": ERASED, "phone": None, "license_plate": ERASED},
    "car.enquiry": {"contact_name": ERASED, "phone": None, "license_plate": ERASED},
    "car.reception": {"contact_name": ERASED, "phone": None, "license_plate": ERASED},
    "car.contact.call": {
        "phone": None,
        "summary": ERASED,
        "condition_text": None,
        "opinion_text": None,
        "need_text": None,
    },
    "car.contact.point": {"text": ERASED, "solution": None},
    "car.contact.task": {"close_note": None},
    "car.contact.letter": {
        "address": None,
        "email": None,
        "license_plate": None,
        "about": None,
        "subject": ERASED,
        "body": ERASED,
        "remark": None,
    },
    "car.customer.file": {
        "wish_text": None,
        "purchase_text": None,
        "next_content": None,
        "next_talk": None,
        "next_call_date": None,
    },
    "car.complaint": {
        "text": ERASED,
        "contact_name": None,
        "email_from": None,
        "phone": None,
        "cause_text": None,
        "reply_text": None,
        "answer_text": None,
        "reopen_reason": None,
        "withdrawn_reason": None,
        "external_result": None,
    },
    "car.satisfaction": {"comment": None},
    "car.customer.remark": {"text": ERASED, "answer": None},
    "car.campaign.target": {"note": None},
    "car.customer.loss": {"note": None},
    "car.insurance.policy": {"note": None},
}


class ResPartner(models.Model):
    """Making a customer anonymous: he goes, the car's history and the books stay.

    Kept: vehicles by their VIN, visits with work and amounts, consents and signed
    papers as long as the law asks for them, invoices. Replaced: name, phone, address,
    plate and what was noted about the person.
    """

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _erase_car_person(self):
        """Replace what tells who these people are; return what was changed, in words.

        The caller has checked that nothing forbids it.
        """
        self.ensure_one()
        people = self | self.child_ids
        done = []
        self.env["car.contact.suppression"]._suppress(people)
        self._record_car_answer(False, "desk", evidence=self.env._("Data erased"))
        names = {person.name for person in people if person.name}
        periods = self.env["car.vehicle.ownership"].search(
            [("partner_id", "in", people.ids)]
        )
        done.append(self._erase_car_plates(periods))
        orders = self._get_car_own_orders()
        done += self._erase_car_texts(people, orders, names)
        self._erase_car_messages(people)
        for person in people:
            person.with_context(tracking_disable=True).write(
                self._prepare_erased_vals(person)
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM mail_message"
                " WHERE model = 'res.partner' AND res_id = ANY(%s)",
                people.ids,
            )
        )
        people.action_archive()
        self.env.invalidate_all()
        done.append(self.env._("contacts: %(count)s", count=len(people)))
        return [text for text in done if text]

    def _prepare_erased_vals(self, person):
        """Return what stands in the place of a person. Extend to replace more."""
        return {
            "name": self.env._("Erased customer %(number)s", number=person.id),
            "phone": False,
            "email": False,
            "street": False,
            "street2": False,
            "zip": False,
            "city": False,
            "state_id": False,
            "vat": False,
            "comment": False,
            "website": False,
            "function": False,
            "ref": False,
            "image_1920": False,
            "category_id": [fields.Command.clear()],
            "car_birthday": False,
            "car_preferred_channel": False,
        }

    def _erase_car_plates(self, periods):
        """Take his plates off his cars; the cars stay, known by their VIN."""
        vehicles = (
            self.env["car.vehicle"]
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("owner_id", "in", periods.partner_id.ids),
                    ("contact_id", "in", (self | self.child_ids).ids),
                ]
            )
        )
        owned = vehicles.filtered(
            lambda vehicle: vehicle.owner_id in periods.partner_id
        )
        owned.with_context(tracking_disable=True).write(
            {"owner_id": False, "contact_id": False, "license_plate": False}
        )
        (vehicles - owned).write({"contact_id": False})
        plates = self._get_plates_of(periods)
        self.env.flush_all()
        self._update_car_rows(
            "car.vehicle.plate", {"license_plate": ERASED}, plates.ids
        )
        # Plates and owners were tracked on the cars: only these lines go.
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_tracking_value v
                 USING mail_message m, ir_model_fields f
                 WHERE v.mail_message_id = m.id AND f.id = v.field_id
                   AND m.model = 'car.vehicle' AND m.res_id = ANY(%s)
                   AND f.name IN ('license_plate', 'owner_id')
                """,
                periods.vehicle_id.ids,
            )
        )
        return self.env._("vehicles: %(count)s", count=len(periods.vehicle_id))

    def _get_plates_of(self, periods):
        """Return the plates that cars carried while they were in these hands only."""
        domain = Domain.FALSE
        for period in periods:
            mine = Domain("vehicle_id", "=", period.vehicle_id.id) & Domain(
                "date_from", ">=", period.date_from
            )
            if period.date_to:
                # Carried on by the next owner, a plate is his.
                mine &= Domain("date_to", "<=", period.date_to)
            domain |= mine
        return self.env["car.vehicle.plate"].search(domain)

    def _erase_car_texts(self, people, orders, names):
        """Replace texts about these people in our documents, past their locks.

        In SQL: the documents are closed, and stay closed.
        """
        self.env.flush_all()
        done = []
        for model, values in TEXTS.items():
            count = self._update_car_rows(model, values, people=people.ids)
            if count:
                label = self.env["ir.model"]._get(model).name
                done.append(f"{label}: {count}")
        for model, name in (
            ("car.custody.log", "giver_name"),
            ("car.custody.log", "receiver_name"),
        ):
            if names and name in self.env[model]._fields:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s"
                        " WHERE %s = ANY(%s) AND order_id = ANY(%s)",
                        SQL.identifier(self.env[model]._table),
                        SQL.identifier(name),
                        ERASED,
                        SQL.identifier(name),
                        list(names),
                        orders.ids,
                    )
                )
        return done

    def _update_car_rows(self, model, values, ids=None, people=None):
        """Write plain values into rows, by id or by the person they are about."""
        table = self.env[model]
        known = {
            name: value
            for name, value in values.items()
            if name in table._fields and table._fields[name].store
        }
        if "license_plate" in known and "plate_key" in table._fields:
            known["plate_key"] = None
        if not known:
            return 0
        if people is None:
            where = SQL("id = ANY(%s)", ids)
        else:
            where = SQL("partner_id = ANY(%s)", people)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE %s",
                SQL.identifier(table._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in known.items()
                ),
                where,
            )
        )
        return self.env.cr.rowcount

    def _erase_car_messages(self, people):
        """Delete what was written to or about these people beside the documents."""
        self.env.flush_all()
        messages = self.env["mail.message"]
        for model in TEXTS:
            if "message_ids" not in self.env[model]._fields:
                continue
            records = (
                self.env[model]
                .with_context(active_test=False)
                .search([("partner_id", "in", people.ids)])
            )
            messages |= messages.search(
                [("model", "=", model), ("res_id", "in", records.ids)]
            )
        messages |= messages.search(
            [
                ("model", "=like", "car.%"),
                "|",
                ("author_id", "in", people.ids),
                ("partner_ids", "in", people.ids),
            ]
        )
        messages.unlink()
        self.env["sms.sms"].search([("partner_id", "in", people.ids)]).unlink()
        self.env["mail.mail"].search([("recipient_ids", "in", people.ids)]).unlink()
