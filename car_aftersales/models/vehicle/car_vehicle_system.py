from odoo import fields, models


class CarVehicleSystem(models.Model):
    """A part of the car by which faults, prices and guarantees are grouped."""

    _name = "car.vehicle.system"
    _description = "Vehicle System"
    _order = "sequence, id"

    name = fields.Char("System", required=True, translate=True)
    code = fields.Char(copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Two vehicle systems cannot share a code."
    )
