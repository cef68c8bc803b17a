from odoo import api, fields, models
from odoo.tools import SQL

from ..models.care.car_campaign_target import ANSWERS
from ..models.workshop.car_repair_order import CUSTOMER_DATA

SUPERVISOR = "car_aftersales.car_aftersales_group_supervisor"


class CarCampaignReport(models.Model):
    """Campaigns compared: a row for each customer invited, and one for each visit.

    So the rows of a campaign sum to those invited, reached, come, and to what their
    visits brought. Those who had refused offers were not invited.
    """

    _name = "car.campaign.report"
    _description = "Campaign Analysis"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "campaign_id"
    _order = "date_from desc, id"
    _depends = {
        "car.campaign": ["company_id", "date_from", "kind", "state", "user_id"],
        "car.campaign.target": [
            "answer",
            "campaign_id",
            "is_attended",
            "is_reached",
            "partner_id",
            "task_id",
            "vehicle_id",
        ],
        "car.contact.task": ["close_reason"],
        "car.repair.order": ["campaign_id", "partner_id", "state", "vehicle_id"],
        "car.repair.payer": ["order_id"],
        "account.move": ["move_type", "state"],
        "account.move.line": ["balance", "car_repair_payer_id", "display_type"],
    }

    campaign_id = fields.Many2one("car.campaign", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["car.campaign"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["car.campaign"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    date_from = fields.Date("Begins", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, groups=CUSTOMER_DATA
    )
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    answer = fields.Selection(ANSWERS, readonly=True)
    invited_count = fields.Integer("Invited", readonly=True)
    reached_count = fields.Integer("Reached", readonly=True)
    coming_count = fields.Integer("Said Yes", readonly=True)
    attended_count = fields.Integer("Came", readonly=True)
    order_count = fields.Integer("Visits", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        groups=SUPERVISOR,
        help="Invoiced for the visits of the campaign, whoever pays, before taxes.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_targets(), self._select_orders())

    @api.model
    def _select_targets(self):
        # Even ids are customers invited, odd ones visits.
        return SQL(
            """
            SELECT t.id::bigint * 2 AS id, c.id AS campaign_id, c.company_id,
                   company.currency_id, c.kind, c.state, c.user_id, c.date_from,
                   t.partner_id, t.vehicle_id, v.model_id, t.answer,
                   (COALESCE(k.close_reason, '') != 'refused'
                    OR COALESCE(t.is_reached, false))::int AS invited_count,
                   COALESCE(t.is_reached, false)::int AS reached_count,
                   (COALESCE(t.answer, '') = 'comes')::int AS coming_count,
                   COALESCE(t.is_attended, false)::int AS attended_count,
                   0 AS order_count, 0.0 AS revenue
              FROM car_campaign_target t
              JOIN car_campaign c ON c.id = t.campaign_id
              JOIN res_company company ON company.id = c.company_id
         LEFT JOIN car_vehicle v ON v.id = t.vehicle_id
         LEFT JOIN car_contact_task k ON k.id = t.task_id
            """
        )

    @api.model
    def _select_orders(self):
        return SQL(
            """
            SELECT o.id::bigint * 2 + 1, c.id, c.company_id, company.currency_id,
                   c.kind, c.state, c.user_id, c.date_from, o.partner_id, o.vehicle_id,
                   v.model_id, t.answer, 0, 0, 0, 0, 1, COALESCE(money.revenue, 0.0)
              FROM car_repair_order o
              JOIN car_campaign c ON c.id = o.campaign_id
              JOIN res_company company ON company.id = c.company_id
              JOIN car_vehicle v ON v.id = o.vehicle_id
         LEFT JOIN car_campaign_target t ON t.id = o.campaign_target_id
         LEFT JOIN LATERAL (
                SELECT -SUM(l.balance) AS revenue
                  FROM car_repair_payer p
                  JOIN account_move_line l ON l.car_repair_payer_id = p.id
                  JOIN account_move m ON m.id = l.move_id
                 WHERE p.order_id = o.id AND l.display_type = 'product'
                   AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund')) money ON true
             WHERE o.state != 'cancelled'
            """
        )
