from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .campaigns_common import CampaignsCommon, day


@tagged("post_install", "-at_install")
class TestCustomerValue(CampaignsCommon):
    """Loyalty and loss: counted at night, called about, won back or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = cls.env["car.customer.value"]
        cls.losses = cls.env["car.customer.loss"]

    def _visit(self, days_ago, vehicle=None, **values):
        """Let a car have been here so many days ago."""
        vehicle = vehicle or self.vehicle
        order = self.env["car.repair.order"].create(
            {
                "vehicle_id": vehicle.id,
                "type_id": self.type_repair.id,
                "received_at": FROZEN_NOW - timedelta(days=days_ago),
                **values,
            }
        )
        # The visit is over: the car is not here any more.
        order.flush_recordset()
        self.env.cr.execute(
            "UPDATE car_repair_order SET state = 'delivered' WHERE id = %s", [order.id]
        )
        order.invalidate_recordset()
        return order

    def _expect(self, days, vehicle=None):
        """Let the next service of a car be due in so many days."""
        vehicle = vehicle or self.vehicle
        vehicle.flush_recordset()
        self.env.cr.execute(
            "UPDATE car_vehicle SET next_service_due_date = %s WHERE id = %s",
            [day(days), vehicle.id],
        )
        vehicle.invalidate_recordset()

    def _count(self, partner=None):
        """Run the nightly count; return what it says of a customer."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "car_aftersales.car_customer_value_cron_refresh"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.values.search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", self.company.id),
            ]
        )

    def _loss(self, partner=None):
        return self.losses.search([("partner_id", "=", (partner or self.customer).id)])

    # === COUNTING === #

    def test_a_comeback_is_no_sign_of_loyalty(self):
        comeback = self.env["car.repair.type"].create(
            {"name": "Comeback", "kind": "comeback", "requires_signature": False}
        )
        self._visit(100)
        self._visit(90, type_id=comeback.id)
        value = self._count()
        self.assertEqual((value.visit_count, value.visit_year_count), (1, 1))
        self.assertEqual(value.last_visit_on, day(-90), "He was here all the same.")

    def test_visits_spending_and_expected_day(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.filtered(lambda move: move.state == "draft").action_post()
        self._pay(invoice)
        self._leave(order)
        self._visit(100)
        self._visit(400)
        self._visit(50).write({"state": "delivered"})
        cancelled = self._visit(20)
        self.env.cr.execute(
            "UPDATE car_repair_order SET state = 'cancelled' WHERE id = %s",
            [cancelled.id],
        )
        self._expect(30)
        value = self._count()
        self.assertEqual(value.visit_count, 4)
        self.assertEqual(value.visit_year_count, 3)
        self.assertEqual(value.first_visit_on, day(-400))
        self.assertEqual(value.last_visit_on, day(0))
        self.assertEqual(value.expected_on, day(30))
        self.assertAlmostEqual(value.spend_year, sum(invoice.mapped("amount_untaxed")))
        self.assertEqual(value.segment_id.name, "Loyal")
        self.assertEqual(value.standing, "active")
        self.assertEqual(self.customer.car_segment_id, value.segment_id)
        found = self.env["res.partner"].search(
            [("car_segment_id", "=", value.segment_id.id)]
        )
        self.assertIn(self.customer, found)

    def test_counting_twice_changes_nothing_and_a_new_visit_counts_the_next_day(self):
        self._visit(100)
        first = self._count()
        self._visit(10)
        self.assertEqual(self._count(), first)
        self.assertEqual(first.visit_count, 1, "Counted once a day.")
        with freeze_time(FROZEN_NOW + timedelta(days=1)):
            self.assertEqual(self._count(), first)
        self.assertEqual(first.visit_count, 2)

    def test_the_segment_goes_by_what_he_was_while_he_came(self):
        for days_ago in (800, 790, 780):
            self._visit(days_ago)
        value = self._count()
        self.assertEqual(value.visit_year_count, 0)
        self.assertEqual(value.visit_before_count, 3)
        self.assertTrue(value.is_loyal)

    # === LOST === #

    def test_three_definitions_and_the_setting_that_decides(self):
        cases = [
            # visits days ago, expected in days, overdue, silent, two years
            ((30,), 60, False, False, False),
            ((200,), -30, False, False, False),
            ((200,), -90, True, False, False),
            ((500,), 10, False, True, True),
            ((800,), None, True, True, False),
        ]
        for number, (visits, expected, *flags) in enumerate(cases):
            partner = self._create_customer(
                f"C{number}", f"1361111000{number}", f"京C0000{number}"
            )
            for days_ago in visits:
                self._visit(days_ago, partner.car_vehicle_ids)
            if expected is not None:
                self._expect(expected, partner.car_vehicle_ids)
            for definition, flag in zip(
                ("overdue", "silent", "two_years"), flags, strict=True
            ):
                with self.subTest(visits=visits, expected=expected, by=definition):
                    self.company.car_lost_definition = definition
                    self.values.search([("partner_id", "=", partner.id)]).unlink()
                    value = self._count(partner)
                    self.assertEqual(
                        [value.is_overdue, value.is_silent, value.is_two_years], flags
                    )
                    self.assertEqual(value.standing == "lost", flag)

    def test_grace_and_months_are_settings(self):
        self._visit(200)
        self._expect(-40)
        self.assertFalse(self._count().is_overdue)
        self.company.car_lost_grace_days = 30
        self.company.car_lost_months = 6
        self.values.search([]).unlink()
        value = self._count()
        self.assertTrue(value.is_overdue)
        self.assertTrue(value.is_silent)

    def test_who_came_after_the_expected_day_is_not_lost(self):
        self._visit(20)
        self._expect(-120)
        self.assertEqual(self._count().standing, "active")

    def test_loyal_and_overdue_is_at_risk_and_called_first(self):
        for days_ago in (200, 250, 300):
            self._visit(days_ago)
        self._expect(-10)
        self._visit(200, self.other.car_vehicle_ids)
        self._expect(-100, self.other.car_vehicle_ids)
        self.assertEqual(self._count().standing, "at_risk")
        self.assertEqual(self._count(self.other).standing, "lost")
        self.company.car_lost_calls_per_day = 1
        task = self._plan("lost")
        self.assertEqual(task.partner_id, self.customer, "The loyal customer first.")
        self.assertEqual((task.priority, task.purpose), ("3", "marketing"))
        self.assertFalse(self._plan("lost"), "Not more calls a day than the setting.")
        with freeze_time(FROZEN_NOW + timedelta(days=1)):
            self.assertEqual(self._plan("lost").partner_id, self.other)

    def test_a_booking_keeps_a_customer_off_the_list(self):
        self._visit(200)
        self._expect(-100)
        appointment = self.env["car.appointment"].create(
            {
                "partner_id": self.customer.id,
                "vehicle_id": self.vehicle.id,
                "start_at": FROZEN_NOW + timedelta(days=2),
                "line_ids": [(0, 0, {"name": "Service"})],
            }
        )
        appointment.flush_recordset()
        self.env.cr.execute(
            "UPDATE car_appointment SET state = 'confirmed' WHERE id = %s",
            [appointment.id],
        )
        value = self._count()
        self.assertTrue(value.is_awaited)
        self.assertFalse(self._loss())

    def test_who_sold_his_car_is_not_lost(self):
        self._visit(200)
        self._expect(-100)
        self._count()
        self.assertEqual(self._loss().result, "open")
        self.vehicle.owner_id = self.other
        with freeze_time(FROZEN_NOW + timedelta(days=1)):
            self.assertEqual(self._count().standing, "gone")
        self.assertEqual(self._loss().result, "gone")

    # === CALLED AND WON BACK === #

    def _lose(self):
        self._visit(200)
        self._expect(-100)
        self._count()
        return self._plan("lost"), self._loss()

    def test_reason_and_measure_come_from_the_call_or_the_list(self):
        task, loss = self._lose()
        reason = self.env.ref("car_aftersales.car_loss_reason_price")
        call = self._hold_call(task, loss_reason_id=reason.id)
        self.assertEqual(loss.result, "called")
        self.assertEqual(loss.call_id, call)
        self.assertEqual(loss.reason_id, reason)
        self.assertEqual(loss.measure, reason.measure)
        self.assertEqual(loss.recorded_by_id, self.user_follow_up_clerk)
        loss.with_user(self.user_advisor).write({"measure": "Winter package"})
        self.assertEqual(loss.measure, "Winter package")
        with self.assertRefused("Only reason, measure"):
            loss.with_user(self.user_advisor).write({"came_back_on": day(0)})
        with self.assertRaises(AccessError):
            loss.with_user(self.user_cashier).write({"measure": "x"})
        with self.assertRaises(AccessError):
            loss.with_user(self.user_technician).read(["measure"])

    def test_a_visit_soon_after_the_call_is_won_back(self):
        task, loss = self._lose()
        self._hold_call(task)
        self._visit(-10)
        with freeze_time(FROZEN_NOW + timedelta(days=11)):
            self._count()
        self.assertEqual((loss.result, loss.came_back_on), ("won_back", day(10)))

    def test_a_visit_without_or_long_after_a_call_is_not(self):
        _task, loss = self._lose()
        self._visit(-10)
        with freeze_time(FROZEN_NOW + timedelta(days=11)):
            self._count()
        self.assertEqual(loss.result, "came_back")
        self.company.car_win_back_days = 5
        loss.called_on = day(0)
        self.assertEqual(loss.result, "came_back")
        self.company.car_win_back_days = 10
        loss.called_on = day(1)
        self.assertEqual(loss.result, "won_back")

    def test_marketing_refused_is_not_called(self):
        self._refuse(self.customer, purpose="marketing")
        task, _loss = self._lose()
        self.assertEqual((task.state, task.close_reason), ("closed", "refused"))

    def test_a_visit_withdraws_the_call(self):
        task, _loss = self._lose()
        self._visit(-1)
        with freeze_time(FROZEN_NOW + timedelta(days=2)):
            self.env["car.contact.task"]._withdraw_gone()
        self.assertEqual(task.close_reason, "newer_visit")

    # === LOSS RATE === #

    def test_loss_rate_divides_sums_of_a_complete_month(self):
        noon = datetime(2025, 6, 10, 4)
        ago = (FROZEN_NOW - noon).days
        self._visit(ago)
        self._visit(ago - 100)
        self._visit(ago, self.other.car_vehicle_ids)
        self._visit(ago - 3, self.other.car_vehicle_ids)
        third = self._create_customer("C3", "13622220000", "京C33333")
        self._visit(ago, third.car_vehicle_ids)
        self._visit(ago - 230, third.car_vehicle_ids)
        self.env.flush_all()
        rows = (
            self.env["car.loss.report"]
            .with_user(self.user_supervisor)
            ._read_group(
                [("company_id", "=", self.company.id), ("is_complete", "=", True)],
                ["month:month"],
                ["visitor_count:sum", "returned_count:sum", "loss_rate:avg"],
            )
        )
        june = [row for row in rows if str(row[0])[:7] == "2025-06"]
        self.assertEqual(june[0][1:3], (3, 1))
        self.assertAlmostEqual(june[0][3], 200 / 3)

    # === COMPANIES, SIZE === #

    def test_another_company_sees_none_of_it(self):
        self._lose()
        clerk, _company = self._create_other_company_user("follow_up_clerk")
        for model in ("car.customer.value", "car.customer.loss"):
            self.assertFalse(self.env[model].with_user(clerk).search([]))

    def test_the_count_costs_the_same_for_many(self):
        def count(prefix, size):
            partners = self.env["res.partner"].create(
                [{"name": f"{prefix}{n}"} for n in range(size)]
            )
            vehicles = self.env["car.vehicle"].create(
                [
                    {
                        "model_id": self.model.id,
                        "license_plate": f"{prefix}{n:05}",
                        "owner_id": partner.id,
                    }
                    for n, partner in enumerate(partners)
                ]
            )
            for vehicle in vehicles:
                self._visit(300, vehicle)
                self._expect(-100, vehicle)
            today = self.company._get_car_today()
            before = self.env.cr.sql_log_count
            self.values._refresh(self.company, partners.ids, today)
            self.losses._follow(self.company, today)
            return self.env.cr.sql_log_count - before

        count("京P", 2)
        self.assertEqual(count("京Q", 3), count("京R", 20))
