from odoo import fields, models


class ResCompany(models.Model):
    """When reports are due, and what the targets are measured by."""

    _inherit = "res.company"

    car_summary_remind_days = fields.Integer(
        "Remind of the Monthly Summary (Days Before)",
        default=3,
        help="So many days before the end of a month the business supervisor is "
        "reminded of its summary, once. Below zero: so many days after its end.",
    )
    car_review_remind_days = fields.Integer(
        "Remind of the Yearly Review (Days Before)",
        default=14,
        help="So many days before the end of the year the business supervisor is "
        "reminded of its review, once. Below zero: so many days after its end.",
    )
    car_reminder_hit_days = fields.Integer(
        "Reminder Successful Within (Days)",
        default=30,
        help="A reminder was successful when the customer has booked or come so many "
        "days after it at the latest.",
    )
    car_accessory_category_id = fields.Many2one(
        "product.category",
        "Category of Accessories",
        help="精品: products of this category and those below count as accessories in "
        "the targets.",
    )

    _car_reminder_hit_days_positive = models.Constraint(
        "CHECK (car_reminder_hit_days >= 0)", "Days of success cannot be negative."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_summary_remind_days = fields.Integer(
        related="company_id.car_summary_remind_days", readonly=False
    )
    car_review_remind_days = fields.Integer(
        related="company_id.car_review_remind_days", readonly=False
    )
    car_reminder_hit_days = fields.Integer(
        related="company_id.car_reminder_hit_days", readonly=False
    )
    car_accessory_category_id = fields.Many2one(
        related="company_id.car_accessory_category_id", readonly=False
    )
