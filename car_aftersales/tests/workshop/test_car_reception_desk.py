from odoo.fields import Command
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .reception_common import CarReceptionCommon


@tagged("post_install", "-at_install")
class TestCarReceptionDesk(CarReceptionCommon):
    """The reception screen: one text finds the car, cards say what is to be known."""

    # === FINDING === #

    def test_car_is_found_by_plate_vin_name_and_phone(self):
        for text in (
            "京A12345",
            "京a-123 45",
            "a12345",
            "LSVAM4187C2184847",
            "lsvam4187c2184847 ",
            "184847",
            "王小明",
            "13800138000",
            "138 0013 8000",
        ):
            self.assertIn("京A12345 Hongqi H5", self._get_titles(text), text)
        self.assertFalse(self._get_titles("沪Z99999"))
        self.assertFalse(self._get_titles("  "))

    def test_hit_tells_what_goes_on_with_the_car(self):
        self._create_order()
        self._arrive(arrived_at=self._wait(1))
        self._book(self._at(2, 13), vehicle_id=self.vehicle.id)
        [hit] = self.desk.find("京A12345")["hits"]
        self.assertEqual(hit["partner_id"], self.customer.id)
        self.assertEqual(
            [badge["text"] for badge in hit["badges"]],
            ["here since 09:00", "booked 13:00", "open orders: 1"],
        )

    def test_customer_without_a_car_and_todays_booking_are_found(self):
        lady = self.env["res.partner"].create(
            {"name": "Chen Mei", "phone": "139 0000 1111"}
        )
        self._book(self._at(2, 13))
        self._book(self._at(3, 13), license_plate="沪B00002")
        for text in ("Chen Mei", "13900001111"):
            keys = {hit["key"].split("-")[0] for hit in self.desk.find(text)["hits"]}
            self.assertEqual(keys, {"partner", "appointment"}, text)
        hits = self.desk.find("沪b 00001")["hits"]
        self.assertEqual([hit["title"] for hit in hits], ["沪B00001"])
        self.assertFalse(self._get_titles("沪B00002"))
        self.assertIn(
            lady.id, [h.get("partner_id") for h in self.desk.find("Chen")["hits"]]
        )

    def test_unknown_text_fills_the_form_of_a_new_customer(self):
        for text, name in (
            ("沪z-99999", "license_plate"),
            ("LSVAM4187C2184848", "vin"),
            ("139 0000 2222", "phone"),
            ("陈美", "contact_name"),
        ):
            self.assertEqual(list(self.desk.find(text)["guess"]), [name], text)

    def test_as_many_queries_for_many_hits_as_for_one(self):
        def find(text):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            hits = self.desk.find(text)["hits"]
            return len(hits), self.env.cr.sql_log_count - before

        self._create_vehicle(license_plate="沪K00001", vin=False)
        owners = self.env["res.partner"].create(
            [{"name": f"Owner {number}"} for number in range(5)]
        )
        for number, owner in enumerate(owners):
            car = self._create_vehicle(
                license_plate=f"沪L0000{number}", vin=False, owner_id=owner.id
            )
            self._create_order(vehicle_id=car.id)
            self._arrive(vehicle_id=car.id)
        find("沪K")
        one, few = find("沪K0")
        many, lot = find("沪L0")
        self.assertEqual((one, many), (1, 5))
        self.assertLessEqual(lot, few + 2)

    # === NEW CUSTOMERS === #

    def test_duplicates_are_offered(self):
        hits = self.desk.get_duplicates({"phone": "13800138000", "license_plate": ""})
        self.assertEqual([hit["key"] for hit in hits], [f"partner-{self.customer.id}"])
        for values in ({"license_plate": "京a 12345"}, {"vin": "lsvam4187c2184847"}):
            hits = self.desk.get_duplicates(values)
            self.assertEqual(hits[0]["vehicle_id"], self.vehicle.id, values)
        self.assertFalse(self.desk.get_duplicates({"license_plate": "沪Z99999"}))

    def test_new_car_and_customer_are_made_in_place(self):
        values = {"license_plate": "沪z99999", "phone": "139 0000 2222"}
        with self.assertRefused("the customer's name is missing"):
            self.desk.make_customer(values)
        values["contact_name"] = "Chen Mei"
        with self.assertRefused("choose the model of the new car"):
            self.desk.make_customer(values)
        ids = self.desk.make_customer({**values, "model_id": self.model.id})
        vehicle = self.env["car.vehicle"].browse(ids["vehicle_id"])
        self.assertEqual(vehicle.license_plate, "沪Z99999")
        self.assertEqual(vehicle.owner_id.name, "Chen Mei")
        self.assertEqual(vehicle.owner_id.id, ids["partner_id"])
        ids = self.desk.make_customer({"contact_name": "Li"})
        self.assertFalse(ids["vehicle_id"])

    def test_new_car_of_a_customer_and_new_customer_of_a_car(self):
        ids = self.desk.make_customer(
            {
                "license_plate": "沪Z99999",
                "model_id": self.model.id,
                "partner_id": self.customer.id,
            }
        )
        self.assertEqual(ids["partner_id"], self.customer.id)
        stray = self._create_vehicle(license_plate="京B1", vin=False, owner_id=False)
        self.desk.make_customer({"vehicle_id": stray.id, "contact_name": "Li"})
        self.assertEqual(stray.owner_id.name, "Li")

    # === STARTING === #

    def test_two_clicks_make_one_arrival_and_one_order(self):
        values = {
            "vehicle_id": self.vehicle.id,
            "purpose": "repair",
            "complaint": "Oil service",
        }
        first = self.desk.start(values)
        second = self.desk.start(values)
        self.assertEqual(first["id"], second["id"])
        self.assertEqual(first["action"]["res_id"], second["action"]["res_id"])
        self.assertEqual(len(self.vehicle.order_ids), 1)
        self.vehicle.order_ids.with_user(self.user_advisor).action_cancel()
        third = self.desk.start(values)
        self.assertNotEqual(third["id"], first["id"])

    def test_registered_first_then_served(self):
        reception = self._start(proceed=False)
        self.assertEqual(reception.state, "arrived")
        again = self._start(purpose="booking", complaint="Tires", bay_id=self.bay.id)
        self.assertEqual(again, reception)
        self.assertEqual(reception.purpose, "booking")
        self.assertEqual(reception.bay_id, self.bay)
        self.assertTrue(reception.appointment_id)

    def test_what_was_confirmed_before_is_stamped_with_the_arrival(self):
        reception = self._start(proceed=False, is_confirmed=True, is_introduced=True)
        self.assertEqual(reception.data_confirmed_by_id, self.user_advisor)
        self.assertEqual(reception.introduced_at, FROZEN_NOW)

    def test_forgotten_arrival_of_yesterday_is_closed_by_the_next(self):
        forgotten = self._arrive(arrived_at=self._wait(20))
        reception = self._start(proceed=False)
        self.assertNotEqual(reception, forgotten)
        self.assertEqual(forgotten.state, "done")
        self.assertEqual(forgotten.outcome_note, "Not closed at the desk")

    def test_open_arrival_takes_the_booking_that_is_arrived(self):
        appointment = self._book(self._at(2, 13), vehicle_id=self.vehicle.id)
        reception = self._start(proceed=False)
        again = self._start(appointment_id=appointment.id)
        self.assertEqual(again, reception)
        self.assertEqual(appointment.state, "arrived")
        self.assertEqual(appointment.order_id.reception_id, reception)

    def test_booked_stranger_is_made_a_customer_once(self):
        appointment = self._book(self._at(2, 13))
        page = self.desk.get_page({"appointment_id": appointment.id})
        with self.assertRefused("choose its model"):
            self._start(
                **page["caller"], vehicle_id=False, appointment_id=appointment.id
            )
        ids = self.desk.make_customer({**page["caller"], "model_id": self.model.id})
        page = self.desk.get_page({**ids, "appointment_id": appointment.id})
        [button] = [b for card in page["cards"] for b in card["buttons"]]
        reception = self._start(**ids, **button["values"])
        order = appointment.order_id
        self.assertEqual(order.partner_id.id, ids["partner_id"])
        self.assertEqual(order.vehicle_id.id, ids["vehicle_id"])
        self.assertEqual(order.reception_id, reception)
        same = [("name", "=", "Chen Mei")]
        self.assertEqual(self.env["res.partner"].search_count(same), 1)

    def test_caller_without_a_car_asks_once(self):
        values = {
            "vehicle_id": False,
            "contact_name": "Chen Mei",
            "purpose": "enquiry",
            "complaint": "Price?",
        }
        self.assertEqual(self._start(**values), self._start(**values))
        self.assertEqual(self.env["car.enquiry"].search_count([]), 1)

    def test_pick_up_of_one_order(self):
        order = self._create_order()
        self._make_ready(order)
        [button] = self._get_card("orders")["buttons"]
        reception = self._start(**button["values"])
        self.assertEqual(reception.order_id, order)
        self.assertEqual(reception.purpose, "pickup")
        self.assertNotEqual(order.reception_id, reception)

    # === BOARD AND PAGE === #

    def test_board_shows_who_is_here_since_when(self):
        waiting = self._arrive(arrived_at=self._wait(1))
        waiting.action_wait()
        gone = self.desk.create({"contact_name": "Li", "gone_reason": "No time"})
        gone.write({"state": "gone"})
        self._create_order(
            vehicle_id=self._create_vehicle(license_plate="京B1", vin=False).id
        )
        board = self.desk.get_board()
        columns = {column["state"]: column["items"] for column in board["columns"]}
        self.assertEqual([item["id"] for item in columns["lounge"]], waiting.ids)
        self.assertEqual(columns["lounge"][0]["since"], "10:00")
        self.assertFalse(columns["arrived"])
        self.assertEqual((board["done"], board["gone"]), (1, 1))

    def test_page_of_a_car_of_a_booking_and_of_an_arrival(self):
        page = self.desk.get_page({"vehicle_id": self.vehicle.id})
        self.assertEqual(page["partner_id"], self.customer.id)
        self.assertTrue(page["is_new_customer"])
        self.assertTrue(page["introduction"])
        self.assertFalse(page["reception"])
        appointment = self._book(self._at(2, 13))
        page = self.desk.get_page({"appointment_id": appointment.id})
        self.assertFalse(page["partner_id"])
        self.assertEqual(page["caller"]["license_plate"], "沪B00001")
        self.assertEqual(page["cards"][0]["key"], "appointment")
        reception = self._arrive(bay_id=self.bay.id)
        page = self.desk.get_page({"reception_id": reception.id})
        self.assertEqual(page["reception"]["id"], reception.id)
        self.assertEqual(page["bays"][0]["taken"], "京A12345")

    # === CARDS === #

    def test_card_of_the_car_tells_people_and_last_visit(self):
        card = self._get_card("car")
        self.assertEqual(card["lines"][0]["text"], "京A12345 Hongqi H5")
        self.assertIn("+86 138 0013 8000", card["lines"][1]["detail"])
        self.assertEqual(card["lines"][-1]["text"], "No visit so far")
        self.assertFalse(self._get_card("orders"))

    def test_card_of_bookings_arrives_those_of_today_only(self):
        today = self._book(self._at(2, 13), vehicle_id=self.vehicle.id)
        self._book(self._at(4, 9), vehicle_id=self.vehicle.id)
        card = self._get_card("appointment")
        self.assertEqual(len(card["lines"]), 2)
        self.assertEqual(
            [button["values"]["appointment_id"] for button in card["buttons"]],
            today.ids,
        )

    def test_card_of_declined_work_asks_again(self):
        order = self._create_order()
        order.action_estimate()
        line = order.line_ids.filtered(lambda one: one.product_id == self.filter)
        self._authorize(
            order,
            line_ids=[
                Command.create({"line_id": one.id, "is_approved": one != line})
                for one in order.line_ids
            ],
        )
        self.assertEqual(line.authorization_state, "declined")
        line.sudo().ask_again_date = FROZEN_NOW.date()
        card = self._get_card("declined")
        self.assertEqual(card["level"], "warning")
        self.assertIn("Oil filter", card["lines"][0]["text"])
        self.assertIn("ask again", card["lines"][0]["detail"])

    def test_work_booked_for_later_is_no_declined_work(self):
        order = self._create_order()
        order.action_estimate()
        order.action_decline("booked", "Next week")
        self.assertEqual(order.job_ids.state, "deferred")
        self.assertFalse(self._get_card("declined"))

    def test_the_order_knows_whose_customer_waits_in_the_lounge(self):
        order = self._create_order()
        orders = self.env["car.repair.order"].with_user(self.user_advisor)
        waiting = [("is_customer_waiting", "=", True)]
        self.assertNotIn(order, orders.search(waiting))
        order.reception_id.with_user(self.user_advisor).action_wait()
        self.assertTrue(order.is_customer_waiting)
        self.assertIn(order, orders.search(waiting))

    def test_card_of_unpaid_invoices_sums_them(self):
        order = self._create_order()
        self._make_ready(order)
        invoice = self._bill(order)
        card = self._get_card("invoices")
        amount = f"{invoice.amount_residual:,.2f}"
        self.assertIn(amount, card["title"].replace("\xa0", ""))
        self.assertIn(invoice.name, card["lines"][0]["text"])
        self._pay(invoice)
        self.assertFalse(self._get_card("invoices"))

    def test_card_of_due_service_and_of_other_cars(self):
        self.assertFalse(self._get_card("service"))
        package = self.env["car.repair.package"].create({"name": "Oil service"})
        plan = self.env["car.maintenance.plan"].create(
            {
                "name": "Plan",
                "line_ids": [
                    Command.create({"package_id": package.id, "repeat_months": 12})
                ],
            }
        )
        self.vehicle.write(
            {"plan_id": plan.id, "first_registration_date": "2025-02-01"}
        )
        self.vehicle._add_reading(10, read_at=self._wait(24 * 365))
        card = self._get_card("service")
        self.assertEqual(card["lines"][0]["text"], "Oil service")
        self.assertEqual(card["level"], "warning")
        other = self._create_vehicle(license_plate="京B10001", vin=False)
        card = self._get_card("other_cars")
        self.assertEqual(card["lines"][0]["page"]["vehicle_id"], other.id)

    def test_as_many_queries_for_many_records_as_for_one(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards = self.desk.get_page({"vehicle_id": self.vehicle.id})["cards"]
            queries = self.env.cr.sql_log_count - before
            return queries, {card["key"]: len(card["lines"]) for card in cards}

        def add(plate, day):
            order = self._create_order()
            order.action_estimate()
            order.action_decline("refused", "Too dear")
            self._book(self._at(day, 9), vehicle_id=self.vehicle.id)
            self._create_vehicle(license_plate=plate, vin=False)

        add("京B10001", 4)
        count()
        few, cards = count()
        for number in range(2, 5):
            add(f"京B1000{number}", 8 + number)
        many, more = count()
        self.assertEqual(
            [cards[k] for k in ("orders", "declined", "appointment")], [1] * 3
        )
        self.assertEqual(more["orders"], 4)
        self.assertEqual(few, many)
