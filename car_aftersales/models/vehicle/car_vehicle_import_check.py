import re
from collections import Counter

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

from ...tools.day import read_day
from ...tools.phone import normalize_phone, spell_phone
from ...tools.plate import normalize_plate
from ...tools.vin import normalize_vin
from .car_vehicle_import import fold


class CarVehicleImportCheck(models.AbstractModel):
    """Reads a whole spreadsheet of vehicles before any row of it is loaded."""

    _name = "car.vehicle.import.check"
    _description = "Check of a Vehicle Import"

    # === BUSINESS METHODS === #

    @api.model
    def _check(self, names, data):
        """Return a message for each bad row, with the row and the reason."""
        rows = [dict(zip(names, row)) for row in data]
        facts = self._get_facts(rows)
        messages = []
        for index, row in enumerate(rows):
            car = row.get("license_plate") or row.get("vin")
            for kind, field, text in self._check_row(row, facts):
                messages.append(
                    {
                        "type": kind,
                        "message": f"{car}: {text}" if car else text,
                        "field": field,
                        "record": index,
                        "rows": {"from": index, "to": index},
                    }
                )
        return messages

    @api.model
    def _get_facts(self, rows):
        """Return what rows are compared with: the file itself and the database."""
        Vehicle = self.env["car.vehicle"]
        vins = Counter(normalize_vin(row.get("vin")) for row in rows)
        plates = Counter(normalize_plate(row.get("license_plate")) for row in rows)
        # The unique indexes do not know record rules either.
        known = (
            Vehicle.sudo()
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", self.env.company.id)
                & (
                    Domain("vin", "in", list(vins))
                    | Domain("plate_key", "in", list(plates))
                )
            )
        )
        people = [
            (row.get("import_owner_name") or "", row.get("import_owner_phone") or "")
            for row in rows
        ]
        return {
            "vins": vins,
            "plates": plates,
            "by_vin": {car.vin: car for car in known if car.vin},
            "by_plate": {car.plate_key: car for car in known if car.active},
            "is_strict": self.env.company.car_vin_is_strict,
            "dates": [
                name
                for name, field in Vehicle._fields.items()
                if field.type == "date" and rows and name in rows[0]
            ],
            "models": Vehicle._get_known_models(),
            "owners": self._get_known_owners(people),
            "may_add_models": self.env["car.vehicle.model"].has_access("create"),
        }

    @api.model
    def _check_row(self, row, facts):
        """Yield what is wrong with a row: kind of message, field and text."""
        is_update = bool(row.get("id") or row.get(".id"))
        yield from self._check_identity(row, facts, is_update)
        yield from self._check_model(row, facts, is_update)
        yield from self._check_owner(row, facts)
        odometer = row.get("odometer_km")
        if odometer and not re.fullmatch(r"\d{1,7}", str(odometer)):
            text = self.env._("“%(value)s” is no odometer value.", value=odometer)
            yield "error", "odometer_km", text
        for name in facts["dates"]:
            if row[name] and not read_day(str(row[name])):
                text = self.env._(
                    "“%(value)s” is no date. Write it as in 2026-03-02.",
                    value=row[name],
                )
                yield "error", name, text

    @api.model
    def _check_identity(self, row, facts, is_update):
        vin = normalize_vin(row.get("vin"))
        plate = normalize_plate(row.get("license_plate"))
        if not (vin or plate or is_update):
            yield "error", "vin", self.env._("Neither a VIN nor a license plate.")
        if vin and facts["is_strict"]:
            if problem := self.env["car.vehicle"]._get_vin_error(vin):
                yield "error", "vin", problem
        if vin and facts["vins"][vin] > 1:
            text = self.env._("VIN “%(vin)s” is in the file more than once.", vin=vin)
            yield "error", "vin", text
        if plate and facts["plates"][plate] > 1:
            text = self.env._(
                "Plate “%(plate)s” is in the file more than once.", plate=plate
            )
            yield "error", "license_plate", text
        if is_update:
            return
        for field, known in (
            ("vin", facts["by_vin"].get(vin)),
            ("license_plate", facts["by_plate"].get(plate)),
        ):
            if known:
                text = self.env._(
                    "The vehicle already exists as %(vehicle)s.",
                    vehicle=known.display_name,
                )
                yield "error", field, text
                return

    @api.model
    def _check_model(self, row, facts, is_update):
        names = row.get("import_brand_name") or "", row.get("import_model_name") or ""
        brand, model = map(fold, names)
        if not model:
            if not is_update and not any(name.startswith("model_id") for name in row):
                text = self.env._("The model is missing.")
                yield "error", "import_model_name", text
            return
        if self.env["car.vehicle"]._pick_model(facts["models"][1], *names):
            return
        if not brand:
            text = self.env._("Model “%(model)s” needs its brand.", model=names[1])
            yield "error", "import_brand_name", text
        elif not facts["may_add_models"]:
            text = self.env._(
                "“%(brand)s %(model)s” is unknown. A business supervisor may add it.",
                brand=names[0],
                model=names[1],
            )
            yield "error", "import_model_name", text

    @api.model
    def _check_owner(self, row, facts):
        name = row.get("import_owner_name") or ""
        phone = row.get("import_owner_phone") or ""
        owner, problem = self._match_owner(facts["owners"], name, phone)
        if problem == "ambiguous":
            text = self.env._(
                "Several contacts are called “%(name)s”. Give the phone.", name=name
            )
            yield "error", "import_owner_name", text
        elif problem == "other_name":
            text = self.env._(
                "The phone of “%(name)s” also belongs to another contact. A new "
                "contact is made.",
                name=name,
            )
            yield "warning", "import_owner_phone", text
        elif fold(phone) and not fold(name) and not owner:
            text = self.env._("The phone is unknown and the owner has no name.")
            yield "error", "import_owner_name", text

    # === OWNERS === #

    @api.model
    def _normalize_phone(self, phone):
        """Return the phone as it is compared, by the company's country."""
        return normalize_phone(phone, self.env.company.country_id.phone_code)

    @api.model
    def _get_known_owners(self, people):
        """Return the contacts with one of the names or phones, by name and by phone."""
        code = self.env.company.country_id.phone_code
        names = {" ".join(name.split()) for name, _phone in people} - {""}
        phones = {self._normalize_phone(phone) for _name, phone in people} - {""}
        spellings = [text for phone in phones for text in spell_phone(phone, code)]
        Partner = self.env["res.partner"]
        found = Partner.search([("name", "in", list(names))])
        if spellings:
            by_index = SQL(
                "SELECT id FROM res_partner WHERE phone IS NOT NULL "
                "AND regexp_replace(phone::text, %s, '', 'g') IN %s",
                PHONE_REGEX_PATTERN,
                tuple(spellings),
                to_flush=Partner._fields["phone"],
            )
            found |= Partner.search(Domain("id", "in", by_index))
        by_name, by_phone = {}, {}
        for partner in found:
            by_name.setdefault(fold(partner.name), []).append(partner)
            if number := self._normalize_phone(partner.phone):
                by_phone.setdefault(number, []).append(partner)
        return {"by_name": by_name, "by_phone": by_phone}

    @api.model
    def _match_owner(self, known, name, phone):
        """Return the contact that is this person for sure, and why there is none.

        Name and phone must both fit: a wrong merger of two people cannot be undone,
        two contacts of one person can be merged at any time. A contact of this name
        without a phone is taken; one with another phone is somebody else.
        """
        nobody = self.env["res.partner"]
        namesakes = known["by_name"].get(fold(name), []) if fold(name) else []
        if not fold(phone):
            if len(namesakes) > 1:
                return nobody, "ambiguous"
            return (namesakes[0] if namesakes else nobody), None
        reached = known["by_phone"].get(self._normalize_phone(phone), [])
        if not fold(name):
            return (reached[0] if len(reached) == 1 else nobody), None
        for partner in reached:
            if fold(partner.name) == fold(name):
                return partner, None
        without_phone = [partner for partner in namesakes if not partner.phone]
        if len(without_phone) == 1:
            return without_phone[0], None
        return nobody, "other_name" if reached else None
