from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.warranty.car_recall_vehicle import GONE_REASONS


class CarRecallAnswer(models.TransientModel):
    """Write down what becomes of cars of a recall, with the proof that it takes."""

    _name = "car.recall.answer"
    _description = "What Becomes of a Recall"

    recall_vehicle_ids = fields.Many2many(
        "car.recall.vehicle", string="Cars", required=True, readonly=True
    )
    answer = fields.Selection(
        [
            ("refuse", "The customer refuses it"),
            ("put_off", "Put off with his signature"),
            ("elsewhere", "Done elsewhere"),
            ("gone", "Not ours any more"),
        ],
        required=True,
        default="refuse",
    )
    is_mandatory = fields.Boolean(compute="_compute_is_mandatory")
    order_id = fields.Many2one("car.repair.order", "On Order")
    reason = fields.Char()
    signed_by = fields.Char("Name of Who Signs")
    signature = fields.Image("Customer's Signature", max_width=1024, max_height=1024)
    until = fields.Date("Contact Again On")
    done_on = fields.Date()
    done_km = fields.Integer("At (km)")
    done_by = fields.Char("By Whom, and How We Know")
    gone_reason = fields.Selection(GONE_REASONS, "Why Not Ours")

    # === COMPUTE METHODS === #

    @api.depends("recall_vehicle_ids")
    def _compute_is_mandatory(self):
        for dialog in self:
            campaigns = dialog.recall_vehicle_ids.campaign_id
            dialog.is_mandatory = any(campaigns.mapped("is_mandatory"))

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        rows = self.env["car.recall.vehicle"].browse(
            self.env.context.get("default_recall_vehicle_ids")
        )
        order = self.env["car.repair.order"].browse(
            self.env.context.get("recall_order_id")
        )
        if not order and len(rows.vehicle_id) == 1 and order.has_access("read"):
            order = order.search(
                fields.Domain("vehicle_id", "=", rows.vehicle_id.id)
                & order._get_open_domain(),
                limit=1,
            )
        if order:
            values.setdefault("order_id", order.id)
        person = order.sender_id or order.partner_id or rows.vehicle_id[:1].owner_id
        values.setdefault("signed_by", person.name)
        return values

    # === ACTION METHODS === #

    def action_confirm(self):
        """Take the step that the answer means."""
        self.ensure_one()
        rows = self.recall_vehicle_ids
        if self.answer == "refuse":
            rows.write(
                {
                    "state": "refused",
                    "refusal_reason": self.reason,
                    "refusal_signed_by": self.signed_by,
                    "refusal_signature": self.signature,
                }
            )
        elif self.answer == "put_off":
            if not self.order_id:
                raise UserError(
                    self.env._("Choose the order on which the work is put off.")
                )
            rows._put_off(
                self.order_id, self.reason, self.until, self.signed_by, self.signature
            )
        elif self.answer == "elsewhere":
            rows.write(
                {
                    "state": "done",
                    "done_on": self.done_on,
                    "done_km": self.done_km,
                    "done_by": self.done_by,
                }
            )
        else:
            rows.write(
                {
                    "state": "not_ours",
                    "gone_reason": self.gone_reason,
                    "gone_note": self.reason,
                }
            )
        return {"type": "ir.actions.act_window_close"}
