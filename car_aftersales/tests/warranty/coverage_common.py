from odoo.fields import Command

from ..workshop.billing_common import BillingCommon

BOUGHT = "2025-03-02"  # a year before the frozen day


class CoverageCommon(BillingCommon):
    """A maker with terms and policies, and a car bought a year ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.terms = cls.env["car.warranty.maker"].create(
            {"partner_id": cls.maker.id, "brand_ids": [Command.set(cls.brand.ids)]}
        )
        cls.system = cls.env["car.vehicle.system"].create({"name": "Cooling"})
        cls.pump = cls._create_part(
            name="Water pump", standard_price=300.0, list_price=500.0
        )
        cls.pads = cls._create_part(
            name="Brake pads", standard_price=100.0, list_price=200.0
        )

    @classmethod
    def _create_policy(cls, **values):
        """Return a policy of the maker: three years or 100,000 km, services free."""
        return cls.env["car.warranty.policy"].create(
            {
                "name": "New car",
                "kind": "maker",
                "maker_id": cls.terms.id,
                "months": 36,
                "km": 100000,
                "requires_service": False,
                "is_automatic": False,
                **values,
            }
        )

    @classmethod
    def _cover(cls, policy=None, **values):
        """Return a coverage of the car."""
        return cls.env["car.warranty.coverage"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "policy_id": (policy or cls._create_policy()).id,
                "start_date": BOUGHT,
                **values,
            }
        )

    def _order_of(self, *products, **values):
        """Return an order with these parts, taken in at 10,000 km."""
        values.setdefault("odometer_km", 10000)
        return self._create_order(
            [{"product_id": product.id} for product in products], **values
        )

    def _reason_of(self, product=None, **values):
        """Return the reason that an order's one line gets."""
        return self._order_of(product or self.pump, **values).line_ids.coverage_reason

    def _count(self, lines):
        """Return how many queries the answer for the lines takes."""
        self.env.flush_all()
        lines._get_coverage()  # caches of the registry
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answers = lines._get_coverage()
        self.assertEqual(len(answers), len(lines))
        return self.env.cr.sql_log_count - before
