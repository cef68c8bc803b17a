from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestBookedEstimate(CarBookingCommon):
    """Booked for later: the estimate waits in an appointment and comes back with it."""

    def _estimate(self, **values):
        """Return an estimate with a typed price and a part of the customer's."""
        order = self._create_order(
            [
                {"product_id": self.labor.id, "price_unit": 280.0},
                {"product_id": self.filter.id, "supply": "customer"},
                {"product_id": self.oil.id, "quantity": 4.0, "grade": "equivalent"},
            ],
            **values,
        )
        order.job_ids.write({"team_id": self.team.id, "cause": "Oil is black"})
        order.action_estimate()
        return order

    def _put_off(self, order):
        order.action_decline("booked", "Comes after the holidays")
        return order.booking_ids

    def _confirm(self, appointment, start_at=None):
        appointment.write({"start_at": start_at or self._at(4, 9)})
        appointment.action_confirm()
        return appointment

    def _arrive(self, appointment):
        appointment.with_user(self.user_advisor).action_arrive()
        return appointment.order_id

    # === INTO THE APPOINTMENT === #

    def test_an_appointment_carries_a_request_for_each_job(self):
        order = self._estimate()
        order.job_ids.create({"order_id": order.id, "name": "Wipers streak"})
        appointment = self._put_off(order)
        self.assertEqual(order.state, "declined")
        self.assertEqual(appointment.state, "draft")
        self.assertEqual(appointment.vehicle_id, order.vehicle_id)
        self.assertEqual(appointment.partner_id, order.partner_id)
        self.assertEqual(appointment.team_id, self.team)
        self.assertEqual(
            appointment.line_ids.mapped("title"), ["Oil service", "Wipers streak"]
        )
        # Hours of the estimate; words alone take what is usual.
        self.assertEqual(appointment.line_ids.mapped("hours"), [1.5, 2.0])
        # Only what we supply is prepared.
        self.assertEqual(appointment.part_ids.product_id, self.oil)
        self.assertEqual(appointment.part_ids.quantity, 4.0)

    def test_two_clicks_make_one_appointment(self):
        order = self._estimate()
        appointment = self._put_off(order)
        order.action_decline("booked", "Once more")
        self.assertEqual(order.action_book_estimate()["res_id"], appointment.id)
        self.assertEqual(order.booking_ids, appointment)

    def test_an_open_appointment_of_the_car_takes_it_along(self):
        wheels = self._create_appointment(
            vehicle_id=self.vehicle.id, partner_id=self.customer.id
        )
        order = self._estimate()
        order.with_context(car_book_into=wheels.id).action_decline("booked", "Later")
        self.assertEqual(order.booking_id, wheels)
        self.assertEqual(
            wheels.line_ids.mapped("title"), ["Noise in front", "Oil service"]
        )
        other = self._estimate()
        with self.assertRefused("cannot take the estimate"):
            other.with_context(car_book_into=wheels.id).action_decline("booked", "x")
        self.assertEqual(other.state, "estimate")

    def test_the_appointment_of_another_car_does_not_take_it(self):
        foreign = self._create_appointment()
        order = self._estimate()
        with self.assertRefused("cannot take the estimate"):
            order.with_context(car_book_into=foreign.id).action_decline("booked", "x")

    def test_the_appointment_stays_with_its_car(self):
        appointment = self._put_off(self._estimate())
        other = self._create_vehicle(license_plate="沪C12345", vin=False)
        with self.assertRefused("stays with this car"):
            appointment.with_user(self.user_advisor).vehicle_id = other

    def test_the_estimate_is_not_linked_by_hand(self):
        order = self._estimate()
        appointment = self._create_appointment(vehicle_id=self.vehicle.id)
        appointment.write({"estimate_order_id": order.id})
        self.assertFalse(appointment.estimate_order_id)
        with self.assertRefused("does not carry the estimate"):
            appointment.line_ids.job_id = order.job_ids

    def test_a_technician_books_nothing(self):
        order = self._estimate()
        self._put_off(order).write({"state": "cancelled"})
        with self.assertRaises(AccessError):
            order.with_user(self.user_parts_clerk).action_book_estimate()

    def test_refused_lines_and_the_fee_stay_behind(self):
        order = self._estimate()
        fee = order.line_ids.create(
            {
                "job_id": order.job_ids.id,
                "product_id": self.env.ref("car_aftersales.product_estimate_fee").id,
            }
        )
        labor, _filter, oil = order.line_ids - fee
        self._authorize(
            order,
            line_ids=[
                Command.create({"line_id": line.id, "is_approved": line != oil})
                for line in labor | oil | fee
            ],
        )
        new = self._arrive(self._confirm(self._put_off(order)))
        self.assertEqual(new.line_ids.product_id, self.labor | self.filter)
        self.assertEqual(fee.authorization_state, "authorized")

    def test_a_refused_estimate_can_be_booked_after_all(self):
        order = self._estimate()
        order.action_decline("refused", "Too expensive")
        self.assertFalse(order.booking_ids)
        order.action_book_estimate()
        self.assertEqual(order.booking_ids.line_ids.title, "Oil service")
        self.assertEqual(order.outcome, "refused")

    # === AND BACK === #

    def test_everything_comes_back_as_estimated(self):
        order = self._estimate()
        job = order.job_ids
        job.write(
            {
                "estimate_method": "item",
                "item_reason": "market",
                "name": "Oil service, cheap plan",
            }
        )
        job.action_give_item_notice()
        labor = order.line_ids[0]
        labor.write({"price_unit": 280.0, "discount": 3.0})
        new = self._arrive(self._confirm(self._put_off(order)))
        self.assertEqual(new.previous_order_id, order)
        self.assertEqual(new.state, "reception")
        self.assertEqual(new.carried_prices, "kept")
        self.assertEqual(new.job_ids.estimated_job_id, job)
        names = (
            "name",
            "estimate_method",
            "item_reason",
            "item_notice_at",
            "cause",
            "repair_class_id",
            "team_id",
        )
        self.assertEqual(
            new.job_ids.read(names), [{**job.read(names)[0], "id": new.job_ids.id}]
        )
        names = (
            "product_id",
            "name",
            "quantity",
            "supply",
            "grade",
            "brand_name",
            "price_unit",
            "list_price_unit",
            "discount",
            "tax_ids",
            "price_total",
            "sold_hours",
        )
        before, after = order.line_ids.read(names), new.line_ids.read(names)
        for row in before + after:
            del row["id"]
        self.assertEqual(after, before)
        self.assertEqual(new.amount_total, order.amount_later)
        # Agreed to anew, and worked as any order.
        self.assertEqual(set(new.line_ids.mapped("authorization_state")), {"pending"})
        new.action_estimate()
        self._make_ready(new)
        self.assertEqual(new.state, "ready")

    def test_prices_hold_as_long_as_the_estimate(self):
        order = self._estimate()
        appointment = self._confirm(self._put_off(order), self._at(9, 9))
        self.oil.list_price = 90.0
        self.labor.list_price = 900.0
        with freeze_time(self._at(9, 9)):
            new = self._arrive(appointment)
        self.assertEqual(new.line_ids.mapped("price_unit"), [280.0, 0.0, 70.0])
        # An advisor saves them again without asking anybody.
        new.line_ids[0].with_user(self.user_advisor).name = "Oil change"
        self.assertEqual(new.carried_prices, "kept")

    def test_an_expired_estimate_is_priced_anew_and_says_so(self):
        order = self._estimate()
        appointment = self._put_off(order)
        self._confirm(appointment, self._at(10, 9))
        self.assertFalse(appointment.is_estimate_kept)
        self.oil.list_price = 90.0
        with freeze_time(self._at(10, 9)):
            new = self._arrive(appointment)
        self.assertEqual(new.line_ids.mapped("price_unit"), [300.0, 0.0, 90.0])
        self.assertEqual(new.carried_prices, "renewed")
        self.assertIn("priced anew", new.message_ids.mapped("body")[0])
        self.assertEqual(order.line_ids.mapped("price_unit"), [280.0, 0.0, 70.0])

    def test_the_price_of_a_system_is_carried_to_the_cent(self):
        system = self.env["car.vehicle.system"].create({"name": "Brakes"})
        price = self.env["car.repair.system.price"].create(
            {"system_id": system.id, "price": 100.0}
        )
        order = self._create_order(
            [{"product_id": self.labor.id, "sold_hours": hours} for hours in (1, 1, 1)]
        )
        order.job_ids.write({"system_id": system.id, "team_id": self.team.id})
        order.action_estimate()
        self.assertAlmostEqual(sum(order.line_ids.mapped("price_subtotal")), 100.0)
        appointment = self._confirm(self._put_off(order))
        price.price = 500.0
        new = self._arrive(appointment)
        self.assertEqual(
            new.line_ids.mapped("price_unit"), order.line_ids.mapped("price_unit")
        )

    def test_plans_risk_and_payers_come_back(self):
        order = self._create_order()
        job = order.job_ids
        job.write({"estimate_method": "symptom", "risk_percent": 35.0})
        insurer = self.env["car.repair.payer"].create(
            {
                "order_id": order.id,
                "kind": "insurer",
                "partner_id": self.insurer.id,
                "reference": "Policy 7",
                "deductible_amount": 50.0,
            }
        )
        customer = order._get_customer_payer()
        labor, oil_filter, _oil = order.line_ids
        labor.share_ids = [
            Command.create({"payer_id": insurer.id, "percent": 70.0}),
            Command.create({"payer_id": customer.id, "percent": 30.0}),
        ]
        oil_filter.payer_id = insurer
        job.team_id = self.team
        job.action_add_alternative()
        plan = job.alternative_ids
        plan.name = "With a used engine"
        order.action_estimate()
        new = self._arrive(self._confirm(self._put_off(order)))
        main = new.job_ids.filtered(lambda one: one.estimated_job_id == job)
        self.assertEqual(main.risk_percent, 35.0)
        self.assertEqual(main.alternative_ids.name, "With a used engine")
        self.assertEqual(len(new.job_ids), 2)
        self.assertEqual(len(order.booking_ids.line_ids), 1)
        taken = new.payer_ids.filtered(lambda payer: payer.kind == "insurer")
        self.assertEqual((taken.reference, taken.deductible_amount), ("Policy 7", 50.0))
        self.assertEqual(main.line_ids[0].share_ids.mapped("percent"), [70.0, 30.0])
        self.assertEqual(main.line_ids[1].payer_id, taken)
        self.assertEqual(len(new.payer_ids), 2)
        self.assertEqual(new.amount_total, order.amount_later)

    def test_arrival_brings_it_back_once(self):
        order = self._estimate()
        appointment = self._confirm(self._put_off(order))
        new = self._arrive(appointment)
        self._arrive(appointment)
        self.assertEqual(order.search_count([("previous_order_id", "=", order.id)]), 1)
        self.assertEqual(len(new.line_ids), 3)
        with self.assertRefused("came back with an appointment"):
            order.action_resume()
        self.assertEqual(order.action_book_estimate()["res_id"], appointment.id)

    # === CALLED OFF === #

    def test_a_cancelled_appointment_leaves_the_estimate_as_it_was(self):
        order = self._estimate()
        before = order.line_ids.read(["price_unit", "quantity", "ask_again_date"])
        appointment = self._put_off(order)
        appointment.write({"state": "cancelled"})
        self.assertEqual((order.state, order.outcome), ("declined", "booked"))
        self.assertEqual(
            order.line_ids.read(["price_unit", "quantity", "ask_again_date"]), before
        )
        self.assertFalse(order.booking_id)
        order.action_book_estimate()
        self.assertNotIn(order.booking_id, appointment | order.booking_id.browse())
        with self.assertRefused("is booked with"):
            appointment.action_resume()

    def test_taken_up_at_once_the_appointment_is_called_off(self):
        order = self._estimate()
        appointment = self._put_off(order)
        order.action_resume()
        self.assertEqual(appointment.state, "cancelled")
        self.assertEqual(order.job_ids.state, "estimated")
        self.assertFalse(order.outcome)
        with self.assertRefused("was taken up again"):
            appointment.action_resume()

    # === FIGURES === #

    def test_no_figure_counts_it_as_a_refusal(self):
        order = self._estimate()
        total = order.amount_total
        self._put_off(order)
        self.assertEqual(order.job_ids.state, "deferred")
        self.assertEqual(order.amount_declined, 0.0)
        self.assertEqual(order.amount_later, total)
        self.assertEqual(order.amount_total, 0.0)
        self.env.flush_all()
        rows = self.env["car.repair.report"].search([("order_id", "=", order.id)])
        self.assertEqual(set(rows.mapped("consent")), {"later"})
        self.assertEqual(set(rows.mapped("outcome")), {"booked"})
        declined = self.env["car.repair.line"].search_count(
            [("order_id", "=", order.id), ("authorization_state", "=", "declined")]
        )
        self.assertFalse(declined)
        order.with_user(self.user_cashier).action_issue_exit_pass()
        self.assertEqual(order.exit_pass_ids.reason, "booked")

    def test_agreed_and_then_put_off_is_not_sold_twice(self):
        order = self._estimate()
        self._authorize(order)
        appointment = self._confirm(self._put_off(order))
        new = self._arrive(appointment)
        self._authorize(new)
        self.env.flush_all()
        rows = self.env["car.repair.report"].search(
            [("order_id", "in", (order | new).ids), ("consent", "=", "agreed")]
        )
        self.assertEqual(rows.order_id, new)
        self.assertEqual(order.amount_authorized, 0.0)

    def test_a_refusal_is_a_refusal(self):
        order = self._estimate()
        order.action_decline("refused", "Too expensive")
        self.assertEqual(order.job_ids.state, "declined")
        self.assertTrue(order.amount_declined)
        self.assertFalse(order.amount_later)
        self.env.flush_all()
        rows = self.env["car.repair.report"].search([("order_id", "=", order.id)])
        self.assertEqual(set(rows.mapped("consent")), {"declined"})
