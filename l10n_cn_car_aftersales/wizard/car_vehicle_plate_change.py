from odoo import api, models

from odoo.addons.car_aftersales.tools.plate import normalize_plate


class CarVehiclePlateChange(models.TransientModel):
    _inherit = "car.vehicle.plate.change"

    # === COMPUTE METHODS === #

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
