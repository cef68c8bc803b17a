from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_slot_minutes = fields.Integer(
        related="company_id.car_slot_minutes", readonly=False
    )
    car_booking_hours = fields.Float(
        related="company_id.car_booking_hours", readonly=False
    )
    car_overbooking_percent = fields.Float(
        related="company_id.car_overbooking_percent", readonly=False
    )
    car_late_minutes = fields.Integer(
        related="company_id.car_late_minutes", readonly=False
    )
    car_no_show_hours = fields.Float(
        related="company_id.car_no_show_hours", readonly=False
    )
    car_promise_margin_hours = fields.Float(
        related="company_id.car_promise_margin_hours", readonly=False
    )
    car_confirmation_mail = fields.Boolean(
        related="company_id.car_confirmation_mail", readonly=False
    )
    car_confirmation_sms = fields.Boolean(
        related="company_id.car_confirmation_sms", readonly=False
    )
    car_reminder_mail = fields.Boolean(
        related="company_id.car_reminder_mail", readonly=False
    )
    car_reminder_sms = fields.Boolean(
        related="company_id.car_reminder_sms", readonly=False
    )
    car_reminder_hours = fields.Float(
        related="company_id.car_reminder_hours", readonly=False
    )
    car_parallel_jobs = fields.Boolean(
        related="company_id.car_parallel_jobs", readonly=False
    )
    car_reach_minutes = fields.Integer(
        related="company_id.car_reach_minutes", readonly=False
    )
    car_introduction_text = fields.Text(
        related="company_id.car_introduction_text", readonly=False
    )
    car_allow_own_inspection = fields.Boolean(
        related="company_id.car_allow_own_inspection", readonly=False
    )
