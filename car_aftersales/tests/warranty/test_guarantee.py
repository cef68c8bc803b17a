from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .guarantee_common import GuaranteeCommon


@tagged("post_install", "-at_install")
class TestGuarantee(GuaranteeCommon):
    """Our own guarantee: what is stamped at delivery, and how long it runs."""

    def _ask_by_law(self, days, km):
        """Stand in for the add-on of a country, which alone knows its law."""
        self.patch(
            self.registry["car.repair.line"],
            "_get_statutory_guarantee",
            lambda lines: dict.fromkeys(lines, (days, km)),
        )

    def _term(self, line):
        return (line.guarantee_days, line.guarantee_km)

    # === STAMP === #

    def test_delivery_stamps_days_and_kilometers(self):
        order = self._deliver()
        for line in order.line_ids:
            self.assertEqual(self._term(line), (10, 2000))
            self.assertEqual(line.guarantee_from, date(2026, 3, 2))
            self.assertEqual(line.guarantee_until, date(2026, 3, 12))
            self.assertEqual(line.guarantee_km_from, 42000)
            self.assertEqual(line.guarantee_until_km, 44000)
            self.assertEqual(line.guarantee_vehicle_id, self.vehicle)
            self.assertEqual(line.guarantee_state, "running")

    def test_nothing_is_stamped_before_the_car_leaves(self):
        order = self._bring()
        self._finish(order)
        self.assertFalse(order.line_ids.guarantee_vehicle_id)
        self.assertEqual(set(order.line_ids.mapped("guarantee_state")), {False})

    def test_day_begins_by_the_clock_of_the_company(self):
        order = self._bring()
        self._finish(order)
        with self._day("2026-03-02", hour=17):  # one in the morning in Shanghai
            self._leave(order)
        self.assertEqual(order.line_ids[0].guarantee_from, date(2026, 3, 3))

    def test_larger_of_class_and_part_counts_for_each(self):
        self.pads.write({"car_guarantee_days": 365, "car_guarantee_km": 1000})
        order = self._deliver()
        self.assertEqual(self._term(self._part(order)), (365, 2000))
        self.assertEqual(self._term(self._labor(order)), (10, 2000))

    def test_larger_of_law_and_promise_counts_for_each(self):
        self._ask_by_law(30, 1500)
        order = self._deliver()
        self.assertEqual(self._term(self._labor(order)), (30, 2000))

    def test_part_without_limit_of_kilometers(self):
        self.pads.car_guarantee_days = 365
        part = self._part(self._deliver())
        self.assertEqual(self._term(part), (365, 0))
        self.assertFalse(part.guarantee_until_km)
        self.vehicle._add_readings({self.vehicle: 99000})
        self.assertEqual(part.guarantee_state, "running")

    def test_law_counts_where_nothing_is_promised(self):
        self.minor.write({"guarantee_days": 0, "guarantee_km": 0})
        self._ask_by_law(10, 2000)
        self.assertEqual(self._term(self._labor(self._deliver())), (10, 2000))

    def test_without_any_promise_it_says_so(self):
        self.minor.write({"guarantee_days": 0, "guarantee_km": 0})
        labor = self._labor(self._deliver())
        self.assertEqual(labor.guarantee_exclusion, "none")
        self.assertEqual(labor.guarantee_state, "excluded")

    def test_declined_and_fees_have_no_guarantee(self):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._bring(
            lines=[
                {"product_id": self.brake_work.id},
                {"product_id": fee.id, "kind": "fee"},
            ]
        )
        self._deliver(order)
        marked = order.line_ids.filtered("guarantee_vehicle_id")
        self.assertEqual(marked.product_id, self.brake_work)

    # === NEVER CHANGED === #

    def test_later_settings_change_nothing(self):
        order = self._deliver()
        self.minor.write({"guarantee_days": 1, "guarantee_km": 100})
        self.pads.car_guarantee_days = 999
        self.company.car_guarantee_labor_stays = False
        order._stamp_guarantees()
        for line in order.line_ids:
            self.assertEqual(self._term(line), (10, 2000))
            self.assertEqual(line.guarantee_until, date(2026, 3, 12))

    def test_nobody_types_a_guarantee(self):
        order = self._deliver()
        line = self._part(order).with_user(self.user_advisor)
        line.write({"guarantee_until": "2030-01-01", "guarantee_days": 999})
        self.assertEqual(line.guarantee_until, date(2026, 3, 12))
        self.assertEqual(line.guarantee_days, 10)
        other = self._bring(
            lines=[{"product_id": self.pads.id, "guarantee_until": "2030-01-01"}]
        )
        self.assertFalse(other.line_ids.guarantee_until)
        copied = line.copy_data()[0]
        self.assertNotIn("guarantee_until", copied)

    # === EXCLUDED === #

    def test_customers_part_is_excluded_and_our_work_stays(self):
        order = self._deliver(
            lines=[
                {"product_id": self.brake_work.id},
                {"product_id": self.pads.id, "supply": "customer"},
            ]
        )
        part, labor = self._part(order), self._labor(order)
        self.assertEqual(part.guarantee_exclusion, "customer")
        self.assertEqual(part.guarantee_state, "excluded")
        self.assertFalse(part.guarantee_until)
        self.assertFalse(labor.guarantee_exclusion)
        self.assertEqual(self._term(labor), (10, 2000))

    def test_setting_takes_the_work_with_the_part(self):
        self.company.car_guarantee_labor_stays = False
        order = self._deliver(
            lines=[
                {"product_id": self.brake_work.id},
                {"product_id": self.pads.id, "supply": "customer"},
                {"product_id": self.filter.id},
            ]
        )
        self.assertEqual(self._labor(order).guarantee_exclusion, "work")
        ours = order.line_ids.filtered(lambda line: line.product_id == self.filter)
        self.assertFalse(ours.guarantee_exclusion)

    def test_aftermarket_key_part_is_excluded(self):
        self.pads.write({"car_is_key_part": True, "car_grade": "aftermarket"})
        order = self._deliver()
        self.assertEqual(self._part(order).guarantee_exclusion, "key_position")
        self.assertFalse(self._labor(order).guarantee_exclusion)

    # === BOUNDARIES === #

    def test_last_day_is_covered_and_the_next_is_not(self):
        line = self._labor(self._deliver())
        for day, state in (
            ("2026-03-12", "ending"),
            ("2026-03-13", "ended"),
        ):
            with self._day(day):
                self.assertEqual(line.guarantee_state, state, day)
                self.assertIn(line, self._find(state))
                self.assertEqual(line.guarantee_days_left, 0)
        with self._day("2026-03-12", hour=17):  # the 13th in Shanghai
            self.assertEqual(line.guarantee_state, "ended")
            self.assertIn(line, self._find("ended"))

    def test_last_kilometer_is_covered_and_the_next_is_not(self):
        line = self._labor(self._deliver())
        for km, state in ((44000, "ending"), (44001, "ended")):
            self.vehicle._add_readings({self.vehicle: km})
            self.assertEqual(line.guarantee_state, state, km)
            self.assertIn(line, self._find(state))
            self.assertEqual(line.guarantee_km_left, 0)

    def test_it_ends_soon_by_days_or_kilometers(self):
        self.minor.write({"guarantee_days": 100, "guarantee_km": 20000})
        line = self._labor(self._deliver())
        self.assertEqual(line.guarantee_state, "running")
        self.assertIn(line, self._find("running"))
        with self._day("2026-06-07"):  # three days before the 10th of June
            self.assertEqual(line.guarantee_state, "ending")
            self.assertIn(line, self._find("ending"))
        with self._day("2026-06-06"):
            self.assertEqual(line.guarantee_state, "running")
        self.vehicle._add_readings({self.vehicle: 61700})
        self.assertEqual(line.guarantee_state, "ending")
        self.assertEqual(line.guarantee_km_left, 300)

    def test_leap_day_is_counted(self):
        order = self._bring()
        with self._day("2028-02-28"):
            self._finish(order)
            self._leave(order)
        self.assertEqual(order.line_ids[0].guarantee_until, date(2028, 3, 9))

    def _find(self, state):
        return self.env["car.repair.line"].search([("guarantee_state", "=", state)])

    # === BELOW THE LAW === #

    def test_promise_below_the_law_has_no_effect(self):
        self._ask_by_law(100, 20000)
        self.assertEqual(self._term(self._labor(self._deliver())), (100, 20000))

    def test_promise_below_the_law_is_refused(self):
        self.patch(
            self.registry["car.repair.class"],
            "_get_statutory_minimum",
            lambda classes: dict.fromkeys(classes, (10, 2000)),
        )
        self.minor.write({"guarantee_days": 10, "guarantee_km": 2000})
        for values in ({"guarantee_days": 9}, {"guarantee_km": 1999}):
            with self.assertRefused("at least 10 days and 2000 km", ValidationError):
                self.minor.write(values)

    # === SEEN === #

    def test_vehicle_shows_what_runs(self):
        order = self._deliver()
        vehicle = self.vehicle.with_user(self.user_technician)
        self.assertEqual(vehicle.guarantee_line_ids, order.line_ids)
        with self._day("2026-04-01"):
            self.assertFalse(vehicle.guarantee_line_ids)
            action = vehicle.action_open_guarantees()
            found = self.env["car.repair.line"].search(action["domain"])
            self.assertEqual(found, order.line_ids)

    def test_vehicles_are_asked_in_one_go(self):
        cars = self.vehicle
        for number in range(3):
            car = self._create_vehicle(license_plate=f"京G0000{number}", vin=False)
            cars |= car
            self._deliver(vehicle_id=car.id)

        def count(vehicles):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            vehicles.mapped("guarantee_count")
            vehicles.guarantee_line_ids.mapped("guarantee_state")
            return self.env.cr.sql_log_count - before

        count(cars[1])
        self.assertEqual(count(cars), count(cars[1]))

    def test_papers_tell_the_concrete_terms(self):
        self.pads.write({"car_guarantee_days": 365, "car_guarantee_km": 30000})
        order = self._bring(
            lines=[
                {"product_id": self.brake_work.id},
                {"product_id": self.pads.id},
                {"product_id": self.filter.id, "supply": "customer"},
            ]
        )
        before = order._get_paper_guarantees("estimate")
        self.assertEqual(
            [(row["names"], row["text"]) for row in before],
            [
                (
                    "Change brake pads",
                    "10 days or 2,000 km from the day the car leaves, "
                    "whichever is reached first",
                ),
                (
                    "Brake pads",
                    "365 days or 30,000 km from the day the car leaves, "
                    "whichever is reached first",
                ),
                ("Oil filter", "Supplied by the customer"),
            ],
        )
        contract = str(order._render_contract())
        self.assertIn("365 days or 30,000 km from the day", contract)
        self.assertIn("Supplied by the customer", contract)
        self._deliver(order)
        record = str(order.with_user(self.user_advisor)._get_record_content())
        days = [
            format_date(self.env, date(*day)) for day in ((2026, 3, 12), (2027, 3, 2))
        ]
        self.assertIn(f"until {days[0]} or 44,000 km", record)
        self.assertIn(f"until {days[1]} or 72,000 km", record)
        pickup = self.env["ir.qweb"]._render(
            "car_aftersales.report_car_repair_order_pickup_content",
            {"order": order},
        )
        self.assertIn(f"until {days[1]} or 72,000 km", str(pickup))

    def test_two_jobs_have_each_their_class(self):
        assembly = self.env["car.repair.class"].create(
            {"name": "Big", "guarantee_days": 100, "guarantee_km": 20000}
        )
        order = self._bring()
        order.job_ids = [
            Command.create(
                {
                    "name": "Gearbox",
                    "repair_class_id": assembly.id,
                    "line_ids": [Command.create({"product_id": self.labor.id})],
                }
            )
        ]
        self._deliver(order)
        gearbox = order.line_ids.filtered(lambda line: line.product_id == self.labor)
        self.assertEqual(self._term(gearbox), (100, 20000))
        self.assertEqual(self._term(self._part(order)), (10, 2000))
