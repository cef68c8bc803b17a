from odoo import api, fields, models
from odoo.tools import ormcache


class CarLaborTime(models.Model):
    """Standard hours of an operation, by model or for all models."""

    _name = "car.labor.time"
    _description = "Labor Time"
    _order = "product_id, model_id, id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product",
        "Operation",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("type", "=", "service")],
    )
    model_id = fields.Many2one(
        "car.vehicle.model",
        ondelete="cascade",
        index="btree_not_null",
        help="Leave empty for all models without a time of their own.",
    )
    hours = fields.Float(required=True)

    _uniq = models.UniqueIndex(
        "(product_id, COALESCE(model_id, 0))",
        "This operation has a labor time for this model already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "A labor time cannot be negative."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        times = super().create(vals_list)
        self.env.registry.clear_cache()
        return times

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _has_any(self):
        """Tell whether there ever was a time of its own for some model."""
        # Safe: whether there is one, not which.
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _get_hours(self, pairs):
        """Return the standard hours of many pairs of operation and model.

        The time of the model wins over the one for all models, which wins over the
        hours on the product. One query, however many pairs.

        :param pairs: (product, vehicle model) records; the model may be empty
        :return: a dict from each pair to its hours
        """
        if not self._has_any():
            return {pair: pair[0].car_labor_hours for pair in pairs}
        products = {product.id for product, _model in pairs}
        models_ = {model.id for _product, model in pairs} | {False}
        rows = self.search(
            [
                ("product_id", "in", list(products)),
                ("model_id", "in", list(models_)),
            ]
        )
        table = {(row.product_id.id, row.model_id.id): row.hours for row in rows}
        hours = {}
        for product, model in pairs:
            found = table.get((product.id, model.id))
            if found is None:
                found = table.get((product.id, False))
            hours[product, model] = product.car_labor_hours if found is None else found
        return hours
