from odoo.fields import Command
from odoo.tests import tagged

from .letter_common import CarLetterCommon


@tagged("post_install", "-at_install")
class TestLetterList(CarLetterCommon):
    """The same letter to many: one each, and nobody who may not be written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": "Refuses", "street": "A 1"},
                {"name": "Nowhere"},
                {"name": "Has two cars", "street": "B 2", "email": "two@example.com"},
            ]
        )
        cls.refusing, cls.nowhere, cls.two = partners
        cls.vehicles = cls.vehicle | cls.env["car.vehicle"].create(
            [
                {"license_plate": plate, "model_id": cls.model.id, "owner_id": owner}
                for plate, owner in (
                    ("京B00001", cls.refusing.id),
                    ("京B00002", cls.nowhere.id),
                    ("京B00003", cls.two.id),
                    ("京B00004", cls.two.id),
                    ("京B00005", False),
                )
            ]
        )

    def _choose(self, records, template=None, **values):
        """Open the dialog on records of a list."""
        return (
            self.env["car.contact.letter.make"]
            .with_user(self.clerk)
            .with_context(active_model=records._name, active_ids=records.ids)
            .create({"template_id": (template or self.service_template).id, **values})
        )

    def _make(self, choice):
        return self.letters.search(choice.action_make()["domain"])

    def test_one_letter_for_each_customer(self):
        self._refuse(self.refusing)
        choice = self._choose(self.vehicles, about="Until Friday")
        self.assertEqual((choice.letter_count, choice.skipped_count), (2, 3))
        for line in (
            "Refuses: wants no letters",
            "Nowhere: has no address",
            "京B00005.*: has no owner",
        ):
            self.assertRegex(choice.skipped_text, line)
        letters = self._make(choice)
        self.assertEqual(letters.partner_id, self.customer | self.two)
        self.assertEqual(set(letters.mapped("state")), {"draft"})
        letter = letters.filtered(lambda one: one.partner_id == self.two)
        self.assertIn("京B00003", letter.subject)
        self.assertIn("Until Friday", letter.body)

    def test_the_channel_decides_who_can_be_reached(self):
        choice = self._choose(self.vehicles, channel="mail")
        self.assertIn("Refuses: has no e-mail address", choice.skipped_text)
        self.assertEqual(self._make(choice).mapped("channel"), ["mail", "mail"])

    def test_a_refused_purpose_is_that_of_the_template(self):
        self._refuse(purpose="marketing", channel="letter")
        self.assertEqual(self._choose(self.vehicle).letter_count, 1)
        choice = self._choose(self.vehicle, self.campaign_template)
        with self.assertRefused("No letter is written.*\n.*wants no letters"):
            choice.action_make()
        self.assertFalse(self.letters.search([("partner_id", "=", self.customer.id)]))

    def test_nobody_gets_the_same_letter_twice(self):
        choice = self._choose(self.vehicle)
        letters = self._make(choice)
        with self.assertRefused("has this letter already"):
            self._choose(self.vehicle).action_make()
        self.assertEqual(
            self._make(self._choose(self.vehicle, self.campaign_template)).kind,
            "invitation",
        )
        letters.action_send()
        self.assertEqual(self._choose(self.vehicle).letter_count, 1)

    def test_from_the_queue_a_letter_settles_all_that_is_due(self):
        tasks = (
            self.env["car.contact.task"]
            .with_user(self.clerk)
            .create(
                [
                    {
                        "partner_id": self.two.id,
                        "vehicle_id": vehicle.id,
                        "channel": channel,
                        "purpose": "reminder",
                        "kind": "service_due",
                    }
                    for vehicle, channel in zip(
                        self.vehicles[3:5] | self.vehicle,
                        ("letter", "mail", "phone"),
                        strict=True,
                    )
                ]
            )
        )
        tasks[2].action_close(note="Speaks to us every day")
        choice = self._choose(tasks)
        self.assertRegex(choice.skipped_text, "done or closed already")
        letter = self._make(choice)
        self.assertEqual(letter.task_ids, tasks[:2])
        letter.action_send()
        self.assertEqual(tasks.mapped("state"), ["done", "done", "closed"])

    def test_from_customer_files_and_calls(self):
        card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        card.next_vehicle_id = self.vehicle
        letter = self._make(self._choose(card.with_user(self.clerk)))
        self.assertEqual(letter.vehicle_id, self.vehicle)
        call = self._log_call()
        letter = self._make(self._choose(call, self.campaign_template))
        self.assertEqual(letter.call_id, call)

    def test_a_long_list_costs_as_many_queries_as_a_short_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "street": "S"} for number in range(40)]
        )
        vehicles = self.env["car.vehicle"].create(
            [
                {
                    "license_plate": f"京C{n:05}",
                    "model_id": self.model.id,
                    "owner_id": p,
                }
                for n, p in enumerate(partners.ids)
            ]
        )

        def count(records):
            choice = self._choose(records)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            fitting, skipped = choice._split_customers()
            self.assertEqual((len(fitting), skipped), (len(records), []))
            return self.env.cr.sql_log_count - before

        count(vehicles[:2])
        self.assertEqual(count(vehicles[:5]), count(vehicles[5:]))

    def test_bulk_printing_is_the_supervisors(self):
        letters = self._make(self._choose(self.vehicles[:1] | self.vehicles[3:4]))
        report = self.env["ir.actions.report"]
        name = "car_aftersales.report_car_contact_letter"
        with self.assertRefused("supervisors only", Exception):
            report.with_user(self.clerk)._render_qweb_html(name, letters.ids)
        content = (
            report.with_user(self.user_supervisor)
            ._render_qweb_html(name, letters.ids)[0]
            .decode()
        )
        for text in ("王小明", "Has two cars", *letters.mapped("name")):
            self.assertIn(text, content)
        one = letters.filtered(lambda letter: letter.partner_id == self.customer)
        content = report.with_user(self.clerk)._render_qweb_html(name, one.ids)
        self.assertIn("中山路", content[0].decode())

    def test_a_company_sends_its_own_letters_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.clerk.company_ids = [Command.link(other.id)]
        self.vehicle.company_id = self.company
        choice = self._choose(self.vehicle, company_id=other.id)
        self.assertIn("belongs to another company", choice.skipped_text)
