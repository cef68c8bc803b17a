from odoo import fields, models


class CarRepairClass(models.Model):
    """How deep a repair goes; the guarantee on our own work depends on it.

    The numbers kept here are the workshop's promise. What the law of a country asks at
    least is brought by its own add-on.
    """

    _name = "car.repair.class"
    _description = "Repair Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    guarantee_days = fields.Integer(
        "Guarantee (Days)",
        help="Promised days, counted from the day the car leaves. The guarantee ends "
        "with the days or with the kilometers, whichever is reached first.",
    )
    guarantee_km = fields.Integer(
        "Guarantee (km)",
        help="Promised kilometers, counted from the odometer at delivery.",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL",
        "Another repair class has this code.",
    )
    _guarantee_positive = models.Constraint(
        "CHECK (guarantee_days >= 0 AND guarantee_km >= 0)",
        "A guarantee cannot be negative.",
    )
