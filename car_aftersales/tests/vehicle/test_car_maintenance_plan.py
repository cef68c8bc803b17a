from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.tests import Form, users

from ..common import CarAftersalesCommon


class TestCarMaintenancePlan(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil, cls.fluid, cls.first = cls.env["car.repair.package"].create(
            [{"name": "Oil"}, {"name": "Brake fluid"}, {"name": "First check"}]
        )
        cls.plan = cls.env["car.maintenance.plan"].create({"name": "Petrol"})
        cls.vehicle = cls._create_vehicle(
            plan_id=cls.plan.id, first_registration_date="2025-09-01"
        )
        cls._read_at("2025-09-01", 10)

    @classmethod
    def _read_at(cls, day, odometer_km, vehicle=None):
        (vehicle or cls.vehicle)._add_reading(
            odometer_km, read_at=datetime.fromisoformat(day)
        )

    @classmethod
    def _ask(cls, package, phase="any", **intervals):
        return cls.env["car.maintenance.plan.line"].create(
            {
                "plan_id": cls.plan.id,
                "package_id": package.id,
                "phase": phase,
                **intervals,
            }
        )

    def test_the_first_service_is_due_by_date_or_kilometers(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        self.assertEqual(self.vehicle.next_service_date, date(2026, 9, 1))
        self.assertEqual(self.vehicle.next_service_km, 10000)
        self.assertEqual(self.vehicle.next_service_due_date, date(2026, 9, 1))

    def test_expected_kilometers_bring_the_due_day_forward(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        self._read_at("2025-12-10", 5010)  # 50 km a day for 100 days
        self.assertEqual(self.vehicle.km_per_day, 50.0)
        # 4,990 km are missing: 100 days from December 10
        self.assertEqual(self.vehicle.next_service_due_date, date(2026, 3, 20))

    def test_a_service_resets_only_its_own_lines(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        self._ask(self.fluid, repeat_months=24)
        self.vehicle._record_service(self.oil, date(2026, 2, 1), 9000)
        schedule = self.vehicle._get_service_schedule()[self.vehicle]
        oil, fluid = schedule
        self.assertEqual((oil["date"], oil["km"]), (date(2027, 2, 1), 19000))
        self.assertEqual(oil["last_date"], date(2026, 2, 1))
        self.assertEqual((fluid["date"], fluid["km"]), (date(2027, 9, 1), None))
        self.assertFalse(fluid["last_date"])

    def test_a_first_interval_may_differ_from_the_next(self):
        self._ask(self.first, "new_car", first_km=5000, first_months=6)
        self._ask(
            self.oil, "in_warranty", first_km=15000, repeat_km=10000, repeat_months=12
        )
        self.assertEqual(self.vehicle.next_service_km, 5000)
        self.vehicle._record_service(self.first, date(2026, 1, 15), 4800)
        self.assertEqual(self.vehicle.next_service_km, 15000)
        self.vehicle._record_service(self.oil, date(2026, 2, 1), 14900)
        self.assertEqual(self.vehicle.next_service_km, 24900)

    def test_after_its_phase_a_service_is_not_asked_any_more(self):
        self._ask(self.first, "new_car", first_km=5000)
        self._ask(self.oil, "in_warranty", repeat_km=10000)
        self._read_at("2026-02-01", 10500)
        self.assertEqual(self.vehicle.next_service_km, 10000, "new car is over")

    def test_warranty_and_later_life_have_their_own_intervals(self):
        self._ask(self.oil, "in_warranty", repeat_km=10000)
        self._ask(self.oil, "out_of_warranty", repeat_km=7500)
        self._read_at("2026-01-01", 18000)
        self.vehicle._record_service(self.oil, date(2026, 1, 1), 18000)
        self.assertEqual(self.vehicle.next_service_km, 28000)
        self._read_at("2026-02-01", 55000)
        self.vehicle._record_service(self.oil, date(2026, 2, 1), 55000)
        # 65,000 km would be after the warranty, 62,500 km is the later life's rule
        self.assertEqual(self.vehicle.next_service_km, 62500)

    def test_what_nobody_knows_is_taken_as_done_elsewhere(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        used = self._create_vehicle(
            vin=False,
            license_plate="京B00001",
            plan_id=self.plan.id,
            first_registration_date="2022-06-01",
        )
        self._read_at("2026-02-01", 83000, used)
        self.assertEqual(used.next_service_km, 90000)
        self.assertEqual(used.next_service_date, date(2026, 6, 1))

    def test_a_replaced_cluster_does_not_move_the_service_away(self):
        self._ask(self.oil, repeat_km=10000)
        self._read_at("2026-01-01", 18000)
        self.vehicle._record_service(self.oil, date(2026, 1, 1), 18000)
        self.vehicle._add_reading(
            100, read_at=datetime(2026, 2, 1), lower_reason="cluster_replaced"
        )
        # 10,000 km after 18,000 km, which the new odometer counts from 100 km
        self.assertEqual(self.vehicle.next_service_km, 10100)

    # === DONE ELSEWHERE === #

    @users("car_advisor")
    def test_a_service_done_elsewhere_counts_with_its_paper(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        vehicle = self.vehicle.with_user(self.env.user)
        action = vehicle.action_record_service_elsewhere()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.date = "2026-01-10"
        form.odometer_km = 8000
        form.package_ids.add(self.oil)
        form.workshop_name = "Corner Garage"
        form.paper = b"c3RhbXA="
        form.save()
        self.assertEqual(vehicle.next_service_km, 18000)
        self.assertEqual(vehicle.next_service_date, date(2027, 1, 10))
        self.assertEqual(vehicle.odometer_km, 8000)
        self.assertTrue(vehicle.service_record_ids.is_elsewhere)
        self.assertEqual(vehicle.service_record_ids.paper, b"c3RhbXA=")

    def test_an_archived_service_does_not_count(self):
        self._ask(self.oil, repeat_km=10000)
        record = self.vehicle._record_service(self.oil, date(2026, 1, 1), 8000)
        self.assertEqual(self.vehicle.next_service_km, 18000)
        record.action_archive()
        self.assertEqual(self.vehicle.next_service_km, 10000)

    def test_a_service_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self.vehicle._record_service(self.oil, date(2026, 3, 4), 8000)

    # === PLAN === #

    def test_a_vehicle_takes_the_plan_of_its_model(self):
        self.model.plan_id = self.plan
        vehicle = self._create_vehicle(vin=False, license_plate="京B00001")
        self.assertEqual(vehicle.plan_id, self.plan)

    def test_a_new_plan_of_the_model_reaches_vehicles_without_another(self):
        plain = self._create_vehicle(vin=False, license_plate="京B00001")
        other = self.env["car.maintenance.plan"].create({"name": "Taxi"})
        self.model.plan_id = other
        self.assertEqual(plain.plan_id, other)
        self.assertEqual(self.vehicle.plan_id, self.plan)

    def test_a_changed_plan_moves_the_due_services(self):
        line = self._ask(self.oil, repeat_km=10000)
        line.repeat_km = 8000
        self.assertEqual(self.vehicle.next_service_km, 8000)
        line.unlink()
        self.assertEqual(self.vehicle.next_service_km, 0)

    def test_many_vehicles_follow_a_changed_plan_in_the_background(self):
        line = self._ask(self.oil, repeat_km=10000)
        self.patch(self.env.registry["car.maintenance.plan"], "_refresh_at_once", 0)
        line.repeat_km = 8000
        self.assertEqual(self.vehicle.next_service_km, 10000)
        self.assertTrue(self.vehicle.is_service_stale)
        with self.enter_registry_test_mode():
            self.env.ref(
                "car_aftersales.car_vehicle_cron_refresh_service"
            ).method_direct_trigger()
        self.assertEqual(self.vehicle.next_service_km, 8000)
        self.assertFalse(self.vehicle.is_service_stale)

    def test_due_packages_are_named(self):
        self._ask(self.oil, repeat_km=10000)
        self._ask(self.fluid, repeat_months=24)
        self.assertFalse(self.vehicle._get_due_packages())
        self.assertEqual(self.vehicle._get_due_packages(odometer_km=10001), self.oil)
        self.assertEqual(
            self.vehicle._get_due_packages(date=date(2027, 9, 1)), self.fluid
        )

    def test_the_schedule_is_shown_as_a_table(self):
        self._ask(self.oil, repeat_km=10000, repeat_months=12)
        table = str(self.vehicle.service_schedule)
        self.assertIn("Oil", table)
        self.assertIn("10,000", table)
