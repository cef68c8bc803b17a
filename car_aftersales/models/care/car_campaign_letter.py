from odoo import fields, models


class CarCampaignTarget(models.Model):
    """The letter after the call about a campaign: one decision, wherever it is made."""

    _inherit = "car.campaign.target"

    letter_id = fields.Many2one(related="call_id.letter_id", string="Letter Written")
    letter_state = fields.Selection(
        related="call_id.letter_state", string="State of the Letter"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "letter_decision" in vals:
            calls = self.call_id.filtered(
                lambda call: (
                    call.state != "archived"
                    and call.letter_state != "settled"
                    and call.letter_decision != vals["letter_decision"]
                )
            )
            if calls:
                # Safe: the same decision on the call it is about.
                calls.sudo().write({"letter_decision": vals["letter_decision"]})
        return result


class CarContactCall(models.Model):
    _inherit = "car.contact.call"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get("letter_decision"):
            # Safe: the same decision on the list from which he was called.
            targets = self.env["car.campaign.target"].sudo()
            undecided = targets.search(
                [
                    ("call_id", "in", self.ids),
                    ("letter_decision", "!=", vals["letter_decision"]),
                ]
            )
            if undecided:
                undecided.write({"letter_decision": vals["letter_decision"]})
        return result
