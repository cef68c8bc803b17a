from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import format_date

from ..common import FROZEN_NOW
from .coverage_common import BOUGHT, CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverageAnswer(CoverageCommon):
    """Each reason why a line is under warranty or not, and where it begins (R-183)."""

    def _component(self, **values):
        return [Command.create(values)]

    # === EACH REASON === #

    def test_without_a_policy_nothing_is_covered(self):
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "none")
        self.assertFalse(line.coverage_id)

    def test_a_car_in_warranty_is_covered(self):
        coverage = self._cover()
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "covered")
        self.assertEqual(line.coverage_id, coverage)
        self.assertIn(format_date(self.env, "2028-03-02"), line.coverage_text)
        self.assertIn("100,000", line.coverage_text)

    def test_labor_is_judged_like_parts(self):
        self._cover()
        self.assertEqual(self._reason_of(self.labor), "covered")

    def test_what_is_not_listed_is_not_in_it(self):
        policy = self._create_policy(
            covers_rest=False,
            component_ids=self._component(
                scope="part", product_ids=[Command.set(self.pump.ids)]
            ),
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pump), "covered")
        self.assertEqual(self._reason_of(self.pads), "component")

    def test_a_wear_part_without_a_term_is_not_covered(self):
        policy = self._create_policy(
            component_ids=self._component(
                scope="part",
                product_ids=[Command.set(self.pads.ids)],
                is_wear_part=True,
            )
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pads), "wear")
        self.assertEqual(self._reason_of(self.pump), "covered")

    def test_a_wear_part_is_covered_within_its_own_term(self):
        policy = self._create_policy(
            component_ids=self._component(
                scope="part",
                product_ids=[Command.set(self.pads.ids)],
                is_wear_part=True,
                months=12,
                km=10000,
            )
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pads), "covered")
        self.assertEqual(self._reason_of(self.pads, odometer_km=10001), "wear")

    def test_an_excluded_category_is_excluded(self):
        policy = self._create_policy(
            component_ids=self._component(
                scope="category", category_id=self.category.id, is_excluded=True
            )
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pump), "excluded")

    def test_the_part_the_customer_brings_is_not_covered(self):
        self._cover()
        order = self._create_order([{"product_id": self.pump.id, "supply": "customer"}])
        self.assertEqual(order.line_ids.coverage_reason, "customer_part")

    def test_what_has_not_started_is_not_covered(self):
        self._cover(start_date="2026-03-03")
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "early")
        self.assertIn(format_date(self.env, "2026-03-03"), line.coverage_text)

    def test_the_day_it_starts_is_covered(self):
        self._cover(start_date="2026-03-02")
        self.assertEqual(self._reason_of(), "covered")

    def test_what_is_cancelled_is_not_covered(self):
        coverage = self._cover()
        coverage.with_user(self.user_advisor).action_cancel("Written off")
        self.assertEqual(self._reason_of(), "cancelled")

    def test_a_later_cancellation_leaves_the_earlier_visit_covered(self):
        coverage = self._cover()
        coverage.with_user(self.user_advisor).action_cancel("Sold", "2026-03-03")
        self.assertEqual(self._reason_of(), "covered")

    # === BOUNDARIES === #

    def test_the_last_day_is_covered_and_the_next_is_not(self):
        self._cover(self._create_policy(months=12))
        self.assertEqual(self._reason_of(), "covered")
        after = datetime(2026, 3, 2, 16, 0)  # midnight of March 3 in Shanghai
        self.assertEqual(self._reason_of(received_at=after), "date")

    def test_the_day_is_that_of_the_company(self):
        self._cover(self._create_policy(months=12))
        last_minute = datetime(2026, 3, 2, 15, 59)
        self.assertEqual(self._reason_of(received_at=last_minute), "covered")

    def test_the_intake_decides_not_today(self):
        self._cover(self._create_policy(months=6))
        line = self._order_of(
            self.pump, received_at=datetime(2025, 9, 2, 2, 0)
        ).line_ids
        self.assertEqual(line.coverage_reason, "covered")
        self.assertEqual(self._reason_of(), "date")

    def test_the_last_kilometer_is_covered_and_the_next_is_not(self):
        self._cover(self._create_policy(km=20000), start_km=5000)
        self.assertEqual(self._reason_of(odometer_km=25000), "covered")
        line = self._order_of(self.pump, odometer_km=25001).line_ids
        self.assertEqual(line.coverage_reason, "km")
        self.assertIn("25,000", line.coverage_text)

    def test_a_term_from_a_leap_day_ends_on_the_last_day_of_its_month(self):
        for months, last in (
            (12, (2025, 2, 28)),
            (24, (2026, 2, 28)),
            (48, (2028, 2, 29)),
        ):
            with self.subTest(months=months):
                policy = self._create_policy(name=f"{months}", months=months)
                coverage = self._cover(policy, start_date="2024-02-29")
                self.assertEqual(coverage.end_date, date(*last))

    def test_without_limits_a_coverage_never_ends(self):
        coverage = self._cover(self._create_policy(months=0, km=0))
        self.assertFalse(coverage.end_date)
        self.assertEqual(coverage.state, "running")
        line = self._order_of(self.pump, odometer_km=900000).line_ids
        self.assertEqual(line.coverage_reason, "covered")
        self.assertIn("without limit", line.coverage_text)

    def test_a_replaced_odometer_does_not_turn_the_clock_back(self):
        self._cover(self._create_policy(km=20000))
        self.vehicle._add_reading(19000, read_at=datetime(2026, 1, 1))
        self.vehicle._add_reading(
            10, read_at=datetime(2026, 1, 2), lower_reason="cluster_replaced"
        )
        self.assertEqual(self.vehicle.odometer_offset_km, 18990)
        self.assertEqual(self._reason_of(odometer_km=1010), "covered")
        self.assertEqual(self._reason_of(odometer_km=1011), "km")

    def test_a_component_may_run_longer_than_the_policy(self):
        policy = self._create_policy(
            months=6,
            component_ids=self._component(
                scope="system", system_id=self.system.id, months=60, km=200000
            ),
        )
        coverage = self._cover(policy)
        self.pump.car_system_id = self.system
        self.assertEqual(self._reason_of(self.pump), "covered")
        self.assertEqual(self._reason_of(self.pads), "date")
        self.assertEqual(coverage.end_date, date(2025, 9, 2))
        self.assertEqual(coverage.last_date, date(2030, 3, 2))
        self.assertEqual(coverage.state, "running")

    def test_the_most_specific_line_counts(self):
        self.pump.car_system_id = self.system
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "system",
                        "system_id": self.system.id,
                        "is_excluded": True,
                    }
                ),
                Command.create(
                    {
                        "scope": "category",
                        "category_id": self.category.id,
                        "is_wear_part": True,
                    }
                ),
                Command.create(
                    {"scope": "part", "product_ids": [Command.set(self.pump.ids)]}
                ),
            ]
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pump), "covered")
        policy.component_ids[2].unlink()
        self.assertEqual(self._reason_of(self.pump), "wear")
        policy.component_ids[1].unlink()
        self.assertEqual(self._reason_of(self.pump), "excluded")

    def test_the_nearest_category_counts(self):
        child = self.env["product.category"].create(
            {"name": "Pumps", "parent_id": self.category.id}
        )
        self.pump.categ_id = child
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "category",
                        "category_id": self.category.id,
                        "is_excluded": True,
                    }
                ),
                Command.create({"scope": "category", "category_id": child.id}),
            ]
        )
        self._cover(policy)
        self.assertEqual(self._reason_of(self.pump), "covered")
        self.assertEqual(self._reason_of(self.pads), "excluded")

    def test_work_without_a_system_takes_that_of_its_job(self):
        policy = self._create_policy(
            covers_rest=False,
            component_ids=self._component(scope="system", system_id=self.system.id),
        )
        self._cover(policy)
        order = self._order_of(self.labor)
        self.assertEqual(order.line_ids.coverage_reason, "component")
        order.job_ids.with_user(self.user_advisor).system_id = self.system
        self.assertEqual(order.line_ids.coverage_reason, "covered")

    # === OWNERS === #

    def test_it_goes_with_the_car_to_the_next_owner(self):
        self._cover()
        self.vehicle.owner_id = self.env["res.partner"].create({"name": "Li"})
        self.assertEqual(self._reason_of(), "covered")

    def test_for_the_first_owner_only_it_ends_with_him(self):
        coverage = self._cover(self._create_policy(is_first_owner_only=True))
        self.assertEqual(coverage.holder_id, self.customer)
        self.assertEqual(self._reason_of(), "covered")
        self.vehicle.owner_id = self.env["res.partner"].create({"name": "Li"})
        self.assertEqual(self._reason_of(), "owner")

    def test_the_owner_of_the_first_day_is_the_first(self):
        buyer = self.env["res.partner"].create({"name": "Li"})
        self.vehicle.with_context(car_change_date=date(2026, 3, 2)).owner_id = buyer
        first = self.vehicle.ownership_ids.filtered("date_to")
        first.date_from = BOUGHT
        coverage = self._cover(self._create_policy(is_first_owner_only=True))
        self.assertEqual(coverage.holder_id, self.customer)
        self.assertEqual(self._reason_of(), "owner")

    # === SEVERAL COVERAGES === #

    def test_covered_wins_over_not_covered(self):
        self._cover(self._create_policy(name="Short", months=6))
        longer = self._cover(self._create_policy(name="Long"))
        self.assertEqual(self._order_of(self.pump).line_ids.coverage_id, longer)

    def test_the_better_share_wins_over_the_longer_term(self):
        half = self._create_policy(name="Half", payer_percent=50.0, months=60)
        self._cover(half)
        whole = self._cover(self._create_policy(name="Whole", months=24))
        self.assertEqual(self._order_of(self.pump).line_ids.coverage_id, whole)

    def test_of_equal_shares_the_longer_wins(self):
        longer = self._cover(self._create_policy(name="Long", months=60))
        self._cover(self._create_policy(name="Short", months=24))
        self.assertEqual(self._order_of(self.pump).line_ids.coverage_id, longer)

    def test_the_nearest_reason_is_told(self):
        ended = self._cover(self._create_policy(name="Ended", months=6))
        self._cover(self._create_policy(name="Other", covers_rest=False))
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "date")
        self.assertEqual(line.coverage_id, ended)

    def test_coverage_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        terms = self.terms.copy({"company_id": other.id, "pricelist_id": False})
        policy = self._create_policy(company_id=other.id, maker_id=terms.id)
        self.vehicle.company_id = False
        self._cover(policy)
        self.assertEqual(self._reason_of(), "none")

    # === KEPT ANSWERS === #

    def test_the_answer_follows_the_odometer_until_it_is_agreed(self):
        self._cover(self._create_policy(km=20000))
        order = self._order_of(self.pump)
        order.with_user(self.user_advisor).odometer_km = 20001
        self.assertEqual(order.line_ids.coverage_reason, "km")

    def test_the_answer_is_kept_once_it_is_agreed(self):
        coverage = self._cover()
        order = self._order_of(self.pump)
        self._authorize(order)
        coverage.with_user(self.user_advisor).action_cancel("Mistake")
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(order.line_ids.coverage_reason, "covered")

    def test_a_new_coverage_reaches_open_lines(self):
        order = self._order_of(self.pump)
        self.assertEqual(order.line_ids.coverage_reason, "none")
        self._cover()
        self.assertEqual(order.line_ids.coverage_reason, "covered")

    # === HOW MANY QUERIES === #

    @users("car_advisor")
    def test_the_answer_takes_as_many_queries_for_many_lines(self):
        policy = self._create_policy(requires_service=True)
        few = self._many(policy, 1)
        many = self._many(policy, 200)
        self.assertEqual(self._count(few), self._count(many))

    def _many(self, policy, count):
        """Return lines on as many cars, each with a coverage and a plan."""
        package = self.env["car.repair.package"].sudo().create({"name": "Service"})
        plan = (
            self.env["car.maintenance.plan"]
            .sudo()
            .create(
                {
                    "name": "Plan",
                    "line_ids": [
                        Command.create({"package_id": package.id, "repeat_months": 12})
                    ],
                }
            )
        )
        vehicles = (
            self.env["car.vehicle"]
            .sudo()
            .create(
                [
                    {
                        "license_plate": f"京B{count:03}{number:03}",
                        "model_id": self.model.id,
                        "owner_id": self.customer.id,
                        "plan_id": plan.id,
                    }
                    for number in range(count)
                ]
            )
        )
        self.env["car.warranty.coverage"].sudo().create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "policy_id": policy.id,
                    "start_date": BOUGHT,
                }
                for vehicle in vehicles
            ]
        )
        orders = self.env["car.repair.order"].create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "type_id": self.type_repair.id,
                    "received_at": FROZEN_NOW,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Leaks",
                                "line_ids": [
                                    Command.create({"product_id": self.pump.id})
                                ],
                            }
                        )
                    ],
                }
                for vehicle in vehicles
            ]
        )
        return orders.line_ids
