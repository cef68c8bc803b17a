from datetime import date

from odoo.tests import tagged

from .cn_law_common import CnLawCommon


@tagged("post_install", "-at_install")
class TestCnGuaranteeStamp(CnLawCommon):
    """The guarantee stamped at delivery is never below the law of China."""

    def setUp(self):
        super().setUp()
        self.classes["minor"].write({"guarantee_days": 0, "guarantee_km": 0})
        # No certificate is asked for minor repairs; the rest is played as usual.
        self.company.resource_calendar_id.tz = "Asia/Shanghai"

    def _deliver(self, repair_class="minor"):
        """Return an order that was played until the car has left."""
        order = self._create_job_lines(self.classes[repair_class])
        order.odometer_km = 42000
        self._make_ready(order)
        self._settle(order)
        order.with_user(self.user_advisor).action_deliver()
        self.assertEqual(order.state, "delivered")
        return order

    def _terms(self, order):
        return {
            (line.guarantee_days, line.guarantee_km)
            for line in order.line_ids
            if line.kind != "fee"
        }

    def test_law_is_stamped_where_nothing_is_promised(self):
        order = self._deliver()
        self.assertEqual(self._terms(order), {(10, 2000)})
        work = order.line_ids.filtered(lambda line: line.kind == "labor")
        self.assertEqual(work.guarantee_from, date(2026, 3, 2))
        self.assertEqual(work.guarantee_until, date(2026, 3, 12))
        self.assertEqual(work.guarantee_until_km, 44000)

    def test_larger_of_law_and_promise_is_stamped_for_each(self):
        self.classes["minor"].write({"guarantee_days": 30, "guarantee_km": 2000})
        self._create_law("2026-03-01", 15, 3000)
        self.assertEqual(self._terms(self._deliver()), {(30, 3000)})

    def test_promise_that_a_new_law_overtook_does_not_count(self):
        self.classes["minor"].write({"guarantee_days": 10, "guarantee_km": 2000})
        self._create_law("2026-03-02", 15, 3000)
        self.assertEqual(self._terms(self._deliver()), {(15, 3000)})

    def test_without_the_law_nothing_is_asked(self):
        self.company.car_cn_law = False
        order = self._deliver()
        self.assertEqual(self._terms(order), {(0, 0)})
        work = order.line_ids.filtered(lambda line: line.kind != "fee")
        self.assertEqual(set(work.mapped("guarantee_exclusion")), {"none"})

    def test_earlier_deliveries_are_stamped_by_the_law_of_their_day(self):
        order = self._deliver()
        order.line_ids.sudo().write(
            {
                "guarantee_vehicle_id": False,
                "guarantee_days": 0,
                "guarantee_km": 0,
                "guarantee_until": False,
            }
        )
        self._create_law("2026-03-03", 15, 3000)
        with self.subTest("the law alone says how far back"):
            longest = self.env["car.repair.class"]._get_longest_guarantee_days()
            self.assertGreaterEqual(longest, 100)
        self.assertTrue(self.env["car.repair.order"]._stamp_earlier_deliveries())
        self.assertEqual(self._terms(order), {(10, 2000)})

    def test_other_countries_look_not_as_far_back(self):
        self.env["res.company"].search([]).car_cn_law = False
        self.env["car.repair.class"].search([]).write(
            {"guarantee_days": 7, "guarantee_km": 100}
        )
        self.env["product.template"].search([]).write(
            {"car_guarantee_days": 0, "car_guarantee_km": 0}
        )
        longest = self.env["car.repair.class"]._get_longest_guarantee_days()
        self.assertEqual(longest, 7)
