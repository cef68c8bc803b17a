from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_time

from .car_reception import OPEN_STATES, SAME_VISIT
from .car_reception_steps import BOOKED_STATES

BOARD_LIMIT = 80
# What the screen may say of a new arrival
START_FIELDS = (
    "vehicle_id",
    "partner_id",
    "contact_name",
    "phone",
    "license_plate",
    "model_id",
    "purpose",
    "complaint",
    "bay_id",
    "order_id",
    "appointment_id",
)


class CarReception(models.Model):
    """What the reception screen asks for and does."""

    _inherit = "car.reception"

    # === SCREEN: DOING === #

    @api.model
    def make_customer(self, values):
        """Make a new car, a new customer, or both, in place.

        :return: ids of the car and of the customer
        """
        self.check_access("create")
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        vehicle = self.env["car.vehicle"].browse(values.get("vehicle_id"))
        draft = self.new(
            {
                name: values.get(name)
                for name in (
                    "contact_name",
                    "phone",
                    "license_plate",
                    "model_id",
                    "partner_id",
                )
            }
        )
        partner = partner or draft._ensure_partner()._origin
        if not vehicle and (values.get("license_plate") or values.get("vin")):
            if not values.get("model_id"):
                draft._raise_missing(self.env._("choose the model of the new car"))
            vehicle = vehicle.create(
                {
                    "license_plate": values.get("license_plate"),
                    "vin": values.get("vin"),
                    "model_id": values["model_id"],
                    "owner_id": partner.id,
                }
            )
        elif vehicle and not (vehicle.owner_id or vehicle.contact_id):
            vehicle.owner_id = partner
        return {"vehicle_id": vehicle.id, "partner_id": partner.id}

    @api.model
    def start(self, values, proceed=True):
        """Register an arrival and take the step its purpose leads to, once.

        Who is here already, or was received for this a moment ago, is not registered
        a second time.

        :return: the arrival, and the action that opens what came of it
        """
        self.check_access("create")
        self._take_caller_turn(values)
        vals = {name: values[name] for name in START_FIELDS if values.get(name)}
        reception = self._find_current(vals)
        if reception:
            reception._take_turn()
            is_open = reception.state in OPEN_STATES
            links = {"vehicle_id", "partner_id", "order_id", "appointment_id"}
            known = {name for name in links if reception[name]}
            if is_open:
                reception.write(
                    {key: vals[key] for key in vals if key not in known | links}
                )
                reception._tie(vals)
        else:
            reception = self.create(vals)
        if values.get("is_confirmed") and not reception.data_confirmed_at:
            reception.action_confirm_data()
        if values.get("is_introduced") and not reception.introduced_at:
            reception.action_introduce()
        action = reception.action_proceed() if proceed else False
        return {"id": reception.id, "action": action}

    @api.model
    def _take_caller_turn(self, values):
        """Write the row of the car, else of the customer: two desks, one arrival.

        Its content stays as it is. Of two at once the loser is repeated by Odoo on
        fresh data and finds the arrival of the other.
        """
        for name in ("vehicle_id", "partner_id"):
            if values.get(name):
                record = self[name].browse(values[name])
                record.check_access("read")
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET id = id WHERE id = %s",
                        SQL.identifier(record._table),
                        record.id,
                    )
                )
                return

    def _tie(self, vals):
        """Let an arrival that is open take the booking or order it is about."""
        self.ensure_one()
        for name in ("order_id", "appointment_id"):
            if vals.get(name) and self[name].id != vals[name]:
                document = self[name].browse(vals[name])
                document.check_access("read")
                # Safe: a document that the user may read, of the same car.
                self.sudo()[name] = document
        self._check_links()

    @api.model
    def _find_current(self, vals):
        """Return the arrival that is meant: an open one, or the one just dealt with."""
        now = fields.Datetime.now()
        if vals.get("vehicle_id"):
            who = Domain("vehicle_id", "=", vals["vehicle_id"])
        elif vals.get("partner_id"):
            who = Domain("partner_id", "=", vals["partner_id"])
            who &= Domain("vehicle_id", "=", False)
        elif vals.get("appointment_id"):
            who = Domain("appointment_id", "=", vals["appointment_id"])
        else:
            who = Domain("contact_name", "=", vals.get("contact_name"))
            who &= Domain("phone", "=", vals.get("phone"))
            who &= Domain("vehicle_id", "=", False)
        who &= Domain("company_id", "=", self.env.company.id)
        still = self.env["car.repair.order"]._get_open_domain()
        just_done = Domain("state", "=", "done")
        just_done &= Domain("purpose", "=", vals.get("purpose", "repair"))
        just_done &= Domain("arrived_at", ">=", now - SAME_VISIT)
        just_done &= Domain("order_id", "any", still) | Domain(
            "appointment_id.state", "in", BOOKED_STATES
        )
        found = self.search(who & (Domain("state", "in", OPEN_STATES) | just_done))
        stale = found.filtered(lambda one: one.arrived_at < now - SAME_VISIT)
        for reception in stale:
            if not reception._has_outcome():
                reception.outcome_note = self.env._("Not closed at the desk")
            reception.write({"state": "done"})
        found -= stale
        return found.filtered(lambda one: one.state in OPEN_STATES)[:1] or found[:1]

    # === SCREEN: SHOWING === #

    @api.model
    def get_board(self):
        """Return who is here, by state, and how many are done with today."""
        self.check_access("read")
        today = Domain("arrived_at", ">=", self._get_day_start())
        receptions = self.search_fetch(
            Domain("state", "in", OPEN_STATES) | today, limit=BOARD_LIMIT
        )
        labels = dict(self._fields["state"]._description_selection(self.env))
        by_state = receptions.grouped("state")
        return {
            "columns": [
                {
                    "state": state,
                    "label": labels[state],
                    "items": [
                        reception._prepare_desk_vals()
                        for reception in by_state.get(state, self).sorted("arrived_at")
                    ],
                }
                for state in OPEN_STATES
            ],
            "done": len(by_state.get("done", self)),
            "gone": len(by_state.get("gone", self)),
        }

    @api.model
    def get_page(self, values):
        """Return all that is known of a car and its people, as cards.

        :param values: ids of ``vehicle_id``, ``partner_id``, ``reception_id`` or
            ``appointment_id``
        """
        self.check_access("read")
        reception = self.browse(values.get("reception_id"))
        appointment = self.env["car.appointment"].browse(values.get("appointment_id"))
        appointment = appointment or reception.appointment_id
        vehicle = self.env["car.vehicle"].browse(values.get("vehicle_id"))
        vehicle = vehicle or reception.vehicle_id or appointment.vehicle_id
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        partner = partner or reception.partner_id or appointment.partner_id
        partner = partner or vehicle.owner_id or vehicle.contact_id
        if not reception:
            reception = self._find_open(vehicle, partner)
        caller = reception or appointment
        draft = self.new({"partner_id": partner.id})
        is_new = reception.is_new_customer if reception else draft.is_new_customer
        return {
            "vehicle_id": vehicle.id,
            "partner_id": partner.id,
            "appointment_id": appointment.id,
            "title": vehicle.display_name or partner.name or caller.display_name,
            "caller": {
                "contact_name": caller.contact_name or "",
                "phone": caller.phone or "",
                "license_plate": caller.license_plate or "",
                "model_id": caller.model_id.id,
            },
            "reception": bool(reception) and reception._prepare_desk_vals(),
            "is_new_customer": is_new,
            "introduction": self.env.company._get_car_introduction() if is_new else "",
            "cards": self.with_context(car_appointment_id=appointment.id)._get_cards(
                vehicle, partner
            ),
            "purposes": self._fields["purpose"]._description_selection(self.env),
            "bays": self._get_bays(),
            "can_register": self.has_access("create"),
        }

    @api.model
    def _find_open(self, vehicle, partner):
        """Return the open arrival of a car, or of somebody without one."""
        if not vehicle and not partner:
            return self
        who = Domain("vehicle_id", "=", vehicle.id)
        if not vehicle:
            who &= Domain("partner_id", "=", partner.id)
        who &= Domain("company_id", "=", self.env.company.id)
        return self.search(who & Domain("state", "in", OPEN_STATES), limit=1)

    @api.model
    def _get_bays(self):
        """Return the places where a car is received, and who stands there."""
        bays = self.env["car.workshop.bay"].search_fetch(
            [("kind", "=", "reception"), ("company_id", "=", self.env.company.id)],
            ["name"],
        )
        taken = self.search_fetch(
            [("bay_id", "in", bays.ids), ("state", "in", OPEN_STATES)],
            ["bay_id", "license_plate"],
        ).grouped("bay_id")
        return [
            {
                "id": bay.id,
                "name": bay.name,
                "taken": ", ".join(
                    one.license_plate or one.name for one in taken.get(bay, [])
                ),
            }
            for bay in bays
        ]

    def _prepare_desk_vals(self):
        """Return an arrival as the screen shows it. Extend to show more."""
        self.ensure_one()
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        since = self.arrived_at if self.state == "arrived" else self.state_changed_at
        waited = fields.Datetime.now() - since
        return {
            "id": self.id,
            "name": self.name,
            "title": self.license_plate or self.contact_name or self.name,
            "detail": self.contact_name if self.license_plate else self.phone or "",
            "state": self.state,
            "state_label": states[self.state],
            "purpose": self.purpose,
            "purpose_label": purposes[self.purpose],
            "complaint": self.complaint or "",
            "bay_id": self.bay_id.id,
            "bay": self.bay_id.name or "",
            "advisor": self.advisor_id.name or "",
            "arrived": self._show_moment(self.arrived_at),
            "since": self._show_moment(since),
            "minutes": max(0, int(waited.total_seconds() // 60)),
            "vehicle_id": self.vehicle_id.id,
            "partner_id": self.partner_id.id,
            "has_document": self._has_outcome(),
            "confirmed": self.data_confirmed_at
            and self._show_stamp(self.data_confirmed_at, self.data_confirmed_by_id),
            "introduced": self.introduced_at
            and self._show_stamp(self.introduced_at, self.introduced_by_id),
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_day_start(self):
        """Return the beginning of the user's day, in UTC."""
        zone = self.env.tz
        today = fields.Date.context_today(self)
        local = zone.localize(datetime.combine(today, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _show_moment(self, moment):
        """Return the hour of a moment of today, else its day as well."""
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment)
        hour = format_time(self.env, local.time(), time_format="HH:mm")
        if local.date() == fields.Date.context_today(self):
            return hour
        return f"{format_date(self.env, local.date())} {hour}"

    def _show_stamp(self, moment, user):
        return f"{self._show_moment(moment)} {user.name}"
