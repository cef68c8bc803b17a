from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import FROZEN_NOW
from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestStateLog(CarWorkshopCommon):
    """Every change of state and of who acts next, with its moment."""

    def _get_log(self, order, **values):
        self.env.flush_all()
        domain = [("order_id", "=", order.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["car.state.log"].search(domain, order="id")

    def _get_changes(self, order, **values):
        return [
            (log.old_value, log.new_value, log.changed_at, log.user_id)
            for log in self._get_log(order, **values)
        ]

    def test_states_of_an_order_are_logged_with_who_and_when(self):
        order = self._create_order()
        later = FROZEN_NOW + timedelta(minutes=20)
        with freeze_time(later):
            self._authorize(order)
        self.assertEqual(
            self._get_changes(order, aspect="state", job_id=False),
            [
                (False, "reception", FROZEN_NOW, self.user_advisor),
                ("reception", "authorized", later, self.user_advisor),
            ],
        )

    def test_two_states_in_one_transaction_are_both_logged(self):
        order = self._create_order()
        self._make_ready(order)
        states = [
            log.new_value for log in self._get_log(order, aspect="state", job_id=False)
        ]
        self.assertEqual(
            states,
            ["reception", "authorized", "in_workshop", "quality_check", "ready"],
        )
        states = [
            log.new_value
            for log in self._get_log(order, aspect="state", job_id=order.job_ids.id)
        ]
        self.assertEqual(
            states, ["draft", "authorized", "in_progress", "done", "passed"]
        )

    def test_who_acts_next_is_logged_from_the_facts(self):
        order = self._create_order()
        for step in (
            self._authorize,
            self._issue,
            self._work,
            lambda order: order.action_request_quality_check(),
            lambda order: order.with_user(
                self.user_inspector
            ).action_pass_quality_check(),
            self._bill,
        ):
            step(order.with_user(self.user_advisor))
            self.env.flush_all()  # each step is a request of its own
        causes = [log.new_value for log in self._get_log(order, aspect="waiting_for")]
        self.assertEqual(
            causes,
            ["advisor", "parts", "technician", "advisor", "inspector", "cashier"],
        )
        order.payer_ids.with_user(self.user_manager).action_authorize_credit(
            reason="Monthly account"
        )
        order.with_user(self.user_cashier).action_issue_exit_pass()
        self.env.flush_all()
        order.with_user(self.user_advisor).action_deliver()
        self.assertEqual(
            [log.new_value for log in self._get_log(order, aspect="waiting_for")][-2:],
            ["collection", False],
        )
        self.assertFalse(order.waiting_since)

    def test_waiting_reason_is_logged(self):
        order = self._create_order()
        self._authorize(order)
        job = order.job_ids.with_user(self.user_technician)
        job.waiting_reason = "Special tool is away"
        self.assertEqual(
            [
                (log.old_value, log.new_value, log.job_id, log.user_id)
                for log in self._get_log(order, aspect="waiting_reason")
            ],
            [(False, "Special tool is away", order.job_ids, self.user_technician)],
        )

    def test_texts_are_those_of_the_screen(self):
        order = self._create_order()
        log = self._get_log(order, aspect="waiting_for")
        self.assertEqual((log.old_text, log.new_text), (False, "Advisor"))
        log = self._get_log(order, aspect="state", job_id=order.job_ids.id)
        self.assertEqual(log.new_text, "Draft")

    def test_nobody_writes_the_log(self):
        order = self._create_order()
        log = self._get_log(order)[:1]
        for user in (self.user_advisor, self.user_supervisor, self.user_manager):
            own = log.with_user(user)
            own.check_access("read")
            with self.assertRaises(AccessError):
                own.write({"new_value": "ready"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"order_id": order.id, "aspect": "state"})
        with self.assertRaises(AccessError):
            log.with_user(self.user_technician).read(["new_value"])

    def test_log_of_another_company_is_not_seen(self):
        order = self._create_order()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="log_stranger",
            groups="car_aftersales.car_aftersales_group_supervisor",
            company_id=other.id,
            company_ids=[other.id],
        )
        log = self.env["car.state.log"].with_user(stranger)
        self.assertFalse(log.search([("order_id", "=", order.id)]))

    def test_waiting_since_stays_while_the_same_has_to_act(self):
        order = self._create_order()
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            order.promised_at = FROZEN_NOW + timedelta(hours=9)
            order.job_ids.line_ids[:1].quantity = 2
            self.env.flush_all()
        self.assertEqual(order.waiting_since, FROZEN_NOW)
        self.assertEqual(order.waiting_for, "advisor")


@tagged("post_install", "-at_install")
class TestWhoActsNext(CarWorkshopCommon):
    """The columns of the staff's board."""

    def test_every_column_is_shown_with_its_count(self):
        first = self._create_order()
        self._authorize(first)
        second = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="京A54321", vin="LSVAM4187C2184848"
            ).id
        )
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        orders = orders.with_context(read_group_expand=True)  # as the kanban asks
        groups = orders.web_read_group(
            [("id", "in", (first | second).ids)], ["waiting_for"], ["__count"]
        )["groups"]
        counts = {group["waiting_for"]: group["__count"] for group in groups}
        self.assertEqual(
            list(counts),
            [value for value, _label in orders._fields["waiting_for"].selection],
        )
        self.assertEqual((counts["advisor"], counts["parts"]), (1, 1))
        self.assertEqual(sum(counts.values()), 2)

    def test_planned_work_without_a_bay_waits_for_a_bay(self):
        team = self.env["car.workshop.team"].create({"name": "Engine"})
        bay = self.env["car.workshop.bay"].create(
            {"name": "Lift 1", "team_id": team.id}
        )
        order = self._create_order(lines=[{"product_id": self.labor.id}])
        self._authorize(order)
        self.assertEqual(order.waiting_for, "technician")
        order.job_ids.team_id = team
        slot = self.env["car.workshop.slot"].create(
            {
                "team_id": team.id,
                "job_id": order.job_ids.id,
                "start": FROZEN_NOW,
                "stop": FROZEN_NOW + timedelta(hours=1),
                "hours": 1.0,
            }
        )
        self.assertEqual(order.waiting_for, "bay")
        slot.bay_id = bay
        self.assertEqual(order.waiting_for, "technician")
