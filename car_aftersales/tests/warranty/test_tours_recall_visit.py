from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..workshop.tours_common import CarToursCommon
from .recall_common import VINS


@tagged("post_install", "-at_install")
class TestToursRecallVisit(CarToursCommon):
    """A recall from the maker's list to the signature of the customer, by its desks."""

    tiers = (*CarToursCommon.tiers, "warranty_clerk", "parts_clerk")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = cls.env["res.partner"].create({"name": "Tour Maker"})
        cls.type_plain = cls.env["car.repair.type"].create(
            {"requires_signature": False, "name": "Plain", "requires_inspection": False}
        )

    def _create_car(self, plate, vin=False):
        return self.env["car.vehicle"].create(
            {
                "license_plate": plate,
                "vin": vin,
                "model_id": self.vehicle.model_id.id,
                "owner_id": self.vehicle.owner_id.id,
            }
        )

    def _create_campaign(self, cars):
        campaign = self.env["car.recall.campaign"].create(
            {
                "number": "TOUR-2",
                "name": "Airbag",
                "risk": "The airbag may not open.",
                "date_from": "2026-01-01",
                "payer_partner_id": self.maker.id,
                "vehicle_ids": [Command.create({"vehicle_id": car.id}) for car in cars],
            }
        )
        campaign.action_open()
        return campaign

    def test_clerk_enters_a_recall_and_loads_its_cars(self):
        car = self._create_car("沪T00078", VINS[0])
        self.start_tour(
            "/odoo/action-car_aftersales.car_recall_campaign_action",
            "car_recall_clerk_tour",
            login="tour_warranty_clerk",
        )
        campaign = self.env["car.recall.campaign"].search([("number", "=", "CLERK-1")])
        self.assertEqual(campaign.state, "open")
        self.assertEqual(campaign.payer_partner_id, self.maker)
        self.assertEqual(campaign.vehicle_ids.mapped("vin"), VINS[:2])
        self.assertEqual(campaign.vehicle_ids.vehicle_id, car)

    def test_booked_car_shows_its_recall(self):
        campaign = self._create_campaign(self.vehicle)
        booking = (
            self.env["car.appointment"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "start_at": fields.Datetime.now() + timedelta(days=1),
                    "line_ids": [Command.create({"name": "Noise"})],
                }
            )
        )
        self.start_tour(
            f"/odoo/action-car_aftersales.car_appointment_action/{booking.id}",
            "car_recall_booking_tour",
            login="tour_advisor",
        )
        self.assertEqual(booking.line_ids.recall_vehicle_id, campaign.vehicle_ids)
        self.assertEqual(campaign.vehicle_ids.state, "booked")

    def test_car_leaves_when_the_customer_has_refused_and_signed(self):
        campaign = self._create_campaign(self.vehicle)
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        order = orders.create(
            {
                "vehicle_id": self.vehicle.id,
                "type_id": self.type_plain.id,
                "job_ids": [
                    Command.create(
                        {
                            "name": "Brakes",
                            "line_ids": [Command.create({"product_id": self.labor.id})],
                        }
                    )
                ],
            }
        )
        order.env["car.repair.authorization"].create(
            {
                "order_id": order.id,
                "channel": "phone",
                "promised_at": order.received_at,
            }
        )
        order.action_start()
        order.action_finish_work()
        order.action_request_quality_check()
        if order.state == "quality_check":
            order.with_user(self.user_inspector).action_pass_quality_check()
        self._settle(order)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_recall_refuse_tour",
            login="tour_advisor",
        )
        row = campaign.vehicle_ids
        self.assertEqual((order.state, row.state), ("delivered", "refused"))
        self.assertEqual(row.refusal_reason, "Sells the car")
        self.assertTrue(row.refusal_signature)

    def test_bad_lot_is_traced_to_its_cars(self):
        sensor = self.env["product.product"].create(
            {
                "name": "Tour sensor",
                "type": "consu",
                "is_storable": True,
                "tracking": "lot",
                "car_item_kind": "part",
                "list_price": 30.0,
                "taxes_id": [Command.clear()],
            }
        )
        site = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        for number, lot in enumerate(("TOURLOT", "TOURLOT", "OTHERLOT"), 81):
            lots = self.env["stock.lot"]
            lot = lots.search([("name", "=", lot)]) or lots.create(
                {"name": lot, "product_id": sensor.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                sensor, site.lot_stock_id, 1.0, lot_id=lot
            )
            order = (
                self.env["car.repair.order"]
                .with_user(self.user_advisor)
                .create(
                    {
                        "vehicle_id": self._create_car(f"沪T000{number}").id,
                        "type_id": self.type_plain.id,
                        "job_ids": [
                            Command.create(
                                {
                                    "name": "Sensor",
                                    "line_ids": [
                                        Command.create({"product_id": sensor.id})
                                    ],
                                }
                            )
                        ],
                    }
                )
            )
            order.env["car.repair.authorization"].create(
                {
                    "order_id": order.id,
                    "channel": "phone",
                    "promised_at": order.received_at,
                }
            )
            picking = order.picking_ids.with_user(self.user_parts_clerk)
            self.assertEqual(picking.sudo().move_line_ids.lot_id, lot)
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        self.start_tour(
            "/odoo/action-car_aftersales.car_part_trace_action",
            "car_part_trace_tour",
            login="tour_parts_clerk",
        )
        campaign = self.env["car.recall.campaign"].search(
            [("kind", "=", "part_quality")], order="id desc", limit=1
        )
        self.assertEqual(len(campaign.vehicle_ids), 2)
        # Who pays is found by the receipt; these lots came by none.
        campaign.payer_partner_id = self.maker
        self.start_tour(
            "/odoo/action-car_aftersales.car_recall_campaign_action",
            "car_part_trace_clerk_tour",
            login="tour_warranty_clerk",
        )
        self.assertEqual(campaign.state, "open")
        self.assertEqual(campaign.risk, "The sensor may fail")
