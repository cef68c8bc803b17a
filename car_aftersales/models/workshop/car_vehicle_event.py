from odoo import api, fields, models
from odoo.tools import SQL


class CarVehicleEvent(models.Model):
    _inherit = "car.vehicle.event"

    kind = fields.Selection(selection_add=[("visit", "Visit")])

    @api.model
    def _get_event_queries(self):
        return [
            *super()._get_event_queries(),
            self._select_events(
                5,
                "visit",
                "car.repair.order",
                moment=SQL("COALESCE(source.received_at, source.create_date)"),
                detail=SQL("source.name"),
                odometer_km=SQL("NULLIF(source.odometer_km, 0)"),
                condition=SQL("source.state != 'cancelled'"),
            ),
        ]
