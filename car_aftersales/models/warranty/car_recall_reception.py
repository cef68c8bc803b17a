from odoo import api, fields, models

from ..workshop.car_reception_cards import CARD_LINES


class CarReception(models.Model):
    """The desk sees at once which recalls a car has, and takes the work in."""

    _inherit = "car.reception"

    takes_recalls = fields.Boolean(
        "With Recall Work",
        copy=False,
        help="The work of the car's open recalls goes on the order.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def start(self, values, proceed=True):
        """Take the recalls along when the desk asks for it."""
        if not values.get("takes_recalls"):
            return super().start(values, proceed)
        result = super().start(values, proceed)
        # Opened before, or just now: the order gets what it does not have yet.
        reception = self.browse(result["id"])
        if proceed and reception.order_id.state not in (
            False,
            "delivered",
            "declined",
            "cancelled",
        ):
            reception.takes_recalls = True
            reception.order_id.action_add_recalls()
        elif proceed and reception.appointment_id and not reception.order_id:
            reception.takes_recalls = True
            reception.appointment_id.action_add_recalls()
        return result

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_recall_card(vehicle)
        return [card, *cards] if card else cards

    @api.model
    def _get_recall_card(self, vehicle):
        """What the maker wants done to the car, free of charge."""
        table = self.env["car.recall.vehicle"]
        if not vehicle or not table.has_access("read"):
            return None
        running = self.env["car.recall.campaign"]._get_running_domain()
        rows = table.search(
            fields.Domain("vehicle_id", "=", vehicle.id)
            & fields.Domain("company_id", "=", self.env.company.id)
            & fields.Domain("state", "not in", ("done", "not_ours"))
            & fields.Domain("campaign_id", "any", running),
            order="id",
            limit=CARD_LINES,
        )
        if not rows:
            return None
        kinds = dict(table._fields["kind"]._description_selection(self.env))
        states = dict(table._fields["state"]._description_selection(self.env))
        lines = [
            {
                "text": f"{kinds[row.kind]} {row.campaign_id.display_name}",
                "detail": " · ".join(
                    part
                    for part in (
                        states[row.state],
                        row.campaign_id.risk,
                        self._get_drive_note(row),
                    )
                    if part
                ),
                "target": [table._name, row.id],
            }
            for row in rows
        ]
        mandatory = rows.filtered(
            lambda row: row.campaign_id.is_mandatory and row.state != "refused"
        )
        wanted = rows.filtered(lambda row: row.state in ("open", "informed"))
        buttons = []
        if wanted and self.has_access("create"):
            values = {"purpose": "repair", "takes_recalls": True}
            if booking := self._get_booking_today(vehicle):
                values["appointment_id"] = booking.id
            buttons = [
                {
                    "label": self.env._("Receive with Recall Work"),
                    "values": values,
                    "is_primary": bool(mandatory),
                }
            ]
        title = self.env._("Recalls: Free of Charge for the Customer")
        level = "danger" if mandatory else "warning"
        return self._make_card("recalls", title, level, lines, buttons)

    @api.model
    def _get_drive_note(self, row):
        """Say it when the car must not be driven."""
        if row.is_mandatory and not row.campaign_id.may_leave:
            return self.env._("the car must not be driven")
        return ""
