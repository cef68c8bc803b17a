from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW

from .three_common import BOUGHT_UNDER_43, CarThreeGuaranteeCommon


@tagged("post_install", "-at_install")
class TestThreeGuaranteeLimits(CarThreeGuaranteeCommon):
    """Limits of both versions: the last number in order, and the first too many."""

    def _get_state(self, vehicle, kind, **values):
        """Return the level of one kind for repairs elsewhere, undone afterwards."""
        savepoint = self.env.cr.savepoint(flush=True)
        self._add_elsewhere(kind, vehicle=vehicle, **values)
        vehicle.invalidate_recordset()
        items = vehicle._get_three_guarantee_standings()[vehicle]["items"]
        levels = [item["level"] for item in items if item["kind"] == kind]
        savepoint.rollback()
        self.env.invalidate_all()
        return levels[0] if levels else "ok"

    def _check_table(self, vehicle, day, cases):
        for kind, values, expected in cases:
            with self.subTest(kind=kind, **values):
                found = self._get_state(vehicle, kind, **{"date": day, **values})
                self.assertEqual(found, expected)

    def test_limits_of_order_43(self):
        pump, engine = self.pump.id, self.engine.id
        crank = {"product_id": self.crankshaft.id, "assembly_id": engine}
        driveline = {**crank, "assembly_id": self._get_assembly("driveline").id}
        brake = self._get_failure("brake").id
        self._check_table(
            self.vehicle,
            FROZEN_NOW.date(),
            [
                ("days", {"days": 19}, "ok"),
                ("days", {"days": 20}, "warning"),
                ("days", {"days": 30}, "warning"),
                ("days", {"days": 31}, "reached"),
                ("days", {"count": 3, "days": 10}, "warning"),
                ("part", {"count": 2, "product_id": pump}, "ok"),
                ("part", {"count": 3, "product_id": pump}, "warning"),
                ("part", {"count": 4, "product_id": pump}, "warning"),
                ("part", {"count": 5, "product_id": pump}, "reached"),
                ("assembly", {"assembly_id": engine}, "warning"),
                ("assembly", {"count": 2, "assembly_id": engine}, "reached"),
                ("assembly", {"count": 2, "assembly_id": self.battery.id}, "reached"),
                ("main_part", crank, "warning"),
                ("main_part", {"count": 2, **crank}, "reached"),
                ("main_part", {"count": 2, **driveline}, "reached"),
                ("safety", {"failure_id": brake}, "warning"),
                ("safety", {"count": 2, "failure_id": brake}, "reached"),
            ],
        )

    def test_limits_of_order_150(self):
        vehicle, day = self._create_old_car()
        pump, engine = self.pump.id, self.engine.id
        crank = {"product_id": self.crankshaft.id, "assembly_id": engine}
        driveline = {**crank, "assembly_id": self._get_assembly("driveline").id}
        brake = self._get_failure("brake").id
        self._check_table(
            vehicle,
            day,
            [
                ("days", {"days": 19}, "ok"),
                ("days", {"days": 20}, "warning"),
                ("days", {"days": 31}, "warning"),
                ("days", {"days": 35}, "warning"),
                ("days", {"days": 36}, "reached"),
                ("part", {"count": 2, "product_id": pump}, "ok"),
                ("part", {"count": 3, "product_id": pump}, "warning"),
                ("part", {"count": 5, "product_id": pump}, "warning"),
                ("part", {"count": 6, "product_id": pump}, "reached"),
                ("assembly", {"assembly_id": engine}, "warning"),
                ("assembly", {"count": 2, "assembly_id": engine}, "reached"),
                ("assembly", {"count": 2, "assembly_id": self.battery.id}, "ok"),
                ("main_part", {"count": 2, **crank}, "reached"),
                ("main_part", {"count": 2, **driveline}, "ok"),
                ("safety", {"failure_id": brake}, "warning"),
                ("safety", {"count": 2, "failure_id": brake}, "reached"),
                ("early", {"assembly_id": engine, "date": date(2022, 1, 1)}, "ok"),
            ],
        )

    def test_first_days(self):
        start = BOUGHT_UNDER_43
        engine, body = self.engine.id, self._get_assembly("body").id
        fire = self._get_failure("battery_fire").id
        other = self._get_failure("other").id
        day_60 = start + timedelta(days=60)

        def failure(day, km, failure_id=fire):
            return {"date": day, "odometer_km": km, "failure_id": failure_id}

        self._check_table(
            self.vehicle,
            start,
            [
                ("early", {"date": start, "assembly_id": engine}, "reached"),
                (
                    "early",
                    {"date": start + timedelta(days=7), "assembly_id": engine},
                    "reached",
                ),
                (
                    "early",
                    {"date": start + timedelta(days=8), "assembly_id": engine},
                    "ok",
                ),
                ("early", {"assembly_id": body}, "ok"),
                ("failure", failure(day_60, 3000), "reached"),
                ("failure", failure(day_60, 3001), "ok"),
                ("failure", failure(day_60 + timedelta(days=1), 3000), "ok"),
                ("failure", failure(day_60, 3000, other), "ok"),
            ],
        )

    def test_a_battery_fire_is_no_clause_of_order_150(self):
        vehicle, _day = self._create_old_car()
        values = {"date": date(2022, 1, 10), "odometer_km": 100}
        for code, expected in (("battery_fire", "ok"), ("fuel_leak", "reached")):
            failure = self._get_failure(code).id
            self.assertEqual(
                self._get_state(vehicle, "failure", failure_id=failure, **values),
                expected,
            )

    def test_other_parts_are_counted_for_themselves(self):
        self._add_elsewhere("part", 2, product_id=self.pump.id)
        self._add_elsewhere("part", 2, product_id=self.filter.id)
        self.assertEqual(self.vehicle.three_guarantee_state, "ok")
        self.vehicle.invalidate_recordset()
        # A number that replaces another is the same smallest part.
        new = self._create_part(stock=0, name="Oil pump, new number")
        (self.pump | new).write({"three_guarantee_part_key": "pump"})
        self._add_elsewhere("part", 2, product_id=self.pump.id)
        self._add_elsewhere("part", 1, product_id=new.id)
        self.assertEqual(self.vehicle.three_guarantee_state, "warning")

    def test_changed_limit_is_data(self):
        self.rule_43._get_clause("days").limit = 25
        self._add_elsewhere("days", days=26)
        self.assertEqual(self.vehicle.three_guarantee_state, "reached")

    def test_a_correction_changes_the_result(self):
        entry = self._add_elsewhere("days", days=31)
        self.assertEqual(self.vehicle.three_guarantee_state, "reached")
        entry._correct("Waited for the customer", True, 30)
        self.assertEqual(self.vehicle.three_guarantee_state, "warning")
        self.assertEqual(self.vehicle.three_guarantee_days, 30)

    # === RUNNING REPAIRS AND WARNINGS === #

    def _get_warnings(self):
        return self.env["car.three.guarantee.warning"].search(
            [("vehicle_id", "=", self.vehicle.id)]
        )

    def _watch(self, after):
        with freeze_time(FROZEN_NOW + after):
            self.env.invalidate_all()
            self._run_cron("car_three_guarantee_cron_watch")

    def test_a_running_repair_counts_up_to_today(self):
        order = self._create_warranty_order()
        self._authorize(order)
        self._work(order)
        self._watch(timedelta(days=18))
        self.assertFalse(self._get_warnings())
        self._watch(timedelta(days=19, hours=1))
        warning = self._get_warnings()
        self.assertEqual((warning.level, warning.count), ("warning", 20))
        self.assertIn("Near the limit", warning.text)
        self.assertEqual(warning.user_id, self.company._get_car_supervisor())
        self._watch(timedelta(days=25))
        self.assertEqual(self._get_warnings(), warning)
        self._watch(timedelta(days=30, hours=1))
        reached = self._get_warnings() - warning
        self.assertEqual((reached.level, reached.count), ("reached", 31))
        self.assertIn("Article 24 (4)", reached.text)
        with freeze_time(FROZEN_NOW + timedelta(days=31)):
            order.invalidate_recordset()
            self.assertEqual(order.three_guarantee_state, "reached")
            self.assertIn("may be asked", order.three_guarantee_text)

    def test_the_fifth_repair_is_told_while_it_runs(self):
        self._add_elsewhere("part", 4, product_id=self.pump.id)
        order = self._create_warranty_order()
        self.assertEqual(order.three_guarantee_state, "warning")
        self._authorize(order)
        order.invalidate_recordset()
        self.assertEqual(order.three_guarantee_state, "reached")

    def test_supervisor_closes_a_warning_with_what_was_done(self):
        self._add_elsewhere("days", days=22)
        warning = self._get_warnings().with_user(self.user_supervisor)
        with self.assertRefused("write down what was done"):
            warning.action_close()
        warning.finding = "Customer called, loaner given"
        warning.action_close()
        with self.assertRefused("stays as it is"):
            warning.finding = "Other"
        self._add_elsewhere("days", days=1)
        self.assertEqual(len(self._get_warnings()), 1)
        self._add_elsewhere("days", days=10)
        self.assertEqual(len(self._get_warnings()), 2)

    def test_reception_tells_of_limits(self):
        self._add_elsewhere("part", 3, product_id=self.pump.id)
        desk = self.env["car.reception"].with_user(self.user_advisor)
        cards = desk._get_cards(
            self.vehicle.with_user(self.user_advisor), self.customer
        )
        card = next(card for card in cards if card["key"] == "three_guarantees")
        self.assertEqual(card["level"], "warning")
        self.assertIn("Oil pump", card["lines"][0]["text"])
        self.company.car_cn_law = False
        cards = desk._get_cards(
            self.vehicle.with_user(self.user_advisor), self.customer
        )
        self.assertNotIn("three_guarantees", [card["key"] for card in cards])

    def test_the_daily_job_looks_at_each_order_once_a_day(self):
        order = self._create_warranty_order()
        self._authorize(order)
        self._watch(timedelta())
        self.assertEqual(order.three_guarantee_seen_on, FROZEN_NOW.date())
        order.with_user(self.user_advisor).write({"three_guarantee_seen_on": False})
        self.assertEqual(order.three_guarantee_seen_on, FROZEN_NOW.date())

    def test_standings_cost_the_same_for_many(self):
        vehicles = self.env["car.vehicle"]
        for number in range(6):
            vehicle = self._create_vehicle(
                license_plate=f"京C0000{number}",
                vin=False,
                sale_invoice_date=BOUGHT_UNDER_43,
            )
            self._add_elsewhere("part", 3, vehicle=vehicle, product_id=self.pump.id)
            order = self._create_warranty_order(vehicle_id=vehicle.id)
            self._authorize(order)
            vehicles |= vehicle

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_three_guarantee_standings()
            return self.env.cr.sql_log_count - before

        count(vehicles)
        self.assertEqual(count(vehicles[:1]), count(vehicles))
