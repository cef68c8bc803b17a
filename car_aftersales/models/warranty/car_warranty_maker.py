from odoo import fields, models


class CarWarrantyMaker(models.Model):
    """What is agreed with a maker, or whoever else guarantees cars, about his warranty.

    Who is invoiced, which cars it is about, and at which rates he pays for work and
    parts. An importer, a seller of extended warranties and a dealer's own service
    contracts have theirs as well.
    """

    _name = "car.warranty.maker"
    _description = "Maker's Terms"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        "Maker or Guarantor",
        required=True,
        index=True,
        tracking=True,
        help="Who pays for the work that he guarantees, and gets the claims.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    brand_ids = fields.Many2many(
        "car.vehicle.brand",
        "car_warranty_maker_brand_rel",
        "maker_id",
        "brand_id",
        "Brands",
        help="Empty: cars of all brands.",
    )
    # prices
    labor_rate = fields.Monetary(
        "Warranty Labor Rate",
        tracking=True,
        help="What the maker pays for an hour of work. Empty: the company's rate.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List of Parts",
        check_company=True,
        tracking=True,
        help="At which prices the maker pays for parts. Empty: that of the order.",
    )
    note = fields.Html("Notes")

    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE active",
        "There are terms with this maker already.",
    )
    _rate_positive = models.Constraint(
        "CHECK (labor_rate >= 0)", "A labor rate cannot be negative."
    )
