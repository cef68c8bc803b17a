from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_cn_law = fields.Boolean(related="company_id.car_cn_law", readonly=False)
