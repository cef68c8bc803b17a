from odoo import fields, models

INSPECTION_KINDS = [
    ("intake", "Intake"),
    ("diagnosis", "Diagnosis"),
    ("health_check", "Health Check"),
    ("quality", "Quality Check"),
    ("release", "Release"),
]
DEPTHS = [
    ("reception", "Reception Check"),
    ("careful", "Careful Check"),
    ("professional", "Professional Check"),
]
DEPTH_ORDER = [depth for depth, _label in DEPTHS]
HIGH_VOLTAGE = ("hybrid", "plug_in", "electric", "fuel_cell")
WITHOUT_ENGINE = ("electric", "fuel_cell")


class CarInspectionTemplate(models.Model):
    """What is looked at in one kind of inspection, item by item."""

    _name = "car.inspection.template"
    _description = "Inspection Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(INSPECTION_KINDS, default="intake", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    type_ids = fields.Many2many(
        "car.repair.type",
        string="Order Types",
        help="Proposed for orders of these types. Empty: for all.",
    )
    line_ids = fields.One2many("car.inspection.template.line", "template_id", copy=True)

    # === BUSINESS METHODS === #

    def _get_for(self, kind, order):
        """Return the template that fits an order: one of its type before a general."""
        templates = self.search(
            [
                ("kind", "=", kind),
                ("company_id", "in", [order.company_id.id, False]),
                ("type_ids", "in", [*order.type_id.ids, False]),
            ]
        )
        return templates.sorted(lambda template: not template.type_ids)[:1]

    def _get_lines_for(self, vehicle, depth=False):
        """Return what is looked at on a car of this drive, at this depth."""
        wanted = DEPTH_ORDER.index(depth) if depth else len(DEPTH_ORDER)
        return self.line_ids.filtered(
            lambda line: (
                DEPTH_ORDER.index(line.depth) <= wanted
                and line._fits_energy(vehicle.energy)
            )
        )


class CarInspectionTemplateLine(models.Model):
    """One item to look at."""

    _name = "car.inspection.template.line"
    _description = "Inspection Template Item"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "car.inspection.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    section = fields.Char(translate=True, help="Heading under which the item stands.")
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System")
    name = fields.Char("Item", required=True, translate=True)
    unit = fields.Char(help="Unit of the value measured, such as mm or V.")
    is_required = fields.Boolean(
        "Must Be Checked",
        default=True,
        help="The inspection is not finished before this item has a result.",
    )
    depth = fields.Selection(
        DEPTHS,
        "From Depth",
        default="reception",
        required=True,
        help="The item is looked at from this depth of the inspection on.",
    )
    drive = fields.Selection(
        [("combustion", "With engine"), ("high_voltage", "With high voltage")],
        help="Only for cars of this drive. Empty: for all.",
    )

    # === BUSINESS METHODS === #

    def _fits_energy(self, energy):
        """Tell whether a car of this energy has what the item is about."""
        self.ensure_one()
        if self.drive == "combustion":
            return energy not in WITHOUT_ENGINE
        if self.drive == "high_voltage":
            return energy in HIGH_VOLTAGE
        return True

    def _prepare_inspection_line_vals(self):
        """Return the values of a result line. Extend to carry more over."""
        self.ensure_one()
        return {
            "template_line_id": self.id,
            "sequence": self.sequence,
            "section": self.section or self.system_id.name,
            "system_id": self.system_id.id,
            "name": self.name,
            "unit": self.unit,
            "is_required": self.is_required,
        }
