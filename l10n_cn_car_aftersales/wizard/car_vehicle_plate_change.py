from odoo import api, fields, models

from odoo.addons.car_aftersales.tools.plate import normalize_plate


class CarVehiclePlateChange(models.TransientModel):
    _inherit = "car.vehicle.plate.change"

    plate_warning = fields.Char(compute="_compute_plate_warning")

    # === COMPUTE METHODS === #

    @api.depends("license_plate", "plate_color", "vehicle_id")
    @api.depends_context("lang", "company")
    def _compute_plate_warning(self):
        """Point a wrong plate out while it is typed, not only once it is changed."""
        rules = self.env["car.cn.plate.rule"]
        reader = None
        for change in self:
            change.plate_warning = False
            vehicle = change.vehicle_id
            if not change.license_plate or not vehicle._filter_cn_plates():
                continue
            if vehicle._get_law_company().car_cn_plate_check == "none":
                continue
            reader = reader or rules._get_reader()
            plate = normalize_plate(change.license_plate)
            problem = rules._explain(reader, plate, change.plate_color)
            change.plate_warning = problem and self.env._(
                "Please compare the plate %(plate)s with the car: %(problem)s.",
                plate=change.license_plate,
                problem=problem,
            )

    @api.depends("license_plate")
    def _compute_plate_color(self):
        """Propose the color as the rules of China have it for this kind of car."""
        result = super()._compute_plate_color()
        reader = None
        for change in self.filtered("license_plate"):
            if change.vehicle_id._filter_cn_plates():
                reader = reader or self.env["car.cn.plate.rule"]._get_reader()
                color = reader.propose_color(
                    normalize_plate(change.license_plate),
                    change.vehicle_id.model_id.plate_kind,
                )
                change.plate_color = color or change.plate_color
        return result
