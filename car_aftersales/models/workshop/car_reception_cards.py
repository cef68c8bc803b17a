from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .car_repair_order_screen import CLOSED

CARD_LINES = 6
# A service that is due so soon may as well be done today.
SOON = relativedelta(days=14)
# Work declined longer ago than this is not asked for again.
DECLINED_MONTHS = 24
REFUSED_JOBS = ("declined", "deferred")


class CarReception(models.Model):
    """The cards of the reception screen: what the advisor has to know of the car."""

    _inherit = "car.reception"

    @api.model
    def _get_cards(self, vehicle, partner):
        """Return the cards of a car and its people, the most urgent first.

        To be extended by every part that has something to say at reception. A card is
        a dictionary of

        - ``key``, ``title`` and ``level`` (``info``, ``warning`` or ``danger``);
        - ``lines``: each ``text``, perhaps ``detail`` and ``target``, the model and id
          of the record it opens;
        - ``buttons``: each ``label`` and the ``values`` of the arrival that it starts,
          or ``target``.

        Make as many queries for many records as for one, and none without the right
        to read.

        :param vehicle: ``car.vehicle``, empty for somebody without a car
        :param partner: ``res.partner``, empty when nobody is known yet
        """
        cards = [
            self._get_appointment_card(vehicle, partner),
            self._get_order_card(vehicle),
            self._get_invoice_card(partner),
            self._get_declined_card(vehicle),
            self._get_service_card(vehicle),
            self._get_car_card(vehicle, partner),
            self._get_other_cars_card(vehicle, partner),
        ]
        return [card for card in cards if card]

    @api.model
    def _make_card(self, key, title, level="info", lines=(), buttons=()):
        return {
            "key": key,
            "title": title,
            "level": level,
            "lines": list(lines),
            "buttons": list(buttons),
        }

    @api.model
    def _get_car_card(self, vehicle, partner):
        """Who and what it is, and when it was here last."""
        lines = []
        if vehicle:
            details = [vehicle.vin, vehicle.color, vehicle.model_year or ""]
            if vehicle.odometer_km:
                km = formatLang(self.env, vehicle.odometer_km, digits=0)
                details.append(self.env._("%(km)s km", km=km))
            lines.append(
                {
                    "text": vehicle.display_name,
                    "detail": " · ".join(str(part) for part in details if part),
                    "target": ["car.vehicle", vehicle.id],
                }
            )
        people = {self.env._("Customer"): partner}
        if vehicle.owner_id != partner:
            people[self.env._("Owner")] = vehicle.owner_id
        if vehicle.contact_id != partner:
            people[self.env._("Contact")] = vehicle.contact_id
        for role, person in people.items():
            if person:
                address = " ".join(
                    part for part in (person.city, person.street) if part
                )
                details = [person.phone, person.email, address]
                lines.append(
                    {
                        "text": f"{role}: {person.display_name}",
                        "detail": " · ".join(part for part in details if part),
                        "target": ["res.partner", person.id],
                    }
                )
        lines += self._get_last_visit_lines(vehicle, partner)
        title = self.env._("Car and Customer") if vehicle else self.env._("Customer")
        return lines and self._make_card("car", title, lines=lines)

    def _get_last_visit_lines(self, vehicle, partner):
        orders = self.env["car.repair.order"]
        if not (vehicle or partner) or not orders.has_access("read"):
            return []
        field, value = ("vehicle_id", vehicle) if vehicle else ("partner_id", partner)
        domain = Domain(field, "=", value.id) & Domain("state", "=", "delivered")
        last = orders.search(domain, order="received_at desc, id desc", limit=1)
        text = self.env._("No visit so far")
        if last.received_at:
            received = fields.Datetime.context_timestamp(self, last.received_at)
            day = format_date(self.env, received.date())
            text = self.env._("Last visit: %(day)s %(order)s", day=day, order=last.name)
        target = {"target": ["car.repair.order", last.id]} if last else {}
        return [{"text": text, **target}]

    @api.model
    def _get_order_card(self, vehicle):
        """The visits of the car that are not closed; pick-up of those ready."""
        orders = self.env["car.repair.order"]
        if not vehicle or not orders.has_access("read"):
            return None
        domain = orders._get_open_domain() & Domain("vehicle_id", "=", vehicle.id)
        found = orders.search(domain, limit=CARD_LINES)
        if not found:
            return None
        lines = [
            {
                "text": f"{order.name} · {order._get_state_label(order.state)}",
                "detail": self.env._(
                    "received %(received)s, promised %(promised)s",
                    received=self._show_moment(order.received_at),
                    promised=self._show_moment(order.promised_at) or "–",
                ),
                "target": [order._name, order.id],
            }
            for order in found
        ]
        buttons = [
            {
                "label": self.env._("Pick-Up %(order)s", order=order.name),
                "values": {"purpose": "pickup", "order_id": order.id},
            }
            for order in found
            if order.state in ("ready", "declined")
        ]
        title = self.env._("Open Orders")
        return self._make_card("orders", title, "warning", lines, buttons)

    @api.model
    def _get_appointment_card(self, vehicle, partner):
        """What is booked for today or later."""
        appointments = self.env["car.appointment"]
        if not appointments.has_access("read"):
            return None
        who = Domain("id", "=", self.env.context.get("car_appointment_id"))
        if vehicle:
            who |= Domain("vehicle_id", "=", vehicle.id)
        if partner:
            who |= Domain("partner_id", "=", partner.id)
        start = self._get_day_start()
        found = appointments.search(
            who
            & Domain("state", "in", ("confirmed", "no_show"))
            & Domain("start_at", ">=", start),
            order="start_at",
            limit=CARD_LINES,
        )
        if not found:
            return None
        tomorrow = fields.Datetime.add(start, days=1)
        lines = [
            {
                "text": f"{self._show_moment(one.start_at)} · "
                f"{one._get_state_label(one.state)}",
                "detail": " · ".join(
                    part
                    for part in (one.license_plate, one.items_text, one.note)
                    if part
                ),
                "target": [one._name, one.id],
            }
            for one in found
        ]
        buttons = [
            {
                "label": self.env._(
                    "Arrive %(time)s", time=self._show_moment(one.start_at)
                ),
                "values": {"purpose": "repair", "appointment_id": one.id},
                "is_primary": True,
            }
            for one in found
            if one.start_at < tomorrow
            and (not vehicle or one.vehicle_id in (vehicle, vehicle.browse()))
        ]
        level = "warning" if buttons else "info"
        title = self.env._("Appointment")
        return self._make_card("appointment", title, level, lines, buttons)

    @api.model
    def _get_service_card(self, vehicle):
        """What the maintenance plan asks for."""
        if not vehicle.plan_id:
            return None
        today = fields.Date.context_today(self)
        lines, packages = [], []
        is_due = False
        for service in vehicle._get_service_schedule()[vehicle]:
            due, km = service["due_date"], service["km"]
            reached = km is not None and vehicle.odometer_km >= km
            if not reached and not (due and due <= today + SOON):
                continue
            is_due = is_due or reached or due <= today
            packages.append(service["line"].package_id.id)
            details = [due and format_date(self.env, due)]
            if km is not None:
                shown = formatLang(self.env, km, digits=0)
                details.append(self.env._("%(km)s km", km=shown))
            lines.append(
                {
                    "text": service["line"].package_id.name,
                    "detail": " · ".join(part for part in details if part),
                }
            )
        if lines:
            level = "warning" if is_due else "info"
            title = self.env._("Service Due")
            buttons = self._get_offer_buttons(
                vehicle,
                self.env._("Do This Service"),
                {"package_ids": packages[:CARD_LINES]},
            )
            return self._make_card("service", title, level, lines[:CARD_LINES], buttons)
        if not vehicle.next_service_due_date:
            return None
        day = format_date(self.env, vehicle.next_service_due_date)
        title = self.env._("Next Service")
        return self._make_card("service", title, lines=[{"text": day}])

    @api.model
    def _get_declined_domain(self):
        """Return which jobs the card of declined work may name. Extend to narrow it."""
        # What is booked for later was not refused, and has a card of its own.
        booked = Domain("state", "=", "deferred")
        booked &= Domain("order_id.outcome", "=", "booked")
        return Domain("state", "!=", "cancelled") & ~booked

    @api.model
    def _get_declined_card(self, vehicle):
        """Work of this car that was declined or put off, to be asked for again."""
        jobs = self.env["car.repair.job"]
        if not vehicle or not jobs.has_access("read"):
            return None
        since = fields.Datetime.now() - relativedelta(months=DECLINED_MONTHS)
        domain = Domain("vehicle_id", "=", vehicle.id)
        domain &= Domain("create_date", ">=", since)
        refused = Domain("line_ids.authorization_state", "=", "declined")
        refused |= Domain("state", "in", REFUSED_JOBS)
        found = jobs.search(
            domain & refused & self._get_declined_domain(),
            order="id desc",
            limit=CARD_LINES,
        )
        found = found.filtered(lambda job: not job._is_second_plan())
        if not found:
            return None
        found.line_ids.fetch(["authorization_state", "ask_again_date", "name"])
        today = fields.Date.context_today(self)
        lines, is_time = [], False
        for job in found:
            declined = job.line_ids.filtered(
                lambda line, job=job: (
                    job.state in REFUSED_JOBS or line.authorization_state == "declined"
                )
            )
            dates = [line.ask_again_date for line in declined if line.ask_again_date]
            is_time = is_time or any(date <= today for date in dates)
            text = job.name
            if job.state not in REFUSED_JOBS:
                text = ", ".join(line.name for line in declined if line.name)
            detail = job.order_number
            if dates:
                day = format_date(self.env, min(dates))
                detail += " · " + self.env._("ask again %(day)s", day=day)
            target = ["car.repair.order", job.order_id.id]
            lines.append({"text": text, "detail": detail, "target": target})
        level = "warning" if is_time else "info"
        # Safe: only whether the car of that visit has left.
        orders = found.order_id.sudo()
        orders.exit_pass_ids.fetch(["kind", "state"])
        left = orders.filtered(lambda one: one.state == "delivered" or one._has_left())
        over = found.filtered(lambda job: job.order_id.id in left.ids)
        buttons = self._get_offer_buttons(
            vehicle, self.env._("Offer Again"), {"refused_job_ids": over.ids}
        )
        title = self.env._("Declined Work")
        return self._make_card("declined", title, level, lines, buttons)

    @api.model
    def _get_invoice_card(self, partner):
        """What the customer has not paid yet."""
        if not partner:
            return None
        # Safe: number, day and open amount of the customer before the desk, told to
        # those who may see customers; nothing of the books is opened.
        moves = self.env["account.move"].sudo()
        domain = Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        domain &= Domain("move_type", "in", ("out_invoice", "out_refund"))
        domain &= Domain("state", "=", "posted")
        domain &= Domain("payment_state", "in", ("not_paid", "partial"))
        domain &= Domain("company_id", "=", self.env.company.id)
        [(total,)] = moves._read_group(domain, [], ["amount_residual_signed:sum"])
        found = moves.search(domain, order="invoice_date_due, id", limit=CARD_LINES)
        currency = self.env.company.currency_id
        if not found or currency.is_zero(total):
            return None
        today = fields.Date.context_today(self)
        lines = [
            {
                "text": f"{move.name} · "
                + formatLang(
                    self.env, move.amount_residual_signed, currency_obj=currency
                ),
                "detail": self.env._(
                    "due %(day)s", day=format_date(self.env, move.invoice_date_due)
                ),
            }
            for move in found
        ]
        is_late = any(move.invoice_date_due < today for move in found)
        amount = formatLang(self.env, total, currency_obj=currency)
        title = self.env._("Unpaid Invoices: %(amount)s", amount=amount)
        return self._make_card(
            "invoices", title, "danger" if is_late else "warning", lines
        )

    @api.model
    def _get_other_cars_card(self, vehicle, partner):
        """The customer's other cars."""
        if not partner:
            return None
        others = self.env["car.vehicle"].search(
            Domain("owner_id", "=", partner.id) & Domain("id", "!=", vehicle.id),
            limit=CARD_LINES,
        )
        orders = self.env["car.repair.order"]
        counts = {}
        if orders.has_access("read"):
            domain = Domain("vehicle_id", "in", others.ids)
            domain &= Domain("state", "not in", CLOSED)
            counts = dict(orders._read_group(domain, ["vehicle_id"], ["__count"]))
        lines = [
            {
                "text": car.display_name,
                "detail": (
                    self.env._("open orders: %(count)s", count=counts[car])
                    if car in counts
                    else ""
                ),
                "page": {"vehicle_id": car.id, "partner_id": partner.id},
            }
            for car in others
        ]
        title = self.env._("Other Cars")
        return lines and self._make_card("other_cars", title, lines=lines)
