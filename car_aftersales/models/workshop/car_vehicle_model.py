from odoo import fields, models


class CarVehicleModel(models.Model):
    _inherit = "car.vehicle.model"

    document_ids = fields.Many2many(
        "ir.attachment",
        "car_vehicle_model_document_rel",
        string="Manuals",
        help="Repair manuals and wiring diagrams, shown with each job on this model.",
    )
