from odoo import api, fields, models


class CarInspectionBelonging(models.Model):
    """A tool or article found in the car (随车物品清单)."""

    _name = "car.inspection.belonging"
    _description = "Article in the Car"
    _inherit = ["car.inspection.part.mixin"]
    _order = "inspection_id desc, sequence, id"
    _part_signature = "belongings"
    _part_afterwards = frozenset({"returned_at"})

    sequence = fields.Integer(default=10)
    name = fields.Char("Article", required=True)
    quantity = fields.Integer(default=1)
    note = fields.Char("Condition")
    place = fields.Selection(
        [("box", "In the box"), ("car", "Left in the car")],
        "Kept",
        default="box",
        required=True,
    )
    returned_at = fields.Datetime(readonly=True, copy=False)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "An article on the list is there at least once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["returned_at"] = False
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "returned_at"}
        return super().write(vals)


class CarInspectionDamage(models.Model):
    """A mark on the drawing of the car: where the damage is and what it is."""

    _name = "car.inspection.damage"
    _description = "Damage Mark"
    _inherit = ["car.inspection.part.mixin"]
    _order = "inspection_id desc, id"
    _part_signature = "intake"

    x = fields.Float("From Left (%)", required=True, digits=(5, 1))
    y = fields.Float("From Top (%)", required=True, digits=(5, 1))
    view = fields.Selection(
        [
            ("left", "Left side"),
            ("right", "Right side"),
            ("front", "Front"),
            ("rear", "Rear"),
            ("top", "Top"),
        ],
        "Side",
        compute="_compute_view",
        store=True,
        precompute=True,
    )
    kind = fields.Selection(
        [
            ("scratch", "Scratch"),
            ("dent", "Dent"),
            ("chip", "Chip"),
            ("crack", "Crack"),
            ("wear", "Wear"),
        ],
        default="scratch",
        required=True,
    )
    note = fields.Char()

    _on_drawing = models.Constraint(
        "CHECK (x >= 0 AND x <= 100 AND y >= 0 AND y <= 100)",
        "A mark lies on the drawing: between 0 and 100 %.",
    )

    @api.depends("x", "y")
    def _compute_view(self):
        """Tell the side from the place: the drawing shows the car unfolded."""
        for damage in self:
            if damage.y < 30:
                damage.view = "right"
            elif damage.y > 70:
                damage.view = "left"
            elif damage.x < 20:
                damage.view = "front"
            elif damage.x > 80:
                damage.view = "rear"
            else:
                damage.view = "top"
