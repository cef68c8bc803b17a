from odoo import api, fields, models


class CarRepairPayer(models.Model):
    """A maker pays by his own terms: his hourly rate, his price list of parts."""

    _inherit = "car.repair.payer"

    policy_reference = fields.Char(
        "Policy Number", help="Number of the insurance policy or warranty contract."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._add_maker_terms(vals_list))

    # === BUSINESS METHODS === #

    @api.model
    def _add_maker_terms(self, vals_list):
        """Return the values with rate and price list of makers where none are given."""
        asking = [
            vals
            for vals in vals_list
            if vals.get("kind") == "warranty"
            and vals.get("partner_id")
            and not ("labor_rate" in vals and "pricelist_id" in vals)
        ]
        if not asking:
            return vals_list
        orders = self.env["car.repair.order"].browse(
            [vals["order_id"] for vals in asking if vals.get("order_id")]
        )
        # Safe: the terms with the very payer; they go into prices, not to the user.
        makers = self.env["car.warranty.maker"].sudo()
        terms = {
            (maker.company_id.id, maker.partner_id.id): maker
            for maker in makers.search(
                [
                    ("partner_id", "in", [vals["partner_id"] for vals in asking]),
                    ("company_id", "in", orders.company_id.ids),
                ]
            )
        }
        companies = {order.id: order.company_id.id for order in orders}
        for vals in asking:
            company = companies.get(vals.get("order_id"))
            if maker := terms.get((company, vals["partner_id"])):
                vals.setdefault("labor_rate", maker.labor_rate)
                vals.setdefault("pricelist_id", maker.pricelist_id.id)
        return vals_list


class CarRepairOrder(models.Model):
    """Warranties that were sold begin with the delivery."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _after_deliver(self):
        result = super()._after_deliver()
        self._start_sold_coverages()
        return result

    def _start_sold_coverages(self):
        """Give the cars the warranties that were bought on these orders, once."""
        policies = self.env["car.warranty.policy"]
        products = policies._get_sold_product_ids()
        if not products:
            return self.env["car.warranty.coverage"]
        # Safe: follows from the delivery; advisor and cashier sold what is started.
        lines = self.sudo().line_ids.filtered(
            lambda line: (
                line.product_id.id in products
                and line.authorization_state == "authorized"
                and line.job_id.state == "passed"
            )
        )
        coverages = self.env["car.warranty.coverage"].sudo()
        if not lines:
            return coverages
        sold = policies.sudo().search([("product_id", "in", lines.product_id.ids)])
        known = coverages.search([("repair_line_id", "in", lines.ids)]).repair_line_id
        vals_list = []
        for line in lines - known:
            policy = sold.filtered(
                lambda one, line=line: (
                    one.product_id == line.product_id
                    and one.company_id == line.company_id
                    and one._fits(
                        line.order_id.vehicle_id,
                        line.order_id.vehicle_id._get_coverage_start()
                        or one.company_id._get_car_today(),
                    )
                )
            )[:1]
            if policy:
                vals_list.append(line.order_id._prepare_sold_vals(policy, line))
        return coverages.create(vals_list)

    def _prepare_sold_vals(self, policy, line):
        """Return values of the coverage that was bought with a line."""
        self.ensure_one()
        return {
            "vehicle_id": self.vehicle_id.id,
            "policy_id": policy.id,
            "start_date": self.company_id._get_car_local_day(self.delivered_at),
            "start_km": self.odometer_km,
            "repair_line_id": line.id,
        }
