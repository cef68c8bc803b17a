from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields, models


class ProductTemplate(models.Model):
    """The warranty that a part has by itself, whatever car it is fitted to."""

    _inherit = "product.template"

    car_part_months = fields.Integer(
        "Part Warranty (Months)",
        help="From the delivery of the order on which the part was fitted. 0 with "
        "0 km: the part has no warranty of its own.",
    )
    car_part_km = fields.Integer("Part Warranty (km)", aggregator=None)
    car_part_payer = fields.Selection(
        [("supplier", "Supplier"), ("internal", "We do")],
        "Replaced at the Expense Of",
        default="supplier",
        help="Who bears a part that fails within its own warranty. Without a supplier "
        "on the product we do.",
    )

    _car_part_terms_positive = models.Constraint(
        "CHECK (car_part_months >= 0 AND car_part_km >= 0)",
        "Months and kilometers of a part's warranty cannot be negative.",
    )


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_fitted_parts(self):
        """Return the answers of parts that were fitted before and still have warranty.

        :return: dict of line to its answer, see ``_get_coverage``.
        """
        asked = self.filtered(
            lambda line: line.product_id.car_part_months or line.product_id.car_part_km
        )
        orders = asked.order_id | asked.job_id.order_id
        if not orders.vehicle_id._origin:
            return {}
        earlier = self.search(
            [
                ("order_id.vehicle_id", "in", orders.vehicle_id._origin.ids),
                ("order_id.state", "=", "delivered"),
                ("product_id", "in", asked.product_id._origin.ids),
                ("supply", "=", "ours"),
                ("quantity_issued", ">", 0),
            ],
            order="id desc",
        )
        by_part = defaultdict(self.browse)
        for line in earlier:
            key = line.order_id.vehicle_id, line.company_id, line.product_id
            by_part[key] |= line
        answers = {}
        for line in asked:
            order = line._get_warranty_order()
            key = order.vehicle_id._origin, order.company_id, line.product_id._origin
            for part in by_part.get(key, ()):
                if part.order_id == order._origin or line in answers:
                    continue
                if answer := line._judge_part(part):
                    answers[line] = answer
        return answers

    def _judge_part(self, part):
        """Return the answer of a part fitted earlier, None if its warranty is over."""
        self.ensure_one()
        product, fitted = part.product_id, part.order_id
        day, odometer_km = self._get_intake()
        begin = fitted.company_id._get_car_local_day(fitted.delivered_at)
        until = km = None
        if product.car_part_months:
            until = begin + relativedelta(months=product.car_part_months)
        if product.car_part_km:
            km = fitted.odometer_km + product.car_part_km
        if day < begin or (until and day > until) or (km and odometer_km > km):
            return None
        return self._make_answer(
            "part",
            line=part,
            until_date=until,
            until_km=km,
            facts={"fitted_on": fitted.name},
        )

    def _get_part_payer(self):
        """Return who bears a part that failed: kind of payer, partner, percent."""
        self.ensure_one()
        product = self.product_id
        if product.car_part_payer == "supplier":
            # Safe: the vendor of the part; not every desk reads purchases.
            sellers = product.sudo().seller_ids.filtered(
                lambda seller: (
                    seller.company_id.id in (False, self.company_id.id)
                    and seller.product_id.id in (False, product.id)
                )
            )
            if sellers:
                return "supplier", sellers[0].partner_id.with_env(self.env), 100.0
        return "internal", self.env["res.partner"], 100.0
