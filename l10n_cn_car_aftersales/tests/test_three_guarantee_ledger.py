from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW

from .three_common import CarThreeGuaranteeCommon


@tagged("post_install", "-at_install")
class TestThreeGuaranteeLedger(CarThreeGuaranteeCommon):
    """What a delivered repair brings to the ledger, and why it counts or not."""

    def test_repair_under_warranty_counts_with_its_version(self):
        order = self._deliver(self._create_warranty_order())
        days = self._get_entry(order, "days")
        self.assertEqual(
            (days.days, days.is_counted, days.reason), (1, True, "counted")
        )
        self.assertEqual(days.rule_id, self.rule_43)
        self.assertIn("Order 43", days.reason_text)
        part = self._get_entry(order, "part")
        self.assertEqual(part.product_id, self.pump)
        self.assertFalse(self._get_entry(order, "assembly"))

    def test_work_the_customer_pays_is_not_in_the_ledger(self):
        order = self._deliver(self._create_order(odometer_km=10000))
        self.assertFalse(order.sudo().three_guarantee_entry_ids)

    def test_nothing_is_written_where_the_law_does_not_apply(self):
        self.company.car_cn_law = False
        order = self._deliver(self._create_warranty_order())
        self.assertFalse(order.sudo().three_guarantee_entry_ids)
        self.assertEqual(self.vehicle.three_guarantee_state, "none")

    def test_business_use_is_written_and_does_not_count(self):
        self.vehicle.is_household = False
        order = self._deliver(self._create_warranty_order())
        entries = order.sudo().three_guarantee_entry_ids
        self.assertEqual(set(entries.mapped("reason")), {"business"})
        self.assertFalse(any(entries.mapped("is_counted")))

    def test_a_company_or_a_truck_is_proposed_as_business(self):
        company = self.env["res.partner"].create({"name": "Ltd", "is_company": True})
        self.vehicle.owner_id = company
        self.assertFalse(self.vehicle.is_household)
        self.vehicle.owner_id = self.customer
        self.assertTrue(self.vehicle.is_household)
        self.model.vehicle_class = "truck"
        self.assertFalse(self.vehicle.is_household)

    def test_a_marked_job_counts_although_the_customer_paid(self):
        order = self._create_order(odometer_km=10000)
        with self.assertRefused("say why it counts"):
            order.job_ids.three_guarantee_mark = "yes"
        order.job_ids.with_user(self.user_warranty_clerk).write(
            {
                "three_guarantee_mark": "yes",
                "three_guarantee_mark_reason": "Maker refused, quality problem",
            }
        )
        self._deliver(order)
        self.assertTrue(self._get_entry(order, "days").is_counted)

    def test_a_job_marked_not_to_count_says_so(self):
        order = self._create_warranty_order(
            job={
                "three_guarantee_mark": "no",
                "three_guarantee_mark_reason": "Service action",
            }
        )
        self._deliver(order)
        entries = order.sudo().three_guarantee_entry_ids
        self.assertEqual(set(entries.mapped("reason")), {"marked"})

    def test_marks_are_closed_once_the_car_is_given_back(self):
        order = self._deliver(self._create_warranty_order())
        with self.assertRefused("Correct its entry"):
            order.job_ids.three_guarantee_failure_id = self._get_failure("brake")

    def test_technician_does_not_mark(self):
        job = self._create_warranty_order().job_ids
        with self.assertRaises(AccessError):
            job.with_user(self.user_technician).write(
                {
                    "three_guarantee_mark": "no",
                    "three_guarantee_mark_reason": "No",
                }
            )

    # === DAYS === #

    def test_days_of_a_repair(self):
        cases = [
            (timedelta(hours=1), "started", 1),
            (timedelta(hours=23, minutes=59), "started", 1),
            (timedelta(hours=24), "started", 1),
            (timedelta(hours=24, minutes=1), "started", 2),
            (timedelta(days=30), "started", 30),
            (timedelta(), "started", 1),
            (timedelta(hours=1), "completed", 1),
            (timedelta(hours=47), "completed", 1),
            (timedelta(hours=48), "completed", 2),
        ]
        for lasted, count, days in cases:
            with self.subTest(lasted=lasted, count=count):
                self.rule_43.day_count = count
                self.assertEqual(self.rule_43._count_days(lasted), days)

    def test_days_run_from_consent_to_the_end_of_work(self):
        order = self._deliver(self._create_warranty_order(), timedelta(days=3, hours=1))
        days = self._get_entry(order, "days")
        self.assertEqual(days.started_at, FROZEN_NOW)
        self.assertEqual(days.days, 4)

    def test_excluded_time_is_taken_off_once(self):
        order = self._create_warranty_order()
        times = [(1, 3), (2, 4), (20, 30)]  # days after the consent; the last after it
        order.with_user(self.user_warranty_clerk).write(
            {
                "three_guarantee_excluded_ids": [
                    Command.create(
                        {
                            "from_at": FROZEN_NOW + timedelta(days=begins),
                            "to_at": FROZEN_NOW + timedelta(days=ends),
                            "reason": "Harness by sea",
                        }
                    )
                    for begins, ends in times
                ]
            }
        )
        self._deliver(order, timedelta(days=10))
        days = self._get_entry(order, "days")
        self.assertEqual((days.days, days.excluded_hours), (7, 72))
        self.assertIn("Harness", days.excluded_text)
        with self.assertRefused("is closed"):
            order.three_guarantee_excluded_ids[:1].reason = "Other"

    # === PERIODS AND VERSIONS === #

    def test_day_of_purchase_chooses_the_version(self):
        cases = [
            (date(2013, 9, 30), "none"),
            (date(2013, 10, 1), "150"),
            (date(2021, 12, 31), "150"),
            (date(2022, 1, 1), "43"),
        ]
        versions = {"150": self.rule_150, "43": self.rule_43}
        for day, version in cases:
            with self.subTest(day=day):
                self.vehicle.sale_invoice_date = day
                self.assertEqual(
                    self.vehicle.three_guarantee_rule_id,
                    versions.get(version, self.rule_43.browse()),
                )

    def test_start_is_the_delivery_where_the_version_says_so(self):
        self.vehicle.sale_delivery_date = date(2025, 9, 15)
        self.assertEqual(self.vehicle.three_guarantee_start, date(2025, 9, 15))
        self.assertEqual(self.vehicle.three_guarantee_end, date(2027, 9, 15))
        self.vehicle.write(
            {"sale_invoice_date": "2020-02-29", "sale_delivery_date": "2020-03-10"}
        )
        self.assertEqual(self.vehicle.three_guarantee_start, date(2020, 2, 29))
        self.assertEqual(self.vehicle.three_guarantee_end, date(2022, 2, 28))

    def test_boundaries_of_the_periods(self):
        start = date(2024, 3, 2)
        self.vehicle.sale_invoice_date = start
        cases = [
            (date(2026, 3, 2), 50000, "guarantee", False),
            (date(2026, 3, 3), 50000, "guarantee", "over_date"),
            (date(2026, 3, 2), 50001, "guarantee", "over_km"),
            (date(2027, 3, 2), 60000, "repair", False),
            (date(2027, 3, 3), 60000, "repair", "over_date"),
            (date(2027, 3, 2), 60001, "repair", "over_km"),
            (date(2024, 3, 1), 10, "guarantee", "before"),
        ]
        for day, km, period, expected in cases:
            with self.subTest(day=day, km=km, period=period):
                self.assertEqual(
                    self.vehicle._get_three_guarantee_refusal(day, km, period), expected
                )

    def test_pickups_came_with_order_43(self):
        self.model.vehicle_class = "pickup"
        day, km = date(2026, 1, 1), 1000
        self.assertFalse(self.vehicle._get_three_guarantee_refusal(day, km))
        self.vehicle.sale_invoice_date = date(2021, 6, 1)
        self.assertEqual(
            self.vehicle._get_three_guarantee_refusal(date(2021, 7, 1), km), "pickup"
        )

    def test_unknown_purchase_is_told(self):
        self.vehicle.write({"sale_invoice_date": False, "purchase_date": False})
        order = self._deliver(self._create_warranty_order())
        self.assertEqual(self._get_entry(order, "days").reason, "no_date")

    # === PARTS === #

    def test_replaced_assembly_and_main_part_are_written(self):
        order = self._create_warranty_order(self.crankshaft, self.motor_block)
        self._deliver(order)
        self.assertEqual(self._get_entry(order, "assembly").assembly_id, self.engine)
        self.assertEqual(
            self._get_entry(order, "main_part").product_id, self.crankshaft
        )

    def test_assembly_of_no_clause_does_not_count(self):
        self.motor_block.three_guarantee_assembly_id = self._get_assembly("body")
        order = self._deliver(self._create_warranty_order(self.motor_block))
        self.assertEqual(self._get_entry(order, "assembly").reason, "not_in_version")

    def test_wear_part_does_not_count(self):
        self.pump.three_guarantee_role = "wear"
        order = self._deliver(self._create_warranty_order())
        self.assertEqual(self._get_entry(order, "part").reason, "wear")

    def test_part_not_issued_was_not_replaced(self):
        order = self._create_warranty_order(self.motor_block)
        part = order.line_ids.filtered(lambda line: line.kind == "part")
        self._authorize(order)
        part.quantity = 0
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self._leave(order)
        self.assertFalse(self._get_entry(order, "assembly"))

    # === CORRECTIONS === #

    def test_correction_needs_a_reason_and_is_logged(self):
        order = self._deliver(self._create_warranty_order())
        entry = self._get_entry(order, "days").with_env(self.env)
        entry = entry.with_user(self.user_warranty_clerk)
        with self.assertRefused("say why it is corrected"):
            entry._correct(" ", False, 0)
        wizard = (
            self.env["car.three.guarantee.correct"]
            .with_user(self.user_warranty_clerk)
            .create({"entry_id": entry.id, "reason": "Customer agreed to wait"})
        )
        self.assertTrue(wizard.is_counted)
        wizard.write({"is_counted": False, "days": 3})
        wizard.action_confirm()
        self.assertEqual((entry.is_counted, entry.days), (False, 3))
        self.assertIn("Customer agreed", entry.reason_text)
        self.assertEqual(entry.corrected_by_id, self.user_warranty_clerk)
        self.assertIn("Customer agreed", entry.message_ids[:1].body)

    def test_ledger_is_not_edited_or_deleted(self):
        order = self._deliver(self._create_warranty_order())
        entry = self._get_entry(order, "days").with_env(self.env)
        for user in (self.user_warranty_clerk, self.user_supervisor, self.user_manager):
            with self.assertRefused("made from the repairs", AccessError):
                entry.with_user(user).write({"is_counted": False})
        for user in (self.user_advisor, self.user_cashier, self.user_technician):
            with self.assertRaises(AccessError):
                entry.with_user(user).write({"note": "No"})
        with self.assertRefused("The ledger is kept"):
            entry.unlink()
        with self.assertRefused("kept by the warranty clerk", AccessError):
            entry.with_user(self.user_advisor).action_correct()
        with self.assertRaises(AccessError):
            entry.with_user(self.user_technician).read(["days"])

    def test_repairs_elsewhere_cannot_pretend_to_be_ours(self):
        with self.assertRefused("made from the repairs", AccessError):
            self._add_elsewhere("days", days=2, reason="corrected")
        order = self._create_warranty_order()
        with self.assertRefused("made from the repairs", AccessError):
            self._add_elsewhere("days", days=2, order_id=order.id)
        entry = self._add_elsewhere("days", days=2)
        self.assertTrue(entry.is_elsewhere)
        self.assertTrue(entry.is_counted)

    def test_advisor_reads_the_ledger_and_adds_nothing(self):
        entry = self._add_elsewhere("days", days=2)
        self.assertEqual(entry.with_user(self.user_advisor).days, 2)
        with self.assertRaises(AccessError):
            self.env["car.three.guarantee.entry"].with_user(self.user_advisor).create(
                {"vehicle_id": self.vehicle.id, "kind": "days", "date": "2026-03-01"}
            )

    def test_compensation_for_use(self):
        self.assertAlmostEqual(self.vehicle.use_compensation, 200000 * 10 * 0.005)
        self.vehicle.own_use_percent = 0.3
        self.assertAlmostEqual(self.vehicle.use_compensation, 200000 * 10 * 0.003)
        with self.assertRefused("at most 0.5"):
            self.vehicle.own_use_percent = 0.6
        self.vehicle.sale_invoice_date = date(2021, 5, 1)
        self.vehicle.own_use_percent = 0.8
        self.assertAlmostEqual(self.vehicle.use_compensation, 200000 * 10 * 0.008)
