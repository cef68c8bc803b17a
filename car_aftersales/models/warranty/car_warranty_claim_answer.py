from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .car_warranty_claim import ANSWERED, SENT


class CarWarrantyClaim(models.Model):
    """The maker's answer, by hand or from his file, and what he takes back later."""

    _inherit = "car.warranty.claim"

    # === BUSINESS METHODS === #

    @api.model
    def _record_answers(self, answers):
        """Take the maker's answers to many claims at once, and book them.

        :param answers: dict of claim to a pair: the answers by line, a dict of claim
            line to accepted amount before taxes and the reason where it is less than
            claimed, with all lines in it; and the maker's number of the claim.
        """
        claims = self.browse().concat(*answers)
        claims._require_clerk()
        claims._take_turn()
        for claim, (by_line, _reference) in answers.items():
            claim._check_answers(by_line)
        by_outcome = defaultdict(claims.browse)
        for claim, (by_line, reference) in answers.items():
            for line, (accepted, reason) in by_line.items():
                # Safe: the clerk was checked; the maker's words are his.
                line.sudo().write(
                    {
                        "amount_accepted": accepted,
                        "amount_charged_back": 0.0,
                        "refusal_reason": reason or False,
                        "is_answered": True,
                    }
                )
            if reference:
                claim.sudo().maker_reference = reference  # Safe: as above.
        for claim in claims.sudo():  # Safe: as above.
            by_outcome[claim._get_outcome()] |= claim
        for outcome, answered in by_outcome.items():
            answered.sudo().write({"state": outcome})  # Safe: as above.
        return True

    def _record_answer(self, answers, reference=None):
        """Take the maker's answer to one claim; see ``_record_answers``."""
        self.ensure_one()
        return self._record_answers({self: (answers, reference)})

    def _check_answers(self, by_line):
        """Refuse an answer to what is not asked, or to a part of it only.

        :raise UserError: naming claim and line.
        """
        self.ensure_one()
        if self.state not in SENT:
            self._raise_missing(
                self.env._(
                    "it is “%(state)s”; only what was sent is answered",
                    state=self._get_state_label(self.state),
                )
            )
        if missing := self.line_ids.filtered(lambda line: line not in by_line):
            self._raise_missing(
                self.env._(
                    "the answer lacks %(lines)s",
                    lines=", ".join(line.display_name for line in missing),
                )
            )
        for line, (accepted, reason) in by_line.items():
            if line.claim_id != self:
                line.claim_id._raise_missing(self.env._("it is another claim"))
            line._check_answer(accepted, reason)

    def _get_outcome(self):
        """Return the state that the answers to the lines come to."""
        self.ensure_one()
        currency = self.currency_id
        if not currency.compare_amounts(self.amount_accepted, self.amount_claimed):
            return "approved"
        return "rejected" if currency.is_zero(self.amount_accepted) else "partly"

    def _check_answer(self):
        """Let only a recorded answer approve or reject a claim."""
        self._require_clerk()
        for claim in self:
            if not self.env.su or not all(claim.line_ids.mapped("is_answered")):
                claim._raise_missing(self.env._("record the maker's answer by line"))

    def _after_answer(self):
        # Safe: follows from the step just taken.
        for company, claims in self.sudo().grouped("company_id").items():
            claims.write(
                {"answered_on": company._get_car_today(), "is_disputed": False}
            )
        for state, claims in self.grouped("state").items():
            claims._stamp_first_answer(state)
        self._close_activities()
        self._book_answers()

    def _charge_back(self, amounts, reason):
        """Record that the maker takes money of a settled claim back, and book it.

        :param amounts: dict of claim line to what is taken back, before taxes.
        """
        self.ensure_one()
        self._require_clerk()
        self._take_turn()
        if self.state != "settled":
            self._raise_missing(
                self.env._("only what was settled is charged back; it is not")
            )
        amounts = {
            line: amount
            for line, amount in amounts.items()
            if not self.currency_id.is_zero(amount)
        }
        if not amounts or not reason:
            self._raise_missing(
                self.env._("say what the maker takes back, and his reason")
            )
        for line, amount in amounts.items():
            if line.claim_id != self:
                line.claim_id._raise_missing(self.env._("it is another claim"))
            if (
                amount < 0
                or self.currency_id.compare_amounts(amount, line._get_effective()) > 0
            ):
                self._raise_missing(
                    self.env._(
                        "%(line)s: what is taken back lies between 0 and the "
                        "%(accepted)s accepted",
                        line=line.display_name,
                        accepted=line._get_effective(),
                    )
                )
        for line, amount in amounts.items():
            # Safe: the clerk was checked; the maker's words are his.
            line.sudo().write(
                {
                    "amount_charged_back": line.amount_charged_back + amount,
                    "refusal_reason": reason,
                }
            )
        # Safe: as above.
        self.sudo().write({"state": "charged_back", "charge_back_reason": reason})
        return True

    def _check_charge_back(self):
        for claim in self:
            if not self.env.su or claim.currency_id.is_zero(claim.amount_charged_back):
                claim._raise_missing(self.env._("say what the maker takes back"))

    def _after_charge_back(self):
        # Safe: follows from the step just taken.
        for company, claims in self.sudo().grouped("company_id").items():
            claims.charged_back_on = company._get_car_today()
        self._book_allowances()

    def _is_answered(self):
        self.ensure_one()
        return self.state in ANSWERED


class CarWarrantyClaimLine(models.Model):
    _inherit = "car.warranty.claim.line"

    # === BUSINESS METHODS === #

    def _check_answer(self, accepted, reason):
        """Refuse more than was claimed, and less without a reason.

        :raise UserError: naming claim and line.
        """
        self.ensure_one()
        currency, name = self.currency_id, self.claim_id.name
        if currency.compare_amounts(accepted, 0.0) < 0 or (
            currency.compare_amounts(accepted, self.amount_claimed) > 0
        ):
            raise UserError(
                self.env._(
                    "%(claim)s, %(line)s: what is accepted lies between 0 and the "
                    "%(claimed)s claimed.",
                    claim=name,
                    line=self.display_name,
                    claimed=self.amount_claimed,
                )
            )
        rest = self.amount_claimed - self.amount_moved
        if self.amount_moved and currency.compare_amounts(accepted, rest) > 0:
            raise UserError(
                self.env._(
                    "%(claim)s, %(line)s: %(moved)s of it were moved to %(payer)s and "
                    "are not claimed any more.",
                    claim=name,
                    line=self.display_name,
                    moved=self.amount_moved,
                    payer=self.moved_to_id.display_name,
                )
            )
        if currency.compare_amounts(accepted, rest) < 0 and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(claim)s, %(line)s: enter the maker's reason for what he "
                    "refuses.",
                    claim=name,
                    line=self.display_name,
                )
            )
