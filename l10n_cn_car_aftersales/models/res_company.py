from odoo import fields, models


class ResCompany(models.Model):
    """A company to which the rules of China's repair trade apply."""

    _inherit = "res.company"

    car_cn_law = fields.Boolean(
        "Repair Law of China",
        help="The statutory guarantee, the three guarantees and the papers of China "
        "apply to this company.",
    )
