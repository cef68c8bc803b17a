from odoo import api, fields, models
from odoo.tools import format_date

from .car_three_guarantee_standing import STANDINGS


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    is_cn_law = fields.Boolean(related="company_id.car_cn_law", string="Law of China")
    three_guarantee_state = fields.Selection(
        STANDINGS, "Three Guarantees", compute="_compute_three_guarantee_standing"
    )
    three_guarantee_text = fields.Text(
        "Three Guarantees in Words", compute="_compute_three_guarantee_standing"
    )

    @api.depends("vehicle_id", "job_ids.three_guarantee_mark", "state")
    @api.depends_context("lang")
    def _compute_three_guarantee_standing(self):
        under_law = self.filtered("company_id.car_cn_law")
        (self - under_law).update(
            {"three_guarantee_state": "none", "three_guarantee_text": False}
        )
        for company, orders in under_law.grouped("company_id").items():
            vehicles = orders.vehicle_id._origin.with_company(company)
            standings = vehicles._get_three_guarantee_standings()
            for order in orders:
                standing = standings.get(order.vehicle_id._origin, {})
                order.three_guarantee_state = standing.get("state", "none")
                order.three_guarantee_text = standing.get("text", False)


class CarReception(models.Model):
    _inherit = "car.reception"

    @api.model
    def _get_cards(self, vehicle, partner):
        cards = super()._get_cards(vehicle, partner)
        card = self._get_three_guarantee_card(vehicle)
        return [card, *cards] if card else cards

    @api.model
    def _get_three_guarantee_card(self, vehicle):
        """Limits of the three guarantees that are near or reached, and until when."""
        if not vehicle or not self.env.company.car_cn_law:
            return None
        standing = vehicle._get_three_guarantee_standings().get(vehicle)
        if not standing or standing["state"] == "none":
            return None
        levels = {"warning": "warning", "reached": "danger", "ok": "info"}
        lines = [
            {"text": item["text"], "target": ["car.vehicle", vehicle.id]}
            for item in standing["items"]
        ]
        lines.append(
            {
                "text": self.env._(
                    "Until %(day)s or %(km)s km",
                    day=format_date(self.env, vehicle.three_guarantee_end),
                    km=vehicle.sudo().three_guarantee_rule_id.guarantee_km,
                ),
                "detail": self.env._(
                    "Repair days counted: %(days)s", days=standing["days"]
                ),
            }
        )
        return self._make_card(
            "three_guarantees",
            self.env._("Three Guarantees"),
            levels[standing["state"]],
            lines,
        )
