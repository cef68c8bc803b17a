from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .coverage_common import BOUGHT, CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverageFleet(CoverageCommon):
    """Cars that were there before the policies get them, many at once (R-182)."""

    def _cars(self, count, letter="F", **values):
        values.setdefault("purchase_date", BOUGHT)
        return self.env["car.vehicle"].create(
            [
                {
                    "license_plate": f"京{letter}{number:05}",
                    "model_id": self.model.id,
                    "owner_id": self.customer.id,
                    "company_id": self.company.id,
                    **values,
                }
                for number in range(count)
            ]
        )

    def _dialog(self, action, user=None):
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        return dialog.with_user(user or self.user_warranty_clerk)

    # === CHOSEN CARS === #

    def test_chosen_cars_get_what_fits_and_the_rest_is_told(self):
        cars = self._cars(3)
        undated = self._cars(2, "G", purchase_date=False)
        other = self.env["car.vehicle.model"].create(
            {"name": "Han", "brand_id": self.brand.id}
        )
        foreign = self._cars(1, "H", model_id=other.id)
        policy = self._create_policy(
            is_automatic=True, model_ids=[Command.set(self.model.ids)]
        )
        self.assertFalse(cars.coverage_ids)
        chosen = (cars | undated | foreign).with_user(self.user_warranty_clerk)
        dialog = self._dialog(chosen.action_find_coverages())
        self.assertEqual(cars.coverage_ids.policy_id, policy)
        self.assertEqual(len(cars.coverage_ids), 3)
        self.assertTrue(dialog.is_done)
        self.assertEqual(dialog.asked_count, 6)
        self.assertEqual(dialog.given_count, 3)
        self.assertEqual(dialog.undated_count, 2)
        self.assertEqual(dialog.other_count, 1)
        action = dialog.action_open_undated()
        self.assertEqual(self.env["car.vehicle"].search(action["domain"]), undated)

    def test_a_second_time_nobody_gets_it_again(self):
        cars = self._cars(2)
        self._create_policy(is_automatic=True)
        cars = cars.with_user(self.user_warranty_clerk)
        cars.action_find_coverages()
        dialog = self._dialog(cars.action_find_coverages())
        self.assertEqual((dialog.given_count, dialog.other_count), (0, 2))
        self.assertEqual(len(cars.coverage_ids), 2)

    def test_a_cancelled_one_does_not_come_back(self):
        cars = self._cars(1)
        self._cover(
            self._create_policy(is_automatic=True), vehicle_id=cars.id
        ).action_cancel("Fraud")
        dialog = self._dialog(
            cars.with_user(self.user_warranty_clerk).action_find_coverages()
        )
        self.assertEqual(dialog.given_count, 0)

    def test_without_policies_nothing_happens(self):
        cars = self._cars(1).with_user(self.user_warranty_clerk)
        self.assertEqual(self._dialog(cars.action_find_coverages()).given_count, 0)

    def test_the_first_registration_counts_where_the_purchase_is_unknown(self):
        cars = self._cars(1, purchase_date=False, first_registration_date=BOUGHT)
        self._create_policy(is_automatic=True)
        cars.with_user(self.user_warranty_clerk).action_find_coverages()
        self.assertEqual(str(cars.coverage_ids.start_date), BOUGHT)

    def test_a_registration_entered_later_brings_it_as_the_purchase_does(self):
        self._create_policy(is_automatic=True)
        cars = self._cars(1, purchase_date=False)
        self.assertFalse(cars.coverage_ids)
        cars.first_registration_date = BOUGHT
        self.assertEqual(len(cars.coverage_ids), 1)

    def test_only_the_warranty_clerk_gives_to_many(self):
        cars = self._cars(1)
        self._create_policy(is_automatic=True)
        for user in (self.user_advisor, self.user_technician, self.user_cashier):
            with self.assertRaises(AccessError):
                cars.with_user(user).action_find_coverages()
        self.assertFalse(cars.coverage_ids)
        cars.with_user(self.user_manager).action_find_coverages()
        self.assertEqual(len(cars.coverage_ids), 1)

    def test_many_cars_take_as_many_queries_as_few(self):
        # The ORM inserts a hundred rows at once.
        first, few, many = self._cars(1), self._cars(2, "G"), self._cars(40, "H")
        self._create_policy(is_automatic=True, name="One")
        self._create_policy(is_automatic=True, name="Two")
        self._count(first)
        self.assertEqual(self._count(few), self._count(many))

    def _count(self, cars):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        cars.with_user(self.user_warranty_clerk).action_find_coverages()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(cars.coverage_ids), 2 * len(cars))
        return queries

    # === ONE POLICY === #

    def test_the_policy_says_how_many_before_it_is_given(self):
        cars = self._cars(3)
        self._cars(1, "G", purchase_date="2024-12-31")
        undated = self._cars(2, "H", purchase_date=False)
        policy = self._create_policy(
            sold_from="2025-01-01", sold_to=BOUGHT, kind="dealer"
        )
        self._cover(policy, vehicle_id=cars[0].id)
        action = policy.with_user(self.user_warranty_clerk).action_give_to_vehicles()
        dialog = self._dialog(action)
        self.assertEqual(dialog.found_count, 2)
        self.assertFalse(cars[1].coverage_ids)
        undated |= self.vehicle  # the car of every test has no day either
        self.assertEqual(dialog.undated_count, len(undated))
        found = self.env["car.vehicle"].search(dialog.action_open_undated()["domain"])
        self.assertEqual(found, undated)
        dialog.action_confirm()
        self.assertEqual(dialog.given_count, 2)
        self.assertEqual(cars.coverage_ids.policy_id, policy)
        self.assertFalse(cars[1].coverage_ids.is_proposed)

    def test_what_was_given_by_hand_stays_with_a_corrected_day(self):
        cars = self._cars(1)
        policy = self._create_policy(kind="dealer")
        policy.with_user(self.user_warranty_clerk)._give_to_vehicles()
        cars.purchase_date = "2025-05-05"
        self.assertEqual(cars.coverage_ids.policy_id, policy)

    def test_cars_of_another_company_and_archived_cars_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._cars(1, company_id=other.id)
        self._cars(1, "G").active = False
        shared = self._cars(1, "H", company_id=False)
        policy = self._create_policy(kind="dealer")
        policy.with_user(self.user_warranty_clerk)._give_to_vehicles()
        coverages = self.env["car.warranty.coverage"].search(
            [("policy_id", "=", policy.id)]
        )
        self.assertEqual(coverages.vehicle_id, shared)

    def test_what_is_sold_or_archived_is_given_to_nobody(self):
        product = self.env["product.product"].create(
            {"name": "2 years more", "type": "service", "car_item_kind": "fee"}
        )
        sold = self._create_policy(kind="extended", product_id=product.id)
        with self.assertRefused("is sold"):
            sold.with_user(self.user_warranty_clerk).action_give_to_vehicles()
        old = self._create_policy(active=False)
        with self.assertRefused("archived"):
            old.with_user(self.user_warranty_clerk).action_give_to_vehicles()
        with self.assertRefused("archived"):
            old.with_user(self.user_warranty_clerk)._give_to_vehicles()

    def test_only_who_writes_policies_gives_them(self):
        policy = self._create_policy()
        for user in (self.user_advisor, self.user_technician, self.user_cashier):
            with self.assertRaises(AccessError):
                policy.with_user(user).action_give_to_vehicles()
        for user in (self.user_supervisor, self.user_manager):
            dialog = self._dialog(
                policy.with_user(user).action_give_to_vehicles(), user
            )
            self.assertEqual(dialog.found_count, 0)

    def test_nobody_marks_a_policy_by_the_back_door(self):
        policy = self._create_policy().with_user(self.user_warranty_clerk)
        policy.is_being_given = True
        self.assertFalse(policy.is_being_given)

    def test_very_many_cars_get_it_batch_by_batch(self):
        cars = self._cars(5)
        policy = self._create_policy(kind="dealer")
        policy.sudo().is_being_given = True
        self.assertEqual(policy._give_batch(2), (2, 3))
        self.assertEqual(policy._give_batch(2), (2, 1))
        self.assertTrue(policy.is_being_given)
        self.assertEqual(policy._give_batch(2), (1, 0))
        self.assertFalse(policy.is_being_given)
        self.assertEqual(len(cars.coverage_ids), 5)
        self.assertEqual(policy._give_batch(2), (0, 0))
        self.assertIn("have it now", policy.message_ids[0].body)
