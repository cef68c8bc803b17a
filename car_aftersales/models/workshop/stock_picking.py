from odoo import fields, models


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
