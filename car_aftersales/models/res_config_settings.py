from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_vin_is_strict = fields.Boolean(
        related="company_id.car_vin_is_strict", readonly=False
    )
    car_consent_tolerance = fields.Monetary(
        related="company_id.car_consent_tolerance",
        readonly=False,
    )
    car_requires_promised_time = fields.Boolean(
        related="company_id.car_requires_promised_time", readonly=False
    )
    car_advisor_discount_limit = fields.Float(
        related="company_id.car_advisor_discount_limit", readonly=False
    )
    car_supervisor_discount_limit = fields.Float(
        related="company_id.car_supervisor_discount_limit", readonly=False
    )
    car_goodwill_limit = fields.Monetary(
        related="company_id.car_goodwill_limit",
        readonly=False,
    )
    car_internal_labor = fields.Selection(
        related="company_id.car_internal_labor", readonly=False
    )
    car_internal_hourly_rate = fields.Monetary(
        related="company_id.car_internal_hourly_rate",
        readonly=False,
    )
    car_internal_account_id = fields.Many2one(
        related="company_id.car_internal_account_id",
        readonly=False,
    )
    car_goodwill_account_id = fields.Many2one(
        related="company_id.car_goodwill_account_id",
        readonly=False,
    )
    car_estimate_days = fields.Integer(
        related="company_id.car_estimate_days", readonly=False
    )
    car_ask_again_days = fields.Integer(
        related="company_id.car_ask_again_days", readonly=False
    )
    car_fee_credit = fields.Selection(
        related="company_id.car_fee_credit", readonly=False, required=True
    )
    car_fee_credit_days = fields.Integer(
        related="company_id.car_fee_credit_days", readonly=False
    )
    car_symptom_risk_percent = fields.Float(
        related="company_id.car_symptom_risk_percent", readonly=False
    )
    car_hourly_rate = fields.Monetary(
        related="company_id.car_hourly_rate",
        readonly=False,
    )
    car_hourly_cost = fields.Monetary(
        related="company_id.car_hourly_cost",
        readonly=False,
    )
    car_pin_tries = fields.Integer(related="company_id.car_pin_tries", readonly=False)
    car_pin_lock_minutes = fields.Integer(
        related="company_id.car_pin_lock_minutes", readonly=False
    )
    car_post_invoices = fields.Boolean(
        related="company_id.car_post_invoices", readonly=False
    )
