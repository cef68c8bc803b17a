from odoo import api, fields, models

from .car_vehicle import CUSTOMER_DATA


class CarVehicleOwnership(models.Model):
    """An owner and the days on which the vehicle was his.

    The history of the car stays with the car; what is private stays with the owner.
    """

    _name = "car.vehicle.ownership"
    _description = "Vehicle Ownership"
    _inherit = ["car.confidential.mixin", "car.vehicle.period.mixin"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Owner", required=True, index=True, ondelete="restrict"
    )
    phone = fields.Char(related="partner_id.phone")
    note = fields.Char()

    _open_uniq = models.UniqueIndex(
        "(vehicle_id) WHERE date_to IS NULL", "A vehicle has one owner at a time."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_period_vals(self, vehicle):
        return {"partner_id": vehicle.owner_id.id} if vehicle.owner_id else {}

    @api.model
    def _get_first_day(self, vehicle, today):
        bought = vehicle.purchase_date
        return bought if bought and bought < today else today


class CarVehicle(models.Model):
    """The owners of a vehicle, the present one and those before."""

    _inherit = "car.vehicle"

    ownership_ids = fields.One2many(
        "car.vehicle.ownership", "vehicle_id", "Owners", groups=CUSTOMER_DATA
    )
    ownership_count = fields.Integer(
        "Number of Owners", compute="_compute_ownership_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends("ownership_ids")
    def _compute_ownership_count(self):
        counts = dict(
            self.env["car.vehicle.ownership"]._read_group(
                [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.ownership_count = counts.get(vehicle, 0)

    # === ACTION METHODS === #

    def action_view_owners(self):
        """Open the present and former owners of this vehicle."""
        return self._open_of_vehicle("car_aftersales.car_vehicle_ownership_action")

    def action_change_owner(self):
        """Ask for the new owner, the day and the odometer."""
        return self._open_of_vehicle("car_aftersales.car_vehicle_owner_change_action")
