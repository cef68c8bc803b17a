from freezegun import freeze_time

from odoo.tests import tagged

from .recall_common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallSeen(RecallCommon):
    """Where else a recall is seen: live board, timeline, other companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.board = cls.env["car.board"].create(
            {"name": "Workshop", "warehouse_id": cls.warehouse.id}
        )
        cls.lounge = cls.env["car.board"].create(
            {"name": "Lounge", "kind": "lounge", "warehouse_id": cls.warehouse.id}
        )

    def _card(self, order, board, user=None):
        content = board.with_user(user or self.user_advisor).get_content()
        [card] = [
            card
            for column in content["columns"]
            for card in column["cards"]
            if card["id"] == order.id
        ]
        return card

    def _mark(self, order, user=None):
        return self._card(order, self.board, user)["recall"]

    # === LIVE BOARD === #

    def test_board_marks_a_recalled_car_and_the_lounge_does_not(self):
        order = self._create_order()
        self.assertEqual(self._mark(order), "")
        campaign = self._create_campaign([self.vehicle])
        self.assertEqual(self._mark(order), "Recall")
        lounge = self._card(order, self.lounge)
        self.assertFalse({"recall", "is_recall_mandatory"} & lounge.keys())
        order.job_ids.team_id = self.env["car.workshop.team"].create({"name": "Team"})
        campaign.may_leave = False
        self.assertEqual(self._mark(order), "Recall: do not drive")
        self.assertEqual(
            self._mark(order, user=self.user_workshop_supervisor),
            "Recall: do not drive",
        )

    def test_screen_without_login_shows_the_mark(self):
        order = self._create_order()
        self._create_campaign([self.vehicle])
        content = self.board.with_user(
            self.env.ref("base.public_user")
        )._get_public_content()
        [card] = [
            card
            for column in content["columns"]
            for card in column["cards"]
            if card["id"] == order.id
        ]
        self.assertEqual(card["recall"], "Recall")

    def test_service_action_is_marked_as_such(self):
        order = self._create_order()
        self._create_campaign([self.vehicle], kind="service_action")
        self.assertEqual(self._mark(order), "Service action")

    def test_mark_goes_with_the_work_passed_put_off_or_refused(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order()
        self._put_off(self._row(campaign), order)
        self.assertEqual(self._mark(order), "")
        self._refuse(self._row(campaign))
        self.assertEqual(self._mark(order), "")
        order.action_add_recalls()
        order._add_recalls(self._row(campaign))
        self.assertEqual(self._mark(order), "Recall")
        self._make_ready(order)
        self.assertEqual(self._mark(order), "")

    def test_closed_and_other_companies_campaigns_are_not_marked(self):
        order = self._create_order()
        campaign = self._create_campaign([self.vehicle])
        campaign.action_close()
        self.assertEqual(self._mark(order), "")
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        self._create_other_campaign(other)
        self.assertEqual(self._mark(order), "")

    def test_board_takes_two_queries_more_however_many_cars(self):
        orders = self._create_order()
        for number in range(4):
            vehicle = self._create_vehicle(license_plate=f"京F0000{number}", vin=False)
            orders |= self._create_order(vehicle_id=vehicle.id)
        campaign = self._create_campaign(orders.vehicle_id)
        counts = []
        board = self.board.with_user(self.user_advisor)
        for _each in range(2):
            board.get_content()  # what is asked once only
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            board.get_content()
            counts.append(self.env.cr.sql_log_count - before)
            campaign.action_close()
        self.assertLessEqual(counts[0] - counts[1], 2)

    def test_board_is_told_when_it_is_refused(self):
        campaign = self._create_campaign([self.vehicle])
        self._create_order()
        self.env.cr.precommit.data.pop("car_board_channels", None)
        self._refuse(self._row(campaign))
        self.assertIn(
            self.board._get_channel(),
            self.env.cr.precommit.data.get("car_board_channels", ()),
        )

    # === TIMELINE === #

    def _events(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        events = self.env["car.vehicle.event"].with_user(user or self.user_advisor)
        found = events.search(
            [("vehicle_id", "=", self.vehicle.id), ("kind", "ilike", "recall")],
            order="id",
        )
        return {event.kind: event for event in found}

    def test_timeline_tells_named_and_done(self):
        campaign = self._create_campaign([self.vehicle], is_open=False)
        self.assertFalse(self._events())
        campaign.action_open()
        events = self._events(self.user_technician)
        self.assertEqual(list(events), ["recall"])
        self.assertEqual(events["recall"].detail, "R2026-01 Fuel pump")
        self.assertEqual(str(events["recall"].moment.date()), "2026-03-02")
        action = events["recall"].action_open()
        self.assertEqual(action["res_model"], "car.recall.vehicle")
        self.assertEqual(action["res_id"], self._row(campaign).id)
        self._answer(
            self._row(campaign),
            "elsewhere",
            done_on="2026-02-01",
            done_km=41000,
            done_by="Nanjing",
        )
        done = self._events()["recall_done"]
        self.assertEqual(str(done.moment.date()), "2026-02-01")
        self.assertEqual(done.odometer_km, 41000)

    def test_timeline_tells_a_refusal_but_not_by_whom(self):
        campaign = self._create_campaign([self.vehicle])
        self._refuse(self._row(campaign))
        events = self._events(self.user_technician)
        self.assertEqual(set(events), {"recall", "recall_refused"})
        self.assertEqual(events["recall_refused"].detail, "R2026-01 Fuel pump")
        self.assertEqual(len({event.id for event in events.values()}), 2)

    # === COMPANIES === #

    def _create_other_campaign(self, company):
        """Return a campaign of another company for the same, shared car."""
        campaign = (
            self.env["car.recall.campaign"]
            .with_company(company)
            .create(
                {
                    "number": "OTHER-1",
                    "name": "Airbag",
                    "company_id": company.id,
                    "payer_partner_id": self.maker.id,
                    "date_from": "2026-01-01",
                }
            )
        )
        self.cars.with_company(company).create(
            {"campaign_id": campaign.id, "vehicle_id": self.vehicle.id}
        )
        campaign.action_open()
        return campaign

    def test_each_desk_sees_the_campaigns_of_its_own_company(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        self._create_campaign([self.vehicle])
        self._create_other_campaign(other)
        self.user_advisor.company_ids |= other
        desk = self.env["car.reception"].with_user(self.user_advisor)
        both = [self.company.id, other.id]
        for companies, shown in (
            (self.company.ids, "R2026-01 Fuel pump"),
            (both, "R2026-01 Fuel pump"),
            ([other.id, self.company.id], "OTHER-1 Airbag"),
        ):
            here = desk.with_context(allowed_company_ids=companies)
            cards = {
                card["key"]: card
                for card in here._get_cards(
                    self.vehicle.with_env(here.env), self.customer
                )
            }
            [line] = cards["recalls"]["lines"]
            self.assertIn(shown, line["text"])
        order = self._create_order().with_context(allowed_company_ids=both)
        self.assertEqual(order.recall_mandatory_text, "R2026-01 Fuel pump")
        rows = order._get_recalls()[order.vehicle_id]
        self.assertEqual(len(rows), 2, "Asked in both companies, both are known.")
        held, others = order.sudo()._get_left_open()
        self.assertEqual(held.campaign_id.mapped("number"), ["R2026-01"])
        self.assertFalse(others)

    def test_vehicle_file_shows_the_campaigns_of_the_companies_at_work(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        self._create_campaign([self.vehicle])
        self._create_other_campaign(other)
        car = self.vehicle.with_user(self.user_advisor)
        self.assertEqual(car.recall_text, "R2026-01 Fuel pump")
        self.user_advisor.company_ids |= other
        car = car.with_context(allowed_company_ids=[self.company.id, other.id])
        car.invalidate_recordset()
        self.assertEqual(car.recall_text, "R2026-01 Fuel pump, OTHER-1 Airbag")

    # === ITS END === #

    def test_past_its_end_is_found_by_the_day_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        campaign = self._create_campaign([self.vehicle], date_to="2026-03-09")
        over = [("is_past_end", "=", True), ("id", "=", campaign.id)]
        for moment, found in (("15:00", False), ("17:00", True)):
            with freeze_time(f"2026-03-09 {moment}:00"):
                self.env.invalidate_all()
                self.assertEqual(bool(campaign.search(over)), found)
                self.assertEqual(campaign.is_past_end, found)
        with freeze_time("2026-03-10 17:00:00"):
            campaign.action_close()
            self.env.invalidate_all()
            self.assertFalse(campaign.search(over))
