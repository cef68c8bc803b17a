from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .common import CarWorkshopCommon

NOON = "2026-03-02 04:00:00"


@tagged("post_install", "-at_install")
class TestEstimateMethods(CarWorkshopCommon):
    """By system, by symptom, by item: what each asks of the advisor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["car.vehicle.system"].search([], limit=1)
        cls.env["car.repair.system.price"].create(
            {"system_id": cls.system.id, "price": 450.0}
        )
        cls.diagnosis = cls.env["product.product"].create(
            {
                "name": "Find the fault",
                "type": "service",
                "car_item_kind": "labor",
                "car_labor_hours": 3.0,
            }
        )

    def _job(self, *products, **values):
        order = self._create_order([{"product_id": product.id} for product in products])
        order.job_ids.with_user(self.user_advisor).write(values)
        return order.job_ids

    def _estimate(self, job):
        job.order_id.with_user(self.user_advisor).action_estimate()

    def test_system_price_counts_once_for_the_job(self):
        job = self._job(self.labor, self.diagnosis, self.filter)
        job.with_user(self.user_advisor).system_id = self.system
        labor = job.line_ids.filtered(lambda line: line.kind == "labor")
        self.assertAlmostEqual(sum(labor.mapped("price_unit")), 450.0)
        self.assertAlmostEqual(labor[0].price_unit, 150.0, 2)
        labor[1].with_user(self.user_advisor).unlink()
        self.assertAlmostEqual(labor[:1].price_unit, 450.0)

    def test_labor_added_after_consent_costs_nothing_more_by_system(self):
        job = self._job(self.labor)
        job.with_user(self.user_advisor).system_id = self.system
        self._authorize(job.order_id)
        line = (
            self.env["car.repair.line"]
            .with_user(self.user_advisor)
            .create({"job_id": job.id, "product_id": self.diagnosis.id})
        )
        self.assertAlmostEqual(line.price_unit, 0.0)
        self.assertAlmostEqual(job.line_ids[0].price_unit, 450.0)

    def test_symptom_carries_its_risk(self):
        job = self._job(self.labor, estimate_method="symptom")
        self.assertAlmostEqual(job.risk_percent, 20.0)
        self.assertAlmostEqual(job.line_ids.price_unit, 360.0)
        job.with_user(self.user_advisor).write({"risk_percent": 0, "risk_amount": 99.0})
        self.assertAlmostEqual(job.line_ids.price_unit, 399.0)

    def test_symptom_without_risk_is_not_estimated(self):
        job = self._job(self.labor, estimate_method="symptom")
        job.with_user(self.user_advisor).risk_percent = 0
        with self.assertRefused("risk"):
            self._estimate(job)
        with self.assertRefused("risk"):
            self._authorize(job.order_id)

    def test_item_needs_reason_and_notice(self):
        job = self._job(self.labor, estimate_method="item")
        with self.assertRefused("reason"):
            self._estimate(job)
        job.with_user(self.user_advisor).item_reason = "market"
        with self.assertRefused("tell the customer"):
            self._estimate(job)
        job.with_user(self.user_advisor).action_give_item_notice()
        self.assertEqual(job.item_notice_by_id, self.user_advisor)
        self._estimate(job)
        self.assertEqual(job.state, "estimated")

    def test_item_notice_is_given_by_the_front_desk_only(self):
        job = self._job(self.labor, estimate_method="item")
        with self.assertRaises(AccessError):
            job.with_user(self.user_inspector).action_give_item_notice()


@tagged("post_install", "-at_install")
class TestPlans(CarWorkshopCommon):
    """Two plans for one complaint: the customer chooses."""

    def _two_plans(self):
        order = self._create_order([{"product_id": self.labor.id}])
        first = order.job_ids
        first.with_user(self.user_advisor).action_add_alternative()
        second = order.job_ids - first
        second.line_ids.with_user(self.user_advisor).product_id = self.filter
        return order, first, second

    def _answer(self, order, **by_job):
        return self._authorize(
            order,
            line_ids=[
                fields.Command.create({"line_id": line.id, "is_approved": yes})
                for job, yes in by_job.values()
                for line in job.line_ids
            ],
        )

    def test_only_the_first_plan_counts_until_one_is_chosen(self):
        order, first, second = self._two_plans()
        self.assertEqual(second.alternative_to_id, first)
        self.assertAlmostEqual(order.amount_untaxed, 300.0)
        self.assertAlmostEqual(order._get_paper_totals("estimate")["labor"], 300.0)

    def test_the_plan_not_chosen_is_closed(self):
        order, first, second = self._two_plans()
        self._authorize(order)
        self.assertEqual((first.state, second.state), ("authorized", "declined"))

    def test_the_other_plan_is_chosen(self):
        order, first, second = self._two_plans()
        self._answer(order, a=(first, False), b=(second, True))
        self.assertEqual((first.state, second.state), ("declined", "authorized"))
        self.assertAlmostEqual(order.amount_untaxed, 50.0)

    def test_two_plans_are_not_both_chosen(self):
        order, first, second = self._two_plans()
        with self.assertRefused("chooses one plan"):
            self._answer(order, a=(first, True), b=(second, True))
        self._answer(order, a=(first, True))
        with self.assertRefused("chooses one plan"):
            self._answer(order, b=(second, True))


@tagged("post_install", "-at_install")
class TestNoGuarantee(CarWorkshopCommon):
    def test_parts_without_guarantee_say_why(self):
        self.filter.car_is_key_part = True
        order = self._create_order(
            [
                {"product_id": self.filter.id, "grade": grade, "supply": supply}
                for grade, supply in (
                    ("genuine", "ours"),
                    ("equivalent", "ours"),
                    ("aftermarket", "ours"),
                    ("used", "ours"),
                    ("genuine", "customer"),
                )
            ]
            + [{"product_id": self.oil.id, "grade": "aftermarket"}]
        )
        self.assertEqual(
            order.line_ids.mapped("no_guarantee"),
            [False, False, "key_position", "key_position", "customer", False],
        )
        self.assertTrue(order.job_ids.has_no_guarantee)
        self.assertFalse(self._create_order().job_ids.has_no_guarantee)


@tagged("post_install", "-at_install")
class TestValidity(CarWorkshopCommon):
    """Until when an estimate holds, and what time is promised."""

    def test_expired_estimate_is_renewed_before_the_answer(self):
        with freeze_time(NOON):
            order = self._create_order()
            order.with_user(self.user_advisor).action_estimate()
            self.assertEqual(
                order.estimate_valid_until, fields.Date.to_date("2026-03-09")
            )
        with freeze_time("2026-03-09 04:00:00"):
            self.assertFalse(order.is_estimate_expired)
        self.filter.list_price = 60.0
        with freeze_time("2026-03-10 04:00:00"):
            order.invalidate_recordset(["is_estimate_expired"])
            self.assertTrue(order.is_estimate_expired)
            with self.assertRefused("expired"):
                self._authorize(order)
            order.with_user(self.user_advisor).action_renew_estimate()
            self.assertAlmostEqual(order.amount_untaxed, 640.0)
            self._authorize(order)
        self.assertEqual(order.state, "authorized")

    def test_estimate_days_of_zero_hold_for_ever(self):
        self.company.car_estimate_days = 0
        order = self._create_order()
        order.with_user(self.user_advisor).action_estimate()
        self.assertFalse(order.estimate_valid_until)
        self.assertFalse(order.is_estimate_expired)

    def test_only_an_estimate_is_renewed(self):
        order = self._create_order()
        with self.assertRefused("only an estimate"):
            order.with_user(self.user_advisor).action_renew_estimate()

    def test_another_time_keeps_the_old_one_with_its_reason(self):
        first = fields.Datetime.to_datetime(NOON)
        order = self._create_order(promised_at=first)
        self._authorize(order, promised_at=first)
        desk = order.with_user(self.user_advisor)
        with self.assertRefused("counts on the time"):
            desk.promised_at = first + timedelta(hours=3)
        wizard = (
            self.env["car.repair.promise.change"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "promised_at": first + timedelta(hours=3),
                    "reason": "The part comes later",
                    "is_told": True,
                }
            )
        )
        wizard.action_confirm()
        change = order.promise_ids
        self.assertEqual(change.old_promised_at, first)
        self.assertEqual(change.promised_at, first + timedelta(hours=3))
        self.assertEqual(
            (change.reason, change.is_told, change.changed_by_id),
            ("The part comes later", True, self.user_advisor),
        )
        self.assertEqual(order.first_promised_at, first)

    def test_dialog_proposes_what_can_be_kept_and_warns_below(self):
        order = self._create_order(promised_at=False)
        wizard = Form(
            self.env["car.repair.promise.change"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id)
        )
        self.assertEqual(wizard.promised_at, wizard.earliest_at)
        self.assertFalse(wizard.is_too_early)
        wizard.promised_at = wizard.earliest_at - timedelta(hours=1)
        self.assertTrue(wizard.is_too_early)
        change = wizard.save()
        change.action_confirm()
        self.assertEqual(order.promised_at, change.promised_at)

    def test_history_of_promises_is_written_by_nobody(self):
        first = fields.Datetime.to_datetime(NOON)
        order = self._create_order(promised_at=first)
        order.with_user(self.user_advisor).promised_at = first + timedelta(hours=1)
        change = order.promise_ids.with_user(self.user_manager)
        with self.assertRaises(AccessError):
            change.write({"reason": "forged"})
        with self.assertRaises(AccessError):
            change.unlink()
        with self.assertRaises(AccessError):
            order.promise_ids.with_user(self.user_technician).read(["reason"])

    def test_estimate_is_sent_by_mail(self):
        self.customer.email = "li@example.com"
        order = self._create_order()
        order.with_user(self.user_advisor).action_estimate()
        action = order.with_user(self.user_advisor).action_send_estimate()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
            .create({})
        )
        composer._action_send_mail()
        message = order.message_ids.filtered(lambda m: m.partner_ids == self.customer)
        self.assertIn(order.name, message.subject)
        self.assertTrue(message.attachment_ids)
        self.assertTrue(order.estimate_sent_at)
