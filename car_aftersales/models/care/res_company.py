from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # customer file
    car_file_days = fields.Integer(
        "Customer File Within (Days)",
        default=2,
        help="Days after intake or enquiry within which the customer file is complete.",
    )
    car_days_are_working_days = fields.Boolean(
        "Count Working Days",
        help="Deadlines of follow-up are counted in working days of the company "
        "instead of calendar days.",
    )
    car_clerk_id = fields.Many2one(
        "res.users",
        "Follow-Up Clerk",
        help="The clerk who follows up customers that nobody else was named for.",
    )
    # contact tasks
    car_contact_lead_days = fields.Integer(
        "Plan Contacts Ahead (Days)",
        default=14,
        help="So many days before its first day a contact appears in the queue.",
    )
    car_contact_catch_up_days = fields.Integer(
        "Catch Up (Days)",
        default=30,
        help="After missed days, contacts whose last day is not longer ago than this "
        "are still planned.",
    )
    car_contact_gap_days = fields.Integer(
        "Days Between Contacts",
        default=3,
        help="A customer is not bothered more often. Contacts are moved within their "
        "days; the two calls after a visit are never dropped.",
    )
    car_quiet_from = fields.Float(
        "Quiet From",
        default=20.0,
        help="From this hour on nobody is called or sent a message.",
    )
    car_quiet_to = fields.Float(
        "Quiet Until", default=9.0, help="Until this hour customers are left in peace."
    )
    car_second_call_after_enquiry = fields.Boolean(
        "Second Call After Enquiries",
        help="The rule book asks for a second call after a repair only.",
    )
    car_point_days = fields.Integer(
        "Answer a Customer Within (Days)",
        default=2,
        help="What a customer said and nobody could answer goes to the business "
        "supervisor after so many days at the latest.",
    )

    _car_contact_days_positive = models.Constraint(
        "CHECK (car_file_days >= 0 AND car_contact_lead_days >= 0"
        " AND car_contact_catch_up_days >= 0 AND car_contact_gap_days >= 0"
        " AND car_point_days >= 0)",
        "Days of follow-up are not negative.",
    )
    _car_quiet_hours = models.Constraint(
        "CHECK (car_quiet_from >= 0 AND car_quiet_from <= 24"
        " AND car_quiet_to >= 0 AND car_quiet_to <= 24)",
        "Quiet hours lie between 0 and 24.",
    )

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.customer.file": {
                "name": "Customer File",
                "prefix": "CF/%(year)s/",
                "padding": 5,
            },
            "car.contact.call": {
                "name": "Call",
                "prefix": "CA/%(year)s/",
                "padding": 6,
            },
        }
