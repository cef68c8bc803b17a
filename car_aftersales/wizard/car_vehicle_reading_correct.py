from odoo import fields, models


class CarVehicleReadingCorrect(models.TransientModel):
    """A reading was wrong: why, and what the odometer really showed."""

    _name = "car.vehicle.reading.correct"
    _description = "Correction of an Odometer Reading"

    reading_id = fields.Many2one("car.odometer.reading", required=True)
    vehicle_id = fields.Many2one(related="reading_id.vehicle_id")
    wrong_km = fields.Integer(related="reading_id.odometer_km", string="Wrong (km)")
    read_at = fields.Datetime(related="reading_id.read_at")
    reason = fields.Char("Why It Is Wrong", required=True)
    right_km = fields.Integer(
        "Right (km)", help="Leave it empty if nobody knows what the odometer showed."
    )

    # === ACTION METHODS === #

    def action_apply(self):
        """Strike the reading out and enter the right one at the same moment."""
        self.ensure_one()
        reading = self.reading_id
        reading._strike_out(self.reason)
        if self.right_km:
            reading.vehicle_id._add_readings(
                {reading.vehicle_id: self.right_km},
                read_at=reading.read_at,
                kind=reading.kind,
                source_model=reading.source_model,
                source_id=reading.source_id,
                source_name=reading.source_name,
            )
        return {"type": "ir.actions.act_window_close"}
