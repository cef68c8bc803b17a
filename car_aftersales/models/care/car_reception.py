from odoo import api, models
from odoo.tools import format_date

from ..workshop.car_reception_cards import CARD_LINES


class CarReception(models.Model):
    _inherit = "car.reception"

    # === BUSINESS METHODS === #

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_point_card(partner)
        return [card, *cards] if card else cards

    @api.model
    def _get_point_card(self, partner):
        """What the customer at the desk still waits for, and what he was to be told."""
        points = self.env["car.contact.point"]
        if not partner or not points.has_access("read"):
            return None
        found = points.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "closed"),
            ],
            order="due_on, id",
            limit=CARD_LINES,
        )
        if not found:
            return None
        states = dict(points._fields["state"]._description_selection(self.env))
        lines = [
            {
                "text": point.display_name,
                "detail": " · ".join(
                    (states[point.state], format_date(self.env, point.due_on))
                ),
                "target": ["car.contact.point", point.id],
            }
            for point in found
        ]
        title = self.env._("The Customer Waits for an Answer")
        return self._make_card("points", title, "warning", lines)
