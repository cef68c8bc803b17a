from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .care_common import CarCareCommon

MODELS = (
    "car.contact.task",
    "car.contact.call",
    "car.contact.point",
    "car.customer.file",
    "car.contact.permission",
)


@tagged("post_install", "-at_install")
class TestContactSecurity(CarCareCommon):
    """Who sees and does what in the follow-up; each rule is tried to be broken."""

    def setUp(self):
        super().setUp()
        self.task = self.env["car.contact.task"].create(
            {"partner_id": self.customer.id, "kind": "care", "clerk_id": self.clerk.id}
        )
        self.call = self.env["car.contact.call"].create(
            {"partner_id": self.customer.id, "summary": "Well"}
        )
        self.point = self.env["car.contact.point"].create(
            {"partner_id": self.customer.id, "text": "Cold seats"}
        )
        self.card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        self.customer._record_car_answer(True, "desk", purpose="marketing")

    def test_technician_gate_and_portal_see_nothing(self):
        for user in (self.user_technician, self.user_gate, self.user_portal):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_the_partner_tells_a_technician_nothing_of_it(self):
        partner = self.env["res.partner"].with_user(self.user_technician)
        for name in ("car_task_ids", "car_call_ids", "car_point_ids", "car_birthday"):
            with self.assertRaises(AccessError):
                partner.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                self.user_technician.partner_id.with_user(self.user_technician).read(
                    [name]
                )

    def test_a_clerk_of_another_company_reads_nothing(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        stranger = new_test_user(
            self.env,
            "car_stranger",
            "car_aftersales.car_aftersales_group_follow_up_clerk",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (self.task, self.call, self.point, self.card):
            self.assertFalse(
                self.env[record._name]
                .with_user(stranger)
                .search([("id", "=", record.id)])
            )
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
            with self.assertRaises(AccessError):
                record.with_user(stranger).write({"company_id": other.id})

    def test_every_state_is_refused_around_its_button(self):
        task = self.task.with_user(self.clerk)
        with self.assertRefused("written down"):
            task.write({"state": "done"})
        with self.assertRefused("reason for closing|why nobody"):
            task.write({"state": "closed"})
        with self.assertRefused("why nobody contacts"):
            task.action_close()
        call = self.call.with_user(self.clerk)
        for state in ("archived", "done"):
            with self.assertRaises(UserError):
                call.write({"state": state})
        point = self.point.with_user(self.clerk)
        for state in ("closed", "escalated", "solved"):
            with self.assertRaises(UserError):
                point.write({"state": state})
        with self.assertRefused("still missing"):
            self.card.with_user(self.clerk).write({"state": "complete"})
        for model, values in (
            ("car.contact.task", {"partner_id": self.customer.id}),
            ("car.contact.call", {"partner_id": self.customer.id}),
            ("car.contact.point", {"partner_id": self.customer.id, "text": "x"}),
        ):
            state = list(self.env[model]._state_steps())[1]
            with self.assertRefused("must be created as"):
                self.env[model].with_user(self.clerk).create({**values, "state": state})

    def test_nobody_forges_outcome_or_reason(self):
        call = (
            self.env["car.contact.call"]
            .with_user(self.clerk)
            .create({"partner_id": self.customer.id, "outcome": "reached"})
        )
        self.assertFalse(call.outcome)
        rule = self.env.ref("car_aftersales.car_contact_rule_service")
        task = (
            self.env["car.contact.task"]
            .with_user(self.clerk)
            .create({"partner_id": self.customer.id, "rule_id": rule.id})
        )
        self.assertFalse(task.rule_id)

    def test_a_closed_contact_stays_as_it_is(self):
        task = self.task.with_user(self.clerk)
        task.action_close(note="He is abroad for a year")
        with self.assertRefused("stays as it is"):
            task.date_to = "2026-12-31"
        with self.assertRaises(UserError):
            task.unlink()

    def test_rules_topics_and_knowledge_are_the_supervisors(self):
        rule = self.env.ref("car_aftersales.car_contact_rule_service")
        for user in (self.clerk, self.user_advisor):
            with self.assertRaises(AccessError):
                rule.with_user(user).days_from = -30
        rule.with_user(self.user_supervisor).days_from = -30

    def test_customers_are_taken_out_by_supervisors_only(self):
        for record in (self.task, self.call, self.point, self.card):
            with self.assertRefused("business supervisors only", AccessError):
                record.with_user(self.clerk).export_data(["display_name"])
            record.with_user(self.user_supervisor).export_data(["display_name"])

    def test_the_cashier_reads_the_queue_and_changes_nothing(self):
        task = self.task.with_user(self.user_cashier)
        self.assertEqual(task.state, "open")
        with self.assertRaises(AccessError):
            task.date_to = "2026-04-01"
