from odoo.exceptions import AccessError
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon

HIDDEN = ("document_ids", "signature_ids", "belonging_ids", "consent_id", "symptom")


@tagged("post_install", "-at_install")
class TestInspectionSecurity(CarInspectionCommon):
    """A technician inspects cars; he learns nothing of the customer by it."""

    def setUp(self):
        super().setUp()
        self.order = self._take_in()
        self.intake = self._begin_intake(self.order)
        self._complete(self.intake)
        self.diagnosis = self._begin_diagnosis(self.order)
        self.own = self.diagnosis.with_user(self.user_technician)

    def test_technician_reads_inspections_without_the_customer(self):
        self.env.invalidate_all()
        for inspection in (self.own, self.intake.with_user(self.user_technician)):
            data = str(inspection.read()[0])
            self.assertIn("京A12345", data)
            for secret in ("138 0013", "中山路", "王小明"):
                self.assertNotIn(secret, data)
            for field in HIDDEN:
                with self.subTest(field=field), self.assertRaises(AccessError):
                    inspection.read([field])

    def test_technician_cannot_guess_by_domain_or_group(self):
        inspections = self.env["car.inspection"].with_user(self.user_technician)
        lines = self.env["car.inspection.line"].with_user(self.user_technician)
        calls = self.env["car.specialist.call"].with_user(self.user_technician)
        for model, domain in (
            (inspections, [("order_id.partner_id.phone", "like", "138")]),
            (inspections, [("signature_ids.signed_by", "like", "王")]),
            (inspections, [("handed_over_to", "like", "王")]),
            (lines, [("inspection_id.order_id.amount_total", ">", 1)]),
            (lines, [("job_id.amount_total", ">", 1)]),
            (calls, [("order_id.partner_id.phone", "like", "138")]),
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                model.search(domain)
        with self.assertRaises(AccessError):
            inspections.formatted_read_group([], ["order_id.partner_id"], ["__count"])

    def test_technician_reads_no_papers_articles_or_signatures(self):
        for model in ("document", "difference", "belonging", "signature"):
            records = self.env[f"car.inspection.{model}"]
            with self.subTest(model=model), self.assertRaises(AccessError):
                records.with_user(self.user_technician).search([])
        reports = self.env["ir.actions.report"].with_user(self.user_technician)
        with self.assertRaises(AccessError):
            reports._render_qweb_html(
                "car_aftersales.report_car_inspection_sheet", self.intake.ids
            )
        for slot in self.slot.with_user(self.user_technician):
            self.assertNotIn("order_id", slot.read()[0])

    def test_technician_writes_results_and_nothing_else(self):
        self.own.write({"conclusion": "Pads worn", "advice": "Replace"})
        self.own.line_ids[0].write({"result": "defect", "note": "2 mm"})
        for values in (
            {"user_id": self.user_technician.id},
            {"depth": "reception"},
            {"handed_over_to": "me"},
            {"has_no_belongings": True},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.own.write(values)
        with self.assertRaises(AccessError):
            self.own.create({"order_id": self.order.id, "kind": "diagnosis"})
        with self.assertRaises(AccessError):
            self.intake.with_user(self.user_technician).action_finish()

    def test_nobody_writes_what_the_steps_write(self):
        diagnosis = self.diagnosis.with_user(self.user_manager)
        diagnosis.write({"finished_at": "2026-01-01", "reopened_count": 9})
        self.assertFalse(diagnosis.finished_at)
        self.assertFalse(diagnosis.reopened_count)
        line = diagnosis.line_ids[0]
        line.write({"job_id": self.order.job_ids.id})
        self.assertFalse(line.job_id)

    def test_photos_are_seen_by_all_who_see_the_item(self):
        photo = (
            self.env["ir.attachment"]
            .with_user(self.user_technician)
            .create(
                {"name": "pads.png", "raw": b"x", "res_model": "car.inspection.line"}
            )
        )
        self.own.line_ids[0].photo_ids = photo
        self.assertEqual(photo.sudo().res_id, self.own.line_ids[0].id)
        self.assertEqual(photo.with_user(self.user_inspector).raw, b"x")
        with self.assertRaises(AccessError):
            photo.with_user(self.user_portal).read(["raw"])

    def test_other_desks_read_and_do_not_write(self):
        for user in (
            self.user_cashier,
            self.user_parts_clerk,
            self.user_warranty_clerk,
        ):
            inspection = self.diagnosis.with_user(user)
            self.assertTrue(inspection.read(["conclusion"]))
            with self.assertRaises(AccessError):
                inspection.write({"conclusion": "x"})

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other dealer"})
        self.user_manager.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.env["car.key.slot"].create({"name": "X1", "company_id": company.id})
        for records in (
            self.intake,
            self.intake.line_ids,
            self.intake.document_ids,
            self.intake.signature_ids,
            self.slot,
            self.order.custody_ids,
        ):
            records = records.with_user(self.user_manager).with_context(
                allowed_company_ids=company.ids
            )
            with self.subTest(model=records._name):
                with self.assertRaises(AccessError):
                    records.read(["display_name"])
                self.assertFalse(records.search([("id", "in", records.ids)]))

    def test_inspections_are_exported_by_supervisors_only(self):
        with self.assertRaises(AccessError):
            self.own.export_data(["name"])
        data = self.diagnosis.with_user(self.user_supervisor).export_data(["name"])
        self.assertEqual(data["datas"], [[self.diagnosis.name]])
