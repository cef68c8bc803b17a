from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestContactPoint(CarCareCommon):
    """What a customer said has an owner and a clock, until he is satisfied."""

    def _say(self, **values):
        return (
            self.env["car.contact.point"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    "text": "The seat heating stays cold",
                    **values,
                }
            )
        )

    def _escalate(self, point):
        point.question = "May we replace the seat at our cost?"
        point.action_escalate()

    def test_answered_at_once(self):
        point = self._say()
        self.assertEqual(point.due_on, date(2026, 3, 4))
        with self.assertRefused("answer or solution"):
            point.action_answer()
        point.solution = "Switched off in the menu; explained."
        point.action_answer()
        self.assertEqual((point.state, point.satisfied), ("closed", "yes"))
        self.assertTrue(point.is_told_same_day)
        with self.assertRefused("stays as it is"):
            point.solution = "Something else"

    def test_reported_instructed_solved_and_told_the_same_day(self):
        point = self._say()
        with self.assertRefused("what the supervisor is asked"):
            point.action_escalate()
        self._escalate(point)
        self.assertEqual(point.supervisor_id, self.user_supervisor)
        with self.assertRefused("supervisor gives the instruction", AccessError):
            point.instruction = "Do it"
        point.solution = "We replace it."
        with self.assertRefused("instruction is missing"):
            point.action_solve()
        point.with_user(self.user_supervisor).instruction = "Replace it at our cost"
        with self._day("2026-03-05"):
            point.action_solve()
            task = self._get_tasks("answer")
            self.assertEqual((task.state, task.date_to), ("open", date(2026, 3, 5)))
            point.action_inform_satisfied()
            self.assertEqual((point.state, task.state), ("closed", "done"))
        self.assertTrue(point.is_told_same_day)

    def test_told_later_is_told_too_late(self):
        point = self._say(solution="Explained by the workshop")
        point.action_solve()
        with self._day("2026-03-03"):
            self.assertTrue(point.is_late)
            self.assertIn(
                point, self.env["car.contact.point"].search([("is_late", "=", True)])
            )
            point.action_inform_satisfied()
        self.assertFalse(point.is_told_same_day)

    def test_time_is_up_and_it_goes_to_the_supervisor_by_itself(self):
        point = self._say()
        with self._day("2026-03-04"):
            self._run_job("car_contact_point_cron_escalate")
            self.assertEqual(point.state, "open")
        with self._day("2026-03-05"):
            self._run_job("car_contact_point_cron_escalate")
            self._run_job("car_contact_point_cron_escalate")
            self.assertEqual(point.state, "escalated")
            self.assertTrue(point.is_escalated_by_time)
            self.assertEqual(point.supervisor_id, self.user_supervisor)

    def test_late_is_not_answered_past_the_supervisor(self):
        point = self._say(solution="Explained")
        with self._day("2026-03-05"):
            with self.assertRefused("was up on 2026-03-04"):
                point.action_answer()
            with self.assertRefused("was up on"):
                point.action_solve()
        self.assertEqual(point.state, "open")

    def test_working_days_where_the_company_counts_so(self):
        self.company.car_days_are_working_days = True
        with self._day("2026-03-06"):
            self.assertEqual(self._say().due_on, date(2026, 3, 10))
        self._leave(10)
        with self._day("2026-03-06"):
            self.assertEqual(self._say().due_on, date(2026, 3, 11))

    def test_who_is_not_satisfied_goes_back_to_the_supervisor(self):
        point = self._say(solution="We look at it next time")
        point.action_solve()
        point.action_inform_unsatisfied()
        self.assertEqual((point.state, point.satisfied), ("escalated", "no"))
        point.with_user(self.user_supervisor).instruction = "Fetch the car today"
        point.solution = "We fetch it today"
        point.action_solve()
        self.assertFalse(point.satisfied)
        with self.assertRefused("whether the customer is satisfied"):
            point.write({"state": "closed"})
        point.action_inform_satisfied()
        self.assertEqual(point.state, "closed")

    def test_what_was_said_is_not_retold(self):
        point = self._say()
        for values in (
            {"text": "Nothing"},
            {"kind": "other"},
            {"due_on": "2026-12-01"},
            {"solved_at": "2026-03-02 00:00:00"},
        ):
            with self.assertRefused("stays as it is"):
                point.write(values)
        with self.assertRaises(AccessError):
            point.unlink()
        with self._day("2026-03-04"):
            dated = self._say(said_at="2026-02-01 00:00:00", due_on="2027-01-01")
            self.assertEqual(dated.due_on, date(2026, 3, 6))

    def test_displeasure_at_delivery_becomes_a_point(self):
        order = self._create_order()
        remark = (
            self.env["car.customer.remark"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "mood": "negative", "text": "Oil on seat"})
        )
        point = self.env["car.contact.point"].search([("remark_id", "=", remark.id)])
        self.assertEqual((point.kind, point.text), ("complaint", "Oil on seat"))
        self.assertEqual((point.order_id, point.partner_id), (order, self.customer))
        # Whichever is settled first settles the other.
        point.with_user(self.user_supervisor).solution = "Seat cleaned, apologized"
        point.with_user(self.user_supervisor).action_answer()
        self.assertEqual(
            (remark.state, remark.answer), ("settled", "Seat cleaned, apologized")
        )
        remark = remark.copy({"text": "Waited an hour"})
        point = self.env["car.contact.point"].search([("remark_id", "=", remark.id)])
        with self._day("2026-03-12"):
            boss = remark.with_user(self.user_supervisor)
            boss.answer = "Apologized"
            boss.action_settle()
        self.assertEqual((point.state, point.solution), ("closed", "Apologized"))

    def test_the_reception_sees_who_waits_for_an_answer(self):
        reception = self.env["car.reception"].with_user(self.user_advisor)
        keys = [
            card["key"] for card in reception._get_cards(self.vehicle, self.customer)
        ]
        self.assertNotIn("points", keys)
        point = self._say()
        card = reception._get_cards(self.vehicle, self.customer)[0]
        self.assertEqual(card["key"], "points")
        self.assertEqual(card["lines"][0]["target"], ["car.contact.point", point.id])
