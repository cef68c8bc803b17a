from odoo import fields, models


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
        digits=(16, 6),
        help="Which part of the repair line this payer bears.",
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

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        if not (self.car_repair_line_id or self.car_repair_payer_id):
            return
        values.update(
            car_repair_line_id=self.car_repair_line_id.id,
            car_repair_payer_id=self.car_repair_payer_id.id,
            car_repair_share=self.car_repair_share,
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

        (value of done moves) x (part of the line billed so far and now) minus the cost
        booked already, settlements included; on a credit note what goes back.
        """
        line = self.car_repair_line_id.sudo()  # Safe: values of the line's own moves.
        if not line or not self.quantity:
            return super()._get_cogs_value()
        quantity = self.quantity * self.car_repair_share
        issued = line.quantity_issued
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        billed = line._get_cost_quantity(exclude=self.move_id)
        earlier = self.move_id.invoice_line_ids.filtered(
            lambda other: (
                other.car_repair_line_id == self.car_repair_line_id
                and other.id < self.id
            )
        )
        billed += sign * sum(
            other.quantity * other.car_repair_share for other in earlier
        )
        fraction = (billed + sign * quantity) / issued if issued else 0.0
        target = line._get_moves_value() * min(max(fraction, 0.0), 1.0)
        booked = line._get_booked_cost()
        if earlier:
            before = line._get_moves_value() * min(max(billed / issued, 0.0), 1.0)
            booked = before if issued else booked
        uom = line.product_uom_id
        units = uom._compute_quantity(self.quantity, line.product_id.uom_id)
        return sign * (target - booked) / units if units else 0.0
