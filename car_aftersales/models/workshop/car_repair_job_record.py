from odoo import api, fields, models


class CarRepairJob(models.Model):
    """What the technician writes down, and what helps him."""

    _inherit = "car.repair.job"

    fault_codes = fields.Char(copy=False, help="As read from the car, e.g. P0301.")
    serials_fitted = fields.Text(
        copy=False, help="Serial numbers of parts fitted that stock does not track."
    )
    measurement_ids = fields.One2many(
        "car.repair.measurement", "job_id", "Measured Values", copy=False
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        string="Manuals",
        compute="_compute_document_ids",
        compute_sudo=True,
        help="Of the operations of this job and of the model of the car.",
    )
    earlier_count = fields.Integer(
        "Earlier Jobs", compute="_compute_earlier_count", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    def _compute_document_ids(self):
        """Collect the manuals of operations and model, in one query each."""
        products = self.line_ids.product_id.product_tmpl_id
        models_ = self.vehicle_id.model_id
        for job in self:
            own = job.line_ids.product_id.product_tmpl_id & products
            job.document_ids = (
                own.car_document_ids | (job.vehicle_id.model_id & models_).document_ids
            )

    def _compute_earlier_count(self):
        counts = dict(
            self._read_group(
                [
                    ("vehicle_id", "in", self.vehicle_id.ids),
                    ("state", "in", ["done", "passed"]),
                ],
                ["vehicle_id"],
                ["__count"],
            )
        )
        for job in self:
            own = job.state in ("done", "passed")
            job.earlier_count = counts.get(job.vehicle_id, 0) - own

    # === ACTION METHODS === #

    def action_show_earlier(self):
        """Show what was done on this car before, without prices and customers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier Work on This Car"),
            "res_model": "car.repair.job",
            "view_mode": "list,form",
            "domain": [
                ("vehicle_id", "=", self.vehicle_id.id),
                ("state", "in", ["done", "passed"]),
                ("id", "!=", self.id),
            ],
        }


class CarRepairMeasurement(models.Model):
    """A value measured on the car: brake lining, battery voltage, tire tread..."""

    _name = "car.repair.measurement"
    _description = "Measured Value"
    _order = "job_id, id"

    job_id = fields.Many2one(
        "car.repair.job", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char("What Was Measured", required=True)
    value = fields.Char(required=True, help="With its unit, e.g. 12.4 V.")
    limit_value = fields.Char("Limit")
    is_ok = fields.Boolean("In Order", default=True)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.job_id._check_kept({"cause": True})
        return records

    def write(self, vals):
        self.job_id._check_kept({"cause": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self.job_id._check_kept({"cause": True})
