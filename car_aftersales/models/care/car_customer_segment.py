from odoo import fields, models


class CarCustomerSegment(models.Model):
    """What a customer is to us, by how often he comes and what he spends (R-169)."""

    _name = "car.customer.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char("Segment", required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="A customer belongs to the first segment whose limits he meets.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    min_visits = fields.Integer(
        "Visits at Least", help="In the twelve months before his last visit."
    )
    min_spend = fields.Float(
        "Spent at Least",
        help="In the same months, before taxes, in the company's currency; paid by "
        "himself.",
    )
    is_loyal = fields.Boolean(
        "Loyal", help="Is called first when he does not come as expected."
    )
    color = fields.Integer()

    _limits = models.Constraint(
        "CHECK (min_visits >= 0 AND min_spend >= 0)",
        "The limits of a segment are not negative.",
    )


class CarLossReason(models.Model):
    """Why a customer does not come any more (R-171)."""

    _name = "car.loss.reason"
    _description = "Reason of Loss"
    _order = "sequence, id"

    name = fields.Char("Reason", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    measure = fields.Char(
        "Usual Measure", translate=True, help="What is mostly done about it."
    )
