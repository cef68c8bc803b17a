from odoo import fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA

STANDINGS = [
    ("active", "Comes Regularly"),
    ("at_risk", "At risk"),
    ("lost", "Lost"),
    ("gone", "Has no car any more"),
]


class CarCustomerValue(models.Model):
    """How often a customer comes, what he spends, when he is expected (R-169, R-170).

    One row for each customer and company, counted every night. A visit is an order
    that was not cancelled; spent is what was invoiced to the customer himself for it.
    All three definitions of a lost customer are shown; the setting names the one that
    decides.
    """

    _name = "car.customer.value"
    _description = "Customer Value"
    _inherit = ["car.confidential.mixin"]
    _order = "is_loyal desc, spend_before desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    refreshed_on = fields.Date("Counted On", readonly=True)
    # visits
    first_visit_on = fields.Date("First Visit", readonly=True)
    last_visit_on = fields.Date("Last Visit", readonly=True, index=True)
    visit_count = fields.Integer(
        "Visits", readonly=True, help="Comebacks and work of our own do not count."
    )
    visit_year_count = fields.Integer("Visits in 12 Months", readonly=True)
    spend_year = fields.Monetary("Spent in 12 Months", readonly=True)
    visit_before_count = fields.Integer(
        "Visits Before",
        readonly=True,
        help="In the twelve months up to his last visit: what he was to us while he "
        "came. The segment goes by it.",
    )
    spend_before = fields.Monetary(
        "Spent Before", readonly=True, help="In the twelve months up to his last visit."
    )
    segment_id = fields.Many2one(
        "car.customer.segment", readonly=True, index="btree_not_null"
    )
    is_loyal = fields.Boolean("Loyal", readonly=True)
    # expected
    vehicle_id = fields.Many2one(
        "car.vehicle",
        "Expected with",
        readonly=True,
        index="btree_not_null",
        help="His car whose next service comes first.",
    )
    expected_on = fields.Date(
        "Expected to Come", readonly=True, help="The earliest next service of his cars."
    )
    is_awaited = fields.Boolean(
        "Booked or Here", readonly=True, help="He has an appointment, or a car here."
    )
    # lost
    is_overdue = fields.Boolean(
        "Overdue", readonly=True, help="No visit past the expected day and the grace."
    )
    is_silent = fields.Boolean(
        "Silent", readonly=True, help="The last visit is too many months ago."
    )
    is_two_years = fields.Boolean(
        "Not Back after a Year",
        readonly=True,
        help="Was here the year before last, not in the last year.",
    )
    standing = fields.Selection(STANDINGS, readonly=True)

    _partner_uniq = models.UniqueIndex("(partner_id, company_id)")
    _not_coming = models.Index(
        "(company_id, standing) WHERE standing IN ('at_risk', 'lost')"
    )
    _stale = models.Index("(company_id, refreshed_on)")
