from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..vehicle.car_vehicle import CUSTOMER_DATA

BATCH = 1000
WRITTEN = {"measure", "note", "reason_id"}


class CarCustomerLoss(models.Model):
    """A customer who does not come as expected: why, what is done, does he come back.

    Found by the nightly count; the advisor or clerk writes down reason and measure
    (R-171); his next visit ends it, and counts as won back soon after a call.
    """

    _name = "car.customer.loss"
    _description = "Customer at Risk or Lost"
    _inherit = ["car.confidential.mixin"]
    _order = "is_loyal desc, spend_before desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_id = fields.Many2one(
        "car.vehicle",
        "Expected with",
        readonly=True,
        check_company=True,
        index="btree_not_null",
    )
    # as it was when it was found
    found_on = fields.Date(readonly=True, required=True, index=True)
    kind = fields.Selection(
        [("at_risk", "At risk"), ("lost", "Lost")], readonly=True, required=True
    )
    segment_id = fields.Many2one(
        "car.customer.segment", readonly=True, index="btree_not_null"
    )
    is_loyal = fields.Boolean("Loyal", readonly=True)
    last_visit_on = fields.Date("Last Visit", readonly=True)
    expected_on = fields.Date("Expected to Come", readonly=True)
    spend_before = fields.Monetary(
        "Spent Before", readonly=True, help="In the twelve months up to his last visit."
    )
    # the call
    planned_on = fields.Date("Call Planned On", readonly=True)
    task_id = fields.Many2one(
        "car.contact.task",
        "Planned Call",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    call_id = fields.Many2one(
        "car.contact.call", "Call Held", readonly=True, index="btree_not_null"
    )
    called_on = fields.Date(readonly=True)
    # what is done about it
    reason_id = fields.Many2one("car.loss.reason", index="btree_not_null")
    measure = fields.Char(
        compute="_compute_measure",
        store=True,
        readonly=False,
        help="What we do so that he, and others, come again.",
    )
    note = fields.Char()
    recorded_by_id = fields.Many2one("res.users", "Reason Written by", readonly=True)
    recorded_on = fields.Date("Reason Written On", readonly=True)
    # how it ended
    came_back_on = fields.Date(readonly=True, index=True)
    gone_on = fields.Date("Ended Otherwise On", readonly=True)
    result = fields.Selection(
        [
            ("open", "To call"),
            ("called", "Spoken to"),
            ("won_back", "Won back"),
            ("came_back", "Came by himself"),
            ("gone", "Ended otherwise"),
        ],
        "Outcome",
        compute="_compute_result",
        store=True,
        index=True,
    )

    _open_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE came_back_on IS NULL AND gone_on IS NULL",
        "This customer is on the list already.",
    )
    _unplanned = models.Index(
        "(company_id, is_loyal DESC, spend_before DESC) WHERE task_id IS NULL"
        " AND planned_on IS NULL AND came_back_on IS NULL AND gone_on IS NULL"
    )
    _planned = models.Index("(company_id, planned_on)")

    # === COMPUTE METHODS === #

    @api.depends("reason_id")
    def _compute_measure(self):
        for loss in self:
            loss.measure = loss.measure or loss.reason_id.measure

    @api.depends("called_on", "came_back_on", "gone_on")
    def _compute_result(self):
        for loss in self:
            if loss.came_back_on:
                days = loss.company_id.sudo().car_win_back_days  # Safe: a setting.
                called = loss.called_on
                won = called and 0 <= (loss.came_back_on - called).days <= days
                loss.result = "won_back" if won else "came_back"
            elif loss.gone_on:
                loss.result = "gone"
            else:
                loss.result = "called" if loss.called_on else "open"

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            if foreign := set(vals) - WRITTEN:
                raise UserError(
                    self.env._(
                        "Only reason, measure and a note are written down here, not "
                        "%(fields)s.",
                        fields=", ".join(
                            self._fields[name]._description_string(self.env)
                            for name in sorted(foreign)
                        ),
                    )
                )
            if "reason_id" in vals:
                # Safe: who wrote it down.
                self.sudo().write(
                    {
                        "recorded_by_id": self.env.uid,
                        "recorded_on": fields.Date.context_today(self),
                    }
                )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_call(self):
        """Begin the talk with a customer who does not come any more."""
        self.ensure_one()
        if not self.task_id:
            raise UserError(
                self.env._(
                    "%(customer)s: the call is not planned yet.",
                    customer=self.display_name,
                )
            )
        return self.task_id.action_call()

    # === BUSINESS METHODS === #

    @api.model
    def _follow(self, company, today):
        """End what is over and list who was found today, batch by batch."""
        self._end(company, today)
        self.env.cr.execute(
            SQL(
                """
                UPDATE car_customer_loss l SET kind = 'lost'
                  FROM car_customer_value v
                 WHERE v.partner_id = l.partner_id AND v.company_id = l.company_id
                   AND l.company_id = %s AND v.standing = 'lost' AND l.kind = 'at_risk'
                   AND l.came_back_on IS NULL AND l.gone_on IS NULL
                """,
                company.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO car_customer_loss
                       (partner_id, company_id, vehicle_id, found_on, kind, segment_id,
                        is_loyal, last_visit_on, expected_on, spend_before, result,
                        create_uid, create_date, write_uid, write_date)
                SELECT v.partner_id, v.company_id, v.vehicle_id, %(today)s, v.standing,
                       v.segment_id, v.is_loyal, v.last_visit_on, v.expected_on,
                       v.spend_before, 'open', %(user)s, %(now)s, %(user)s, %(now)s
                  FROM car_customer_value v
                 WHERE v.company_id = %(company)s
                   AND v.standing IN ('at_risk', 'lost') AND NOT v.is_awaited
                    ON CONFLICT DO NOTHING
                """,
                today=today,
                user=self.env.uid,
                now=fields.Datetime.now(),
                company=company.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _end(self, company, today):
        """End what a visit, or something else, has ended."""
        last_id = 0
        while rows := self._read_ended(company, last_id):
            losses = self.browse([row["id"] for row in rows])
            losses.fetch(["called_on", "company_id"])
            for loss, row in zip(losses, rows, strict=True):
                if row["came_back_on"]:
                    loss.came_back_on = row["came_back_on"]
                else:
                    loss.gone_on = today
            self.env.flush_all()
            last_id = rows[-1]["id"]

    @api.model
    def _read_ended(self, company, last_id):
        rules = self.env["car.contact.rule"]
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, visit.day AS came_back_on
                  FROM car_customer_loss l
             LEFT JOIN car_customer_value v
                    ON v.partner_id = l.partner_id AND v.company_id = l.company_id
             LEFT JOIN LATERAL (
                    SELECT MIN(%(day)s) AS day FROM car_repair_order o
                     WHERE o.partner_id = l.partner_id AND o.company_id = l.company_id
                       AND o.state != 'cancelled'
                       AND %(day)s > l.found_on) visit ON true
                 WHERE l.company_id = %(company)s AND l.id > %(last)s
                   AND l.came_back_on IS NULL AND l.gone_on IS NULL
                   AND (visit.day IS NOT NULL OR v.id IS NULL
                        OR v.standing IN ('active', 'gone'))
                 ORDER BY l.id LIMIT %(limit)s
                """,
                day=rules._get_local_day(company, SQL("o.received_at")),
                company=company.id,
                last=last_id,
                limit=BATCH,
            )
        )
