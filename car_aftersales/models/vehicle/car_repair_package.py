from odoo import api, fields, models

from .car_vehicle_model import ENERGIES


def suits(record, vehicle):
    """Tell whether model and energy of a package or line suit a vehicle."""
    return (not record.model_ids or vehicle.model_id in record.model_ids) and (
        not record.energy or record.energy == vehicle.energy
    )


class CarRepairPackage(models.Model):
    """Labor and parts that go together, such as a maintenance package.

    It fills an order in one step; where maintenance plans name it, it resets them.
    """

    _name = "car.repair.package"
    _description = "Repair Package"
    _order = "sequence, name, id"

    name = fields.Char("Package", required=True, translate=True)
    code = fields.Char(copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    system_id = fields.Many2one(
        "car.vehicle.system", "Vehicle System", index="btree_not_null"
    )
    model_ids = fields.Many2many(
        "car.vehicle.model",
        string="Models",
        help="The models it is meant for; empty: all of them.",
    )
    energy = fields.Selection(
        ENERGIES, help="The energy it is meant for; empty: all of them."
    )
    has_fixed_price = fields.Boolean(
        "Fixed Price", help="The customer pays this price, whatever goes in."
    )
    fixed_price = fields.Monetary("Package Price")
    line_ids = fields.One2many(
        "car.repair.package.line", "package_id", "Lines", copy=True
    )
    description = fields.Text(translate=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Two packages cannot share a code.",
    )
    _price_positive = models.Constraint(
        "CHECK (fixed_price >= 0)", "The price of a package cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for package in self:
            company = package.company_id or self.env.company
            package.currency_id = company.currency_id

    # === BUSINESS METHODS === #

    def _filter_for_vehicle(self, vehicle):
        """Return the packages meant for a vehicle's model and energy."""
        return self.filtered(lambda package: suits(package, vehicle))

    def _get_lines_for(self, vehicle):
        """Return the lines of the packages that go into a vehicle."""
        return self.line_ids.filtered(lambda line: suits(line, vehicle))


class CarRepairPackageLine(models.Model):
    """An operation or part of a package, perhaps for some models only."""

    _name = "car.repair.package.line"
    _description = "Repair Package Line"
    _order = "package_id, sequence, id"

    package_id = fields.Many2one(
        "car.repair.package", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="package_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict"
    )
    item_kind = fields.Selection(related="product_id.car_item_kind", string="Kind")
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    sold_hours = fields.Float(
        compute="_compute_sold_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Hours charged for the operation.",
    )
    model_ids = fields.Many2many("car.vehicle.model", string="Only for Models")
    energy = fields.Selection(ENERGIES, "Only for Energy")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity in a package must be above zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_sold_hours(self):
        for line in self:
            line.sold_hours = line.product_id.car_labor_hours
