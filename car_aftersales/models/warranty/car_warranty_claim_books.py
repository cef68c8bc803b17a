from odoo import fields, models

from .car_warranty_claim import CLAIM_KINDS

# Whose refused shares are credited; an insurer gets no claim, but credit notes
MATCHED_KINDS = (*CLAIM_KINDS, "insurer")


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _post_car_claims(self):
        """Post documents of claims as repair invoices are, and match credit notes."""
        moves = self.filtered(
            lambda move: move.company_id.car_post_invoices and move.state == "draft"
        )
        if moves:
            moves.action_post()
        self._match_car_credits()

    def _match_car_credits(self):
        """Match posted credit notes with the open invoices of the same share."""
        for credit in self.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        ):
            payers = credit.invoice_line_ids.car_repair_payer_id
            bills = payers.line_invoice_ids.move_id.filtered(
                lambda move: move.move_type == "out_invoice" and move.state == "posted"
            )
            # The invoice itself first, then the oldest.
            bills = bills.sorted(
                lambda move, c=credit: (move != c.reversed_entry_id, move.id)
            )
            for bill in bills:
                lines = (credit | bill).line_ids.filtered(
                    lambda line: (
                        line.account_type == "asset_receivable" and not line.reconciled
                    )
                )
                if len(lines.move_id) == 2 and len(lines.account_id) == 1:
                    lines.reconcile()

    def _invoice_paid_hook(self):
        """Settle the claims whose last document is paid."""
        result = super()._invoice_paid_hook()
        claims = self._get_car_claims()
        if claims:
            claims._settle_when_done()
        return result

    def _get_car_claims(self):
        """Return the claims on the shares that these documents bill, in one query."""
        # Safe: which claims; the caller decides what is shown of them.
        items = self.sudo().invoice_line_ids.filtered(
            lambda item: (
                item.car_repair_line_id and item.car_repair_payer_id.kind in CLAIM_KINDS
            )
        )
        if not items:
            return self.env["car.warranty.claim"].sudo()
        keys = {(i.car_repair_line_id.id, i.car_repair_payer_id.id) for i in items}
        lines = (
            self.env["car.warranty.claim.line"]
            .sudo()
            .search(
                [
                    ("line_id", "in", items.car_repair_line_id.ids),
                    ("payer_id", "in", items.car_repair_payer_id.ids),
                    ("is_live", "=", True),
                ]
            )
        )
        return lines.filtered(
            lambda line: (line.line_id.id, line.payer_id.id) in keys
        ).claim_id


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    # === BUSINESS METHODS === #

    def _create_invoices(self):
        """Match what is credited to who refused it with his open invoices."""
        moves = super()._create_invoices()
        makers = self.filtered(lambda payer: payer.kind in MATCHED_KINDS)
        if makers:
            moves._match_car_credits()
        return moves


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    car_repair_role = fields.Selection(
        selection_add=[
            ("allowance", "Allowance of a claim"),
            ("claim_short", "Claim paid short"),
            ("claim_over", "Claim paid over"),
        ],
        ondelete={
            "allowance": "set null",
            "claim_short": "set null",
            "claim_over": "set null",
        },
    )
    car_claim_id = fields.Many2one(
        "car.warranty.claim",
        "Difference of Claim",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The claim whose payment differed.",
    )

    # === BUSINESS METHODS === #

    def _is_car_allowance(self):
        """What a claim takes off the price, or adds again, is no quantity."""
        return self.car_repair_role == "allowance" or super()._is_car_allowance()

    def _get_claim_sign(self):
        """Return 1 for what is billed, -1 for what is credited."""
        return -1 if self.move_type == "out_refund" else 1
