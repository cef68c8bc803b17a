import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CarWarrantyClaimImport(models.TransientModel):
    """Read a maker's file of answers: all of it, or nothing and what is wrong."""

    _name = "car.warranty.claim.import"
    _description = "Import of Claim Answers"

    format_id = fields.Many2one(
        "car.warranty.claim.format",
        "File of Answers",
        required=True,
        default=lambda self: self._default_format_id(),
    )
    file_data = fields.Binary("CSV File", required=True, attachment=False)
    file_name = fields.Char()
    errors = fields.Text("What Is Wrong", readonly=True)

    def _default_format_id(self):
        return self.env["car.warranty.claim.format"].search([], limit=1)

    # === ACTION METHODS === #

    def action_import(self):
        """Record the answers; where something is wrong, show it and do nothing."""
        self.ensure_one()
        self.env["car.repair.order"]._require_group("warranty_clerk", "supervisor")
        answers, errors = self.format_id._parse_answers(
            base64.b64decode(self.file_data)
        )
        errors += self._get_state_errors(answers)
        if errors:
            self.errors = "\n".join(errors)
            return {
                "name": self.env._("Import Answers"),
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        claims = self.env["car.warranty.claim"].concat(*answers)
        for claim, answer in answers.items():
            if answer["returned"]:
                claim.action_return(answer["returned"])
        claims._record_answers(
            {
                claim: (answer["answers"], answer["reference"])
                for claim, answer in answers.items()
                if not answer["returned"]
            }
        )
        return claims._get_records_action(name=self.env._("Claims Answered"))

    # === BUSINESS METHODS === #

    def _get_state_errors(self, answers):
        """Return why claims cannot be answered now, each naming its claim."""
        errors = []
        for claim, answer in answers.items():
            if claim.state not in ("submitted", "appealed"):
                errors.append(
                    self.env._(
                        "%(claim)s is “%(state)s”; only what was sent is answered",
                        claim=claim.name,
                        state=claim._get_state_label(claim.state),
                    )
                )
            elif answer["returned"] and answer["answers"]:
                errors.append(
                    self.env._(
                        "%(claim)s is both returned and answered", claim=claim.name
                    )
                )
            elif not answer["returned"]:
                given = answer["answers"]
                missing = claim.line_ids.filtered(
                    lambda line, given=given: line not in given
                )
                if missing:
                    errors.append(
                        self.env._(
                            "%(claim)s: the answer lacks %(lines)s",
                            claim=claim.name,
                            lines=", ".join(line.display_name for line in missing),
                        )
                    )
        return errors


class CarWarrantyClaimShortfall(models.TransientModel):
    """A maker paid less or more than billed: decide what becomes of the difference."""

    _name = "car.warranty.claim.shortfall"
    _description = "Difference in a Maker's Payment"

    claim_id = fields.Many2one("car.warranty.claim", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="claim_id.company_id.currency_id")
    short_amount = fields.Monetary(
        "Paid Short",
        compute="_compute_amounts",
        currency_field="company_currency_id",
        help="Open on invoices that were paid in part, taxes included.",
    )
    over_amount = fields.Monetary(
        "Paid Over", compute="_compute_amounts", currency_field="company_currency_id"
    )
    decision = fields.Selection(
        [
            ("accept", "Write it off"),
            ("dispute", "Dispute it: the maker still owes it"),
            ("keep", "Keep what was paid over"),
        ],
        required=True,
        default="dispute",
    )
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    def _compute_amounts(self):
        for dialog in self:
            invoices = dialog.claim_id._get_short_invoices()
            dialog.short_amount = sum(invoices.mapped("amount_residual_signed"))
            over = dialog.claim_id._get_overpayments()
            dialog.over_amount = -sum(over.mapped("amount_residual"))

    # === ACTION METHODS === #

    def action_confirm(self):
        """Carry the decision out; only who answers for money writes it off."""
        self.ensure_one()
        claim = self.claim_id
        order = claim.order_id
        if self.decision == "dispute":
            claim._require_clerk()
            if not claim._get_short_invoices():
                raise UserError(
                    self.env._("%(claim)s: nothing was paid short.", claim=claim.name)
                )
            # Safe: role checked; the flag of a dispute.
            claim.sudo().write({"is_disputed": True, "is_short_paid": True})
            claim._message_log(
                body=self.env._("Short payment in dispute: %(why)s", why=self.reason)
            )
            return {"type": "ir.actions.act_window_close"}
        order._require_group("supervisor", "cashier")
        claim._take_turn()
        terms = claim.maker_id.sudo()
        if self.decision == "accept":
            invoices = claim._get_short_invoices()
            if not invoices:
                raise UserError(
                    self.env._("%(claim)s: nothing was paid short.", claim=claim.name)
                )
            for invoice in invoices:
                invoice._get_car_claims().write(
                    {"is_short_paid": True, "is_disputed": False}
                )
                invoice._write_off_claims(terms.short_account_id, self.reason)
        else:
            lines = claim._get_overpayments()
            if not lines:
                raise UserError(
                    self.env._("%(claim)s: nothing was paid over.", claim=claim.name)
                )
            claim.invoice_ids.sudo()[:1]._book_claim_difference(
                lines, terms.over_account_id, "claim_over", self.reason
            )
        claim._settle_when_done()
        return {"type": "ir.actions.act_window_close"}
