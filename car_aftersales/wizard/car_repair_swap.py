from odoo import fields, models


class CarRepairSwap(models.TransientModel):
    """Choose for which agreed part the product added by hand is issued."""

    _name = "car.repair.swap"
    _description = "Swap a Part"

    line_id = fields.Many2one("car.repair.line", "Added by Hand", required=True)
    order_id = fields.Many2one(related="line_id.order_id")
    target_id = fields.Many2one(
        "car.repair.line",
        "Issued Instead Of",
        required=True,
        domain="[('order_id', '=', order_id), ('id', '!=', line_id), "
        "('kind', '=', 'part'), ('supply', '=', 'ours')]",
    )

    def action_confirm(self):
        """Issue the added product under the agreed line."""
        self.ensure_one()
        self.line_id.action_swap_for(self.target_id)
        return {"type": "ir.actions.act_window_close"}
