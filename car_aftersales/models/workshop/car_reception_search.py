from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.plate import is_chinese_plate, tidy_plate
from ...tools.vin import LENGTH, find_vin_error, normalize_vin
from .car_reception import OPEN_STATES

FOUND_LIMIT = 8
# Fewer digits than this are no phone number.
PHONE_DIGITS = 7


class CarReception(models.Model):
    """Finding who stands before the desk."""

    _inherit = "car.reception"

    @api.model
    def find(self, text):
        """Find cars, customers without a car and today's bookings by one text.

        Plate, VIN, name or phone, however it is typed; as many queries for many hits
        as for one.
        """
        self.check_access("read")
        text = (text or "").strip()
        if not text:
            return {"hits": [], "guess": {}}
        found = self.env["car.vehicle"].name_search(text, limit=FOUND_LIMIT)
        vehicles = self.env["car.vehicle"].browse([row[0] for row in found])
        appointments = self._find_appointments(vehicles, text)
        hits = self._get_vehicle_hits(vehicles, appointments)
        hits += [
            self._get_appointment_hit(appointment)
            for appointment in appointments
            if appointment.vehicle_id not in vehicles
        ]
        hits += self._get_partner_hits(self._find_partners(text))
        return {"hits": hits, "guess": self._guess(text)}

    @api.model
    def get_duplicates(self, values):
        """Return who and which cars might be the same as what is typed in."""
        self.check_access("read")
        draft = self.new(
            {
                "contact_name": values.get("contact_name"),
                "phone": values.get("phone"),
                "license_plate": values.get("license_plate"),
            }
        )
        vehicles = self.env["car.vehicle"]
        domain = Domain("plate_key", "=", draft.plate_key) if draft.plate_key else None
        if vin := normalize_vin(values.get("vin") or ""):
            by_vin = Domain("vin", "=", vin)
            domain = by_vin if domain is None else domain | by_vin
        if domain is not None:
            vehicles = vehicles.search(domain, limit=FOUND_LIMIT)
        hits = self._get_vehicle_hits(vehicles, self.env["car.appointment"])
        partners = draft.duplicate_ids._origin - vehicles.owner_id
        return hits + self._get_partner_hits(partners[:FOUND_LIMIT])

    # === BUSINESS METHODS === #

    @api.model
    def _find_appointments(self, vehicles, text):
        """Return today's bookings of these cars, or by name, phone and plate."""
        appointments = self.env["car.appointment"]
        if not appointments.has_access("read"):
            return appointments
        start = self._get_day_start()
        by_text = Domain("display_name", "ilike", text)
        return appointments.search(
            Domain("state", "in", ("confirmed", "no_show"))
            & Domain("start_at", ">=", start)
            & Domain("start_at", "<", fields.Datetime.add(start, days=1))
            & (Domain("vehicle_id", "in", vehicles.ids) | by_text),
            limit=FOUND_LIMIT,
            order="start_at",
        )

    @api.model
    def _find_partners(self, text):
        """Return customers without a car by name or phone."""
        vehicles = self.env["car.vehicle"]
        selects = [
            SQL("(%s)", select) if isinstance(select, SQL) else select.subselect()
            for select in vehicles._get_people_selects(text)
        ]
        # Only ids come out of the selects; the search itself applies the user's rules.
        partners = self.env["res.partner"].search_fetch(
            Domain("id", "in", SQL(" UNION ").join(selects))
            & Domain("partner_share", "=", True),
            ["display_name", "phone"],
            limit=FOUND_LIMIT * 4,
            order="id",
        )
        # Whoever has a car was found with it.
        owners = vehicles._read_group([("owner_id", "in", partners.ids)], ["owner_id"])
        return partners.filtered(lambda one: (one,) not in owners)[:FOUND_LIMIT]

    @api.model
    def _get_vehicle_hits(self, vehicles, appointments):
        """Return cars as the screen lists them, with what is going on with them."""
        here = self.search_fetch(
            [("vehicle_id", "in", vehicles.ids), ("state", "in", OPEN_STATES)],
            ["vehicle_id", "arrived_at"],
        ).grouped("vehicle_id")
        orders = self.env["car.repair.order"]
        domain = orders._get_open_domain() & Domain("vehicle_id", "in", vehicles.ids)
        counts = dict(orders._read_group(domain, ["vehicle_id"], ["__count"]))
        booked = appointments.grouped("vehicle_id")
        hits = []
        for vehicle in vehicles:
            owner = vehicle.owner_id or vehicle.contact_id
            badges = []
            if vehicle in here:
                moment = self._show_moment(here[vehicle][:1].arrived_at)
                text = self.env._("here since %(time)s", time=moment)
                badges.append({"level": "success", "text": text})
            if vehicle in booked:
                moment = self._show_moment(booked[vehicle][:1].start_at)
                text = self.env._("booked %(time)s", time=moment)
                badges.append({"level": "info", "text": text})
            if count := counts.get(vehicle):
                text = self.env._("open orders: %(count)s", count=count)
                badges.append({"level": "warning", "text": text})
            people = " ".join(part for part in (owner.name, owner.phone) if part)
            hits.append(
                {
                    "key": f"vehicle-{vehicle.id}",
                    "vehicle_id": vehicle.id,
                    "partner_id": owner.id,
                    "title": vehicle.display_name,
                    "detail": people,
                    "badges": badges,
                }
            )
        return hits

    @api.model
    def _get_partner_hits(self, partners):
        return [
            {
                "key": f"partner-{partner.id}",
                "partner_id": partner.id,
                "title": partner.display_name,
                "detail": partner.phone or "",
                "badges": [],
            }
            for partner in partners
        ]

    def _get_appointment_hit(self, appointment):
        moment = self._show_moment(appointment.start_at)
        text = self.env._("booked %(time)s", time=moment)
        return {
            "key": f"appointment-{appointment.id}",
            "appointment_id": appointment.id,
            "vehicle_id": appointment.vehicle_id.id,
            "partner_id": appointment.partner_id.id,
            "title": appointment.license_plate or appointment.display_name,
            "detail": f"{appointment.contact_name or ''} {appointment.phone or ''}",
            "badges": [{"level": "info", "text": text}],
        }

    @api.model
    def _guess(self, text):
        """Return what an unknown text probably is, to fill in a new customer's form."""
        vin = normalize_vin(text)
        digits = "".join(sign for sign in text if sign.isdigit())
        if is_chinese_plate(text):
            return {"license_plate": tidy_plate(text)}
        if len(vin) == LENGTH and not find_vin_error(vin):
            return {"vin": vin}
        if len(digits) >= PHONE_DIGITS and not any(sign.isalpha() for sign in text):
            return {"phone": text}
        if digits:
            return {"license_plate": tidy_plate(text)}
        return {"contact_name": text}
