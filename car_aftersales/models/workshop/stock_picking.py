from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    car_repair_order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        index="btree_not_null",
        copy=True,
        check_company=True,
    )
    car_vehicle_id = fields.Many2one(
        related="car_repair_order_id.vehicle_id", string="Vehicle"
    )

    # === BUSINESS METHODS === #

    @api.model
    def get_empty_list_help(self, help_message):
        """Say where workshop issues come from, not how to make a transfer."""
        if self.env.context.get("car_workshop"):
            return help_message
        return super().get_empty_list_help(help_message)

    def _pre_action_done_hook(self):
        """Ask no clerk about texting the customer: parts go to the workshop."""
        if self.car_repair_order_id:
            self = self.with_context(skip_sms=True)
        return super()._pre_action_done_hook()

    def _action_done(self):
        """Text no customer that his parts were delivered: they go to the workshop."""
        workshop = self.filtered("car_repair_order_id")
        others = self - workshop
        result = super(StockPicking, others)._action_done() if others else True
        if workshop:
            workshop = workshop.with_context(skip_sms=True)
            result = super(StockPicking, workshop)._action_done()
        return result

    def _send_confirmation_email(self):
        """Announce no delivery to the customer when parts go to the workshop."""
        pickings = self.filtered(lambda picking: not picking.car_repair_order_id)
        return super(StockPicking, pickings)._send_confirmation_email()
