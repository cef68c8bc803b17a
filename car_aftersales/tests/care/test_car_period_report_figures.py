from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from ..workshop.common import CarWorkshopCommon
from .test_car_period_report import TEXTS, PeriodReportCommon


@tagged("post_install", "-at_install")
class TestCarPeriodReportFigures(PeriodReportCommon, CarWorkshopCommon):
    """The figures of March 2026, each worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["car.target"].search([]).unlink()

    def _get_figures(self, **values):
        """Return the figures of a fresh report by their code."""
        with self._on("2026-03-31"):
            report = self._write_report(**values)
        return {line.code: line for line in report.line_ids}

    def _assert_values(self, figures, **expected):
        """Expect ``section_name=value`` or ``section_name=(part, whole)``."""
        for name, value in expected.items():
            section, _sep, code = name.partition("__")
            line = figures[f"{section}.{code}"]
            found = (
                (line.value, line.base_value) if line.unit == "share" else line.value
            )
            self.assertEqual(found, value, name)

    def test_visits_and_revenue(self):
        order = self._create_order(promised_at=FROZEN_NOW + timedelta(hours=2))
        self._make_ready(order)
        self._pay(self._bill(order))
        with self._on("2026-03-02", hour=13):  # promised for twelve
            self._leave(order)
        kept = self._create_order()
        self._make_ready(kept)
        self._pay(self._bill(kept))
        self._leave(kept)
        self._create_order(received_at="2026-02-28 15:59:00")  # still February
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-20",
                "invoice_line_ids": [
                    Command.create({"product_id": self.filter.id, "quantity": 1})
                ],
            }
        )
        refund.action_post()
        self._assert_values(
            self._get_figures(),
            visits__received=2,
            visits__delivered=2,
            visits__on_time=(1, 2),
            visits__declined=0,
            # Two services of labor 300, filter 50, oil 280; one filter given back
            revenue__total=1210,
            revenue__labor=600,
            revenue__part=610,
            revenue__other=0,
        )

    def test_calls_by_kind_and_outcome(self):
        self._hold(self._create_task("2026-03-02", "2026-03-06"), "2026-03-03")
        self._hold(
            self._create_task("2026-03-02", "2026-03-06"), "2026-03-03", "no_answer"
        )
        self._hold(self._create_task("2026-02-02", "2026-02-06"), "2026-02-03")
        calls = self.env["car.contact.call"].with_user(self.user_follow_up_clerk)
        for direction in ("in", "visit"):
            with self._on("2026-03-09"):
                calls.create(
                    {
                        "partner_id": self.customer.id,
                        "direction": direction,
                        "summary": "Talk",
                        "kind": "consultation",
                    }
                ).action_reached()
        figures = self._get_figures()
        self._assert_values(
            figures,
            calls__reached=(2, 3),
            calls__in=1,
            calls__visit=1,
            calls__first_call=2,
            calls__consultation=2,
        )
        self.assertNotIn("calls.second_call", figures)
        self.assertEqual(figures["calls.reached"].value_text, "2 / 3 (67 %)")

    def test_discipline_of_the_calls(self):
        for day in ("2026-03-04", "2026-03-06", "2026-03-09"):  # the last one late
            self._hold(self._create_task("2026-03-02", "2026-03-06"), day)
        self._create_task("2026-03-02", "2026-03-06")  # forgotten
        gone = self._create_task("2026-03-02", "2026-03-06")
        gone.sudo()._close("newer_visit")
        silent = self._create_customer("没人接")
        in_vain = self._create_task(
            "2026-03-16", "2026-03-20", partner_id=silent.id, vehicle_id=False
        )
        for day in ("2026-03-16", "2026-03-17", "2026-03-18"):
            self._hold(in_vain, day, "no_answer")
        self._create_task("2026-04-01", "2026-04-05")
        busy = self._create_customer("李雷")
        care = self._create_task(
            "2026-03-16",
            "2026-03-20",
            kind="care",
            partner_id=busy.id,
            vehicle_id=False,
        )
        self._hold(care, "2026-03-18")
        self._assert_values(
            self._get_figures(),
            contacts__first_call=(2, 5),
            contacts__second_call=(0, 0),
            contacts__late=(2, 6),
            contacts__lost=1,
        )

    def test_reminders_that_brought_the_customer(self):
        reminder = {"kind": "service_due", "purpose": "reminder"}
        owner = self._create_customer("李雷")
        other = self._create_other_vehicle(owner, "京C11111", False)
        for vehicle in (self.vehicle, other):
            self._hold(
                self._create_task(
                    "2026-03-03", "2026-03-03", vehicle_id=vehicle.id, **reminder
                ),
                "2026-03-03",
            )
        with self._on("2026-03-10"):
            self._create_order(vehicle_id=other.id)
        self._assert_values(self._get_figures(), contacts__reminders=(1, 2))

    def test_points_said_settled_and_left(self):
        answered = self._say("2026-03-03", solution="Yes")
        with self._on("2026-03-03"):
            answered.action_answer()
        self._say("2026-03-30", kind="complaint")
        old = self._say("2026-02-25")
        told_late = self._say("2026-03-10", solution="A new clip")
        with self._on("2026-03-10"):
            told_late.action_solve()
        with self._on("2026-03-11"):
            told_late.action_inform_satisfied()
        with self._on("2026-03-12"):
            self.env["car.contact.point"]._cron_escalate()
        self.assertEqual(old.state, "escalated")
        self._assert_values(
            self._get_figures(),
            points__said=3,
            points__complaints=1,
            points__settled=2,
            points__unsettled=2,
            points__escalated=1,
            points__by_time=1,
            points__same_day=(1, 2),
        )

    def test_files_complete_in_time(self):
        files = self.env["car.customer.file"]
        cards = files
        for day, name in (
            ("2026-03-02", "甲"),
            ("2026-03-02", "乙"),
            ("2026-02-20", "丙"),
        ):
            with self._on(day):
                partner = self._create_customer(name, phone="1", city="Beijing")
                cards |= files.create(
                    {
                        "partner_id": partner.id,
                        "wish_text": "None",
                        "next_kind": "service",
                        "next_call_date": "2026-09-01",
                    }
                )
        with self._on("2026-03-04", hour=23):  # the second day is not over
            cards[0].with_user(self.user_follow_up_clerk).action_complete()
        with self._on("2026-03-05", hour=1):  # still the 4th in UTC
            cards[1].with_user(self.user_follow_up_clerk).action_complete()
        self._assert_values(
            self._get_figures(),
            files__opened=2,
            files__in_time=(1, 2),
            files__missing=1,
        )

    def test_targets_stand_beside_the_actual(self):
        targets = self.env["car.target"]
        for period, value in (("month", 5), ("year", 60), ("quarter", 0)):
            targets.create(
                {
                    "indicator": "visits",
                    "period": period,
                    "date_from": "2026-03-01",
                    "target_value": value,
                }
            )
        targets.create(
            {
                "indicator": "visits",
                "period": "month",
                "date_from": "2026-04-01",
                "target_value": 7,
            }
        )
        self._create_order()
        self._create_order(received_at="2026-01-15 02:00:00")
        self._create_order(received_at="2026-04-02 02:00:00")  # after the report
        figures = self._get_figures()
        shown = {
            code: (line.value, line.target_value)
            for code, line in figures.items()
            if code.startswith("targets.")
        }
        self.assertEqual(
            shown,
            {
                "targets.visits.month.False": (1, 5),
                "targets.visits.year.False": (2, 60),
            },
        )

    def test_trainings_are_counted_by_kind(self):
        for kind in ("sales", "sales", "activity"):
            training = self.env["car.training"].create(
                {
                    "name": "Talk",
                    "kind": kind,
                    "date": "2026-03-02",
                    "user_ids": [Command.set(self.user_advisor.ids)],
                    "minutes": "<p>Said</p>",
                }
            )
            training.action_hold()
        self._assert_values(
            self._get_figures(),
            trainings__sales=2,
            trainings__activity=1,
            trainings__workshop=0,
        )

    def test_what_customers_rated(self):
        for value, day in ((5, "2026-03-20"), (2, "2026-03-21"), (1, "2026-04-01")):
            order = self._create_order().sudo()
            token = order._rating_get_access_token()
            order.rating_apply(value, token=token)
            self.env.flush_all()
            # The database stamps its own clock.
            self.env.cr.execute(
                "UPDATE rating_rating SET write_date = %s WHERE access_token = %s",
                [day, token],
            )
        figures = self._get_figures()
        self.assertEqual(figures["satisfaction.answers"].value, 2)
        self.assertAlmostEqual(figures["satisfaction.average"].value, 3.5)
        self.assertEqual(figures["satisfaction.average"].value_text, "3.5")

    def test_figures_of_the_month_before_stand_beside(self):
        self._say("2026-02-10")
        with self._on("2026-02-28"):
            before = self._write_report(date_from="2026-02-01", **TEXTS)
            before.action_submit()
        self._say("2026-03-10")
        self._say("2026-03-11")
        line = self._get_figures()["points.said"]
        self.assertEqual((line.value, line.previous_value), (2, 1))
        self.assertEqual((line.value_text, line.previous_text), ("2", "1"))

    def test_a_review_counts_the_year(self):
        self._say("2026-01-10")
        self._say("2026-03-10")
        self._say("2025-12-31")
        figures = self._get_figures(period="year")
        self._assert_values(figures, points__said=2, points__unsettled=3)

    def test_another_companys_figures_stay_out(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.env["car.contact.task"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "kind": "first_call",
                "date_from": "2026-03-02",
                "date_to": "2026-03-06",
            }
        )
        self.env["car.customer.file"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        self._assert_values(
            self._get_figures(), contacts__first_call=(0, 0), files__opened=0
        )

    def test_rooms_are_counted_by_what_they_have(self):
        """Documents of another room: by kind where there is one, by day or moment."""
        self.env["car.enquiry"].create({"question": "Do you have tires?"})
        with self._on("2026-03-31"):
            report = self._write_report()
            figures = report._get_figures_room(
                "enquiries", self.env["car.enquiry"], "asked_at", "state", "Enquiries"
            )
        self.assertEqual(
            [(figure["code"], figure["value"]) for figure in figures],
            [("enquiries", 1), ("enquiries.open", 1)],
        )

    def test_a_report_costs_the_same_with_many_documents(self):
        def count():
            with self._on("2026-03-31"):
                report = self.env["car.period.report"].search([], limit=1)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                report._get_figures()
                return self.env.cr.sql_log_count - before

        self._write_report()
        self._create_order()
        self._say("2026-03-04")
        self._hold(self._create_task("2026-03-02", "2026-03-06"), "2026-03-03")
        count()
        few = count()
        for _number in range(10):
            self._create_order()
            self._say("2026-03-04")
            self._hold(self._create_task("2026-03-02", "2026-03-06"), "2026-03-03")
        self.assertEqual(count(), few)
