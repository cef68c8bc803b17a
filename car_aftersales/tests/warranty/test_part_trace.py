from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .recall_common import VINS, RecallCommon


@tagged("post_install", "-at_install")
class TestPartTrace(RecallCommon):
    """From a lot to every car that has or had it, and back to the supplier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Pump Works"})
        cls.sensor = cls._create_part(
            stock=0, name="Sensor", standard_price=10.0, list_price=30.0, tracking="lot"
        )
        cls.battery = cls._create_part(
            stock=0,
            name="Battery",
            standard_price=50.0,
            list_price=90.0,
            tracking="serial",
        )
        cls.receipt = cls._receive_lots(cls.sensor, {"L1": 5.0, "L2": 5.0})
        cls.serials = cls._receive_lots(cls.battery, {"S1": 1.0, "S2": 1.0, "S3": 1.0})
        cls.lots = {
            lot.name: lot
            for lot in cls.env["stock.lot"].search(
                [("product_id", "in", (cls.sensor | cls.battery).ids)]
            )
        }
        cls.second = cls._create_vehicle(license_plate="京T00002", vin=VINS[1])
        cls.user_stock = new_test_user(
            cls.env, login="car_stock_only", groups="stock.group_stock_user"
        )

    @classmethod
    def _receive_lots(cls, product, quantities, supplier=None):
        """Receive a product from its supplier in lots; return the receipt."""
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": (supplier or cls.supplier).id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": sum(quantities.values()),
                            "location_id": cls.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": cls.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_name": name,
                    "quantity": quantity,
                    "picked": True,
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
            for name, quantity in quantities.items()
        ]
        picking.button_validate()
        return picking

    def _fit(self, vehicle, lots):
        """Issue lots to a car on an order of its own; return the order."""
        products = {}
        for name, quantity in lots.items():
            products.setdefault(self.lots[name].product_id, {})[name] = quantity
        order = self._create_order(
            [
                {"product_id": self.labor.id},
                *(
                    {"product_id": product.id, "quantity": sum(own.values())}
                    for product, own in products.items()
                ),
            ],
            vehicle_id=vehicle.id,
        )
        self._authorize(order)
        picking = order.picking_ids.sudo()
        for move in picking.move_ids:
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": move.product_id.id,
                        "lot_id": self.lots[name].id,
                        "quantity": quantity,
                        "picked": True,
                        "picking_id": picking.id,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
                for name, quantity in products[move.product_id].items()
            ]
        self._issue(order)
        self.assertEqual(picking.state, "done")
        return order

    def _bring_back(self, order, lots):
        """Return lots of an order to stock."""
        picking = order.picking_ids.sudo().filtered(lambda one: one.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = sum(
                quantity
                for name, quantity in lots.items()
                if self.lots[name].product_id == line.product_id
            )
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        for move in returned.move_ids:
            own = {
                name: quantity
                for name, quantity in lots.items()
                if self.lots[name].product_id == move.product_id
            }
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": move.product_id.id,
                        "lot_id": self.lots[name].id,
                        "quantity": quantity,
                        "picked": True,
                        "picking_id": returned.id,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
                for name, quantity in own.items()
            ]
        returned.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(returned.state, "done")

    def _traces(self, *domain, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        traces = self.env["car.part.trace"].with_user(user or self.user_parts_clerk)
        return traces.search(list(domain), order="fitted_at, id")

    def _of(self, name, **options):
        return {
            trace.vehicle_id: (trace.state, trace.quantity)
            for trace in self._traces(("lot_id", "=", self.lots[name].id), **options)
        }

    def test_from_the_lot_to_its_cars_and_back(self):
        first = self._fit(self.vehicle, {"L1": 2.0, "S1": 1.0})
        self._fit(self.second, {"L1": 1.0, "L2": 1.0})
        self.assertEqual(
            self._of("L1"),
            {self.vehicle: ("fitted", 2.0), self.second: ("fitted", 1.0)},
        )
        self.assertEqual(self.lots["L1"].with_user(self.user_stock).car_count, 2)
        self.assertEqual(self.lots["S3"].car_count, 0)
        action = self.lots["L1"].with_user(self.user_stock).action_view_cars()
        self.assertEqual(len(self._traces(*action["domain"], user=self.user_stock)), 2)
        own = self._traces(("vehicle_id", "=", self.vehicle.id))
        self.assertEqual(own.lot_id, self.lots["L1"] | self.lots["S1"])
        self.assertEqual(own.order_id, first)
        action = self.vehicle.with_user(self.user_advisor).action_view_parts()
        self.assertEqual(self._traces(*action["domain"]), own)

    def test_a_part_that_came_back_is_in_the_list_as_returned(self):
        order = self._fit(self.vehicle, {"L1": 2.0, "S1": 1.0})
        self._bring_back(order, {"L1": 1.0, "S1": 1.0})
        self.assertEqual(self._of("L1"), {self.vehicle: ("fitted", 1.0)})
        self.assertEqual(self._of("S1"), {self.vehicle: ("returned", 0.0)})
        trace = self._traces(("lot_id", "=", self.lots["S1"].id))
        self.assertEqual((trace.quantity_out, trace.quantity_back), (1.0, 1.0))
        self.assertTrue(trace.returned_at)
        # The same serial, taken to another car.
        self._fit(self.second, {"S1": 1.0})
        self.assertEqual(
            self._of("S1"),
            {self.vehicle: ("returned", 0.0), self.second: ("fitted", 1.0)},
        )

    def test_a_serial_swapped_in_the_same_visit_leaves_the_car(self):
        order = self._fit(self.vehicle, {"S1": 1.0})
        self._bring_back(order, {"S1": 1.0})
        order.line_ids._launch_parts()
        picking = order.picking_ids.sudo().filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        picking.move_ids.move_line_ids.lot_id = self.lots["S2"]
        self._issue(order)
        self.assertEqual(self._of("S1"), {self.vehicle: ("returned", 0.0)})
        self.assertEqual(self._of("S2"), {self.vehicle: ("fitted", 1.0)})

    def test_the_same_part_on_a_later_visit_replaces_it(self):
        self._fit(self.vehicle, {"S1": 1.0})
        with self._day("2026-03-09"):
            order = self._fit(self.vehicle, {"S2": 1.0})
            self.assertEqual(self._of("S1"), {self.vehicle: ("replaced", 1.0)})
            self.assertEqual(self._of("S2"), {self.vehicle: ("fitted", 1.0)})
            # The new one came back: the old one may still be there.
            self._bring_back(order, {"S2": 1.0})
            self.assertEqual(self._of("S1"), {self.vehicle: ("fitted", 1.0)})

    def test_a_lot_issued_in_several_moves_is_one_row(self):
        order = self._fit(self.vehicle, {"L1": 1.0})
        line = order.line_ids.filtered(lambda one: one.product_id == self.sensor)
        line.with_user(self.user_advisor).quantity = 3.0
        self._authorize(order)
        picking = order.picking_ids.sudo().filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        picking.move_ids.move_line_ids.lot_id = self.lots["L1"]
        self._issue(order)
        self.assertEqual(self._of("L1"), {self.vehicle: ("fitted", 3.0)})
        trace = self._traces(("lot_id", "=", self.lots["L1"].id))
        self.assertEqual(len(trace), 1)

    def test_parts_without_lots_are_told_by_car_and_day(self):
        order = self._create_order()
        self._authorize(order)
        self._issue(order)
        traces = self._traces(("vehicle_id", "=", self.vehicle.id))
        self.assertEqual(traces.product_id, self.filter | self.oil)
        self.assertFalse(traces.lot_id)

    def test_from_the_supplier_by_the_receipt_to_the_cars(self):
        self._fit(self.vehicle, {"L1": 1.0, "S1": 1.0})
        other = self.env["res.partner"].create({"name": "Another supplier"})
        self._receive_lots(self.sensor, {"L9": 2.0}, other)
        self.lots["L9"] = self.env["stock.lot"].search([("name", "=", "L9")])
        self._fit(self.second, {"L9": 1.0})
        self.assertTrue(self.receipt.has_car_lots)
        action = self.receipt.with_user(self.user_stock).action_view_receipt_cars()
        found = self._traces(*action["domain"], user=self.user_stock)
        self.assertEqual(found.lot_id, self.lots["L1"])
        self.assertEqual(found.receipt_ids, self.receipt)
        found = self._traces(("supplier_ids", "ilike", "Another"))
        self.assertEqual(found.vehicle_id, self.second)
        self.assertEqual(found.supplier_ids, other)
        found = self._traces(("supplier_ids", "in", self.supplier.ids))
        self.assertEqual(found.vehicle_id, self.vehicle)
        self.assertEqual(len(found), 2)

    def test_customers_are_told_to_the_desks_that_deal_with_them(self):
        self._fit(self.vehicle, {"L1": 1.0})
        for user in (
            self.user_advisor,
            self.user_supervisor,
            self.user_warranty_clerk,
        ):
            trace = self._traces(("lot_id", "!=", False), user=user)
            self.assertEqual(trace.partner_id, self.customer)
        for user in (self.user_parts_clerk, self.user_stock):
            trace = self._traces(("lot_id", "!=", False), user=user)
            data = trace.read()[0]
            self.assertNotIn("partner_id", data)
            self.assertNotIn("王小明", str(data))
            with self.assertRaises(AccessError):
                trace.read(["partner_id"])
            with self.assertRaises(AccessError):
                trace.search([("partner_id.name", "=", "王小明")])
        for user in (self.user_technician, self.user_gate, self.user_cashier):
            with self.assertRaises(AccessError):
                self._traces(user=user)

    def test_a_list_costs_the_same_however_long(self):
        for vehicle in (self.vehicle, self.second):
            self._fit(vehicle, {"L1": 1.0, "L2": 1.0})
        counts = []
        for limit in (2, 1, 4):  # the first warms up
            self.env.flush_all()
            self.env.invalidate_all()
            traces = self.env["car.part.trace"].with_user(self.user_parts_clerk)
            before = self.env.cr.sql_log_count
            traces.web_search_read(
                [],
                {
                    "product_id": {"fields": {"display_name": {}}},
                    "lot_id": {"fields": {"display_name": {}}},
                    "vehicle_id": {"fields": {"display_name": {}}},
                    "vin": {},
                    "state": {},
                    "supplier_ids": {"fields": {"display_name": {}}},
                    "receipt_ids": {"fields": {"display_name": {}}},
                },
                limit=limit,
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === CALLING CARS IN === #

    def test_bad_parts_become_a_draft_of_a_campaign(self):
        kept = self._fit(self.vehicle, {"L1": 1.0})
        back = self._fit(self.second, {"L1": 1.0})
        third = self._create_vehicle(license_plate="京T00003", vin=False)
        self._fit(third, {"L1": 1.0})
        self._bring_back(back, {"L1": 1.0})
        traces = self._traces(("lot_id", "=", self.lots["L1"].id))
        self.assertEqual(len(traces), 3)
        action = traces.action_list_to_contact()
        campaign = self.env["car.recall.campaign"].browse(action["res_id"])
        self.assertEqual((campaign.state, campaign.kind), ("draft", "part_quality"))
        self.assertEqual(campaign.vehicle_ids.vehicle_id, self.vehicle | third)
        self.assertEqual(
            (campaign.payer_kind, campaign.payer_partner_id),
            ("supplier", self.supplier),
        )
        self.assertIn("L1", campaign.description)
        self.assertFalse(kept.recall_text, "A draft changes nothing.")
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_parts_clerk).action_open()
        campaign.with_user(self.user_warranty_clerk).action_open()
        self.env.invalidate_all()
        self.assertIn("Part quality", kept.recall_text)

    def test_nobody_else_calls_cars_in_and_not_for_what_came_back(self):
        order = self._fit(self.vehicle, {"L1": 1.0})
        for user in (self.user_advisor, self.user_stock):
            with self.assertRaises(AccessError):
                self._traces(
                    ("lot_id", "!=", False), user=user
                ).action_list_to_contact()
        self._bring_back(order, {"L1": 1.0})
        with self.assertRefused("None of these parts is in a car"):
            self._traces(("lot_id", "!=", False)).action_list_to_contact()

    def test_parts_of_another_company_are_not_seen(self):
        self._fit(self.vehicle, {"L1": 1.0})
        other = self.env["res.company"].create({"name": "Other dealer"})
        stranger = new_test_user(
            self.env,
            login="car_other_parts",
            groups="car_aftersales.car_aftersales_group_parts_clerk",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._traces(user=stranger))

    def test_what_has_no_lot_says_that_it_is_traced_by_day_only(self):
        order = self._fit(self.vehicle, {"L1": 1.0})
        plain = self._create_order([{"product_id": self.pump.id}])
        self._authorize(plain)
        self._issue(plain)
        rows = self._traces(("order_id", "in", (order | plain).ids))
        self.assertEqual(
            {row.product_id: row.traced_by for row in rows},
            {self.sensor: "lot", self.pump: "day"},
        )
        only_day = self._traces(("traced_by", "=", "day"))
        self.assertEqual(only_day.product_id, self.pump)
        self.assertFalse(only_day.lot_id)
        action = rows.with_user(self.user_warranty_clerk).action_list_to_contact()
        draft = self.env["car.recall.campaign"].browse(action["res_id"])
        self.assertIn("have no lot or serial", draft.description)
        with_lot = rows.filtered("lot_id").with_user(self.user_warranty_clerk)
        action = with_lot.action_list_to_contact()
        draft = self.env["car.recall.campaign"].browse(action["res_id"])
        self.assertNotIn("no lot or serial", draft.description)
