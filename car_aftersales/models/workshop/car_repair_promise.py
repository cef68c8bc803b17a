from odoo import fields, models
from odoo.exceptions import UserError


class CarRepairPromise(models.Model):
    """One change of the time promised to a customer: what was promised before, and why.

    Rule book of the workshop, 业务接待工作制度: no promise that cannot be kept. Every
    change keeps the old time, its reason and whether the customer was told.
    """

    _name = "car.repair.promise"
    _description = "Change of a Promised Time"
    _order = "id desc"

    order_id = fields.Many2one(
        "car.repair.order", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    old_promised_at = fields.Datetime("Promised Before", readonly=True)
    promised_at = fields.Datetime("Promised Now", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    is_told = fields.Boolean("Customer Told", readonly=True)
    changed_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    changed_at = fields.Datetime("Changed", readonly=True, default=fields.Datetime.now)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    promise_ids = fields.One2many(
        "car.repair.promise", "order_id", "Changes of the Promised Time", readonly=True
    )
    promise_reason = fields.Char(
        "Reason for the New Time",
        store=False,
        help="Why another time is promised than before.",
    )
    is_promise_told = fields.Boolean("Customer Was Told", store=False)

    # === CRUD METHODS === #

    def write(self, vals):
        if "promised_at" not in vals:
            return super().write(vals)
        before = {order: order.promised_at for order in self}
        vals = dict(vals)
        reason = vals.pop("promise_reason", False)
        told = vals.pop("is_promise_told", False)
        result = super().write(vals)
        changes = [
            {
                "order_id": order.id,
                "old_promised_at": old,
                "promised_at": order.promised_at,
                "reason": order._get_promise_reason(reason),
                "is_told": told,
            }
            for order, old in before.items()
            if old and old != order.promised_at
        ]
        if changes:
            # Safe: the record of the change just made; nobody writes it by hand.
            self.env["car.repair.promise"].sudo().create(changes)
        return result

    # === ACTION METHODS === #

    def action_change_promise(self):
        """Open the dialog that promises another time."""
        self.ensure_one()
        return {
            "name": self.env._("Promise Another Time"),
            "type": "ir.actions.act_window",
            "res_model": "car.repair.promise.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_promise_reason(self, reason):
        """Return why the time changes; before anything was agreed it needs no reason.

        :raise UserError: when the customer counts on the old time and none is given.
        """
        self.ensure_one()
        if reason:
            return reason
        if self.state in ("reception", "estimate"):
            return self.env._("Before the contract")
        raise UserError(
            self.env._(
                "%(order)s: the customer counts on the time promised. Say why it "
                "changes, and whether he was told.",
                order=self.display_name,
            )
        )
