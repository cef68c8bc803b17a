from odoo import api, fields, models
from odoo.tools import SQL

from ..models.workshop.car_repair_line import KINDS
from ..models.workshop.car_repair_order import CUSTOMER_DATA
from ..models.workshop.car_repair_payer import BILLING_STATES, PAYER_KINDS


class CarRepairReport(models.Model):
    """What is sold on repair orders, by who pays: one row per line and payer.

    A line shared between payers has a row for each, with his part of amount, hours and
    quantity; so the rows of an order sum to what the order says.
    """

    _name = "car.repair.report"
    _description = "Repair Analysis"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "order_id"
    _order = "received_at desc, id desc"
    _depends = {
        "car.repair.order": [
            "advisor_id",
            "billing_state",
            "company_id",
            "currency_id",
            "delivered_at",
            "outcome",
            "partner_id",
            "received_at",
            "state",
            "type_id",
            "vehicle_id",
            "warehouse_id",
        ],
        "car.repair.job": ["state", "system_id", "team_id"],
        "car.repair.line": [
            "authorization_state",
            "job_id",
            "kind",
            "order_id",
            "payer_id",
            "price_subtotal",
            "product_id",
            "quantity",
            "sold_hours",
        ],
        "car.repair.line.share": ["line_id", "payer_id", "percent"],
        "car.repair.payer": ["kind", "partner_id"],
        "car.vehicle": ["brand_id", "model_id"],
    }

    # visit
    order_id = fields.Many2one("car.repair.order", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.order"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.order"]
            ._fields["outcome"]
            ._description_selection(self.env)
        ),
        readonly=True,
        help="How a visit without repair ended.",
    )
    billing_state = fields.Selection(BILLING_STATES, "Billing", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
    delivered_at = fields.Datetime("Delivered On", readonly=True)
    advisor_id = fields.Many2one("res.users", readonly=True)
    type_id = fields.Many2one("car.repair.type", "Order Type", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, groups=CUSTOMER_DATA
    )
    # car
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    brand_id = fields.Many2one("car.vehicle.brand", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    # work
    job_id = fields.Many2one("car.repair.job", readonly=True)
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System", readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    consent = fields.Selection(
        [
            ("agreed", "Agreed"),
            ("to_ask", "To be asked"),
            ("later", "For later"),
            ("declined", "Declined"),
        ],
        readonly=True,
        help="Declined work is not part of the order's amount, nor is what was "
        "deferred or booked for later; that is no refusal.",
    )
    # who pays
    payer_kind = fields.Selection(PAYER_KINDS, "Kind of Payer", readonly=True)
    payer_partner_id = fields.Many2one(
        "res.partner", "Payer", readonly=True, groups=CUSTOMER_DATA
    )
    # figures
    order_count = fields.Integer(
        "Orders", readonly=True, aggregator="count_distinct", groups=CUSTOMER_DATA
    )
    amount = fields.Monetary(
        readonly=True,
        groups=CUSTOMER_DATA,
        help="Before taxes, in the company's currency at the rate of the day the car "
        "was received.",
    )
    sold_hours = fields.Float(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._select(), self._from())

    @api.model
    def _select(self):
        """Return what is selected. Extend to add columns."""
        return SQL(
            """
            bearer.id AS id,
            o.id AS order_id,
            o.id AS order_count,
            o.state AS state,
            o.outcome AS outcome,
            o.billing_state AS billing_state,
            o.company_id AS company_id,
            company.currency_id AS currency_id,
            o.warehouse_id AS warehouse_id,
            o.received_at AS received_at,
            o.delivered_at AS delivered_at,
            o.advisor_id AS advisor_id,
            o.type_id AS type_id,
            o.partner_id AS partner_id,
            o.vehicle_id AS vehicle_id,
            vehicle.brand_id AS brand_id,
            vehicle.model_id AS model_id,
            line.job_id AS job_id,
            job.system_id AS system_id,
            job.team_id AS team_id,
            line.product_id AS product_id,
            line.kind AS kind,
            CASE
                WHEN line.authorization_state = 'declined' THEN 'declined'
                WHEN line.authorization_state = 'authorized' AND line.kind = 'fee'
                THEN 'agreed'
                WHEN job.state = 'deferred' THEN 'later'
                WHEN job.state IN ('declined', 'cancelled') THEN 'declined'
                WHEN line.authorization_state = 'authorized' THEN 'agreed'
                ELSE 'to_ask'
            END AS consent,
            payer.kind AS payer_kind,
            payer.partner_id AS payer_partner_id,
            line.price_subtotal * bearer.fraction * rate.rate AS amount,
            line.sold_hours * bearer.fraction AS sold_hours,
            line.quantity * bearer.fraction AS quantity
            """
        )

    @api.model
    def _from(self):
        """Return the joined tables. Extend to add others."""
        # Even ids are whole lines, odd ones shares.
        return SQL(
            """
            (
                SELECT l.id::bigint * 2 AS id, l.id AS line_id, l.payer_id,
                       1.0::double precision AS fraction
                  FROM car_repair_line l
                 WHERE NOT EXISTS (
                       SELECT FROM car_repair_line_share s WHERE s.line_id = l.id
                 )
             UNION ALL
                SELECT s.id::bigint * 2 + 1, s.line_id, s.payer_id, s.percent / 100.0
                  FROM car_repair_line_share s
            ) bearer
            JOIN car_repair_line line ON line.id = bearer.line_id
            JOIN car_repair_job job ON job.id = line.job_id
            JOIN car_repair_order o ON o.id = line.order_id
            JOIN car_vehicle vehicle ON vehicle.id = o.vehicle_id
            JOIN res_company company ON company.id = o.company_id
            LEFT JOIN car_repair_payer payer ON payer.id = bearer.payer_id
            CROSS JOIN LATERAL (
                SELECT CASE
                       WHEN o.currency_id = company.currency_id THEN 1.0
                       ELSE %(to_rate)s / %(from_rate)s
                       END AS rate
            ) rate
            """,
            to_rate=self._select_rate(SQL("company.currency_id")),
            from_rate=self._select_rate(SQL("o.currency_id")),
        )

    @api.model
    def _select_rate(self, currency):
        """Return the rate of a currency on the day the car was received.

        As `res.currency` finds it: the newest one so far, else the first there is.
        """
        return SQL(
            """
            COALESCE((
                SELECT r.rate
                  FROM res_currency_rate r
                 WHERE r.currency_id = %(currency)s
                   AND (r.company_id IS NULL
                        OR r.company_id = split_part(company.parent_path, '/', 1)::int)
              ORDER BY r.name > o.received_at::date,
                       r.company_id IS NULL,
                       CASE WHEN r.name <= o.received_at::date THEN r.name END DESC,
                       r.name
                 LIMIT 1
            ), 1.0)
            """,
            currency=currency,
        )
