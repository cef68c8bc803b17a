from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CarWarrantyClaim(models.Model):
    """Makers who pay less or more than they have accepted."""

    _inherit = "car.warranty.claim"

    amount_open = fields.Monetary(
        "Open",
        compute="_compute_amount_open",
        help="What is not paid of its invoices, taxes included; other claims on the "
        "same invoice are in it.",
    )

    has_difference = fields.Boolean(
        "Difference in Payment",
        compute="_compute_has_difference",
        help="Something was paid, but less or more than billed.",
    )

    # === COMPUTE METHODS === #

    def _compute_has_difference(self):
        for claim in self:
            claim.has_difference = claim._is_answered() and bool(
                claim._get_short_invoices() or claim._get_overpayments()
            )

    def _compute_amount_open(self):
        for claim in self:
            # Safe: what is open on our own documents.
            claim.amount_open = sum(
                item.move_id.amount_residual * item._get_claim_sign()
                for item in claim.sudo().invoice_ids.invoice_line_ids
                if item == item.move_id.invoice_line_ids[:1]
            )

    # === ACTION METHODS === #

    def action_shortfall(self):
        """Open the dialog in which a difference in payment is decided."""
        self.ensure_one()
        self.order_id._require_group("warranty_clerk", "supervisor", "cashier")
        return {
            "name": self.env._("Difference in Payment"),
            "type": "ir.actions.act_window",
            "res_model": "car.warranty.claim.shortfall",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_short_invoices(self):
        """Return the invoices of the claims on which a payment left something open."""
        return self.sudo().invoice_ids.filtered(  # Safe: our own documents.
            lambda move: move._is_claim_paid_short()
        )

    def _get_overpayments(self):
        """Return the open rest of payments that paid the invoices of the claims."""
        receivable = self.sudo().invoice_ids.line_ids.filtered(  # Safe: as above.
            lambda line: line.account_type == "asset_receivable"
        )
        return receivable.matched_credit_ids.credit_move_id.filtered(
            lambda line: not line.reconciled and line.move_id.move_type == "entry"
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _get_claim_receivables(self):
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _is_claim_paid_short(self):
        """Tell whether money came in for an invoice, but not all of it."""
        self.ensure_one()
        if (
            self.move_type != "out_invoice"
            or self.state != "posted"
            or self.currency_id.is_zero(self.amount_residual)
        ):
            return False
        payments = self._get_claim_receivables().matched_credit_ids.credit_move_id
        # What is set off against bills is no payment: the rest is not paid short.
        return any(
            line.move_id.move_type == "entry"
            and line.car_repair_role != "claim_set_off"
            for line in payments
        )

    def _settle_claim_tolerance(self):
        """Write off what a maker paid short within his tolerance; flag the rest.

        Only once he has answered all the claims on the invoice.
        """
        for move in self.filtered(lambda move: move._is_claim_paid_short()):
            claims = move._get_car_claims()
            if not claims or not all(claim._is_answered() for claim in claims):
                continue
            claims.is_short_paid = True
            terms = claims.maker_id[:1]
            limit = terms._get_tolerance(move.amount_total_signed)
            account = terms.tolerance_account_id
            residual = abs(move.amount_residual_signed)
            company_currency = move.company_id.currency_id
            if account and company_currency.compare_amounts(residual, limit) <= 0:
                move._write_off_claims(account, self.env._("within the tolerance"))

    def _write_off_claims(self, account, reason):
        """Book what is open of an invoice as lost, by claim, and match it.

        :param account: what bears it.
        :param reason: why, for the journal entry.
        :return: the entry.
        """
        self.ensure_one()
        receivables = self._get_claim_receivables().filtered(
            lambda line: not line.reconciled
        )
        return self._book_claim_difference(receivables, account, "claim_short", reason)

    def _book_claim_difference(self, receivables, account, role, reason):
        """Clear open receivable lines against an account, split between the claims.

        :param receivables: open lines of one account and currency.
        :param role: what the differences are for.
        """
        self.ensure_one()
        if not account:
            raise UserError(
                self.env._(
                    "%(invoice)s: the maker's terms name no account for this "
                    "difference.",
                    invoice=self.name,
                )
            )
        balance = sum(receivables.mapped("amount_residual"))
        amount = sum(receivables.mapped("amount_residual_currency"))
        common = {"partner_id": self.commercial_partner_id.id, "name": reason}
        currency = receivables.currency_id[:1]
        commands = [
            Command.create(
                {
                    **common,
                    "account_id": receivables.account_id.id,
                    "currency_id": currency.id,
                    "balance": -balance,
                    "amount_currency": -amount,
                }
            )
        ]
        for claim, part_balance, part_amount in self._split_between_claims(
            balance, amount, currency
        ):
            commands.append(
                Command.create(
                    {
                        **common,
                        "name": f"{self.name} {claim.name or ''}: {reason}",
                        "account_id": account.id,
                        "currency_id": currency.id,
                        "balance": part_balance,
                        "amount_currency": part_amount,
                        "car_claim_id": claim.id,
                        "car_repair_role": role,
                    }
                )
            )
        journal = (
            self.env["account.journal"]
            .sudo()
            .search(
                [("type", "=", "general"), ("company_id", "=", self.company_id.id)],
                limit=1,
            )
        )
        # Safe: the difference of our own invoice, decided by who may.
        entry = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": self.company_id.id,
                    "ref": f"{self.name}: {reason}",
                    "line_ids": commands,
                }
            )
        )
        entry.action_post()
        cleared = entry.line_ids.filtered(
            lambda line: line.account_id == receivables.account_id
        )
        (receivables.sudo() | cleared).reconcile()
        return entry

    def _split_between_claims(self, balance, amount, currency):
        """Return claim, balance and amount: each claim's part of a difference.

        By what the claims come to on the invoice, to the cent of the whole.
        """
        claims = self._get_car_claims()
        weights = dict.fromkeys(claims, 0.0)
        items = claims._get_items()
        for claim in claims:
            weights[claim] = sum(
                item._get_claim_sign() * item.price_subtotal for item in items[claim.id]
            )
        whole = sum(weights.values())
        if not whole:
            weights = dict.fromkeys(claims, 1.0)
            whole = len(claims) or 1.0
        parts, before = [], 0.0
        company_currency = self.company_id.currency_id
        for claim, weight in weights.items():
            start, stop = before / whole, (before + weight) / whole
            parts.append(
                (
                    claim,
                    company_currency.round(balance * stop)
                    - company_currency.round(balance * start),
                    currency.round(amount * stop) - currency.round(amount * start),
                )
            )
            before += weight
        return parts or [(claims, balance, amount)]


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    # === BUSINESS METHODS === #

    def _create_payments(self):
        """Settle small differences of makers with the payment itself."""
        moves = self.line_ids.move_id
        payments = super()._create_payments()
        # Safe: by the terms with the maker, after the payment was registered.
        moves.sudo()._settle_claim_tolerance()
        return payments
