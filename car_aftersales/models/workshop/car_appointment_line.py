from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CarAppointmentLine(models.Model):
    """Something the customer asks for: a package, an operation, or words."""

    _name = "car.appointment.line"
    _description = "Requested Item"
    _order = "appointment_id, sequence, id"
    _check_company_auto = True

    appointment_id = fields.Many2one(
        "car.appointment",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="appointment_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    package_id = fields.Many2one("car.repair.package", check_company=True)
    product_id = fields.Many2one(
        "product.product",
        "Operation",
        check_company=True,
        domain=[("car_item_kind", "!=", False)],
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    name = fields.Char("In Words", help="In the customer's own words.")
    title = fields.Char(compute="_compute_title")
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Standard hours on this model.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0 AND hours >= 0)",
        "Quantity and hours of a request are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("package_id", "product_id", "name")
    @api.depends_context("lang")
    def _compute_title(self):
        for line in self:
            line.title = line.name or line.package_id.name or line.product_id.name

    @api.depends(
        "package_id",
        "product_id",
        "quantity",
        "appointment_id.vehicle_id",
        "appointment_id.model_id",
    )
    def _compute_hours(self):
        """Add up the standard hours on the car's model, for all lines in one query."""
        operations = {line: line._get_operations() for line in self}
        times = self.env["car.labor.time"]._get_hours(
            {
                (product, line.appointment_id.model_id)
                for line, found in operations.items()
                for product, _hours in found
            }
        )
        for line in self:
            if not (line.package_id or line.product_id):
                line.hours = line.hours or line.company_id.sudo().car_booking_hours
                continue
            model = line.appointment_id.model_id
            line.hours = sum(
                hours or times[product, model] for product, hours in operations[line]
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("package_id", "product_id", "name")
    def _check_content(self):
        for line in self:
            if not (line.package_id or line.product_id or line.name):
                raise ValidationError(
                    self.env._(
                        "%(appointment)s: choose a package or an operation, or write "
                        "down what the customer asks for.",
                        appointment=line.appointment_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.appointment_id._check_closed({"line_ids": True})
        lines.appointment_id._follow_lines()
        return lines

    def write(self, vals):
        self.appointment_id._check_closed({"line_ids": True})
        result = super().write(vals)
        self.appointment_id._follow_lines()
        return result

    def unlink(self):
        appointments = self.appointment_id
        appointments._check_closed({"line_ids": True})
        result = super().unlink()
        appointments.exists()._follow_lines()
        return result

    # === BUSINESS METHODS === #

    def _get_package_lines(self):
        """Return what the package holds for the car, or for its model."""
        self.ensure_one()
        appointment = self.appointment_id
        vehicle = appointment.vehicle_id or self.env["car.vehicle"].new(
            {"model_id": appointment.model_id.id}
        )
        return self.package_id._get_lines_for(vehicle)

    def _get_operations(self):
        """Return the work of a line as (operation, hours if the package names them)."""
        self.ensure_one()
        product = self.product_id
        if self.package_id:
            return [
                (line.product_id, line.sold_hours)
                for line in self._get_package_lines()
                if line.item_kind == "labor"
            ]
        if product and product.car_item_kind == "labor":
            return [(product, 0.0)]
        return []

    def _get_parts(self):
        """Return the parts of a line as (product, quantity)."""
        self.ensure_one()
        if self.package_id:
            return [
                (line.product_id, line.quantity)
                for line in self._get_package_lines()
                if line.product_id.type == "consu"
            ]
        if self.product_id.type == "consu":
            return [(self.product_id, self.quantity)]
        return []
