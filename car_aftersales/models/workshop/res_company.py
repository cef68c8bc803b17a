from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_car_sequences(self):
        return super()._get_car_sequences() | {
            "car.inspection": {
                "name": "Inspection",
                "prefix": "IN/%(year)s/",
                "padding": 5,
            },
        }
