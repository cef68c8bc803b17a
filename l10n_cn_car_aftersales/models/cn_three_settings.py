from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # three guarantees
    car_mobility_kind = fields.Selection(
        [("loaner", "Loaner Car"), ("money", "Transport Money")],
        "Long Repairs",
        default="loaner",
        required=True,
        help="What is proposed when a repair for quality passes its days.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_mobility_kind = fields.Selection(
        related="company_id.car_mobility_kind", readonly=False
    )
