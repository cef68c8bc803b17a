from odoo import api, fields, models


class CarRepairInsurer(models.TransientModel):
    """Say what the insurer pays, under which number, and what the customer bears."""

    _name = "car.repair.insurer"
    _description = "Insurer of a Repair"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    payer_id = fields.Many2one("car.repair.payer", compute="_compute_payer_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Insurer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    reference = fields.Char(
        "Claim Number",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    policy_reference = fields.Char(
        "Policy Number",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    deductible_amount = fields.Monetary(
        "Deductible",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="Fixed amount, taxes included, that the customer pays instead.",
    )
    line_ids = fields.Many2many(
        "car.repair.line",
        string="Lines the Insurer Pays",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id), ('supply', '=', 'ours')]",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_partner_id(self):
        for dialog in self:
            insurers = dialog.order_id.payer_ids.filtered(
                lambda payer: payer.kind == "insurer"
            )
            dialog.partner_id = insurers[:1].partner_id

    @api.depends("order_id", "partner_id")
    def _compute_payer_id(self):
        for dialog in self:
            dialog.payer_id = dialog.order_id.payer_ids.filtered(
                lambda payer, partner=dialog.partner_id: (
                    payer.kind == "insurer" and payer.partner_id == partner
                )
            )[:1]

    @api.depends("payer_id")
    def _compute_terms(self):
        for dialog in self:
            payer = dialog.payer_id
            dialog.reference = payer.reference or dialog.reference
            dialog.policy_reference = payer.policy_reference or dialog.policy_reference
            amount = payer.deductible_amount or dialog.deductible_amount
            dialog.deductible_amount = amount

    @api.depends("order_id")
    def _compute_line_ids(self):
        """Propose what the customer would pay and has not agreed to yet."""
        for dialog in self:
            order = dialog.order_id
            customer = order._get_customer_payer()
            dialog.line_ids = order.line_ids.filtered(
                lambda line, customer=customer: (
                    line.payer_id == customer
                    and not line.is_split
                    and line.supply == "ours"
                    and not line.credited_line_id
                )
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Make or update the insurer as payer, and give him the lines."""
        self.ensure_one()
        self.order_id._set_insurer(
            self.partner_id,
            self.line_ids,
            reference=self.reference,
            policy_reference=self.policy_reference,
            deductible_amount=self.deductible_amount,
        )
        return {"type": "ir.actions.act_window_close"}
