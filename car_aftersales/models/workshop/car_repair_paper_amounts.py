from odoo import models


class CarRepairOrder(models.Model):
    """Amounts on the papers of diagnosis and exit: fees apart from the repair."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_diagnosis_fees(self):
        """Return the fees of the visit that count: what a diagnosis costs."""
        self.ensure_one()
        # Safe: a paper of an inspection that may be read.
        lines = self.sudo().line_ids
        return lines.filtered(
            lambda line: (
                line.kind == "fee"
                and not line.credited_line_id
                and line.authorization_state != "declined"
            )
        )

    def _get_pass_amounts(self):
        """Return what the customers were charged: the repair, and each fee by name.

        :return: list of dicts: ``name`` and ``amount`` with taxes
        """
        self.ensure_one()
        # Safe: amounts of this order's own documents.
        payers = self.sudo().payer_ids.filtered(lambda payer: payer.kind == "customer")
        moves = payers._get_invoices().filtered(lambda move: move.state == "posted")
        lines = moves.invoice_line_ids.filtered(
            lambda line: (
                (line.car_repair_payer_id or line.car_repair_line_id).order_id == self
            )
        )
        amounts = {}
        for line in lines:
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            repaired = line.car_repair_line_id
            is_fee = repaired.kind == "fee" and not repaired.credited_line_id
            name = repaired.product_id.name if is_fee else self.env._("Repair")
            amounts[name] = amounts.get(name, 0.0) + sign * line.price_total
        return [
            {"name": name, "amount": amount}
            for name, amount in amounts.items()
            if not self.currency_id.is_zero(amount)
        ] or [{"name": self.env._("Nothing charged"), "amount": 0.0}]
