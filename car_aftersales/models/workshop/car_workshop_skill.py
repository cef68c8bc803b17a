from odoo import fields, models


class CarWorkshopSkill(models.Model):
    """What a technician is trained for: bodywork, high voltage, transmission..."""

    _name = "car.workshop.skill"
    _description = "Workshop Skill"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
