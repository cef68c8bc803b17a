from odoo import api, fields, models
from odoo.tools import SQL

from ..models.workshop.car_repair_order import CUSTOMER_DATA


class CarLossReport(models.Model):
    """Loss rate 流失率: of those who were here in a month, who did not come again.

    A row for each customer and month with a visit. He returned when he came again in
    one of the following months (six, a setting); a second visit in the same month is
    none. Months whose time is not over yet are not complete. The rate divides sums: it
    is the share of the rows, however they are grouped.
    """

    _name = "car.loss.report"
    _description = "Loss Rate"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "partner_id"
    _order = "month desc, id"
    _depends = {
        "car.repair.order": [
            "company_id",
            "partner_id",
            "received_at",
            "state",
            "vehicle_id",
        ],
        "car.customer.value": ["company_id", "is_loyal", "partner_id", "segment_id"],
        "res.company": ["car_return_months"],
    }

    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, groups=CUSTOMER_DATA
    )
    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date("Month of the Visit", readonly=True)
    segment_id = fields.Many2one("car.customer.segment", readonly=True)
    is_loyal = fields.Boolean("Loyal", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    brand_id = fields.Many2one("car.vehicle.brand", readonly=True)
    is_complete = fields.Boolean(
        "Time Is Over", readonly=True, help="Who has not returned by now is lost."
    )
    visitor_count = fields.Integer("Visitors", readonly=True)
    returned_count = fields.Integer("Came Again", readonly=True)
    lost_count = fields.Integer("Did Not Return", readonly=True)
    loss_rate = fields.Float(
        "Loss Rate (%)",
        readonly=True,
        aggregator="avg",
        help="1 - those who returned / visitors of the month.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.partner_id, row.company_id, row.month, value.segment_id,
                   value.is_loyal, vehicle.model_id, vehicle.brand_id, row.is_complete,
                   1 AS visitor_count, row.returned::int AS returned_count,
                   (NOT row.returned)::int AS lost_count,
                   CASE WHEN row.returned THEN 0.0 ELSE 100.0 END AS loss_rate
              FROM (%s) row
              JOIN car_vehicle vehicle ON vehicle.id = row.vehicle_id
         LEFT JOIN car_customer_value value
                ON value.partner_id = row.partner_id
               AND value.company_id = row.company_id
            """,
            self._select_months(),
        )

    @api.model
    def _select_months(self):
        """Return a customer's months with visits, each with the one that follows."""
        return SQL(
            """
            SELECT m.*,
                   COALESCE(m.next_month <= m.month + m.span, false) AS returned,
                   m.month + m.span + interval '1 month'
                       <= now() AT TIME ZONE m.zone AS is_complete
              FROM (
                SELECT v.*, LEAD(v.month) OVER (
                           PARTITION BY v.company_id, v.partner_id ORDER BY v.month
                       ) AS next_month
                  FROM (
                    SELECT MAX(o.id) AS id, MAX(o.vehicle_id) AS vehicle_id,
                           o.partner_id, o.company_id, zone.name AS zone,
                           make_interval(months => c.car_return_months) AS span,
                           date_trunc('month', o.received_at AT TIME ZONE 'UTC'
                                               AT TIME ZONE zone.name)::date AS month
                      FROM car_repair_order o
                      JOIN res_company c ON c.id = o.company_id
                 LEFT JOIN resource_calendar r ON r.id = c.resource_calendar_id
                CROSS JOIN LATERAL (SELECT COALESCE(r.tz, 'UTC') AS name) zone
                     WHERE o.state != 'cancelled' AND o.received_at IS NOT NULL
                       AND o.partner_id != c.partner_id
                     GROUP BY o.partner_id, o.company_id, zone.name,
                              c.car_return_months, 7) v
              ) m
            """
        )
