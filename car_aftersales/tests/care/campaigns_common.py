from datetime import timedelta

from odoo.tests import new_test_user

from ..common import FROZEN_NOW
from ..workshop.common import CarWorkshopCommon

TODAY = FROZEN_NOW.date()


def day(count):
    """Return the day so many days from the frozen one."""
    return TODAY + timedelta(days=count)


class CampaignsCommon(CarWorkshopCommon):
    """A clerk who follows up, customers with cars, and the job of the queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_clerk_id = cls.user_follow_up_clerk
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.other = cls._create_customer("李华", "+86 139 0013 9000", "沪B55555")

    @classmethod
    def _create_customer(cls, name, phone, plate, **values):
        """Return a customer with one car."""
        partner = cls.env["res.partner"].create(
            {"name": name, "phone": phone, **values}
        )
        cls._create_vehicle(license_plate=plate, vin=False, owner_id=partner.id)
        return partner

    @classmethod
    def _create_other_company_user(cls, tier):
        """Return a user of a second company, and that company."""
        company = cls.env["res.company"].create({"name": "Second dealer"})
        user = new_test_user(
            cls.env,
            login=f"car_other_{tier}",
            groups=f"car_aftersales.car_aftersales_group_{tier}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        return user, company

    def _create_campaign(self, **values):
        """Return a draft of the business supervisor, to begin in thirty days."""
        return (
            self.env["car.campaign"]
            .with_user(self.user_supervisor)
            .create(
                {
                    "name": "免费检测周",
                    "kind": "inspection",
                    "date_from": day(30),
                    "date_to": day(36),
                    "place": "中山路 1 号客户休息室",
                    "content": "免费检测底盘与制动",
                    **values,
                }
            )
        )

    def _decide(self, **values):
        """Return a decided campaign whose calls are in the queue."""
        campaign = self._create_campaign(**values)
        campaign.action_decide()
        self._plan("campaign")
        return campaign

    def _plan(self, trigger):
        """Run the nightly job for the rules of one event; return what it made."""
        tasks = self.env["car.contact.task"]
        tasks._withdraw_gone()
        rules = self.env["car.contact.rule"].search([("trigger", "=", trigger)])
        return rules._make_tasks()

    def _hold_call(self, task, outcome="reached", **values):
        """Let the clerk call about a task."""
        call = (
            self.env["car.contact.call"]
            .with_user(self.user_follow_up_clerk)
            ._open_for_task(task.with_user(self.user_follow_up_clerk))
        )
        call.write({"summary": "Told him", **values})
        getattr(call, f"action_{outcome}")()
        return call

    def _refuse(self, partner, **values):
        """Write down that a customer refuses."""
        return (
            self.env["car.contact.permission"]
            .with_user(self.user_follow_up_clerk)
            .create({"partner_id": partner.id, "is_allowed": False, **values})
        )
