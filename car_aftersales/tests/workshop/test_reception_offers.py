from odoo.fields import Command
from odoo.tests import tagged

from .reception_common import CarReceptionCommon


@tagged("post_install", "-at_install")
class TestReceptionOffers(CarReceptionCommon):
    """What a card offers is on the order with one tap."""

    def _tap(self, key):
        """Press the button of a card; return the order it leads to."""
        card = self._get_card(key)
        (button,) = [one for one in card["buttons"] if one["values"]]
        return self._start(**button["values"]).order_id

    def _refuse_filter(self):
        """Return a delivered order on which the customer refused the oil filter."""
        order = self._create_order()
        order.action_estimate()
        self._authorize(
            order,
            line_ids=[
                Command.create(
                    {
                        "line_id": line.id,
                        "is_approved": line.product_id != self.filter,
                    }
                )
                for line in order.line_ids
            ],
        )
        return order

    def _make_service_due(self):
        package = self.env["car.repair.package"].create(
            {
                "name": "Oil service",
                "line_ids": [
                    Command.create({"product_id": self.labor.id}),
                    Command.create({"product_id": self.oil.id, "quantity": 4.0}),
                ],
            }
        )
        plan = self.env["car.maintenance.plan"].create(
            {
                "name": "Every year",
                "line_ids": [
                    Command.create({"package_id": package.id, "repeat_months": 12})
                ],
            }
        )
        self.vehicle.write(
            {"plan_id": plan.id, "first_registration_date": "2025-02-01"}
        )
        self.vehicle._add_reading(10, read_at=self._wait(24 * 365))
        return package

    def _let_out(self, order):
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.exit_pass_ids.with_user(self.user_gate).action_leave()

    def test_due_service_is_on_the_order_with_its_lines(self):
        package = self._make_service_due()
        order = self._tap("service")
        self.assertEqual(order.job_ids.package_id, package)
        self.assertEqual(order.job_ids.line_ids.product_id, self.labor | self.oil)
        self.assertEqual(order.reception_id.purpose, "repair")

    def test_two_taps_put_it_there_once(self):
        self._make_service_due()
        order = self._tap("service")
        self.assertEqual(self._tap("service"), order)
        self.assertEqual(len(order.job_ids), 1)

    def test_what_the_customer_adds_is_a_job_of_its_own(self):
        self._make_service_due()
        card = self._get_card("service")
        values = {**card["buttons"][0]["values"], "complaint": "Squeals"}
        order = self._start(**values).order_id
        self.assertEqual(set(order.job_ids.mapped("name")), {"Squeals", "Oil service"})

    def test_booked_car_comes_with_its_booking(self):
        self._make_service_due()
        booking = self._book(self._at(2, 14), vehicle_id=self.vehicle.id)
        order = self._tap("service")
        self.assertEqual(booking.order_id, order)
        self.assertTrue(order.job_ids.filtered("package_id"))

    def test_refused_work_is_offered_again_at_todays_price(self):
        order = self._create_order()
        order.action_estimate()
        order.action_decline("refused", "Too dear")
        self.assertFalse(self._get_card("declined")["buttons"])  # it is still here
        self._let_out(order)
        self.filter.list_price = 60.0
        again = self._tap("declined")
        self.assertNotEqual(again, order)
        self.assertEqual(again.job_ids.name, "Oil service")
        self.assertEqual(again.line_ids.product_id, self.labor | self.filter | self.oil)
        line = again.line_ids.filtered(lambda one: one.product_id == self.filter)
        self.assertAlmostEqual(line.price_unit, 60.0)
        self.assertEqual(set(again.line_ids.mapped("authorization_state")), {"pending"})

    def test_of_a_repaired_car_the_refused_line_alone_is_offered(self):
        order = self._refuse_filter()
        self.assertFalse(self._get_card("declined")["buttons"])  # it is still here
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        order._get_customer_payer().with_user(
            self.user_manager
        ).action_authorize_credit(reason="Month")
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.with_user(self.user_advisor).action_deliver()
        again = self._tap("declined")
        self.assertEqual(again.line_ids.product_id, self.filter)

    def test_work_of_another_car_is_not_put_on_the_order(self):
        other = self._create_vehicle(license_plate="京B10001", vin=False)
        order = self._create_order(vehicle_id=other.id)
        order.action_estimate()
        order.action_decline("refused", "Too dear")
        mine = self._start(purpose="repair", refused_job_ids=order.job_ids.ids).order_id
        self.assertFalse(mine.job_ids)

    def test_who_registers_nobody_is_offered_no_button(self):
        self._make_service_due()
        cards = self.env["car.reception"].with_user(self.user_inspector)
        found = cards._get_cards(self.vehicle, self.vehicle.owner_id)
        (card,) = [one for one in found if one["key"] == "service"]
        self.assertFalse(card["buttons"])
