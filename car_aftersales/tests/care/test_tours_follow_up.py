from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursFollowUp(HttpCase):
    """The clerk's day in the browser: the queue, the talk, the next one."""

    def test_clerk_works_the_queue(self):
        clerk = new_test_user(
            self.env,
            login="tour_clerk",
            groups="car_aftersales.car_aftersales_group_follow_up_clerk",
            name="Tour Clerk",
            tz="UTC",
            lang="en_US",
        )
        self.env.company.write({"car_quiet_from": 0, "car_quiet_to": 0})
        partners = self.env["res.partner"].create(
            [
                {"name": "Queue Customer", "phone": "139 7777 0030"},
                {"name": "Second Customer"},
            ]
        )
        tasks = self.env["car.contact.task"].create(
            [
                {
                    "partner_id": partner.id,
                    "kind": kind,
                    "clerk_id": clerk.id,
                }
                for partner, kind in (
                    (partners[0], "care"),
                    (partners[0], "birthday"),
                    (partners[1], "ask_again"),
                )
            ]
        )
        self.start_tour(
            "/odoo/action-car_aftersales.car_contact_task_action",
            "car_contact_tour",
            login="tour_clerk",
        )
        self.assertEqual(tasks.mapped("state"), ["done", "done", "open"])
        self.assertEqual(tasks[2].tries, 1)
        point = self.env["car.contact.point"].search(
            [("partner_id", "=", partners[0].id)]
        )
        self.assertEqual((point.state, point.user_id), ("open", clerk))
