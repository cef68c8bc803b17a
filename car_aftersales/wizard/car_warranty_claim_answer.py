from odoo import api, fields, models
from odoo.fields import Command


class CarWarrantyClaimAnswer(models.TransientModel):
    """The maker's answer to a claim by line, or what he takes back of it later."""

    _name = "car.warranty.claim.answer"
    _description = "Answer to a Warranty Claim"

    claim_id = fields.Many2one("car.warranty.claim", required=True, readonly=True)
    mode = fields.Selection(
        [("answer", "Answer"), ("charge_back", "Charge back")],
        default="answer",
        required=True,
        readonly=True,
    )
    currency_id = fields.Many2one(related="claim_id.currency_id")
    maker_reference = fields.Char("Maker's Claim No.")
    reason = fields.Char("Maker's Reason")
    line_ids = fields.One2many("car.warranty.claim.answer.line", "answer_id", "Lines")

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        claim = self.env["car.warranty.claim"].browse(values.get("claim_id"))
        if claim and "line_ids" in fields_list:
            is_answer = values.get("mode", "answer") == "answer"
            values["maker_reference"] = claim.maker_reference
            values["line_ids"] = [
                Command.create(
                    {
                        "claim_line_id": line.id,
                        "amount": line.amount_claimed - line.amount_moved
                        if is_answer
                        else 0.0,
                    }
                )
                for line in claim.line_ids
            ]
        return values

    # === ACTION METHODS === #

    def action_confirm(self):
        """Record it and bring the books to it."""
        self.ensure_one()
        claim = self.claim_id
        if self.mode == "charge_back":
            claim._charge_back(
                {line.claim_line_id: line.amount for line in self.line_ids}, self.reason
            )
        else:
            claim._record_answer(
                {
                    line.claim_line_id: (line.amount, line._get_reason())
                    for line in self.line_ids
                },
                self.maker_reference,
            )
        return {"type": "ir.actions.act_window_close"}

    def action_reject_all(self):
        """Set all to nothing: the maker rejects the claim."""
        self.ensure_one()
        self.line_ids.amount = 0.0
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Answer of the Maker"),
        }


class CarWarrantyClaimAnswerLine(models.TransientModel):
    _name = "car.warranty.claim.answer.line"
    _description = "Answer to a Line of a Warranty Claim"

    answer_id = fields.Many2one(
        "car.warranty.claim.answer", required=True, ondelete="cascade"
    )
    claim_line_id = fields.Many2one(
        "car.warranty.claim.line", "Line", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="claim_line_id.currency_id")
    bucket = fields.Selection(related="claim_line_id.bucket", string="Kind of Work")
    amount_claimed = fields.Monetary(related="claim_line_id.amount_claimed")
    amount_accepted = fields.Monetary(related="claim_line_id.amount_accepted")
    amount = fields.Monetary()
    reason = fields.Char("Maker's Reason")

    # === BUSINESS METHODS === #

    def _get_reason(self):
        """Return the line's own reason, or the common one where it is refused."""
        self.ensure_one()
        line = self.claim_line_id
        rest = line.amount_claimed - line.amount_moved
        is_refused = self.currency_id.compare_amounts(self.amount, rest) < 0
        return self.reason or (self.answer_id.reason if is_refused else False)


class CarWarrantyClaimReason(models.TransientModel):
    """Ask for the words of a step of a claim and take it."""

    _name = "car.warranty.claim.reason"
    _description = "Words of a Step of a Claim"

    claim_id = fields.Many2one("car.warranty.claim", required=True)
    verb = fields.Selection(
        [("return", "Returned for correction"), ("appeal", "Appeal")], required=True
    )
    reason = fields.Text(required=True)

    # === ACTION METHODS === #

    def action_confirm(self):
        self.ensure_one()
        if self.verb == "return":
            self.claim_id.action_return(self.reason)
        else:
            self.claim_id.action_appeal(self.reason)
        return {"type": "ir.actions.act_window_close"}
