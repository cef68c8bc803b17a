from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .coverage_common import BOUGHT, CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverage(CoverageCommon):
    """Policies become coverages of cars; both are kept once they are used (R-182)."""

    # === PROPOSED === #

    def _buy(self, **values):
        return self._create_vehicle(
            license_plate="京C00001", vin=False, purchase_date=BOUGHT, **values
        )

    def test_a_car_with_a_day_of_purchase_gets_what_fits(self):
        policy = self._create_policy(is_automatic=True)
        car = self._buy()
        self.assertEqual(car.coverage_ids.policy_id, policy)
        self.assertEqual(car.coverage_ids.start_date, date(2025, 3, 2))
        self.assertEqual(car.coverage_ids.end_date, date(2028, 3, 2))

    def test_the_day_of_purchase_entered_later_brings_it(self):
        self._create_policy(is_automatic=True)
        self.assertFalse(self.vehicle.coverage_ids)
        self.vehicle.with_user(self.user_advisor).purchase_date = BOUGHT
        self.assertEqual(len(self.vehicle.coverage_ids), 1)

    def test_what_does_not_fit_is_not_proposed(self):
        other = self.env["car.vehicle.brand"].create({"name": "BYD"})
        for values in (
            {"brand_ids": [Command.set(other.ids)]},
            {"energy": "electric"},
            {"sold_from": "2025-03-03"},
            {"sold_to": "2025-03-01"},
        ):
            with self.subTest(values=values):
                self._create_policy(is_automatic=True, **values)
        self.assertFalse(self._buy().coverage_ids)

    def test_what_fits_to_the_day_is_proposed(self):
        self._create_policy(
            is_automatic=True,
            brand_ids=[Command.set(self.brand.ids)],
            model_ids=[Command.set(self.model.ids)],
            energy="petrol",
            sold_from=BOUGHT,
            sold_to=BOUGHT,
        )
        self.assertEqual(len(self._buy().coverage_ids), 1)

    def test_a_corrected_day_moves_what_nobody_used(self):
        self._create_policy(is_automatic=True)
        car = self._buy()
        car.purchase_date = "2025-04-01"
        self.assertEqual(car.coverage_ids.mapped("start_date"), [date(2025, 4, 1)])

    def test_a_corrected_day_leaves_what_was_used(self):
        self._create_policy(is_automatic=True)
        car = self._buy()
        self._order_of(self.pump, vehicle_id=car.id)
        car.purchase_date = "2025-04-01"
        self.assertEqual(car.coverage_ids.start_date, date(2025, 3, 2))

    def test_the_button_adds_it_once_and_says_when_nothing_fits(self):
        self.vehicle.purchase_date = BOUGHT
        self._create_policy(is_automatic=True)
        car = self.vehicle.with_user(self.user_advisor)
        car.action_propose_coverages()
        self.assertEqual(len(car.coverage_ids), 1)
        with self.assertRefused("no other policy"):
            car.action_propose_coverages()

    def test_without_a_day_of_purchase_the_button_asks_for_it(self):
        with self.assertRefused("day of purchase"):
            self.vehicle.with_user(self.user_advisor).action_propose_coverages()

    def test_the_technician_proposes_nothing(self):
        with self.assertRaises(AccessError):
            self.vehicle.with_user(self.user_technician).action_propose_coverages()

    def test_a_car_has_a_policy_from_one_day_once(self):
        coverage = self._cover()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._cover(coverage.policy_id)
            self.env.flush_all()

    # === STATES AND WHAT IS LEFT === #

    def test_what_is_left_is_shown(self):
        coverage = self._cover(self._create_policy(months=13, km=20000), start_km=1000)
        self.vehicle._add_reading(15000)
        self.assertEqual(coverage.remaining_days, 31)
        self.assertEqual(coverage.remaining_km, 6000)
        self.assertFalse(coverage.ends_soon)
        self.vehicle._add_reading(20000)
        self.assertTrue(coverage.ends_soon)

    def test_states_are_found_as_they_are_shown(self):
        policy = self._create_policy(months=12, km=20000)
        cars = [
            self._create_vehicle(license_plate=f"京D0000{number}", vin=False)
            for number in range(6)
        ]
        starts = [BOUGHT, "2025-03-01", "2026-03-03", BOUGHT, BOUGHT, "2025-04-15"]
        coverages = self.env["car.warranty.coverage"]
        for car, start in zip(cars, starts, strict=True):
            coverages |= self._cover(policy, vehicle_id=car.id, start_date=start)
        cars[3]._add_reading(20001)
        coverages[4].action_cancel("Fraud")
        states = coverages.mapped("state")
        self.assertEqual(
            states,
            ["running", "ended", "planned", "ended", "cancelled", "running"],
        )
        for state in set(states):
            found = coverages.search(
                [("state", "=", state), ("id", "in", coverages.ids)]
            )
            self.assertEqual(
                found, coverages.filtered(lambda one, s=state: one.state == s), state
            )
        cars[5]._add_reading(19000)
        soon = coverages.search([("ends_soon", "=", True), ("id", "in", coverages.ids)])
        self.assertEqual(soon, coverages[0] | coverages[5])
        self.assertEqual(soon, coverages.filtered("ends_soon"))

    def test_the_windows_are_settings_of_the_company(self):
        coverage = self._cover(self._create_policy(months=14))
        self.assertFalse(coverage.ends_soon)
        self.company.car_coverage_soon_days = 61
        coverage.invalidate_recordset(["ends_soon"])
        self.assertTrue(coverage.ends_soon)

    # === CANCELLED, KEPT === #

    def test_a_cancellation_needs_a_reason(self):
        coverage = self._cover().with_user(self.user_advisor)
        action = coverage.action_cancel()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
            .create({"reason": "Total loss"})
        )
        dialog.action_confirm()
        self.assertEqual(coverage.state, "cancelled")
        self.assertEqual(coverage.cancel_reason, "Total loss")
        with self.assertRefused("cancelled already"):
            coverage.action_cancel("Again")

    def test_nobody_cancels_by_the_back_door(self):
        coverage = self._cover().with_user(self.user_advisor)
        coverage.write({"is_cancelled": True, "cancel_reason": "x"})
        self.assertFalse(coverage.is_cancelled)

    def test_the_technician_cancels_nothing(self):
        with self.assertRaises(AccessError):
            self._cover().with_user(self.user_technician).action_cancel("No")

    def test_what_was_used_is_not_deleted(self):
        coverage = self._cover()
        self._order_of(self.pump)
        with self.assertRefused("Cancel it instead"):
            coverage.with_user(self.user_warranty_clerk).unlink()
        with self.assertRefused("Archive it instead"):
            coverage.policy_id.with_user(self.user_manager).unlink()

    def test_what_nobody_used_may_be_deleted(self):
        coverage = self._cover()
        policy = coverage.policy_id
        coverage.with_user(self.user_warranty_clerk).unlink()
        policy.with_user(self.user_manager).unlink()
        self.assertFalse(policy.exists())

    def test_the_terms_of_a_policy_on_cars_are_kept(self):
        coverage = self._cover()
        policy = coverage.policy_id.with_user(self.user_warranty_clerk)
        with self.assertRefused("terms are kept"):
            policy.months = 48
        with self.assertRefused("terms are kept"):
            self.env["car.warranty.component"].with_user(
                self.user_warranty_clerk
            ).create(
                {
                    "policy_id": policy.id,
                    "scope": "category",
                    "category_id": self.category.id,
                    "is_excluded": True,
                }
            )
        policy.sold_to = "2025-12-31"
        policy.with_user(self.user_manager).months = 48
        self.assertEqual(coverage.end_date, date(2029, 3, 2))

    def test_the_advisor_does_not_correct_what_orders_were_judged_by(self):
        coverage = self._cover()
        coverage.with_user(self.user_advisor).start_date = "2025-04-01"
        self._order_of(self.pump)
        with self.assertRefused("warranty clerk corrects"):
            coverage.with_user(self.user_advisor).start_date = "2025-05-01"
        coverage.with_user(self.user_warranty_clerk).start_date = "2025-05-01"

    def test_who_pays_must_be_named(self):
        with self.assertRefused("by whose terms"):
            self._create_policy(maker_id=False)
        self._create_policy(maker_id=False, payer_kind="internal")

    def test_a_policy_of_another_company_is_not_for_this_car(self):
        other = self.env["res.company"].create({"name": "Other"})
        policy = self._create_policy(
            company_id=other.id, maker_id=False, payer_kind="internal"
        )
        self.vehicle.company_id = self.company
        with self.assertRaises(UserError):
            self._cover(policy)

    # === WHO SEES AND WRITES === #

    def test_roles_write_what_is_theirs(self):
        values = {"name": "Mine", "payer_kind": "internal"}
        for user in (self.user_warranty_clerk, self.user_supervisor, self.user_manager):
            self.env["car.warranty.policy"].with_user(user).create(values)
        refused = (self.user_advisor, self.user_technician, self.user_cashier)
        for user in refused:
            with self.assertRaises(AccessError):
                self.env["car.warranty.policy"].with_user(user).create(values)
        policy = self._create_policy()
        for user in (self.user_technician, self.user_cashier, self.user_parts_clerk):
            with self.assertRaises(AccessError):
                self.env["car.warranty.coverage"].with_user(user).create(
                    {"vehicle_id": self.vehicle.id, "policy_id": policy.id}
                )

    def test_the_technician_sees_the_term_and_nothing_of_payers(self):
        coverage = self._cover().with_user(self.user_technician)
        coverage.read(["start_date", "end_date", "state"])
        for record, name in (
            (coverage, "holder_id"),
            (coverage.policy_id, "payer_percent"),
            (coverage.policy_id, "maker_id"),
            (coverage.policy_id, "partner_id"),
        ):
            with self.assertRaises(AccessError):
                record.read([name])
        order = self._order_of(self.pump)
        line = order.line_ids.with_user(self.user_technician)
        self.assertEqual(line.coverage_reason, "covered")
        for name in ("payer_id", "payer_source"):
            with self.assertRaises(AccessError):
                line.read([name])

    # === SOLD, PARTS === #

    def test_an_extended_warranty_begins_with_the_delivery_once(self):
        product = self.env["product.product"].create(
            {"name": "2 years more", "type": "service", "car_item_kind": "fee"}
        )
        policy = self._create_policy(kind="extended", months=24, product_id=product.id)
        order = self._order_of(self.labor, product)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        coverage = self.vehicle.coverage_ids
        self.assertEqual(coverage.policy_id, policy)
        self.assertEqual(coverage.start_date, date(2026, 3, 2))
        self.assertEqual(coverage.start_km, 10000)
        self.assertFalse(order._start_sold_coverages())

    def _fit(self, **values):
        """Play the visit on which the pump is fitted."""
        self.pump.write({"car_part_months": 12, "car_part_km": 20000, **values})
        order = self._order_of(self.labor, self.pump)
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        return order

    def test_a_fitted_part_is_replaced_by_its_supplier(self):
        vendor = self.env["res.partner"].create({"name": "Bosch"})
        self.pump.seller_ids = [Command.create({"partner_id": vendor.id})]
        fitted = self._fit()
        order = self._order_of(self.pump, odometer_km=30000)
        line = order.line_ids
        self.assertEqual(line.coverage_reason, "part")
        self.assertEqual(line.coverage_line_id.order_id, fitted)
        self.assertEqual(
            (line.payer_id.kind, line.payer_id.partner_id), ("supplier", vendor)
        )
        self.assertEqual(self._reason_of(self.pump, odometer_km=30001), "none")
        self.assertEqual(self._reason_of(self.pads, odometer_km=30001), "none")

    def test_without_a_supplier_we_replace_it(self):
        self._fit()
        line = self._order_of(self.pump, odometer_km=12000).line_ids
        self.assertEqual(line.payer_id.kind, "internal")
