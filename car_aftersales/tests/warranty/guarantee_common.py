from freezegun import freeze_time

from odoo.fields import Command

from ..workshop.billing_common import BillingCommon


class GuaranteeCommon(BillingCommon):
    """A brake job of a team, delivered at 42,000 km on the 2nd of March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        systems = cls.env["car.vehicle.system"]
        cls.brakes = systems.create({"name": "Brakes"})
        cls.lights = systems.create({"name": "Lights"})
        cls.minor = cls.env["car.repair.class"].create(
            {"name": "Small", "guarantee_days": 10, "guarantee_km": 2000}
        )
        cls.type_plain = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Plain",
                "requires_inspection": False,
                "repair_class_id": cls.minor.id,
            }
        )
        cls.team = cls.env["car.workshop.team"].create({"name": "Chassis"})
        cls.worker = cls.env["car.technician"].create(
            {
                "name": "Li Wei",
                "user_id": cls.user_technician.id,
                "team_id": cls.team.id,
            }
        )
        cls.pads = cls._create_part(
            name="Brake pads", standard_price=100.0, list_price=200.0
        )
        cls.brake_work = cls.env["product.product"].create(
            {
                "name": "Change brake pads",
                "type": "service",
                "car_item_kind": "labor",
                "car_labor_hours": 1.0,
                "list_price": 150.0,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.company.write(
            {
                "car_parallel_jobs": True,
                "car_guarantee_soon_days": 3,
                "car_guarantee_soon_km": 300,
                "car_comeback_evidence_days": 3,
                "car_comeback_alarm_count": 2,
            }
        )

    # === BUILDERS === #

    def _day(self, text, hour=2):
        """Let the clock stand on a day; at two in London it is ten in Shanghai."""
        self.env.invalidate_all()
        return freeze_time(f"{text} {hour:02}:00:00")

    def _bring(self, odometer_km=42000, lines=None, system=None, **values):
        """Return the order of a car that comes with a brake complaint."""
        if lines is None:
            lines = [{"product_id": self.brake_work.id}, {"product_id": self.pads.id}]
        job = {
            "name": "Brakes squeal",
            "system_id": (self.brakes if system is None else system).id,
            "team_id": self.team.id,
            "technician_ids": [Command.set(self.worker.ids)],
            "line_ids": [Command.create(line) for line in lines],
            **values.pop("job", {}),
        }
        return self._create_order(
            type_id=self.type_plain.id,
            odometer_km=odometer_km,
            job_ids=[Command.create(job)],
            **values,
        )

    def _finish(self, order):
        """Play the rest of a visit, with payment, up to the finished car."""
        if any(
            line._get_fraction("internal", "goodwill") for line in order.sudo().line_ids
        ):
            self._authorize_house(order)
        if any(line._get_fraction("customer") for line in order.sudo().line_ids):
            self._authorize(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        for invoice in self._bill(order).filtered("amount_residual"):
            self._pay(invoice)

    def _deliver(self, order=None, **values):
        """Play a visit to its end; a brake job by default."""
        order = order or self._bring(**values)
        self._finish(order)
        self._leave(order)
        return order

    def _link(self, order, of_order, user=None, **values):
        """Let the advisor say that the car came back for an earlier job."""
        return (
            self.env["car.repair.comeback"]
            .with_user(user or self.user_advisor)
            .create(
                {
                    "job_id": order.job_ids[:1].id,
                    "of_job_id": of_order.job_ids[:1].id,
                    **values,
                }
            )
        )

    def _part(self, order):
        return order.line_ids.filtered(lambda line: line.kind == "part")

    def _labor(self, order):
        return order.line_ids.filtered(lambda line: line.kind == "labor")
