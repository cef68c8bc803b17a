from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    car_item_kind = fields.Selection(
        [
            ("part", "Part"),
            ("labor", "Labor"),
            ("outside", "Outside Work"),
            ("fee", "Fee"),
        ],
        "After-Sales Kind",
        index="btree_not_null",
        help="What the service department does with it; empty: nothing.",
    )
    car_grade = fields.Selection(
        [
            ("genuine", "Genuine"),
            ("equivalent", "Equivalent"),
            ("aftermarket", "Aftermarket"),
            ("remanufactured", "Remanufactured"),
            ("used", "Used Part"),
        ],
        "Grade",
        help="Parts are labeled and priced by grade.",
    )
    car_brand_name = fields.Char("Part Brand")
    car_maker_code = fields.Char(
        "Maker's Number", index="trigram", help="The part number of the maker."
    )
    car_origin_country_id = fields.Many2one("res.country", "Country of Origin")
    car_is_key_part = fields.Boolean(
        "Key Part",
        help="On key positions a part the customer brings or insists on carries no "
        "guarantee, and the order says so.",
    )
    car_system_id = fields.Many2one(
        "car.vehicle.system", "Vehicle System", index="btree_not_null"
    )
    car_labor_hours = fields.Float(
        "Standard Hours", help="Hours charged for the operation unless a model differs."
    )
    car_compatible_model_ids = fields.Many2many(
        "car.vehicle.model",
        "car_vehicle_model_product_template_rel",
        "product_tmpl_id",
        "model_id",
        "Compatible Models",
        help="The models it fits; empty: unknown.",
    )

    _car_labor_hours_positive = models.Constraint(
        "CHECK (car_labor_hours >= 0)", "Standard hours cannot be negative."
    )
