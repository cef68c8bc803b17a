from odoo import api, fields, models

from ...tools.plate import guess_plate_color, normalize_plate
from .car_vehicle import PLATE_COLORS


class CarVehiclePlate(models.Model):
    """A license plate and the days on which the vehicle carried it."""

    _name = "car.vehicle.plate"
    _description = "License Plate History"
    _inherit = "car.vehicle.period.mixin"
    _rec_name = "license_plate"

    license_plate = fields.Char(required=True)
    plate_color = fields.Selection(PLATE_COLORS)
    plate_country_id = fields.Many2one("res.country")

    _open_uniq = models.UniqueIndex(
        "(vehicle_id) WHERE date_to IS NULL", "A vehicle carries one plate at a time."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_period_vals(self, vehicle):
        if not vehicle.license_plate:
            return {}
        return {
            "license_plate": vehicle.license_plate,
            "plate_color": vehicle.plate_color,
            "plate_country_id": vehicle.plate_country_id.id,
        }


class CarVehicle(models.Model):
    """Giving a vehicle a plate that another one carried."""

    _inherit = "car.vehicle"

    plate_ids = fields.One2many("car.vehicle.plate", "vehicle_id", "Plates")

    # === ACTION METHODS === #

    def action_change_plate(self):
        """Ask for the new plate, which another vehicle may have carried."""
        return self._open_of_vehicle("car_aftersales.car_vehicle_plate_change_action")

    # === BUSINESS METHODS === #

    def _assign_plate(self, license_plate, plate_color=None, date=None):
        """Give the vehicle a plate, releasing it from the one that carries it now.

        :param date: the day from which it holds; today by default.
        :return: the vehicles that lost the plate.
        """
        self.ensure_one()
        color = plate_color or guess_plate_color(license_plate)
        # The holder may be a car this user does not see; it only loses the plate.
        holders = self.sudo()._find_plate_holders(license_plate, color)
        holders.with_context(car_change_date=date).write({"license_plate": False})
        holders.flush_recordset()
        vals = {"license_plate": license_plate, "plate_color": color}
        self.with_context(car_change_date=date).write(vals)
        return holders

    def _find_plate_holders(self, license_plate, plate_color=None):
        """Return the other active vehicles of the same company that carry a plate."""
        return self.search(
            [
                ("plate_key", "=", normalize_plate(license_plate)),
                ("plate_color", "=", plate_color or False),
                ("plate_country_id", "=", self.plate_country_id.id),
                ("company_id", "=", self.company_id.id),
                ("id", "not in", self.ids),
            ]
        )
