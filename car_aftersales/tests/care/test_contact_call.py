from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestContactCall(CarCareCommon):
    """The talk: everything at hand, its outcome in one click, the record kept."""

    def setUp(self):
        super().setUp()
        self.task = (
            self.env["car.contact.task"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    "kind": "care",
                    "date_from": "2026-03-02",
                    "date_to": "2026-03-06",
                }
            )
        )

    def _log(self, user=None, **values):
        return (
            self.env["car.contact.call"]
            .with_user(user or self.user_advisor)
            .create({"partner_id": self.customer.id, **values})
        )

    # === OUTCOMES === #

    def test_a_reached_customer_needs_something_that_was_said(self):
        call = self._talk(self.task)
        with self.assertRefused("tick what was spoken about"):
            call.action_reached()
        self.assertEqual((call.state, call.outcome), ("draft", False))
        call.summary = "All is well."
        call.action_reached()
        self.assertEqual((call.state, self.task.state), ("done", "done"))
        self.assertEqual(self.task.finished_on, date(2026, 3, 2))

    def test_nobody_answers_and_the_next_try_is_planned(self):
        self._talk(self.task).action_no_answer()
        self.assertEqual((self.task.tries, self.task.call_on), (1, date(2026, 3, 3)))
        with self._day("2026-03-06"):
            call = self._talk(self.task)
            call.next_try_on = date(2026, 3, 10)
            call.action_no_answer()
        self.assertEqual((self.task.tries, self.task.call_on), (2, date(2026, 3, 10)))
        self.assertEqual(self.task.state, "open")

    def test_after_friday_the_next_try_is_on_monday(self):
        with self._day("2026-03-06"):
            self._talk(self.task).action_no_answer()
        self.assertEqual(self.task.call_on, date(2026, 3, 9))

    def test_a_wrong_number_closes(self):
        self._talk(self.task).action_wrong_number()
        self.assertEqual(
            (self.task.state, self.task.close_reason), ("closed", "wrong_number")
        )

    def test_who_wants_no_contact_is_never_called_again(self):
        other = self.task.copy({"kind": "next_service", "date_to": "2026-03-30"})
        call = self._talk(self.task)
        call.action_refused()
        self.assertEqual({self.task.close_reason, other.close_reason}, {"refused"})
        entry = self.customer.car_permission_ids
        self.assertEqual((entry.is_allowed, entry.source), (False, "call"))
        self.assertEqual(entry.evidence, call.name)
        new = self.task.copy()
        with self.assertRefused("wants no contact"):
            new.action_call()

    def test_a_sold_car_ends_the_ownership_and_keeps_the_file_of_the_car(self):
        self._deliver()
        self._talk(self.task).action_sold()
        self.assertEqual(self.task.close_reason, "sold")
        self.assertFalse(self.vehicle.owner_id)
        self.assertTrue(self.vehicle.active)
        self.assertTrue(self.vehicle.order_ids)

    def test_the_appointment_is_made_in_the_call(self):
        call = self._talk(self.task)
        call.write(
            {
                "need_text": "Oil service",
                "topic_ids": [Command.set(self.topics[:1].ids)],
            }
        )
        action = call.action_book()
        appointment = call.appointment_id
        self.assertEqual(action["res_id"], appointment.id)
        self.assertEqual(appointment.channel, "follow_up")
        self.assertEqual(appointment.vehicle_id, self.vehicle)
        self.assertEqual(appointment.line_ids.mapped("name"), ["Oil service"])
        self.assertEqual((call.outcome, self.task.state), ("booked", "done"))
        call.action_book()
        self.assertEqual(
            self.env["car.appointment"].search_count(
                [("vehicle_id", "=", self.vehicle.id)]
            ),
            1,
        )

    def test_an_outcome_is_written_once(self):
        call = self._reach(self.task)
        with self.assertRefused("written down already"):
            call.action_no_answer()

    def test_no_outcome_without_its_button(self):
        call = self._talk(self.task)
        with self.assertRefused("choose how it ended"):
            call.write({"state": "done"})

    # === THE SECOND CALL === #

    def test_the_second_call_does_not_repeat_the_first(self):
        self._deliver()
        self.task.sudo().action_close(note="Not now")
        self._plan()
        with self._day("2026-03-05"):
            first = self._reach(
                self._get_tasks("first_call"), self.topics[:2], summary="Brakes squeak"
            )
            self._plan()
        with self._day("2026-03-12"):
            second = self._talk(self._get_tasks("second_call"))
            self.assertEqual(second.first_call_id, first)
            self.assertEqual(second.first_topic_ids, self.topics[:2])
            self.assertEqual(second.first_summary, "Brakes squeak")
            second.topic_ids = [Command.set(self.topics[1:3].ids)]
            with self.assertRefused(f"about this already: {self.topics[1].name}"):
                second.action_reached()
            second.topic_ids = [Command.set(self.topics[2:4].ids)]
            second.action_reached()
        self.assertEqual(second.state, "done")

    # === BESIDE THE TALK === #

    def test_the_talk_shows_what_the_clerk_needs(self):
        order = self._deliver()
        earlier = self._log(summary="Asked for the price of tires", direction="in")
        earlier.action_reached()
        point = self.env["car.contact.point"].create(
            {"partner_id": self.customer.id, "text": "Cold seats", "kind": "wish"}
        )
        call = self._talk(self.task)
        self.assertEqual(call.history_order_ids, order)
        # The consent by phone of the visit was a call as well.
        self.assertEqual(call.history_call_ids - order.car_call_ids, earlier)
        self.assertEqual(order.car_call_ids.kind, "consent")
        self.assertEqual(call.open_point_ids, point)
        self.assertEqual(call.phone, self.customer.phone)

    def test_knowledge_fits_model_energy_and_season(self):
        article = self.env["car.knowledge.article"]
        article.search([]).active = False
        winter = article.create({"name": "Winter", "month_from": 11, "month_to": 3})
        summer = article.create({"name": "Summer", "month_from": 6, "month_to": 9})
        electric = article.create({"name": "Charging", "energy": "electric"})
        petrol = article.create({"name": "Oil", "energy": "petrol"})
        own = article.create({"name": "H5", "model_ids": [Command.set(self.model.ids)]})
        call = self._talk(self.task)
        self.assertEqual(call.knowledge_ids, winter | petrol | own)
        with self._day("2026-07-01"):
            self.assertEqual(call.knowledge_ids, summer | petrol | own)
        self.model.energy = "electric"
        call.invalidate_recordset()
        self.assertEqual(call.knowledge_ids, winter | electric | own)
        with self.assertRefused("both months", Exception):
            winter.month_to = 0

    def test_quiet_hours_are_told(self):
        call = self._talk(self.task)
        self.assertFalse(call.is_quiet)
        with self._day("2026-03-02"):
            self.assertFalse(self.company._is_car_quiet())
        for moment, quiet in (
            ("2026-03-02 00:30:00", True),  # half past eight in Shanghai
            ("2026-03-02 01:00:00", False),
            ("2026-03-02 12:00:00", True),  # eight in the evening
            ("2026-03-02 11:59:00", False),
        ):
            self.assertEqual(
                self.company._is_car_quiet(fields.Datetime.to_datetime(moment)),
                quiet,
                moment,
            )

    def test_a_talk_that_was_begun_is_gone_on_with(self):
        call = self._talk(self.task)
        self.assertEqual(self._talk(self.task), call)

    # === THE RECORD === #

    def test_everybody_at_a_desk_writes_down_his_calls(self):
        for user in (self.user_cashier, self.user_parts_clerk, self.user_inspector):
            call = self._log(user, direction="in", summary="Asked for the bill")
            call.action_reached()
            self.assertEqual(call.user_id, user)
            self.assertTrue(call.name.startswith("CA/2026/"))

    def test_what_was_held_stays_and_what_is_archived_is_locked(self):
        call = self._reach(self.task)
        with self.assertRefused("only its key points"):
            call.write({"partner_id": self.maker.id})
        with self.assertRefused("stays on record"):
            call.unlink()
        call.summary = "He will come in April."
        with self.assertRefused("archives it"):
            call.with_user(self.user_cashier).action_archive_record()
        call.action_archive_record()
        self.assertEqual(call.archived_by_id, self.clerk)
        with self.assertRefused("archived"):
            call.summary = "Never said"
        with self.assertRefused("archived"):
            self.env["car.contact.point"].with_user(self.clerk).create(
                {"call_id": call.id, "text": "Added later"}
            )

    def test_a_call_takes_the_customer_of_the_visit(self):
        order = self._create_order()
        form = (
            self.env["car.contact.call"]
            .with_user(self.user_advisor)
            .new({"order_id": order.id})
        )
        form._onchange_subject()
        self.assertEqual(form.partner_id, self.customer)
