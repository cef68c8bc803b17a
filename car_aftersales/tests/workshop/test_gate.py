from odoo.exceptions import AccessError

from .common import CarWorkshopCommon


class TestGate(CarWorkshopCommon):
    """The gate finds a pass by what it scans or reads, and lets the car out."""

    def _make_pass(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        invoice.filtered(lambda move: move.state == "draft").action_post()
        self._pay(invoice)
        order.with_user(self.user_cashier).action_issue_exit_pass()
        return order.exit_pass_ids

    def _scan(self, code):
        return (
            self.env["car.exit.pass.scan"]
            .with_user(self.user_gate)
            .create({"code": code})
        )

    def test_gate_lets_a_car_out_by_number_and_by_plate(self):
        exit_pass = self._make_pass()
        for code in (exit_pass.name, exit_pass.name.lower(), "京a 12345", "京A·12345"):
            self.assertEqual(self._scan(code).pass_id.id, exit_pass.id, code)
        scan = self._scan(exit_pass.name)
        with self.assertRefused("has not been handed over"):
            scan.action_let_out()
        exit_pass.order_id.with_user(self.user_advisor).action_deliver()
        action = scan.action_let_out()
        self.assertEqual(exit_pass.state, "used")
        self.assertTrue(exit_pass.out_at)
        following = self.env["car.exit.pass.scan"].browse(action["res_id"])
        self.assertIn("has left", following.last_text)
        again = self._scan("京A12345")
        self.assertTrue(again.is_unknown)
        with self.assertRefused("The car stays here"):
            again.action_let_out()

    def test_car_comes_back_from_its_temporary_leave(self):
        order = self._create_order()
        self.env["car.exit.pass"].with_user(self.user_advisor).create(
            {"order_id": order.id, "kind": "temporary", "reason": "road_test"}
        )
        self._scan("京A12345").action_let_out()
        self.assertEqual(order.exit_pass_ids.state, "used")
        self._scan("京A12345").action_let_out()
        self.assertTrue(order.exit_pass_ids.back_at)

    def test_nothing_is_found_by_nothing(self):
        self._make_pass()
        for code in ("", "  ", "·", "%"):
            self.assertFalse(self._scan(code).pass_id)

    def test_gate_learns_nothing_of_the_order(self):
        exit_pass = self._make_pass().with_user(self.user_gate)
        with self.assertRaises(AccessError):
            exit_pass.order_id.read(["partner_id"])
        with self.assertRaises(AccessError):
            self.env["car.exit.pass.scan"].with_user(self.user_technician).create(
                {"code": "x"}
            )
