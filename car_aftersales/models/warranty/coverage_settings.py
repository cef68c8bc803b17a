from odoo import fields, models


class ResCompany(models.Model):
    """When a coverage counts as ending soon."""

    _inherit = "res.company"

    car_coverage_soon_days = fields.Integer(
        "Coverage Ends Soon (Days)",
        default=30,
        help="A coverage that ends within so many days is shown at reception.",
    )
    car_coverage_soon_km = fields.Integer(
        "Coverage Ends Soon (km)",
        default=1000,
        help="A coverage that ends within so many kilometers is shown at reception.",
    )

    _car_coverage_soon_positive = models.Constraint(
        "CHECK (car_coverage_soon_days >= 0 AND car_coverage_soon_km >= 0)",
        "Days and kilometers before the end of a coverage cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_coverage_soon_days = fields.Integer(
        related="company_id.car_coverage_soon_days", readonly=False
    )
    car_coverage_soon_km = fields.Integer(
        related="company_id.car_coverage_soon_km", readonly=False
    )
