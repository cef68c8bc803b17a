from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestCarRepairJobGuard(CarWorkshopCommon):
    """Each desk writes on a job what belongs to it, and nothing else."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self.job = self.order.job_ids
        self.values = {
            "name": "Squeals",
            "system_id": self.env["car.vehicle.system"].create({"name": "Horn"}).id,
            "repair_class_id": self.env["car.repair.class"].search([], limit=1).id,
            "estimate_method": "item",
            "package_id": False,
            "payer_id": self.order._get_customer_payer().id,
            "team_id": self.env["car.workshop.team"].create({"name": "Team"}).id,
            "technician_ids": [
                Command.link(self.env["car.technician"].create({"name": "Li"}).id)
            ],
            "waiting_reason": "Bolt broken",
            "sequence": 3,
            "cause": "Worn",
            "correction": "Replaced",
            "started_at": "2026-03-02 02:00:00",
            "line_ids": [Command.create({"product_id": self.labor.id})],
        }

    def _assert_writes(self, user, allowed):
        """Check field by field what a user may write, as a remote call would."""
        for name, value in self.values.items():
            with self.subTest(user=user.name, field=name):
                job = self.job.with_user(user)
                if name in allowed:
                    job.write({name: value})
                else:
                    with self.assertRaises(AccessError):
                        job.write({name: value})

    def test_front_desk_writes_all(self):
        self._assert_writes(self.user_advisor, set(self.values))

    def test_workshop_supervisor_hands_out_the_work(self):
        self._assert_writes(
            self.user_workshop_supervisor,
            {
                "team_id",
                "technician_ids",
                "waiting_reason",
                "sequence",
                "cause",
                "correction",
            },
        )

    def test_technician_writes_what_he_found_and_did(self):
        self._assert_writes(
            self.user_technician, {"waiting_reason", "cause", "correction"}
        )

    def test_inspector_judges_and_completes_the_record(self):
        self._assert_writes(self.user_inspector, {"cause", "correction"})
        self._authorize(self.order)
        self._issue(self.order)
        self._work(self.order)
        inspector = self.job.with_user(self.user_inspector)
        inspector.write({"state": "passed", "correction": "Road test done"})
        self.assertEqual(self.job.state, "passed")

    def test_warranty_clerk_writes_payer_and_cause(self):
        self._assert_writes(
            self.user_warranty_clerk, {"payer_id", "cause", "correction"}
        )
        with self.assertRaises(AccessError):
            self.job.with_user(self.user_warranty_clerk).write({"state": "estimated"})

    def test_other_desks_only_talk(self):
        words = "Please call me"
        for user in (
            self.user_parts_clerk,
            self.user_cashier,
            self.user_follow_up_clerk,
        ):
            self._assert_writes(user, set())
            self.job.with_user(user).message_post(body=words)

    def test_two_desks_write_what_either_writes(self):
        self._add_group(self.user_inspector, "technician")
        self._assert_writes(
            self.user_inspector, {"waiting_reason", "cause", "correction"}
        )

    def test_refusal_names_job_and_field_as_the_screen_does(self):
        with self.assertRaisesRegex(
            AccessError, f"{self.order.name} Oil service: .* Complaint"
        ):
            self.job.with_user(self.user_inspector).name = "Nothing"

    def test_job_through_its_order_meets_the_same_refusal(self):
        order = self.order.with_user(self.user_inspector)
        with self.assertRaises(AccessError):
            order.write({"job_ids": [Command.update(self.job.id, {"name": "x"})]})
        with self.assertRaises(AccessError):
            order.write({"job_ids": [Command.create({"name": "x"})]})

    def test_front_desk_and_workshop_supervisor_add_jobs(self):
        values = {"order_id": self.order.id, "name": "Oil leak"}
        jobs = self.env["car.repair.job"]
        for user in (self.user_advisor, self.user_workshop_supervisor):
            self.assertEqual(jobs.with_user(user).create({**values}).state, "draft")
        for user in (
            self.user_technician,
            self.user_inspector,
            self.user_warranty_clerk,
            self.user_parts_clerk,
            self.user_cashier,
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                jobs.with_user(user).create({**values})

    def test_workshop_supervisor_reports_a_job_without_price_and_payer(self):
        jobs = self.env["car.repair.job"].with_user(self.user_workshop_supervisor)
        values = {"order_id": self.order.id, "name": "Oil leak", "cause": "Seal"}
        for name in ("payer_id", "line_ids", "started_at"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                jobs.create({**values, name: self.values[name]})
        job = jobs.create({**values, "system_id": self.values["system_id"]})
        self.assertEqual(job.sudo().payer_id, self.order._get_customer_payer())

    def test_other_desks_do_not_write_the_head_of_an_order(self):
        """Customer, car, price list, promise: a remote write meets a refusal."""
        order = self._create_order()
        other = self.env["res.partner"].create({"name": "Somebody else"})
        for user in (
            self.user_inspector,
            self.user_workshop_supervisor,
            self.user_warranty_clerk,
        ):
            for vals in ({"partner_id": other.id}, {"note": "x"}, {"active": False}):
                with (
                    self.subTest(user=user.name, vals=vals),
                    self.assertRefused("your role", AccessError),
                ):
                    order.with_user(user).write(vals)
        with self.assertRefused("your role", AccessError):
            order.with_user(self.user_inspector).promised_at = "2026-03-02 09:00:00"
