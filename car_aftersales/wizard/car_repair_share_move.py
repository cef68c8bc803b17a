from odoo import api, fields, models


class CarRepairShareMove(models.TransientModel):
    """Move what a payer refused to the house or to the customer."""

    _name = "car.repair.share.move"
    _description = "Refused Share"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    payer_id = fields.Many2one(
        "car.repair.payer",
        "Payer Who Refuses",
        required=True,
        domain="[('order_id', '=', order_id), "
        "('kind', 'in', ('warranty', 'insurer', 'supplier'))]",
    )
    line_ids = fields.Many2many(
        "car.repair.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id)]",
    )
    percent = fields.Float(
        "Of His Share (%)",
        default=100.0,
        digits=(16, 4),
        help="100 %: he bears nothing of these lines any more.",
    )
    target_kind = fields.Selection(
        [("goodwill", "The house (goodwill)"), ("customer", "The customer")],
        "Now Borne By",
        default="goodwill",
        required=True,
    )
    reason = fields.Char(required=True)

    @api.depends("payer_id")
    def _compute_line_ids(self):
        for dialog in self:
            payer = dialog.payer_id
            dialog.line_ids = payer.order_id.line_ids.filtered(
                lambda line, payer=payer: payer and payer in dict(line._get_shares())
            )

    def action_confirm(self):
        """Move the share; the customer is asked before he is billed."""
        self.ensure_one()
        self.order_id._move_refused_share(
            self.payer_id, self.line_ids, self.target_kind, self.percent, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
