from odoo import fields, models

from .car_warranty_claim import OPEN


class CarWarrantyClaim(models.Model):
    """The steps of a claim: sent, returned, appealed, cancelled."""

    _inherit = "car.warranty.claim"

    # === ACTION METHODS === #

    def action_submit(self):
        """Send the claim; from now on it is frozen."""
        self.write({"state": "submitted"})

    def action_return(self, reason=None):
        """Record that the maker wants it corrected."""
        if not reason:
            return self._get_reason_action("return", self.env._("What to Correct"))
        return self.write({"state": "returned", "return_reason": reason})

    def action_appeal(self, reason=None):
        """Ask the maker again about what he refused or took back."""
        if not reason:
            return self._get_reason_action("appeal", self.env._("Why We Appeal"))
        return self.write({"state": "appealed", "appeal_reason": reason})

    def action_cancel(self):
        """Take the claim back; its shares can be claimed anew."""
        self.write({"state": "cancelled"})

    def action_settle(self):
        """Close a claim that is paid and on which nothing is left to decide."""
        self.write({"state": "settled"})

    def action_refresh(self):
        """Bring the lines of a claim that was not sent to what the order says."""
        self._require_clerk()
        for claim in self.filtered(lambda claim: claim.state in OPEN):
            claim._refresh_lines()

    def action_answer(self):
        """Open the dialog in which the maker's answer is entered."""
        return self._get_answer_action("answer", self.env._("Answer of the Maker"))

    def action_charge_back(self):
        """Open the dialog in which it is entered what the maker takes back."""
        return self._get_answer_action("charge_back", self.env._("Charge Back"))

    # === BUSINESS METHODS === #

    def _get_answer_action(self, mode, title):
        self.ensure_one()
        self._require_clerk()
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "car.warranty.claim.answer",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_id": self.id, "default_mode": mode},
        }

    def _get_reason_action(self, verb, title):
        """Return the dialog that asks for the words of a step."""
        self.ensure_one()
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "car.warranty.claim.reason",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_id": self.id, "default_verb": verb},
        }

    # === STEPS === #

    def _check_submit(self):
        self._require_clerk()
        for claim in self:
            if missing := claim._get_missing():
                claim._raise_missing(
                    self.env._(
                        "it is not sent yet:\n%(missing)s",
                        missing="\n".join(f"- {item['text']}" for item in missing),
                    )
                )

    def _after_submit(self):
        self._stamp_sent()
        self._ensure_billed()

    def _stamp_sent(self):
        """Write down who sent it when, and that its reminders are done."""
        now = fields.Datetime.now()
        # Safe: the moment of the step just taken.
        for claim in self.sudo():
            claim.write(
                {
                    "submitted_at": now,
                    "submitted_by_id": self.env.uid,
                    "submission_count": claim.submission_count + 1,
                    "first_sent_on": claim.first_sent_on
                    or claim.company_id._get_car_local_day(now),
                }
            )
        self._close_activities()

    def _check_return(self):
        self._require_clerk()
        for claim in self:
            if not claim.return_reason:
                claim._raise_missing(self.env._("say what the maker wants corrected"))
            if claim.answered_on:
                claim._raise_missing(
                    self.env._(
                        "it was answered and is in the books; record the answer to "
                        "the appeal"
                    )
                )

    def _after_return(self):
        self._stamp_first_answer("returned")

    def _check_appeal(self):
        self._require_clerk()
        for claim in self:
            if not claim.appeal_reason:
                claim._raise_missing(self.env._("say why you appeal"))
            if claim.currency_id.compare_amounts(claim.amount_refused, 0.0) <= 0:
                claim._raise_missing(self.env._("nothing is refused that is not moved"))

    def _after_appeal(self):
        self._stamp_sent()

    def _check_cancel(self):
        self._require_clerk()

    def _after_cancel(self):
        # Safe: follows from the step just taken.
        self.sudo().old_part_ids.filtered(lambda part: part.state == "tagged").write(
            {"state": "cancelled"}
        )
        self._close_activities()

    def _stamp_first_answer(self, answer):
        """Keep how the maker answered the first sending."""
        # Safe: follows from the step just taken.
        self.sudo().filtered(
            lambda claim: not claim.first_answer and claim.submission_count == 1
        ).write({"first_answer": answer})
