from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_labor_hours(self, vehicle_model):
        """Return the standard hours of this operation on a vehicle model."""
        self.ensure_one()
        return self.env["car.labor.time"]._get_hours([(self, vehicle_model)])[
            self, vehicle_model
        ]
