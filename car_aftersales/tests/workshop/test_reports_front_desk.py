from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .booking_common import CarBookingCommon
from .common import SIGNATURE
from .release_common import CarReleaseCommon


class FrontDeskPapers:
    def _print(self, report, records):
        reports = self.env["ir.actions.report"].with_user(self.user_advisor)
        html, _kind = reports._render_qweb_html(f"car_aftersales.{report}", records.ids)
        return html.decode()

    def _assert_shows(self, html, *texts):
        for text in texts:
            self.assertIn(text, html)


@tagged("post_install", "-at_install")
class TestReportsFrontDesk(FrontDeskPapers, CarReleaseCommon):
    """The papers hold what their forms in the rule book name."""

    def _sign_contract(self, order):
        return self._authorize(
            order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )

    def _print_contract(self, order):
        return self._print("report_car_repair_order_contract", order)

    def test_what_is_taken_in_after_the_signature_is_on_the_contract(self):
        order = self._create_order(type_id=self.type_full.id)
        self._sign_contract(order)
        self.assertNotIn("Taken In After the Signature", self._print_contract(order))
        with freeze_time(FROZEN_NOW + timedelta(minutes=10)):
            intake = self._begin_intake(order)
            intake.damage_ids = [Command.create({"x": 60, "y": 85, "kind": "dent"})]
            self._complete(intake)
            intake.action_finish()
        html = self._print_contract(order)
        self._assert_shows(html, "Taken In After the Signature", "K1", "Dent")
        self._assert_shows(html, "Vehicle license", "valid, complete, intact")
        # What was signed stays as it was: the file of the contract has none of it.
        answer = order.authorization_ids
        filed = order.with_context(car_contract_answer=answer.id)
        self.assertEqual(filed._get_contract_sequel(), {})
        self.assertNotIn("Dent", order._get_contract_content())

    def test_what_was_taken_in_before_is_not_told_twice(self):
        order = self._create_order(type_id=self.type_full.id)
        intake = self._begin_intake(order)
        self._complete(intake)
        intake.action_finish()
        with freeze_time(FROZEN_NOW + timedelta(minutes=10)):
            self._sign_contract(order)
        self.assertNotIn("Taken In After the Signature", self._print_contract(order))
        self._assert_shows(self._print_contract(order), "K1", "Vehicle license")

    def test_later_answers_and_promises_are_below_the_contract(self):
        order = self._create_order()
        self._sign_contract(order)
        with freeze_time(FROZEN_NOW + timedelta(minutes=30)):
            order.job_ids.line_ids = [
                Command.create({"product_id": self.filter.id, "name": "Second filter"})
            ]
            self._authorize(order, channel="phone", kind="additional")
            order.write(
                {
                    "promised_at": order.promised_at + timedelta(hours=3),
                    "promise_reason": "One more filter",
                    "is_promise_told": True,
                }
            )
        html = self._print_contract(order)
        self._assert_shows(html, "Additional Work", "Second filter", "Phone")
        self._assert_shows(html, "One more filter", "customer told")

    def test_the_quality_check_is_below_the_contract(self):
        order = self._create_order()
        self._sign_contract(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self._assert_shows(self._print_contract(order), "Quality Check", "Passed")

    def test_an_unsigned_contract_has_no_sequel(self):
        order = self._create_order()
        self._authorize(order)
        self.assertEqual(order._get_contract_sequel(), {})

    def test_the_diagnosis_sheet_has_beginning_fee_and_its_number_is_on_the_contract(
        self,
    ):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order()
        order.job_ids.line_ids = [
            Command.create({"product_id": fee.id, "price_unit": 100.0})
        ]
        diagnosis = self._begin_diagnosis(order)
        html = self._print("report_car_inspection_sheet", diagnosis)
        self._assert_shows(html, "Diagnosis Fee", "Started")
        total = sum(order._get_diagnosis_fees().mapped("price_total"))
        self.assertGreater(total, 0)
        self.assertIn(f"{total:.2f}", html)
        self._assert_shows(self._print_contract(order), diagnosis.name)

    def test_a_diagnosis_without_fee_says_so(self):
        diagnosis = self._begin_diagnosis(self._create_order())
        html = self._print("report_car_inspection_sheet", diagnosis)
        self.assertIn("free of charge", html)

    def test_the_list_of_articles_tells_who_took_and_who_returned_them(self):
        order = self._create_order(storage_box_id=self.box.id)
        intake = self._begin_intake(order)
        intake.belonging_ids = [Command.create({"name": "Umbrella"})]
        self._sign(intake, "belongings")
        intake.action_rest_ok()
        intake.action_finish()
        intake.belonging_ids.action_give_back()
        html = self._print("report_car_inspection_belongings", intake)
        self._assert_shows(html, 'name="received_at"', "Returned By")
        returned = html.split('name="returned_by"')[1].split("</div>")[0]
        self.assertIn(self.user_advisor.name, returned)

    def test_the_exit_pass_tells_fees_apart_and_the_guard(self):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order(
            lines=[{"product_id": fee.id, "price_unit": 100.0, "tax_ids": False}]
        )
        self._authorize(order, kind="diagnosis")
        order.action_estimate()
        order.action_decline("refused", "Too dear")
        self._pay(self._bill(order))
        order.with_user(self.user_cashier).action_issue_exit_pass()
        exit_pass = order.exit_pass_ids
        exit_pass.with_user(self.user_gate).action_leave()
        self.assertEqual(
            order._get_pass_amounts(), [{"name": fee.name, "amount": 100.0}]
        )
        html = self._print("report_car_exit_pass", exit_pass)
        self._assert_shows(html, "Charged", fee.name, self.user_gate.name)

    def test_nothing_charged_is_said_on_the_exit_pass(self):
        order = self._create_order()
        order.action_estimate()
        order.action_decline("refused", "Too dear")
        order.with_user(self.user_cashier).action_issue_exit_pass()
        html = self._print("report_car_exit_pass", order.exit_pass_ids)
        self.assertIn("Nothing charged", html)


@tagged("post_install", "-at_install")
class TestReportsSlip(FrontDeskPapers, CarBookingCommon):
    """The appointment slip tells the workshop what to prepare."""

    def test_the_slip_has_parts_and_duration(self):
        lines = [Command.create({"product_id": self.labor.id})]
        appointment = self._book(self._at(3, 9), line_ids=lines)
        html = self._print("report_car_appointment", appointment)
        self.assertNotIn("Parts to Prepare", html)
        self.assertIn("Expected Duration", html)
        package = self.env["car.repair.package"].create(
            {
                "name": "Filter",
                "line_ids": [
                    Command.create({"product_id": self.labor.id}),
                    Command.create({"product_id": self.filter.id, "quantity": 2.0}),
                ],
            }
        )
        lines = [Command.create({"package_id": package.id})]
        appointment = self._book(self._at(4, 9), line_ids=lines)
        html = self._print("report_car_appointment", appointment)
        self._assert_shows(html, "Parts to Prepare", "Oil filter", "2.0")
