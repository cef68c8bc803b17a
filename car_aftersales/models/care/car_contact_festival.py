from odoo import fields, models


class CarContactFestival(models.Model):
    """A festival on which customers are greeted. Dates by the moon: a line a year."""

    _name = "car.contact.festival"
    _description = "Festival"
    _order = "date desc, id"

    name = fields.Char(required=True, translate=True)
    date = fields.Date(required=True, index=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    model_ids = fields.Many2many(
        "car.vehicle.model", string="Models", help="Empty: owners of any car."
    )
