from datetime import timedelta

from odoo import fields, models

# What carries a guarantee of ours; a fee is no work
GUARANTEED_KINDS = ("labor", "part", "outside")
DONE = ("done", "passed")
EXCLUSIONS = [
    ("customer", "Supplied by the customer"),
    ("key_position", "Aftermarket or used part in a key position"),
    ("work", "Work on a part without guarantee"),
    ("none", "No guarantee promised"),
]
STAMP = (
    "guarantee_days",
    "guarantee_km",
    "guarantee_from",
    "guarantee_until",
    "guarantee_km_from",
    "guarantee_until_km",
    "guarantee_offset_km",
    "guarantee_exclusion",
    "guarantee_is_assumed",
    "guarantee_vehicle_id",
)


class CarRepairLine(models.Model):
    """The guarantee on our own work and parts, stamped when the car leaves.

    Each of days and kilometers is the larger of law and promise, of repair class and of
    part; it ends with whichever is reached first. What is stamped stays: a setting that
    is changed later neither shortens nor lengthens it.
    """

    _inherit = "car.repair.line"

    guarantee_days = fields.Integer(
        "Term of Guarantee (Days)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Zero: not limited by days.",
    )
    guarantee_km = fields.Integer(
        "Term of Guarantee (km)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Zero: not limited by kilometers.",
    )
    guarantee_from = fields.Date("Guaranteed From", readonly=True, copy=False)
    guarantee_until = fields.Date(
        "Guaranteed Until",
        readonly=True,
        copy=False,
        help="The last day of the guarantee. Empty: not limited by days.",
    )
    guarantee_km_from = fields.Integer(
        "Odometer at Delivery (km)", readonly=True, copy=False, aggregator=None
    )
    guarantee_until_km = fields.Integer(
        "Guaranteed Until (km)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="The last kilometer of the guarantee. Zero: not limited by kilometers.",
    )
    guarantee_offset_km = fields.Integer(
        "Kilometers Before a New Odometer", readonly=True, copy=False, aggregator=None
    )
    guarantee_exclusion = fields.Selection(
        EXCLUSIONS,
        "Why No Guarantee",
        readonly=True,
        copy=False,
        help="Why this line was delivered without guarantee.",
    )
    guarantee_is_assumed = fields.Boolean(
        "Promise Assumed",
        readonly=True,
        copy=False,
        help="The car left before guarantees were kept here. What was promised then is "
        "not known; the promise of the day on which they began to be kept is taken. "
        "What is on the customer's paper counts.",
    )
    guarantee_vehicle_id = fields.Many2one(
        "car.vehicle",
        "Guaranteed Vehicle",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _guarantee_end = models.Index(
        "(company_id, guarantee_until) WHERE guarantee_vehicle_id IS NOT NULL"
    )

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        """Nobody types a guarantee: it is stamped at delivery."""
        vals = super()._drop_protected(vals)
        if not self.env.su:
            for name in STAMP:
                vals.pop(name, None)
        return vals

    def _get_guarantee_terms(self):
        """Return what we answer for: as stamped, else as it would be stamped now.

        In as many queries for many lines as for one.

        :return: dict of line to a triple: days, kilometers, and why there is none;
            zero days or kilometers beside the other mean no limit
        """
        law = self._get_statutory_guarantee()
        terms = {}
        for line in self:
            if line.guarantee_vehicle_id:
                terms[line] = (
                    line.guarantee_days,
                    line.guarantee_km,
                    line.guarantee_exclusion,
                )
            elif line.kind in GUARANTEED_KINDS:
                terms[line] = line._get_promised_term(law.get(line, (0, 0)))
        return terms

    def _get_promised_term(self, law):
        """Return days and kilometers, the larger of each, or why there are none."""
        self.ensure_one()
        if exclusion := self._get_guarantee_exclusion():
            return 0, 0, exclusion
        repair_class, product = self.job_id.repair_class_id, self.product_id
        if not self.env["product.template"]._is_any_guaranteed():
            product = product.browse()
        given = [
            pair
            for pair in (
                law,
                (repair_class.guarantee_days, repair_class.guarantee_km),
                (product.car_guarantee_days, product.car_guarantee_km),
            )
            if any(pair)
        ]
        if not given:
            return 0, 0, "none"
        days, km = (
            0 if 0 in values else max(values) for values in zip(*given, strict=True)
        )
        if not days and not km:
            # One source does not limit the days, another not the kilometers: each
            # ends with what it names.
            days, km = (max(values) for values in zip(*given, strict=True))
        return days, km, False

    def _get_guarantee_exclusion(self):
        """Return why the line carries no guarantee, whatever is promised.

        The waiver covers the part and its consequences; whether our work on it keeps
        its term is a setting.
        """
        self.ensure_one()
        if self.no_guarantee:
            return self.no_guarantee
        # Safe: a setting.
        stays = self.company_id.sudo().car_guarantee_labor_stays
        if self.kind == "labor" and not stays and self.job_id.has_no_guarantee:
            return "work"
        return False

    def _stamp_guarantee(self, day, odometer_km, offset_km=None):
        """Write down the guarantee that begins with the delivery, once.

        :param day: of the delivery, by the clock of the company
        :param odometer_km: at the delivery
        :param offset_km: what replaced odometers had counted until then; empty: as now
        """
        for line, (days, km, exclusion) in self._get_guarantee_terms().items():
            if line.guarantee_vehicle_id:
                continue
            vehicle = line.job_id.vehicle_id
            values = {"guarantee_vehicle_id": vehicle.id, "guarantee_from": day}
            if exclusion:
                values["guarantee_exclusion"] = exclusion
            else:
                values.update(
                    guarantee_days=days,
                    guarantee_km=km,
                    guarantee_until=days and day + timedelta(days=days),
                    guarantee_km_from=odometer_km,
                    guarantee_until_km=km and odometer_km + km,
                    guarantee_offset_km=(
                        vehicle.odometer_offset_km if offset_km is None else offset_km
                    ),
                )
            line.write(values)

    def _filter_guaranteed(self):
        """Return the lines that were done, of which the guarantee is told."""
        return self.filtered(
            lambda line: (
                line.kind in GUARANTEED_KINDS
                and line.quantity
                and line.job_id.state in DONE
                and line.authorization_state not in ("pending", "declined")
            )
        )


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _after_deliver(self):
        result = super()._after_deliver()
        self._stamp_guarantees()
        return result

    def _stamp_guarantees(self):
        """Let the guarantee on what was done begin, from today and this odometer."""
        # Safe: follows from the delivery that was checked; who delivers writes it.
        for order in self.sudo():
            order.line_ids._filter_guaranteed()._stamp_guarantee(
                order.company_id._get_car_local_day(order.delivered_at),
                order._get_delivery_odometer(),
            )

    def _get_delivery_odometer(self):
        """Return what the odometer showed when the car left, else the last reading."""
        self.ensure_one()
        return (
            self.release_id.release_odometer_km
            or self.odometer_km
            or self.vehicle_id.odometer_km
        )
