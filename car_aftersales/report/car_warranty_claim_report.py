from odoo import api, fields, models
from odoo.tools import SQL

from ..models.warranty.car_warranty_claim import STATES
from ..models.warranty.car_warranty_claim_line import BUCKETS
from ..models.workshop.car_repair_payer import PAYER_KINDS

# Ids of five kinds of rows; an invoice carries fewer claims than this
KINDS_OF_ROWS = 8
CLAIMS = 1024


class CarWarrantyClaimReport(models.Model):
    """Accounts of warranty: claimed, accepted, billed, paid and lost, month by month.

    Claims count in the month they were sent first; money in the month it was booked.
    What is billed, credited, paid and written off are the posted journal items
    themselves, in the company's currency. The rates divide sums of claims.
    """

    _name = "car.warranty.claim.report"
    _description = "Warranty Accounts"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "claim_id"
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["amount_total", "move_type", "state"],
        "account.move.line": [
            "balance",
            "car_claim_id",
            "car_repair_line_id",
            "car_repair_payer_id",
            "car_repair_role",
            "date",
            "price_total",
        ],
        "account.partial.reconcile": ["amount", "max_date"],
        "car.warranty.claim": [
            "charged_back_on",
            "first_answer",
            "is_short_paid",
            "settled_on",
            "state",
            "submitted_at",
        ],
        "car.warranty.claim.line": [
            "amount_accepted",
            "amount_charged_back",
            "amount_claimed",
            "amount_refused",
            "is_answered",
            "is_live",
        ],
    }

    claim_id = fields.Many2one("car.warranty.claim", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    date = fields.Date(readonly=True)
    maker_id = fields.Many2one("car.warranty.maker", "Maker's Terms", readonly=True)
    partner_id = fields.Many2one("res.partner", "Maker or Supplier", readonly=True)
    kind = fields.Selection(PAYER_KINDS, "Kind of Payer", readonly=True)
    bucket = fields.Selection(BUCKETS, "Kind of Work", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    user_id = fields.Many2one("res.users", "Warranty Clerk", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    # figures
    amount_claimed = fields.Monetary("Claimed", readonly=True)
    amount_accepted = fields.Monetary(
        "Approved Amount", readonly=True, help="Less what was taken back."
    )
    amount_refused = fields.Monetary("Refused Amount", readonly=True)
    amount_billed = fields.Monetary(
        "Billed", readonly=True, help="Before taxes, as posted."
    )
    amount_allowance = fields.Monetary(
        "Credited", readonly=True, help="Allowances on refused work, before taxes."
    )
    amount_paid = fields.Monetary(
        "Paid", readonly=True, help="Money that was matched with it, taxes included."
    )
    amount_short = fields.Monetary(
        "Short Paid", readonly=True, help="Written off, less what was paid over."
    )
    amount_lost = fields.Monetary(
        "Lost Amount", readonly=True, help="Credited and short paid together."
    )
    claim_count = fields.Integer("Claims", readonly=True)
    approval_rate = fields.Float(
        "Approved at First Sending (%)",
        readonly=True,
        aggregator="avg",
        help="Claims approved in full at the first sending / claims answered.",
    )
    days_to_pay = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Days from the first sending to the last payment / claims settled.",
    )
    short_rate = fields.Float(
        "Paid Short (%)",
        readonly=True,
        aggregator="avg",
        help="Claims paid short / claims settled or paid short.",
    )
    charge_back_rate = fields.Float(
        "Charged Back (%)",
        readonly=True,
        aggregator="avg",
        help="Claims charged back / claims settled once.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.claim_id, row.date, row.bucket, row.move_id,
                   claim.state, claim.maker_id, claim.partner_id, claim.kind,
                   claim.company_id, claim.warehouse_id, claim.vehicle_id,
                   claim.user_id, company.currency_id,
                   row.amount_claimed * rate.rate AS amount_claimed,
                   row.amount_accepted * rate.rate AS amount_accepted,
                   row.amount_refused * rate.rate AS amount_refused,
                   row.amount_billed, row.amount_allowance, row.amount_paid,
                   row.amount_short, row.amount_allowance + row.amount_short
                       AS amount_lost,
                   row.claim_count, row.approval_rate, row.days_to_pay,
                   row.short_rate, row.charge_back_rate
              FROM (%(rows)s) row
              JOIN car_warranty_claim claim ON claim.id = row.claim_id
              JOIN res_company company ON company.id = claim.company_id
             CROSS JOIN LATERAL (%(rate)s) rate
            """,
            rows=SQL(" UNION ALL ").join(self._get_rows()),
            rate=self._select_rate(),
        )

    @api.model
    def _get_rows(self):
        """Return SQL of the kinds of rows. Extend to count more."""
        return [
            self._select_claims(),
            self._select_lines(),
            self._select_bills(),
            self._select_differences(),
            self._select_payments(),
        ]

    @api.model
    def _select_columns(self, **columns):
        """Return SQL of all columns in their order; those not given are empty."""
        numbers = (
            "amount_claimed",
            "amount_accepted",
            "amount_refused",
            "amount_billed",
            "amount_allowance",
            "amount_paid",
            "amount_short",
        )
        zero, null = SQL("0.0"), SQL("NULL::double precision")
        order = {
            "id": SQL("0"),
            "claim_id": SQL("0"),
            "date": SQL("NULL::date"),
            "bucket": SQL("NULL::varchar"),
            "move_id": SQL("NULL::int"),
            **dict.fromkeys(numbers, zero),
            "claim_count": SQL("0"),
            "approval_rate": null,
            "days_to_pay": null,
            "short_rate": null,
            "charge_back_rate": null,
        }
        return SQL(", ").join(
            SQL("%s AS %s", columns.get(name, default), SQL.identifier(name))
            for name, default in order.items()
        )

    @api.model
    def _select_id(self, source, number):
        return SQL("%s::bigint * %s + %s", source, KINDS_OF_ROWS, number)

    @api.model
    def _select_claims(self):
        return SQL(
            """
            SELECT %s
              FROM car_warranty_claim c
             WHERE c.submitted_at IS NOT NULL AND c.state != 'cancelled'
            """,
            self._select_columns(
                id=self._select_id(SQL("c.id"), 0),
                claim_id=SQL("c.id"),
                date=SQL("c.first_sent_on"),
                claim_count=SQL("1"),
                approval_rate=SQL(
                    "CASE WHEN c.first_answer = 'approved' THEN 100.0"
                    " WHEN c.first_answer IS NOT NULL THEN 0.0 END"
                ),
                days_to_pay=SQL("(c.settled_on - c.first_sent_on)::double precision"),
                short_rate=SQL(
                    "CASE WHEN c.is_short_paid THEN 100.0"
                    " WHEN c.settled_on IS NOT NULL THEN 0.0 END"
                ),
                charge_back_rate=SQL(
                    "CASE WHEN c.charged_back_on IS NOT NULL THEN 100.0"
                    " WHEN c.settled_on IS NOT NULL THEN 0.0 END"
                ),
            ),
        )

    @api.model
    def _select_lines(self):
        return SQL(
            """
            SELECT %s
              FROM car_warranty_claim_line l
              JOIN car_warranty_claim c ON c.id = l.claim_id
             WHERE l.is_live AND c.submitted_at IS NOT NULL
            """,
            self._select_columns(
                id=self._select_id(SQL("l.id"), 1),
                claim_id=SQL("c.id"),
                date=SQL("c.first_sent_on"),
                bucket=SQL("l.bucket"),
                amount_claimed=SQL("l.amount_claimed"),
                amount_accepted=SQL(
                    "COALESCE(l.amount_accepted, 0) -"
                    " COALESCE(l.amount_charged_back, 0)"
                ),
                amount_refused=SQL("COALESCE(l.amount_refused, 0)"),
            ),
        )

    @api.model
    def _from_bills(self):
        """Return the journal items that bill or credit claimed shares."""
        return SQL(
            """
            car_warranty_claim_line l
            JOIN account_move_line item ON item.car_repair_line_id = l.line_id
             AND item.car_repair_payer_id = l.payer_id
             AND item.display_type = 'product' AND item.parent_state = 'posted'
            JOIN account_move move ON move.id = item.move_id
             AND move.move_type IN ('out_invoice', 'out_refund')
            """
        )

    @api.model
    def _select_bills(self):
        is_allowance = SQL("item.car_repair_role = 'allowance'")
        return SQL(
            "SELECT %s FROM %s WHERE l.is_live",
            self._select_columns(
                id=self._select_id(SQL("item.id"), 2),
                claim_id=SQL("l.claim_id"),
                date=SQL("item.date"),
                bucket=SQL("l.bucket"),
                move_id=SQL("item.move_id"),
                amount_billed=SQL("-item.balance"),
                amount_allowance=SQL(
                    "CASE WHEN %s THEN item.balance ELSE 0.0 END", is_allowance
                ),
            ),
            self._from_bills(),
        )

    @api.model
    def _select_differences(self):
        return SQL(
            """
            SELECT %s
              FROM account_move_line item
             WHERE item.car_claim_id IS NOT NULL AND item.parent_state = 'posted'
            """,
            self._select_columns(
                id=self._select_id(SQL("item.id"), 3),
                claim_id=SQL("item.car_claim_id"),
                date=SQL("item.date"),
                move_id=SQL("item.move_id"),
                amount_short=SQL("item.balance"),
            ),
        )

    @api.model
    def _select_payments(self):
        """Return the money matched with invoices, split between their claims.

        Credit notes and differences of claims are no money. Parts are taken of the
        lines' sum: with taxes rounded for the invoice, its total is a cent off.
        """
        return SQL(
            """
            SELECT %(columns)s
              FROM (
                SELECT partial.id * %(claims)s::bigint + row_number() OVER (
                           PARTITION BY partial.id ORDER BY part.claim_id) AS id,
                       part.claim_id, partial.max_date, partial.move_id,
                       partial.amount * part.total / NULLIF(part.whole, 0) AS amount
                  FROM (
                    SELECT l.claim_id, move.id AS move_id,
                           sum(item.price_total) AS total,
                           (SELECT sum(sold.price_total)
                              FROM account_move_line sold
                             WHERE sold.move_id = move.id
                               AND sold.display_type = 'product') AS whole
                      FROM %(bills)s
                     WHERE l.is_live
                     GROUP BY l.claim_id, move.id
                  ) part
                  JOIN (
                    SELECT p.id, p.max_date, p.amount,
                           debit.move_id AS bill_id, credit.move_id
                      FROM account_partial_reconcile p
                      JOIN account_move_line debit ON debit.id = p.debit_move_id
                      JOIN account_move_line credit ON credit.id = p.credit_move_id
                     UNION ALL
                    SELECT p.id, p.max_date, -p.amount, credit.move_id, debit.move_id
                      FROM account_partial_reconcile p
                      JOIN account_move_line debit ON debit.id = p.debit_move_id
                      JOIN account_move_line credit ON credit.id = p.credit_move_id
                  ) partial ON partial.bill_id = part.move_id
                  JOIN account_move other ON other.id = partial.move_id
                   AND other.move_type = 'entry'
                 WHERE NOT EXISTS (
                       SELECT FROM account_move_line difference
                        WHERE difference.move_id = other.id
                          AND difference.car_claim_id IS NOT NULL
                 )
              ) paid
            """,
            columns=self._select_columns(
                id=self._select_id(SQL("paid.id"), 4),
                claim_id=SQL("paid.claim_id"),
                date=SQL("paid.max_date"),
                move_id=SQL("paid.move_id"),
                amount_paid=SQL("paid.amount"),
            ),
            claims=CLAIMS,
            bills=self._from_bills(),
        )

    @api.model
    def _select_rate(self):
        """Return the rate to the company's currency on the day of delivery."""
        rate = self.env["car.repair.report"]._select_rate
        return SQL(
            """
            SELECT CASE WHEN o.currency_id = company.currency_id THEN 1.0
                   ELSE %s / %s END AS rate
              FROM car_repair_order o WHERE o.id = claim.order_id
            """,
            rate(SQL("company.currency_id")),
            rate(SQL("o.currency_id")),
        )
