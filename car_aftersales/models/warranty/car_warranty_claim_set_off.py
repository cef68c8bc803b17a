from odoo import fields, models
from odoo.fields import Command


class CarWarrantyClaim(models.Model):
    """What a supplier owes us for a claim, set off against his bills."""

    _inherit = "car.warranty.claim"

    can_set_off = fields.Boolean(
        "Can Be Set Off",
        compute="_compute_can_set_off",
        help="Who owes us for the claim has open bills of his own with us.",
    )

    # === COMPUTE METHODS === #

    def _compute_can_set_off(self):
        answered = self.filtered(lambda claim: claim._is_answered())
        bills = answered._get_open_bills()
        for claim in self:
            claim.can_set_off = bool(
                claim in answered
                and bills.get(claim._get_set_off_key())
                and claim._get_open_receivables()
            )

    # === ACTION METHODS === #

    def action_set_off(self):
        """Pay the invoices of the claim with the open bills of who owes them."""
        self.ensure_one()
        self.order_id._require_group("supervisor", "cashier")
        self._take_turn()
        if not self._is_answered():
            self._raise_missing(self.env._("the maker has not answered"))
        receivables = self._get_open_receivables()
        if not receivables:
            self._raise_missing(self.env._("nothing is open on its invoices"))
        bills = self._get_open_bills().get(self._get_set_off_key())
        if not bills:
            self._raise_missing(
                self.env._(
                    "%(partner)s has no open bill in this currency",
                    partner=self.sudo().partner_id.commercial_partner_id.name,
                )
            )
        entry = self._book_set_off(receivables, bills)
        self._settle_when_done()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(amount)s set off: %(entry)s.",
                    amount=entry.currency_id.format(entry.amount_total),
                    entry=entry.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    def _get_set_off_key(self):
        self.ensure_one()
        return self.sudo().partner_id.commercial_partner_id, self.company_id

    def _get_open_receivables(self):
        """Return what is open on the invoices of a claim, in the company's currency."""
        self.ensure_one()
        # Safe: what is open on our own documents.
        bills = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        return bills._get_claim_receivables().filtered(
            lambda line: (
                not line.reconciled
                and line.balance > 0
                and line.currency_id == line.company_currency_id
            )
        )

    def _get_open_bills(self):
        """Return the open bills of those who are claimed from, oldest first.

        :return: dict of (partner, company) to payable lines, in one query.
        """
        # Safe: whether and how much we owe him; cashier and supervisor set it off.
        claims = self.sudo()
        lines = claims.env["account.move.line"].search(
            [
                (
                    "partner_id.commercial_partner_id",
                    "in",
                    claims.partner_id.commercial_partner_id.ids,
                ),
                ("company_id", "in", claims.company_id.ids),
                ("account_type", "=", "liability_payable"),
                ("move_type", "=", "in_invoice"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
            ],
            order="date_maturity, id",
        )
        return lines.filtered(
            lambda line: line.currency_id == line.company_currency_id
        ).grouped(lambda line: (line.partner_id.commercial_partner_id, line.company_id))

    def _book_set_off(self, receivables, bills):
        """Book an entry that pays both sides as far as the smaller one goes.

        :return: the entry, matched with invoices and bills.
        """
        self.ensure_one()
        company = self.company_id.sudo()
        owed = sum(receivables.mapped("amount_residual"))
        amount = min(owed, -sum(bills.mapped("amount_residual")))
        name = self.env._("Set off: %(claim)s", claim=self.name)
        partner = self.sudo().partner_id.commercial_partner_id
        commands = []
        for lines, sign in ((receivables, -1), (bills, 1)):
            rest = amount
            for account, own in lines.grouped("account_id").items():
                part = min(rest, abs(sum(own.mapped("amount_residual"))))
                rest = company.currency_id.round(rest - part)
                if not company.currency_id.is_zero(part):
                    commands.append(
                        Command.create(
                            {
                                "name": name,
                                "partner_id": partner.id,
                                "account_id": account.id,
                                "balance": sign * part,
                                "car_repair_role": "claim_set_off",
                            }
                        )
                    )
        journal = self.env["account.journal"].sudo()  # Safe: the journal of entries.
        # Safe: what both sides owe, on documents of our own; the role was checked.
        entry = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.search(
                        [("type", "=", "general"), ("company_id", "=", company.id)],
                        limit=1,
                    ).id,
                    "company_id": company.id,
                    "ref": name,
                    "line_ids": commands,
                }
            )
        )
        entry.action_post()
        for line in entry.line_ids:
            side = receivables if line.balance < 0 else bills
            for open_line in side.sudo():  # the oldest first
                if open_line.account_id == line.account_id and not line.reconciled:
                    (open_line | line).reconcile()
        return entry


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    car_repair_role = fields.Selection(
        selection_add=[("claim_set_off", "Set off against a bill")],
        ondelete={"claim_set_off": "set null"},
    )
