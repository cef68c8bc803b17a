from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import format_date

from ..common import FROZEN_NOW
from .coverage_common import BOUGHT
from .test_coverage_payers import PayersCommon


@tagged("post_install", "-at_install")
class TestCoverageLabor(PayersCommon):
    """Work on a part that is not covered is not covered either (R-183)."""

    def _wear(self, **values):
        """Cover the car, but not its pads."""
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(self.pads.ids)],
                        "is_wear_part": True,
                    }
                )
            ],
            **values,
        )
        return self._cover(policy)

    def _labor_of(self, order):
        return order.line_ids.filtered(lambda line: line.kind == "labor")

    def _parts_of(self, order):
        return order.line_ids - self._labor_of(order)

    def _add(self, order, product, **values):
        job = order.job_ids[:1].with_user(self.user_advisor)
        job.line_ids = [Command.create({"product_id": product.id, **values})]
        return job.line_ids[-1:].with_user(self.env.user)

    # === WHAT IT FOLLOWS === #

    def test_labor_of_a_wear_part_says_so_and_is_not_covered(self):
        coverage = self._wear()
        order = self._order_of(self.pads, self.labor)
        labor = self._labor_of(order)
        self.assertEqual(labor.coverage_reason, "wear")
        self.assertEqual(labor.coverage_id, coverage)
        self.assertEqual(labor.coverage_text, "Labor of Brake pads: New car: wear part")
        self.assertEqual(labor.payer_id.kind, "customer")

    def test_with_a_covered_part_in_the_job_labor_is_judged_by_itself(self):
        self._wear()
        labor = self._labor_of(self._order_of(self.pads, self.pump, self.labor))
        self.assertEqual(labor.coverage_reason, "covered")
        self.assertEqual(labor.payer_id.kind, "warranty")

    def test_without_a_part_labor_is_judged_by_itself(self):
        self._wear()
        self.assertEqual(self._reason_of(self.labor), "covered")

    def test_labor_that_is_not_covered_itself_keeps_its_own_reason(self):
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(self.labor.ids)],
                        "is_excluded": True,
                    }
                )
            ]
        )
        self._cover(policy)
        order = self._create_order(
            [
                {"product_id": self.pads.id, "supply": "customer"},
                {"product_id": self.labor.id},
            ]
        )
        self.assertEqual(self._labor_of(order).coverage_reason, "excluded")

    def test_outside_work_on_a_part_follows_it_too(self):
        self._wear()
        outside = self.env["product.product"].create(
            {"name": "Grinding", "type": "service", "car_item_kind": "outside"}
        )
        order = self._order_of(self.pads, outside)
        line = order.line_ids.filtered(lambda line: line.kind == "outside")
        self.assertEqual(line.coverage_reason, "wear")
        self.assertIn("Outside work on Brake pads", line.coverage_text)

    def test_a_fee_follows_no_part(self):
        self._wear()
        fee = self.env["product.product"].create(
            {"name": "Disposal", "type": "service", "car_item_kind": "fee"}
        )
        order = self._order_of(self.pads, fee)
        line = order.line_ids.filtered(lambda line: line.kind == "fee")
        self.assertEqual(line.coverage_reason, "component")

    def test_labor_of_the_customers_part_is_not_covered(self):
        self._cover()
        order = self._create_order(
            [
                {"product_id": self.pump.id, "supply": "customer"},
                {"product_id": self.labor.id},
            ]
        )
        labor = self._labor_of(order)
        self.assertEqual(labor.coverage_reason, "customer_part")
        self.assertIn("Labor of Water pump: ", labor.coverage_text)

    def test_of_several_parts_the_nearest_reason_is_told(self):
        self._wear()
        order = self._create_order(
            [
                {"product_id": self.pump.id, "supply": "customer"},
                {"product_id": self.pads.id},
                {"product_id": self.labor.id},
            ]
        )
        self.assertEqual(self._labor_of(order).coverage_reason, "wear")

    def test_labor_of_an_expired_part_says_when(self):
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(self.pads.ids)],
                        "months": 6,
                    }
                )
            ]
        )
        self._cover(policy)
        labor = self._labor_of(self._order_of(self.pads, self.labor))
        self.assertEqual(labor.coverage_reason, "date")
        self.assertIn(format_date(self.env, "2025-09-02"), labor.coverage_text)

    def test_the_very_work_in_the_list_is_covered_whatever_the_part(self):
        coverage = self._wear()
        self.env["car.warranty.component"].create(
            {
                "policy_id": coverage.policy_id.id,
                "scope": "part",
                "product_ids": [Command.set(self.labor.ids)],
            }
        )
        labor = self._labor_of(self._order_of(self.pads, self.labor))
        self.assertEqual(labor.coverage_reason, "covered")

    def test_a_policy_may_pay_work_by_itself(self):
        self._wear(labor_follows_parts=False)
        labor = self._labor_of(self._order_of(self.pads, self.labor))
        self.assertEqual(labor.coverage_reason, "covered")

    def test_of_two_coverages_the_one_that_pays_work_by_itself_pays(self):
        self._wear(name="Whole")
        other = self._wear(
            name="Generous",
            labor_follows_parts=False,
            payer_percent=60.0,
        )
        labor = self._labor_of(self._order_of(self.pads, self.labor))
        self.assertEqual(labor.coverage_reason, "covered")
        self.assertEqual(labor.coverage_id, other)

    def test_labor_in_another_job_does_not_follow(self):
        self._wear()
        order = self._order_of(self.pads, self.labor)
        labor = self._labor_of(order)
        job = (
            self.env["car.repair.job"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "name": "Noise"})
        )
        labor.with_user(self.user_advisor).job_id = job
        self.assertEqual(labor.coverage_reason, "covered")
        self.assertEqual(labor.payer_id.kind, "warranty")
        labor.with_user(self.user_advisor).job_id = order.job_ids[0]
        self.assertEqual(labor.coverage_reason, "wear")
        self.assertEqual(labor.payer_id.kind, "customer")

    # === IT KEEPS FOLLOWING === #

    def test_a_part_added_or_removed_changes_the_labor(self):
        self._wear()
        order = self._order_of(self.labor)
        labor = order.line_ids
        self.assertEqual(labor.payer_id.kind, "warranty")
        pads = self._add(order, self.pads)
        self.assertEqual(labor.coverage_reason, "wear")
        self.assertEqual(labor.payer_id.kind, "customer")
        self._add(order, self.pump)
        self.assertEqual(labor.coverage_reason, "covered")
        pads.with_user(self.user_advisor).unlink()
        self.assertEqual(labor.coverage_reason, "covered")
        self._parts_of(order).with_user(self.user_advisor).unlink()
        self._add(order, self.pads).with_user(self.user_advisor).unlink()
        self.assertEqual(labor.coverage_reason, "covered")

    def test_the_last_covered_part_removed_takes_the_labor_with_it(self):
        self._wear()
        order = self._order_of(self.pads, self.pump, self.labor)
        pump = order.line_ids.filtered(lambda line: line.product_id == self.pump)
        pump.with_user(self.user_advisor).unlink()
        self.assertEqual(self._labor_of(order).coverage_reason, "wear")

    def test_a_part_without_quantity_is_no_part_of_the_job(self):
        self._wear()
        order = self._order_of(self.pads, self.pump, self.labor)
        pump = order.line_ids.filtered(lambda line: line.product_id == self.pump)
        pump.with_user(self.user_advisor).quantity = 0.0
        self.assertEqual(self._labor_of(order).coverage_reason, "wear")
        pump.with_user(self.user_advisor).quantity = 1.0
        self.assertEqual(self._labor_of(order).coverage_reason, "covered")

    def test_a_part_moved_to_another_job_takes_its_answer_along(self):
        self._wear()
        order = self._order_of(self.pads, self.pump, self.labor)
        job = (
            self.env["car.repair.job"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "name": "Noise"})
        )
        pump = order.line_ids.filtered(lambda line: line.product_id == self.pump)
        pump.with_user(self.user_advisor).job_id = job
        self.assertEqual(self._labor_of(order).coverage_reason, "wear")
        pump.with_user(self.user_advisor).job_id = order.job_ids[0]
        self.assertEqual(self._labor_of(order).coverage_reason, "covered")

    def test_another_part_on_the_line_changes_the_labor(self):
        self._wear()
        order = self._order_of(self.pads, self.labor)
        self._parts_of(order).with_user(self.user_advisor).product_id = self.pump
        self.assertEqual(self._labor_of(order).coverage_reason, "covered")
        self._parts_of(order).with_user(self.user_advisor).supply = "customer"
        self.assertEqual(self._labor_of(order).coverage_reason, "customer_part")

    def test_a_part_that_the_customer_declines_is_no_part_of_the_job(self):
        self._wear()
        order = self._order_of(self.pads, self.labor)
        labor, pads = self._labor_of(order), self._parts_of(order)
        self.assertEqual(labor.coverage_reason, "wear")
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": FROZEN_NOW,
                "line_ids": [
                    Command.create({"line_id": pads.id, "is_approved": False})
                ],
            }
        )
        self.assertEqual(pads.authorization_state, "declined")
        self.assertEqual(labor.coverage_reason, "covered")

    def test_the_screen_follows_when_the_order_is_saved(self):
        self._wear()
        order = self._order_of(self.pump).with_user(self.user_advisor)
        with Form(order) as form:
            for product in (self.labor, self.pads):
                with form.line_ids.new() as line:
                    line.product_id = product
            form.line_ids.remove(0)
        labor = self._labor_of(order)
        self.assertEqual(labor.coverage_reason, "wear")
        self.assertEqual(labor.payer_id.kind, "customer")

    def test_the_screen_shows_the_warranty_only_where_it_says_something(self):
        order = self._order_of(self.pump, self.labor)
        self.assertFalse(order.has_coverage)
        self._wear()
        self.assertTrue(order.has_coverage)

    def test_labor_that_was_agreed_to_is_kept(self):
        self._wear()
        order = self._order_of(self.pump, self.labor)
        self._authorize(order)
        pump = self._parts_of(order)
        pump.with_user(self.user_advisor).quantity = 0.0
        self._add(order, self.pads)
        self.assertEqual(self._labor_of(order).coverage_reason, "covered")

    def test_labor_follows_what_is_decided_by_hand(self):
        self._cover()
        order = self._order_of(self.pump, self.labor)
        labor, pump = self._labor_of(order), self._parts_of(order)
        pump = pump.with_user(self.user_advisor)
        pump.action_decide_coverage(None, "Driven without water")
        self.assertEqual(labor.coverage_reason, "manual")
        self.assertIn("Driven without water", labor.coverage_text)
        self.assertFalse(labor.has_coverage_decision)
        self.assertEqual(labor.payer_id.kind, "customer")
        pump.action_judge_coverage()
        self.assertEqual(labor.coverage_reason, "covered")
        self.assertEqual(labor.payer_id.kind, "warranty")

    def test_a_wear_part_covered_by_hand_brings_its_labor(self):
        coverage = self._wear()
        order = self._order_of(self.pads, self.labor)
        pads = self._parts_of(order).with_user(self.user_advisor)
        pads.action_decide_coverage(coverage, "Broken by a faulty caliper")
        self.assertEqual(self._labor_of(order).coverage_reason, "covered")

    def test_labor_decided_by_hand_follows_no_part(self):
        coverage = self._wear()
        order = self._order_of(self.pads, self.labor)
        labor = self._labor_of(order)
        labor.with_user(self.user_advisor).action_decide_coverage(coverage, "Goodwill")
        self._add(order, self.pads)
        self.assertEqual(labor.coverage_reason, "covered")
        self.assertIn("Goodwill", labor.coverage_text)

    def test_a_new_coverage_reaches_the_labor_as_well(self):
        order = self._order_of(self.pads, self.labor)
        self._wear()
        self.assertEqual(self._labor_of(order).coverage_reason, "wear")

    # === HOW MANY QUERIES === #

    @users("car_advisor")
    def test_labor_takes_as_many_queries_for_many_jobs(self):
        policy = self._wear().policy_id
        few, many = self._many(policy, 1), self._many(policy, 100)
        self.assertEqual(len(many), 200)
        self.assertEqual(set(many.mapped("coverage_reason")), {"wear"})
        for part in (few, many):
            part.with_env(self.env).invalidate_recordset()
        self.assertEqual(self._count(few), self._count(many))
        # The parts may be outside the question.
        one, all_labor = (self._labor_of(part.order_id) for part in (few, many))
        self.assertEqual(self._count(one), self._count(all_labor))

    def _many(self, policy, count):
        """Return the lines of as many cars: pads and the labor on them."""
        vehicles = (
            self.env["car.vehicle"]
            .sudo()
            .create(
                [
                    {
                        "license_plate": f"京E{count:03}{number:03}",
                        "model_id": self.model.id,
                        "owner_id": self.customer.id,
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
        lines = [
            Command.create({"product_id": product.id})
            for product in (self.pads, self.labor)
        ]
        orders = self.env["car.repair.order"].create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "type_id": self.type_repair.id,
                    "received_at": FROZEN_NOW,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Squeals",
                                "estimate_method": "item",
                                "item_reason": "simple",
                                "line_ids": lines,
                            }
                        )
                    ],
                }
                for vehicle in vehicles
            ]
        )
        return orders.line_ids

    def test_a_car_without_coverage_pays_nothing_for_it(self):
        """The parts of a job ask nothing where no car has a policy."""
        order = self._order_of(self.pump, self.labor)
        self.env.flush_all()
        parts = self._parts_of(order)
        parts.mapped("kind")
        with self.assertQueryCount(0):
            self.assertFalse(parts._get_jobs_of_parts())
        self._create_policy()
        self.env["car.warranty.policy"]._has_any()
        with self.assertQueryCount(0):
            self.assertFalse(parts._get_jobs_of_parts())
