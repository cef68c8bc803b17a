from odoo import fields, models

from .car_repair_order import CUSTOMER_DATA


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    order_ids = fields.One2many(
        "car.repair.order", "vehicle_id", "Repair Orders", groups=CUSTOMER_DATA
    )
    order_count = fields.Integer(
        "Visits", compute="_compute_order_count", groups=CUSTOMER_DATA
    )
    open_order_count = fields.Integer(
        "Open Orders", compute="_compute_order_count", groups=CUSTOMER_DATA
    )
    fitted_lot_ids = fields.Many2many(
        "stock.lot",
        string="Fitted Lots and Serials",
        compute="_compute_fitted_lot_ids",
        compute_sudo=True,
        help="Lots and serials of the parts that were fitted to the vehicle.",
    )

    def _compute_order_count(self):
        counts = {}
        closed = ("delivered", "cancelled")
        for vehicle, state, count in self.env["car.repair.order"]._read_group(
            [("vehicle_id", "in", self.ids)], ["vehicle_id", "state"], ["__count"]
        ):
            total, still_open = counts.get(vehicle.id, (0, 0))
            counts[vehicle.id] = (
                total + count,
                still_open + (0 if state in closed else count),
            )
        for vehicle in self:
            vehicle.order_count, vehicle.open_order_count = counts.get(
                vehicle.id, (0, 0)
            )

    def _compute_fitted_lot_ids(self):
        """Gather the lots issued to the vehicle's orders and not brought back."""
        move_lines = self.env["stock.move.line"].search(
            [
                ("move_id.car_repair_line_id.order_id.vehicle_id", "in", self.ids),
                ("state", "=", "done"),
                ("lot_id", "!=", False),
            ]
        )
        fitted = {}
        for move_line in move_lines:
            move = move_line.move_id
            vehicle = move.car_repair_line_id.order_id.vehicle_id
            lots = fitted.setdefault(vehicle.id, {})
            lots[move_line.lot_id.id] = (
                lots.get(move_line.lot_id.id, 0.0)
                + move.car_direction * move_line.quantity
            )
        for vehicle in self:
            lots = fitted.get(vehicle.id, {})
            vehicle.fitted_lot_ids = [lot for lot, left in lots.items() if left > 0]

    def _get_history_reasons(self):
        reasons = super()._get_history_reasons()
        if self.order_ids:
            reasons.append(self.env._("visits"))
        return reasons

    def action_open_orders(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_repair_order_action"
        )
        action["domain"] = [("vehicle_id", "in", self.ids)]
        action["context"] = {"default_vehicle_id": self[:1].id}
        return action
