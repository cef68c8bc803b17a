from datetime import date, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW
from odoo.addons.car_aftersales.tests.workshop.common import CarWorkshopCommon

BOUGHT_UNDER_43 = date(2025, 9, 1)
# Order 150 is still the version of a car bought before 2022; its period is long over
BOUGHT_UNDER_150 = date(2021, 12, 31)


class CarThreeGuaranteeCommon(CarWorkshopCommon):
    """A household car bought half a year ago, in a company under the law of China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_cn_law = True
        cls.rule_43 = cls.env.ref("l10n_cn_car_aftersales.car_three_guarantee_rule_43")
        cls.rule_150 = cls.env.ref(
            "l10n_cn_car_aftersales.car_three_guarantee_rule_150"
        )
        cls.engine = cls._get_assembly("engine")
        cls.battery = cls._get_assembly("battery")
        cls.vehicle.write(
            {
                "sale_invoice_date": BOUGHT_UNDER_43,
                "sale_price": 200000.0,
                "odometer_km": 10000,
            }
        )
        cls.pump = cls._create_part(
            name="Oil pump", list_price=900.0, car_maker_code="P 1"
        )
        cls.crankshaft = cls._create_part(
            name="Crankshaft",
            list_price=5000.0,
            three_guarantee_role="main_part",
            three_guarantee_assembly_id=cls.engine.id,
        )
        cls.motor_block = cls._create_part(
            name="Engine",
            list_price=30000.0,
            three_guarantee_role="assembly",
            car_system_id=cls.env.ref("car_aftersales.car_vehicle_system_engine").id,
        )

    # === BUILDERS === #

    @classmethod
    def _get_assembly(cls, code):
        return cls.env.ref(
            f"l10n_cn_car_aftersales.car_three_guarantee_assembly_{code}"
        )

    @classmethod
    def _get_failure(cls, code):
        return cls.env.ref(f"l10n_cn_car_aftersales.car_three_guarantee_failure_{code}")

    def _create_warranty_order(self, *parts, job=None, **values):
        """Return an order whose job the maker pays, opened by the advisor."""
        order = self._create_order(
            [{"product_id": self.labor.id}]
            + [{"product_id": part.id} for part in parts or (self.pump,)],
            **{"odometer_km": 10000, **values},
        )
        payer = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.job_ids.payer_id = payer
        order.line_ids.payer_id = payer
        if job:
            order.job_ids.write(job)
        return order

    def _deliver(self, order, after=timedelta(hours=5)):
        """Play a visit to its end, finished so long after the customer's yes."""
        self._authorize(order)
        with freeze_time(FROZEN_NOW + after):
            self._issue(order)
            self._work(order)
            self._pass_quality(order)
            if order.billing_state in ("to_bill", "partly"):
                for bill in self._bill(order).filtered(
                    lambda move: move.partner_id == self.customer
                ):
                    self._pay(bill)
            self._leave(order)
        return order

    def _add_elsewhere(self, kind, count=1, vehicle=None, **values):
        """Let the warranty clerk write repairs of another workshop down."""
        return (
            self.env["car.three.guarantee.entry"]
            .with_user(self.user_warranty_clerk)
            .create(
                [
                    {
                        "vehicle_id": (vehicle or self.vehicle).id,
                        "kind": kind,
                        "date": FROZEN_NOW.date(),
                        "odometer_km": 10000,
                        "workshop_name": "Elsewhere",
                        **values,
                    }
                ]
                * count
            )
        )

    def _run_cron(self, name):
        """Run a scheduled job as the server does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"l10n_cn_car_aftersales.{name}").method_direct_trigger()

    def _create_old_car(self):
        """Return a car under order 150 and a day within its period."""
        return self._create_vehicle(
            license_plate="京B54321",
            vin=False,
            sale_invoice_date=BOUGHT_UNDER_150,
        ), date(2022, 6, 1)

    def _get_entry(self, order, kind):
        return order.sudo().three_guarantee_entry_ids.filtered(
            lambda entry: entry.kind == kind
        )

    def _link(self, *records):
        return [Command.set([record.id for record in records])]
