from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

PROMISES = {"car_guarantee_days", "car_guarantee_km"}


class CarRepairClass(models.Model):
    """The promise of a class is never below the law."""

    _inherit = "car.repair.class"

    # === CONSTRAINT METHODS === #

    @api.constrains("guarantee_days", "guarantee_km")
    def _check_statutory_minimum(self):
        """Refuse a promise below the law. One that is not limited is never below it."""
        minimum = self._get_statutory_minimum()
        for repair_class in self:
            days, km = minimum.get(repair_class, (0, 0))
            given = (repair_class.guarantee_days, repair_class.guarantee_km)
            is_limited = any(given)
            if is_limited and any(
                promised and promised < least
                for promised, least in zip(given, (days, km), strict=True)
            ):
                raise ValidationError(
                    self.env._(
                        "%(repair_class)s: the law asks for a guarantee of at least "
                        "%(days)s days and %(km)s km.",
                        repair_class=repair_class.name,
                        days=days,
                        km=km,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_statutory_minimum(self):
        """Return what the law asks at least of these classes, whatever the car.

        Extend in the add-on of a country. Without it nothing is refused; on the lines
        the larger of law and promise counts anyhow.

        :return: dict of class to a pair: days, kilometers
        """
        return {}


class ProductTemplate(models.Model):
    """What we promise on a part, or an operation, beside its repair class."""

    _inherit = "product.template"

    car_guarantee_days = fields.Integer(
        "Our Guarantee (Days)",
        help="Promised days from the day the car leaves. Zero beside kilometers: not "
        "limited by days. Both zero: as the repair class promises.",
    )
    car_guarantee_km = fields.Integer(
        "Our Guarantee (km)",
        help="Promised kilometers from the odometer at delivery. Zero beside days: not "
        "limited by kilometers. Both zero: as the repair class promises.",
    )

    _car_guarantee_positive = models.Constraint(
        "CHECK (car_guarantee_days >= 0 AND car_guarantee_km >= 0)",
        "A guarantee cannot be negative.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if any(not PROMISES.isdisjoint(vals) for vals in vals_list):
            self.env.registry.clear_cache()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if not PROMISES.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _is_any_guaranteed(self):
        """Tell whether a product has a promise of its own; most shops have none."""
        # Safe: whether there is one.
        products = self.sudo().with_context(active_test=False)
        return bool(
            products.search_count(
                ["|", ("car_guarantee_days", ">", 0), ("car_guarantee_km", ">", 0)],
                limit=1,
            )
        )
