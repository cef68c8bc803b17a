from odoo.fields import Command
from odoo.tests import tagged

from .coverage_common import CoverageCommon


@tagged("post_install", "-at_install")
class TestCoverageKeptPayers(CoverageCommon):
    """What a recall or a comeback says of the payer, the warranty does not change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.minor = cls.env["car.repair.class"].create(
            {"name": "Small", "guarantee_days": 30, "guarantee_km": 5000}
        )
        cls.type_plain = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Plain",
                "requires_inspection": False,
                "repair_class_id": cls.minor.id,
            }
        )

    def _judge(self, order):
        """Let the advisor ask the warranty anew, and change what it depends on."""
        order.with_user(self.user_advisor).action_apply_coverage()
        order.job_ids[-1:].system_id = self.system
        order.odometer_km = 10100

    # === RECALLS === #

    def _recall(self, **values):
        package = self.env["car.repair.package"].create(
            {
                "name": "Replace pump",
                "line_ids": [
                    Command.create({"product_id": self.labor.id}),
                    Command.create({"product_id": self.pump.id, "quantity": 1}),
                ],
            }
        )
        campaign = self.env["car.recall.campaign"].create(
            {
                "number": "R1",
                "name": "Pump",
                "package_id": package.id,
                "date_from": "2026-01-01",
                **values,
            }
        )
        self.env["car.recall.vehicle"].create(
            {"campaign_id": campaign.id, "vehicle_id": self.vehicle.id}
        )
        campaign.action_open()
        order = self._create_order(odometer_km=10000)
        order.action_add_recalls()
        job = order.job_ids.filtered("recall_vehicle_id")
        self.assertEqual(len(job.line_ids), 2)
        return order, job

    def test_recall_paid_by_a_supplier_stays_his_under_warranty(self):
        self._cover()
        supplier = self.env["res.partner"].create({"name": "Pump Works"})
        order, job = self._recall(kind="part_quality", payer_partner_id=supplier.id)
        payer = job.payer_id
        self.assertEqual((payer.kind, payer.partner_id), ("supplier", supplier))
        self.assertEqual(set(job.line_ids.mapped("coverage_reason")), {"covered"})
        self._judge(order)
        self.assertEqual(job.line_ids.payer_id, payer)
        self.assertFalse(job.line_ids.share_ids)
        # Parts found to be needed on the recall are its maker's too.
        self.env["car.repair.line"].with_user(self.user_advisor).create(
            {"job_id": job.id, "product_id": self.pads.id}
        )
        self.assertEqual(job.line_ids.payer_id, payer)

    def test_recall_paid_by_the_maker_stays_so_without_warranty(self):
        order, job = self._recall(maker_id=self.terms.id)
        payer = job.payer_id
        self.assertEqual((payer.kind, payer.partner_id), ("warranty", self.maker))
        self._judge(order)
        self.assertEqual(job.line_ids.payer_id, payer)

    # === COMEBACKS === #

    def _bring(self, product=None, **values):
        job = {
            "name": "Leaks",
            "system_id": self.system.id,
            "line_ids": [Command.create({"product_id": (product or self.pump).id})],
        }
        return self._create_order(
            type_id=self.type_plain.id,
            odometer_km=10000,
            job_ids=[Command.create(job)],
            **values,
        )

    def _come_back(self, **values):
        """Return the new order of a car whose pump leaks again, linked or not yet."""
        first = self._bring()
        self._authorize(first)
        self._issue(first)
        self._work(first)
        self._pass_quality(first)
        for invoice in self._bill(first).filtered("amount_residual"):
            self._pay(invoice)
        self._leave(first)
        return first, self._bring(**values)

    def _link(self, first, order, **values):
        return (
            self.env["car.repair.comeback"]
            .with_user(self.user_advisor)
            .create(
                {"job_id": order.job_ids.id, "of_job_id": first.job_ids.id, **values}
            )
        )

    def _refute(self, comeback):
        comeback = comeback.with_user(self.user_workshop_supervisor)
        comeback.evidence = "Cut by a stone"
        comeback.attachment_ids = [Command.create({"name": "a.jpg", "raw": b"photo"})]
        comeback.action_refute()

    def _kinds(self, order):
        return {
            (payer.kind, round(part * 100, 2))
            for line in order.line_ids
            for payer, part in line._get_shares()
        }

    def test_comeback_stays_with_the_house_when_a_warranty_is_found(self):
        first, order = self._come_back()
        self._link(first, order)
        self.assertEqual(self._kinds(order), {("internal", 100)})
        self._cover()
        self._judge(order)
        self.assertEqual(set(order.line_ids.mapped("coverage_reason")), {"covered"})
        self.assertEqual(self._kinds(order), {("internal", 100)})

    def test_what_the_maker_pays_already_stays_his_on_a_comeback(self):
        first, order = self._come_back()
        self._cover()
        self._judge(order)
        self.assertEqual(self._kinds(order), {("warranty", 100)})
        self._link(first, order)
        self._judge(order)
        self.assertEqual(self._kinds(order), {("warranty", 100)})

    def test_warranty_that_ends_on_a_comeback_leaves_it_to_the_house(self):
        first, order = self._come_back()
        self._cover(self._create_policy(km=10050))
        order.with_user(self.user_advisor).action_apply_coverage()
        self.assertEqual(self._kinds(order), {("warranty", 100)})
        self._link(first, order)
        order.odometer_km = 10100
        self.assertEqual(set(order.line_ids.mapped("coverage_reason")), {"km"})
        self.assertEqual(self._kinds(order), {("internal", 100)})

    def test_rest_of_a_shared_warranty_is_borne_by_the_house(self):
        first, order = self._come_back()
        self._cover(self._create_policy(payer_percent=60))
        self._judge(order)
        self.assertEqual(self._kinds(order), {("warranty", 60), ("customer", 40)})
        self._link(first, order)
        self.assertEqual(self._kinds(order), {("warranty", 60), ("internal", 40)})
        self._judge(order)
        self.assertEqual(self._kinds(order), {("warranty", 60), ("internal", 40)})

    def test_what_is_not_our_fault_falls_under_the_warranty_again(self):
        first, order = self._come_back()
        comeback = self._link(first, order)
        self._cover()
        self._judge(order)
        self._refute(comeback)
        self.assertEqual(self._kinds(order), {("warranty", 100)})

    def test_what_is_not_our_fault_is_paid_by_the_customer_without_warranty(self):
        first, order = self._come_back()
        comeback = self._link(first, order)
        self._refute(comeback)
        self.assertEqual(self._kinds(order), {("customer", 100)})

    def test_another_fault_falls_under_the_warranty_again(self):
        first, order = self._come_back()
        comeback = self._link(first, order)
        self._cover()
        self._judge(order)
        comeback = comeback.with_user(self.user_inspector)
        comeback.dismiss_reason = "Other pipe"
        comeback.action_dismiss()
        self.assertEqual(self._kinds(order), {("warranty", 100)})
