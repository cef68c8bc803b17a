from odoo import fields, models


class ResCompany(models.Model):
    """Days within which a letter follows, and the numbers of letters."""

    _inherit = "res.company"

    car_letter_days = fields.Integer(
        "Letter After a Call Within (Days)",
        default=2,
        help="Within so many days after a call that announces something, it is decided "
        "whether a letter is needed, and the letter is sent.",
    )

    _car_letter_days_positive = models.Constraint(
        "CHECK (car_letter_days >= 0)", "Days for a letter are not negative."
    )

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.contact.letter": {
                "name": "Letter",
                "prefix": "LE/%(year)s/",
                "padding": 5,
            },
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_letter_days = fields.Integer(
        related="company_id.car_letter_days", readonly=False
    )
