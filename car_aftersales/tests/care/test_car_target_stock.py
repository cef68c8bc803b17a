from odoo.tests import tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestCarTargetStock(TargetCommon):
    """The stock value of accessories, and who is told when it is too low (R-173)."""

    def _get_notes(self, target):
        return self.env["mail.message"].search(
            [
                ("model", "=", target._name),
                ("res_id", "=", target.id),
                ("subject", "ilike", "too low"),
            ]
        )

    def test_the_value_is_what_odoo_says(self):
        target = self._create_target("accessory_stock", 400)
        self.assertAlmostEqual(target.actual_value, 500.0)
        self.assertAlmostEqual(target.actual_value, self.mat.total_value)
        self.assertEqual(target.status, "reached")
        self.assertEqual(target.goal, "keep")

    def test_parts_are_no_accessories(self):
        target = self._create_target("accessory_stock", 400)
        self._receive(self.filter, 10, 30)
        self.env.invalidate_all()
        self.assertAlmostEqual(target.actual_value, 500.0)

    def test_too_low_a_value_is_told_once_until_it_recovers(self):
        target = self._create_target(
            "accessory_stock", 600, user_id=self.user_parts_clerk.id
        )
        targets = self.env["car.target"]
        targets._cron_count()
        notes = self._get_notes(target)
        self.assertEqual(len(notes), 1)
        self.assertLessEqual(
            self.user_parts_clerk.partner_id | self._get_supervisor().partner_id,
            notes.notified_partner_ids,
        )
        self.assertAlmostEqual(target.counted_value, 500.0)
        targets._cron_count()
        self.assertEqual(len(self._get_notes(target)), 1)
        self._receive(self.mat, 5, 100)
        targets._cron_count()
        self.assertFalse(target.alerted_at)
        self.assertAlmostEqual(target.counted_value, 1000.0)
        target.target_value = 2000
        targets._cron_count()
        self.assertEqual(len(self._get_notes(target)), 2)

    def _get_supervisor(self):
        return self.company._get_car_supervisor()

    def test_no_floor_laid_down_no_alert(self):
        target = self._create_target("accessory_stock", 0)
        self.env["car.target"]._cron_count()
        self.assertFalse(self._get_notes(target))

    def test_a_period_that_is_over_keeps_its_last_count(self):
        target = self._create_target("accessory_stock", 400, "month")
        with self._on("2026-03-31"):
            self.env["car.target"]._cron_count()
        self._receive(self.mat, 5, 100)
        with self._on("2026-04-02"):
            self.env["car.target"]._cron_count()
            self.env.invalidate_all()
            self.assertAlmostEqual(target.actual_value, 500.0)


@tagged("post_install", "-at_install")
class TestCarTargetStockAverage(TargetCommon):
    cost_method = "average"

    def test_the_value_is_what_odoo_says_at_average_cost(self):
        self._receive(self.mat, 5, 130)
        target = self._create_target("accessory_stock", 400)
        self.assertAlmostEqual(target.actual_value, 1150.0)
        self.assertAlmostEqual(target.actual_value, self.mat.total_value)


@tagged("post_install", "-at_install")
class TestCarTargetStockFifo(TargetCommon):
    cost_method = "fifo"

    def test_the_value_is_what_odoo_says_first_in_first_out(self):
        self._receive(self.mat, 5, 130)
        target = self._create_target("accessory_stock", 400)
        self.assertAlmostEqual(target.actual_value, self.mat.total_value)
