from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestFlowFollowUp(CarCareCommon):
    """Two months of a customer: nobody forgets him, nobody bothers him twice.

    The clock is moved by hand, days are skipped, every job runs twice.
    """

    def _night(self):
        """Run every job of the follow-up twice, as if two servers did."""
        for _run in range(2):
            self._run_job("car_customer_file_cron_open")
            self._run_job("car_contact_rule_cron_plan")
            self._run_job("car_contact_point_cron_escalate")

    def test_two_months_of_a_customer(self):
        topics = self.topics
        # Monday, 2 March: the car is repaired and given back.
        order = self._deliver()
        self._night()
        card = self.env["car.customer.file"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(len(card), 1)
        self.assertEqual(card.due_on, date(2026, 3, 4))
        card.with_user(self.clerk).write(
            {
                "wish_text": "Text messages instead of calls in the morning",
                "next_kind": "service",
                "next_call_date": "2026-09-01",
            }
        )
        card.with_user(self.clerk).action_complete()

        # Friday, 6 March: nobody answers; on Monday he is reached.
        with self._day("2026-03-06"):
            self._night()
            first = self._get_tasks("first_call")
            self.assertEqual(first.order_id, order)
            self._talk(first).action_no_answer()
            self.assertEqual(first.call_on, date(2026, 3, 9))
        with self._day("2026-03-09"):
            self._night()
            call = self._talk(first)
            call.write(
                {
                    "topic_ids": [Command.set(topics[:2].ids)],
                    "condition_text": "Runs well, but pulls to the left",
                    "point_ids": [
                        Command.create(
                            {"kind": "request", "text": "It pulls to the left"}
                        )
                    ],
                }
            )
            call.action_reached()
            point = call.point_ids
            self.assertEqual(point.due_on, date(2026, 3, 11))

        # Nobody answers him within two days: it is with the supervisor by itself.
        with self._day("2026-03-12"):
            self._night()
            self.assertEqual(point.state, "escalated")
            self.assertTrue(point.is_escalated_by_time)
            point.with_user(
                self.user_supervisor
            ).instruction = "Wheel alignment at our cost, on Saturday if he likes"
            point.solution = "We align the wheels free of charge."
            point.action_solve()
            answer = self._get_tasks("answer")
            self.assertEqual(answer.date_to, date(2026, 3, 12))
            self._reach(answer, topics[5], summary="He is glad")
            point.action_inform_satisfied()
            self.assertTrue(point.is_told_same_day)

        # The second call lies a week after the first, about something else.
        with self._day("2026-03-16"):
            self._night()
            second = self._get_tasks("second_call")
            self.assertEqual(len(second), 1)
            self.assertEqual(
                (second.date_from, second.date_to),
                (date(2026, 3, 16), date(2026, 3, 23)),
            )
            talk = self._talk(second)
            self.assertEqual(talk.first_topic_ids, topics[:2])
            talk.topic_ids = [Command.set(topics[:1].ids)]
            with self.assertRefused("does not repeat it"):
                talk.action_reached()
            talk.topic_ids = [Command.set(topics[2:4].ids)]
            talk.action_reached()

        # A free inspection week is decided: a call two weeks before, then a letter.
        with self._day("2026-03-18"):
            campaign = (
                self.env["car.campaign"]
                .with_user(self.user_supervisor)
                .create(
                    {
                        "name": "Free inspection week",
                        "kind": "inspection",
                        "date_from": "2026-04-17",
                        "date_to": "2026-04-24",
                        "place": "At the workshop",
                        "content": "Chassis and brakes, free of charge",
                    }
                )
            )
            campaign.action_decide()
        with self._day("2026-03-23"):
            self._night()
            invited = self._get_tasks("campaign")
            self.assertEqual((len(invited), invited.date_to), (1, date(2026, 4, 3)))
            talk = self._reach(
                invited,
                topics[4],
                summary="Will come on the 18th",
                campaign_answer="comes",
            )
            talk.action_letter_needed()
            self.assertEqual(talk.letter_due_on, date(2026, 3, 25))
        with self._day("2026-03-24"):
            letter = (
                self.env["car.contact.letter"]
                .with_user(self.clerk)
                .with_context(**talk.action_write_letter()["context"])
                .create({"channel": "post"})
            )
            letter.action_send()
            self.assertEqual((letter.state, talk.letter_state), ("sent", "settled"))

        # A fortnight nobody looks at it; his service becomes due in the meantime.
        self.env.cr.execute(
            "UPDATE car_vehicle SET next_service_due_date = '2026-04-20' WHERE id = %s",
            [self.vehicle.id],
        )
        with self._day("2026-04-08"):
            self._night()
            due = self._get_tasks("service_due")
            self.assertEqual((len(due), due.state), (1, "open"))
            talk = self._talk(due)
            talk.write({"need_text": "Service", "topic_ids": topics[1:2].ids})
            talk.action_book()
            self.assertEqual(talk.appointment_id.vehicle_id, self.vehicle)
            talk.appointment_id.write(
                {"start_at": self._at(31, 9), "team_id": self.team.id}
            )

        # He calls and complains; it has an owner, and an answer that satisfies him.
        with self._day("2026-04-09"):
            incoming = (
                self.env["car.contact.call"]
                .with_user(self.user_advisor)
                .create(
                    {
                        "direction": "in",
                        "kind": "complaint",
                        "partner_id": self.customer.id,
                        "vehicle_id": self.vehicle.id,
                        "summary": "Waited an hour for his car",
                        "point_ids": [
                            Command.create(
                                {"kind": "complaint", "text": "Waited an hour"}
                            )
                        ],
                    }
                )
            )
            incoming.action_reached()
            complaint = self.env["car.complaint"].search(
                [("partner_id", "=", self.customer.id)]
            )
            self.assertEqual(len(complaint), 1)
            complaint = complaint.with_user(self.user_supervisor)
            complaint.write(
                {
                    "category_id": self.env["car.complaint.category"]
                    .search([], limit=1)
                    .id,
                    "user_id": self.user_advisor.id,
                }
            )
            complaint.action_classify()
            complaint.reply_text = "We look into it today"
            complaint.action_reply()
            complaint.action_handle()
            complaint.write(
                {
                    "answer_text": "One more at the desk on Fridays; apologized",
                    "cause_id": self.env["car.complaint.cause"].search([], limit=1).id,
                }
            )
            complaint.action_answer()
            complaint.action_close()
            self.assertEqual(complaint.state, "closed")
            self.assertEqual(incoming.point_ids.state, "closed")

        # He wants no offers: nothing of that kind is planned any more.
        with self._day("2026-04-10"):
            self.customer.with_user(self.clerk)._record_car_answer(
                False, "call", purpose="marketing"
            )
            self.customer.car_birthday = date(1985, 4, 15)
            self._night()
            birthday = self._get_tasks("birthday")
            self.assertEqual(
                (birthday.state, birthday.close_reason), ("closed", "refused")
            )

        # At the end of April nothing is open, and everything is on record.
        with self._day("2026-04-30"):
            self._night()
            self.assertFalse(
                self.env["car.contact.task"].search(
                    [("partner_id", "=", self.customer.id), ("state", "=", "open")]
                )
            )
            # Seven of the follow-up, and the consent by phone.
            self.assertEqual(card.call_count, 8)
            self.assertEqual(card.point_count, 0)
            self.assertEqual(
                sorted(self.customer.car_call_ids.mapped("outcome")),
                ["booked", "no_answer", *["reached"] * 6],
            )
