from odoo.tests import Form, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestOrderDialogs(CarWorkshopCommon):
    """Filters and dialogs of the order as the desks use them."""

    def _find_waiting(self, user):
        orders = self.env["car.repair.order"].with_user(user)
        return orders.search([("is_waiting_for_me", "=", True)])

    def test_waiting_for_me_follows_the_desk(self):
        order = self._create_order()
        colleague = self._create_order(advisor_id=self.user_supervisor.id)
        self.assertIn(order, self._find_waiting(self.user_advisor))
        self.assertNotIn(colleague, self._find_waiting(self.user_advisor))
        self.assertNotIn(order, self._find_waiting(self.user_cashier))
        order.action_decline("refused", "Too expensive")
        self.assertIn(order, self._find_waiting(self.user_cashier))
        self.assertNotIn(order, self._find_waiting(self.user_advisor))

    def test_plate_comes_first_where_the_screen_shows_cars(self):
        order = self._create_order()
        cars = order.with_context(car_plate_first=True)
        self.assertEqual(cars.display_name, f"京A12345 {order.name}")
        self.assertEqual(order.display_name, f"{order.name} 京A12345")

    def test_a_list_with_the_car_shows_the_number_alone(self):
        order = self._create_order()
        rows = order.with_context(car_number_only=True)
        self.assertEqual(rows.display_name, order.name)

    def test_a_new_order_has_no_number_on_the_screen(self):
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        draft = orders.with_context(car_plate_first=True).new({})
        self.assertFalse(draft.display_name)
        draft.vehicle_id = self.vehicle
        self.assertEqual(draft.display_name, "京A12345")

    def test_consent_to_a_diagnosis_asks_for_its_fee_only(self):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order(
            [{"product_id": fee.id}, {"product_id": self.filter.id}]
        )
        form = Form(
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id),
            view="car_aftersales.car_repair_authorization_view_form_record",
        )
        self.assertEqual(len(form.line_ids), 2)
        form.channel = "phone"
        form.kind = "diagnosis"
        answer = form.save()
        self.assertEqual(answer.line_ids.product_id, fee)
        self.assertEqual(order.line_ids[1].authorization_state, "pending")

    def test_credit_is_given_to_the_payer_asked_for(self):
        order = self._create_order()
        other = self.env["res.partner"].create({"name": "李雷"})
        second = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "customer", "partner_id": other.id}
        )
        action = second.with_user(self.user_manager).action_authorize_credit()
        self.env[action["res_model"]].with_user(self.user_manager).with_context(
            **action["context"]
        ).create({"reason": "Monthly account"}).action_confirm()
        self.assertTrue(second.is_credit_authorized)
        self.assertFalse(order._get_customer_payer().is_credit_authorized)

    def test_split_line_names_its_payers(self):
        order = self._create_order()
        insurer = self.env["car.repair.payer"].create(
            {
                "order_id": order.id,
                "kind": "insurer",
                "partner_id": self.insurer.id,
            }
        )
        line = order.line_ids[0]
        self.assertFalse(line.share_text)
        with Form(line.with_user(self.user_advisor)) as form:
            for payer, percent in ((insurer, 70), (order._get_customer_payer(), 30)):
                with form.share_ids.new() as share:
                    share.payer_id = payer
                    share.percent = percent
        self.assertEqual(line.share_text, "Insurer 70 %, Customer 30 %")
