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
        other = self._create_vehicle(
            license_plate="京B10003", vin=False, active=False
        )
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
