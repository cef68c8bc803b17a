from datetime import date

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .coverage_common import CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverageService(CoverageCommon):
    """The warranty depends on the services of the plan; the missing one is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        packages = cls.env["car.repair.package"]
        cls.small = packages.create({"name": "Small service"})
        cls.large = packages.create({"name": "Large service"})
        cls.plan = cls.env["car.maintenance.plan"].create(
            {
                "name": "Plan",
                "warranty_months": 36,
                "warranty_km": 100000,
                "line_ids": [
                    Command.create(
                        {
                            "package_id": cls.small.id,
                            "first_km": 5000,
                            "first_months": 6,
                            "repeat_km": 10000,
                            "repeat_months": 12,
                        }
                    )
                ],
            }
        )
        cls.vehicle.write({"plan_id": cls.plan.id, "purchase_date": "2025-03-02"})
        cls.policy = cls._create_policy(
            requires_service=True,
            service_tolerance_months=1,
            service_tolerance_km=1000,
        )
        cls.coverage = cls._cover(cls.policy)

    def _serve(self, day, km, package=None):
        return self.env["car.maintenance.record"].create(
            {
                "vehicle_id": self.vehicle.id,
                "date": day,
                "odometer_km": km,
                "package_ids": [Command.set((package or self.small).ids)],
            }
        )

    def test_the_missing_service_is_named_with_its_day_and_km(self):
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "service")
        self.assertIn("Small service", line.coverage_text)
        self.assertIn(format_date(self.env, date(2025, 9, 2)), line.coverage_text)
        self.assertIn("5,000 km", line.coverage_text)

    def test_services_in_time_keep_the_warranty(self):
        self._serve("2025-08-20", 4800)
        self.assertEqual(self._reason_of(odometer_km=14800), "covered")

    def test_tolerance_counts_to_its_last_day_and_km(self):
        self._serve("2025-10-02", 6000)
        self.assertEqual(self._reason_of(), "covered")

    def test_a_day_later_is_too_late(self):
        self._serve("2025-10-03", 5000)
        self.assertEqual(self._reason_of(), "service")

    def test_a_kilometer_more_is_too_late(self):
        self._serve("2025-09-01", 6001)
        self.assertEqual(self._reason_of(), "service")

    def test_the_repeated_service_is_missed(self):
        self._serve("2025-08-20", 4800)
        self.assertEqual(self._reason_of(odometer_km=15800), "covered")
        line = self._order_of(self.pump, odometer_km=15801).line_ids
        self.assertEqual(line.coverage_reason, "service")
        self.assertIn("14,800 km", line.coverage_text)

    def test_a_service_entered_later_brings_the_warranty_back(self):
        order = self._order_of(self.pump)
        self.assertEqual(order.line_ids.coverage_reason, "service")
        self._serve("2025-08-20", 4800)
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(order.line_ids.coverage_reason, "covered")

    def test_another_package_does_not_count(self):
        self._serve("2025-08-20", 4800, self.large)
        self.assertEqual(self._reason_of(), "service")

    def test_a_component_may_be_free_of_it(self):
        self.policy.component_ids = [
            Command.create(
                {
                    "scope": "part",
                    "product_ids": [Command.set(self.pump.ids)],
                    "service_rule": "free",
                }
            )
        ]
        self.assertEqual(self._reason_of(self.pump), "covered")
        self.assertEqual(self._reason_of(self.pads), "service")

    def test_a_component_may_ask_for_it_alone(self):
        self.policy.requires_service = False
        self.policy.component_ids = [
            Command.create(
                {
                    "scope": "part",
                    "product_ids": [Command.set(self.pump.ids)],
                    "service_rule": "required",
                }
            )
        ]
        self.assertEqual(self._reason_of(self.pump), "service")
        self.assertEqual(self._reason_of(self.pads), "covered")

    def test_a_car_without_a_plan_misses_nothing(self):
        self.vehicle.plan_id = False
        self.assertEqual(self._reason_of(), "covered")

    def test_what_is_due_after_its_phase_is_not_asked_for(self):
        self.plan.write({"new_car_months": 6, "new_car_km": 5000})
        self.plan.line_ids.phase = "new_car"
        self.assertEqual(self._reason_of(), "covered")
