from odoo import api, fields, models
from odoo.exceptions import UserError


class CarVehicleOwnerChange(models.TransientModel):
    """The car was sold: who has it now, since when, and at how many kilometers."""

    _name = "car.vehicle.owner.change"
    _description = "Change of Owner"

    vehicle_id = fields.Many2one("car.vehicle", required=True)
    former_owner_id = fields.Many2one(
        related="vehicle_id.owner_id", string="Former Owner"
    )
    owner_id = fields.Many2one("res.partner", "New Owner", required=True)
    contact_id = fields.Many2one("res.partner")
    date = fields.Date(
        "Since", required=True, default=lambda self: fields.Date.context_today(self)
    )
    odometer_km = fields.Integer("Odometer (km)")

    # === CONSTRAINT METHODS === #

    @api.constrains("date")
    def _check_date(self):
        for change in self:
            if change.date > fields.Date.context_today(change):
                raise UserError(self.env._("The change of owner lies in the future."))

    # === ACTION METHODS === #

    def action_apply(self):
        """Close the former owner's time and begin the new owner's."""
        self.ensure_one()
        vehicle = self.vehicle_id
        if self.owner_id == vehicle.owner_id:
            raise UserError(
                self.env._(
                    "%(vehicle)s belongs to this owner already.",
                    vehicle=vehicle.display_name,
                )
            )
        vehicle.with_context(car_change_date=self.date).write(
            {"owner_id": self.owner_id.id, "contact_id": self.contact_id.id}
        )
        if self.odometer_km:
            vehicle._add_reading(
                self.odometer_km, kind="owner_change", read_at=self._get_moment()
            )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_moment(self):
        """Return now for a change of today, else the beginning of its day."""
        if self.date == fields.Date.context_today(self):
            return fields.Datetime.now()
        return fields.Datetime.to_datetime(self.date)
