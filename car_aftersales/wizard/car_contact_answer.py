from odoo import fields, models

from ..models.care.car_contact_permission import CHANNELS, PURPOSES


class CarContactAnswer(models.TransientModel):
    """Ask what a customer allowed or refused, and write it into his ledger."""

    _name = "car.contact.answer"
    _description = "Answer about Being Contacted"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    is_allowed = fields.Boolean("Allowed")
    purpose = fields.Selection(PURPOSES, help="Empty: whatever it is about.")
    channel = fields.Selection(CHANNELS, help="Empty: every channel.")
    source = fields.Selection(
        [("desk", "At the desk"), ("call", "In a call"), ("letter", "In writing")],
        "Said How",
        default="desk",
        required=True,
    )
    evidence = fields.Char(help="Where it can be read or heard: a number, a paper.")

    # === ACTION METHODS === #

    def action_record(self):
        """Write the answer down; a refusal ends what was planned."""
        self.ensure_one()
        self.partner_ids._record_car_answer(
            self.is_allowed,
            self.source,
            purpose=self.purpose,
            channel=self.channel,
            evidence=self.evidence,
        )
        return {"type": "ir.actions.act_window_close"}
