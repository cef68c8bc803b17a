from odoo import api, fields, models
from odoo.fields import Command, Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    car_repair_order_ids = fields.Many2many(
        "car.repair.order",
        "car_repair_order_account_move_rel",
        "move_id",
        "order_id",
        "Repair Orders",
        copy=False,
        readonly=True,
    )
    car_vehicle_id = fields.Many2one(
        "car.vehicle", "Vehicle", compute="_compute_car_vehicle_id", compute_sudo=True
    )

    car_visit_text = fields.Char(
        "Repair Order and Vehicle",
        compute="_compute_car_visit_text",
        search="_search_car_visit_text",
        compute_sudo=True,
        help="Number, plate, VIN and odometer: for accountants without a desk of ours.",
    )

    @api.depends("car_repair_order_ids", "line_ids.car_repair_payer_id")
    def _compute_car_visit_text(self):
        """Tell for which visits a bill or a settlement entry is."""
        for move in self:
            payers = move.line_ids.car_repair_payer_id
            move.car_visit_text = "; ".join(
                order._spell_visit()
                for order in move.car_repair_order_ids | payers.order_id
            )

    def _search_car_visit_text(self, operator, value):
        if not operator.endswith("like") or operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        # Safe: tells which of his own documents an accountant looks for.
        orders = self.env["car.repair.order"].sudo()
        found = Domain("id", "in", orders._search([("display_name", operator, value)]))
        payers = Domain(
            "car_repair_payer_id", "any!", Domain("order_id", "any!", found)
        )
        return Domain("car_repair_order_ids", "any!", found) | Domain(
            "line_ids", "any!", payers
        )

    def _compute_car_vehicle_id(self):
        for move in self:
            vehicles = move.car_repair_order_ids.vehicle_id
            move.car_vehicle_id = vehicles if len(vehicles) == 1 else False

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Keep credit notes on the repair orders of their invoices."""
        default_values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            if move.car_repair_order_ids:
                values["car_repair_order_ids"] = [
                    Command.set(move.car_repair_order_ids.ids)
                ]
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Let the cost of parts know its repair line, also when it is reversed."""
        vals_list = super()._stock_account_prepare_realtime_out_lines_vals()
        lines = self.env["account.move.line"].browse(
            [vals["cogs_origin_id"] for vals in vals_list]
        )
        for vals, line in zip(vals_list, lines, strict=True):
            if line.car_repair_line_id:
                vals["car_repair_line_id"] = line.car_repair_line_id.id
                vals["car_repair_payer_id"] = line.car_repair_payer_id.id
        return vals_list
