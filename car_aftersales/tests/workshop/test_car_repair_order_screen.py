from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import FROZEN_NOW, CarAftersalesCommon


@tagged("post_install", "-at_install")
class TestCarRepairOrderScreen(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._create_vehicle()
        cls.part = cls.env["product.product"].create(
            {
                "name": "Oil Filter",
                "type": "consu",
                "car_item_kind": "part",
                "list_price": 58.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.order = (
            cls.env["car.repair.order"]
            .with_user(cls.user_advisor)
            .create(
                {
                    "vehicle_id": cls.vehicle.id,
                    "promised_at": FROZEN_NOW,
                    "job_ids": [Command.create({"name": "Oil change"})],
                }
            )
        )

        cls.order.type_id.sudo().write(
            {"requires_signature": False, "is_intake_blocking": False}
        )

    def _get_step(self, user):
        return self.order.with_user(user).next_step

    def _add_line(self, **values):
        return self.order.line_ids.create(
            {"order_id": self.order.id, "product_id": self.part.id, **values}
        )

    # === NEXT STEP === #

    def test_each_desk_is_proposed_its_own_step(self):
        self.assertFalse(self._get_step(self.user_advisor))
        self._add_line()
        self.order.invalidate_recordset()
        self.assertEqual(self._get_step(self.user_advisor), "estimate")
        self.assertFalse(self._get_step(self.user_cashier))
        self.order.action_estimate()
        self.assertEqual(self._get_step(self.user_advisor), "authorize")
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {"order_id": self.order.id, "channel": "phone"}
        )
        self.order.invalidate_recordset()
        self.assertEqual(self._get_step(self.user_workshop_supervisor), "start")
        self.order.action_start()
        self.assertEqual(self._get_step(self.user_advisor), "finish_work")
        self.assertFalse(self._get_step(self.user_inspector))
        self.order.action_finish_work()
        self.order.picking_ids.with_user(self.user_parts_clerk).button_validate()
        self.order.action_request_quality_check()
        self.order.invalidate_recordset()
        self.assertEqual(self._get_step(self.user_inspector), "pass_quality_check")
        self.assertFalse(self._get_step(self.user_advisor))

    def test_cancelling_is_not_offered_once_work_has_begun(self):
        self._add_line()
        self.order.action_estimate()
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {"order_id": self.order.id, "channel": "phone"}
        )
        self.assertFalse(self.order.is_worked_on)
        self.order.with_user(self.user_workshop_supervisor).action_start()
        with Form(self.order) as form:
            self.assertTrue(form.is_worked_on)
        with self.assertRefused("work has been done on it"):
            self.order.action_cancel()

    def test_declined_car_is_proposed_its_pass(self):
        self.order.action_decline("refused", "Too expensive")
        self.assertEqual(self._get_step(self.user_cashier), "exit_pass")
        self.order.with_user(self.user_cashier).action_issue_exit_pass()
        self.order.invalidate_recordset()
        self.assertFalse(self._get_step(self.user_cashier))
        self.assertEqual(self.order.exit_pass_count, 1)

    def test_board_shows_every_open_state(self):
        board = self.order.with_context(read_group_expand=True)
        result = board.web_read_group(
            [("state", "not in", ("delivered", "cancelled"))], ["state"]
        )
        self.assertEqual(
            [group["state"] for group in result["groups"]],
            [
                "reception",
                "estimate",
                "authorized",
                "in_workshop",
                "quality_check",
                "ready",
                "declined",
            ],
        )

    # === FORM === #

    def test_package_fills_the_job_on_the_screen(self):
        package = self.env["car.repair.package"].create(
            {
                "name": "Oil service",
                "line_ids": [
                    Command.create({"product_id": self.part.id, "quantity": 2})
                ],
            }
        )
        with Form(self.order.job_ids) as form:
            form.package_id = package
        line = self.order.line_ids
        self.assertEqual((line.quantity, line.price_unit), (2, 58.0))
        self.assertEqual(line.package_id, package)
        self.assertEqual(line.payer_id, self.order._get_customer_payer())

    def test_empty_payer_of_a_new_line_is_filled(self):
        line = self._add_line(payer_id=False, job_id=False)
        self.assertEqual(line.job_id, self.order.job_ids)
        self.assertEqual(line.payer_id, self.order._get_customer_payer())

    def test_job_opens_for_a_technician(self):
        self._add_line()
        views = self.env["car.repair.job"].with_user(self.user_technician)
        arch = views.get_view(view_type="form")["arch"]
        for name in ("price_unit", "amount_total", "payer_id", "tax_ids"):
            self.assertNotIn(f'name="{name}"', arch)

    def test_down_payment_proposes_the_customer(self):
        wizard = (
            self.env["car.repair.down.payment"]
            .with_user(self.user_cashier)
            .create({"order_id": self.order.id, "amount": 1.0})
        )
        self.assertEqual(wizard.payer_id, self.order._get_customer_payer())

    # === CONSENT === #

    def test_consent_dialog_shows_what_is_told(self):
        line = self._add_line()
        form = Form(
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=self.order.id),
            view="car_aftersales.car_repair_authorization_view_form_record",
        )
        with form.line_ids.edit(0) as entry:
            self.assertEqual(entry.name, line.name)
            self.assertEqual(entry.amount_told, line.price_total)

    def test_consent_of_the_house_asks_for_its_lines(self):
        self._add_line()
        goodwill = self.env["car.repair.payer"].create(
            {"order_id": self.order.id, "kind": "goodwill"}
        )
        line = self._add_line(payer_id=goodwill.id)
        form = Form(
            self.env["car.repair.authorization"]
            .with_user(self.user_supervisor)
            .with_context(default_order_id=self.order.id),
            view="car_aftersales.car_repair_authorization_view_form_record",
        )
        form.channel = "supervisor"
        answer = form.save()
        self.assertEqual(answer.line_ids.line_id, line)
        self.assertTrue(answer.is_internal)

    # === CATALOG === #

    def test_catalog_adds_changes_and_removes_a_line(self):
        price = self.order._update_order_line_info(self.part.id, 2)
        self.assertEqual(price, 58.0)
        self.assertEqual(self.order.line_ids.quantity, 2)
        info = self.order._get_product_catalog_order_line_info(self.part.ids)
        self.assertEqual(info[self.part.id]["quantity"], 2)
        self.assertEqual(info[self.part.id]["price"], 58.0)
        self.order._update_order_line_info(self.part.id, 3)
        self.assertEqual(self.order.line_ids.quantity, 3)
        self.order._update_order_line_info(self.part.id, 0)
        self.assertFalse(self.order.line_ids)

    def test_catalog_shows_products_not_on_the_order(self):
        action = self.order.action_add_from_catalog()
        self.assertEqual(action["context"]["product_catalog_order_id"], self.order.id)
        info = self.order._get_product_catalog_order_line_info(self.part.ids)
        self.assertEqual(info[self.part.id]["quantity"], 0)
        self.assertEqual(info[self.part.id]["price"], 58.0)
        self.assertFalse(info[self.part.id]["readOnly"])
