from odoo import api, fields, models


class CarVehicleBrand(models.Model):
    """A maker's name on the car."""

    _name = "car.vehicle.brand"
    _description = "Vehicle Brand"
    _order = "name, id"

    name = fields.Char("Brand", required=True)
    active = fields.Boolean(default=True)
    image_128 = fields.Image("Logo", max_width=128, max_height=128)
    model_ids = fields.One2many("car.vehicle.model", "brand_id", "Models")
    model_count = fields.Integer("Number of Models", compute="_compute_model_count")

    _name_uniq = models.UniqueIndex("(lower(name))", "This brand exists already.")

    # === COMPUTE METHODS === #

    @api.depends("model_ids")
    def _compute_model_count(self):
        counts = dict(
            self.env["car.vehicle.model"]._read_group(
                [("brand_id", "in", self.ids)], ["brand_id"], ["__count"]
            )
        )
        for brand in self:
            brand.model_count = counts.get(brand, 0)

    # === ACTION METHODS === #

    def action_view_models(self):
        """Open the models of this brand."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_vehicle_model_action"
        )
        action["domain"] = [("brand_id", "=", self.id)]
        action["context"] = {"default_brand_id": self.id}
        return action
