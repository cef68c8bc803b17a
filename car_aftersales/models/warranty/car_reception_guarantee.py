from odoo import api, models

from ..workshop.car_reception_cards import CARD_LINES
from .car_repair_comeback import COUNTED
from .car_repair_line_term_state import RUNNING


class CarReception(models.Model):
    _inherit = "car.reception"

    # === BUSINESS METHODS === #

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_guarantee_card(vehicle)
        if not card:
            return cards
        # Behind what has to be done now, before what is only to be known.
        infos = (n for n, each in enumerate(cards) if each["level"] == "info")
        place = next(infos, len(cards))
        return [*cards[:place], card, *cards[place:]]

    @api.model
    def _get_guarantee_card(self, vehicle):
        """What we have repaired on the car and still answer for: a comeback is free."""
        lines = self.env["car.repair.line"]
        if not vehicle or not lines.has_access("read"):
            return None
        found = lines.search(
            [
                ("guarantee_vehicle_id", "=", vehicle.id),
                ("guarantee_state", "in", RUNNING),
            ],
            order="guarantee_from desc, id desc",
        )
        if not found:
            return None
        jobs = found.job_id[:CARD_LINES]
        shown, is_comeback = [], False
        for job, own in found.grouped("job_id").items():
            if job not in jobs:
                continue
            longest = own.sorted(
                lambda line: (
                    not line.guarantee_until,
                    str(line.guarantee_until or ""),
                    line.guarantee_until_km,
                ),
                reverse=True,
            )[0]
            comeback = job.comeback_ids.filtered(lambda each: each.state in COUNTED)
            is_comeback = is_comeback or bool(comeback)
            details = [
                job.order_number,
                job.system_id.name,
                longest._spell_guarantee_end(),
                longest.guarantee_is_assumed
                and self.env._("by today's promise; look at the customer's paper"),
                comeback and self.env._("was a comeback already"),
            ]
            shown.append(
                {
                    "text": job.name,
                    "detail": " · ".join(part for part in details if part),
                    "target": [job._name, job.id],
                }
            )
        level = "danger" if is_comeback else "warning"
        title = self.env._("Under Our Guarantee")
        buttons = self._get_comeback_buttons(vehicle, jobs)
        return self._make_card("guarantee", title, level, shown, buttons)
