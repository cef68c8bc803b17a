from datetime import date

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .letter_common import CarLetterCommon


@tagged("post_install", "-at_install")
class TestContactPapers(CarLetterCommon):
    """跟踪服务电话记录表 and 客户档案基本资料表: what they say, and for whom."""

    def _render(self, paper, records, user=None):
        content = (
            self.env["ir.actions.report"]
            .with_user(user or self.clerk)
            ._render_qweb_html(f"car_aftersales.report_{paper}", records.ids)[0]
        )
        return " ".join(content.decode().split())

    def assertSays(self, content, *texts):
        for text in texts:
            self.assertIn(text, content)

    def test_the_record_of_a_call(self):
        call = (
            self.env["car.contact.call"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    "kind": "first_call",
                    "topic_ids": [Command.set(self.topics[:2].ids)],
                    "condition_text": "Runs well",
                    "opinion_text": "Friendly people",
                    "need_text": "Winter tires",
                    "summary": "Satisfied on the whole",
                    "point_ids": [
                        Command.create(
                            {"kind": "request", "text": "The brakes squeak"}
                        ),
                        Command.create(
                            {"kind": "complaint", "text": "Oil on the seat"}
                        ),
                        Command.create(
                            {
                                "kind": "wish",
                                "text": "Open on Sunday",
                                "solution": "In winter we are",
                            }
                        ),
                    ],
                }
            )
        )
        call.action_reached()
        complaint, request, wish = call.point_ids.sorted("kind")
        wish.action_answer()
        request.question = "New pads for free?"
        request.action_escalate()
        request.with_user(self.user_supervisor).instruction = "New pads, free"
        request.solution = "New pads fitted"
        request.action_solve()
        request.action_inform_satisfied()
        content = self._render("car_contact_call", call)
        self.assertSays(content, "Record of a Follow-Up Call", call.name, "王小明")
        self.assertSays(
            content, "京A12345", self.customer.phone, "First Follow-Up Call"
        )
        self.assertSays(content, "Runs well", "Friendly people", "Winter tires")
        self.assertSays(content, "Satisfied on the whole", "Reached")
        for topic in self.topics:
            self.assertIn(topic.name, content)
        self.assertEqual(content.count("✓"), 2)
        self.assertSays(content, "The brakes squeak", "New pads for free?")
        self.assertSays(content, "New pads, free", "New pads fitted", "Satisfied")
        self.assertSays(content, "Open on Sunday", "In winter we are")
        self.assertEqual(content.count("(on the same day)"), 2)
        self.assertEqual(content.count('<td style="width: 28%">Yes</td>'), 1)
        self.assertTrue(wish._is_answered_at_once())
        self.assertFalse(request._is_answered_at_once())
        self.assertSays(content, "Oil on the seat", complaint.complaint_id.name)

    def test_the_next_contact_stands_on_the_record(self):
        call = self._log_call()
        self.assertEqual(call._get_next_contact(), (False, False))
        self.env["car.contact.task"].with_user(self.clerk).create(
            {
                "partner_id": self.customer.id,
                "kind": "second_call",
                "date_from": "2026-03-09",
                "date_to": "2026-03-16",
            }
        )
        day, kind = call._get_next_contact()
        self.assertEqual((day, kind), (date(2026, 3, 9), "Second Follow-Up Call"))

    def test_the_customer_file(self):
        order = self._deliver()
        plan = self.env["car.maintenance.plan"].create({"name": "Plan"})
        package = self.env["car.repair.package"].create({"name": "Minor service"})
        plan.line_ids = [
            Command.create(
                {
                    "package_id": package.id,
                    "repeat_km": 5000,
                    "repeat_months": 6,
                }
            )
        ]
        self.model.vehicle_class = "sedan"
        self.vehicle.plan_id = plan
        card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        card.write(
            {
                "wish_text": "Fetch the car at home",
                "purchase_text": "Bought in Shanghai",
                "next_kind": "free_check",
                "next_content": "Winter check",
                "next_call_date": "2026-11-02",
            }
        )
        content = self._render("car_customer_file", card)
        self.assertSays(content, "Customer File: Basic Data", card.name, "王小明")
        self.assertSays(content, self.customer.phone, "中山路", "Bought in Shanghai")
        self.assertSays(content, "京A12345", "LSVAM4187C2184847", "Hongqi H5", "Sedan")
        self.assertSays(content, "Minor service: every 5,000 km / 6 months")
        self.assertSays(content, order.name, "Change oil and filter")
        self.assertSays(content, "Fetch the car at home", "Free check", "Winter check")

    def test_the_customer_file_tells_when_the_insurance_ends(self):
        self._deliver()
        card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        kind = self.env.ref("car_aftersales.car_insurance_kind_compulsory")
        for number, last in (("PA-1", "2026-09-30"), ("PA-2", "2027-09-30")):
            policy = self.env["car.insurance.policy"].create(
                {
                    "name": number,
                    "vehicle_id": self.vehicle.id,
                    "insurer_id": self.insurer.id,
                    "kind_ids": [Command.set(kind.ids)],
                    "date_from": "2025-10-01",
                    "date_to": last,
                }
            )
        policy.is_cancelled = True
        maker = self.env["car.warranty.maker"].create({"partner_id": self.maker.id})
        warranty = self.env["car.warranty.policy"].create(
            {"name": "Three years", "months": 36, "maker_id": maker.id}
        )
        coverage = self.env["car.warranty.coverage"].create(
            {
                "vehicle_id": self.vehicle.id,
                "policy_id": warranty.id,
                "start_date": "2025-05-01",
            }
        )
        content = self._render("car_customer_file", card)
        self.assertSays(
            content, "Warranty Ends", format_date(self.env, coverage.end_date)
        )
        ends, cancelled = (format_date(self.env, date(y, 9, 30)) for y in (2026, 2027))
        self.assertSays(content, "Insurance Ends", ends)
        self.assertNotIn(cancelled, content)

    def test_visits_of_an_earlier_owner_are_not_shown(self):
        order = self._deliver()
        other = self.env["res.partner"].create({"name": "New owner"})
        self.vehicle.owner_id = other
        card = self.env["car.customer.file"]._open_for(other, self.company)
        content = self._render("car_customer_file", card)
        self.assertSays(content, "京A12345", "No visit yet.")
        self.assertNotIn(order.name, content)

    def test_many_sheets_at_once_are_the_supervisors(self):
        calls = self._log_call() | self._log_call()
        with self.assertRefused("supervisors only", Exception):
            self._render("car_contact_call", calls)
        content = self._render("car_contact_call", calls, self.user_supervisor)
        self.assertSays(content, *calls.mapped("name"))

    def test_the_address_is_that_for_a_letter(self):
        china = self.env.ref("base.cn")
        self.company.country_id = china
        self.customer.write(
            {"country_id": china.id, "city": "Shanghai", "zip": "200001"}
        )
        address = self.customer._get_car_post_address()
        self.assertNotIn("China", address)
        self.assertSays(address, "中山路 1 号", "Shanghai", "200001")
        self.customer.country_id = self.env.ref("base.fr")
        self.assertIn("France", self.customer._get_car_post_address())
        self.customer.write({"street": False, "city": False})
        self.assertFalse(self.customer._get_car_post_address())
