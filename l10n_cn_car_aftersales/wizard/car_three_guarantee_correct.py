from odoo import api, fields, models


class CarThreeGuaranteeCorrect(models.TransientModel):
    """Correct an entry of the ledger of the three guarantees, with the reason."""

    _name = "car.three.guarantee.correct"
    _description = "Correction of the Three Guarantees"

    entry_id = fields.Many2one("car.three.guarantee.entry", required=True)
    kind = fields.Selection(related="entry_id.kind")
    is_counted = fields.Boolean(
        "Counts",
        compute="_compute_from_entry",
        store=True,
        readonly=False,
        precompute=True,
    )
    days = fields.Integer(
        "Repair Days",
        compute="_compute_from_entry",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("entry_id")
    def _compute_from_entry(self):
        for wizard in self:
            wizard.is_counted = wizard.entry_id.is_counted
            wizard.days = wizard.entry_id.days

    # === ACTION METHODS === #

    def action_confirm(self):
        """Correct the entry."""
        self.ensure_one()
        self.entry_id._correct(self.reason, self.is_counted, self.days)
        return {"type": "ir.actions.act_window_close"}
