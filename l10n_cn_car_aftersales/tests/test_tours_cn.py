from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.workshop.tours_common import CarToursCommon

ACTION = "/odoo/action-l10n_cn_car_aftersales"


@tagged("post_install", "-at_install")
class TestToursCn(CarToursCommon):
    """The desks of a Chinese workshop in a browser, each with his own rights."""

    tiers = (*CarToursCommon.tiers, "warranty_clerk", "supervisor")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.car_cn_law = True
        cls.vehicle.plate_country_id = cls.env.ref("base.cn")
        cls.maker = cls.env["res.partner"].create({"name": "Maker"})

    # === BUILDERS === #

    def _receive(self, certificate="never", **values):
        """Return an order of the advisor whose work the customer agreed to."""
        order_type = self.env["car.repair.type"].create(
            {
                "name": "Tour",
                "requires_inspection": True,
                "requires_signature": False,
            }
        )
        order_type.certificate_rule = certificate
        order = (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "type_id": order_type.id,
                    "odometer_km": 42000,
                    "promised_at": fields.Datetime.now() + timedelta(hours=4),
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Brakes",
                                "line_ids": [
                                    Command.create({"product_id": self.labor.id})
                                ],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        return order

    def _agree(self, order, **values):
        order.env["car.repair.authorization"].create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": order.promised_at,
                **values,
            }
        )

    def _finish(self, order):
        """Play an agreed order up to the finished car."""
        order.action_start()
        order.action_finish_work()
        order.action_request_quality_check()
        order.with_user(self.user_inspector).action_pass_quality_check()

    def _bear_by_maker(self, order):
        payer = order.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.job_ids.payer_id = payer
        order.line_ids.payer_id = payer

    def _open(self, order, tour, tier):
        self.start_tour(f"/odoo/repair-orders/{order.id}", tour, login=f"tour_{tier}")

    # === TOURS === #

    def test_no_car_leaves_without_its_certificate(self):
        order = self._receive("always")
        self._agree(order)
        self._finish(order)
        self._settle(order)
        self._open(order, "car_cn_no_certificate_tour", "advisor")
        self._open(order, "car_cn_certificate_tour", "inspector")
        void, valid = order.sudo().cn_certificate_ids.sorted("id")
        self.assertEqual((void.state, void.void_reason), ("void", "Odometer misread"))
        self.assertEqual(valid.inspector_id, self.user_inspector)
        self.assertEqual(valid.odometer_km, 42012)
        self._open(order, "car_cn_delivered_tour", "advisor")
        self.assertEqual(order.state, "delivered")

    def test_warranty_clerk_keeps_the_ledger(self):
        self.vehicle.write(
            {
                "sale_invoice_date": fields.Date.today() - timedelta(days=90),
                "odometer_km": 9000,
            }
        )
        order = self._receive(odometer_km=9100)
        self._bear_by_maker(order)
        self._agree(order)
        self._finish(order)
        self._settle(order)
        order.action_deliver()
        self.start_tour(
            f"/odoo/action-car_aftersales.car_vehicle_action/{self.vehicle.id}",
            "car_cn_ledger_tour",
            login="tour_warranty_clerk",
        )
        entry = self.vehicle.sudo().three_guarantee_entry_ids.filtered("is_elsewhere")
        self.assertEqual((entry.days, entry.reason), (20, "corrected"))
        self.start_tour(
            f"{ACTION}.car_three_guarantee_warning_action",
            "car_cn_warning_tour",
            login="tour_warranty_clerk",
        )
        warning = self.vehicle.sudo().three_guarantee_warning_ids
        self.assertEqual((warning.state, warning.kind), ("closed", "days"))

    def test_transport_money_for_a_long_repair(self):
        self.env.company.car_mobility_kind = "money"
        self.vehicle.write(
            {
                "sale_invoice_date": fields.Date.today() - timedelta(days=90),
                "odometer_km": 9000,
            }
        )
        order = self._receive(odometer_km=9100)
        self._bear_by_maker(order)
        self._agree(order, answered_at=fields.Datetime.now() - timedelta(days=6))
        order.sudo()._watch_three_guarantees(self.env.company)
        self._open(order, "car_cn_mobility_tour", "warranty_clerk")
        mobility = order.sudo().mobility_ids
        self.assertEqual((mobility.state, mobility.amount), ("done", 300.0))
        self.assertTrue(mobility.signature)

    def test_cashier_makes_and_prints_the_settlement_list(self):
        order = self._receive()
        self._agree(order)
        self._finish(order)
        self._open(order, "car_cn_settlement_tour", "cashier")
        paper = order.sudo().cn_settlement_id
        self.assertEqual(paper.amount_labor, 240.0)

    def test_supervisor_reads_a_refusal_and_hands_a_file_over(self):
        self.env.company.car_archive_is_on = True
        order = self._receive()
        self._agree(order)
        self._finish(order)
        self._settle(order)
        order.action_deliver()
        record = order.sudo()._queue_archive()
        record._take_answer(
            {
                "state": "refused",
                "text": "VIN and plate differ",
                "answer": '{"code": "0", "status": "VIN and plate differ"}',
            }
        )
        self.start_tour(
            f"{ACTION}.car_repair_archive_action",
            "car_cn_archive_tour",
            login="tour_supervisor",
        )
        self.assertEqual(record.state, "by_file")

    def test_advisor_changes_a_plate(self):
        self.env.company.car_cn_plate_check = "refuse"
        self.start_tour(
            f"/odoo/action-car_aftersales.car_vehicle_action/{self.vehicle.id}",
            "car_cn_plate_tour",
            login="tour_advisor",
        )
        self.assertEqual(self.vehicle.license_plate, "京AD12345")
        self.assertEqual(self.vehicle.plate_color, "green")
