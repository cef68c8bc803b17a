from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    car_rating_mail = fields.Boolean(
        "Ask by E-Mail", default=True, help="How the customer found the visit."
    )
    car_rating_sms = fields.Boolean(
        "Ask by SMS", help="Those whom no e-mail reaches, or everybody without e-mail."
    )
    car_rating_paper = fields.Boolean(
        "Ask on the Pick-Up Papers",
        default=True,
        help="A code to scan is printed on the pick-up sheet.",
    )
    car_rating_hours = fields.Integer(
        "Ask After (Hours)",
        default=24,
        help="So many hours after delivery the customer is asked.",
    )
    car_rating_catch_up_days = fields.Integer(
        "Ask Late (Days)",
        default=7,
        help="When the job was down, visits of so many days before are still asked "
        "about.",
    )
    car_rating_open_days = fields.Integer(
        "Rating Open (Days)",
        default=30,
        help="So long after being asked the customer may answer.",
    )
    car_rating_low = fields.Integer(
        "Low Rating",
        default=6,
        help="A rating of 0 to 10 up to this one opens a complaint. Below zero: never.",
    )

    _car_rating_positive = models.Constraint(
        "CHECK (car_rating_hours >= 0 AND car_rating_catch_up_days >= 0"
        " AND car_rating_open_days >= 0 AND car_rating_low <= 10)",
        "Hours and days of ratings are not negative, and a rating is 10 at most.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_rating_mail = fields.Boolean(
        related="company_id.car_rating_mail", readonly=False
    )
    car_rating_sms = fields.Boolean(related="company_id.car_rating_sms", readonly=False)
    car_rating_paper = fields.Boolean(
        related="company_id.car_rating_paper", readonly=False
    )
    car_rating_hours = fields.Integer(
        related="company_id.car_rating_hours", readonly=False
    )
    car_rating_catch_up_days = fields.Integer(
        related="company_id.car_rating_catch_up_days", readonly=False
    )
    car_rating_open_days = fields.Integer(
        related="company_id.car_rating_open_days", readonly=False
    )
    car_rating_low = fields.Integer(related="company_id.car_rating_low", readonly=False)
