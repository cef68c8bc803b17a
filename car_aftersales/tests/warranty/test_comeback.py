import base64
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .guarantee_common import GuaranteeCommon


@tagged("post_install", "-at_install")
class TestComeback(GuaranteeCommon):
    """A car comes back: found, linked, decided in time."""

    def setUp(self):
        super().setUp()
        self.first = self._deliver()

    def _come_back(self, day="2026-03-06", **values):
        """Return the order of the car that is here again."""
        with self._day(day):
            return self._bring(odometer_km=42500, **values)

    def _refute(self, comeback, day="2026-03-07", user=None):
        """Let the workshop supervisor show that it is not our fault."""
        comeback = comeback.with_user(user or self.user_workshop_supervisor)
        comeback.evidence = "The line was cut by a stone"
        comeback.attachment_ids = [
            Command.create(
                {"name": "stone.jpg", "raw": b"photo", "mimetype": "image/jpeg"}
            )
        ]
        with self._day(day):
            comeback.action_refute()

    # === FOUND === #

    def test_same_system_under_guarantee_is_proposed(self):
        order = self._come_back(lines=[{"product_id": self.labor.id}])
        job = order.job_ids
        self.assertEqual(job.comeback_candidate_ids, self.first.job_ids)
        self.assertTrue(job.is_comeback_proposed)
        self.assertIn(self.first.name, order.comeback_text)
        self.assertTrue(order.has_comeback_to_decide)

    def _tap(self, day="2026-03-06", **values):
        """Let the advisor tap the button of the card; return the new order."""
        desk = self.env["car.reception"].with_user(self.user_advisor)
        with self._day(day):
            cards = desk._get_cards(self.vehicle, self.customer)
            [card] = [card for card in cards if card["key"] == "guarantee"]
            [button] = card["buttons"]
            given = {"vehicle_id": self.vehicle.id, "partner_id": self.customer.id}
            result = desk.start({**given, **values, **button["values"]})
        return desk.browse(result["id"]).order_id

    def test_desk_takes_a_comeback_in_with_one_tap(self):
        order = self._tap(complaint="Still squeals")
        job = order.job_ids
        self.assertEqual(job.name, "Still squeals")
        self.assertEqual(job.system_id, self.brakes)
        self.assertEqual(job.comeback_of_id, self.first.job_ids)
        self.assertEqual(job.payer_id.kind, "internal")
        job.line_ids.create({"job_id": job.id, "product_id": self.pads.id})
        self.assertEqual(job.line_ids.payer_id.kind, "internal")
        self.assertFalse(order.comeback_text, "Nothing is left to ask.")

    def test_second_tap_makes_nothing_twice(self):
        order = self._tap()
        job = order.job_ids
        self.assertEqual(job.name, "Brakes squeal")
        desk = self.env["car.reception"].with_user(self.user_advisor)
        with self._day("2026-03-06"):
            cards = desk._get_cards(self.vehicle, self.customer)
            [card] = [card for card in cards if card["key"] == "guarantee"]
            self.assertFalse(card["buttons"], "The car is here for it already.")
            order._add_comeback(self.first.job_ids)
            desk.start(
                {
                    "vehicle_id": self.vehicle.id,
                    "purpose": "repair",
                    "comeback_of_id": self.first.job_ids.id,
                }
            )
        self.assertEqual(order.job_ids, job)
        self.assertEqual(len(order.comeback_ids), 1)

    def test_of_several_complaints_none_is_taken_for_the_comeback(self):
        order = self._tap(complaint="Still squeals\nOil service")
        self.assertEqual(
            order.job_ids.mapped("name"),
            ["Still squeals", "Oil service", "Brakes squeal"],
        )
        self.assertEqual(order.comeback_ids.job_id.name, "Brakes squeal")

    def test_desk_cannot_take_in_what_is_not_guaranteed_any_more(self):
        desk = self.env["car.reception"].with_user(self.user_advisor)
        with self._day("2026-03-13"), self.assertRefused("no running guarantee"):
            desk.start(
                {
                    "vehicle_id": self.vehicle.id,
                    "purpose": "repair",
                    "comeback_of_id": self.first.job_ids.id,
                }
            )

    def test_same_part_is_proposed_whatever_the_system(self):
        order = self._come_back(
            system=self.lights, lines=[{"product_id": self.pads.id}]
        )
        self.assertEqual(order.job_ids.comeback_candidate_ids, self.first.job_ids)

    def test_other_system_other_car_and_ended_guarantee_are_not(self):
        lines = [{"product_id": self.labor.id}]
        self.assertFalse(self._come_back(system=self.lights, lines=lines).comeback_text)
        other = self._create_vehicle(license_plate="京B22222", vin=False)
        self.assertFalse(
            self._come_back(vehicle_id=other.id).job_ids.comeback_candidate_ids
        )
        for day, found in (("2026-03-12", True), ("2026-03-13", False)):
            order = self._come_back(day)
            self.assertEqual(bool(order.job_ids.comeback_candidate_ids), found, day)

    def test_reading_at_arrival_decides(self):
        for km, found in ((44000, True), (44001, False)):
            with self._day("2026-03-06"):
                order = self._bring(odometer_km=km)
            self.assertEqual(bool(order.job_ids.comeback_candidate_ids), found, km)

    def test_reception_shows_what_runs(self):
        desk = self.env["car.reception"].with_user(self.user_advisor)
        with self._day("2026-03-06"):
            cards = desk._get_cards(self.vehicle, self.customer)
        [card] = [card for card in cards if card["key"] == "guarantee"]
        self.assertEqual(card["level"], "warning")
        [line] = card["lines"]
        self.assertEqual(line["text"], "Brakes squeal")
        self.assertEqual(line["target"], ["car.repair.job", self.first.job_ids.id])
        self.assertIn(self.first.name, line["detail"])
        with self._day("2026-03-20"):
            cards = desk._get_cards(self.vehicle, self.customer)
        self.assertNotIn("guarantee", [card["key"] for card in cards])

    def test_technician_sees_the_hint_without_customer_and_price(self):
        job = self._come_back().job_ids.with_user(self.user_technician)
        self.assertEqual(job.comeback_candidate_ids, self.first.job_ids)
        earlier = job.comeback_candidate_ids
        self.assertEqual(earlier.line_ids[0].guarantee_state, "running")
        with self.assertRaises(AccessError):
            earlier.line_ids.mapped("price_unit")
        comeback = self._link(job.sudo().order_id, self.first)
        seen = comeback.with_user(self.user_technician)
        self.assertEqual(seen.of_job_id, self.first.job_ids)
        for name in ("order_id", "cost_amount"):
            with self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.action_accept()

    def test_as_many_queries_for_many_jobs_as_for_one(self):
        orders = self.env["car.repair.order"]
        for number in range(4):
            car = self._create_vehicle(license_plate=f"京H0000{number}", vin=False)
            self._deliver(vehicle_id=car.id)
            orders |= self._come_back(vehicle_id=car.id)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("has_comeback_to_decide")))
            return self.env.cr.sql_log_count - before

        orders = orders.with_env(self.env)
        count(orders[0])
        self.assertEqual(count(orders), count(orders[0]))

    # === LINKED === #

    def test_advisor_links_from_the_job(self):
        order = self._come_back()
        job = order.job_ids.with_user(self.user_advisor)
        action = job.action_link_comeback()
        comeback = (
            self.env["car.repair.comeback"]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(comeback.state, "checking")
        self.assertEqual(job.comeback_of_id, self.first.job_ids)
        self.assertEqual(comeback.arrived_on, date(2026, 3, 6))
        self.assertEqual(comeback.due_on, date(2026, 3, 9))
        self.assertEqual(comeback.team_id, self.team)
        self.assertFalse(job.is_comeback_proposed)
        self.assertFalse(order.comeback_text)

    def test_another_fault_asks_why_and_changes_no_payer(self):
        order = self._come_back()
        with self.assertRefused("say which other fault"):
            self._link(order, self.first, state="other")
        comeback = self._link(
            order, self.first, state="other", dismiss_reason="Rear axle"
        )
        self.assertFalse(order.job_ids.comeback_of_id)
        self.assertFalse(order.job_ids.is_comeback_proposed)
        self.assertEqual(order.line_ids.payer_id.kind, "customer")
        self.assertFalse(comeback.is_alarm)
        comeback.action_reopen()
        self.assertEqual(order.line_ids.payer_id.kind, "internal")
        self.assertEqual(order.job_ids.comeback_of_id, self.first.job_ids)

    def test_wrong_links_are_refused(self):
        order = self._come_back()
        stranger = self._create_vehicle(license_plate="京B22222", vin=False)
        foreign = self._deliver(vehicle_id=stranger.id)
        with self.assertRefused("is no earlier job on this car"):
            self._link(order, foreign)
        with self.assertRefused("is no earlier job on this car"):
            self._link(order, order)
        late = self._come_back("2026-03-13")
        with self.assertRefused("no running guarantee on"):
            self._link(late, self.first)
        for user in (self.user_technician, self.user_cashier, self.user_parts_clerk):
            with self.assertRaises(AccessError):
                self._link(order, self.first, user=user)

    def test_a_job_is_decided_on_once(self):
        order = self._come_back()
        self._link(order, self.first)
        with self.assertRaisesRegex(Exception, "job_uniq"), self.cr.savepoint():
            self._link(order, self.first)

    def test_closed_visit_is_not_linked(self):
        order = self._come_back()
        with self._day("2026-03-06"):
            self._deliver(order)
        with self.assertRefused("the car has left"):
            self._link(order, self.first)

    def test_nobody_edits_what_was_linked(self):
        order = self._come_back()
        comeback = self._link(order, self.first)
        for values in (
            {"due_on": "2027-01-01"},
            {"is_by_deadline": True},
            {"of_job_id": order.job_ids.id},
        ):
            with self.assertRaises(AccessError):
                comeback.write(values)
        with self.assertRaises(AccessError):
            comeback.unlink()

    # === DECIDED === #

    def test_advisor_decides_nothing_against_the_customer(self):
        comeback = self._link(self._come_back(), self.first)
        with self.assertRaises(AccessError):
            self._refute(comeback, user=self.user_advisor)
        comeback.dismiss_reason = "Rear axle"
        for step in ("action_accept", "action_dismiss"):
            with self.assertRaises(AccessError):
                getattr(comeback, step)()

    def test_not_our_fault_needs_words_and_a_photo_or_finding(self):
        comeback = self._link(self._come_back(), self.first)
        boss = comeback.with_user(self.user_workshop_supervisor)
        with self._day("2026-03-07"):
            with self.assertRefused("write down what shows"):
                boss.action_refute()
            boss.evidence = "A stone"
            with self.assertRefused("add a photo or paper"):
                boss.action_refute()
        self._refute(comeback)
        self.assertEqual(comeback.state, "not_ours")
        self.assertEqual(comeback.state_changed_by_id, self.user_workshop_supervisor)
        with self.assertRefused("the evidence stays as it is"):
            boss.evidence = "Something else"

    def test_finding_of_the_inspection_is_evidence(self):
        order = self._come_back()
        comeback = self._link(order, self.first)
        inspections = self.env["car.inspection"].with_user(self.user_inspector)
        found = inspections.create(
            {
                "order_id": order.id,
                "kind": "diagnosis",
                "line_ids": [Command.create({"name": "Line cut by a stone"})],
            }
        )
        comeback = comeback.with_user(self.user_inspector)
        comeback.write(
            {"evidence": "A stone", "inspection_line_id": found.line_ids[:1].id}
        )
        with self._day("2026-03-07"):
            comeback.action_refute()
        self.assertEqual(comeback.state, "not_ours")

    def test_photo_of_the_evidence_is_read_by_others(self):
        comeback = self._link(self._come_back(), self.first)
        self._refute(comeback)
        photo = comeback.attachment_ids.with_user(self.user_advisor)
        self.assertEqual(base64.b64decode(photo.datas), b"photo")

    def test_evidence_on_the_last_day_counts_and_later_not(self):
        comeback = self._link(self._come_back(), self.first)
        with self.assertRefused("the evidence was due on 2026-03-09"):
            self._refute(comeback, "2026-03-10")
        self._refute(comeback, "2026-03-09")
        self.assertEqual(comeback.state, "not_ours")

    def test_days_are_a_setting(self):
        self.company.car_comeback_evidence_days = 5
        comeback = self._link(self._come_back(), self.first)
        self.assertEqual(comeback.due_on, date(2026, 3, 11))

    def test_nightly_job_counts_as_ours_what_is_overdue(self):
        comeback = self._link(self._come_back(), self.first)
        self._run_cron("2026-03-09")
        self.assertEqual(comeback.state, "checking")
        with self._day("2026-03-10"):
            self.assertTrue(comeback.is_overdue)
        self._run_cron("2026-03-10")
        self.assertEqual(comeback.state, "ours")
        self.assertTrue(comeback.is_by_deadline)
        with self.assertRefused("the evidence was due"):
            self._refute(comeback, "2026-03-11")

    def test_overdue_is_found_by_the_day_of_the_company(self):
        comeback = self._link(self._come_back(), self.first)  # due on the 9th
        found = self.env["car.repair.comeback"].with_user(self.user_inspector)
        late = [("is_overdue", "=", True), ("id", "=", comeback.id)]
        in_time = [("is_overdue", "=", False), ("id", "=", comeback.id)]
        with self._day("2026-03-09", hour=15):  # an hour before midnight in Shanghai
            self.assertFalse(found.search(late))
            self.assertEqual(found.search(in_time), comeback)
        with self._day("2026-03-09", hour=17):  # the next day there, not in London
            self.assertEqual(found.search(late), comeback)
            self.assertFalse(found.search(in_time))
            self.assertTrue(comeback.is_overdue)

    def test_evidence_that_does_not_hold_is_taken_back(self):
        order = self._come_back()
        comeback = self._link(order, self.first)
        self._refute(comeback)
        self.assertEqual(order.line_ids.payer_id.kind, "customer")
        comeback.with_user(self.user_inspector).action_accept()
        self.assertEqual(order.line_ids.payer_id.kind, "internal")

    def _run_cron(self, day):
        cron = self.env.ref("car_aftersales.car_repair_comeback_cron_accept_overdue")
        self.env.flush_all()
        with self._day(day), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # === FAILED AGAIN === #

    def _deliver_comeback(self, day, of_order):
        order = self._come_back(day)
        comeback = self._link(order, of_order)
        with self._day(day):
            self._deliver(order)
        return order, comeback

    def test_two_failed_repairs_raise_the_alarm(self):
        second, comeback = self._deliver_comeback("2026-03-05", self.first)
        self.assertEqual(comeback.failed_count, 1)
        self.assertFalse(comeback.is_alarm)
        third = self._come_back("2026-03-08")
        again = self._link(third, second)
        self.assertEqual(again.failed_count, 2)
        self.assertTrue(again.is_alarm)
        self.assertEqual(again.root_job_id, self.first.job_ids)
        self.assertIn("2 repairs have failed", third.comeback_alarm_text)
        told = self.env["mail.message"].search(
            [
                ("model", "=", again._name),
                ("res_id", "=", again.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertIn(self.user_workshop_supervisor.partner_id, told.partner_ids)
        self.assertIn(self.company._get_car_supervisor().partner_id, told.partner_ids)

    def test_two_comebacks_on_one_job_count_together(self):
        self._deliver_comeback("2026-03-05", self.first)
        again = self._link(self._come_back("2026-03-08"), self.first)
        self.assertEqual(again.failed_count, 2)
        self.assertTrue(again.is_alarm)

    def test_what_was_not_our_fault_is_no_failure(self):
        second = self._come_back("2026-03-05")
        comeback = self._link(second, self.first)
        self._refute(comeback, "2026-03-06")
        with self._day("2026-03-06"):
            self._deliver(second)
        again = self._link(self._come_back("2026-03-08"), second)
        self.assertEqual(again.failed_count, 1)

    def test_number_of_the_alarm_is_a_setting(self):
        self.company.car_comeback_alarm_count = 1
        order = self._come_back()
        self.assertTrue(self._link(order, self.first).is_alarm)
        self.company.car_comeback_alarm_count = 0
        other = self._come_back()
        self.assertFalse(self._link(other, self.first).is_alarm)

    def test_reception_warns_of_a_car_that_came_back_before(self):
        self._deliver_comeback("2026-03-05", self.first)
        desk = self.env["car.reception"].with_user(self.user_advisor)
        with self._day("2026-03-08"):
            cards = desk._get_cards(self.vehicle, self.customer)
        [card] = [card for card in cards if card["key"] == "guarantee"]
        self.assertEqual(card["level"], "danger")
        self.assertEqual(len(card["lines"]), 2)

    # === COMPANIES === #

    def test_other_company_neither_finds_nor_sees(self):
        company = self.env["res.company"].create({"name": "Other dealer"})
        comeback = self._link(self._come_back(), self.first)
        stranger = self.user_advisor.copy(
            {
                "login": "other_advisor",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        with self.assertRaises(AccessError):
            comeback.with_user(stranger).with_company(company).read(["state"])
        self.assertFalse(
            self.env["car.repair.line"]
            .with_user(stranger)
            .with_company(company)
            .search([("guarantee_state", "in", ("running", "ending"))])
        )

    def test_refusal_names_the_job(self):
        comeback = self._link(self._come_back(), self.first)
        boss = comeback.with_user(self.user_workshop_supervisor)
        with self._day("2026-03-07"), self.assertRaises(UserError) as caught:
            boss.action_refute()
        self.assertIn("Brakes squeal", str(caught.exception))
        self.assertLess(comeback.arrived_on, comeback.due_on + timedelta(days=1))
