from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import FROZEN_NOW
from .common import SIGNATURE
from .reception_common import CarReceptionCommon


@tagged("post_install", "-at_install")
class TestCarReception(CarReceptionCommon):
    """Each arrival is a record, and its purpose leads to what comes of it."""

    def _leave_with_car(self, order):
        """Issue the pass and give the car back."""
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.with_user(self.user_advisor).action_deliver()

    # === STATES === #

    def test_arrival_knows_when_who_where_and_what_for(self):
        reception = self._arrive(purpose="diagnosis", bay_id=self.bay.id)
        self.assertRegex(reception.name, r"^AR/2026/\d{5}$")
        self.assertEqual(reception.state, "arrived")
        self.assertEqual(reception.arrived_at, FROZEN_NOW)
        self.assertEqual(reception.arrived_hour, "10:00")
        self.assertEqual(reception.partner_id, self.customer)
        self.assertEqual(reception.license_plate, "京A12345")
        self.assertEqual(reception.advisor_id, self.user_advisor)
        self.assertEqual(reception.warehouse_id, self.warehouse)

    def test_customer_goes_to_the_lounge_and_is_called_back(self):
        reception = self._arrive(arrived_at=self._wait(1))
        reception.action_serve()
        self.assertEqual(reception.wait_minutes, 60)
        reception.action_wait()
        self.assertEqual(reception.state, "lounge")
        self.assertEqual(reception.state_changed_at, FROZEN_NOW)
        reception.action_serve()
        reception.action_wait()
        reception.write({"outcome_note": "Fixed at the car"})
        reception.action_finish()
        self.assertEqual(reception.state, "done")
        self.assertTrue(reception.closed_at)
        reception.action_wait()
        self.assertFalse(reception.closed_at)

    def test_steps_that_are_not_there_are_refused(self):
        reception = self._arrive()
        with self.assertRefused("write down how it ended"):
            reception.write({"state": "done"})
        with self.assertRefused("the reason for leaving is missing"):
            reception.write({"state": "gone"})
        reception.action_serve()
        with self.assertRefused("cannot become"):
            reception.write({"state": "gone", "gone_reason": "No time"})
        with self.assertRefused("must be created as"):
            self.desk.create({"contact_name": "Li", "state": "done"})

    def test_end_without_a_document_is_asked_for(self):
        reception = self._arrive()
        self.assertEqual(reception.action_finish()["target"], "new")
        self.assertEqual(reception.action_leave()["target"], "new")
        reception.gone_reason = "Waited too long"
        reception.action_leave()
        self.assertEqual(reception.state, "gone")

    def test_who_was_served_has_not_left_unserved(self):
        reception = self._arrive(purpose="diagnosis", complaint="Rattle")
        reception.action_proceed()
        reception.action_wait()
        with self.assertRefused("it was served"):
            reception.write({"state": "gone", "gone_reason": "No time"})

    def test_car_is_here_once(self):
        self._arrive()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._arrive()

    def test_taken_bay_is_told_not_refused(self):
        other = self._create_vehicle(license_plate="京B10001", vin=False)
        self._arrive(bay_id=self.bay.id)
        second = self._arrive(vehicle_id=other.id, bay_id=self.bay.id)
        self.assertEqual(second.bay_warning, "Reception 1 is taken by 京A12345.")

    # === DATA AND INTRODUCTION === #

    def test_data_is_confirmed_by_whom_and_when(self):
        reception = self._arrive(data_confirmed_at=self._wait(5))
        self.assertFalse(reception.data_confirmed_at)
        reception.write({"data_confirmed_at": self._wait(5)})
        self.assertFalse(reception.data_confirmed_at)
        reception.action_confirm_data()
        self.assertEqual(reception.data_confirmed_at, FROZEN_NOW)
        self.assertEqual(reception.data_confirmed_by_id, self.user_advisor)
        reception.action_open_order()
        order = reception.order_id.with_user(self.user_advisor)
        self.assertEqual(order.data_confirmed_by_id, self.user_advisor)

    def test_new_customer_is_recognized_until_his_second_visit(self):
        reception = self._arrive(complaint="Oil service")
        self.assertTrue(reception.is_new_customer)
        self.assertIn(
            "nothing is done before you have agreed", reception.introduction_text
        )
        self.company.car_introduction_text = "Welcome to us"
        reception.invalidate_recordset(["introduction_text"])
        self.assertEqual(reception.introduction_text, "Welcome to us")
        reception.action_introduce()
        self.assertEqual(reception.introduced_by_id, self.user_advisor)
        reception.action_proceed()
        reception.invalidate_recordset(["is_new_customer"])
        self.assertTrue(reception.is_new_customer)
        later = self._arrive(purpose="enquiry")
        self.assertFalse(later.is_new_customer)

    # === WHERE THE PURPOSE LEADS === #

    def test_enquiry_ends_with_its_answer(self):
        reception = self._arrive(purpose="enquiry")
        with self.assertRefused("write down what is asked"):
            reception.action_proceed()
        reception.complaint = "What do tires cost?"
        reception.action_proceed()
        enquiry = reception.enquiry_id
        self.assertEqual(enquiry.channel, "walk_in")
        self.assertEqual(enquiry.question, "What do tires cost?")
        self.assertEqual(enquiry.partner_id, self.customer)
        self.assertEqual(reception.state, "served")
        enquiry.answer = "800 each"
        self.assertEqual(reception.state, "done")

    def test_booking_makes_an_appointment_once(self):
        reception = self._arrive(purpose="booking", complaint="Oil service")
        first = reception.action_proceed()
        self.assertEqual(first, reception.action_proceed())
        appointment = reception.appointment_id
        self.assertEqual(appointment.state, "draft")
        self.assertEqual(appointment.line_ids.name, "Oil service")
        self.assertEqual(reception.state, "done")

    def test_repair_makes_an_order_once_and_ends_at_the_desk(self):
        reception = self._arrive(complaint="Oil service\n\nNoise in front ")
        first = reception.action_proceed()
        self.assertEqual(first["res_id"], reception.action_proceed()["res_id"])
        order = reception.order_id
        self.assertEqual(self.vehicle.order_ids, order)
        self.assertEqual(order.reception_id, reception)
        self.assertEqual(
            order.job_ids.mapped("name"), ["Oil service", "Noise in front"]
        )
        self.assertEqual(order.received_at, reception.arrived_at)
        self.assertEqual(reception.state, "done")

    def test_diagnosis_and_estimate_stay_open_until_the_decision(self):
        for purpose, decide in (
            ("diagnosis", lambda order: order.action_cancel()),
            ("estimate", lambda order: order.action_decline("refused", "Too dear")),
        ):
            reception = self._arrive(purpose=purpose, complaint="Rattle")
            reception.action_proceed()
            self.assertEqual(reception.state, "served")
            reception.action_wait()
            decide(reception.order_id.with_user(self.user_advisor))
            self.assertEqual(reception.state, "done", purpose)

    def test_decision_ends_the_talk_but_who_waits_is_not_lost(self):
        order = self._create_order()
        reception = order.reception_id
        reception.action_serve()
        self._authorize(order)
        self.assertEqual(reception.state, "done")
        reception.action_wait()
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self.assertEqual(reception.state, "lounge")
        self._bill(order)
        self._pay(order.invoice_ids)
        self._leave_with_car(order)
        self.assertEqual(reception.state, "done")

    def test_pick_up_opens_the_order_that_is_ready(self):
        empty = self._arrive(purpose="pickup")
        with self.assertRefused("no order of this car is open"):
            empty.action_proceed()
        empty.write({"outcome_note": "Wrong day"})
        empty.action_finish()
        order = self._create_order()
        self._make_ready(order)
        self._create_order()
        reception = self._arrive(purpose="pickup")
        action = reception.action_proceed()
        self.assertEqual(action["res_id"], order.id)
        self.assertEqual(reception.state, "served")
        self._bill(order)
        self._pay(order.invoice_ids)
        self._leave_with_car(order)
        self.assertEqual(reception.state, "done")

    def test_unknown_car_and_customer_become_records_with_the_order(self):
        reception = self.desk.create(
            {
                "license_plate": "沪b-00001",
                "contact_name": "Chen Mei",
                "phone": "138 0013 8000",
            }
        )
        self.assertEqual(reception.duplicate_ids, self.customer)
        with self.assertRefused("has not been here yet: choose its model"):
            reception.action_proceed()
        reception.model_id = self.model
        reception.action_proceed()
        order = reception.order_id
        self.assertEqual(order.vehicle_id.license_plate, "沪B00001")
        self.assertEqual(order.partner_id.name, "Chen Mei")
        self.assertEqual(reception.vehicle_id, order.vehicle_id)

    # === ARRIVALS OF ORDERS AND APPOINTMENTS === #

    def test_order_opened_directly_has_its_arrival(self):
        order = self._create_order(received_at=self._wait(2))
        reception = order.reception_id
        self.assertEqual(reception.state, "done")
        self.assertEqual(reception.order_id, order)
        self.assertEqual(reception.arrived_at, self._wait(2))
        self.assertEqual(reception.partner_id, self.customer)
        second = self._create_order()
        self.assertEqual(second.reception_id, reception)
        self.assertEqual(reception.order_id, order)
        other_day = self._create_order(received_at=self._wait(48))
        self.assertNotEqual(other_day.reception_id, reception)

    def test_order_takes_the_arrival_that_is_open(self):
        reception = self._arrive(purpose="estimate")
        order = self._create_order()
        self.assertEqual(order.reception_id, reception)
        self.assertEqual(reception.order_id, order)
        self.assertEqual(reception.state, "served")

    def test_nobody_arrives_with_a_car_of_the_house(self):
        kind = self.env["car.repair.type"].create({"name": "PDI", "kind": "pdi"})
        self.assertFalse(self._create_order(type_id=kind.id).reception_id)

    def test_many_orders_at_once_share_the_arrival_of_their_car(self):
        other = self._create_vehicle(license_plate="京B10001", vin=False)
        orders = (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                [{"vehicle_id": car.id} for car in (self.vehicle, other, self.vehicle)]
            )
        )
        self.assertEqual(orders[0].reception_id, orders[2].reception_id)
        self.assertEqual(orders.reception_id.vehicle_id, self.vehicle | other)

    def test_appointment_arrived_from_its_own_screen_has_its_arrival(self):
        appointment = self._book(model_id=self.model.id)
        appointment.action_arrive()
        reception = appointment.order_id.reception_id
        self.assertEqual(reception.appointment_id, appointment)
        self.assertEqual(reception.state, "done")
        self.assertEqual(reception.license_plate, "沪B00001")

    def test_appointment_arrived_at_the_desk_keeps_that_arrival(self):
        appointment = self._book(model_id=self.model.id)
        reception = self.desk.create(
            {"contact_name": "Chen Mei", "appointment_id": appointment.id}
        )
        action = reception.action_proceed()
        self.assertEqual(appointment.state, "arrived")
        self.assertEqual(action["res_id"], appointment.order_id.id)
        self.assertEqual(appointment.order_id.reception_id, reception)
        self.assertEqual(reception.order_id, appointment.order_id)
        self.assertEqual(reception.vehicle_id, appointment.vehicle_id)
        self.assertEqual(self.desk.search_count([]), 1)

    def test_draft_appointment_is_confirmed_first(self):
        appointment = self._create_appointment(vehicle_id=self.vehicle.id)
        reception = self._arrive(appointment_id=appointment.id)
        with self.assertRefused("it is not confirmed yet"):
            reception.action_proceed()

    def test_arrival_of_one_car_is_not_that_of_another(self):
        other = self._create_vehicle(license_plate="京B10001", vin=False)
        order = self._create_order(vehicle_id=other.id)
        with self.assertRefused("belongs to another car"):
            self._arrive(order_id=order.id)
        reception = self._arrive()
        reception.write({"order_id": order.id})
        self.assertFalse(reception.order_id)

    def test_order_is_signed_at_once_without_diagnosis_or_estimate(self):
        """R-025: simple cases get their order filled in and signed at the car."""
        self.type_repair.requires_signature = True
        reception = self._start(complaint="Oil service")
        form = Form(reception.order_id.with_user(self.user_advisor))
        order = form.save()
        order.job_ids.with_user(self.user_advisor).write(
            {
                "estimate_method": "item",
                "item_reason": "ordered",
                "line_ids": [Command.create({"product_id": self.labor.id})],
            }
        )
        order.job_ids.with_user(self.user_advisor).action_give_item_notice()
        self._authorize(
            order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )
        self.assertEqual(order.state, "authorized")
        self.assertTrue(order.is_signed)
        self.assertFalse(order.inspection_ids)
        order.with_user(self.user_advisor).action_start()
        self.assertEqual(order.state, "in_workshop")

    # === RIGHTS === #

    def test_technician_and_gate_see_no_arrivals(self):
        reception = self._arrive()
        for user in (self.user_technician, self.user_gate, self.user_portal):
            with self.assertRaises(AccessError, msg=user.login):
                reception.with_user(user).read(["license_plate"])
            for method, args in (
                ("find", ["京A12345"]),
                ("get_page", [{"vehicle_id": self.vehicle.id}]),
                ("get_board", []),
                ("start", [{"vehicle_id": self.vehicle.id}]),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    getattr(self.desk.with_user(user), method)(*args)

    def test_other_desks_read_and_change_nothing(self):
        reception = self._arrive(complaint="Rattle")
        for user in (self.user_cashier, self.user_workshop_supervisor):
            mine = reception.with_user(user)
            self.assertEqual(mine.license_plate, "京A12345")
            self.assertTrue(mine.get_board()["columns"][0]["items"])
            for act in (
                mine.action_serve,
                mine.action_confirm_data,
                mine.action_introduce,
                mine.action_proceed,
                lambda mine=mine: mine.write({"state": "served"}),
                lambda mine=mine: mine.start({"vehicle_id": self.vehicle.id}),
                lambda mine=mine: mine.make_customer({"contact_name": "Li"}),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    act()

    def test_advisor_deletes_nothing_supervisor_only_what_is_unused(self):
        reception = self._arrive(complaint="Rattle")
        with self.assertRaises(AccessError):
            reception.unlink()
        reception.action_proceed()
        with self.assertRefused("kept for the records"):
            reception.with_user(self.user_supervisor).unlink()

    def test_another_company_sees_no_arrival(self):
        reception = self._arrive()
        company = self.env["res.company"].create({"name": "Second Dealer"})
        user = new_test_user(
            self.env,
            login="car_other_desk",
            groups="car_aftersales.car_aftersales_group_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            reception.with_user(user).read(["license_plate"])
        self.assertFalse(self.desk.with_user(user).search([]))
