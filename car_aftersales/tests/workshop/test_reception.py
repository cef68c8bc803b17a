from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestReception(CarWorkshopCommon):
    """A car is taken in: whose it is, and whether it is here already."""

    def _take_in(self, **values):
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create({"type_id": self.type_repair.id, **values})
        )

    def test_car_without_owner_needs_a_customer(self):
        stray = self._create_vehicle(
            license_plate="京B10001", vin=False, owner_id=False
        )
        for values in ({}, {"partner_id": False}):
            with self.assertRaisesRegex(UserError, "京B10001.*no owner"):
                self._take_in(vehicle_id=stray.id, **values)
        order = self._take_in(vehicle_id=stray.id, partner_id=self.customer.id)
        self.assertEqual(order.partner_id, self.customer)
        stray.contact_id = self.maker
        self.assertEqual(self._take_in(vehicle_id=stray.id).partner_id, self.maker)
        stray.contact_id = False
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        order = orders.with_context(default_partner_id=self.customer.id).create(
            {"vehicle_id": stray.id}
        )
        self.assertEqual(order.partner_id, self.customer)

    def test_screen_asks_for_the_customer_of_a_car_without_owner(self):
        stray = self._create_vehicle(
            license_plate="京B10002", vin=False, owner_id=False
        )
        form = Form(self.env["car.repair.order"].with_user(self.user_advisor))
        form.vehicle_id = stray
        with self.assertRaisesRegex(AssertionError, "partner_id"):
            form.save()

    def test_order_without_a_car(self):
        with self.assertRaisesRegex(UserError, "Choose the vehicle"):
            self._take_in()

    def test_archived_car_is_restored_first(self):
        self.vehicle.active = False
        with self.assertRaisesRegex(UserError, "京A12345.*archived"):
            self._take_in(vehicle_id=self.vehicle.id)
        self.vehicle.active = True
        order = self._take_in(vehicle_id=self.vehicle.id)
        other = self._create_vehicle(license_plate="京B10003", vin=False, active=False)
        with self.assertRaisesRegex(UserError, "京B10003.*archived"):
            order.vehicle_id = other

    def test_car_of_another_company_is_not_taken_in_and_not_named(self):
        company = self.env["res.company"].create({"name": "Other dealer"})
        foreign = self._create_vehicle(
            license_plate="沪C10004", vin=False, company_id=company.id
        )
        order = self._take_in(vehicle_id=self.vehicle.id)
        for act in (
            lambda: self._take_in(vehicle_id=foreign.id),
            lambda: order.write({"vehicle_id": foreign.id}),
        ):
            with self.assertRaisesRegex(UserError, "another company") as caught:
                act()
            self.assertNotIn("沪C10004", str(caught.exception))

    def test_car_that_is_gone(self):
        gone = self._create_vehicle(license_plate="京B10005", vin=False)
        gone_id = gone.id
        gone.unlink()
        with self.assertRaisesRegex(UserError, "not exist"):
            self._take_in(vehicle_id=gone_id)

    # === THE CAR IS HERE ALREADY === #

    def test_second_order_of_a_car_in_the_house_is_told(self):
        first = self._create_order()
        self.assertFalse(first.other_open_orders_text)
        self._authorize(first)
        form = Form(self.env["car.repair.order"].with_user(self.user_advisor))
        form.vehicle_id = self.vehicle
        second = form.save()
        self.assertEqual(
            second.other_open_orders_text,
            f"{self.vehicle.display_name} has another open order: "
            f"{first.name} (Authorized).",
        )
        first.invalidate_recordset()
        self.assertIn(second.name, first.other_open_orders_text)

    def test_advisor_is_told_before_he_saves(self):
        first = self._create_order()
        order = (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .new({"vehicle_id": self.vehicle.id})
        )
        self.assertIn(first.name, order.other_open_orders_text)

    def test_closed_visits_are_not_told(self):
        cancelled = self._create_order()
        cancelled.action_cancel()
        declined = self._create_order()
        declined.action_estimate()
        declined.action_decline("refused", "Too expensive")
        order = self._create_order()
        self.assertNotIn(cancelled.name, order.other_open_orders_text)
        self.assertIn(declined.name, order.other_open_orders_text)
        exit_pass = declined.with_user(self.user_cashier).action_issue_exit_pass()
        exit_pass.with_user(self.user_gate).action_leave()
        order.invalidate_recordset()
        self.assertFalse(order.other_open_orders_text)
        self.assertFalse(declined.other_open_orders_text)

    def test_visit_at_another_company_is_not_told(self):
        company = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        self.env["car.repair.order"].with_company(company).create(
            {
                "vehicle_id": self.vehicle.id,
                "type_id": self.type_repair.id,
                "company_id": company.id,
            }
        )
        self.assertFalse(self._create_order().other_open_orders_text)

    def test_telling_costs_the_same_for_few_and_many(self):
        orders = self.env["car.repair.order"]
        for number in range(6):
            car = self._create_vehicle(license_plate=f"京B2000{number}", vin=False)
            for _visit in range(2):
                orders |= self._take_in(vehicle_id=car.id)
        counts = []
        for some in (orders[:2], orders[:2], orders):  # the first run warms up
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.user_advisor).mapped("other_open_orders_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertTrue(all(orders.mapped("other_open_orders_text")))
