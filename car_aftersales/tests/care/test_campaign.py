from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .campaigns_common import CampaignsCommon, day


@tagged("post_install", "-at_install")
class TestCampaign(CampaignsCommon):
    """Campaigns: decided, told two weeks before, attended, set against their cost."""

    def _target(self, campaign, partner):
        return campaign.target_ids.filtered(lambda t: t.partner_id == partner)

    # === DECIDING === #

    def test_deciding_lists_customers_once_and_plans_calls_two_weeks_before(self):
        second_car = self._create_vehicle(license_plate="京A99999", vin=False)
        campaign = self._decide()
        self.assertEqual(campaign.call_until, day(16))
        target = self._target(campaign, self.customer)
        self.assertEqual(len(target), 1)
        self.assertIn(target.vehicle_id, self.vehicle | second_car)
        task = target.task_id
        self.assertEqual(task.kind, "campaign")
        self.assertEqual(task.purpose, "marketing")
        self.assertEqual(task.date_to, day(16))
        self.assertEqual(task.date_from, day(2))
        self.assertEqual(task.subject, campaign.name)
        self.assertEqual(task.clerk_id, self.user_follow_up_clerk)
        self.assertFalse(self._plan("campaign"), "The job makes nothing twice.")
        self.assertEqual(campaign.decided_by_id, self.user_supervisor)

    def test_days_before_a_campaign_are_a_setting(self):
        self.company.car_campaign_days = 21
        campaign = self._decide()
        self.assertEqual(campaign.call_until, day(9))

    def test_filters_on_cars_and_customers_choose_who_is_invited(self):
        electric = self.env["car.vehicle.model"].create(
            {"name": "E-HS9", "brand_id": self.brand.id, "energy": "electric"}
        )
        self.other.car_vehicle_ids.model_id = electric
        campaign = self._create_campaign(vehicle_domain="[('energy', '=', 'electric')]")
        self.assertEqual(campaign.audience_count, 1)
        campaign.action_decide()
        self.assertEqual(campaign.target_ids.partner_id, self.other)
        both = self._create_campaign(
            vehicle_domain="[('energy', '=', 'electric')]",
            partner_domain="[('name', 'ilike', '王')]",
        )
        self.assertEqual(both.audience_count, 0)
        with self.assertRefused("fit nobody"):
            both.action_decide()

    def test_a_filter_that_cannot_be_read_is_refused(self):
        for text in ("[('energy'", "[('no_such_field', '=', 1)]", "__import__('os')"):
            with self.subTest(text), self.assertRefused("cannot be understood"):
                self._create_campaign(vehicle_domain=text)

    def test_a_lecture_invites_people_with_a_file_and_without_a_car(self):
        asker = self.env["res.partner"].create({"name": "Zhao", "phone": "13700001111"})
        self.env["car.customer.file"].create({"partner_id": asker.id})
        campaign = self._decide(
            kind="lecture",
            audience="customers",
            partner_domain=f"[('id', '=', {asker.id})]",
        )
        self.assertEqual(campaign.target_ids.partner_id, asker)
        self.assertTrue(campaign.target_ids.task_id)

    def test_short_notice_needs_a_reason(self):
        campaign = self._create_campaign(date_from=day(10), date_to=day(12))
        self.assertTrue(campaign.is_short_notice)
        with self.assertRefused("why at short notice"):
            campaign.action_decide()
        campaign.late_reason = "Maker gave the date late"
        campaign.action_decide()
        self.assertEqual(campaign.call_until, day(9))
        self._plan("campaign")
        task = campaign.target_ids.task_id[:1]
        self.assertEqual((task.state, task.call_on), ("open", day(0)))

    def test_place_and_content_must_be_clear_before_deciding(self):
        with self.assertRefused("where does it take place"):
            self._create_campaign(place=False).action_decide()
        with self.assertRefused("what is offered"):
            self._create_campaign(content=" ").action_decide()

    def test_only_the_supervisor_decides(self):
        campaign = self._create_campaign()
        for user in (self.user_follow_up_clerk, self.user_advisor):
            with self.subTest(user.login):
                with self.assertRefused("business supervisor decides"):
                    campaign.with_user(user).action_decide()
                with self.assertRaises(AccessError):
                    campaign.with_user(user).talk = "x"
        self.assertEqual(campaign.state, "draft")

    def test_what_customers_were_told_stays(self):
        campaign = self._decide()
        with self.assertRefused("customers were told so"):
            campaign.date_from = day(31)
        campaign.talk = "Ask for the winter tires, too"
        with self.assertRefused("cancel it instead"):
            campaign.unlink()

    # === CALLS === #

    def test_refused_offers_are_not_called_and_not_counted_as_invited(self):
        self._refuse(self.other, purpose="marketing")
        campaign = self._decide()
        task = self._target(campaign, self.other).task_id
        self.assertEqual((task.state, task.close_reason), ("closed", "refused"))
        campaign.invalidate_recordset()
        self.assertEqual(campaign.refused_count, 1)
        self.assertEqual(
            campaign.invited_count, len(campaign.target_ids) - campaign.refused_count
        )

    def test_the_call_brings_answer_and_letter_date(self):
        campaign = self._decide()
        target = self._target(campaign, self.customer)
        with self.assertRefused("does he come"):
            self._hold_call(target.task_id)
        call = self._hold_call(target.task_id, campaign_answer="comes")
        self.assertIn("免费检测底盘与制动", call.campaign_text)
        self.assertIn("中山路 1 号客户休息室", call.campaign_text)
        self.assertEqual(target.answer, "comes")
        self.assertTrue(target.is_reached)
        self.assertEqual(target.call_id, call)
        self.assertEqual(target.called_on, day(0))
        self.assertEqual(target.letter_until, day(2))
        self.assertEqual(target.task_id.state, "done")
        target.with_user(self.user_follow_up_clerk).letter_decision = "needed"

    def test_who_is_never_reached_is_noted_so(self):
        campaign = self._decide()
        target = self._target(campaign, self.customer)
        for count in range(3):
            with freeze_time(f"2026-03-{3 + count:02} 02:00:00"):
                self._hold_call(target.task_id, "no_answer")
            self.assertEqual(bool(target.answer), count == 2)
        self.assertEqual(target.answer, "not_reached")
        self.assertFalse(target.is_reached)

    def test_cancelling_withdraws_the_calls_and_needs_a_reason(self):
        campaign = self._decide()
        tasks = campaign.target_ids.task_id
        with self.assertRefused("why it is cancelled"):
            campaign.action_cancel()
        campaign.cancel_reason = "Room not free"
        campaign.action_cancel()
        self.assertEqual(set(tasks.mapped("state")), {"closed"})
        self.assertEqual(set(tasks.mapped("close_reason")), {"obsolete"})
        self.assertFalse(self._plan("campaign"))
        with self.assertRefused("it is over"):
            campaign.talk = "x"
        with self.assertRefused("it is over"):
            campaign.target_ids[:1].with_user(self.user_follow_up_clerk).note = "x"

    def test_the_job_withdraws_calls_about_a_campaign_that_ended(self):
        campaign = self._decide()
        task = campaign.target_ids.task_id[:1]
        with freeze_time(FROZEN_NOW.replace(month=4, day=20)):
            self.env["car.contact.task"]._withdraw_gone()
        self.assertEqual((task.state, task.close_reason), ("closed", "obsolete"))

    # === RESULT === #

    def _run(self, **values):
        campaign = self._decide(
            date_from=day(1),
            date_to=day(7),
            late_reason="Demonstration car came late",
            **values,
        )
        self.startPatcher(freeze_time(FROZEN_NOW.replace(day=3)))
        self.env["car.campaign"]._cron_start()
        self.assertEqual(campaign.state, "running")
        return campaign

    def test_a_visit_of_an_invited_car_is_proposed_and_its_money_counted(self):
        campaign = self._run(cost=200.0)
        order = self._create_order()
        self.assertEqual(order.campaign_id, campaign)
        target = self._target(campaign, self.customer)
        self.assertEqual(order.campaign_target_id, target)
        self.assertTrue(target.is_attended)
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.filtered(lambda move: move.state == "draft").action_post()
        campaign.invalidate_recordset()
        self.assertEqual(campaign.order_count, 1)
        self.assertEqual(campaign.attended_count, 1)
        self.assertAlmostEqual(campaign.revenue, sum(invoice.mapped("amount_untaxed")))
        self.assertAlmostEqual(campaign.result, campaign.revenue - 200.0)
        self.env.flush_all()
        figures = self.env["car.campaign.report"].with_user(self.user_supervisor)
        row = figures._read_group(
            [("campaign_id", "=", campaign.id)],
            [],
            [
                "invited_count:sum",
                "attended_count:sum",
                "order_count:sum",
                "revenue:sum",
            ],
        )[0]
        self.assertEqual(row[0], campaign.invited_count)
        self.assertEqual(row[1:3], (1, 1))
        self.assertAlmostEqual(row[3], campaign.revenue)

    def test_visits_before_and_of_others_are_not_proposed(self):
        self._decide()
        self.assertFalse(self._create_order().campaign_id)

    def test_the_price_list_of_the_offer_applies(self):
        offer = self.env["product.pricelist"].create({"name": "Winter offer"})
        self._run(pricelist_id=offer.id)
        self.assertEqual(self._create_order().pricelist_id, offer)

    def test_a_cancelled_visit_counts_no_attendance(self):
        campaign = self._run()
        order = self._create_order()
        target = self._target(campaign, self.customer)
        self.assertTrue(target.is_attended)
        order.action_cancel()
        self.assertFalse(target.is_attended)
        self.assertEqual(target.order_count, 0)

    def test_the_door_list_of_a_lecture(self):
        campaign = self._run(kind="lecture")
        target = self._target(campaign, self.customer)
        target.with_user(self.user_follow_up_clerk).action_came()
        self.assertTrue(target.is_attended)
        self.assertEqual(target.attended_on, day(1))

    def test_evaluation_waits_for_the_end_and_for_words(self):
        campaign = self._run()
        with self.assertRefused("not over yet"):
            campaign.action_evaluate()
        with freeze_time(FROZEN_NOW.replace(day=20)):
            with self.assertRefused("what it brought"):
                campaign.action_evaluate()
            campaign.write({"evaluation": "Half of them came", "state": "evaluated"})
        self.assertEqual(campaign.state, "evaluated")

    # === COMPANIES AND SIZE === #

    def test_another_company_neither_reads_nor_writes(self):
        campaign = self._decide()
        clerk, _company = self._create_other_company_user("follow_up_clerk")
        seen = self.env["car.campaign.target"].with_user(clerk).search([])
        self.assertFalse(seen & campaign.target_ids)
        with self.assertRaises(AccessError):
            campaign.target_ids[:1].with_user(clerk).write({"note": "x"})
        with self.assertRaises(AccessError):
            campaign.with_user(clerk).read(["name"])

    def test_technicians_see_no_campaign(self):
        campaign = self._decide()
        with self.assertRaises(AccessError):
            campaign.target_ids.with_user(self.user_technician).read(["answer"])

    def test_deciding_and_planning_cost_the_same_for_many(self):
        def count(prefix, size):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"{prefix}{n}", "phone": f"1370000{n:04}"}
                    for n in range(size)
                ]
            )
            self.env["car.vehicle"].create(
                [
                    {
                        "model_id": self.model.id,
                        "license_plate": f"{prefix}{n:05}",
                        "owner_id": partner.id,
                    }
                    for n, partner in enumerate(partners)
                ]
            )
            campaign = self._create_campaign(
                partner_domain=f"[('id', 'in', {partners.ids})]"
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.action_decide()
            self.env.flush_all()
            decided = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made = self.env.ref(
                "car_aftersales.car_contact_rule_campaign"
            )._make_tasks()
            self.env.flush_all()
            self.assertEqual(len(made), size)
            return decided, self.env.cr.sql_log_count - before

        count("京W", 3)
        few, many = count("京X", 5), count("京Y", 50)
        self.assertEqual(few, many)
