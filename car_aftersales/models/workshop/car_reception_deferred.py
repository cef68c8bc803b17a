from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from .car_reception_cards import CARD_LINES
from .car_repair_order_carry import TAKING_STATES


class CarReception(models.Model):
    _inherit = "car.reception"

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_deferred_card(vehicle)
        return [card, *cards] if card else cards

    @api.model
    def _get_declined_domain(self):
        # Deferred with its parts it is agreed, and has a card of its own.
        return super()._get_declined_domain() & Domain("holds_parts", "=", False)

    @api.model
    def _get_deferred_card(self, vehicle):
        """Agreed work of this car that waits for parts; the order takes it along."""
        jobs, orders = self.env["car.repair.job"], self.env["car.repair.order"]
        if not vehicle or not orders.has_access("read"):
            return None
        car = Domain("vehicle_id", "=", vehicle.id)
        found = jobs.search(
            car & Domain("holds_parts", "=", True),
            order="deferred_until, id",
            limit=CARD_LINES,
        )
        if not found:
            return None
        lines = [
            {
                "text": job.name,
                "detail": " · ".join(
                    (
                        job.order_number,
                        self.env._("Parts are there")
                        if job.has_all_parts
                        else self.env._(
                            "expected %(day)s",
                            day=format_date(self.env, job.deferred_until),
                        ),
                        job.deferral_reason,
                    )
                ),
                "target": ["car.repair.order", job.order_id.id],
            }
            for job in found
        ]
        taking = orders.search(
            car & Domain("state", "in", TAKING_STATES),
            order="id desc",
            limit=1,
        )
        buttons = [
            {
                "label": self.env._("Carry Over: %(order)s", order=order.name),
                "target": [order._name, order.id],
            }
            for order in taking
            if order.deferred_job_ids
        ]
        title = self.env._("Deferred Work: the next order takes it along")
        is_there = any(job.has_all_parts for job in found)
        level = "warning" if is_there else "info"
        return self._make_card("deferred", title, level, lines, buttons)
