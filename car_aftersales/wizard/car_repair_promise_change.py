from odoo import fields, models


class CarRepairPromiseChange(models.TransientModel):
    """Ask for the new time, why it changes and whether the customer was told."""

    _name = "car.repair.promise.change"
    _description = "Promise Another Time"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    old_promised_at = fields.Datetime(
        related="order_id.promised_at", string="Promised Before"
    )
    promised_at = fields.Datetime("Promised Now", required=True)
    reason = fields.Char(required=True)
    is_told = fields.Boolean("Customer Was Told")

    def action_confirm(self):
        self.ensure_one()
        return self.order_id.write(
            {
                "promised_at": self.promised_at,
                "promise_reason": self.reason,
                "is_promise_told": self.is_told,
            }
        )
