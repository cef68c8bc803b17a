from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from .car_repair_order_steps import UNFINISHED_JOBS


class CarRepairOrder(models.Model):
    """Parts, operations and fees picked from the product catalog."""

    _name = "car.repair.order"
    _inherit = ["car.repair.order", "product.catalog.mixin"]

    def _is_readonly(self):
        self.ensure_one()
        return self.state in ("delivered", "cancelled")

    def _get_action_add_from_catalog_extra_context(self):
        return {
            **super()._get_action_add_from_catalog_extra_context(),
            "order_id": self.id,
            "precision": self.env["decimal.precision"].precision_get("Product Unit"),
            "product_catalog_currency_id": self.currency_id.id,
            "product_catalog_digits": self.line_ids._fields["price_unit"].get_digits(
                self.env
            ),
        }

    def _get_product_catalog_domain(self):
        helpers = [
            self.env.ref(f"car_aftersales.{name}", raise_if_not_found=False)
            for name in ("product_deductible", "product_down_payment")
        ]
        return (
            super()._get_product_catalog_domain()
            & Domain("sale_ok", "=", True)
            & Domain("id", "not in", [product.id for product in helpers if product])
        )

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        prices = self.pricelist_id._get_products_price(
            products, 1.0, currency=self.currency_id
        )
        for product in products:
            data[product.id]["price"] = prices[product.id]
        return data

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        by_product = defaultdict(self.env["car.repair.line"].browse)
        for line in self.line_ids:
            if line.product_id.id in product_ids:
                by_product[line.product_id] |= line
        return by_product

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        """Set the quantity of a product; a new one is added to the newest open job."""
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.product_id.id == product_id)[:1]
        if line and not quantity and not line.authorization_line_ids:
            price = line.price_unit
            line.unlink()
            return price
        if line:
            line.quantity = quantity
        elif quantity:
            jobs = self.job_ids.filtered(lambda job: job.state in UNFINISHED_JOBS)
            if not jobs:
                self._raise_for_each(
                    self.env._("no job is open. Add a job for what is still to be done")
                )
            line = line.create(
                {
                    "order_id": self.id,
                    "job_id": jobs[-1:].id,
                    "product_id": product_id,
                    "quantity": quantity,
                }
            )
        return line.price_unit * (1 - line.discount / 100)


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _get_product_catalog_lines_data(self, parent_record=False, **kwargs):
        """Return what the catalog shows of the lines of one product."""
        self.product_id.ensure_one()
        line = self[:1]
        return {
            "quantity": sum(
                line.product_uom_id._compute_quantity(
                    line.quantity, line.product_id.uom_id
                )
                for line in self
            ),
            "price": line.price_unit * (1 - line.discount / 100),
            "readOnly": len(self) > 1 or line.order_id._is_readonly(),
            "uomDisplayName": (
                line.product_uom_id if len(self) == 1 else line.product_id.uom_id
            ).display_name,
        }
