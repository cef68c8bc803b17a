from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestCustomerFile(CarCareCommon):
    """客户档案: opened by itself, complete within two days, the hub to the customer."""

    def _get_file(self, partner=None):
        return (
            self.env["car.customer.file"]
            .search([("partner_id", "=", (partner or self.customer).id)])
            .with_user(self.clerk)
        )

    def _open_files(self):
        self._run_job("car_customer_file_cron_open")

    def test_intake_opens_the_file_once(self):
        order = self._create_order()
        with self._day("2026-03-03"):
            self._open_files()
            self._open_files()
        card = self._get_file()
        self.assertEqual((card.order_id, card.opened_by), (order, "intake"))
        # The two days count from the intake, whenever the job ran.
        self.assertEqual(card.due_on, date(2026, 3, 4))

    def test_an_enquiry_opens_it_too(self):
        self.env["car.enquiry"].with_user(self.user_advisor).create(
            {
                "contact_name": "赵六",
                "phone": "13700001111",
                "question": "Opening hours?",
                "answer": "Eight to five.",
            }
        )
        self._open_files()
        card = self._get_file(self.env["res.partner"].search([("name", "=", "赵六")]))
        self.assertEqual(card.opened_by, "enquiry")

    def test_complete_means_that_nothing_of_the_form_is_missing(self):
        self._create_order()
        self._open_files()
        card = self._get_file()
        with self.assertRefused("services the customer wishes.*the next service"):
            card.action_complete()
        card.write(
            {
                "wish_text": "Door-to-door service",
                "next_kind": "service",
                "next_call_date": "2026-08-01",
            }
        )
        self.assertFalse(card.missing_text)
        card.phone = False
        with self.assertRefused("still missing: phone"):
            card.action_complete()
        card.phone = "+86 138 0013 8000"
        card.action_complete()
        self.assertEqual(card.state, "complete")

    def test_late_files_are_found(self):
        self._create_order()
        self._open_files()
        card = self._get_file()
        late = [("is_late", "=", True)]
        with self._day("2026-03-04"):
            self.assertNotIn(card, card.search(late))
        with self._day("2026-03-05"):
            self.assertIn(card, card.search(late))
            self.assertTrue(card.is_late)

    def test_one_file_for_a_customer_and_company(self):
        action = self.customer.with_user(self.clerk).action_open_car_file()
        again = self.customer.with_user(self.clerk).action_open_car_file()
        self.assertEqual(action["res_id"], again["res_id"])
        other = self.env["res.company"].create({"name": "Other Dealer"})
        card = self.env["car.customer.file"]._open_for(self.customer, other)
        self.assertNotEqual(card.id, action["res_id"])

    def test_the_file_is_the_hub(self):
        order = self._deliver()
        call = (
            self.env["car.contact.call"]
            .with_user(self.clerk)
            .create({"partner_id": self.customer.id, "summary": "Thanks"})
        )
        call.action_reached()
        self.env["car.contact.point"].create(
            {"partner_id": self.customer.id, "text": "Cold seats"}
        )
        self._open_files()
        card = self._get_file()
        self.assertEqual(card.order_ids, order)
        self.assertEqual(card.vehicle_ids, self.vehicle)
        self.assertEqual(
            (card.order_count, card.call_count, card.point_count), (1, 2, 1)
        )
        self.assertEqual(card.with_user(self.user_cashier).invoice_count, 1)
        self.assertEqual(card.action_open_orders()["domain"][0][2], self.customer.id)

    def test_the_clerk_of_the_file_gets_the_contacts(self):
        self._deliver()
        self._open_files()
        self._get_file().clerk_id = self.user_advisor
        self._plan()
        self.assertEqual(self._get_tasks("first_call").clerk_id, self.user_advisor)

    def test_files_are_kept(self):
        card = self.env["car.customer.file"]._open_for(self.customer, self.company)
        with self.assertRaises(AccessError):
            card.with_user(self.clerk).unlink()
