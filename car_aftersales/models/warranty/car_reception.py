from odoo import api, models

from ..workshop.car_reception_cards import CARD_LINES


class CarReception(models.Model):
    _inherit = "car.reception"

    # === BUSINESS METHODS === #

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_coverage_card(vehicle)
        return [*cards, card] if card else cards

    @api.model
    def _get_coverage_card(self, vehicle):
        """What covers the car at the desk, and what of it ends soon."""
        coverages = self.env["car.warranty.coverage"]
        if not vehicle or not coverages.has_access("read"):
            return None
        today = self.env.company._get_car_today()
        found = coverages.search(
            [
                ("vehicle_id", "=", vehicle.id),
                ("company_id", "=", self.env.company.id),
                "|",
                ("last_date", "=", False),
                ("last_date", ">=", today),
            ]
        ).filtered(lambda coverage: coverage.state == "running")
        if not found:
            return None
        lines = []
        for coverage in found[:CARD_LINES]:
            detail = coverage.remaining_text
            if coverage.ends_soon:
                detail = self.env._("ends soon: %(left)s", left=detail)
            lines.append(
                {
                    "text": coverage.policy_id.name,
                    "detail": detail,
                    "target": ["car.warranty.coverage", coverage.id],
                }
            )
        level = "warning" if any(found.mapped("ends_soon")) else "info"
        return self._make_card("coverage", self.env._("Under Warranty"), level, lines)
