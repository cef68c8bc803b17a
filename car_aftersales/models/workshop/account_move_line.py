from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    car_repair_line_id = fields.Many2one(
        "car.repair.line",
        "Repair Line",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    car_repair_payer_id = fields.Many2one(
        "car.repair.payer",
        "Repair Payer",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    car_repair_share = fields.Float(
        "Share",
        default=1.0,
        copy=False,
        digits=(16, 12),
        help="Which part of the repair line this payer bears.",
    )
    car_repair_price = fields.Float(
        "Price of the Repair Order",
        copy=False,
        readonly=True,
        help="Net unit price that the order asks of this payer. Another price on the "
        "line is an allowance of the accountant and is not charged again.",
    )
    car_repair_role = fields.Selection(
        [
            ("deductible", "Deductible"),
            ("down_payment", "Down payment"),
            ("settled_cost", "Settled cost"),
            ("settled_stock", "Settled stock"),
            ("settled_work", "Settled work"),
        ],
        copy=False,
        help="What the line is for when it is not a sale.",
    )
    car_deductible_payer_id = fields.Many2one("car.repair.payer", copy=False)
    car_down_payment_line_id = fields.Many2one(
        "account.move.line", copy=False, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # A corrected invoice, made anew by the accountant, stays on its repair orders.
        for line in lines.filtered("car_repair_payer_id"):
            move = line.move_id
            order = line.car_repair_payer_id.order_id
            if move.move_type != "entry" and order not in move.car_repair_order_ids:
                move.car_repair_order_ids |= order
        return lines

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        if not (self.car_repair_line_id or self.car_repair_payer_id):
            return
        values.update(
            car_repair_line_id=self.car_repair_line_id.id,
            car_repair_payer_id=self.car_repair_payer_id.id,
            car_repair_share=self.car_repair_share,
            car_repair_price=self.car_repair_price,
            car_repair_role=self.car_repair_role,
            car_deductible_payer_id=self.car_deductible_payer_id.id,
        )
        if self.car_repair_role == "down_payment":
            values["car_down_payment_line_id"] = (
                self.car_down_payment_line_id or self
            ).id

    def _eligible_for_stock_account(self):
        """Book no cost for parts that a valued location expensed at issue."""
        line = self.car_repair_line_id
        if line and any(
            move.account_move_id for move in line.sudo().move_ids
        ):  # Safe: only tells whether the cost is booked.
            return False
        return super()._eligible_for_stock_account()

    def _get_cogs_value(self):
        """Return the cost per unit of a repair line from its real moves.

        For each payer by himself: (value of done moves) x (his part of the line billed
        so far and now) minus the cost booked for him already; on a credit note what
        goes back. The house's part is booked by settlement entries.
        """
        line = self.car_repair_line_id.sudo()  # Safe: values of the line's own moves.
        if not line:
            return super()._get_cogs_value()
        units = line.product_uom_id._compute_quantity(
            self.quantity, line.product_id.uom_id
        )
        if not units:
            return 0.0
        before, booked = line._get_cost_booked(self)
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        after = before + self._get_car_quantity()
        target = line._get_cost_target(self.car_repair_payer_id, after)
        return sign * (target - booked) / units

    # === BUSINESS METHODS === #

    def _get_car_net_price(self):
        """Return the unit price before taxes, discount taken off."""
        self.ensure_one()
        return self.price_unit * (1 - self.discount / 100)

    def _is_car_allowance(self):
        """Tell whether a credit note lowers the price instead of taking a part back.

        The accountant reverses an invoice and writes a lower price: nothing came back,
        nothing is to be charged again.
        """
        self.ensure_one()
        if self.move_id.move_type != "out_refund":
            return False
        origin = self.move_id.reversed_entry_id
        prices = [
            line._get_car_net_price()
            for line in origin.invoice_line_ids
            if line.car_repair_line_id == self.car_repair_line_id
            and line.car_repair_payer_id == self.car_repair_payer_id
            and line.display_type == "product"
        ]
        currency = self.currency_id
        return bool(prices) and (
            currency.compare_amounts(
                self.quantity * self._get_car_net_price(), self.quantity * min(prices)
            )
            < 0
        )

    def _get_car_quantity(self):
        """Return which part of the repair line is billed here; credited is negative."""
        self.ensure_one()
        if self._is_car_allowance():
            return 0.0
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        return sign * self.quantity * self.car_repair_share
