from odoo import api, fields, models

# Two readings closer than this say little about the kilometers per day.
DAYS_APART = 30


class CarVehicle(models.Model):
    """What the odometer of a vehicle showed, and how far it runs in a day."""

    _inherit = "car.vehicle"

    reading_ids = fields.One2many("car.odometer.reading", "vehicle_id", "Readings")
    reading_count = fields.Integer(
        "Number of Readings", compute="_compute_reading_count"
    )
    odometer_km = fields.Integer(
        "Odometer (km)",
        compute="_compute_odometer",
        store=True,
        readonly=False,
        copy=False,
        aggregator=None,
        help="The newest valid reading. Writing it adds a reading.",
    )
    odometer_at = fields.Datetime("Last Read", compute="_compute_odometer", store=True)
    odometer_offset_km = fields.Integer(
        "Run Before the Present Odometer (km)",
        compute="_compute_odometer",
        store=True,
        aggregator=None,
        help="What replaced instrument clusters had counted.",
    )
    km_per_day = fields.Float(
        "Kilometers per Day",
        compute="_compute_odometer",
        store=True,
        digits=(8, 1),
        aggregator="avg",
    )

    # === COMPUTE METHODS === #

    @api.depends("reading_ids")
    def _compute_reading_count(self):
        counts = dict(
            self.env["car.odometer.reading"]._read_group(
                [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.reading_count = counts.get(vehicle, 0)

    @api.depends(
        "reading_ids.odometer_km", "reading_ids.read_at", "reading_ids.is_struck"
    )
    def _compute_odometer(self):
        for vehicle in self:
            run = vehicle._get_run()
            newest = run[-1][0] if run else self.env["car.odometer.reading"]
            vehicle.odometer_km = newest.odometer_km
            vehicle.odometer_at = newest.read_at
            vehicle.odometer_offset_km = run[-1][1] - newest.odometer_km if run else 0
            vehicle.km_per_day = vehicle._get_km_per_day(run)

    # === BUSINESS METHODS === #

    def _add_readings(self, km_by_vehicle, **values):
        """Write down what the odometers show now.

        :param km_by_vehicle: kilometers of each vehicle.
        :param values: what else the readings say: ``read_at``, ``kind``,
            ``lower_reason``, ``lower_note``.
        """
        kind = "import" if self.env.context.get("import_file") else "manual"
        return self.env["car.odometer.reading"].create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "odometer_km": odometer_km,
                    "kind": kind,
                    **values,
                }
                for vehicle, odometer_km in km_by_vehicle.items()
            ]
        )

    def _add_reading(self, odometer_km, source=None, **values):
        """Write down what the odometer shows at a visit or call.

        :param source: the document it comes from.
        :param values: ``read_at``, ``kind``, ``lower_reason``, ``lower_note``.
        :return: the new reading.
        """
        self.ensure_one()
        if source:
            values.update(self._prepare_source_vals(source))
        return self._add_readings({self: odometer_km}, **values)

    @api.model
    def _prepare_source_vals(self, source):
        """Return the fields of a reading or service that name its document."""
        return {
            "source_model": source._name,
            "source_id": source.id,
            "source_name": source.display_name,
        }

    def _get_run(self):
        """Return valid readings in order of time with the total km run until each."""
        self.ensure_one()
        valid = self.reading_ids.filtered(lambda reading: not reading.is_struck)
        offset_km = 0
        run = []
        for reading in valid.sorted(lambda reading: (reading.read_at, reading.id)):
            if reading.lower_reason == "cluster_replaced":
                offset_km += reading.lower_by_km
            run.append((reading, reading.odometer_km + offset_km))
        return run

    @api.model
    def _get_km_per_day(self, run):
        """Return the km per day between two readings, 30 days apart if possible.

        Readings before the last drop of the total do not count.
        """
        if len(run) < 2:
            return 0.0
        newest, newest_km = run[-1]
        low = newest_km
        first = None
        for reading, total_km in reversed(run[:-1]):
            if total_km > low:
                break
            first, low = reading, total_km
            if (newest.read_at - reading.read_at).days >= DAYS_APART:
                break
        days = (newest.read_at - first.read_at).days if first else 0
        return (newest_km - low) / days if days > 0 else 0.0
