from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .car_repair_job import UNSOLD_JOBS

PAYER_KINDS = [
    ("customer", "Customer"),
    ("warranty", "Maker's warranty"),
    ("insurer", "Insurer"),
    ("supplier", "Supplier"),
    ("internal", "Internal"),
    ("goodwill", "Goodwill"),
]
HOUSE_KINDS = ("internal", "goodwill")
BILLING_STATES = [
    ("nothing", "Nothing to bill"),
    ("to_bill", "To bill"),
    ("partly", "Partly billed"),
    ("billed", "Billed"),
    ("to_credit", "To credit"),
    ("paid", "Paid"),
]


class CarRepairPayer(models.Model):
    """One who pays for a repair order: the customer, the maker, an insurer, the house.

    Each gets invoices of his own, with his fiscal position, terms and prices. What the
    house bears itself, internal or goodwill, is booked by a settlement entry instead.
    """

    _name = "car.repair.payer"
    _description = "Payer of a Repair Order"
    _inherit = ["car.order.part.mixin"]
    _order = "order_id desc, sequence, id"
    _rec_names_search = ["partner_id.name", "reference"]
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(PAYER_KINDS, required=True, default="customer")
    partner_id = fields.Many2one(
        "res.partner",
        "Payer",
        index=True,
        help="Who gets the invoice. Internal and goodwill work has none.",
    )
    reference = fields.Char(help="Number of the claim, policy or order of the payer.")
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        check_company=True,
        help="Empty: the price list of the order.",
    )
    labor_rate = fields.Monetary("Hourly Rate", help="Empty: the company's rate.")
    deductible_amount = fields.Monetary(
        "Deductible",
        help="Fixed amount, taxes included, that the customer pays instead.",
    )
    cost_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Internal and goodwill work is booked on it: the account of the "
        "department that ordered it. Empty: the company's.",
    )
    # credit
    is_credit_authorized = fields.Boolean(
        "Leaves on Credit",
        readonly=True,
        copy=False,
        help="The manager lets the car leave before this payer has paid.",
    )
    credit_reason = fields.Char(readonly=True, copy=False)
    credit_authorized_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    # money
    line_invoice_ids = fields.One2many(
        "account.move.line", "car_repair_payer_id", "Invoice Lines"
    )
    amount_total = fields.Monetary("Total", compute="_compute_amounts")
    amount_authorized = fields.Monetary("Authorized", compute="_compute_amounts")
    amount_billed = fields.Monetary(
        "Billed", compute="_compute_invoiced", compute_sudo=True
    )
    amount_due = fields.Monetary(
        "Open", compute="_compute_invoiced", compute_sudo=True, help="Billed, not paid."
    )
    billing_state = fields.Selection(
        BILLING_STATES, compute="_compute_billing_state", compute_sudo=True
    )

    _order_payer_uniq = models.UniqueIndex(
        "(order_id, kind, COALESCE(partner_id, 0))",
        "This payer is on the order already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_fiscal_position_id(self):
        for payer in self:
            # Safe: reads the fiscal position of the payer's own partner.
            position = self.env["account.fiscal.position"]
            if payer.partner_id:
                position = (
                    position.sudo()
                    .with_company(payer.company_id)
                    ._get_fiscal_position(payer.partner_id)
                )
            payer.fiscal_position_id = position.id

    @api.depends("partner_id")
    def _compute_payment_term_id(self):
        for payer in self:
            partner = payer.partner_id.with_company(payer.company_id)
            payer.payment_term_id = partner.property_payment_term_id

    @api.depends("kind", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for payer in self:
            partner = payer.partner_id.name
            kind = kinds.get(payer.kind, "")
            payer.display_name = f"{kind}: {partner}" if partner else kind

    @api.depends(
        "order_id.line_ids.price_total",
        "order_id.line_ids.share_ids.percent",
        "order_id.line_ids.authorization_state",
    )
    def _compute_amounts(self):
        """Sum what each payer bears, taxes included."""
        for order in self.order_id:
            totals, agreed = {}, {}
            for line in order.line_ids:
                job = line.job_id
                if job.state in UNSOLD_JOBS or job._is_second_plan():
                    continue
                for payer, fraction in line._get_shares():
                    amount = line._get_payer_total(payer, fraction)
                    totals[payer] = totals.get(payer, 0.0) + amount
                    if line.authorization_state == "authorized":
                        agreed[payer] = agreed.get(payer, 0.0) + amount
            for payer in self.filtered(lambda payer, o=order: payer.order_id == o):
                payer.amount_total = totals.get(payer, 0.0)
                payer.amount_authorized = agreed.get(payer, 0.0)

    @api.depends(
        "line_invoice_ids.parent_state", "line_invoice_ids.move_id.payment_state"
    )
    def _compute_invoiced(self):
        """Sum invoices less credit notes; drafts are open as a whole."""
        for payer in self:
            billed = due = 0.0
            for move in payer._get_invoices():
                sign = -1 if move.move_type == "out_refund" else 1
                posted = move.state == "posted"
                total = payer._get_part_of(move, move.amount_total)
                residual = payer._get_part_of(move, move.amount_residual)
                billed += sign * total * posted
                due += sign * (residual if posted else total)
            payer.amount_billed = billed
            payer.amount_due = due

    @api.depends(
        "line_invoice_ids.parent_state",
        "line_invoice_ids.move_id.payment_state",
        "order_id.line_ids.quantity_authorized",
        "order_id.line_ids.move_ids.state",
        "order_id.job_ids.done_at",
        "order_id.line_ids.share_ids.percent",
        "order_id.line_ids.payer_id",
        "order_id.payer_ids.deductible_amount",
        "order_id.outcome",
    )
    def _compute_billing_state(self):
        rest = {}
        for item in self.order_id.line_ids._get_outstanding():
            rest.setdefault(item["payer"], []).append(item["quantity"])
        for payer in self:
            payer.billing_state = payer._get_billing_state(
                rest.get(payer, []) + payer._get_deductible_rest(),
                payer._get_invoices(),
            )

    def _get_deductible_rest(self):
        """Return the open amounts of deductibles, where the order has any."""
        self.ensure_one()
        if not any(self.order_id.payer_ids.mapped("deductible_amount")):
            return []
        rest = self._get_open_deductibles().values()
        # A relieved payer has nothing to credit as long as he has a bill to come.
        return [abs(amount) for amount, _is_void in rest]

    def _get_billing_state(self, rest, invoices):
        """Return the state of billing.

        Down payments alone are no bill.

        :param rest: open quantities of the payer's lines; negative is to credit.
        """
        self.ensure_one()
        if any(quantity < 0 for quantity in rest):
            return "to_credit"
        if not rest and self._has_advance_left():
            return "to_credit"
        settled = any(
            line.move_id.move_type == "entry" and line.parent_state == "posted"
            for line in self.line_invoice_ids
        )
        invoices = invoices.filtered(
            lambda move: any(
                line.car_repair_line_id or line.car_repair_role == "deductible"
                for line in move.invoice_line_ids
            )
        )
        if rest:
            return "partly" if invoices or settled else "to_bill"
        if not invoices:
            return "billed" if settled else "nothing"
        if all(
            move.payment_state in ("paid", "in_payment", "reversed")
            for move in invoices
        ):
            return "paid"
        return "billed"

    def _get_part_of(self, move, amount):
        """Return the payer's part of an amount of a document, to the cent.

        Orders of one customer may share an invoice: each answers for its own lines.
        """
        self.ensure_one()
        own = sum(
            line.price_total for line in self.line_invoice_ids if line.move_id == move
        )
        if not move.currency_id.compare_amounts(own, move.amount_total):
            return amount
        lines = move.invoice_line_ids
        payers = lines.car_repair_payer_id.sorted("id")
        if len(payers) < 2:
            return amount
        weights = dict.fromkeys(payers, 0.0)
        for line in lines.filtered("car_repair_payer_id"):
            weights[line.car_repair_payer_id] += line.price_total
        whole = sum(weights.values())
        if not whole:
            return amount / len(payers)
        currency, before = move.currency_id, 0.0
        for payer, weight in weights.items():
            if payer == self:
                up_to = currency.round(amount * (before + weight) / whole)
                return up_to - currency.round(amount * before / whole)
            before += weight
        return 0.0

    def _get_invoices(self):
        """Return the invoices and credit notes of the payer that are not cancelled."""
        return self.line_invoice_ids.move_id.filtered(
            lambda move: move.state != "cancel" and move.move_type != "entry"
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "partner_id")
    def _check_partner(self):
        for payer in self:
            if payer.kind not in HOUSE_KINDS and not payer.partner_id:
                raise UserError(
                    self.env._(
                        "%(order)s: say who pays as “%(kind)s”.",
                        order=payer.order_id.name,
                        kind=payer.display_name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        if {
            "is_credit_authorized",
            "credit_reason",
            "credit_authorized_by_id",
        } & set(vals):
            self._check_may_authorize_credit()
        if "kind" in vals and self.order_id.authorization_ids:
            self.order_id._raise_for_each(
                self.env._(
                    "it was agreed who pays. Add another payer and move the lines to it"
                )
            )
        if {"kind", "partner_id"} & set(vals) and self._get_used():
            raise UserError(
                self.env._(
                    "%(payer)s has been billed and is kept. Add another payer and "
                    "move the lines to it.",
                    payer=self._get_used()[:1].display_name,
                )
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("is_credit_authorized"):
                self._check_may_authorize_credit()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for payer in self:
            if payer._get_used() or payer.order_id.line_ids.filtered(
                lambda line, p=payer: p in [share[0] for share in line._get_shares()]
            ):
                raise UserError(
                    self.env._(
                        "%(order)s: %(payer)s still pays for lines.",
                        order=payer.order_id.name,
                        payer=payer.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_authorize_credit(self, reason=None):
        """Let the car leave although this payer has not paid.

        :raise AccessError: for anyone but the manager.
        """
        self._check_may_authorize_credit()
        if not reason:
            return self.order_id._get_reason_action(
                "credit", self.env._("Leave on Credit")
            )
        self.write(
            {
                "is_credit_authorized": True,
                "credit_reason": reason,
                "credit_authorized_by_id": self.env.uid,
            }
        )
        for payer in self:
            payer.order_id._message_log(
                body=self.env._(
                    "%(payer)s may leave on credit: %(reason)s",
                    payer=payer.display_name,
                    reason=reason,
                )
            )
        return True

    # === BUSINESS METHODS === #

    def _get_used(self):
        """Return the payers on whom documents depend."""
        # Safe: only tells whether invoices exist.
        return self.filtered(lambda payer: payer.sudo().line_invoice_ids)

    def _check_may_authorize_credit(self):
        if not self.env["car.repair.order"]._has_group("manager"):
            raise AccessError(
                self.env._("Only the after-sales manager lets a car leave on credit.")
            )
