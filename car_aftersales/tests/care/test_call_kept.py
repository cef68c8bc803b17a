from odoo.tests import tagged

from .letter_common import CarLetterCommon


@tagged("post_install", "-at_install")
class TestCallKept(CarLetterCommon):
    """Calls made on the way are on record without being typed twice (R-135)."""

    def test_consent_by_phone_is_a_call(self):
        order = self._create_order()
        authorization = self._authorize(order, note="Told by his wife")
        call = order.car_call_ids
        self.assertEqual(call.authorization_id, authorization)
        self.assertEqual(
            (call.kind, call.direction, call.state, call.outcome),
            ("consent", "out", "done", "reached"),
        )
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.user_id, self.user_advisor)
        self.assertEqual(call.phone, self.customer.phone)
        for text in ("Agreed", "Oil filter", "Told by his wife"):
            self.assertIn(text, call.summary)
        with self.assertRefused("was held"):
            call.with_user(self.user_advisor).kind = "other"

    def test_consent_by_message_is_none(self):
        order = self._create_order()
        self._authorize(order, channel="message")
        self.assertFalse(order.car_call_ids)

    def test_a_pick_up_notice_by_phone_is_a_call(self):
        order = self._create_order()
        self._make_ready(order)
        notices = self.env["car.repair.ready.notice"].with_user(self.user_advisor)
        for channel, count in (("desk", 0), ("phone", 1)):
            notices.create(
                {"order_id": order.id, "channel": channel, "note": "Comes at five"}
            ).action_confirm()
            calls = order.car_call_ids.filtered(lambda one: one.kind == "pick_up")
            self.assertEqual(len(calls), count)
        self.assertIn("王小明", calls.summary)
        self.assertIn("Comes at five", calls.summary)
        self.assertEqual(calls.user_id, self.user_advisor)

    def _get_booking_calls(self, appointment):
        return self.env["car.contact.call"].search(
            [("appointment_id", "=", appointment.id)]
        )

    def test_an_appointment_by_phone_is_a_call(self):
        appointment = self._book(
            self._at(5, 9), partner_id=self.customer.id, vehicle_id=self.vehicle.id
        )
        self.assertEqual(appointment.channel, "phone")
        call = self._get_booking_calls(appointment)
        self.assertEqual((call.kind, call.direction), ("appointment", "in"))
        self.assertEqual(call.partner_id, appointment.partner_id)
        self.assertIn(appointment.name, call.summary)
        appointment.action_cancel()
        appointment.action_resume()
        appointment.write({"start_at": self._at(6, 9)})
        appointment.action_confirm()
        self.assertEqual(self._get_booking_calls(appointment), call)

    def test_who_was_only_a_name_is_on_record_when_he_comes(self):
        appointment = self._book(
            self._at(5, 9),
            partner_id=False,
            contact_name="Zhao",
            phone="13900001111",
            license_plate="京D00001",
        )
        self.assertFalse(self._get_booking_calls(appointment))
        appointment.model_id = self.model
        appointment.with_user(self.user_advisor).action_arrive()
        call = self._get_booking_calls(appointment)
        self.assertEqual(call.partner_id.name, "Zhao")
        self.assertEqual(call.phone, "13900001111")

    def test_a_walk_in_appointment_is_none(self):
        appointment = self._book(
            self._at(5, 9), partner_id=self.customer.id, channel="walk_in"
        )
        self.assertFalse(self._get_booking_calls(appointment))

    def test_a_question_by_phone_is_a_call(self):
        enquiries = self.env["car.enquiry"].with_user(self.user_advisor)
        values = {
            "partner_id": self.customer.id,
            "question": "What does an oil change cost?",
            "answer": "About 500",
        }
        enquiries.create({**values, "channel": "walk_in"})
        self.assertFalse(self.customer.car_call_ids)
        enquiries.create({**values, "channel": "phone"})
        call = self.customer.car_call_ids
        self.assertEqual((call.kind, call.direction), ("consultation", "in"))
        self.assertIn("About 500", call.summary)

    def test_a_call_is_logged_from_car_and_customer(self):
        action = self.vehicle.with_user(self.clerk).action_log_call()
        self.assertEqual(action["target"], "new")
        call = self.env["car.contact.call"].with_user(self.clerk)
        call = call.with_context(**action["context"]).create({"summary": "Asked"})
        self.assertEqual(
            (call.partner_id, call.vehicle_id), (self.customer, self.vehicle)
        )
        self.assertEqual(call.direction, "in")
        self.assertEqual(self.vehicle.call_count, 1)
        self.assertEqual(self.customer.car_call_count, 1)
        action = self.customer.with_user(self.clerk).action_log_car_call()
        self.assertEqual(action["context"]["default_vehicle_id"], self.vehicle.id)
        calls = self.customer.with_user(self.clerk).action_open_car_calls()
        self.assertEqual(calls["domain"], [("partner_id", "=", self.customer.id)])
