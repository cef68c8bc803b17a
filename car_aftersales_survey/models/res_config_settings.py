from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_survey_id = fields.Many2one(related="company_id.car_survey_id", readonly=False)
    car_survey_low = fields.Float(related="company_id.car_survey_low", readonly=False)
    car_survey_open_days = fields.Integer(
        related="company_id.car_survey_open_days", readonly=False
    )
