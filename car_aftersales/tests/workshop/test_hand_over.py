from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .common import SIGNATURE, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestHandOver(CarWorkshopCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order()

    def _hand_over(self, persona, to_place, **values):
        """Let somebody hand the car over in the dialog."""
        user = getattr(self, f"user_{persona}")
        return (
            self.env["car.hand.over"]
            .with_user(user)
            .create({"order_id": self.order.id, "to_place": to_place, **values})
            .action_confirm()
        )

    def _logs(self):
        return (
            self.order.sudo()
            .custody_ids.filtered(lambda log: log.what == "car")
            .sorted("id")
        )

    def test_advisor_washer_advisor_workshop(self):
        # The advisor asks for a wash; the washer takes the car and brings it back.
        self.order.with_user(self.user_advisor).action_request_wash()
        wash = self.order.wash_ids.with_user(self.user_gate)
        with self.assertRefused("still to be washed"):
            self._hand_over(
                "advisor", "workshop", receiver_name="Li", signature=SIGNATURE
            )
        with freeze_time(FROZEN_NOW + timedelta(minutes=7)):
            wash.action_begin()
        self.assertEqual(self.order.car_place, "washing")
        self.assertEqual(self.order.car_holder, self.user_gate.name)
        with freeze_time(FROZEN_NOW + timedelta(minutes=34)):
            wash.action_finish()
        self.assertEqual(self.order.car_place, "desk")
        self.assertEqual(self.order.wash_state, "done")

        # Then it goes to the workshop, whose receiver signs.
        with freeze_time(FROZEN_NOW + timedelta(minutes=47, seconds=30)):
            self._hand_over(
                "advisor", "workshop", receiver_name="Li Wei", signature=SIGNATURE
            )
        logs = self._logs()
        self.assertEqual(logs.mapped("to_place"), ["washing", "desk", "workshop"])
        self.assertEqual(logs[0].receiver_id, self.user_gate)
        self.assertEqual(logs[1].giver_name, self.user_gate.name)
        self.assertEqual(logs[1].receiver_id, self.user_advisor)
        self.assertTrue(logs[2].signature)
        # The exact moment is kept, ten minutes are shown.
        exact = FROZEN_NOW + timedelta(minutes=47, seconds=30)
        self.assertEqual(logs[2].happened_at, exact)
        self.assertEqual(logs[2].shown_at, FROZEN_NOW + timedelta(minutes=40))

    def test_straight_to_the_workshop_and_back_by_the_inspector(self):
        self._hand_over("advisor", "workshop", receiver_name="Li", signature=SIGNATURE)
        self._hand_over(
            "workshop_supervisor", "inspection", receiver_id=self.user_inspector.id
        )
        self._hand_over("inspector", "desk", receiver_id=self.user_advisor.id)
        self.assertEqual(self.order.car_place, "desk")
        self.assertEqual(
            self._logs().mapped("receiver_name"),
            ["Li", self.user_inspector.name, self.user_advisor.name],
        )

    def test_the_receiver_in_the_workshop_signs(self):
        with self.assertRefused("signs for it"):
            self._hand_over("advisor", "workshop", receiver_name="Li Wei")
        self.assertEqual(self.order.car_place, "desk")
        self.assertFalse(self._logs())
        # Who takes it himself has signed with his login.
        self._add_group(self.user_workshop_supervisor, "advisor")
        self._hand_over("workshop_supervisor", "workshop")
        self.assertEqual(self.order.car_place, "workshop")

    def test_who_does_not_have_the_car_does_not_hand_it_over(self):
        with self.assertRefused("whoever has it hands it over", AccessError):
            self._hand_over("inspector", "inspection")
        with self.assertRefused("does not go to"):
            self._hand_over("advisor", "customer", receiver_name="王小明")
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_gate).action_hand_over()
        self.order.with_user(self.user_advisor).write({"car_place": "customer"})
        self.assertEqual(self.order.car_place, "desk")

    def test_work_starts_when_the_workshop_has_the_car_where_asked(self):
        self.type_repair.requires_hand_over = True
        self._authorize(self.order)
        job = self.order.job_ids.with_user(self.user_technician)
        with self.assertRefused("has not been handed to the workshop"):
            job.action_start()
        self._hand_over("advisor", "workshop", receiver_name="Li", signature=SIGNATURE)
        job.action_start()
        self.assertEqual(job.state, "in_progress")

    def test_a_delivered_car_is_with_the_customer(self):
        self._make_ready(self.order)
        self._pay(self._bill(self.order))
        self._leave(self.order)
        self.assertEqual(self.order.state, "delivered")
        self.assertEqual(self.order.car_place, "customer")
        self.assertEqual(self._logs()[-1].receiver_name, "王小明")
        with self.assertRefused("the car has left"):
            self._hand_over("advisor", "workshop", receiver_name="Li")

    def test_what_goes_through_the_gate_is_written_down(self):
        passes = self.env["car.exit.pass"].with_user(self.user_advisor)
        exit_pass = passes.create(
            {"order_id": self.order.id, "kind": "temporary", "reason": "road_test"}
        ).with_user(self.user_gate)
        with self.assertRefused("only a car out on a temporary pass"):
            exit_pass.write({"back_at": FROZEN_NOW})
        exit_pass.action_leave()
        self.assertEqual(self.order.car_place, "outside")
        exit_pass.action_return()
        self.assertEqual(self.order.car_place, "desk")
        self.assertEqual(self._logs().mapped("to_place"), ["outside", "desk"])
        self.assertEqual(set(self._logs().mapped("note")), {exit_pass.name})
        with self.assertRefused("is back already"):
            exit_pass.action_return()

    def test_a_car_that_was_not_repaired_goes_back_to_its_customer(self):
        order = self.order.with_user(self.user_advisor)
        order.action_estimate()
        order.action_decline("refused", "Too dear")
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        exit_pass.with_user(self.user_gate).action_leave()
        self.assertEqual(self.order.car_place, "customer")
        self.assertEqual(self._logs().mapped("action"), ["give_back"])
        self.assertEqual(self._logs().receiver_name, "王小明")

    def test_a_car_that_is_being_washed_is_not_worked_on(self):
        self.type_repair.requires_hand_over = True
        self._authorize(self.order)
        self.order.with_user(self.user_advisor).action_request_wash()
        self.order.wash_ids.with_user(self.user_gate).action_begin()
        with self.assertRefused("has not been handed to the workshop"):
            self.order.job_ids.with_user(self.user_technician).action_start()

    # === WASH === #

    def test_a_wash_is_asked_for_once_or_marked_as_not_needed(self):
        order = self.order.with_user(self.user_advisor)
        order.action_skip_wash()
        self.assertEqual(order.wash_state, "skipped")
        order.action_request_wash()
        self.assertEqual(order.wash_state, "requested")
        order.action_skip_wash()
        self.assertEqual(order.wash_state, "skipped")
        self.assertEqual(len(order.wash_ids), 2)

    def test_the_washer_sees_no_customer_and_writes_no_times(self):
        self.order.with_user(self.user_advisor).action_request_wash()
        wash = self.order.wash_ids.with_user(self.user_gate)
        self.env.invalidate_all()
        values = wash.read(["license_plate", "order_number", "state"])[0]
        self.assertEqual(values["license_plate"], "京A12345")
        with self.assertRaises(AccessError):
            wash.read(["order_id"])
        with self.assertRefused("written by the steps", AccessError):
            wash.write({"done_at": FROZEN_NOW})
        with self.assertRaises(AccessError), self.cr.savepoint():
            wash.action_skip()
        with self.assertRaises(AccessError), self.cr.savepoint():
            wash.with_user(self.user_cashier).action_begin()


@tagged("post_install", "-at_install")
class TestDispatch(CarWorkshopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.team, cls.body = cls.env["car.workshop.team"].create(
            [{"name": "Mechanics"}, {"name": "Body"}]
        )
        cls.li, cls.chen = cls.env["car.technician"].create(
            [
                {"name": "Li Wei", "team_id": cls.team.id},
                {"name": "Chen", "team_id": cls.body.id},
            ]
        )

    def setUp(self):
        super().setUp()
        self.order = self._create_order(
            job_ids=[
                Command.create(
                    {
                        "name": name,
                        "line_ids": [Command.create({"product_id": self.labor.id})],
                    }
                )
                for name in ("Oil service", "Dent in the door")
            ]
        )
        self._authorize(self.order)
        self.first, self.second = self.order.job_ids.with_user(self.user_advisor)

    def _plan(self, job, persona, **values):
        dialog = self.env["car.repair.job.plan"].with_user(
            getattr(self, f"user_{persona}")
        )
        return dialog.create({"job_id": job.id, **values})

    # === WHO === #

    def test_one_team_is_set_by_the_advisor_several_by_the_workshop(self):
        self.first.team_id = self.team
        with self.assertRefused("supervisor hands out the jobs", AccessError):
            self.second.team_id = self.body
        self.env.invalidate_all()
        self.assertFalse(self.second.team_id)
        self.second.with_user(self.user_workshop_supervisor).team_id = self.body
        self.assertTrue(self.order.has_several_teams)
        # From now on the workshop hands out all of them.
        with self.assertRefused("supervisor hands out the jobs", AccessError):
            self.first.team_id = self.body

    def test_marked_for_several_teams_the_advisor_sets_none(self):
        self.order.with_user(self.user_advisor).needs_several_teams = True
        with self.assertRefused("supervisor hands out the jobs", AccessError):
            self.first.team_id = self.team

    # === WHEN === #

    def test_the_next_free_time_is_proposed_and_taken(self):
        plan = self._plan(self.first, "advisor", team_id=self.team.id)
        self.assertEqual(plan.hours, 1.5)
        self.assertTrue(plan.is_free)
        plan.action_confirm()
        self.assertEqual(self.first.team_id, self.team)
        self.assertEqual(self.first.planned_from, plan.start_at)
        self.assertEqual(self.first.planned_until, plan.stop_at)
        self.assertEqual(sum(self.first.sudo().slot_ids.mapped("hours")), 1.5)

    def test_a_time_proposed_during_work_can_still_be_taken_minutes_later(self):
        """It is the next full step of the clock, not the second of the question."""
        with freeze_time(FROZEN_NOW + timedelta(minutes=7, seconds=31)):
            plan = self._plan(self.first, "advisor", team_id=self.team.id)
            self.assertEqual(plan.start_at, FROZEN_NOW + timedelta(minutes=30))
            self.env.flush_all()
        with freeze_time(FROZEN_NOW + timedelta(minutes=12)):
            plan.action_confirm()
        self.assertEqual(self.first.planned_from, FROZEN_NOW + timedelta(minutes=30))

    def test_a_taken_time_is_refused_with_the_next_one(self):
        first = self._plan(self.first, "advisor", team_id=self.team.id)
        first.action_confirm()
        values = {"team_id": self.team.id, "start_at": self.first.planned_from}
        again = self._plan(self.second, "advisor", **values)
        self.assertFalse(again.is_free)
        with self.assertRefused("that time is not free; the next one is"):
            again.action_confirm()
        self.assertFalse(self.second.sudo().slot_ids)
        # The workshop supervisor may, with a reason that is kept.
        forced = self._plan(
            self.second, "workshop_supervisor", reason="Chen helps", **values
        )
        forced.action_confirm()
        self.assertTrue(self.second.sudo().slot_ids)
        self.assertIn("Chen helps", self.second.sudo().message_ids[0].body)

    def test_moving_a_job_gives_its_old_time_back(self):
        self._plan(self.first, "advisor", team_id=self.team.id).action_confirm()
        before = self.first.planned_from
        later = self._plan(
            self.first,
            "advisor",
            team_id=self.team.id,
            start_at=before + timedelta(hours=24),
        )
        later.action_confirm()
        self.assertEqual(self.first.planned_from, before + timedelta(hours=24))
        # Moved beyond the promise, it is flagged.
        self.assertTrue(later.is_late)
        self.assertTrue(self.first.is_promise_in_danger)

    def test_a_closed_job_and_other_desks_plan_nothing(self):
        plan = self._plan(self.first, "advisor", team_id=self.team.id)
        self.first.write({"state": "declined"})
        with self.assertRefused("nothing to plan"):
            plan.action_confirm()
        with self.assertRaises(AccessError):
            self._plan(self.second, "technician", team_id=self.team.id)
