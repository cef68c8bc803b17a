from odoo import api, fields, models

from .car_repair_job import UNSOLD_JOBS
from .car_repair_payer import BILLING_STATES, HOUSE_KINDS

MARGIN_GROUPS = (
    "car_aftersales.car_aftersales_group_supervisor,"
    "car_aftersales.car_aftersales_group_cashier"
)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # totals
    amount_untaxed = fields.Monetary("Untaxed", compute="_compute_amounts")
    amount_total = fields.Monetary("Total", compute="_compute_amounts")
    amount_authorized = fields.Monetary(
        "Authorized Amount", compute="_compute_amounts", help="Taxes included."
    )
    amount_pending = fields.Monetary("To Be Asked", compute="_compute_amounts")
    amount_declined = fields.Monetary("Declined Amount", compute="_compute_amounts")
    amount_later = fields.Monetary(
        "Amount for Later",
        compute="_compute_amounts",
        help="Deferred or booked for later: not refused.",
    )
    amount_due = fields.Monetary(
        "Customer Owes", compute="_compute_amount_due", compute_sudo=True
    )
    billing_state = fields.Selection(
        BILLING_STATES,
        "Billing",
        compute="_compute_billing_state",
        store=True,
        default="nothing",
        compute_sudo=True,
        index=True,
    )
    parts_state = fields.Selection(
        [
            ("none", "No parts"),
            ("waiting", "Waiting"),
            ("ready", "In stock"),
            ("issued", "Issued"),
        ],
        "Parts",
        compute="_compute_parts_state",
        store=True,
        precompute=True,
        compute_sudo=True,
    )
    waiting_for = fields.Selection(
        [
            ("advisor", "Advisor"),
            ("customer", "Customer"),
            ("parts", "Parts"),
            ("bay", "Bay"),
            ("technician", "Technician"),
            ("inspector", "Inspector"),
            ("reviewer", "Reviewing Supervisor"),
            ("cashier", "Cashier"),
            ("collection", "Collection"),
        ],
        "Who Acts Next",
        compute="_compute_waiting_for",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Worked out from facts. Empty once the car has left.",
    )
    waiting_since = fields.Datetime(
        compute="_compute_waiting_for", store=True, precompute=True
    )
    blocking_text = fields.Char("What Is Missing", compute="_compute_blocking_text")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    # margin
    margin = fields.Monetary(
        compute="_compute_margin",
        compute_sudo=True,
        groups=MARGIN_GROUPS,
        currency_field="company_currency_id",
        help="Sold before taxes, minus parts at real cost, labor at its hourly cost "
        "and outside work at the vendor's bill.",
    )
    cost_total = fields.Monetary(
        "Cost",
        compute="_compute_margin",
        compute_sudo=True,
        groups=MARGIN_GROUPS,
        currency_field="company_currency_id",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    # links
    picking_count = fields.Integer(compute="_compute_link_counts", compute_sudo=True)
    invoice_count = fields.Integer(compute="_compute_link_counts", compute_sudo=True)
    purchase_count = fields.Integer(compute="_compute_link_counts", compute_sudo=True)
    settlement_count = fields.Integer(compute="_compute_link_counts", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.price_total",
        "line_ids.authorization_state",
        "job_ids.state",
        "job_ids.alternative_to_id",
    )
    def _compute_amounts(self):
        for order in self:
            sums = dict.fromkeys(("untaxed", "total", "yes", "ask", "no", "later"), 0.0)
            for line in order.line_ids:
                state = line.authorization_state
                if line.job_id._is_second_plan():
                    continue
                # An agreed fee is owed whatever becomes of the job.
                is_owed = state == "authorized" and line.kind == "fee"
                if line.job_id.state == "deferred" and not is_owed:
                    if state != "declined":
                        sums["later"] += line.price_total
                        continue
                    state = "declined"
                elif line.job_id.state in ("declined", "cancelled") and not is_owed:
                    state = "declined"
                if state == "declined":
                    sums["no"] += line.price_total
                    continue
                sums["untaxed"] += line.price_subtotal
                sums["total"] += line.price_total
                # That a fee is taken off is told with the rest of the estimate.
                is_told = line.credited_line_id and order.state == "estimate"
                is_agreed = state == "authorized" and not is_told
                sums["yes" if is_agreed else "ask"] += line.price_total
            order.amount_untaxed = sums["untaxed"]
            order.amount_total = sums["total"]
            order.amount_authorized = sums["yes"]
            order.amount_pending = sums["ask"]
            order.amount_declined = sums["no"]
            order.amount_later = sums["later"]

    @api.depends("payer_ids.amount_due")
    def _compute_amount_due(self):
        for order in self:
            order.amount_due = sum(
                payer.amount_due
                for payer in order.payer_ids
                if payer.kind == "customer"
            )

    @api.depends(
        "line_ids.quantity_authorized",
        "line_ids.payer_id",
        "line_ids.share_ids.percent",
        "line_ids.move_ids.state",
        "line_ids.invoice_line_ids.parent_state",
        "job_ids.done_at",
        "invoice_ids.payment_state",
        "payer_ids.deductible_amount",
        "outcome",
    )
    def _compute_billing_state(self):
        outstanding = {}
        for item in self.line_ids._get_outstanding():
            outstanding.setdefault(item["payer"], []).append(item["quantity"])
        for order in self:
            states = {
                payer._get_billing_state(
                    outstanding.get(payer, []) + payer._get_deductible_rest(),
                    payer._get_invoices(),
                )
                for payer in order.payer_ids
            } - {"nothing"}
            order.billing_state = order._merge_billing_states(states)

    def _merge_billing_states(self, states):
        """Return the state of an order from those of its payers."""
        if not states:
            return "nothing"
        if len(states) == 1:
            return states.pop()
        if "to_credit" in states:
            return "to_credit"
        if states & {"to_bill", "partly"}:
            return "partly"
        return "billed"

    @api.depends(
        "line_ids.is_stocked", "line_ids.move_ids.state", "job_ids.holds_parts"
    )
    def _compute_parts_state(self):
        for order in self:
            moves = order.line_ids.filtered(
                lambda line: line.is_stocked and not line.job_id.holds_parts
            ).move_ids
            states = {move.state for move in moves if move.state != "cancel"}
            if not states:
                order.parts_state = "none"
            elif states == {"done"}:
                order.parts_state = "issued"
            elif states <= {"done", "assigned"}:
                order.parts_state = "ready"
            else:
                order.parts_state = "waiting"

    @api.depends(
        "state",
        "parts_state",
        "job_ids.state",
        "job_ids.slot_ids.bay_id",
        "line_ids.authorization_state",
        "line_ids.quantity",
        "exit_pass_ids.state",
    )
    def _compute_waiting_for(self):
        """Work out from facts who must act next, and since when."""
        now = fields.Datetime.now()
        for order in self:
            who = order._get_waiting_for()[0]
            since = order.waiting_since if who == order.waiting_for else now
            order.waiting_since = bool(who) and since
            order.waiting_for = who

    @api.depends("waiting_for", "state", "parts_state", "billing_state")
    def _compute_blocking_text(self):
        """Say on what the order waits."""
        # Safe: billing states only, worked out for all orders at once.
        leaving = self.filtered(lambda order: order.state in ("ready", "declined"))
        leaving.sudo().payer_ids.mapped("billing_state")
        for order in self:
            who, what = order._get_waiting_for()
            order.blocking_text = (
                order._get_cash_text() if who == "cashier" and not what else what
            )

    def _get_waiting_for(self):
        """Return who must act next and on what. Extend for more causes.

        What a cause depends on must be a dependency of ``waiting_for``.
        """
        self.ensure_one()
        if self.state == "reception":
            return "advisor", self.env._("Estimate to make")
        if self.state == "estimate":
            return "customer", self.env._("Waiting for the customer's answer")
        if self.state in ("authorized", "in_workshop"):
            return self._get_waiting_in_workshop()
        if self.state == "quality_check":
            return "inspector", self.env._("Quality check to do")
        if self.state in ("ready", "declined"):
            return self._get_waiting_to_leave()
        return False, False

    def _get_waiting_in_workshop(self):
        if self.line_ids._filter_to_ask():
            return "customer", self.env._("Additional work to be agreed")
        if self.parts_state == "waiting":
            return "parts", self.env._("Parts missing")
        if self.parts_state == "ready":
            return "parts", self.env._("Parts to issue")
        states = set(self.job_ids.mapped("state"))
        if "in_progress" in states:
            return "technician", self.env._("Work to do")
        if "authorized" in states:
            if self._is_bay_missing():
                return "bay", self.env._("Time is planned, no bay is free yet")
            return "technician", self.env._("Work to do")
        return "advisor", self.env._("Work done: hand over to quality check")

    def _is_bay_missing(self):
        """Tell whether work is planned for teams with bays, and has none of them."""
        # Safe: tells only where the car will stand.
        jobs = self.sudo().job_ids.filtered(lambda job: job.state == "authorized")
        slots = jobs.slot_ids
        return bool(slots) and not slots.bay_id and bool(slots.team_id.bay_ids)

    def _get_waiting_to_leave(self):
        passes = self.exit_pass_ids.filtered(lambda p: p.kind == "final")
        if "used" in passes.mapped("state"):
            return False, False
        if self._get_final_pass():
            return "collection", self.env._("Ready to leave")
        return "cashier", False  # on what is told by the payers' billing

    def _get_cash_text(self):
        """Say what the cash desk has to do."""
        # Safe: tells only that there is money to settle.
        customer = self.sudo().payer_ids.filtered(lambda p: p.kind == "customer")
        if any(p.billing_state in ("to_bill", "partly", "to_credit") for p in customer):
            return self.env._("To bill")
        if self.amount_due:
            return self.env._("Payment open")
        return self.env._("Exit pass to issue")

    @api.depends("promised_at", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for order in self:
            order.is_late = bool(
                order.promised_at
                and order.promised_at < now
                and order.state not in ("delivered", "declined", "cancelled")
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("promised_at", "<", fields.Datetime.now()),
            ("state", "not in", ["delivered", "declined", "cancelled"]),
        ]

    @api.depends("line_ids.price_subtotal", "line_ids.move_ids.state")
    def _compute_margin(self):
        for order in self:
            jobs = order.job_ids
            order.cost_total = sum(job._get_cost() for job in jobs)
            order.margin = sum(job._get_revenue() for job in jobs) - order.cost_total

    def _compute_link_counts(self):
        for order in self:
            lines = order.line_ids
            order.picking_count = len(order.picking_ids)
            order.invoice_count = len(order.invoice_ids)
            order.purchase_count = len(lines.purchase_line_ids.order_id)
            order.settlement_count = len(
                lines.invoice_line_ids.move_id.filtered(
                    lambda move: move.move_type == "entry"
                )
            )

    # === ACTION METHODS === #

    def _get_link_action(self, xml_id, records):
        """Return the action that shows documents; one of them opens at once."""
        if len(records) == 1:
            return {
                "type": "ir.actions.act_window",
                "res_model": records._name,
                "res_id": records.id,
                "views": [(False, "form")],
                "context": {"create": False},
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("id", "in", records.ids)]
        action["context"] = {"create": False}
        return action

    def action_open_transfers(self):
        return self._get_link_action(
            "stock.action_picking_tree_all", self.sudo().picking_ids
        )

    def action_open_invoices(self):
        # Safe: only which they are; the user's rights decide on what he opens.
        return self._get_invoices_action(self.sudo().invoice_ids)

    def _get_invoices_action(self, invoices):
        return self._get_link_action("account.action_move_out_invoice_type", invoices)

    def action_open_settlements(self):
        return self._get_link_action(
            "account.action_move_journal_line",
            self.sudo().line_ids.invoice_line_ids.move_id.filtered(
                lambda move: move.move_type == "entry"
            ),
        )

    def action_open_purchases(self):
        return self._get_link_action(
            "purchase.purchase_rfq",
            self.sudo().line_ids.purchase_line_ids.order_id,
        )

    def action_request_parts(self):
        """Ask the stock again for agreed parts whose transfer was cancelled."""
        return self.line_ids.action_request_parts()

    def action_buy(self):
        """Ask the vendors for what is missing, then show the requests."""
        self.line_ids.action_buy()
        return self.action_open_purchases()


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    margin = fields.Monetary(
        compute="_compute_margin",
        compute_sudo=True,
        groups=MARGIN_GROUPS,
        currency_field="company_currency_id",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    @api.depends("line_ids.price_subtotal", "line_ids.move_ids.state")
    def _compute_margin(self):
        for job in self:
            job.margin = job._get_revenue() - job._get_cost()

    def _get_revenue(self):
        """Return what the job brings from payers outside the house, before taxes.

        :return: in the currency of the company.
        """
        self.ensure_one()
        company = self.company_id
        return sum(
            line.currency_id._convert(
                line.price_subtotal * (1 - line._get_fraction(*HOUSE_KINDS)),
                company.currency_id,
                company,
                fields.Date.context_today(self),
            )
            for line in self.line_ids
            if line.authorization_state not in ("declined", "pending")
            and self.state not in UNSOLD_JOBS
        )

    def _get_cost(self):
        """Return what the job costs us: parts, labor and outside work.

        :return: in the currency of the company.
        """
        self.ensure_one()
        return self._get_labor_cost() + sum(
            line._get_moves_value() + line._get_outside_cost() for line in self.line_ids
        )

    def _get_labor_cost(self):
        """Return what the hours of the job cost, in the currency of the company.

        Nobody has clocked it: the hours sold, once the job is done.
        """
        self.ensure_one()
        if self.state not in ("done", "passed"):
            return 0.0
        # Safe: the hourly cost goes into the margin, which has groups of its own.
        rates = [
            technician._get_hourly_cost() for technician in self.technician_ids.sudo()
        ]
        company = self.company_id.sudo()
        rate = sum(rates) / len(rates) if rates else company.car_hourly_cost
        return rate * sum(self.line_ids.mapped("sold_hours"))
