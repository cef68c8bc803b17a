from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CarVehiclePeriodMixin(models.AbstractModel):
    """Something a vehicle has from one day to another: an owner, a plate.

    Rows are written by the vehicle alone; the open one has no last day.
    """

    _name = "car.vehicle.period.mixin"
    _description = "Period of a Vehicle"
    _order = "date_from desc, id desc"

    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="vehicle_id.company_id", store=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until")

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for period in self:
            if period.date_to and period.date_to < period.date_from:
                raise ValidationError(
                    self.env._(
                        "%(vehicle)s: the change cannot be dated %(date_to)s, because "
                        "the former one dates from %(date_from)s.",
                        vehicle=period.vehicle_id.display_name,
                        date_to=fields.Date.to_string(period.date_to),
                        date_from=fields.Date.to_string(period.date_from),
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_period_vals(self, vehicle):
        """Return what the vehicle has now, or nothing."""
        raise NotImplementedError

    @api.model
    def _get_first_day(self, vehicle, today):
        """Return since when a vehicle without history has what it has."""
        return today

    @api.model
    def _follow(self, vehicles, date=None):
        """End the periods that are over and open those that begin, on a day."""
        # Only the vehicle writes here, and the user may write the vehicle.
        periods = self.sudo()
        today = fields.Date.context_today(self)
        is_open = [("vehicle_id", "in", vehicles.ids), ("date_to", "=", False)]
        current = periods.search(is_open).grouped("vehicle_id")
        ended = periods.browse()
        vals_list = []
        for vehicle in vehicles.sudo():
            period = current.get(vehicle, periods)
            vals = self._prepare_period_vals(vehicle)
            if period and vals and period._has_vals(vals):
                continue
            ended |= period
            if vals:
                first = today if period else self._get_first_day(vehicle, today)
                vals.update(vehicle_id=vehicle.id, date_from=date or first)
                vals_list.append(vals)
        ended.write({"date_to": date or today})
        ended.flush_recordset(["date_to"])
        periods.create(vals_list)

    def _has_vals(self, vals):
        """Tell whether the period says the same as the values."""
        self.ensure_one()
        record = self._convert_to_write({name: self[name] for name in vals})
        return all((record[name] or False) == (vals[name] or False) for name in vals)
