from collections import defaultdict

from odoo import api, fields, models

from .car_warranty_claim import CLAIM_KINDS


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_outstanding(self):
        """Leave out what a maker pays only once he has approved it.

        What is to be credited to him is credited by the ordinary bill all the same.
        """
        items = super()._get_outstanding()
        if self.env.su and self.env.context.get("car_claim_billing"):
            return items
        payers = self.order_id.payer_ids.browse().concat(
            *[item["payer"] for item in items if item["payer"].kind in CLAIM_KINDS]
        )
        if not payers:
            return items
        terms = self.env["car.warranty.maker"]._get_terms(payers)
        waiting = {
            payer.id
            for payer, maker in terms.items()
            if maker.claim_billing == "approval"
        }
        return [
            item
            for item in items
            if item["quantity"] < 0 or item["payer"].id not in waiting
        ]


class CarWarrantyClaim(models.Model):
    """The money of a claim, always in ordinary invoices and credit notes."""

    _inherit = "car.warranty.claim"

    invoice_ids = fields.Many2many(
        "account.move", string="Invoices", compute="_compute_invoice_ids"
    )
    invoice_count = fields.Integer(compute="_compute_invoice_ids")
    amount_billed = fields.Monetary(
        "Billed",
        compute="_compute_invoice_ids",
        help="Before taxes, credit notes taken off.",
    )
    needs_decision = fields.Boolean(
        "To Decide",
        compute="_compute_needs_decision",
        help="The maker has refused something that is neither written off nor moved.",
    )
    is_to_invoice = fields.Boolean(
        "To Invoice",
        readonly=True,
        copy=False,
        index=True,
        help="Approved, and waiting for the invoice of the month.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.line_id", "state")
    def _compute_invoice_ids(self):
        items = self._get_items()
        for claim in self:
            own = items.get(claim.id, self.env["account.move.line"])
            moves = own.move_id.filtered(lambda move: move.state != "cancel")
            claim.invoice_ids = moves.ids
            claim.invoice_count = len(moves)
            claim.amount_billed = sum(
                item._get_claim_sign() * item.price_subtotal
                for item in own
                if item.parent_state == "posted"
            )

    @api.depends("line_ids.amount_refused", "state")
    def _compute_needs_decision(self):
        rest = self.filtered(lambda claim: claim._is_answered())._get_allowances_left()
        for claim in self:
            claim.needs_decision = any(rest.get(claim.id, {}).values())

    # === ACTION METHODS === #

    def action_accept_loss(self):
        """Credit what the maker has refused; the house bears it."""
        self._require_clerk()
        self._take_turn()
        for claim in self:
            if not claim._is_answered():
                claim._raise_missing(self.env._("the maker has not answered"))
        self._book_allowances()
        self._settle_when_done()

    def action_invoice_approved(self):
        """Invoice approved claims that wait for the end of the month."""
        self.order_id._require_group("warranty_clerk", "supervisor", "cashier")
        self._take_turn()
        waiting = self.filtered("is_to_invoice")
        if not waiting:
            self._raise_missing(self.env._("nothing approved waits for its invoice"))
        moves = waiting._create_claim_invoices()
        return self.order_id[:1]._get_invoices_action(moves.with_env(self.env))

    def action_view_invoices(self):
        self.ensure_one()
        return self.order_id._get_invoices_action(self.invoice_ids)

    # === BUSINESS METHODS === #

    def _get_items(self):
        """Return the invoice lines of the claims' shares, in one query.

        :return: dict of the id of a claim to its lines of invoices and credit notes.
        """
        lines = self.line_ids
        keys = {
            (line.line_id.id, line.payer_id.id): line.claim_id.id
            for line in lines
            if line.is_live
        }
        # Safe: documents of our own shares.
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("car_repair_line_id", "in", lines.line_id.ids),
                    ("car_repair_payer_id", "in", lines.payer_id.ids),
                    ("display_type", "=", "product"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("parent_state", "!=", "cancel"),
                ]
            )
        )
        by_claim = defaultdict(items.browse)
        for item in items:
            key = (item.car_repair_line_id.id, item.car_repair_payer_id.id)
            if key in keys:
                by_claim[keys[key]] |= item
        return by_claim

    def _bills_on_approval(self):
        self.ensure_one()
        return self.maker_id.sudo().claim_billing == "approval"

    def _ensure_billed(self):
        """Let the ordinary bill be there for makers who are invoiced at delivery."""
        claims = self.filtered(lambda claim: not claim._bills_on_approval())
        # Safe: the clerk may bill who is no customer, and was checked.
        payers = claims.sudo().payer_id
        if payers:
            payers.order_id._take_turn()
            payers._create_invoices()

    def _book_answers(self):
        """Bring the books to the maker's answer.

        What he refuses of a line is credited at once. A line he refuses altogether
        waits for a decision: appeal, moved to another payer, or written off.
        """
        self._ensure_billed()
        on_approval = self.filtered(lambda claim: claim._bills_on_approval())
        items = on_approval._get_items()
        monthly = on_approval.filtered(
            lambda claim: (
                claim.maker_id.sudo().claim_grouping == "month"
                and claim.amount_accepted
                and claim.id not in items
            )
        )
        # Safe: follows from the step just taken.
        monthly.sudo().is_to_invoice = True
        (on_approval - monthly)._create_claim_invoices()
        (self - monthly)._book_allowances(without_refused=True)
        self._settle_when_done()

    # === INVOICE ON APPROVAL === #

    def _create_claim_invoices(self):
        """Invoice what was accepted; claims of one maker and terms share an invoice."""
        documents = defaultdict(list)
        # Safe: role and state were checked by the caller.
        for claim in self.sudo().with_context(car_claim_billing=True):
            if commands := claim._prepare_claim_invoice_lines():
                documents[claim.payer_id._get_invoice_key()].append(
                    (claim.payer_id, commands)
                )
        payers = self.env["car.repair.payer"].sudo()
        moves = (
            self.env["account.move"]
            .sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                [payers._prepare_invoice_vals(parts) for parts in documents.values()]
            )
        )
        moves._post_car_claims()
        self.sudo().filtered("is_to_invoice").is_to_invoice = False
        return moves

    def _prepare_claim_invoice_lines(self):
        """Return the lines of the shares that were accepted, at what was accepted."""
        self.ensure_one()
        accepted = {line.line_id: line for line in self.line_ids}
        items = []
        for item in self.job_id.line_ids._get_outstanding():
            line = accepted.get(item["line"])
            if not line or item["payer"] != self.payer_id or item["quantity"] <= 0:
                continue
            if self.currency_id.is_zero(line.amount_accepted):
                continue
            part = line.amount_accepted / line.amount_claimed
            if part < 1:
                item["amount"] = self.currency_id.round(item["amount"] * part)
            items.append(item)
        return self.payer_id._prepare_invoice_lines(items) if items else []

    # === END === #

    def _check_settle(self):
        self._require_clerk()
        for claim in self:
            if claim.needs_decision:
                claim._raise_missing(
                    self.env._(
                        "the maker has refused something: appeal, move it to another "
                        "payer, or write it off"
                    )
                )
            if not claim._is_paid():
                claim._raise_missing(self.env._("its invoices are not paid"))

    def _after_settle(self):
        # Safe: follows from the step just taken.
        for claim in self.sudo():
            settled_on = claim.settled_on or claim.company_id._get_car_today()
            claim.write({"settled_on": settled_on, "is_disputed": False})
        self._close_activities()

    def _is_paid(self):
        """Tell whether all documents of the claim are settled and nothing waits."""
        self.ensure_one()
        moves = self.sudo().invoice_ids  # Safe: whether our own documents are paid.
        if self.is_to_invoice or any(move.state != "posted" for move in moves):
            return False
        if not moves and not self.currency_id.is_zero(self.amount_accepted):
            return False
        return all(move.currency_id.is_zero(move.amount_residual) for move in moves)

    def _settle_when_done(self):
        """Settle claims on which nothing is open any more."""
        # Safe: follows from the money that came in.
        done = self.sudo().filtered(
            lambda claim: (
                claim.state in ("approved", "partly", "rejected")
                and claim._is_paid()
                and not claim.needs_decision
            )
        )
        if done:
            done.write({"state": "settled"})
