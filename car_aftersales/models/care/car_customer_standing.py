from odoo import api, fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_customer_value import STANDINGS


class ResPartner(models.Model):
    _inherit = "res.partner"

    car_value_ids = fields.One2many(
        "car.customer.value", "partner_id", "Loyalty", groups=CUSTOMER_DATA
    )
    car_segment_id = fields.Many2one(
        "car.customer.segment",
        "Segment",
        compute="_compute_car_segment_id",
        search="_search_car_segment_id",
        groups=CUSTOMER_DATA,
    )

    # === COMPUTE METHODS === #

    @api.depends("car_value_ids.segment_id")
    @api.depends_context("company")
    def _compute_car_segment_id(self):
        values = self.env["car.customer.value"]._get_by_partner(self)
        for partner in self:
            value = values.get(partner._origin)
            partner.car_segment_id = value.segment_id if value else False

    def _search_car_segment_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        counted = self.env["car.customer.value"]._search(
            [("company_id", "=", self.env.company.id), ("segment_id", operator, value)]
        )
        return [("id", "in", counted.subselect("partner_id"))]

    # === ACTION METHODS === #

    def action_open_car_value(self):
        """Open what was counted of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_customer_value_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        return action


class CarCustomerValue(models.Model):
    _inherit = "car.customer.value"

    # === BUSINESS METHODS === #

    @api.model
    def _get_by_partner(self, partners):
        """Map customers to what was counted of them in the user's company."""
        values = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        return {value.partner_id: value for value in values}


class CarCustomerFile(models.Model):
    """What the customer is to us, on his file."""

    _inherit = "car.customer.file"

    currency_id = fields.Many2one(related="company_id.currency_id")
    value_id = fields.Many2one(
        "car.customer.value", "Customer Value", compute="_compute_value"
    )
    segment_id = fields.Many2one("car.customer.segment", compute="_compute_value")
    standing = fields.Selection(STANDINGS, compute="_compute_value")
    visit_year_count = fields.Integer("Visits in 12 Months", compute="_compute_value")
    spend_year = fields.Monetary("Spent in 12 Months", compute="_compute_value")
    last_visit_on = fields.Date("Last Visit", compute="_compute_value")
    expected_on = fields.Date(compute="_compute_value")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_value(self):
        values = self.env["car.customer.value"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        found = {(value.partner_id, value.company_id): value for value in values}
        for card in self:
            value = found.get(
                (card.partner_id._origin, card.company_id), values.browse()
            )
            card.value_id = value
            card.segment_id = value.segment_id
            card.standing = value.standing
            card.visit_year_count = value.visit_year_count
            card.spend_year = value.spend_year
            card.last_visit_on = value.last_visit_on
            card.expected_on = value.expected_on
