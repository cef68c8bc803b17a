from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_file_days = fields.Integer(related="company_id.car_file_days", readonly=False)
    car_days_are_working_days = fields.Boolean(
        related="company_id.car_days_are_working_days", readonly=False
    )
    car_clerk_id = fields.Many2one(related="company_id.car_clerk_id", readonly=False)
    car_contact_lead_days = fields.Integer(
        related="company_id.car_contact_lead_days", readonly=False
    )
    car_contact_catch_up_days = fields.Integer(
        related="company_id.car_contact_catch_up_days", readonly=False
    )
    car_contact_gap_days = fields.Integer(
        related="company_id.car_contact_gap_days", readonly=False
    )
    car_quiet_from = fields.Float(related="company_id.car_quiet_from", readonly=False)
    car_quiet_to = fields.Float(related="company_id.car_quiet_to", readonly=False)
    car_second_call_after_enquiry = fields.Boolean(
        related="company_id.car_second_call_after_enquiry", readonly=False
    )
    car_point_days = fields.Integer(related="company_id.car_point_days", readonly=False)
