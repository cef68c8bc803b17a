from odoo import fields, models

PAYER_KINDS = [
    ("customer", "Customer"),
    ("warranty", "Maker (Warranty)"),
    ("insurer", "Insurer"),
    ("supplier", "Supplier"),
    ("internal", "Internal"),
    ("goodwill", "Goodwill"),
]


class CarRepairType(models.Model):
    """Why a car is in the workshop.

    The type proposes who pays, how deep the repair goes and whether the work is
    inspected before the car is ready.
    """

    _name = "car.repair.type"
    _description = "Repair Type"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    kind = fields.Selection(
        [
            ("repair", "Repair"),
            ("maintenance", "Maintenance"),
            ("level2", "Level-2 Maintenance"),
            ("inspection", "Annual Inspection"),
            ("warranty", "Warranty"),
            ("insurance", "Insurance"),
            ("accident", "Accident"),
            ("comeback", "Comeback"),
            ("pdi", "Pre-Delivery Inspection"),
            ("internal", "Internal"),
        ],
        default="repair",
        required=True,
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")

    # what it proposes
    default_payer_kind = fields.Selection(
        PAYER_KINDS, "Usual Payer", default="customer", required=True
    )
    repair_class_id = fields.Many2one("car.repair.class", "Usual Repair Class")
    requires_inspection = fields.Boolean(
        "Quality Check Before Ready",
        default=True,
        help="The car is ready only after every job has passed a quality check.",
    )
    requires_signature = fields.Boolean(
        "Signature Before Work",
        default=True,
        help="No work starts before the customer has signed the contract. What the "
        "house bears alone needs no signature.",
    )
    fee_product_id = fields.Many2one(
        "product.product",
        "Diagnosis or Estimate Fee",
        check_company=True,
        domain=[("type", "=", "service")],
        help="Asked when the customer does not have the car repaired after the "
        "diagnosis or the estimate. He agrees to it beforehand.",
    )
