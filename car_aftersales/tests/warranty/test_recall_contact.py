from odoo.fields import Command
from odoo.tests import tagged

from .recall_common import VINS, RecallCommon


@tagged("post_install", "-at_install")
class TestRecallContact(RecallCommon):
    """Customers are told of recalls, each once, also those who want no offers."""

    def _tasks(self, campaign, vehicle=None):
        row = self._row(campaign, vehicle)
        return self.env["car.contact.task"].search(
            [("res_model", "=", "car.recall.vehicle"), ("res_id", "=", row.id)],
            order="id",
        )

    def test_told_once_from_the_day_it_runs(self):
        campaign = self._create_campaign([self.vehicle], is_open=False)
        self._plan()
        self.assertFalse(self._tasks(campaign), "A draft is told to nobody.")
        campaign.action_open()
        self._plan()
        task = self._tasks(campaign)
        self.assertEqual(
            (task.kind, task.purpose, task.state, task.priority),
            ("recall", "safety", "open", "3"),
        )
        self.assertDays(task, 2, 16, 2)
        self.assertEqual(task.subject, "R2026-01 Fuel pump")
        self.assertEqual(task.partner_id, self.customer)
        for day in ("2026-03-03", "2026-03-10"):
            with self._day(day):
                self._plan()
        self.assertEqual(self._tasks(campaign), task)

    def test_a_call_informs_and_a_booking_takes_the_work_along(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        call = self._talk(self._tasks(campaign))
        self.assertIn("The engine may stop.", call.recall_text)
        call.write({"topic_ids": self.topics[:1].ids})
        action = call.action_book()
        booking = self.env["car.appointment"].browse(action["res_id"])
        line = booking.line_ids
        self.assertEqual(line.recall_vehicle_id, self._row(campaign))
        self.assertEqual(line.package_id, self.package)
        self.assertEqual(self._row(campaign).state, "booked")
        self.assertEqual(self._tasks(campaign).state, "done")

    def test_reached_he_is_informed(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        self._reach(self._tasks(campaign))
        self.assertEqual(self._row(campaign).state, "informed")
        with self._day("2026-03-09"):
            self._plan()
        self.assertEqual(len(self._tasks(campaign)), 1)

    def test_nobody_answers_and_he_is_not_informed(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        self._talk(self._tasks(campaign)).action_no_answer()
        self.assertEqual(self._row(campaign).state, "open")
        self.assertEqual(self._tasks(campaign).tries, 1)

    def test_safety_is_told_although_everything_is_refused(self):
        campaign = self._create_campaign([self.vehicle])
        action = self._create_campaign(
            [self.vehicle], number="S1", kind="service_action"
        )
        self.customer._record_car_answer(False, "desk")
        self._plan()
        self.assertEqual(self._tasks(campaign).state, "open")
        told = self._tasks(action)
        self.assertEqual((told.state, told.close_reason), ("closed", "refused"))
        # Said again while it is planned.
        self.customer._record_car_answer(False, "call")
        self.assertEqual(self._tasks(campaign).state, "open")
        permissions = self.env["car.contact.permission"]
        for channel in ("phone", "sms", "mail", "letter"):
            refused = permissions._get_refused(self.customer, "safety", channel)
            self.assertFalse(refused, channel)
            self.assertTrue(
                permissions._get_refused(self.customer, "marketing", channel)
            )
        self.assertNotIn("safety", permissions._fields["purpose"].get_values(self.env))

    def test_withdrawn_when_done_closed_booked_or_sold(self):
        cars = [
            self._create_vehicle(license_plate=f"京R0000{n}", vin=VINS[n])
            for n in range(4)
        ]
        campaign = self._create_campaign(cars)
        other = self._create_campaign([self.vehicle], number="O1")
        self._plan()
        self._answer(
            self._row(campaign, cars[0]), "elsewhere", done_on="2026-02-01", done_by="x"
        )
        self._create_order(vehicle_id=cars[1].id).action_add_recalls()
        cars[2].owner_id = self.env["res.partner"].create({"name": "Li Lei"})
        other.action_close()
        with self._day("2026-03-03"):
            self._plan()
        reasons = {
            car: self._tasks(campaign, car).mapped("close_reason") for car in cars
        }
        self.assertEqual(reasons[cars[0]], ["obsolete"])
        self.assertEqual(reasons[cars[1]], ["booked"])
        self.assertEqual(reasons[cars[2]], ["sold"])
        self.assertEqual(reasons[cars[3]], [False])
        self.assertEqual(self._tasks(other).close_reason, "obsolete")

    def test_the_buyer_of_a_car_is_told_as_well(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        buyer = self.env["res.partner"].create({"name": "Li Lei", "phone": "1"})
        with self._day("2026-03-20"):
            self.vehicle.owner_id = buyer
            self._plan()
        tasks = self._tasks(campaign)
        self.assertEqual(tasks.partner_id, self.customer | buyer)
        self.assertEqual(tasks[-1].state, "open")

    def test_put_off_he_is_contacted_on_the_day_agreed(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        order = self._prepare_delivery()
        self._put_off(self._row(campaign), order, until="2026-03-20")
        order.action_deliver()
        with self._day("2026-03-20"):
            self._plan()
        task = self._tasks(campaign)[-1]
        self.assertEqual((task.kind, task.state), ("recall", "open"))
        self.assertEqual(str(task.date_from), "2026-03-20")
        with self._day("2026-03-20"):
            self._reach(task)
            self._plan()
        self.assertEqual(len(self._tasks(campaign)), 2)

    def test_a_car_known_later_is_told_from_then(self):
        campaign = self._create_campaign()
        self._load(campaign, VINS[1])
        with self._day("2026-06-01"):
            car = self._create_vehicle(license_plate="京R00009", vin=VINS[1])
            self._plan()
        task = self._tasks(campaign, car)
        self.assertEqual(str(task.date_from), "2026-06-01")

    def test_the_letter_says_what_it_is_about(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        task = self._tasks(campaign).with_user(self.clerk)
        self.customer._record_car_answer(False, "desk")
        action = task.action_write_letter()
        letter = (
            self.env["car.contact.letter"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(letter.purpose, "safety")
        self.assertIn("The engine may stop.", letter.body)
        self.assertIn("R2026-01 Fuel pump", letter.body)
        letter.address = "中山路 1 号"
        letter.action_send()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(self._row(campaign).state, "informed")
        with self._day("2026-03-03"):
            self._plan()
        self.assertEqual(task.close_reason, "obsolete", "Nobody is told twice.")

    def test_letters_to_a_list_say_what_it_is_about(self):
        campaign = self._create_campaign([self.vehicle])
        self._plan()
        task = self._tasks(campaign)
        choice = (
            self.env["car.contact.letter.make"]
            .with_user(self.clerk)
            .with_context(active_model=task._name, active_ids=task.ids)
            .create({})
        )
        letters, skipped = choice._make_letters()
        self.assertFalse(skipped)
        self.assertEqual(letters.purpose, "safety")
        self.assertIn("The engine may stop.", letters.body)

    def test_cars_of_other_companies_are_left_to_them(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        campaign = self.env["car.recall.campaign"].create(
            {
                "number": "X1",
                "name": "Other",
                "company_id": other.id,
                "payer_kind": "goodwill",
                "vehicle_ids": [Command.create({"vehicle_id": self.vehicle.id})],
            }
        )
        campaign.action_open()
        self._plan()
        self.assertEqual(self._tasks(campaign).company_id, other)


@tagged("post_install", "-at_install")
class TestFlowRecall(RecallCommon):
    """A recall as the dealer lives it, from the maker's list to the last car."""

    def test_from_the_list_of_the_maker_to_the_last_car(self):
        # The maker sends his list; one car is known, one comes later.
        campaign = self._create_campaign(is_open=False, may_leave=True)
        load = self._load(campaign, f"VIN\n{self.vehicle.vin}\n{VINS[0]}\n{VINS[1]}\n")
        self.assertEqual((load.linked_count, load.unknown_count), (1, 2))
        campaign.action_open()

        # The owner is called and comes.
        self._plan()
        task = self.env["car.contact.task"].search([("kind", "=", "recall")])
        call = self._talk(task)
        call.write({"topic_ids": self.topics[:1].ids})
        booking = self.env["car.appointment"].browse(call.action_book()["res_id"])
        booking.with_user(self.clerk).write(
            {"team_id": self.team.id, "start_at": self._at(3, 9)}
        )
        booking.with_user(self.clerk).write({"state": "confirmed"})
        with self._day("2026-03-03"):
            booking.with_user(self.user_advisor).action_arrive()
            order = booking.sudo().order_id.with_user(self.user_advisor)
            order.promised_at = self._at(3, 17)
            # He is told, agrees, pays nothing; the maker gets the bill.
            self._make_ready(order)
            invoice = self._bill(order)
            self.assertEqual(invoice.partner_id, self.maker)
            order.with_user(self.user_cashier).action_issue_exit_pass()
            order.action_deliver()
        self.assertEqual(self._row(campaign).state, "done")

        # The second car gets its file by a breakdown; the pump is not there.
        with self._day("2026-03-10"):
            second = self._create_vehicle(license_plate="京H00002", vin=VINS[0])
            visit = self._prepare_delivery(vehicle_id=second.id)
            with self.assertRefused("R2026-01 Fuel pump"):
                visit.action_deliver()
            self._put_off(self._row(campaign, second), visit, until="2026-03-24")
            visit.action_deliver()
        with self._day("2026-03-24"):
            self._plan()
            again = self.env["car.contact.task"].search(
                [("kind", "=", "recall"), ("vehicle_id", "=", second.id)]
            )
            self.assertEqual(again.filtered(lambda one: one.state == "open"), again[-1])
            self._answer(
                self._row(campaign, second),
                "elsewhere",
                done_on="2026-03-23",
                done_by="Dealer in Nanjing",
            )
        # The third was scrapped: nothing is left to do.
        third = campaign.vehicle_ids.filtered(lambda row: row.vin == VINS[1])
        self._answer(third.with_user(self.user_advisor), "gone", gone_reason="scrapped")
        campaign.invalidate_recordset()
        self.assertEqual(campaign.completion_rate, 100.0)
        campaign.action_close()
