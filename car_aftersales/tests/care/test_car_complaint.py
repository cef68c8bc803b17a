from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCarComplaint(ComplaintCommon):
    """The way of a complaint, and what it refuses."""

    def test_way_from_receipt_to_a_satisfied_customer(self):
        complaint = self._complain()
        self.assertRegex(complaint.name, r"^CP/2026/\d{5}$")
        self.assertEqual(complaint.received_by_id, self.user_follow_up_clerk)
        self._classify(complaint)
        self.assertEqual(complaint.department, "front_desk")
        complaint.reply_text = "We look into it and call you today"
        complaint.action_reply()
        self.assertEqual(complaint.replied_at, FROZEN_NOW)
        self.assertEqual(complaint.replied_by_id, self.user_follow_up_clerk)
        complaint.action_handle()
        with self._later(hours=3):
            complaint.write({"answer_text": "Sorry", "cause_id": self.cause.id})
            complaint.action_answer()
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(complaint.satisfied, "yes")
        self.assertTrue(complaint.closed_at)
        self.assertEqual(complaint.replied_at, FROZEN_NOW)

    def test_a_new_complaint_is_named_by_what_is_known(self):
        draft = self.env["car.complaint"].new({})
        self.assertFalse(draft.display_name)
        complaint = self._complain()
        self.assertIn(complaint.name, complaint.display_name)

    def test_every_state_is_guarded_against_a_remote_call(self):
        for state in ("replied", "handling", "answered", "closed"):
            complaint = self._complain()
            with self.subTest(state), self.assertRefused("cannot become"):
                complaint.write({"state": state})
        with self.assertRefused("must be created as"):
            self._complain(state="closed")

    def test_classification_asks_for_category_responsible_and_customer(self):
        complaint = self._complain(partner_id=False, vehicle_id=False)
        with self.assertRefused("what it is about"):
            complaint.action_classify()
        complaint.category_id = self.category
        with self.assertRefused("who is responsible"):
            complaint.action_classify()
        complaint.user_id = self.user_advisor
        with self.assertRefused("whom to answer"):
            complaint.action_classify()
        complaint.phone = "138 0013 8000"
        complaint.action_classify()
        self.assertEqual(complaint.state, "classified")
        self.assertIn("A customer complains", self._notified(self.user_advisor))

    def test_category_decides_on_the_severity_and_may_be_overruled(self):
        complaint = self._complain(category_id=self.category_quality.id)
        self.assertEqual(complaint.severity, "major")
        self.assertEqual(complaint.department, "workshop")
        complaint.severity = "minor"
        self.assertEqual(complaint.severity, "minor")

    def test_leader_of_the_team_is_told(self):
        leader = self.env["car.technician"].create(
            {"name": "Chen", "user_id": self.user_workshop_supervisor.id}
        )
        team = self.env["car.workshop.team"].create(
            {"name": "Team A", "leader_id": leader.id}
        )
        self._classify(self._complain(team_id=team.id))
        self.assertIn(
            "A customer complains", self._notified(self.user_workshop_supervisor)
        )

    def test_empty_words_do_not_count_as_reply_or_answer(self):
        complaint = self._classify(self._complain())
        complaint.write({"reply_text": "  ", "answer_text": "\n"})
        with self.assertRefused("told first"):
            complaint.action_reply()
        with self.assertRefused("write down the answer"):
            complaint.action_answer()

    def test_closing_asks_for_cause_and_result_outside(self):
        complaint = self._answer(self._complain())
        complaint.write({"cause_id": False, "external_body": "association"})
        with self.assertRefused("result outside"):
            complaint.action_close()
        complaint.external_result = "Settled there"
        with self.assertRefused("choose the cause"):
            complaint.action_close()
        complaint.cause_id = self.cause
        with self.assertRefused("when the customer is satisfied"):
            complaint.write({"state": "closed"})
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_who_is_not_satisfied_is_taken_up_again_by_the_supervisor(self):
        complaint = self._answer(self._complain())
        with self._later(days=1):
            action = complaint.action_reopen()
            self.assertEqual(action["res_model"], "car.complaint.reason")
            self.env["car.complaint.reason"].with_user(
                self.user_follow_up_clerk
            ).create(
                {
                    "complaint_id": complaint.id,
                    "verb": "reopen",
                    "reason": "It still rattles",
                }
            ).action_confirm()
        self.assertEqual(complaint.state, "handling")
        self.assertEqual(complaint.reopen_count, 1)
        self.assertFalse(complaint.answered_at)
        self.assertEqual(complaint.supervisor_id, self.user_supervisor)
        self.assertEqual(str(complaint.solve_due_on), "2026-03-05")
        self.assertIn(
            "A complaint waits for a decision", self._notified(self.user_supervisor)
        )

    def test_closed_complaint_is_kept_but_can_be_taken_up_again(self):
        complaint = self._answer(self._complain())
        complaint.action_close()
        for values in ({"answer_text": "x"}, {"cause_id": False}, {"satisfied": "no"}):
            with self.subTest(values), self.assertRefused("stays as it is"):
                complaint.write(values)
        with self.assertRefused("stays as it is"):
            complaint.write(
                {
                    "state": "handling",
                    "satisfied": "no",
                    "reopen_reason": "x",
                    "answer_text": "y",
                }
            )
        with self.assertRaises(AccessError):
            complaint.with_user(self.user_manager).unlink()
        complaint.action_reopen("It came back")
        self.assertEqual(complaint.state, "handling")

    def test_withdrawal_asks_why_and_is_the_end(self):
        complaint = self._complain()
        with self.assertRefused("why it is withdrawn"):
            complaint.write({"state": "withdrawn"})
        complaint.action_withdraw("It was a mistake")
        with self.assertRefused("cannot become"):
            complaint.write({"state": "handling"})
        with self.assertRefused("stays as it is"):
            complaint.write({"withdrawn_reason": "x"})

    def test_words_and_moments_are_not_retold(self):
        complaint = self._complain(
            received_at="2026-02-01 08:00:00",
            received_by_id=self.user_advisor.id,
            replied_at="2026-02-01 09:00:00",
        )
        self.assertEqual(complaint.received_at, FROZEN_NOW)
        self.assertEqual(complaint.received_by_id, self.user_follow_up_clerk)
        self.assertFalse(complaint.replied_at)
        for name in ("text", "received_at", "replied_at", "reply_due_at"):
            with self.subTest(name), self.assertRefused("stay as they are"):
                complaint.write({name: complaint[name]})

    def test_only_who_is_concerned_changes_a_complaint(self):
        complaint = self._complain(self.user_advisor)
        complaint.contact_name = "Mrs Wang"  # who wrote it down may complete it
        self._classify(complaint.with_user(self.user_follow_up_clerk))
        for user in (self.user_cashier, self.user_advisor):
            with self.assertRefused("handled by who is responsible", AccessError):
                complaint.with_user(user).severity = "minor"
            with self.assertRefused("handled by who is responsible", AccessError):
                complaint.with_user(user).action_answer()
        complaint.with_user(self.user_supervisor).user_id = self.user_warranty_clerk
        complaint.with_user(self.user_warranty_clerk).severity = "minor"
        self.assertEqual(complaint.severity, "minor")

    def test_technician_and_gate_see_no_complaint(self):
        complaint = self._complain()
        for user in (self.user_technician, self.user_gate, self.user_portal):
            for model in ("complaint", "complaint.remedy", "complaint.measure"):
                with self.assertRaises(AccessError):
                    self.env[f"car.{model}"].with_user(user).search([])
            with self.assertRaises(AccessError):
                complaint.with_user(user).read(["text"])

    def test_clerk_does_not_take_complaints_out_in_bulk(self):
        complaint = self._complain()
        with self.assertRaises(AccessError):
            complaint.export_data(["name", "text"])
        complaint.with_user(self.user_supervisor).export_data(["name", "text"])

    def test_other_company_neither_sees_nor_names_it(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        foreign = self.env["car.complaint"].create(
            {"text": "Theirs", "company_id": other.id, "partner_id": self.customer.id}
        )
        own = self.env["car.complaint"].with_user(self.user_manager)
        self.assertNotIn(foreign, own.search([]))
        with self.assertRaises(AccessError):
            foreign.with_user(self.user_manager).read(["text"])
        self.assertRegex(foreign.name, r"^CP/2026/00001$")
        with self.assertRaises(UserError):
            self.env["car.complaint.remedy"].create(
                {
                    "complaint_id": foreign.id,
                    "new_order_id": self._create_order().id,
                }
            )

    def test_order_job_and_vehicle_are_of_one_visit(self):
        order = self._create_order()
        complaint = self._complain(order_id=order.id, job_id=order.job_ids.id)
        self.assertEqual(complaint.vehicle_id, order.vehicle_id)
        other = self._create_vehicle(license_plate="京B22222", vin=False)
        other_order = self._create_order(vehicle_id=other.id)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            complaint.job_id = other_order.job_ids
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            complaint.vehicle_id = other

    def test_job_names_team_and_its_only_technician(self):
        order = self._create_order()
        technicians = self.env["car.technician"].create(
            [{"name": "Chen"}, {"name": "Li"}]
        )
        team = self.env["car.workshop.team"].create({"name": "Team A"})
        order.job_ids.write({"team_id": team.id, "technician_ids": technicians.ids})
        complaint = self._complain(order_id=order.id, job_id=order.job_ids.id)
        self.assertEqual(complaint.team_id, team)
        self.assertFalse(complaint.technician_id, "nobody guesses which of the two")
        order.job_ids.technician_ids = technicians[0]
        complaint = self._complain(order_id=order.id, job_id=order.job_ids.id)
        self.assertEqual(complaint.technician_id, technicians[0])

    def test_buttons_of_order_car_customer_and_file_count_and_open(self):
        order = self._create_order()
        self._complain(order_id=order.id)
        self._complain()
        card = self.env["car.customer.file"]._open_for(self.customer)
        for record, method, count in (
            (order, "action_open_complaints", 1),
            (self.vehicle, "action_open_complaints", 2),
            (self.customer, "action_open_car_complaints", 2),
            (card, "action_open_complaints", 2),
        ):
            record = record.with_user(self.user_follow_up_clerk)
            name = (
                "complaint_count"
                if record._name == "car.customer.file"
                else "car_complaint_count"
            )
            with self.subTest(record._name):
                self.assertEqual(record[name], count)
                action = getattr(record, method)()
                found = self.env["car.complaint"].search(action["domain"])
                self.assertEqual(len(found), count)

    def test_counts_of_many_orders_cost_as_much_as_of_one(self):
        orders = self._create_order() | self._create_order() | self._create_order()
        self._complain(order_id=orders[0].id)

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("car_complaint_count")
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertEqual(count(orders[0]), count(orders))
        self.assertEqual(orders.mapped("car_complaint_count"), [1, 0, 0])
