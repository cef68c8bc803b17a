from odoo import fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    car_repair_line_id = fields.Many2one(
        "car.repair.line",
        "Repair Line",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
