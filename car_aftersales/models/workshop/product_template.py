from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    car_document_ids = fields.Many2many(
        "ir.attachment",
        "product_template_car_document_rel",
        string="Work Instructions",
        help="Shown with each job that has this operation or part.",
    )
