from odoo import api, fields, models


class CarRepairDownPayment(models.TransientModel):
    """Ask how much is billed in advance, and to whom."""

    _name = "car.repair.down.payment"
    _description = "Down Payment"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    payer_id = fields.Many2one(
        "car.repair.payer",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('order_id', '=', order_id), "
        "('kind', 'not in', ('internal', 'goodwill'))]",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_borne = fields.Monetary(
        related="payer_id.amount_total", string="Bears on This Order"
    )
    amount = fields.Monetary(required=True, help="Taxes included.")

    @api.depends("order_id")
    def _compute_payer_id(self):
        for wizard in self:
            wizard.payer_id = wizard.order_id._get_customer_payer()

    def action_confirm(self):
        """Bill the down payment and show the invoice to who may see it."""
        self.ensure_one()
        move = self.payer_id._create_down_payment(self.amount).with_env(self.env)
        if move.has_access("read"):
            return move._get_records_action()
        return {"type": "ir.actions.act_window_close"}
