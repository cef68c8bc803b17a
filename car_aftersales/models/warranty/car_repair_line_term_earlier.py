from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .car_repair_line_term import GUARANTEED_KINDS

BATCH = 500


class CarRepairClass(models.Model):
    """How long the longest guarantee lasts that we may still answer for."""

    _inherit = "car.repair.class"

    # === BUSINESS METHODS === #

    @api.model
    def _get_longest_guarantee_days(self):
        """Return the days of the longest guarantee that is promised or asked by law.

        Extend in the add-on of a country.

        :return: zero: there is none; None: one is not limited by days
        """
        # Safe: settings of the house.
        classes = self.sudo().with_context(active_test=False)
        classes = classes.search([("id", "!=", False)])
        products = self.env["product.template"].sudo().with_context(active_test=False)
        promised = products.search_fetch(
            ["|", ("car_guarantee_days", ">", 0), ("car_guarantee_km", ">", 0)],
            ["car_guarantee_days", "car_guarantee_km"],
        )
        terms = [
            *((one.guarantee_days, one.guarantee_km) for one in classes),
            *((one.car_guarantee_days, one.car_guarantee_km) for one in promised),
            *classes._get_statutory_minimum().values(),
        ]
        if any(km and not days for days, km in terms):
            return None
        return max((days for days, _km in terms), default=0)


class CarRepairOrder(models.Model):
    """Visits that ended before guarantees were stamped."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    @api.model
    def _stamp_earlier_deliveries(self, batch=BATCH):
        """Let cars that left before guarantees were kept have theirs as well.

        By the law of the day on which the car left, and by the promises of today, since
        those of then are not known: what rests on a promise is marked, and may be
        corrected. What has a stamp keeps it, so that a second run changes nothing. What
        is older than the longest term has ended anyhow.

        :return: the number of visits that were looked at
        """
        # Safe: follows from deliveries that were checked.
        orders = self.sudo().with_context(active_test=False)
        longest = orders.env["car.repair.class"]._get_longest_guarantee_days()
        if longest == 0:
            return 0
        domain = (
            Domain("state", "=", "delivered")
            & Domain("delivered_at", "!=", False)
            & Domain(
                "line_ids",
                "any",
                Domain("kind", "in", GUARANTEED_KINDS)
                & Domain("guarantee_vehicle_id", "=", False),
            )
        )
        if longest:
            # A day more: it ends with the last day where the company works.
            since = fields.Datetime.now() - timedelta(days=longest + 2)
            domain &= Domain("delivered_at", ">=", since)
        found = orders.search(domain, order="id").ids
        for start in range(0, len(found), batch):
            orders.browse(found[start : start + batch])._stamp_as_delivered()
            self.env.flush_all()
            self.env.invalidate_all()
        return len(found)

    def _stamp_as_delivered(self):
        """Stamp each visit as it would have been on the day its car left."""
        for order in self:
            day = order.company_id._get_car_local_day(order.delivered_at)
            lines = order.line_ids._filter_guaranteed().filtered(
                lambda line: not line.guarantee_vehicle_id
            )
            lines._stamp_guarantee(
                day,
                order._get_delivery_odometer(),
                order.vehicle_id._get_offset_on(day),
            )
            lines._mark_assumed()


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _mark_assumed(self):
        """Mark what rests on a promise; what the law asks was the same then."""
        law = self._get_statutory_guarantee()
        self.filtered(
            lambda line: (
                line.guarantee_exclusion in (False, "none")
                and (line.guarantee_days, line.guarantee_km) != law.get(line, (0, 0))
            )
        ).guarantee_is_assumed = True
