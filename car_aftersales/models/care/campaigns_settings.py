from odoo import fields, models


class ResCompany(models.Model):
    """Campaigns, lost customers, renewals and the links in messages: their days."""

    _inherit = "res.company"

    # campaigns
    car_campaign_days = fields.Integer(
        "Call Before a Campaign (Days)",
        default=14,
        help="So many days before a campaign begins everybody has been called.",
    )
    # lost customers
    car_lost_definition = fields.Selection(
        [
            ("overdue", "No visit past the expected day and the days of grace"),
            ("silent", "Last visit too many months ago"),
            ("two_years", "Was here the year before last, not in the last year"),
        ],
        "A Customer Is Lost When",
        default="overdue",
        required=True,
    )
    car_lost_grace_days = fields.Integer(
        "Days of Grace",
        default=60,
        help="After the day on which he was expected a customer is waited for so long.",
    )
    car_lost_months = fields.Integer(
        "Silent For (Months)",
        default=12,
        help="A customer whose last visit is longer ago counts as lost. Also decides "
        "for customers whose next visit cannot be foreseen.",
    )
    car_win_back_days = fields.Integer(
        "Won Back Within (Days)",
        default=60,
        help="A lost customer who comes within so many days after the call was won "
        "back by it.",
    )
    car_lost_calls_per_day = fields.Integer(
        "Lost Customers Called a Day",
        default=20,
        help="So many calls to customers at risk or lost are planned each day, the "
        "loyal ones first.",
    )
    car_return_months = fields.Integer(
        "Returns Within (Months)",
        default=6,
        help="Loss rate: the share of the visitors of a month who did not come again "
        "within so many months.",
    )
    # links in messages
    car_link_days = fields.Integer(
        "Links Work For (Days)",
        default=180,
        help="So long a customer can use the links in a message.",
    )
    car_stop_words = fields.Char(
        "Words That Refuse",
        default="STOP, TD, T, N, 退订, UNSUBSCRIBE",
        help="A customer who answers a message with one of these words, separated by "
        "commas here, wants no more of them.",
    )

    _car_campaign_days_positive = models.Constraint(
        "CHECK (car_campaign_days >= 0)",
        "Days of a campaign are not negative.",
    )
    _car_lost_positive = models.Constraint(
        "CHECK (car_lost_grace_days >= 0 AND car_lost_calls_per_day >= 0"
        " AND car_lost_months > 0"
        " AND car_win_back_days > 0 AND car_return_months > 0 AND car_link_days > 0)",
        "Days and months of lost customers and of links are above zero.",
    )

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.privacy.request": {
                "name": "Personal Data Request",
                "prefix": "PD/%(year)s/",
                "padding": 4,
            },
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_campaign_days = fields.Integer(
        related="company_id.car_campaign_days", readonly=False
    )
    car_lost_definition = fields.Selection(
        related="company_id.car_lost_definition", readonly=False
    )
    car_lost_grace_days = fields.Integer(
        related="company_id.car_lost_grace_days", readonly=False
    )
    car_lost_months = fields.Integer(
        related="company_id.car_lost_months", readonly=False
    )
    car_win_back_days = fields.Integer(
        related="company_id.car_win_back_days", readonly=False
    )
    car_lost_calls_per_day = fields.Integer(
        related="company_id.car_lost_calls_per_day", readonly=False
    )
    car_return_months = fields.Integer(
        related="company_id.car_return_months", readonly=False
    )
    car_link_days = fields.Integer(related="company_id.car_link_days", readonly=False)
    car_stop_words = fields.Char(related="company_id.car_stop_words", readonly=False)
