from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW
from odoo.addons.car_aftersales.tests.workshop.common import SIGNATURE

from .archive_common import FakeArchive
from .cn_law_common import CnLawCommon


@tagged("post_install", "-at_install")
class TestFlowChina(CnLawCommon):
    """A company's car in China: from its intake to the archive of the authority."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fake = FakeArchive()
        cls.addClassCleanup(cls.fake.stop)
        cls.company.write(
            {
                "car_archive_is_on": True,
                "car_archive_url": cls.fake.url,
                "car_archive_code": "3200",
                "car_archive_password": "secret",
            }
        )
        cls.client = cls.env["res.partner"].create(
            {
                "name": "顺达物流有限公司",
                "is_company": True,
                "vat": "91310115MA1K4XYZ0P",
                "street": "张杨路 88 号",
            }
        )
        cls.vehicle.write({"owner_id": cls.client.id, "vin": "LSVAM4187C2184847"})

    def _run(self, name, after=timedelta()):
        with freeze_time(FROZEN_NOW + after), self.enter_registry_test_mode():
            cron = f"l10n_cn_car_aftersales.car_repair_archive_cron_{name}"
            self.env.ref(cron).method_direct_trigger()
        self.env.invalidate_all()

    def test_a_companys_car_from_intake_to_archive(self):
        # The advisor receives the car for its level-2 maintenance, and looks at it.
        order = self._create_level2()
        self.assertEqual(order.partner_id, self.client)
        self.assertFalse(self.vehicle.is_household)
        order.action_intake()
        order.intake_id.write({"odometer_km": 42000, "fuel_level": "2"})
        order.intake_id.line_ids = [
            Command.create({"name": "Windscreen", "result": "attention"})
        ]
        documents = order.intake_id.document_ids
        documents.filtered("has_expiry").expiry_date = "2027-01-31"
        documents.action_all_good()
        order.intake_id.action_rest_ok()
        order.intake_id.action_finish()
        self.assertIn("Windscreen", str(order._render_cn_inspection("arrival")))

        # The contract names both parties and what the law guarantees.
        order.action_estimate()
        contract = str(order._get_contract_content())
        for text in ("顺达物流有限公司", "91310115MA1K4XYZ0P", "5,000"):
            self.assertIn(text, contract)
        self._authorize(
            order, channel="signature", signed_by="李经理", signature=SIGNATURE
        )

        # Parts clerk, technician and inspector do their work.
        self._issue(order)
        order.job_ids.with_user(self.user_technician).write(
            {"cause": "Due by plan", "correction": "Serviced"}
        )
        self._work(order)
        self._pass_quality(order)
        self.assertIn(self.filter.name, str(order._render_cn_inspection("process")))
        self.assertIn("passed", str(order._render_cn_inspection("completion")))

        # The cashier bills: the settlement list gets its number; the money comes.
        self.assertFalse(order.cn_settlement_id)
        self._settle(order)
        listed = order.cn_settlement_id
        self.assertRegex(listed.name, r"^JSQD/2026/\d{5}$")
        self.assertAlmostEqual(listed.amount_customer, order.amount_total)

        # Paid, but by law the car stays until the inspector has certified it.
        with self.assertRefused("certificate of completion is missing"):
            order.action_deliver()
        certificate = self._issue_certificate(order, odometer_km=42008)
        self.assertEqual(certificate.guarantee_days, 30)
        self.assertEqual(certificate.guarantee_km, 5000)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")

        # The guarantee of the law runs from this day; both papers went along.
        labor = order.line_ids.filtered(lambda line: line.kind == "labor").sudo()
        self.assertEqual(labor.guarantee_days, 30)
        self.assertEqual(order.cn_settlement_id, listed)

        # Nothing was sent at the desk. The jobs queue and send it, once.
        self.assertFalse(self.fake.uploads)
        self._run("queue")
        record = order.sudo().car_archive_ids
        self.assertEqual((record.state, record.upload_number), ("queued", listed.name))
        self._run("send")
        self.assertEqual(record.state, "accepted")
        sent = self.fake.records[listed.name]["basicInfo"]
        self.assertEqual(sent["vin"], "LSVAM4187C2184847")
        self.assertEqual(sent["repairmileage"], 42000)
        self._run("queue")
        self._run("send", timedelta(hours=2))
        self.assertEqual(len(self.fake.uploads), 1)

        # It was no repair for quality: the ledger of the three guarantees is empty.
        self.assertFalse(order.sudo().three_guarantee_entry_ids)

        # Half a month later a part of the bill is credited: the archive is told.
        bill = order.sudo().invoice_ids
        with freeze_time(FROZEN_NOW + timedelta(days=15)):
            reversal = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=bill.ids)
                .create({"journal_id": bill.journal_id.id, "reason": "Filter faulty"})
            )
            credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
            credit.invoice_line_ids[1:].unlink()
            credit.invoice_line_ids.price_unit = 10
            credit.action_post()
        self._run("queue", timedelta(days=15))
        self._run("send", timedelta(days=15))
        second = order.sudo().car_archive_ids - record
        self.assertEqual((second.version, second.state), (2, "accepted"))
        self.assertIn(second.upload_number, self.fake.records)

        # What was certified and settled stays readable, for two years and longer.
        with self.assertRefused("kept for the records"):
            certificate.sudo().unlink()
