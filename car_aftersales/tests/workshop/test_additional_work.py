from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import FROZEN_NOW
from .common import PROMISED_AT, SIGNATURE, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestAdditionalWork(CarWorkshopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pads = cls._create_part(
            name="Brake pads", standard_price=100.0, list_price=200.0
        )
        cls.brake_labor = cls.env["product.product"].create(
            {
                "name": "Replace brake pads",
                "type": "service",
                "car_item_kind": "labor",
                "car_labor_hours": 1.0,
                "list_price": 300.0,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.technician = cls.env["car.technician"].create(
            {"name": "Li Wei", "user_id": cls.user_technician.id}
        )

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self._authorize(self.order)
        self.job = self.order.job_ids.with_user(self.user_technician)
        self.job.action_start()

    def _report(self, **values):
        """Let the technician report that the brake pads are worn."""
        return (
            self.env["car.additional.work"]
            .with_user(self.user_technician)
            .create(
                {
                    "job_id": self.job.id,
                    "name": "Brake pads worn",
                    "cause": "2 mm left",
                    "urgency": "safety",
                    "extra_hours": 1.0,
                    "labor_product_id": self.brake_labor.id,
                    "part_ids": [Command.create({"product_id": self.pads.id})],
                    **values,
                }
            )
        )

    def _answer(self, work, is_approved=True, channel="phone", promised_at=None):
        """Let the advisor record what the customer said to it."""
        dialog = (
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .with_context(
                **work.with_user(self.user_advisor).action_answer()["context"]
            )
        )
        form = Form(dialog, "car_aftersales.car_repair_authorization_view_form_record")
        form.channel = channel
        form.promised_at = promised_at or PROMISED_AT + timedelta(hours=2)
        if not is_approved:
            for index in range(len(form.line_ids)):
                with form.line_ids.edit(index) as line:
                    line.is_approved = False
        return form.save()

    # === THE STORY === #

    def test_found_asked_agreed_done(self):
        # The technician reports; the advisor is told at once.
        work = self._report()
        self.assertEqual(work.technician_id, self.technician)
        notified = (
            self.env["mail.message"]
            .search([("model", "=", work._name), ("res_id", "=", work.id)])
            .notified_partner_ids
        )
        self.assertIn(self.user_advisor.partner_id, notified)
        self.assertEqual(self.order.additional_open_count, 1)

        # Twelve minutes later the customer is on the phone: price and delay together.
        with freeze_time(FROZEN_NOW + timedelta(minutes=12)):
            self._answer(work)
        self.assertEqual(work.reach_minutes, 12.0)
        added = work.added_job_id.sudo()
        self.assertEqual(added.state, "authorized")
        self.assertEqual(added.line_ids.product_id, self.pads | self.brake_labor)
        self.assertEqual(self.order.promised_at, PROMISED_AT + timedelta(hours=2))
        self.assertEqual(self.order.state, "in_workshop")

        # The answer goes back to the workshop, which takes it.
        self.assertEqual(work.state, "agreed")
        work.action_receive()
        self.assertEqual(work.received_by_id, self.user_technician)

        # Only now the parts are there to be issued, and the work may begin.
        moves = added.line_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(moves.product_id, self.pads)
        self.job.action_finish()
        added.with_user(self.user_technician).action_start()
        self.assertEqual(added.state, "in_progress")

    def test_nothing_is_done_before_the_yes(self):
        work = self._report()
        work.with_user(self.user_advisor).action_offer()
        added = work.added_job_id
        self.assertFalse(added.sudo().line_ids.move_ids)
        with self.assertRefused("cannot become"):
            added.with_user(self.user_technician).action_start()
        for line in added.sudo().line_ids:
            self.assertEqual(line._get_billable_quantity(), 0.0)
        with self.assertRefused("recorded with a consent"):
            work.with_user(self.user_advisor).write({"state": "agreed"})

    def test_refused_is_kept_with_the_danger_explained(self):
        work = self._report()
        with self.assertRefused("has not refused"):
            work.with_user(self.user_advisor).action_explain_danger()
        self._answer(work, is_approved=False)
        self.assertEqual(work.state, "refused")
        self.assertEqual(work.added_job_id.sudo().state, "declined")
        work.with_user(self.user_advisor).action_explain_danger()
        self.assertEqual(work.danger_told_at, FROZEN_NOW)
        # The customer thinks it over and calls back.
        self._authorize(self.order, line_ids=self._yes(work))
        self.assertEqual(work.state, "agreed")
        self.assertFalse(work.received_at)

    def _yes(self, work):
        return [
            Command.create({"line_id": line.id, "is_approved": True})
            for line in work.sudo().line_ids
        ]

    def test_more_parts_go_into_the_same_job(self):
        work = self._report(kind="parts", labor_product_id=False, extra_hours=0)
        self._answer(work)
        line = self.job.sudo().line_ids.filtered(
            lambda line: line.product_id == self.pads
        )
        self.assertEqual(line.authorization_state, "authorized")
        self.assertEqual(len(self.order.job_ids), 1)
        self.assertEqual(work.state, "agreed")

    def test_putting_it_on_the_order_twice_adds_it_once(self):
        work = self._report()
        advisor = work.with_user(self.user_advisor)
        advisor.action_offer()
        advisor.action_offer()
        self.assertEqual(len(self.order.job_ids), 2)
        self.assertEqual(len(work.sudo().line_ids), 2)

    def test_it_stays_with_the_team_that_found_it(self):
        """Also where the advisor hands out no job: several teams are on the car."""
        team = self.env["car.workshop.team"].create({"name": "North"})
        self.order.with_user(self.user_advisor).needs_several_teams = True
        self.job.with_user(self.user_workshop_supervisor).team_id = team
        work = self._report()
        self._answer(work)
        added = work.added_job_id.sudo()
        self.assertEqual(added.state, "authorized")
        self.assertEqual(added.team_id, team)
        self.assertEqual(added.technician_ids, self.technician)
        with self.assertRefused("supervisor hands out the jobs", AccessError):
            added.with_user(self.user_advisor).team_id = False

    # === REFUSALS === #

    def test_a_price_needs_operation_or_parts(self):
        work = self._report(labor_product_id=False, part_ids=[], parts_text="Pads")
        with self.assertRefused("choose the operation or the parts"):
            work.with_user(self.user_advisor).action_offer()

    def test_each_desk_takes_its_own_steps(self):
        work = self._report()
        for step in ("action_offer", "action_reach", "action_withdraw"):
            with self.assertRefused("may not take this step", AccessError):
                getattr(work, step)()
        with self.assertRefused("has not answered"):
            work.action_receive()
        with self.assertRefused("may not take this step", AccessError):
            work.with_user(self.user_advisor).action_receive()
        with self.assertRefused("written by their steps", AccessError):
            work.write({"reached_at": FROZEN_NOW})
        with self.assertRefused("written by their steps", AccessError):
            self._report(received_at=FROZEN_NOW)
        with self.assertRaises(AccessError):
            work.read(["order_id"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            work.unlink()

    def test_what_is_on_the_order_is_changed_there(self):
        work = self._report()
        work.with_user(self.user_advisor).action_offer()
        with self.assertRefused("on the order already"):
            work.name = "Brake discs too"

    def test_nothing_is_found_on_a_car_that_is_not_in_the_workshop(self):
        other = self._create_order().job_ids
        with self.assertRefused("not in the workshop"):
            self._report(job_id=other.id)

    def test_not_needed_takes_it_off_the_list(self):
        work = self._report()
        work.with_user(self.user_workshop_supervisor).action_withdraw()
        self.assertEqual(self.order.additional_open_count, 0)

    def test_customer_not_reached_in_time_is_flagged(self):
        work = self._report()
        found = self.env["car.additional.work"].with_user(self.user_advisor)
        self.assertNotIn(work, found.search([("is_overdue", "=", True)]))
        with freeze_time(FROZEN_NOW + timedelta(minutes=31)):
            self.assertIn(work, found.search([("is_overdue", "=", True)]))
            self.env.invalidate_all()
            self.assertTrue(work.is_overdue)
            work.with_user(self.user_advisor).action_reach()
            self.assertFalse(work.is_overdue)

    # === AGREED BEFOREHAND === #

    def test_small_work_is_agreed_beforehand_up_to_a_limit(self):
        # 200 for the pads and 300 for the work, plus 13 % tax
        self.order.with_user(self.user_advisor).preauthorized_limit = 600.0
        work = self._report()
        self._answer(work, channel="preauthorized")
        self.assertEqual(work.state, "agreed")
        self.assertEqual(self.order.preauthorized_used, 565.0)
        self.assertEqual(self.order.preauthorized_left, 35.0)
        again = self._report(name="Wiper", labor_product_id=False)
        with self.assertRefused("above it; ask him"):
            self._answer(again, channel="preauthorized")
        self.assertEqual(again.state, "reported")

    def test_a_signed_limit_is_not_raised(self):
        order = self._create_order().with_user(self.user_advisor)
        order.preauthorized_limit = 300.0
        self._authorize(
            order, channel="signature", signed_by="王小明", signature=SIGNATURE
        )
        with self.assertRefused("signed what he agrees to beforehand"):
            order.preauthorized_limit = 5000.0
        order.preauthorized_limit = 200.0  # less may always be asked of him
        self.assertEqual(order.preauthorized_limit, 200.0)

    def test_a_limit_stays_above_what_is_used(self):
        order = self.order.with_user(self.user_advisor)
        order.preauthorized_limit = 600.0
        self._answer(self._report(), channel="preauthorized")
        with self.assertRefused("used already"):
            order.preauthorized_limit = 500.0

    def test_only_additional_work_is_agreed_beforehand(self):
        order = self._create_order()
        order.with_user(self.user_advisor).preauthorized_limit = 10000.0
        with self.assertRefused("only additional work"):
            self._authorize(order, channel="preauthorized")

    # === WHAT THE TECHNICIAN WRITES DOWN === #

    def test_codes_values_and_serials_are_kept(self):
        self.job.write(
            {
                "fault_codes": "P0301",
                "serials_fitted": "Pump 4711",
                "measurement_ids": [
                    Command.create({"name": "Brake lining front left", "value": "2 mm"})
                ],
            }
        )
        measured = self.job.measurement_ids
        self.assertEqual(measured.job_id, self.job)
        self.job.action_finish()
        self._issue(self.order)
        self._pass_quality(self.order)
        self._pay(self._bill(self.order))
        self._leave(self.order)
        self.assertEqual(self.order.state, "delivered")
        with self.assertRefused(self.order.name):
            measured.value = "9 mm"
        with self.assertRefused(self.order.name):
            self.job.fault_codes = "P0302"

    def test_earlier_work_and_manuals_help_him(self):
        manual = self.env["ir.attachment"].create(
            {
                "name": "Wiring diagram.pdf",
                "res_model": "car.vehicle.model",
                "res_id": self.model.id,
            }
        )
        self.model.document_ids = manual
        self.assertEqual(self.job.document_ids, manual)
        manual.with_user(self.user_technician).check_access("read")
        self.assertEqual(self.job.earlier_count, 0)
        self.job.action_finish()
        again = self._create_order().job_ids.with_user(self.user_technician)
        self.assertEqual(again.earlier_count, 1)
        action = again.action_show_earlier()
        found = self.env["car.repair.job"].with_user(self.user_technician)
        self.assertEqual(found.search(action["domain"]), self.job)
