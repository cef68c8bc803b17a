from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .recall_common import VINS, RecallCommon


@tagged("post_install", "-at_install")
class TestRecallGroup(RecallCommon):
    """Several companies of a group work off one list of a maker."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Branch in Nanjing"})
        cls.third = cls.env["res.company"].create({"name": "Branch in Wuxi"})
        cls.user_warranty_clerk.company_ids = [
            Command.link(cls.other.id),
            Command.link(cls.third.id),
        ]
        cls.their_car = cls._create_vehicle(
            vin=VINS[0], license_plate="京B10001", company_id=cls.other.id
        )

    def _share(self, campaign, companies=None, user=None):
        campaign = campaign.with_user(user or self.user_warranty_clerk)
        # As the screen does: only the own company is switched on.
        campaign = campaign.with_context(allowed_company_ids=campaign.company_id.ids)
        share = campaign.env["car.recall.share"].browse(
            campaign.action_share()["res_id"]
        )
        for company in companies or self.other:
            line = share.line_ids.filtered(
                lambda one, name=company.name: one.name == name
            )
            line.is_chosen = True
        share.action_share()
        return self.env["car.recall.campaign"].search(
            [("shared_from_id", "=", campaign.id)], order="id"
        )

    def _prepare(self):
        """Return a running campaign, the one of the branch, and its row of our car."""
        campaign = self._create_campaign(self.vehicle)
        theirs = self._share(campaign)
        theirs.action_open()
        row = theirs.vehicle_ids.filtered(lambda one: one.vin == self.vehicle.vin)
        return campaign, theirs, row

    def _do_elsewhere(self, row):
        self._answer(
            row,
            "elsewhere",
            user=self.user_warranty_clerk,
            done_on="2026-03-01",
            done_by="Entry in the service book",
        )

    # === THE LIST === #

    def test_a_branch_gets_a_draft_with_the_same_cars_and_its_own_files(self):
        campaign = self._create_campaign(self.vehicle)
        self._load(campaign, "\n".join(VINS[:3]))
        theirs = self._share(campaign)
        self.assertEqual(theirs.company_id, self.other)
        self.assertEqual(theirs.state, "draft")
        self.assertEqual(theirs.number, campaign.number)
        self.assertEqual(theirs.package_id, self.package)
        self.assertFalse(theirs.maker_id, "terms are those of a company")
        self.assertEqual(theirs.payer_partner_id, self.maker)
        self.assertEqual(
            set(theirs.vehicle_ids.mapped("vin")), {self.vehicle.vin, *VINS[:3]}
        )
        row = theirs.vehicle_ids.filtered(lambda one: one.vin == VINS[0])
        self.assertEqual(row.vehicle_id, self.their_car)
        self.assertFalse(
            (theirs.vehicle_ids - row).vehicle_id, "the file of another company"
        )
        self.assertEqual(campaign.group_text, "Branch in Nanjing")

    def test_again_it_adds_only_what_is_new(self):
        campaign = self._create_campaign(self.vehicle)
        theirs = self._share(campaign)
        self._load(campaign, "\n".join(VINS[:2]))
        self.assertEqual(self._share(campaign), theirs)
        self.assertEqual(len(theirs.vehicle_ids), 3)
        self._share(campaign)
        self.assertEqual(len(theirs.vehicle_ids), 3)

    def test_a_list_of_the_same_number_is_joined(self):
        campaign = self._create_campaign(self.vehicle)
        own = self._create_campaign(
            is_open=False, company_id=self.other.id, maker_id=False, package_id=False
        )
        self.assertEqual(self._share(campaign), own)
        self.assertEqual(own.vehicle_ids.vin, self.vehicle.vin)

    def test_branches_may_hand_it_on(self):
        campaign = self._create_campaign(self.vehicle)
        theirs = self._share(campaign)
        self._share(theirs, self.third)
        all_theirs = self.env["car.recall.campaign"].search(
            [("shared_from_id", "=", campaign.id)]
        )
        self.assertEqual(all_theirs.company_id, self.other + self.third)
        self.assertIn("Branch in Wuxi", campaign.group_text)

    def test_scrapped_cars_stay_behind_and_sold_ones_go_along(self):
        campaign = self._create_campaign()
        self._load(campaign, "\n".join(VINS[:2]))
        scrapped, sold = campaign.sudo().vehicle_ids.sorted("vin")
        user = self.user_warranty_clerk
        self._answer(scrapped, "gone", user=user, gone_reason="scrapped")
        self._answer(sold, "gone", user=user, gone_reason="sold")
        theirs = self._share(campaign)
        self.assertEqual(theirs.vehicle_ids.mapped("vin"), [sold.vin])

    # === WHAT IS DONE === #

    def test_done_here_is_done_there_and_undone_again(self):
        campaign, _theirs, row = self._prepare()
        own = self._row(campaign)
        self._do_elsewhere(own)
        self.assertEqual(row.state, "done")
        self.assertEqual(str(row.done_on), "2026-03-01")
        self.assertIn(self.company.name, row.done_by)
        own.with_user(self.user_warranty_clerk).action_reopen()
        self.assertEqual(row.state, "open")
        self.assertFalse(row.done_by)

    def test_a_delivery_there_is_done_here(self):
        _campaign, _theirs, row = self._prepare()
        order = self._create_order()
        order._add_recalls(order.recall_ids)
        self._make_ready(order)
        self._bill_and_pass(order)
        order.action_deliver()
        self.assertEqual(row.state, "done")

    def test_what_was_done_before_the_branch_began(self):
        campaign = self._create_campaign(self.vehicle)
        theirs = self._share(campaign)
        self._do_elsewhere(self._row(campaign))
        self.assertEqual(theirs.vehicle_ids.state, "open", "a draft waits")
        theirs.action_open()
        self.assertEqual(theirs.vehicle_ids.state, "done")

    # === REFUSED === #

    def test_only_the_keeper_shares_and_only_with_companies_of_his(self):
        campaign = self._create_campaign(self.vehicle)
        with self.assertRaises(AccessError):
            self._share(campaign, user=self.user_advisor)
        foreign = self.env["res.company"].create({"name": "Competitor"})
        with self.assertRefused("of those you work for"):
            self._share(campaign, foreign)
        with self.assertRefused("of those you work for"):
            campaign._share_with(foreign)
        with self.assertRefused("of those you work for"):
            self._share(campaign, self.company)

    def test_a_closed_campaign_is_not_shared(self):
        campaign = self._create_campaign(self.vehicle)
        campaign.action_close()
        with self.assertRefused("it is closed"):
            self._share(campaign)

    def test_nobody_writes_where_a_list_comes_from(self):
        campaign = self._create_campaign(self.vehicle)
        theirs = self._share(campaign)
        clerk = theirs.with_user(self.user_warranty_clerk).with_context(
            allowed_company_ids=self.other.ids
        )
        clerk.write({"shared_from_id": False})
        self.assertEqual(theirs.shared_from_id, campaign.sudo(False))
        row = theirs.vehicle_ids.with_user(self.user_warranty_clerk).with_context(
            allowed_company_ids=self.other.ids
        )
        with self.assertRefused("written down by its steps only"):
            row.write({"done_in_id": self._row(campaign).id})

    def test_a_long_list_goes_over_in_as_many_queries_as_a_short_one(self):
        first = self._create_campaign(number="A")
        self._load(first, "\n".join(VINS[:2]))
        second = self._create_campaign(number="B")
        self._load(second, "\n".join(VINS[2:30]))
        counts = []
        for campaign in (first, second):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._share(campaign)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])
