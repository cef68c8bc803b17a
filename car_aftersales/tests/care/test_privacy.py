import json
from datetime import timedelta

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import FROZEN_NOW
from .campaigns_common import CampaignsCommon


@tagged("post_install", "-at_install")
class TestPrivacy(CampaignsCommon, HttpCase):
    """Personal data: copied for its owner, erased on request, kept as law asks."""

    def _ask(self, kind, partner=None, **values):
        return (
            self.env["car.privacy.request"]
            .with_user(self.user_manager)
            .create(
                {
                    "partner_id": (partner or self.customer).id,
                    "kind": kind,
                    "evidence": "Identity card shown",
                    **values,
                }
            )
        )

    def _finish_visit(self):
        """Play a visit to its end, billed and paid."""
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.filtered(lambda move: move.state == "draft").action_post()
        self._pay(invoice)
        self._leave(order)
        return order, invoice

    def _sections(self, partner=None):
        data = (partner or self.customer)._get_car_personal_data()
        return {section["key"]: section for section in data}

    # === THE COPY === #

    def test_the_copy_holds_all_about_him(self):
        order, invoice = self._finish_visit()
        task = self.env["car.contact.task"].create(
            {"partner_id": self.customer.id, "clerk_id": self.user_follow_up_clerk.id}
        )
        self._hold_call(task, summary="He likes to be called in the evening")
        self._refuse(self.customer, purpose="survey")
        sections = self._sections()
        person = sections["person"]["rows"][0]
        self.assertEqual(person["phone"], self.customer.phone)
        self.assertEqual(sections["orders"]["rows"][0]["name"], order.name)
        self.assertEqual(sections["invoices"]["rows"][0]["name"], invoice.name)
        self.assertIn("evening", sections["car.contact.call"]["rows"][0]["summary"])
        self.assertEqual(len(sections["car.contact.permission"]["rows"]), 1)
        self.assertEqual(len(sections["lines"]["rows"]), 3)

    def test_each_owner_sees_his_own_time_only(self):
        first, _invoice = self._finish_visit()
        with freeze_time(FROZEN_NOW + timedelta(days=30)):
            self.vehicle.write({"owner_id": self.other.id, "license_plate": "沪C77777"})
        with freeze_time(FROZEN_NOW + timedelta(days=60)):
            second = self._create_order(promised_at=FROZEN_NOW + timedelta(days=61))
        self.assertEqual(second.partner_id, self.other)
        with freeze_time(FROZEN_NOW + timedelta(days=61)):
            old, new = self._sections(), self._sections(self.other)
        self.assertEqual([r["name"] for r in old["orders"]["rows"]], [first.name])
        self.assertEqual([r["name"] for r in new["orders"]["rows"]], [second.name])
        plates = [row["license_plate"] for row in new["plates"]["rows"]]
        self.assertNotIn("京A12345", plates)
        text = json.dumps(new, ensure_ascii=False)
        self.assertNotIn(self.customer.name, text)
        self.assertNotIn(self.customer.phone, text)

    def test_every_document_about_a_person_is_in_the_copy(self):
        found = dict(self.env["res.partner"]._get_car_person_models())
        for model in (
            "car.appointment",
            "car.campaign.target",
            "car.contact.call",
            "car.contact.point",
            "car.contact.task",
            "car.customer.file",
            "car.customer.loss",
            "car.customer.value",
            "car.enquiry",
            "car.insurance.policy",
        ):
            self.assertIn(model, found)
            self.assertTrue(self.env["res.partner"]._get_car_data_columns(model))

    def test_download_and_paper_are_the_managers(self):
        asked = self._ask("export")
        path = f"/car/privacy/{asked.id}/data.json"
        before = len(asked.message_ids)
        self.authenticate("car_manager", "car_manager")
        response = self.url_open(path)
        data = json.loads(response.content.decode())
        self.assertEqual(data["request"], asked.name)
        self.assertEqual(data["sections"][0]["rows"][0]["name"], "王小明")
        self.assertEqual(len(asked.message_ids), before + 1, "That it left is noted.")
        self.authenticate("car_supervisor", "car_supervisor")
        self.assertNotEqual(self.url_open(path).status_code, 200)
        report = self.env.ref("car_aftersales.car_privacy_request_report")
        html = report._render_qweb_html(report.report_name, asked.ids)[0].decode()
        self.assertIn("王小明", html)
        self.assertIn("京A12345", html)
        with self.assertRaises(AccessError):
            asked.with_user(self.user_supervisor).read(["name"])

    # === ERASING === #

    def test_what_is_open_forbids_erasing_and_is_named(self):
        order = self._create_order()
        asked = self._ask("erase")
        with self.assertRefused(f"open orders: {order.name}"):
            asked.action_done()
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.filtered(lambda move: move.state == "draft").action_post()
        with self.assertRefused("unpaid invoices"):
            asked.action_done()
        self._pay(invoice)
        self._leave(order)
        point = self.env["car.contact.point"].create(
            {"partner_id": self.customer.id, "text": "It rattles", "kind": "complaint"}
        )
        with self.assertRefused("points or complaints"):
            asked.action_done()
        self.env.cr.execute(
            "UPDATE car_contact_point SET state = 'closed' WHERE id = %s", [point.id]
        )
        point.invalidate_recordset()
        complaint = point.complaint_id
        with self.assertRefused(f"open complaints: {complaint.name}"):
            asked.action_done()
        self.env.cr.execute(
            "UPDATE car_complaint SET state = 'closed' WHERE id = %s", [complaint.id]
        )
        complaint.invalidate_recordset()
        repair_class = self.env["car.repair.class"].create(
            {"name": "Small repair", "guarantee_days": 10}
        )
        self.env.cr.execute(
            "UPDATE car_repair_job SET repair_class_id = %s WHERE order_id = %s",
            [repair_class.id, order.id],
        )
        order.job_ids.invalidate_recordset()
        with self.assertRefused(f"running guarantees of: {order.name}"):
            asked.action_done()
        with freeze_time(FROZEN_NOW + timedelta(days=11)):
            asked.action_done()
        self.assertEqual(asked.state, "done")

    def test_who_asks_proves_who_he_is_and_the_manager_alone_erases(self):
        asked = self._ask("erase", evidence=False)
        with self.assertRefused("proved who he is"):
            asked.action_done()
        with self.assertRefused("why it is rejected"):
            asked.action_reject()
        with self.assertRaises(AccessError):
            self.env["car.privacy.request"].with_user(self.user_supervisor).create(
                {"partner_id": self.customer.id}
            )

    def test_erasing_replaces_the_person_and_keeps_car_and_books(self):
        self.customer.write({"email": "wang@example.com", "comment": "Wears a red hat"})
        phone = self.customer.phone
        order, invoice = self._finish_visit()
        total, vin = invoice.amount_total, self.vehicle.vin
        task = self.env["car.contact.task"].create(
            {"partner_id": self.customer.id, "clerk_id": self.user_follow_up_clerk.id}
        )
        call = self._hold_call(task, summary="王小明 wants to be called at night")
        planned = self.env["car.contact.task"].create({"partner_id": self.customer.id})
        enquiry = self.env["car.enquiry"].create(
            {
                "partner_id": self.customer.id,
                "contact_name": "王小明",
                "phone": phone,
                "license_plate": "京A12345",
                "question": "What does a battery cost?",
            }
        )
        self.customer.message_post(body=Markup("<p>His sister has a car</p>"))
        asked = self._ask("erase")
        with freeze_time(FROZEN_NOW + timedelta(days=400)):
            asked.action_done()
        self.env.invalidate_all()
        person = self.customer
        self.assertNotIn("王", person.name)
        self.assertFalse(
            person.phone or person.email or person.street or person.comment
        )
        self.assertFalse(person.active)
        self.assertFalse(person.message_ids)
        self.assertEqual(call.summary, "***")
        self.assertFalse(call.phone)
        self.assertEqual(call.outcome, "reached", "That he was called is kept.")
        self.assertEqual(enquiry.contact_name, "***")
        self.assertEqual(enquiry.license_plate, "***")
        self.assertFalse(enquiry.phone or enquiry.plate_key)
        self.assertNotIn("王", "".join(order.job_ids.mapped("customer_name")))
        self.assertEqual(planned.state, "closed")
        # kept
        self.assertEqual(self.vehicle.vin, vin)
        self.assertFalse(self.vehicle.license_plate or self.vehicle.owner_id)
        self.assertEqual(
            set(
                self.env["car.vehicle.plate"]
                .search([("vehicle_id", "=", self.vehicle.id)])
                .mapped("license_plate")
            ),
            {"***"},
        )
        self.assertEqual(invoice.amount_total, total)
        self.assertEqual((invoice.state, invoice.partner_id), ("posted", person))
        self.assertEqual(order.state, "delivered")
        self.assertEqual(asked.done_by_id, self.user_manager)
        self.assertTrue(asked.report_text)
        self.assertFalse(asked.evidence)
        for table, column in (
            ("car_contact_call", "phone"),
            ("car_enquiry", "phone"),
            ("mail_message", "body"),
            ("mail_tracking_value", "old_value_char"),
        ):
            self.env.cr.execute(
                f"SELECT COUNT(*) FROM {table} WHERE {column} LIKE %s",
                ["%13800138000%"],
            )
            self.assertFalse(self.env.cr.fetchone()[0], table)

    def test_erasing_leaves_the_next_owner_alone(self):
        with freeze_time(FROZEN_NOW + timedelta(days=1)):
            self.vehicle.owner_id = self.other
        asked = self._ask("erase")
        with freeze_time(FROZEN_NOW + timedelta(days=2)):
            asked.action_done()
        self.env.invalidate_all()
        self.assertEqual(self.vehicle.owner_id, self.other)
        self.assertEqual(
            self.vehicle.license_plate, "京A12345", "He drives on with it."
        )
        self.assertEqual(self.other.name, "李华")

    def test_what_was_done_stays(self):
        asked = self._ask("export")
        asked.action_done()
        with self.assertRefused("stays as it is"):
            asked.evidence = "x"
        with self.assertRaises(AccessError):
            asked.unlink()

    # === SUPPRESSION === #

    def test_the_same_number_brought_in_again_is_not_contacted(self):
        self.company.country_id = self.env.ref("base.cn")
        number = self.customer.phone
        asked = self._ask("erase")
        asked.action_done()
        again = self.env["res.partner"].create(
            {"name": "王小明", "phone": "138-0013-8000"}
        )
        self.assertNotEqual(again.phone, number)
        for purpose in ("marketing", "follow_up"):
            self.assertTrue(again._get_car_refused(purpose, "phone"))
        cells = self.env["car.contact.permission"]._get_refused_cells(again)
        self.assertIn(("marketing", "phone"), cells[again])
        again._record_car_answer(True, "import")
        self.assertTrue(again._get_car_refused("marketing", "phone"))
        with freeze_time(FROZEN_NOW + timedelta(hours=1)):
            again._record_car_answer(True, "desk", purpose="follow_up")
        self.assertFalse(again._get_car_refused("follow_up", "phone"))
        self.assertTrue(again._get_car_refused("marketing", "phone"))
        self.assertFalse(self.other._get_car_refused("marketing", "phone"))

    def test_the_hash_tells_nobody_the_number(self):
        self._ask("erase").action_done()
        rows = self.env["car.contact.suppression"].search([])
        self.assertEqual(rows.mapped("kind"), ["phone"])
        self.assertNotIn("13800138000", " ".join(rows.mapped("key")))
        with self.assertRaises(AccessError):
            rows.with_user(self.user_supervisor).read(["key"])

    def test_looking_for_suppressed_costs_the_same_for_many(self):
        self._ask("erase").action_done()
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "phone": f"1350000{n:04}"} for n in range(30)]
        )
        counts = []
        for size in (3, 30):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            people[:size]._get_car_refused("marketing", "phone")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
