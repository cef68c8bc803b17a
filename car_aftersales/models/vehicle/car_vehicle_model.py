from odoo import api, fields, models

VEHICLE_CLASSES = [
    ("sedan", "Sedan"),
    ("hatchback", "Hatchback"),
    ("wagon", "Station Wagon"),
    ("suv", "SUV"),
    ("mpv", "MPV"),
    ("sports", "Sports Car"),
    ("pickup", "Pickup"),
    ("van", "Van"),
    ("bus", "Bus"),
    ("truck", "Truck"),
    ("trailer", "Trailer"),
    ("motorcycle", "Motorcycle"),
    ("other", "Other"),
]
ENERGIES = [
    ("petrol", "Petrol"),
    ("diesel", "Diesel"),
    ("hybrid", "Hybrid"),
    ("plug_in", "Plug-in Hybrid"),
    ("electric", "Electric"),
    ("fuel_cell", "Fuel Cell"),
    ("gas", "Gas"),
]


class CarVehicleModel(models.Model):
    """A model of a brand: what packages, prices and compatible parts are tied to."""

    _name = "car.vehicle.model"
    _description = "Vehicle Model"
    _order = "brand_id, name, id"
    _rec_names_search = ["name", "brand_id.name"]

    name = fields.Char("Model", required=True)
    brand_id = fields.Many2one(
        "car.vehicle.brand", required=True, index=True, ondelete="restrict"
    )
    vehicle_class = fields.Selection(VEHICLE_CLASSES)
    energy = fields.Selection(ENERGIES)
    plan_id = fields.Many2one(
        "car.maintenance.plan",
        "Maintenance Plan",
        index="btree_not_null",
        help="Vehicles of this model follow this plan unless they have another one.",
    )
    active = fields.Boolean(default=True)
    vehicle_ids = fields.One2many("car.vehicle", "model_id", "Vehicles")
    vehicle_count = fields.Integer(
        "Number of Vehicles", compute="_compute_vehicle_count"
    )

    _name_uniq = models.UniqueIndex(
        "(brand_id, lower(name))", "This brand already has a model of this name."
    )

    # === COMPUTE METHODS === #

    @api.depends("vehicle_ids")
    def _compute_vehicle_count(self):
        counts = dict(
            self.env["car.vehicle"]._read_group(
                [("model_id", "in", self.ids)], ["model_id"], ["__count"]
            )
        )
        for model in self:
            model.vehicle_count = counts.get(model, 0)

    @api.depends("name", "brand_id.name")
    def _compute_display_name(self):
        for model in self:
            model.display_name = f"{model.brand_id.name or ''} {model.name or ''}"

    # === CRUD METHODS === #

    def write(self, vals):
        """Give a new plan to the vehicles that had none or the model's former one."""
        vehicles = self.env["car.vehicle"]
        if "plan_id" in vals:
            # The supervisor changes the plan for all sites, shared cars included.
            everywhere = vehicles.sudo().with_context(active_test=False)
            for former, models_ in self.grouped("plan_id").items():
                vehicles |= everywhere.search(
                    [
                        ("model_id", "in", models_.ids),
                        ("plan_id", "in", [False, former.id]),
                    ]
                )
        result = super().write(vals)
        if vehicles:
            vehicles.write({"plan_id": vals["plan_id"]})
        return result

    # === ACTION METHODS === #

    def action_view_vehicles(self):
        """Open the vehicles of this model."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_vehicle_action"
        )
        action["domain"] = [("model_id", "=", self.id)]
        action["context"] = {"default_model_id": self.id}
        return action
