from odoo import api, fields, models


class CarAppointmentLine(models.Model):
    _inherit = "car.appointment.line"

    recall_vehicle_id = fields.Many2one(
        "car.recall.vehicle",
        "Recall",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # Safe: follows from the booking.
        lines.sudo().recall_vehicle_id._follow_work()
        return lines

    def unlink(self):
        rows = self.sudo().recall_vehicle_id  # Safe: follows from the booking.
        result = super().unlink()
        rows.exists()._follow_work()
        return result

    # === BUSINESS METHODS === #

    def _create_job(self, values):
        """Let the job of a booked recall have its payer."""
        row = self.recall_vehicle_id
        if len(self) == 1 and row:
            order = self.env["car.repair.order"].browse(values["order_id"])
            known = {key: value for key, value in values.items() if key != "name"}
            values = {**row._prepare_job_vals(order), **known}
            values["recall_vehicle_id"] = row.id
        return super()._create_job(values)


class CarAppointment(models.Model):
    """A booking of a car that a recall names."""

    _inherit = "car.appointment"

    recall_ids = fields.Many2many(
        "car.recall.vehicle", string="Open Recalls", compute="_compute_recalls"
    )
    recall_text = fields.Char("Recalls to Offer", compute="_compute_recalls")
    has_mandatory_recall = fields.Boolean(compute="_compute_recalls")

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id", "line_ids")
    def _compute_recalls(self):
        """Tell what else the booked cars need, for a whole list in two queries."""
        rows = self.env["car.recall.vehicle"].search(
            fields.Domain("vehicle_id", "in", self.vehicle_id.ids)
            & self.env["car.recall.vehicle"]._get_wanted_domain(),
            order="id",
        )
        by_car = rows.grouped("vehicle_id")
        for booking in self:
            own = by_car.get(booking.vehicle_id._origin, rows.browse())
            own = own.filtered(lambda row, b=booking: row.company_id == b.company_id)
            own -= booking.line_ids.recall_vehicle_id._origin
            if booking.state not in ("draft", "confirmed", "no_show"):
                own = own.browse()
            booking.recall_ids = own
            booking.recall_text = own._get_titles()
            mandatory = own.campaign_id.filtered("is_mandatory")
            booking.has_mandatory_recall = bool(mandatory)

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # Safe: follows from the step of the booking, which was checked.
            self.sudo().line_ids.recall_vehicle_id._follow_work()
        return result

    # === ACTION METHODS === #

    def action_add_recalls(self):
        """Book the work of the open recalls too, each as a request of its own."""
        for booking in self:
            booking._add_recalls(booking.recall_ids)
        return True

    # === BUSINESS METHODS === #

    def _add_recalls(self, rows):
        """Add the requests of recalls, each once."""
        self.ensure_one()
        self._take_turn()
        self.invalidate_recordset(["line_ids"])
        rows -= self.line_ids.recall_vehicle_id
        self.env["car.appointment.line"].create(
            [{"appointment_id": self.id, **row._prepare_booking_vals()} for row in rows]
        )


class CarRecallVehicle(models.Model):
    _inherit = "car.recall.vehicle"

    # === BUSINESS METHODS === #

    def _prepare_booking_vals(self):
        """Return values of the request that books the work. Extend to add fields."""
        self.ensure_one()
        return {
            "name": self.campaign_id.display_name,
            "package_id": self.campaign_id.package_id.id,
            "recall_vehicle_id": self.id,
            "sequence": 90,
        }
