from odoo import api, fields, models
from odoo.exceptions import UserError


class CarRepairGoodwill(models.TransientModel):
    """Split lines between maker, house and customer out of goodwill."""

    _name = "car.repair.goodwill"
    _description = "Goodwill Split"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    line_ids = fields.Many2many(
        "car.repair.line",
        string="Lines",
        required=True,
        domain="[('order_id', '=', order_id), ('supply', '=', 'ours')]",
    )
    maker_id = fields.Many2one(
        "car.warranty.maker",
        compute="_compute_maker_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    maker_percent = fields.Float("Maker (%)", default=50.0, digits=(16, 4))
    dealer_percent = fields.Float("We (%)", default=30.0, digits=(16, 4))
    customer_percent = fields.Float(
        "Customer (%)", compute="_compute_customer_percent", digits=(16, 4)
    )
    amount_total = fields.Monetary("Total", compute="_compute_amounts")
    amount_customer = fields.Monetary(
        "The Customer Pays", compute="_compute_amounts", help="Taxes included."
    )
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_maker_id(self):
        for dialog in self:
            makers = self.env["car.warranty.maker"].search(
                [("company_id", "=", dialog.order_id.company_id.id)]
            )
            brand = dialog.order_id.vehicle_id.brand_id
            own = makers.filtered(lambda one, brand=brand: brand in one.brand_ids)
            rest = makers.filtered(lambda one: not one.brand_ids)
            dialog.maker_id = (own or rest)[:1]

    @api.depends("maker_percent", "dealer_percent")
    def _compute_customer_percent(self):
        for dialog in self:
            dialog.customer_percent = 100 - dialog.maker_percent - dialog.dealer_percent

    @api.depends("line_ids.price_total", "customer_percent")
    def _compute_amounts(self):
        for dialog in self:
            total = sum(dialog.line_ids.mapped("price_total"))
            dialog.amount_total = total
            dialog.amount_customer = total * dialog.customer_percent / 100

    # === ACTION METHODS === #

    def action_confirm(self):
        """Split the lines, and write down why in the chatter of the order."""
        self.ensure_one()
        percents = (self.maker_percent, self.dealer_percent, self.customer_percent)
        if min(percents) < 0 or not any(percents[:2]):
            raise UserError(
                self.env._(
                    "%(order)s: maker, house and customer bear 100 %% together, none "
                    "of them less than nothing.",
                    order=self.order_id.name,
                )
            )
        if self.maker_percent and not self.maker_id:
            raise UserError(
                self.env._(
                    "%(order)s: choose the maker who bears his part.",
                    order=self.order_id.name,
                )
            )
        self.order_id._split_goodwill(
            self.line_ids, self.maker_id, self.maker_percent, self.dealer_percent
        )
        self.order_id._message_log(body=self._spell_split())
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _spell_split(self):
        return self.env._(
            "Goodwill: maker %(maker)g %%, house %(dealer)g %%, customer "
            "%(customer)g %% of %(lines)s. Reason: %(reason)s",
            maker=self.maker_percent,
            dealer=self.dealer_percent,
            customer=self.customer_percent,
            lines=", ".join(self.line_ids.mapped("name")),
            reason=self.reason,
        )
