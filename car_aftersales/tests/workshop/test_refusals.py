from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROMISED_AT, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestRefusals(CarWorkshopCommon):
    """What nobody may do, whichever way he tries."""

    def test_every_state_written_around_its_button_meets_the_same_refusal(self):
        """A remote write of each state is refused on a fresh order."""
        order = self._create_order()
        states = [value for value, _label in order._fields["state"].selection]
        for state in states:
            if state in ("reception", "estimate", "cancelled"):
                continue
            for user in (self.user_advisor, self.user_workshop_supervisor):
                with (
                    self.subTest(state=state, user=user.name),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    order.with_user(user).write({"state": state})
        self.assertEqual(order.state, "reception")

    def test_every_state_of_a_job_written_around_its_button(self):
        order = self._create_order()
        job = order.job_ids
        for state in ("authorized", "in_progress", "done", "passed"):
            for user in (self.user_advisor, self.user_technician):
                with (
                    self.subTest(state=state, user=user.name),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    job.with_user(user).write({"state": state})

    def test_order_is_created_only_in_its_first_state(self):
        with self.assertRaises(UserError):
            self._create_order(state="ready")
        with self.assertRaises(UserError):
            self.env["car.repair.order"].with_user(self.user_advisor).with_context(
                default_state="delivered"
            ).create({"vehicle_id": self.vehicle.id})

    def test_technician_cannot_pass_his_own_work(self):
        order = self._create_order()
        self._authorize(order)
        self._issue(order)
        self._work(order)
        with self.assertRaises(AccessError):
            order.job_ids.with_user(self.user_technician).write({"state": "passed"})
        order.with_user(self.user_advisor).action_request_quality_check()
        with self.assertRaises(AccessError):
            order.with_user(self.user_advisor).action_pass_quality_check()

    def test_technician_cannot_change_a_price(self):
        order = self._create_order()
        line = order.line_ids[0].with_user(self.user_technician)
        with self.assertRaises(AccessError):
            line.price_unit = 1
        with self.assertRaises(AccessError):
            line.quantity = 5

    def test_price_below_the_limit_of_the_role(self):
        order = self._create_order()
        line = order.line_ids[0]
        with self.assertRaises(ValidationError):
            line.with_user(self.user_advisor).discount = 15
        with self.assertRaises(ValidationError):
            line.with_user(self.user_advisor).price_unit = 200
        line.with_user(self.user_supervisor).discount = 15
        with self.assertRaises(ValidationError):
            line.with_user(self.user_supervisor).discount = 50
        line.with_user(self.user_manager).discount = 50
        self.assertAlmostEqual(line.price_subtotal, 150)

    def test_consent_is_never_edited(self):
        order = self._create_order()
        consent = self._authorize(order).sudo()
        with self.assertRaises(UserError):
            consent.note = "changed"
        with self.assertRaises(UserError):
            consent.line_ids.write({"is_approved": False})
        with self.assertRaises(UserError):
            consent.unlink()

    def test_consent_keeps_what_was_told_not_what_the_client_sends(self):
        order = self._create_order()
        line = order.line_ids[0]
        consent = (
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "channel": "phone",
                    "line_ids": [
                        Command.create(
                            {"line_id": line.id, "quantity": 99, "amount_told": 9999}
                        )
                    ],
                }
            )
        )
        self.assertEqual(consent.line_ids.quantity, line.quantity)
        self.assertAlmostEqual(consent.line_ids.amount_told, line.price_total)

    def test_signature_needs_a_name_and_a_picture(self):
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "signature"):
            self._authorize(order, channel="signature")

    def test_declined_line_is_neither_issued_nor_billed(self):
        order = self._create_order()
        labor, *others = order.line_ids
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {
                "order_id": order.id,
                "channel": "phone",
                "line_ids": [
                    Command.create({"line_id": labor.id}),
                    *[
                        Command.create({"line_id": line.id, "is_approved": False})
                        for line in others
                    ],
                ],
            }
        )
        self.assertFalse(order.picking_ids)
        self._work(order)
        self._pass_quality(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 300)
        self.assertTrue(order.line_ids.exists())

    def test_done_order_is_neither_deleted_nor_changed(self):
        order = self._create_order()
        self._make_ready(order)
        self._pay(self._bill(order))
        self._leave(order)
        with self.assertRaises(UserError):
            order.with_user(self.user_manager).unlink()
        with self.assertRaises(UserError):
            order.with_user(self.user_manager).odometer_km = 1
        line = order.line_ids[0].with_user(self.user_manager)
        with self.assertRaises(UserError):
            line.quantity = 9
        with self.assertRaises(UserError):
            line.price_unit = 9
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            order.job_ids.with_user(self.user_manager).unlink()
        with self.assertRaises(UserError):
            order.with_user(self.user_manager).write({"state": "ready"})

    def test_lower_odometer_needs_a_reason(self):
        self._create_order(odometer_km=5000)
        with self.assertRaises(UserError):
            self._create_order(odometer_km=4000)
        order = self._create_order(
            odometer_km=4000, odometer_lower_reason="cluster_replaced"
        )
        self.assertEqual(order.odometer_km, 4000)

    def test_leaving_on_credit_is_the_managers_decision(self):
        order = self._create_order()
        self._make_ready(order)
        self._bill(order)
        payer = order._get_customer_payer()
        with self.assertRaises(AccessError):
            payer.with_user(self.user_supervisor).action_authorize_credit("regular")
        with self.assertRaises(AccessError):
            payer.with_user(self.user_advisor).write({"is_credit_authorized": True})
        payer.with_user(self.user_manager).action_authorize_credit("Fleet customer")
        self._leave(order)
        self.assertEqual(order.exit_pass_ids.credit_reason, "Fleet customer")
        self.assertAlmostEqual(order.exit_pass_ids.amount_open, 711.9)

    def test_open_money_of_the_maker_never_keeps_a_car_here(self):
        order = self._create_order()
        warranty = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.line_ids.payer_id = warranty
        self._make_ready(order)
        self._leave(order)
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.billing_state, "to_bill")
        self._bill(order)
        self.assertEqual(order.billing_state, "billed")

    def test_pass_is_issued_once_and_by_the_cashier(self):
        order = self._create_order()
        self._make_ready(order)
        self._pay(self._bill(order))
        with self.assertRaises(AccessError):
            order.with_user(self.user_inspector).action_issue_exit_pass()
        order.with_user(self.user_cashier).action_issue_exit_pass()
        with self.assertRaisesRegex(UserError, "already"):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        self.assertEqual(len(order.exit_pass_ids), 1)

    def test_gate_opens_only_for_a_car_handed_over(self):
        order = self._create_order()
        self._make_ready(order)
        self._pay(self._bill(order))
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        with self.assertRaises(UserError):
            exit_pass.with_user(self.user_gate).action_leave()

    def test_declined_order_bills_its_fee_and_leaves_on_a_pass(self):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order(
            [{"product_id": fee.id, "price_unit": 100}, {"product_id": self.labor.id}]
        )
        fee_line = order.line_ids.filtered(lambda line: line.kind == "fee")
        self.env["car.repair.authorization"].with_user(self.user_advisor).create(
            {
                "order_id": order.id,
                "kind": "diagnosis",
                "channel": "phone",
                "line_ids": [Command.create({"line_id": fee_line.id})],
            }
        )
        order.action_estimate()
        order.action_decline("refused", "Too expensive")
        self.assertEqual(order.state, "declined")
        with self.assertRaises(UserError):
            order.with_user(self.user_cashier).action_issue_exit_pass()
        invoice = self._bill(order)
        self.assertAlmostEqual(invoice.amount_untaxed, 100)
        self._pay(invoice)
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        self.assertEqual(exit_pass.reason, "declined")
        exit_pass.with_user(self.user_gate).action_leave()
        self.assertEqual(order.state, "declined")

    def _give_reason(self, action, user, **values):
        """Fill in the dialog that a step without a reason opens."""
        wizard = (
            self.env["car.repair.reason"]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": "Because", **values})
        )
        wizard.action_confirm()

    def test_dialogs_ask_for_the_reason_and_take_the_step(self):
        order = self._create_order()
        self._authorize(order)
        self._issue(order)
        self._work(order)
        order.with_user(self.user_advisor).action_request_quality_check()
        inspector = order.with_user(self.user_inspector)
        self._give_reason(inspector.action_rework(), self.user_inspector)
        self.assertEqual(order.rework_count, 1)
        self._work(order)
        self._pass_quality(order)
        self._bill(order)
        payer = order._get_customer_payer().with_user(self.user_manager)
        self._give_reason(payer.action_authorize_credit(), self.user_manager)
        self.assertTrue(payer.is_credit_authorized)
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        self._give_reason(exit_pass.action_void(), self.user_cashier)
        self.assertEqual(exit_pass.state, "void")
        other = self._create_order(
            vehicle_id=self._create_vehicle(license_plate="京B00001", vin=False).id
        )
        self._give_reason(
            other.action_decline(), self.user_advisor, outcome="diagnosis_only"
        )
        self.assertEqual(other.outcome, "diagnosis_only")

    def test_temporary_pass_brings_the_car_back(self):
        order = self._create_order()
        self._authorize(order)
        exit_pass = (
            self.env["car.exit.pass"]
            .with_user(self.user_advisor)
            .create({"order_id": order.id, "kind": "temporary"})
        )
        gate = exit_pass.with_user(self.user_gate)
        with self.assertRaises(UserError):
            gate.action_return()
        gate.action_leave()
        gate.action_return()
        self.assertTrue(exit_pass.back_at)
        self.assertEqual(order.state, "authorized")
        with self.assertRaises(UserError):
            exit_pass.with_user(self.user_manager).unlink()
        with self.assertRaises(UserError):
            exit_pass.with_user(self.user_manager).kind = "final"
        for values in ({"amount_settled": 1}, {"issued_by_id": self.user_gate.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                gate.write(values)

    def test_decline_needs_a_reason(self):
        order = self._create_order()
        with self.assertRaises(UserError):
            order.write({"state": "declined"})

    def test_car_is_not_finished_while_agreed_parts_wait_on_the_shelf(self):
        order = self._create_order()
        self._authorize(order)
        self._work(order)
        with self.assertRaisesRegex(UserError, "not issued.*Oil filter"):
            order.with_user(self.user_advisor).action_request_quality_check()
        self._issue(order)
        self._pass_quality(order)
        self.assertEqual(order.state, "ready")

    def test_withdrawn_pass_lets_the_car_go_back_to_work(self):
        order = self._create_order()
        self._make_ready(order)
        self._pay(self._bill(order))
        exit_pass = order.with_user(self.user_cashier).action_issue_exit_pass()
        inspector = order.with_user(self.user_inspector)
        with self.assertRaisesRegex(UserError, "pass"):
            inspector.action_rework("Forgot a screw")
        with self.assertRaises(UserError):
            exit_pass.with_user(self.user_cashier).write({"state": "void"})
        exit_pass.with_user(self.user_cashier).action_void("Back to the workshop")
        inspector.action_rework("Forgot a screw")
        self.assertEqual(order.state, "in_workshop")

    def test_warranty_clerk_bills_the_maker_not_the_customer(self):
        order = self._create_order()
        warranty = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.line_ids[0].payer_id = warranty
        self._make_ready(order)
        order.with_user(self.user_warranty_clerk).action_create_invoices()
        self.assertEqual(order.invoice_ids.partner_id, self.maker)
        with self.assertRaises(UserError):
            order.with_user(self.user_warranty_clerk).action_create_invoices(
                order._get_customer_payer()
            )

    def test_rework_needs_a_reason_and_is_counted(self):
        order = self._create_order()
        self._authorize(order)
        self._issue(order)
        self._work(order)
        order.with_user(self.user_advisor).action_request_quality_check()
        inspector = order.with_user(self.user_inspector)
        with self.assertRaises(UserError):
            inspector.write({"state": "in_workshop"})
        inspector.action_rework("Oil leaks at the filter")
        self.assertEqual(order.rework_count, 1)
        self.assertEqual(order.job_ids.state, "in_progress")
        self._work(order)
        self._pass_quality(order)
        self.assertEqual(order.state, "ready")

    def test_duplicate_starts_anew(self):
        order = self._create_order()
        self._make_ready(order)
        copy = order.copy()
        self.assertEqual(copy.state, "reception")
        self.assertNotEqual(copy.name, order.name)
        self.assertEqual(len(copy.line_ids), 3)
        self.assertEqual(set(copy.line_ids.mapped("authorization_state")), {"pending"})
        self.assertEqual(copy.line_ids.payer_id.order_id, copy)

    def test_cancelled_order_can_be_reopened(self):
        order = self._create_order()
        order.action_cancel()
        self.assertEqual(order.job_ids.state, "cancelled")
        order.action_reopen()
        self.assertEqual(order.job_ids.state, "draft")

    # === AROUND THE SCREENS === #

    def test_consent_cannot_be_forged_line_by_line(self):
        order = self._create_order()
        consent = self._authorize(order)
        other = self._create_order(
            vehicle_id=self._create_vehicle(license_plate="京B00002", vin=False).id
        )
        with self.assertRaises(UserError):
            self.env["car.repair.authorization.line"].with_user(
                self.user_advisor
            ).create({"authorization_id": consent.id, "line_id": other.line_ids[0].id})
        line = other.line_ids[0].with_user(self.user_advisor)
        line.write({"quantity_authorized": 4, "authorization_state": "authorized"})
        self.assertEqual(line.authorization_state, "pending")
        with self.assertRaises(ValidationError):
            line.write({"price_unit": 150, "list_price_unit": 150})

    def test_warranty_clerk_changes_who_pays_and_nothing_else(self):
        order = self._create_order()
        line = order.line_ids[0].with_user(self.user_warranty_clerk)
        for values in ({"price_unit": 1}, {"quantity": 9}, {"name": "x"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.write(values)
        with self.assertRefused(f"{order.name}, {line.name}.*not Unit", AccessError):
            line.write({"price_unit": 1})

    def test_links_to_invoices_are_not_written_by_hand(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        order.with_user(self.user_advisor).write({"invoice_ids": [Command.clear()]})
        self.assertEqual(order.invoice_ids, invoice)

    def test_consent_from_before_a_cancellation_does_not_count(self):
        order = self._create_order()
        self._authorize(order)
        order.action_cancel()
        order.action_reopen()
        self.assertEqual(set(order.line_ids.mapped("authorization_state")), {"pending"})
        self._authorize(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        self.assertEqual(order.state, "ready")

    def test_revised_estimate_is_asked_again(self):
        order = self._create_order()
        self._authorize(order)
        order.action_estimate()
        self.assertEqual(set(order.line_ids.mapped("authorization_state")), {"pending"})
        self.assertEqual(order.parts_state, "none")
        self._authorize(order)
        self.assertEqual(order.state, "authorized")
        self.assertEqual(order.parts_state, "ready")

    def test_deferred_job_does_not_keep_the_other_from_its_parts(self):
        order = self._create_order([{"product_id": self.filter.id}])
        job = (
            self.env["car.repair.job"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "name": "Oil leak",
                    "line_ids": [Command.create({"product_id": self.oil.id})],
                }
            )
        )
        self._authorize(order)
        with self.assertRaises(AccessError):
            job.with_user(self.user_technician).write({"state": "deferred"})
        job.action_defer("The part is far away", PROMISED_AT.date())
        held = job.line_ids.sudo().move_ids.picking_id
        picking = order.picking_ids.with_user(self.user_parts_clerk) - held
        picking.button_validate()
        self.assertEqual(order.line_ids[0].quantity_issued, 1)

    def test_parts_of_a_cancelled_transfer_are_asked_for_again(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        order.picking_ids.with_user(self.user_parts_clerk).action_cancel()
        self.assertTrue(order.has_parts_to_request)
        order.with_user(self.user_parts_clerk).action_request_parts()
        self.assertFalse(order.has_parts_to_request)
        self._issue(order)
        self.assertEqual(order.line_ids.quantity_issued, 1)
        order.with_user(self.user_parts_clerk).action_request_parts()
        self.assertEqual(order.parts_state, "issued")

    def test_done_transfer_is_not_raised_above_the_consent(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = self._issue(order)
        with self.assertRaises(UserError):
            picking.move_ids.quantity = 5

    def test_nothing_is_added_once_the_pass_is_issued(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        self._pay(invoice)
        order.with_user(self.user_cashier).action_issue_exit_pass()
        with self.assertRaisesRegex(UserError, "pass"):
            self.env["car.repair.line"].with_user(self.user_advisor).create(
                {"job_id": order.job_ids.id, "product_id": self.labor.id}
            )
        invoice.sudo().button_draft()
        with self.assertRaisesRegex(UserError, "still to pay"):
            order.with_user(self.user_advisor).action_deliver()

    def test_agreed_payer_does_not_become_somebody_else(self):
        order = self._create_order()
        self._authorize(order)
        with self.assertRaises(UserError):
            order._get_customer_payer().with_user(self.user_advisor).kind = "insurer"
