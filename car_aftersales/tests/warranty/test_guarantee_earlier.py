from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .guarantee_common import GuaranteeCommon

STAMPS = ("guarantee_vehicle_id", "guarantee_from", "guarantee_until")


@tagged("post_install", "-at_install")
class TestGuaranteeEarlier(GuaranteeCommon):
    """Cars that left before guarantees were kept get theirs, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only the promises of these tests count.
        cls.env["car.repair.class"].search([("id", "!=", cls.minor.id)]).write(
            {"guarantee_days": 0, "guarantee_km": 0}
        )

    def _forget(self, orders):
        """Let visits be as before guarantees were kept."""
        stamps = dict.fromkeys(
            (
                *STAMPS,
                "guarantee_days",
                "guarantee_km",
                "guarantee_km_from",
                "guarantee_until_km",
                "guarantee_offset_km",
                "guarantee_exclusion",
            ),
            False,
        )
        orders.line_ids.sudo().write(stamps)
        self.assertFalse(orders.line_ids.guarantee_vehicle_id)

    def _read(self, order):
        names = [*STAMPS, "guarantee_km_from", "guarantee_until_km", "guarantee_km"]
        return order.line_ids.read([*names, "guarantee_offset_km"])

    def _migrate(self):
        """Run the script of the upgrade itself."""
        path = file_path("car_aftersales/migrations/19.0.5.1.0/end-guarantees.py")
        spec = spec_from_file_location("end_guarantees", path)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.5.0.0")
        self.env.invalidate_all()

    def test_upgrade_stamps_as_the_delivery_would_have(self):
        order = self._deliver()
        stamped = self._read(order)
        self._forget(order)
        with self._day("2026-03-06"):
            self._migrate()
        self.assertEqual(self._read(order), stamped)
        self.assertEqual(order.line_ids[0].guarantee_from, date(2026, 3, 2))

    def test_second_run_changes_nothing(self):
        order = self._deliver()
        self._forget(order)
        self._migrate()
        stamped = self._read(order)
        self.minor.write({"guarantee_days": 90, "guarantee_km": 9000})
        self._migrate()
        self.assertEqual(self._read(order), stamped)

    def test_new_complaint_finds_what_the_upgrade_stamped(self):
        order = self._deliver()
        self._forget(order)
        self._migrate()
        with self._day("2026-03-06"):
            again = self._bring(odometer_km=42500)
        self.assertEqual(again.job_ids.comeback_candidate_ids, order.job_ids)

    def test_what_left_before_the_longest_term_is_left_alone(self):
        order = self._deliver()
        self._forget(order)
        with self._day("2026-03-13"):  # a day after its end, still looked at
            self.assertEqual(
                self.env["car.repair.order"]._stamp_earlier_deliveries(), 1
            )
        self.assertEqual(order.line_ids[0].guarantee_until, date(2026, 3, 12))
        self.assertEqual(order.line_ids[0].guarantee_state, "running")
        self._forget(order)
        with self._day("2026-03-20"):
            self.assertEqual(
                self.env["car.repair.order"]._stamp_earlier_deliveries(), 0
            )
        self.assertFalse(order.line_ids.guarantee_vehicle_id)

    def test_promise_of_a_part_reaches_further_back(self):
        order = self._deliver()
        self._forget(order)
        self.pads.car_guarantee_days = 365
        with self._day("2026-12-01"):
            self._migrate()
            self.assertEqual(self._part(order).guarantee_state, "running")
            self.assertEqual(self._labor(order).guarantee_state, "ended")

    def test_promise_without_limit_of_days_reaches_all(self):
        order = self._deliver()
        self._forget(order)
        self.pads.car_guarantee_km = 50000
        with self._day("2036-03-02"):
            self._migrate()
        self.assertEqual(self._part(order).guarantee_until_km, 92000)

    def test_without_any_promise_nothing_is_done(self):
        order = self._deliver()
        self._forget(order)
        self.minor.write({"guarantee_days": 0, "guarantee_km": 0})
        self.assertEqual(self.env["car.repair.order"]._stamp_earlier_deliveries(), 0)
        self.assertFalse(order.line_ids.guarantee_vehicle_id)

    def test_all_batches_are_stamped(self):
        orders = self._deliver()
        for number in range(3):
            vehicle = self._create_vehicle(license_plate=f"京E0000{number}", vin=False)
            orders |= self._deliver(vehicle_id=vehicle.id)
        self._forget(orders)
        with self._day("2026-03-03"):
            done = self.env["car.repair.order"]._stamp_earlier_deliveries(batch=3)
        self.assertEqual(done, 4)
        self.assertTrue(all(line.guarantee_vehicle_id for line in orders.line_ids))

    def test_odometer_replaced_since_takes_nothing_away(self):
        order = self._deliver()
        self._forget(order)
        with self._day("2026-03-05"):
            self.vehicle._add_readings(
                {self.vehicle: 10}, lower_reason="cluster_replaced", lower_note="New"
            )
        with self._day("2026-03-06"):
            self._migrate()
            line = order.line_ids[0]
            self.assertEqual(line.guarantee_offset_km, 0)
            self.assertEqual(line.guarantee_until_km, 44000)
            self.assertEqual(line.guarantee_km_left, 2000 - 0)

    def test_promise_of_today_is_marked_and_told_at_the_desk(self):
        """What was promised when the car left is not known: the screen says so."""
        order = self._deliver()
        self.assertFalse(any(order.line_ids.mapped("guarantee_is_assumed")))
        self._forget(order)
        self._migrate()
        line = order.line_ids[0]
        self.assertTrue(line.guarantee_is_assumed)
        line.with_user(self.user_manager).guarantee_is_assumed = False
        self.assertTrue(line.guarantee_is_assumed)
        found = self.env["car.repair.line"].with_user(self.user_advisor)
        self.assertIn(line, found.search([("guarantee_is_assumed", "=", True)]))
        with self._day("2026-03-06"):
            desk = self.env["car.reception"].with_user(self.user_advisor)
            card = desk._get_guarantee_card(order.vehicle_id)
        self.assertIn("customer's paper", card["lines"][0]["detail"])
