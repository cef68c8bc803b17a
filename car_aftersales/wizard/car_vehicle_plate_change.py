from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.vehicle.car_vehicle import PLATE_COLORS
from ..tools.plate import guess_plate_color


class CarVehiclePlateChange(models.TransientModel):
    """The car gets another plate, perhaps one that another car carried until now."""

    _name = "car.vehicle.plate.change"
    _description = "Change of License Plate"

    vehicle_id = fields.Many2one("car.vehicle", required=True)
    former_plate = fields.Char(
        related="vehicle_id.license_plate", string="Former Plate"
    )
    license_plate = fields.Char("New Plate", required=True)
    plate_color = fields.Selection(
        PLATE_COLORS, compute="_compute_plate_color", store=True, readonly=False
    )
    date = fields.Date(
        "Since", required=True, default=lambda self: fields.Date.context_today(self)
    )
    holder_ids = fields.Many2many(
        "car.vehicle", string="Carried by", compute="_compute_holder_ids"
    )

    # === COMPUTE METHODS === #

    @api.depends("license_plate")
    def _compute_plate_color(self):
        for change in self:
            change.plate_color = guess_plate_color(change.license_plate)

    @api.depends("license_plate", "plate_color", "vehicle_id")
    def _compute_holder_ids(self):
        for change in self:
            holders = change.holder_ids
            if change.license_plate and change.vehicle_id:
                holders = change.vehicle_id._find_plate_holders(
                    change.license_plate, change.plate_color
                )
            change.holder_ids = holders

    # === ACTION METHODS === #

    def action_apply(self):
        """Give the vehicle the plate and release it from the car that carried it."""
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("The change of plate lies in the future."))
        self.vehicle_id._assign_plate(self.license_plate, self.plate_color, self.date)
        return {"type": "ir.actions.act_window_close"}
