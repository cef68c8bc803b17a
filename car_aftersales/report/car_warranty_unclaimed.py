from odoo import api, fields, models
from odoo.tools import SQL

from ..models.warranty.car_warranty_claim import CLAIM_KINDS
from ..models.warranty.car_warranty_claim_line import BUCKETS
from ..models.workshop.car_repair_payer import PAYER_KINDS


class CarWarrantyUnclaimed(models.Model):
    """Delivered work that a maker or supplier pays and that is in no claim yet.

    One row for each share: a repair line and the payer who bears it.
    """

    _name = "car.warranty.unclaimed"
    _description = "Covered Work Not Claimed"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "order_id"
    _order = "deadline, delivered_at, id"
    _depends = {
        "car.repair.order": [
            "company_id",
            "currency_id",
            "delivered_at",
            "state",
            "vehicle_id",
            "warehouse_id",
        ],
        "car.repair.job": ["state"],
        "car.repair.line": [
            "authorization_state",
            "is_split",
            "job_id",
            "kind",
            "order_id",
            "payer_id",
            "price_subtotal",
            "product_id",
            "supply",
        ],
        "car.repair.line.share": ["line_id", "payer_id", "percent"],
        "car.repair.payer": ["kind", "partner_id"],
        "car.warranty.claim.line": ["is_live", "line_id", "payer_id"],
        "car.warranty.maker": [
            "active",
            "claim_deadline_days",
            "claim_warn_days",
            "company_id",
            "partner_id",
        ],
    }

    order_id = fields.Many2one("car.repair.order", readonly=True)
    job_id = fields.Many2one("car.repair.job", readonly=True)
    line_id = fields.Many2one("car.repair.line", "Repair Line", readonly=True)
    payer_id = fields.Many2one("car.repair.payer", readonly=True)
    kind = fields.Selection(PAYER_KINDS, "Kind of Payer", readonly=True)
    partner_id = fields.Many2one("res.partner", "To Claim From", readonly=True)
    maker_id = fields.Many2one("car.warranty.maker", "Maker's Terms", readonly=True)
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    bucket = fields.Selection(BUCKETS, "Kind of Work", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    delivered_at = fields.Datetime("Delivered On", readonly=True)
    deadline = fields.Date(readonly=True)
    age_days = fields.Integer("Age (Days)", readonly=True, aggregator="max")
    age = fields.Selection(
        [
            ("1", "Up to 7 days"),
            ("2", "8 to 14 days"),
            ("3", "15 to 30 days"),
            ("4", "More than 30 days"),
        ],
        "Ageing",
        readonly=True,
    )
    urgency = fields.Selection(
        [("late", "Too late"), ("soon", "Soon"), ("time", "In time")], readonly=True
    )
    amount = fields.Monetary(readonly=True, help="Before taxes.")

    # === ACTION METHODS === #

    def action_collect(self):
        """Make claims of the chosen work, or of all when none is chosen.

        All that belongs to the same jobs comes along.
        """
        domain = [("kind", "in", CLAIM_KINDS)]
        if self:
            domain = [
                ("job_id", "in", self.job_id.ids),
                ("payer_id", "in", self.payer_id.ids),
            ]
        claims = self.env["car.warranty.claim"]._collect(self.search(domain))
        if not claims:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._("It is claimed already."),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return claims._get_records_action(name=self.env._("Claims Collected"))

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s WHERE %s", *self._get_query_parts())

    @api.model
    def _get_query_parts(self):
        """Return what is selected, the tables, and the conditions."""
        select = SQL(
            """
            bearer.id AS id,
            o.id AS order_id,
            line.job_id AS job_id,
            line.id AS line_id,
            payer.id AS payer_id,
            payer.kind AS kind,
            payer.partner_id AS partner_id,
            maker.id AS maker_id,
            o.vehicle_id AS vehicle_id,
            line.product_id AS product_id,
            CASE line.kind WHEN 'labor' THEN 'labor' WHEN 'part' THEN 'parts'
                 WHEN 'outside' THEN 'outside' ELSE 'other' END AS bucket,
            o.company_id AS company_id,
            o.warehouse_id AS warehouse_id,
            o.currency_id AS currency_id,
            o.delivered_at AS delivered_at,
            day.deadline AS deadline,
            day.age_days AS age_days,
            CASE WHEN day.age_days <= 7 THEN '1' WHEN day.age_days <= 14 THEN '2'
                 WHEN day.age_days <= 30 THEN '3' ELSE '4' END AS age,
            CASE WHEN day.deadline < day.today THEN 'late'
                 WHEN day.deadline <= day.today + maker.claim_warn_days THEN 'soon'
                 ELSE 'time' END AS urgency,
            line.price_subtotal * bearer.fraction AS amount
            """
        )
        tables = SQL(
            """
            car_repair_payer payer
            JOIN car_repair_order o ON o.id = payer.order_id AND o.state = 'delivered'
            CROSS JOIN LATERAL (
                SELECT l.id::bigint * 2 AS id, l.id AS line_id,
                       1.0::double precision AS fraction
                  FROM car_repair_line l
                 WHERE l.payer_id = payer.id AND l.is_split IS NOT TRUE
             UNION ALL
                SELECT s.id::bigint * 2 + 1, s.line_id, s.percent / 100.0
                  FROM car_repair_line_share s
                 WHERE s.payer_id = payer.id
            ) bearer
            JOIN car_repair_line line ON line.id = bearer.line_id
            JOIN car_repair_job job ON job.id = line.job_id
            JOIN res_company company ON company.id = o.company_id
            LEFT JOIN resource_calendar calendar
                   ON calendar.id = company.resource_calendar_id
            LEFT JOIN car_warranty_maker maker
                   ON maker.partner_id = payer.partner_id
                  AND maker.company_id = o.company_id AND maker.active
            CROSS JOIN LATERAL (
                SELECT (o.delivered_at AT TIME ZONE 'UTC'
                        AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date AS delivered,
                       (%(now)s::timestamp AT TIME ZONE 'UTC'
                        AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date AS today
            ) clock
            CROSS JOIN LATERAL (
                SELECT clock.today, clock.today - clock.delivered AS age_days,
                       CASE WHEN maker.claim_deadline_days > 0
                            THEN clock.delivered + maker.claim_deadline_days
                       END AS deadline
            ) day
            """,
            now=fields.Datetime.now(),
        )
        where = SQL(
            """
            payer.kind IN ('warranty', 'supplier')
            AND line.supply = 'ours'
            AND line.authorization_state NOT IN ('pending', 'declined')
            AND job.state IN ('done', 'passed')
            AND NOT EXISTS (
                SELECT FROM car_warranty_claim_line claimed
                 WHERE claimed.line_id = line.id AND claimed.payer_id = payer.id
                   AND claimed.is_live
            )
            """
        )
        return select, tables, where
