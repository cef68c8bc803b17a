from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import FROZEN_NOW
from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestVisitReport(CarWorkshopCommon):
    """Figures checked against cases that were worked out by hand."""

    @contextmanager
    def _at(self, hours):
        """Let it be so many hours after ten on Monday; what is done is then saved."""
        with freeze_time(FROZEN_NOW + timedelta(hours=hours)):
            yield
            self.env.flush_all()

    def _get_row(self, order, user=None):
        self.env.invalidate_all()
        return (
            self.env["car.visit.report"]
            .with_user(user or self.user_supervisor)
            .search([("order_id", "=", order.id)])
        )

    def _play_visit(self, promised_in=10, **values):
        """Play a visit of nine hours; what it waits for is worked out beside it.

        :param promised_in: hours from the arrival to the first promise
        """
        order = self._create_order(
            promised_at=FROZEN_NOW + timedelta(hours=promised_in), **values
        )
        with self._at(0.5):  # advisor 0.5
            order.with_user(self.user_advisor).action_estimate()
        with self._at(1.5):  # customer 1
            self._authorize(order)
        with self._at(2):  # parts 0.5
            self._issue(order)
        jobs = order.job_ids.with_user(self.user_technician)
        with self._at(3):  # technician 1
            jobs.action_start()
        with self._at(5):  # touch 2
            jobs.action_finish()
        with self._at(5.25):  # advisor 0.25, 0.75 in all
            order.with_user(self.user_advisor).action_request_quality_check()
        with self._at(6):  # inspector 0.75
            order.with_user(self.user_inspector).action_pass_quality_check()
        with self._at(6.5):
            self._pay(self._bill(order))
        with self._at(7):  # cashier 1
            order.with_user(self.user_cashier).action_issue_exit_pass()
        with self._at(9):  # collection 2
            order.with_user(self.user_advisor).action_deliver()
        self.env.flush_all()
        return order

    def test_lead_touch_and_waiting_times_of_a_visit(self):
        order = self._play_visit()
        figures = {
            "lead_hours": 9.0,
            "touch_hours": 2.0,
            "advisor_hours": 0.75,
            "customer_hours": 1.0,
            "parts_hours": 0.5,
            "bay_hours": 0.0,
            "technician_hours": 1.0,
            "inspector_hours": 0.75,
            "cashier_hours": 1.0,
            "collection_hours": 2.0,
        }
        with self._at(10):
            row = self._get_row(order)
            for name, hours in figures.items():
                self.assertAlmostEqual(row[name], hours, msg=name)
            causes = set(figures) - {"lead_hours"}
            self.assertAlmostEqual(sum(row[name] for name in causes), row.lead_hours)

    def test_revenue_is_what_was_agreed_and_others_pay(self):
        order = self._play_visit()
        row = self._get_row(order)
        # Labor 300, filter 50, oil 4 x 70, before taxes
        self.assertAlmostEqual(row.revenue, 630.0)
        self.assertAlmostEqual(row.sold_hours, 1.5)
        other = self._create_order()
        self.assertAlmostEqual(self._get_row(other).revenue, 0.0, msg="not agreed")
        house = self.env["car.repair.payer"].create(
            {"order_id": other.id, "kind": "goodwill"}
        )
        labor, oil_filter, oil = other.line_ids
        labor.payer_id = house
        oil.share_ids = [
            Command.create({"payer_id": house.id, "percent": 25}),
            Command.create({"payer_id": other._get_customer_payer().id, "percent": 75}),
        ]
        self._authorize(other)
        self._authorize_house(other)
        # Filter 50 and three quarters of the oil
        self.assertTrue(oil_filter.authorization_state == "authorized")
        self.assertAlmostEqual(self._get_row(other).revenue, 260.0)

    def test_on_time_counts_against_the_first_promise(self):
        kept = self._play_visit(promised_in=9)
        row = self._get_row(kept)
        self.assertEqual((row.promised_count, row.on_time_count), (1, 1))
        self.assertEqual(row.on_time_rate, 100.0)
        broken = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="京A54321", vin="LSVAM4187C2184848"
            ).id,
            promised_at=FROZEN_NOW + timedelta(hours=2),
        )
        self._authorize(broken)
        broken.with_user(self.user_advisor).write(
            {
                "promised_at": FROZEN_NOW + timedelta(hours=30),
                "promise_reason": "A part is late",
            }
        )
        self.assertEqual(self._get_row(broken).promised_count, 0)
        self._issue(broken)
        self._work(broken)
        self._pass_quality(broken)
        self._pay(self._bill(broken))
        with self._at(3):
            self._leave(broken)
        self.env.flush_all()
        row = self._get_row(broken)
        self.assertEqual((row.promised_count, row.on_time_count), (1, 0))
        self.assertEqual(row.promise_change_count, 1)
        groups = (
            self.env["car.visit.report"]
            .with_user(self.user_supervisor)
            ._read_group(
                [("order_id", "in", (kept | broken).ids)],
                [],
                ["on_time_count:sum", "promised_count:sum", "on_time_rate:avg"],
            )
        )
        self.assertEqual(groups, [(1, 2, 50.0)])

    def test_jobs_at_the_same_time_are_touched_once(self):
        order = self._create_order(lines=[{"product_id": self.labor.id}])
        second = order.job_ids.copy({"order_id": order.id, "name": "Second"})
        with self._at(0):
            self._authorize(order)
        first = order.job_ids[0].with_user(self.user_technician)
        second = second.with_user(self.user_technician)
        with self._at(1):
            first.action_start()
        with self._at(2):
            second.action_start()
        with self._at(3):
            first.action_finish()
        with self._at(4):
            second.action_finish()
        with self._at(6):
            row = self._get_row(order)
            # One to four; then two hours until the advisor hands over, going on.
            self.assertAlmostEqual(row.touch_hours, 3.0)
            self.assertAlmostEqual(row.technician_hours, 1.0)
            self.assertAlmostEqual(row.advisor_hours, 2.0)
            self.assertFalse(row.lead_hours, "the car is still here")

    def test_cars_are_counted_by_what_they_came_for(self):
        team = self.env["car.workshop.team"].create({"name": "Engine"})
        self.model.vehicle_class = "suv"
        orders = self._create_order() | self._create_order()
        orders.job_ids.team_id = team
        cancelled = self._create_order()
        cancelled.with_user(self.user_advisor).action_cancel()
        for name, value in (
            ("received_at:day", None),
            ("vehicle_class", "suv"),
            ("model_id", self.model),
            ("type_id", self.type_repair),
            ("repair_class_id", self.type_repair.repair_class_id),
            ("team_id", team),
        ):
            groups = (
                self.env["car.visit.report"]
                .with_user(self.user_workshop_supervisor)
                ._read_group(
                    [("order_id", "in", (orders | cancelled).ids)],
                    [name],
                    ["visit_count:sum"],
                )
            )
            self.assertEqual(len(groups), 1, name)
            self.assertEqual(groups[0][1], 2, name)
            if value is not None:
                self.assertEqual(groups[0][0], value)

    def test_paper_counts_the_days_of_the_house(self):
        zone = "Asia/Shanghai"
        self.company.resource_calendar_id.tz = zone
        self._play_visit()
        # Half past midnight on Tuesday in Shanghai, still Monday in Greenwich
        self._create_order(received_at=FROZEN_NOW + timedelta(hours=14.5))
        choice = (
            self.env["car.visit.print"]
            .with_user(self.user_supervisor)
            .create({"date_from": "2026-03-02", "date_to": "2026-03-03"})
        )
        days = choice._get_days()
        self.assertEqual(
            [str(day["label"]) for day in days], ["2026-03-02", "2026-03-03"]
        )
        self.assertEqual([day["visit_count"] for day in days], [1, 1])
        self.assertEqual([day["on_time"] for day in days], [100, None])
        self.assertAlmostEqual(choice._get_total()["revenue"], 630.0)
        choice.date_to = "2026-03-02"
        self.assertEqual(choice._get_total()["visit_count"], 1)
        html = str(
            self.env["ir.actions.report"]
            .with_user(self.user_supervisor)
            ._render_qweb_html("car_aftersales.report_car_visit", choice.ids)[0]
        )
        self.assertIn("630.00", html)
        self.assertIn("H5", html)
        choice.date_from = "2026-03-05"
        with self.assertRaises(UserError):
            choice.action_print()

    def test_statistics_are_for_supervisors_of_their_company(self):
        order = self._create_order()
        self.assertTrue(self._get_row(order, self.user_workshop_supervisor))
        for user in (self.user_technician, self.user_advisor, self.user_gate):
            with self.assertRaises(AccessError):
                self._get_row(order, user)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="statistics_stranger",
            groups="car_aftersales.car_aftersales_group_manager",
            company_id=other.id,
            company_ids=[other.id],
        )
        self.assertFalse(self._get_row(order, stranger))

    def test_rows_cost_one_query(self):
        orders = self._create_order() | self._create_order()
        self.env.flush_all()
        report = self.env["car.visit.report"].with_user(self.user_supervisor)
        report.search([("order_id", "in", orders.ids)]).mapped("lead_hours")
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            report.search_fetch(
                [("order_id", "in", orders.ids)], ["lead_hours", "revenue"]
            )
