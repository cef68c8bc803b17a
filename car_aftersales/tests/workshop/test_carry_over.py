from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .deferred_common import DeferredCommon


@tagged("post_install", "-at_install")
class TestCarryOver(DeferredCommon):
    """Deferred work goes to the next order with consent, payers and parts, once."""

    def _carry(self, **values):
        """Return a delivered order, its deferred job, and the order that took it."""
        order, job = self._create_deferred()
        following = self._create_next(**values)
        following.action_carry_over()
        return order, job, following

    # === REFUSALS === #

    def test_only_the_advisor_carries_over(self):
        self._create_deferred()
        following = self._create_next()
        for user in (
            self.user_workshop_supervisor,
            self.user_inspector,
            self.user_warranty_clerk,
        ):
            with self.assertRefused("your role", AccessError):
                following.with_user(user).action_carry_over()

    def test_nothing_is_carried_from_a_visit_that_is_not_over(self):
        order, job = self._create_visit()
        self._defer(job)
        following = self._create_next()
        self.assertFalse(following.deferred_job_ids)
        with self.assertRefused("no deferred work"):
            following.action_carry_over()
        self.assertEqual(job.order_id, order)

    def test_work_is_carried_once(self):
        _order, job, following = self._carry()
        with self.assertRefused("no deferred work"):
            following.action_carry_over()
        other = self._create_next()
        with self.assertRefused("no deferred work"):
            other.action_carry_over()
        self.assertEqual(job.order_id, following)

    def test_work_of_another_car_is_not_carried(self):
        self._create_deferred()
        other = self._create_vehicle(license_plate="京B00001", vin=False)
        following = self._create_next(vehicle_id=other.id)
        with self.assertRefused("no deferred work"):
            following.action_carry_over()

    def test_another_site_does_not_take_the_work(self):
        _order, job = self._create_deferred()
        site = self.env["stock.warehouse"].create({"name": "North", "code": "N"})
        following = self._create_next(warehouse_id=site.id)
        self.assertEqual(following.deferred_job_ids, job)
        with self.assertRefused(f"lie at {self.warehouse.name}"):
            following.action_carry_over()

    def test_another_company_does_not_see_the_work(self):
        self.vehicle.company_id = False
        _order, job = self._create_deferred()
        company = self.env["res.company"].create({"name": "Other dealer"})
        user = new_test_user(
            self.env,
            login="car_other_advisor",
            groups="car_aftersales.car_aftersales_group_advisor",
            company_id=company.id,
            company_ids=[Command.set([company.id, self.company.id])],
        )
        following = (
            self.env["car.repair.order"]
            .with_user(user)
            .with_context(allowed_company_ids=[company.id, self.company.id])
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "company_id": company.id,
                    "type_id": self.type_repair.id,
                }
            )
        )
        self.assertFalse(following.deferred_job_ids)
        with self.assertRefused("no deferred work"):
            following.action_carry_over()
        self.assertTrue(job.holds_parts)

    def test_a_finished_order_takes_no_work(self):
        self._create_deferred()
        following = self._create_next()
        self._make_ready(following)
        with self.assertRefused("takes no more work"):
            following.action_carry_over()

    def test_order_that_holds_carried_work_is_not_deleted(self):
        _order, _job, following = self._carry()
        following.action_cancel()
        with self.assertRefused("cannot be deleted|kept for the records"):
            following.with_user(self.user_manager).unlink()

    # === CONSENT === #

    def test_consent_outlives_that_the_next_order_was_taken_back(self):
        _order, job = self._create_deferred()
        following = self._create_next()
        self._authorize(following)
        following.write({"state": "estimate"})  # its own answers count no more
        following.action_carry_over()
        self.assertEqual(
            set(job.line_ids.mapped("authorization_state")), {"authorized"}
        )
        # Taken back again with the work in it, everything is asked.
        self._authorize(following)
        following.write({"state": "estimate"})
        self.assertEqual(set(job.line_ids.mapped("authorization_state")), {"pending"})
        self.assertEqual(job.state, "estimated")

    def test_more_than_agreed_is_asked(self):
        _order, job, following = self._carry()
        line = job.line_ids.filtered(lambda one: one.product_id == self.module)
        line.quantity = 2
        self.assertEqual(line.authorization_state, "partly")
        line.quantity = 1
        line.price_unit = 700
        self.assertEqual(line.authorization_state, "exceeded")
        self.assertIn(line, following.line_ids._filter_to_ask())

    def test_prices_and_taxes_are_kept(self):
        order, job = self._create_visit()
        other = self.tax.copy({"name": "VAT 3%", "amount": 3.0})
        line = job.line_ids.filtered(lambda one: one.product_id == self.module)
        line.write({"price_unit": 590.0, "tax_ids": [Command.set(other.ids)]})
        self._defer(job)
        self._finish_visit(order)
        self.module.list_price = 900.0
        self.env["product.pricelist"].create({"name": "New"})
        self._create_next().action_carry_over()
        self.assertEqual(line.price_unit, 590.0)
        self.assertEqual(line.tax_ids, other)
        self.assertEqual(line.authorization_state, "authorized")

    # === PAYERS === #

    def test_payers_and_shares_are_matched_or_made(self):
        order = self._create_order([{"product_id": self.filter.id}])
        insurer = self._add_payer(order, "insurer", self.insurer, reference="P-1")
        job = self._add_job(order)
        line = job.line_ids.filtered(lambda one: one.product_id == self.module)
        customer = order.payer_ids - insurer
        self._split(line, (insurer, 60), (customer, 40))
        self._authorize(order)
        self._defer(job)
        self._finish_visit(order)
        following = self._create_next()
        following.action_carry_over()
        made = following.payer_ids.filtered(lambda payer: payer.kind == "insurer")
        self.assertEqual(made.reference, "P-1")
        self.assertEqual(
            {(share.payer_id, share.percent) for share in line.share_ids},
            {(made, 60), (following.payer_ids - made, 40)},
        )
        self.assertEqual(line.authorization_state, "authorized")
        self.assertEqual(len(order.payer_ids), 2)

    def test_fee_agreed_stays_with_the_visit_that_bills_it(self):
        fee = self.env["product.product"].create(
            {
                "name": "Diagnosis",
                "type": "service",
                "car_item_kind": "fee",
                "list_price": 100.0,
                "taxes_id": [Command.set(self.tax.ids)],
            }
        )
        order = self._create_order([{"product_id": self.filter.id}])
        job = self._add_job(order)
        job.line_ids = [Command.create({"product_id": fee.id})]
        self._authorize(order)
        self._defer(job)
        self._finish_visit(order)
        self.assertAlmostEqual(order.sudo().invoice_ids.amount_untaxed, 150)
        following = self._create_next()
        following.action_carry_over()
        self.assertEqual(len(job.line_ids), 2)
        stayed = order.line_ids.filtered(lambda line: line.product_id == fee)
        self.assertEqual(stayed.job_id.state, "deferred")
        self.assertFalse(stayed.job_id.holds_parts)
        self.assertEqual(order.billing_state, "paid")
        self.assertEqual(following.line_ids - job.line_ids, following.line_ids[:1])

    # === PARTS === #

    def test_nothing_is_reserved_twice_or_lost(self):
        self._receive(self.module, 3, 400)
        order, job = self._create_visit()
        self._defer(job)
        self._finish_visit(order)
        following = self._create_next()
        following.action_carry_over()
        quants = self.module.stock_quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal"
        )
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 1)
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        moves = job.line_ids.sudo().move_ids
        self.assertEqual(moves.reference_ids, following.sudo().stock_reference_id)
        # What is agreed now joins the transfer that came along.
        following.action_estimate()
        self._authorize(following)
        self.assertEqual(len(following.picking_ids), 1)

    def test_transfer_cancelled_meanwhile_is_asked_for_again(self):
        self._receive(self.module, 1, 400)
        order, job = self._create_visit()
        self._defer(job)
        self._finish_visit(order)
        job.line_ids.sudo().move_ids.picking_id.with_user(
            self.user_parts_clerk
        ).action_cancel()
        self.assertFalse(job.has_all_parts)
        following = self._create_next()
        following.action_carry_over()
        self.assertEqual(following.parts_state, "ready")

    # === ONWARDS === #

    def test_cancelled_order_gives_the_work_to_the_next(self):
        order, job, following = self._carry()
        self.assertEqual(order.carried_job_ids, job)
        following.action_cancel()
        self.assertEqual(job.state, "deferred")
        self.assertTrue(job.holds_parts)
        line = job.line_ids.filtered(lambda one: one.product_id == self.module)
        self.assertEqual(line.sudo().move_ids.state, "confirmed")
        third = self._create_next()
        third.action_carry_over()
        self.assertEqual(job.order_id, third)
        self.assertEqual(
            set(job.line_ids.mapped("authorization_state")), {"authorized"}
        )
        self.assertEqual(following.carried_job_ids, job)
        self.assertEqual(len(line.sudo().move_ids), 1)

    def test_carried_work_is_deferred_once_more(self):
        _order, job, following = self._carry()
        self._defer(job)
        following.action_estimate()
        self._authorize(following)
        self._finish_visit(following)
        third = self._create_next()
        third.action_carry_over()
        self.assertEqual(job.order_id, third)
        self.assertEqual(job.state, "authorized")
