from odoo import api, fields, models
from odoo.exceptions import UserError


class CarOdometerReading(models.Model):
    """What the odometer showed at a moment, in kilometers.

    A reading is never changed or deleted. A wrong one is struck out with a reason; a
    lower one than before says why it is lower.
    """

    _name = "car.odometer.reading"
    _description = "Odometer Reading"
    _order = "read_at desc, id desc"
    _rec_name = "odometer_km"

    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="vehicle_id.company_id", store=True)
    odometer_km = fields.Integer("Odometer (km)", required=True, aggregator=None)
    read_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())

    # source
    kind = fields.Selection(
        [
            ("manual", "Entered by Hand"),
            ("import", "Imported"),
            ("repair_order", "Visit"),
            ("elsewhere", "Service Elsewhere"),
            ("owner_change", "Change of Owner"),
        ],
        "Source",
        required=True,
        default="manual",
    )
    source_model = fields.Char("Model of the Document", readonly=True)
    source_id = fields.Many2oneReference(
        "Document ID", model_field="source_model", readonly=True
    )
    source_name = fields.Char("Document", readonly=True)

    # lower than before
    lower_reason = fields.Selection(
        [
            ("cluster_replaced", "Instrument cluster replaced"),
            ("earlier_wrong", "Earlier reading was a typing error"),
            ("other", "Other reason"),
        ],
        "Reason for a Lower Value",
    )
    lower_note = fields.Char("Explanation")
    lower_by_km = fields.Integer("Lower by (km)", readonly=True, aggregator=None)

    # struck out
    is_struck = fields.Boolean("Struck Out", readonly=True)
    struck_reason = fields.Char("Struck Out Because", readonly=True)
    struck_at = fields.Datetime("Struck Out At", readonly=True)
    struck_by_id = fields.Many2one("res.users", "Struck Out By", readonly=True)

    _vehicle_read = models.Index("(vehicle_id, read_at DESC)")
    _km_positive = models.Constraint(
        "CHECK (odometer_km >= 0)", "An odometer does not show less than zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("odometer_km")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = self.env._("%(km)s km", km=reading.odometer_km)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        self._place_in_time(vals_list)
        readings = super().create(vals_list)
        for reading in readings:
            if reading.lower_reason == "earlier_wrong":
                reading._get_disproved()._strike_out(
                    self.env._("Disproved by %(km)s km.", km=reading.odometer_km)
                )
        return readings

    def write(self, vals):
        """Refuse to change what was read; only striking out is possible."""
        if vals.keys() & {"is_struck", "struck_reason", "struck_at", "struck_by_id"}:
            raise UserError(
                self.env._("Strike a reading out with “Strike Out” and a reason.")
            )
        if vals.keys() & {"odometer_km", "read_at", "vehicle_id", "lower_by_km"}:
            raise UserError(
                self.env._(
                    "A reading is not changed. Strike it out with a reason and enter "
                    "the right one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A reading is not deleted. Strike it out with a reason.")
        )

    # === ACTION METHODS === #

    def action_strike_out(self):
        """Ask why the reading is wrong and what the odometer really showed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_vehicle_reading_correct_action"
        )
        action["context"] = {"default_reading_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _strike_out(self, reason):
        """Take the readings out of all figures, keeping them and the reason."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the reading is struck out."))
        self.check_access("write")
        # Past our own write(), which refuses it to everybody.
        return super().write(  # pylint: disable=super-method-mismatch
            {
                "is_struck": True,
                "struck_reason": reason,
                "struck_at": fields.Datetime.now(),
                "struck_by_id": self.env.uid,
            }
        )

    def _get_disproved(self):
        """Return the earlier, higher readings that a typing error explains."""
        self.ensure_one()
        return self.search(
            [
                ("vehicle_id", "=", self.vehicle_id.id),
                ("is_struck", "=", False),
                ("read_at", "<=", self.read_at),
                ("odometer_km", ">", self.odometer_km),
                ("id", "!=", self.id),
            ]
        )

    @api.model
    def _place_in_time(self, vals_list):
        """Check each new reading against the one before and the one after it."""
        vehicle_ids = [vals["vehicle_id"] for vals in vals_list]
        known = {vehicle_id: [] for vehicle_id in vehicle_ids}
        # Readings of a vehicle the user may write, whatever rule hides them.
        for reading in self.sudo().search_fetch(
            [("vehicle_id", "in", vehicle_ids), ("is_struck", "=", False)],
            ["vehicle_id", "read_at", "odometer_km"],
            order="read_at, id",
        ):
            known[reading.vehicle_id.id].append((reading.read_at, reading.odometer_km))
        for vals in vals_list:
            read_at = fields.Datetime.to_datetime(vals["read_at"])
            odometer_km = vals["odometer_km"]
            others = known[vals["vehicle_id"]]
            before = [km for moment, km in others if moment <= read_at][-1:]
            after = [km for moment, km in others if moment > read_at][:1]
            if before and odometer_km < before[0]:
                vals["lower_by_km"] = before[0] - odometer_km
            if not vals.get("lower_reason"):
                self._check_order(vals, before, after)
            others.append((read_at, odometer_km))
            others.sort(key=lambda item: item[0])

    def _check_order(self, vals, before, after):
        """Refuse a value that runs backwards without a reason."""
        vehicle = self.env["car.vehicle"].browse(vals["vehicle_id"])
        figures = {"vehicle": vehicle.display_name, "km": vals["odometer_km"]}
        if before and vals["odometer_km"] < before[0]:
            raise UserError(
                self.env._(
                    "%(vehicle)s: %(km)s km is less than the %(before)s km read "
                    "before. Give a reason for the lower value.",
                    before=before[0],
                    **figures,
                )
            )
        if after and vals["odometer_km"] > after[0]:
            raise UserError(
                self.env._(
                    "%(vehicle)s: %(km)s km is more than the %(after)s km read later. "
                    "Strike the wrong reading out or give a reason.",
                    after=after[0],
                    **figures,
                )
            )
