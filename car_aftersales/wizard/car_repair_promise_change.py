from odoo import api, fields, models


class CarRepairPromiseChange(models.TransientModel):
    """Ask for the new time, why it changes and whether the customer was told."""

    _name = "car.repair.promise.change"
    _description = "Promise Another Time"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    old_promised_at = fields.Datetime(
        related="order_id.promised_at", string="Promised Before"
    )
    promised_at = fields.Datetime(
        "Promised Now",
        compute="_compute_promised_at",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    earliest_at = fields.Datetime("Possible From", compute="_compute_earliest_at")
    earliest_text = fields.Char("Grounds", compute="_compute_earliest_at")
    is_too_early = fields.Boolean(compute="_compute_is_too_early")
    load_text = fields.Char("Load", compute="_compute_is_too_early")
    reason = fields.Char()
    is_told = fields.Boolean("Customer Was Told")

    @api.depends("order_id")
    def _compute_earliest_at(self):
        """Work out what can be kept: load, parts and a margin."""
        for change in self:
            earliest, reason = change.order_id._get_earliest_promise()
            change.earliest_at = earliest
            change.earliest_text = reason

    @api.depends("earliest_at")
    def _compute_promised_at(self):
        for change in self:
            change.promised_at = change.promised_at or change.earliest_at

    @api.depends("promised_at", "earliest_at")
    def _compute_is_too_early(self):
        for change in self:
            order = change.order_id
            change.is_too_early = order._is_promise_early(
                change.promised_at, change.earliest_at
            )
            change.load_text = change.promised_at and order._get_promise_load_text(
                change.promised_at
            )

    def action_confirm(self):
        self.ensure_one()
        return self.order_id.write(
            {
                "promised_at": self.promised_at,
                "promise_reason": self.reason,
                "is_promise_told": self.is_told,
            }
        )
