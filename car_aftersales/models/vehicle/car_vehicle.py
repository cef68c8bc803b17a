from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.plate import guess_plate_color, normalize_plate, tidy_plate
from ...tools.vin import LENGTH, find_vin_error, has_check_digit, normalize_vin

CUSTOMER_DATA = "car_aftersales.car_aftersales_group_customer_data"
PLATE_COLORS = [
    ("blue", "Blue"),
    ("yellow", "Yellow"),
    ("green", "Green"),
    ("yellow_green", "Yellow and Green"),
    ("white", "White"),
    ("black", "Black"),
    ("other", "Other"),
]


class CarVehicle(models.Model):
    """A customer's car. Its identity is the VIN; plates, owners and readings change.

    The advisor keeps it; the technician sees it without its people. A car that was
    once here is archived, never deleted.
    """

    _name = "car.vehicle"
    _description = "Vehicle"
    _inherit = ["car.confidential.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "plate_key, id"

    # identity
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Leave it empty to share the vehicle between the companies.",
    )
    license_plate = fields.Char(copy=False, tracking=True)
    plate_key = fields.Char(
        "Plate for Search",
        compute="_compute_plate_key",
        store=True,
        precompute=True,
        index="trigram",
        help="The plate in capitals without spaces, dashes and dots.",
    )
    plate_color = fields.Selection(
        PLATE_COLORS,
        compute="_compute_plate_color",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="Numbers repeat between the colors.",
    )
    plate_country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id
    )
    vin = fields.Char("VIN", copy=False, index="trigram", tracking=True)
    vin_warning = fields.Char("VIN Warning", compute="_compute_vin_warning")
    engine_number = fields.Char(copy=False)

    # kind
    model_id = fields.Many2one(
        "car.vehicle.model", required=True, index=True, ondelete="restrict"
    )
    brand_id = fields.Many2one(related="model_id.brand_id", store=True, index=True)
    vehicle_class = fields.Selection(related="model_id.vehicle_class", store=True)
    energy = fields.Selection(related="model_id.energy", store=True)
    model_year = fields.Integer()
    color = fields.Char()
    is_sold_by_us = fields.Boolean("Bought from Us")
    note = fields.Text("Notes on the Vehicle")

    # people
    owner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups=CUSTOMER_DATA,
    )
    owner_phone = fields.Char(
        related="owner_id.phone",
        string="Phone of the Owner",
        tracking=False,
        groups=CUSTOMER_DATA,
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        copy=False,
        groups=CUSTOMER_DATA,
        help="Whom to call about this vehicle, if it is not the owner.",
    )

    # dates
    purchase_date = fields.Date()
    first_registration_date = fields.Date("First Registration")
    inspection_due_date = fields.Date("Annual Inspection Due")

    _in_order = models.Index("(plate_key, id)")
    _vin_uniq = models.UniqueIndex(
        "(vin, COALESCE(company_id, 0)) WHERE vin IS NOT NULL",
        "Another vehicle, perhaps an archived one, has this VIN already.",
    )
    _plate_uniq = models.UniqueIndex(
        "(plate_key, COALESCE(plate_color, ''), COALESCE(plate_country_id, 0), "
        "COALESCE(company_id, 0)) WHERE active AND plate_key IS NOT NULL",
        "Another active vehicle carries this license plate. “Change Plate” takes it "
        "over from that vehicle in one step.",
    )
    _plate_key_prefix = models.Index("(plate_key text_pattern_ops)")
    _vin_prefix = models.Index("(vin text_pattern_ops)")
    _inspection_due = models.Index(
        "(inspection_due_date) WHERE inspection_due_date IS NOT NULL"
    )

    # === COMPUTE METHODS === #

    @api.depends("license_plate", "vin", "model_id.display_name")
    def _compute_display_name(self):
        """Name the car by plate, else VIN, and model; never by its people."""
        for vehicle in self:
            sign = vehicle.license_plate or vehicle.vin or self.env._("No plate")
            model = vehicle.model_id.display_name or ""
            vehicle.display_name = f"{sign} {model}".strip()

    @api.depends("license_plate")
    def _compute_plate_key(self):
        for vehicle in self:
            vehicle.plate_key = normalize_plate(vehicle.license_plate) or False

    @api.depends("license_plate")
    def _compute_plate_color(self):
        for vehicle in self:
            vehicle.plate_color = guess_plate_color(vehicle.license_plate)

    @api.depends("vin")
    def _compute_vin_warning(self):
        warning = self.env._(
            "The check digit of this VIN is wrong. Please compare it with the car: "
            "genuine European numbers may fail this check, typing errors do too."
        )
        for vehicle in self:
            vin = vehicle.vin
            suspicious = vin and not find_vin_error(vin) and not has_check_digit(vin)
            vehicle.vin_warning = warning if suspicious else False

    # === CONSTRAINT METHODS === #

    @api.constrains("vin", "company_id")
    def _check_vin(self):
        for vehicle in self:
            company = vehicle.company_id or self.env.company
            if not (vehicle.vin and company.sudo().car_vin_is_strict):
                continue
            if message := self._get_vin_error(vehicle.vin):
                raise ValidationError(message)

    @api.constrains("model_year")
    def _check_model_year(self):
        for vehicle in self:
            if vehicle.model_year and not 1885 <= vehicle.model_year <= 2200:
                raise ValidationError(
                    self.env._("%(year)s is not a model year.", year=vehicle.model_year)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._tidy_identity(vals) for vals in vals_list]
        odometers = [vals.pop("odometer_km", None) for vals in vals_list]
        # A plate given up in the same breath must be free in the index, too.
        self.flush_model(["active", "plate_key"])
        vehicles = super().create(vals_list)
        vehicles._follow_people_and_plates({"owner_id", "license_plate"})
        vehicles._add_readings(
            {
                vehicle: odometer_km
                for vehicle, odometer_km in zip(vehicles, odometers)
                if odometer_km
            }
        )
        return vehicles

    def write(self, vals):
        """Keep the history: a new owner or plate ends the former one's time."""
        vals = self._tidy_identity(vals)
        odometer_km = vals.pop("odometer_km", None)
        if "owner_id" in vals and "contact_id" not in vals:
            moved = self.filtered(
                lambda vehicle: vehicle.sudo().owner_id.id != vals["owner_id"]
            )
            # The former owner's people must not be called about the car any more.
            super(CarVehicle, moved.filtered("contact_id")).write({"contact_id": False})
        result = super().write(vals) if vals else True
        self._follow_people_and_plates(vals.keys())
        if odometer_km is not None:
            self._add_readings(
                {
                    vehicle: odometer_km
                    for vehicle in self
                    if vehicle.odometer_km != odometer_km
                }
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        for vehicle in self:
            if reasons := vehicle.sudo()._get_history_reasons():
                raise UserError(
                    self.env._(
                        "%(vehicle)s cannot be deleted: it has %(reasons)s. "
                        "Archive it instead.",
                        vehicle=vehicle.display_name,
                        reasons=", ".join(reasons),
                    )
                )

    # === ACTION METHODS === #

    def action_view_readings(self):
        """Open the odometer readings of this vehicle."""
        return self._open_of_vehicle("car_aftersales.car_odometer_reading_action")

    def action_view_events(self):
        """Open all that happened to this vehicle, the newest first."""
        return self._open_of_vehicle("car_aftersales.car_vehicle_event_action")

    # === BUSINESS METHODS === #

    def _open_of_vehicle(self, xml_id):
        """Return an action narrowed to this vehicle."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("vehicle_id", "=", self.id)]
        action["context"] = {"default_vehicle_id": self.id}
        return action

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Close the chatter to those who may not see customers: it speaks of them."""
        if self.env.user.has_group(CUSTOMER_DATA):
            return super()._mail_get_operation_for_mail_message_operation(
                message_operation
            )
        return dict.fromkeys(self, "write")

    @api.model
    def _tidy_identity(self, vals):
        """Return a copy of the values with plate and VIN in their one spelling."""
        vals = dict(vals)
        if "license_plate" in vals:
            vals["license_plate"] = tidy_plate(vals["license_plate"]) or False
        if "vin" in vals:
            vals["vin"] = normalize_vin(vals["vin"]) or False
        return vals

    @api.model
    def _get_vin_error(self, vin):
        """Return what is wrong with a normalized VIN, in plain words, or False."""
        error = find_vin_error(vin)
        if error == "length":
            return self.env._(
                "VIN “%(vin)s” has %(count)s characters instead of %(expected)s.",
                vin=vin,
                count=len(vin),
                expected=LENGTH,
            )
        if error == "letters":
            return self.env._(
                "VIN “%(vin)s” may only have digits and the letters A to Z without "
                "I, O and Q.",
                vin=vin,
            )
        if error == "same":
            return self.env._("VIN “%(vin)s” repeats one sign.", vin=vin)
        return False

    def _follow_people_and_plates(self, changed):
        """Write the history of what changed; the right on the vehicle suffices."""
        date = self.env.context.get("car_change_date")
        if "owner_id" in changed:
            self.env["car.vehicle.ownership"]._follow(self, date)
        if changed & {"license_plate", "plate_color", "plate_country_id"}:
            self.env["car.vehicle.plate"]._follow(self, date)

    def _get_history_reasons(self):
        """Return in plain words what forbids deleting; upper layers add theirs."""
        self.ensure_one()
        reasons = []
        if self.reading_ids:
            reasons.append(self.env._("odometer readings"))
        if self.service_record_ids:
            reasons.append(self.env._("services"))
        if len(self.ownership_ids) > 1:
            reasons.append(self.env._("former owners"))
        return reasons
