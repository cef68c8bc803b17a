from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestAskAgain(CarWorkshopCommon):
    """A customer who declined is asked again, if he likes, when he likes."""

    def _get_queue(self, user=None):
        action = self.env.ref("car_aftersales.car_repair_line_action_ask_again")
        lines = self.env["car.repair.line"].with_user(user or self.user_advisor)
        return lines.search(safe_eval(action.domain))

    def _decline(self, order, **values):
        """Decline in the dialog, as the advisor does."""
        action = order.with_user(self.user_advisor).action_decline()
        form = Form(
            self.env["car.repair.reason"]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
        )
        form.reason = "Too expensive"
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_confirm()

    def test_the_dialog_proposes_day_and_way(self):
        order = self._create_order()
        self._decline(order)
        self.assertEqual(order.contact_way, "phone")
        self.assertEqual(
            set(order.line_ids.mapped("ask_again_date")),
            {fields.Date.to_date("2026-04-01")},
        )
        self.assertEqual(self._get_queue(), order.line_ids.sorted("ask_again_date"))

    def test_who_wants_no_contact_is_on_no_list(self):
        order = self._create_order()
        self._decline(order, contact_way="none")
        self.assertFalse(self._get_queue())
        other = self._create_order()
        self._decline(other, contact_way="message", ask_again_date="2026-03-10")
        self.assertEqual(self._get_queue().order_id, other)
        other.with_user(self.user_advisor).contact_way = "none"
        self.assertFalse(self._get_queue())

    def test_the_shop_sets_the_days(self):
        self.company.car_ask_again_days = 0
        order = self._create_order()
        self._decline(order)
        self.assertFalse(any(order.line_ids.mapped("ask_again_date")))
        self.assertFalse(self._get_queue())

    def test_whoever_writes_the_step_asks_again(self):
        order = self._create_order().with_user(self.user_advisor)
        order.write(
            {"state": "declined", "outcome": "refused", "outcome_reason": "Too dear"}
        )
        self.assertEqual(self._get_queue(), order.line_ids.sorted("ask_again_date"))

    def test_one_refused_line_is_asked_again(self):
        order = self._create_order()
        labor, oil_filter, oil = order.line_ids
        self._authorize(
            order,
            line_ids=[
                Command.create({"line_id": line.id, "is_approved": line != oil})
                for line in order.line_ids
            ],
        )
        self.assertEqual(self._get_queue(), oil)
        self.assertFalse(labor.ask_again_date or oil_filter.ask_again_date)
        # He says yes after all.
        self._authorize(
            order, line_ids=[Command.create({"line_id": oil.id, "is_approved": True})]
        )
        self.assertFalse(self._get_queue())

    def test_booked_for_later_is_not_asked_again(self):
        order = self._create_order()
        action = self._decline(order, outcome="booked")
        self.assertEqual(action["res_model"], "car.appointment")
        self.assertFalse(self._get_queue())

    def test_a_refused_estimate_that_is_booked_leaves_the_list(self):
        order = self._create_order()
        self._decline(order)
        self.assertTrue(self._get_queue())
        self._get_queue(self.user_follow_up_clerk)[0].action_book_estimate()
        self.assertFalse(self._get_queue())
        order.booking_ids.write({"state": "cancelled"})
        self.assertTrue(self._get_queue())

    def test_the_day_is_moved_after_the_car_has_left(self):
        order = self._create_order()
        self._decline(order)
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.exit_pass_ids.with_user(self.user_gate).action_leave()
        self._get_queue().write({"ask_again_date": False})
        self.assertFalse(self._get_queue())

    def test_the_dialog_finds_an_open_appointment_of_the_car(self):
        appointment = (
            self.env["car.appointment"]
            .with_user(self.user_advisor)
            .create({"vehicle_id": self.vehicle.id, "partner_id": self.customer.id})
        )
        order = self._create_order()
        self._decline(order, outcome="booked", appointment_id=appointment)
        self.assertEqual(appointment.estimate_order_id, order)
