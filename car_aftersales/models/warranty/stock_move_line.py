from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # From a lot to the cars that got it: Odoo has no index for that.
    _car_lot = models.Index("(lot_id) WHERE lot_id IS NOT NULL")
