from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..workshop.common import SIGNATURE
from .recall_common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallVisit(RecallCommon):
    """A recalled car comes: it is seen at the desk, and does not leave forgotten."""

    def _desk(self):
        return self.env["car.reception"].with_user(self.user_advisor)

    def _card(self, vehicle=None):
        cards = self._desk()._get_cards(vehicle or self.vehicle, self.customer)
        return {card["key"]: card for card in cards}.get("recalls")

    # === SEEN === #

    def test_the_desk_sees_it_first_and_takes_it_in_with_one_tap(self):
        campaign = self._create_campaign([self.vehicle], may_leave=False)
        card = self._card()
        self.assertEqual(card["level"], "danger")
        self.assertIn("Recall R2026-01 Fuel pump", card["lines"][0]["text"])
        self.assertIn("The engine may stop.", card["lines"][0]["detail"])
        self.assertIn("must not be driven", card["lines"][0]["detail"])
        values = {"vehicle_id": self.vehicle.id, **card["buttons"][0]["values"]}
        reception = self._desk().browse(self._desk().start(values)["id"])
        job = reception.order_id.job_ids
        self.assertEqual(job.recall_vehicle_id, self._row(campaign))
        self.assertEqual(job.line_ids.product_id, self.labor | self.pump)
        payer = job.payer_id
        self.assertEqual((payer.kind, payer.partner_id), ("warranty", self.maker))
        self.assertEqual(payer.labor_rate, 120.0)
        self.assertEqual(job.line_ids.payer_id, payer, "The customer pays nothing.")
        self.assertEqual(self._row(campaign).state, "booked")
        # Tapped again, nothing is made twice.
        self._desk().start(values)
        self.assertEqual(reception.order_id.job_ids, job)
        self.assertFalse(self._card()["buttons"])

    def test_who_is_booked_today_comes_with_his_booking(self):
        campaign = self._create_campaign([self.vehicle])
        booking = self._book(
            self._at(2, 13), vehicle_id=self.vehicle.id, partner_id=self.customer.id
        )
        values = self._card()["buttons"][0]["values"]
        self.assertEqual(values["appointment_id"], booking.id)
        self._desk().start({"vehicle_id": self.vehicle.id, **values})
        order = booking.sudo().order_id
        self.assertEqual(len(order.job_ids), 2)
        self.assertEqual(order.job_ids.recall_vehicle_id, self._row(campaign))

    def test_a_done_or_closed_campaign_is_not_shown(self):
        campaign = self._create_campaign([self.vehicle])
        self.assertTrue(self._card())
        campaign.action_close()
        self.assertFalse(self._card())
        campaign.action_open()
        campaign.date_to = "2026-03-01"  # yesterday
        self.assertFalse(self._card())
        campaign.date_to = "2026-03-02"  # its last day
        self.assertTrue(self._card())
        row = self._row(campaign)
        self._answer(row, "elsewhere", done_on="2026-02-01", done_by="Nanjing")
        self.assertFalse(self._card())

    def test_the_order_shows_what_is_open_planned_and_refused(self):
        campaign = self._create_campaign([self.vehicle])
        action = self._create_campaign(
            [self.vehicle], number="S1", name="Software", kind="service_action"
        )
        order = self._create_order()
        self.assertEqual(order.recall_mandatory_text, "R2026-01 Fuel pump")
        self.assertEqual(order.recall_text, "S1 Software")
        order.action_add_recalls()
        order.invalidate_recordset()
        self.assertFalse(order.recall_mandatory_text or order.recall_text)
        self.assertIn("S1 Software", order.recall_planned_text)
        jobs = order.job_ids.filtered("recall_vehicle_id")
        self.assertEqual(len(jobs), 2)
        self.assertEqual(len(order.payer_ids), 2, "One payer for both.")
        jobs.filtered(
            lambda job: job.recall_vehicle_id.campaign_id == campaign
        ).unlink()
        self.assertEqual(self._row(campaign).state, "informed")
        self._refuse(self._row(campaign))
        order.invalidate_recordset()
        self.assertEqual(order.recall_refused_text, "R2026-01 Fuel pump")
        self.assertEqual(self._row(action).state, "booked")

    def test_the_vehicle_shows_it_to_the_technician_without_people(self):
        campaign = self._create_campaign([self.vehicle])
        vehicle = self.vehicle.with_user(self.user_technician)
        self.assertEqual((vehicle.recall_count, vehicle.open_recall_count), (1, 1))
        self.assertTrue(vehicle.has_mandatory_recall)
        row = self._row(campaign)
        self._refuse(row)
        data = row.with_user(self.user_technician).read()[0]
        for name in ("refusal_reason", "refusal_signed_by", "owner_id", "owner_phone"):
            self.assertNotIn(name, data)
        self.assertNotIn("王小明", str(data))
        message = row._message_log(body="王小明 sells the car")
        with self.assertRaises(AccessError):
            message.with_user(self.user_technician).read(["body"])
        vehicle.invalidate_recordset()
        self.assertFalse(vehicle.has_mandatory_recall, "Refused, it warns no more.")

    def test_booked_work_becomes_a_job_paid_by_the_maker(self):
        campaign = self._create_campaign([self.vehicle])
        booking = self._create_appointment(
            vehicle_id=self.vehicle.id, user=self.user_follow_up_clerk
        )
        self.assertEqual(booking.recall_text, "R2026-01 Fuel pump")
        self.assertTrue(booking.has_mandatory_recall)
        booking.action_add_recalls()
        booking.action_add_recalls()
        booking.invalidate_recordset()
        self.assertEqual(len(booking.line_ids), 2)
        self.assertFalse(booking.recall_text)
        self.assertEqual(self._row(campaign).state, "booked")
        booking.write({"state": "confirmed"})
        booking.with_user(self.user_advisor).action_arrive()
        order = booking.sudo().order_id
        job = order.job_ids.filtered("recall_vehicle_id")
        self.assertEqual(job.payer_id.kind, "warranty")
        self.assertEqual(job.line_ids.product_id, self.labor | self.pump)
        self.assertEqual(self._row(campaign).state, "booked")
        self.assertEqual(job.name, "R2026-01 Fuel pump")

    def test_a_cancelled_booking_leaves_the_work_open(self):
        campaign = self._create_campaign([self.vehicle])
        booking = self._create_appointment(vehicle_id=self.vehicle.id)
        booking.action_add_recalls()
        booking.write({"state": "cancelled"})
        self.assertEqual(self._row(campaign).state, "informed")
        booking.write({"state": "draft"})
        self.assertEqual(self._row(campaign).state, "booked")
        booking.line_ids.filtered("recall_vehicle_id").unlink()
        self.assertEqual(self._row(campaign).state, "informed")

    # === DELIVERED === #

    def test_a_car_does_not_leave_with_an_open_recall(self):
        self._create_campaign([self.vehicle])
        order = self._prepare_delivery()
        with self.assertRefused("mandatory recalls.*\n.*R2026-01 Fuel pump"):
            order.action_deliver()
        with self.assertRefused("R2026-01 Fuel pump"):
            order.write(
                {
                    "state": "delivered",
                    "accepted_at": "2026-03-02 08:00:00",
                    "given_back_at": "2026-03-02 08:00:00",
                }
            )
        with self.assertRefused("R2026-01 Fuel pump"):
            order.with_user(self.user_manager).action_deliver()
        self.assertEqual(order.state, "ready")

    def test_first_way_the_work_is_done_here(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order(odometer_km=43210)
        order.action_add_recalls()
        self._make_ready(order)
        self._bill_and_pass(order)
        self.assertEqual(self._row(campaign).state, "booked")
        order.action_deliver()
        row = self._row(campaign)
        self.assertEqual(
            (row.state, row.order_id, row.done_source, row.done_km),
            ("done", order, "here", 43210),
        )
        self.assertEqual(str(row.done_on), "2026-03-02")
        invoices = order.sudo().invoice_ids
        by_partner = {move.partner_id: move.amount_untaxed for move in invoices}
        self.assertEqual(by_partner[self.maker], 120.0 * 1.5 + 220.0)

    def test_second_way_the_customer_refuses_with_his_signature(self):
        campaign = self._create_campaign([self.vehicle], may_leave=False)
        order = self._prepare_delivery()
        row = self._row(campaign)
        for missing in ("reason", "signed_by", "signature"):
            with self.assertRefused("a refusal needs"):
                self._refuse(row, **{missing: False})
        with self.assertRefused("a refusal needs"):
            row.write({"state": "refused"})
        with self.assertRefused("by its steps only"):
            row.write({"refusal_reason": "x"})
        self._refuse(row)
        self.assertEqual(row.state, "refused")
        with self.assertRefused("by its steps only"):
            row.write({"refusal_signature": SIGNATURE})
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertEqual(row.state, "refused", "Asked again at the next visit.")

    def test_third_way_put_off_until_the_parts_are_there(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._prepare_delivery()
        row = self._row(campaign)
        for missing, text in {
            "reason": "reason",
            "signed_by": "reason",
            "signature": "signature",
            "until": "later day",
            "order_id": "Choose the order",
        }.items():
            with self.assertRefused(text):
                self._put_off(row, order, **{missing: False})
        with self.assertRefused("later day"):
            self._put_off(row, order, until="2026-03-02")
        self._put_off(row, order)
        order.invalidate_recordset()
        self.assertFalse(order.recall_mandatory_text)
        order.action_deliver()
        self.assertEqual((order.state, row.state), ("delivered", "informed"))
        # It was put off for that visit only.
        second = self._prepare_delivery()
        with self.assertRefused("R2026-01 Fuel pump"):
            second.action_deliver()
        with self.assertRefused("of another car"):
            other = self._create_vehicle(license_plate="京A99999", vin=False)
            self._put_off(row, self._create_order(vehicle_id=other.id))

    def test_what_must_not_be_driven_is_not_put_off(self):
        campaign = self._create_campaign([self.vehicle], may_leave=False)
        order = self._prepare_delivery()
        with self.assertRefused("must not be driven"):
            self._put_off(self._row(campaign), order)
        with self.assertRefused("must not be driven"):
            order.action_deliver()
        # Forbidden only afterwards: what was signed holds no more.
        campaign.may_leave = True
        self._put_off(self._row(campaign), order)
        campaign.may_leave = False
        with self.assertRefused("must not be driven"):
            order.action_deliver()

    def test_done_elsewhere_lets_the_car_go(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._prepare_delivery()
        row = self._row(campaign)
        with self.assertRefused("done elsewhere, and who told"):
            self._answer(row, "elsewhere", done_on="2026-02-01")
        with self.assertRefused("done elsewhere, and who told"):
            self._answer(row, "elsewhere", done_by="Nanjing")
        with self.assertRefused("in the future"):
            self._answer(row, "elsewhere", done_on="2026-03-03", done_by="Nanjing")
        self._answer(
            row, "elsewhere", done_on="2026-03-02", done_by="Nanjing", done_km=9
        )
        self.assertEqual((row.done_source, row.done_km), ("elsewhere", 9))
        order.action_deliver()
        self.assertFalse(row.order_id, "Not done on this order.")

    def test_a_service_action_only_warns(self):
        campaign = self._create_campaign([self.vehicle], kind="service_action")
        order = self._prepare_delivery()
        self.assertEqual(order.recall_text, "R2026-01 Fuel pump")
        order.action_deliver()
        self.assertEqual(self._row(campaign).state, "open")
        self.assertIn(
            "Left without: R2026-01 Fuel pump",
            " ".join(order.message_ids.mapped("body")),
        )

    def test_a_declined_job_of_the_recall_holds_the_car(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order()
        order.action_add_recalls()
        job = order.job_ids.filtered("recall_vehicle_id")
        job.write({"state": "declined"})
        self.assertEqual(self._row(campaign).state, "informed")
        self._make_ready(order)
        self._bill_and_pass(order)
        with self.assertRefused("R2026-01 Fuel pump"):
            order.action_deliver()

    def test_work_that_is_taken_back_is_wanted_again(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order()
        order.action_add_recalls()
        self._make_ready(order)
        self._bill_and_pass(order)
        order.action_deliver()
        row = self._row(campaign)
        picking = order.sudo().picking_ids.filtered(lambda one: one.state == "done")
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .create({"picking_id": picking[:1].id})
        )
        lines = wizard.product_return_moves
        lines.filtered(lambda line: line.product_id == self.pump).quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertEqual(row.state, "done")
        returned.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(row.state, "open")
        self.assertFalse(row.done_on or row.order_id)

    def test_a_job_passed_no_more_takes_the_recall_with_it(self):
        campaign = self._create_campaign([self.vehicle])
        order = self._create_order()
        order.action_add_recalls()
        self._make_ready(order)
        self._bill_and_pass(order)
        order.action_deliver()
        job = order.job_ids.filtered("recall_vehicle_id")
        # A support clerk corrects the record of the visit.
        self.env.cr.execute(
            "UPDATE car_repair_job SET state = 'done' WHERE id = %s", [job.id]
        )
        job.invalidate_recordset()
        self._row(campaign).sudo()._undo_unpassed()
        self.assertEqual(self._row(campaign).state, "booked")

    def test_the_warranty_clerk_alone_wants_it_again(self):
        campaign = self._create_campaign([self.vehicle])
        row = self._row(campaign)
        self._answer(row, "elsewhere", done_on="2026-02-01", done_by="Nanjing")
        with self.assertRaises(AccessError):
            row.action_reopen()
        row.with_user(self.user_warranty_clerk).action_reopen()
        self.assertEqual(row.state, "open")
        self.assertFalse(row.done_on or row.done_by or row.done_source)

    def test_signing_is_for_the_desk_and_the_warranty_clerk(self):
        campaign = self._create_campaign([self.vehicle])
        row = self._row(campaign)
        values = {"reason": "x", "signed_by": "y", "signature": SIGNATURE}
        for user in (self.user_follow_up_clerk,):
            with self.assertRaises(AccessError):
                self._answer(row, "refuse", user, **values)
        for user in (self.user_technician, self.user_parts_clerk, self.user_cashier):
            with self.assertRaises(AccessError):
                self._answer(row, "refuse", user, **values)
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "not_ours"})
        self._answer(row, "refuse", self.user_warranty_clerk, **values)
        self.assertEqual(row.state, "refused")

    def test_states_are_not_written_past_their_steps(self):
        campaign = self._create_campaign([self.vehicle])
        row = self._row(campaign)
        with self.assertRefused("planned by an order"):
            row.write({"state": "booked"})
        with self.assertRefused("why the car is not ours"):
            row.write({"state": "not_ours"})
        with self.assertRefused("say when it was done"):
            row.write({"state": "done"})
        with self.assertRefused("by its steps only"):
            row.write({"vehicle_id": False})
        draft = self._create_campaign([self.vehicle], is_open=False, number="D1")
        with self.assertRefused("does not run yet"):
            self._row(draft).action_inform()

    def test_a_list_of_orders_and_cars_costs_the_same(self):
        cars = [
            self._create_vehicle(license_plate=f"京C0000{number}", vin=False)
            for number in range(6)
        ]
        self._create_campaign([self.vehicle, *cars])
        orders = self.env["car.repair.order"].concat(
            *(self._create_order(vehicle_id=car.id) for car in cars)
        )
        counts = []
        for some in (orders[:2], orders[:1], orders):  # the first warms up
            self.env.flush_all()
            self.env.invalidate_all()
            some = some.with_user(self.user_advisor)
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("recall_mandatory_text")))
            self.assertTrue(all(some.vehicle_id.mapped("open_recall_count")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_the_form_of_an_order_opens_with_its_banners(self):
        self._create_campaign([self.vehicle])
        order = self._create_order()
        form = Form(order)
        self.assertEqual(form.recall_mandatory_text, "R2026-01 Fuel pump")

    def test_recalls_of_another_company_hold_nobody(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.vehicle.company_id = False
        campaign = (
            self.env["car.recall.campaign"]
            .with_company(other)
            .create(
                {
                    "number": "X1",
                    "name": "Other",
                    "company_id": other.id,
                    "payer_kind": "goodwill",
                    "vehicle_ids": [Command.create({"vehicle_id": self.vehicle.id})],
                }
            )
        )
        campaign.action_open()
        order = self._prepare_delivery()
        self.assertFalse(order.recall_mandatory_text)
        self.assertFalse(self._card())
        rows = self.env["car.recall.vehicle"].with_user(self.user_warranty_clerk)
        self.assertFalse(rows.search([("campaign_id", "=", campaign.id)]))
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_warranty_clerk).read(["name"])
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
