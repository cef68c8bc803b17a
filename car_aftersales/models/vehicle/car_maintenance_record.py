from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CarMaintenanceRecord(models.Model):
    """A service that was done, here or elsewhere: it resets what plans ask for."""

    _name = "car.maintenance.record"
    _description = "Service Done"
    _order = "date desc, id desc"
    _rec_name = "date"

    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="vehicle_id.company_id", store=True)
    active = fields.Boolean(default=True, help="An archived service does not count.")
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    odometer_km = fields.Integer("Odometer (km)", required=True, aggregator=None)
    package_ids = fields.Many2many(
        "car.repair.package", string="Packages", required=True
    )
    note = fields.Char()

    # elsewhere
    is_elsewhere = fields.Boolean("Done Elsewhere")
    workshop_name = fields.Char("Done By")
    paper = fields.Binary(attachment=True, help="Invoice, stamp page or photo of it.")
    paper_name = fields.Char("Name of the Paper")

    # source
    source_model = fields.Char("Model of the Document", readonly=True)
    source_id = fields.Many2oneReference(
        "Document ID", model_field="source_model", readonly=True
    )
    source_name = fields.Char("Document", readonly=True)

    _vehicle_date = models.Index("(vehicle_id, date DESC)")
    _km_positive = models.Constraint(
        "CHECK (odometer_km >= 0)", "An odometer does not show less than zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("package_ids.name", "date")
    def _compute_display_name(self):
        for record in self:
            names = ", ".join(record.package_ids.mapped("name"))
            record.display_name = f"{fields.Date.to_string(record.date) or ''} {names}"

    # === CONSTRAINT METHODS === #

    @api.constrains("date", "is_elsewhere")
    def _check_date(self):
        for record in self:
            if record.date > fields.Date.context_today(record):
                raise ValidationError(
                    self.env._("A service that was done cannot lie in the future.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        elsewhere = records.filtered(lambda record: record.is_elsewhere)
        self.env["car.odometer.reading"].create(
            [record._prepare_reading_vals() for record in elsewhere]
        )
        return records

    # === BUSINESS METHODS === #

    def _prepare_reading_vals(self):
        """Return the reading that the paper of a service elsewhere proves."""
        return {
            "vehicle_id": self.vehicle_id.id,
            "odometer_km": self.odometer_km,
            "read_at": fields.Datetime.to_datetime(self.date),
            "kind": "elsewhere",
            "source_model": self._name,
            "source_id": self.id,
            "source_name": self.workshop_name or self.display_name,
        }
