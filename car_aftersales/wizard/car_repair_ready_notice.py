from odoo import api, fields, models

from ..models.workshop.car_repair_order_release import NOTICE_CHANNELS


class CarRepairReadyNotice(models.TransientModel):
    """Record who was told that his car is ready, and how; messages go out at once."""

    _name = "car.repair.ready.notice"
    _description = "Notice That the Car Is Ready"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    phone = fields.Char(related="order_id.phone")
    channel = fields.Selection(
        NOTICE_CHANNELS, "Told By", default="phone", required=True
    )
    told_to = fields.Char(
        "Whom", compute="_compute_told_to", store=True, readonly=False, precompute=True
    )
    note = fields.Char(help="e.g. when he comes to collect it.")

    @api.depends("order_id")
    def _compute_told_to(self):
        for notice in self:
            order = notice.order_id
            people = order.contact_id or order.sender_id or order.partner_id
            notice.told_to = people.name

    def action_confirm(self):
        self.ensure_one()
        self.order_id._tell_ready(self.channel, self.told_to, self.note)
        return {"type": "ir.actions.act_window_close"}
