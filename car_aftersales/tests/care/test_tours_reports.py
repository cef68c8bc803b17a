from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursReports(HttpCase):
    """The supervisor looks over the follow-up in the browser."""

    def test_each_number_of_the_overview_opens_its_list(self):
        clerk, _supervisor = (
            new_test_user(
                self.env,
                login=f"tour_overview_{tier}",
                groups=f"car_aftersales.car_aftersales_group_{tier}",
                name=name,
                lang="en_US",
                tz="UTC",
            )
            for tier, name in (
                ("follow_up_clerk", "Overview Clerk"),
                ("supervisor", "Overview Supervisor"),
            )
        )
        partner = self.env["res.partner"].create({"name": "Overview Customer"})
        # The browser's day cannot be frozen: contacts lie some days around now.
        today = fields.Date.context_today(partner)
        self.env["car.contact.task"].create(
            [
                {
                    "partner_id": partner.id,
                    "clerk_id": clerk.id,
                    "date_from": today + timedelta(days=first),
                    "date_to": today + timedelta(days=last),
                }
                for first, last in ((-9, -5), (-7, -3), (4, 8))
            ]
        )
        self.start_tour(
            "/odoo/follow-up-overview",
            "car_clerk_overview_tour",
            login="tour_overview_supervisor",
        )
