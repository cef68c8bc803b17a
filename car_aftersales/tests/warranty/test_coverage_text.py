from odoo.fields import Command
from odoo.tests import tagged

from .coverage_common import CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverageText(CoverageCommon):
    """Each reads the answer in his own language; typed words stay (R-183)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(code)

    def _read(self, line, lang):
        return line.with_context(lang=lang).coverage_text

    def test_each_reads_policy_and_dates_in_his_language(self):
        policy = self._create_policy(name="New car")
        policy.with_context(lang="zh_CN").name = "整车质保"
        self._cover(policy)
        line = self._order_of(self.pump).line_ids
        self.assertEqual(
            self._read(line, "en_US"), "New car, until 03/02/2028 or 100,000 km"
        )
        chinese = self._read(line, "zh_CN")
        self.assertIn("整车质保", chinese)
        self.assertIn("2028", chinese)
        self.assertNotIn("until", chinese)

    def test_who_wrote_it_does_not_decide_the_language(self):
        self._cover(self._create_policy(months=6))
        order = self._create_order(
            [{"product_id": self.pump.id}], odometer_km=10000
        ).with_context(lang="zh_CN")
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(
            self._read(order.line_ids, "en_US"), "New car ended on 09/02/2025"
        )

    def test_a_missed_service_is_named_in_each_language(self):
        package = self.env["car.repair.package"].create({"name": "Small service"})
        package.with_context(lang="zh_CN").name = "小保养"
        self.vehicle.plan_id = self.env["car.maintenance.plan"].create(
            {
                "name": "Plan",
                "line_ids": [
                    Command.create({"package_id": package.id, "repeat_months": 3})
                ],
            }
        )
        self._cover(self._create_policy(requires_service=True))
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_reason, "service")
        self.assertIn("Small service, due 06/02/2025", self._read(line, "en_US"))
        self.assertIn("小保养", self._read(line, "zh_CN"))
        self.vehicle.plan_id.line_ids.unlink()
        package.unlink()
        self.env.invalidate_all()
        self.assertIn("due 06/02/2025", self._read(line, "en_US"))

    def test_what_somebody_typed_stays_as_it_was_typed(self):
        coverage = self._cover(self._create_policy(months=6))
        line = self._order_of(self.pump).line_ids
        line.with_user(self.user_advisor).action_decide_coverage(coverage, "客户忠诚")
        for lang in ("en_US", "zh_CN"):
            self.assertEqual(
                self._read(line, lang), f"{self.user_advisor.name}: 客户忠诚"
            )
        line.with_user(self.user_advisor).action_judge_coverage()
        self.assertEqual(self._read(line, "en_US"), "New car ended on 09/02/2025")

    def test_the_button_counts_what_is_covered_now(self):
        coverage = self._cover()
        order = self._order_of(self.pump).with_user(self.user_advisor)
        self.assertTrue(order.line_ids.is_covered)
        coverage.action_cancel("Mistake")
        self.assertFalse(order.line_ids.is_covered)
        message = order.action_apply_coverage()["params"]["message"]
        self.assertIn("0 of 1 lines under warranty", message)

    def test_the_words_of_earlier_versions_are_kept(self):
        line = self._order_of(self.pump).line_ids
        self.env.cr.execute(
            "UPDATE car_repair_line SET coverage_reason = 'covered',"
            " coverage_note = 'As it was said', coverage_data = NULL WHERE id = %s",
            [line.id],
        )
        line.invalidate_recordset()
        self.assertEqual(line.coverage_text, "As it was said")

    def test_the_technician_reads_why_and_nothing_of_payers(self):
        self._cover(self._create_policy(months=6))
        line = self._order_of(self.pump).line_ids.with_user(self.user_technician)
        self.env.invalidate_all()
        self.assertEqual(self._read(line, "en_US"), "New car ended on 09/02/2025")

    def test_a_line_of_before_the_warranty_says_nothing(self):
        line = self._order_of(self.pump).line_ids
        self.env.cr.execute(
            "UPDATE car_repair_line SET coverage_reason = NULL WHERE id = %s", [line.id]
        )
        line.invalidate_recordset()
        self.assertFalse(line.coverage_text)

    def test_without_a_policy_it_says_so(self):
        line = self._order_of(self.pump).line_ids
        self.assertEqual(line.coverage_text, "No policy covers this car.")

    def test_the_dates_are_those_it_was_judged_by(self):
        coverage = self._cover()
        order = self._order_of(self.pump)
        self._authorize(order)
        coverage.with_user(self.user_warranty_clerk).start_date = "2025-04-02"
        self.assertIn("03/02/2028", self._read(order.line_ids, "en_US"))

    def test_nobody_writes_the_words_by_the_back_door(self):
        self._cover()
        line = self._order_of(self.pump).line_ids.with_user(self.user_advisor)
        before = line.coverage_text
        line.write({"coverage_note": "x", "coverage_text": "y", "coverage_data": {}})
        self.env.invalidate_all()
        self.assertEqual(line.coverage_text, before)
        self.assertFalse(line.coverage_note)

    def test_a_list_reads_the_words_in_as_many_queries_for_many(self):
        self._cover()
        few = self._order_of(self.pump).line_ids
        many = self._order_of(*[self.pump] * 30).line_ids
        self._count(few)  # caches of the registry
        self.assertEqual(self._count(few), self._count(many))

    def _count(self, lines):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines.with_prefetch().mapped("coverage_text")
        return self.env.cr.sql_log_count - before

    def test_a_list_of_a_car_without_coverage_asks_nothing_more(self):
        lines = self._order_of(*[self.pump] * 3).line_ids.with_prefetch()
        self.env.flush_all()
        self.env.invalidate_all()
        lines.mapped("coverage_reason")
        with self.assertQueryCount(0):
            lines.mapped("coverage_text")
