import json
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import FROZEN_NOW
from .booking_common import CarBookingCommon


class CarBoardCommon(CarBookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.board = cls._create_board("Workshop")
        cls.lounge = cls._create_board("Lounge", kind="lounge")

    @classmethod
    def _create_board(cls, name, **values):
        values.setdefault("warehouse_id", cls.warehouse.id)
        return cls.env["car.board"].create({"name": name, **values})

    def _get_cards(self, content):
        return {
            card["id"]: card
            for column in content["columns"]
            for card in column["cards"]
        }

    def _get_card(self, board, order, user=None):
        content = board.with_user(user or self.user_advisor).get_content()
        return self._get_cards(content).get(order.id)


@tagged("post_install", "-at_install")
class TestCarBoard(CarBoardCommon):
    """What a board shows, and to whom."""

    def test_workshop_board_shows_stage_promise_and_who_acts(self):
        order = self._create_order()
        order.job_ids.team_id = self.team
        self._authorize(order)
        order.job_ids.with_user(self.user_technician).waiting_reason = "Tool is away"
        card = self._get_card(self.board, order)
        self.assertEqual(card["plate"], "京A12345")
        self.assertEqual(card["model"], "H5")
        self.assertEqual(card["stage"], "authorized")
        self.assertEqual(card["promised"], "17:00")
        self.assertEqual(card["waiting"], "Parts")
        self.assertEqual(card["reason"], "Tool is away")
        self.assertEqual(card["name"], "Engine")
        self.assertFalse(card["is_late"])

    def test_lateness_and_risk_are_told(self):
        order = self._create_order()
        with freeze_time(FROZEN_NOW + timedelta(hours=7, minutes=35)):
            card = self._get_card(self.board, order)
            self.assertTrue(card["is_late"])
            self.assertEqual(card["late"], "35 min late")
        line = {"product_id": self.labor.id, "sold_hours": 9.0}
        risky = self._create_order(lines=[line])
        self.assertTrue(self._get_card(self.board, risky)["is_at_risk"])
        content = self.board.get_content()
        self.assertEqual(content["texts"]["at_risk"], "At risk: 1")

    def test_board_by_bay_shows_where_the_car_stands(self):
        bay = self.env["car.workshop.bay"].create(
            {"name": "Lift 1", "team_id": self.team.id}
        )
        board = self._create_board("Bays", layout="bay")
        order = self._create_order()
        self.env["car.workshop.slot"].create(
            {
                "team_id": self.team.id,
                "bay_id": bay.id,
                "job_id": order.job_ids.id,
                "start": FROZEN_NOW,
                "stop": FROZEN_NOW + timedelta(hours=1),
                "hours": 1.0,
            }
        )
        other = self._create_order()
        columns = {
            column["title"]: [card["id"] for card in column["cards"]]
            for column in board.with_user(self.user_advisor).get_content()["columns"]
        }
        self.assertEqual(columns["Lift 1"], order.ids)
        self.assertIn(other.id, columns["No Bay"])

    def test_lounge_tells_neither_plate_nor_name_in_full(self):
        self.customer.phone = "138 0013 8000"
        order = self._create_order()
        order.job_ids.waiting_reason = "王小明 does not pay"
        content = self.lounge.with_user(self.user_advisor).get_content()
        card = self._get_cards(content)[order.id]
        self.assertEqual(card["plate"], "京A·**345")
        self.assertEqual(card["name"], "王**")
        text = json.dumps(content, ensure_ascii=False)
        secrets = ("京A12345", "王小明", "138 0013", "13800", "中山路", order.name)
        for secret in (*secrets, "LSVAM"):
            self.assertNotIn(secret, text)

    def test_lounge_calls_the_customer_who_has_to_answer(self):
        order = self._create_order()
        order.with_user(self.user_advisor).action_estimate()
        card = self._get_card(self.lounge, order)
        self.assertTrue(card["is_called"])
        self.assertEqual(card["waiting"], "Please see your advisor")

    def test_car_that_left_and_other_sites_are_not_shown(self):
        order = self._create_order()
        self.assertTrue(self._get_card(self.board, order))
        order.with_user(self.user_advisor).action_cancel()
        self.assertFalse(self._get_card(self.board, order))
        site = self.env["stock.warehouse"].create({"name": "Second", "code": "S2"})
        away = self._create_order(warehouse_id=site.id)
        self.assertFalse(self._get_card(self.board, away))
        self.assertTrue(
            self._get_card(self._create_board("S2", warehouse_id=site.id), away)
        )

    def test_record_rules_hold(self):
        order = self._create_order()
        hidden = self._create_order()
        self.env["ir.rule"].create(
            {
                "name": "only one",
                "model_id": self.env["ir.model"]._get_id("car.repair.order"),
                "domain_force": [("id", "!=", hidden.id)],
            }
        )
        self.assertTrue(self._get_card(self.board, order))
        self.assertFalse(self._get_card(self.board, hidden))
        # A technician reads no orders; he sees the cars of the jobs he may read.
        self.env["ir.rule"].create(
            {
                "name": "only one job",
                "model_id": self.env["ir.model"]._get_id("car.repair.job"),
                "domain_force": [("order_id", "!=", hidden.id)],
            }
        )
        self.assertTrue(self._get_card(self.board, order, self.user_technician))
        self.assertFalse(self._get_card(self.board, hidden, self.user_technician))

    def test_board_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="board_stranger",
            groups="car_aftersales.car_aftersales_group_manager",
            company_id=other.id,
            company_ids=[other.id],
        )
        with self.assertRaises(AccessError):
            self.board.with_user(stranger).get_content()
        with self.assertRaises(AccessError):
            self.board.with_user(stranger).action_renew_token()

    def test_address_is_for_supervisors_only(self):
        for user in (self.user_advisor, self.user_technician, self.user_inspector):
            board = self.board.with_user(user)
            for name in ("token", "url"):
                with self.assertRaises(AccessError):
                    board.read([name])
            with self.assertRaises(AccessError):
                board.action_renew_token()
        board = self.board.with_user(self.user_workshop_supervisor)
        self.assertIn(self.board.sudo().token, board.url)
        with self.assertRaises(AccessError):
            board.read(["token"])

    def test_a_refresh_costs_ten_queries_at_most_however_many_cars(self):
        def count(user):
            self.env.flush_all()
            self.env.invalidate_all()
            board = self.board.with_user(user)
            before = self.env.cr.sql_log_count
            if user:
                board.get_content()
            else:
                self.board._get_public_content()
            return self.env.cr.sql_log_count - before

        other = self._create_calendar("Asia/Tokyo")
        teams = [self.team, self._create_team("Second", resource_calendar_id=other.id)]
        for number in range(4):
            order = self._create_order()
            order.job_ids.team_id = teams[number % 2]
        users = (self.user_advisor, self.user_technician, None)
        few = [(count(user), count(user))[1] for user in users]
        for number in range(16):
            order = self._create_order()
            order.job_ids.team_id = teams[number % 2]
        many = [count(user) for user in users]
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 10)


@tagged("post_install", "-at_install")
class TestCarBoardNotice(CarBoardCommon):
    """Boards are told of what they show, once in a transaction, and of nothing else."""

    def _get_notices(self):
        """Return on which channels the transaction speaks when it is committed."""
        cr = self.env.cr
        self.env.flush_all()
        waiting = set(cr.precommit.data.get("car_board_channels", ()))
        cr.precommit.data.get("car_board_channels", set()).clear()
        return waiting

    def _get_channels(self):
        return {self.board._get_channel(), self.lounge._get_channel()}

    def test_change_of_state_is_told_to_the_boards_of_the_site(self):
        order = self._create_order()
        self.assertEqual(self._get_notices(), self._get_channels())
        self._authorize(order)
        self.assertEqual(self._get_notices(), self._get_channels())
        order.job_ids.with_user(self.user_technician).waiting_reason = "Tool"
        self.assertEqual(self._get_notices(), self._get_channels())

    def test_what_no_board_shows_is_not_told(self):
        order = self._create_order()
        self._get_notices()
        order.note = "Wash it"
        order.odometer_km = 12000
        self.assertFalse(self._get_notices())

    def test_without_boards_nothing_is_told_and_nothing_asked(self):
        (self.board | self.lounge).active = False
        order = self._create_order()
        self.assertFalse(self._get_notices())
        before = self.env.cr.sql_log_count
        order._notify_boards()
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_message_is_sent_once_and_says_nothing(self):
        order = self._create_order()
        order.promised_at = FROZEN_NOW + timedelta(hours=8)
        self.env.flush_all()
        self.env["bus.bus"].search([]).unlink()
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search(
            [("message", "like", "car_board_changed")]
        )
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertEqual(
                json.loads(message.message),
                {"type": "car_board_changed", "payload": {}},
            )
            self.assertNotIn(self.board.sudo().token, message.channel)

    def test_a_new_address_is_a_new_channel(self):
        before = self.board._get_channel()
        self.board.with_user(self.user_supervisor).action_renew_token()
        self.assertNotEqual(self.board._get_channel(), before)
        self._create_order()
        self.assertNotIn(before, self._get_notices())
