from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, users

from ..common import CarAftersalesCommon


class TestCarVehicleHistory(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.env["res.partner"].create({"name": "李四"})
        cls.vehicle = cls._create_vehicle(purchase_date="2024-05-01")

    # === OWNERS === #

    def test_the_first_owner_has_the_car_since_its_purchase(self):
        self.assertEqual(self.vehicle.ownership_ids.date_from, date(2024, 5, 1))

    @users("car_advisor")
    def test_a_new_owner_ends_the_time_of_the_former(self):
        vehicle = self.vehicle.with_user(self.env.user)
        vehicle.contact_id = self.customer
        vehicle.owner_id = self.buyer
        former, present = vehicle.ownership_ids.sorted("id")
        self.assertEqual(former.partner_id, self.customer)
        self.assertEqual(former.date_to, date(2026, 3, 2))
        self.assertEqual(present.partner_id, self.buyer)
        self.assertEqual(present.date_from, date(2026, 3, 2))
        self.assertFalse(present.date_to)
        self.assertFalse(vehicle.contact_id, "the former owner's contact is gone")

    @users("car_advisor")
    def test_the_same_owner_again_changes_nothing(self):
        vehicle = self.vehicle.with_user(self.env.user)
        vehicle.write({"owner_id": self.customer.id, "color": "red"})
        self.assertEqual(len(vehicle.ownership_ids), 1)

    @users("car_advisor")
    def test_the_change_of_owner_is_one_step_with_day_and_odometer(self):
        action = self.vehicle.with_user(self.env.user).action_change_owner()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.owner_id = self.buyer
        form.date = "2026-02-20"
        form.odometer_km = 31000
        form.save().action_apply()
        former, present = self.vehicle.ownership_ids.sorted("id")
        self.assertEqual(former.date_to, date(2026, 2, 20))
        self.assertEqual(present.date_from, date(2026, 2, 20))
        self.assertEqual(self.vehicle.odometer_km, 31000)
        self.assertEqual(self.vehicle.reading_ids.kind, "owner_change")

    def test_a_change_before_the_former_owner_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be dated 2024-01-01"):
            self.vehicle.with_context(car_change_date=date(2024, 1, 1)).write(
                {"owner_id": self.buyer.id}
            )

    @users("car_advisor")
    def test_nobody_writes_the_history_by_hand(self):
        with self.assertRaises(AccessError):
            self.env["car.vehicle.ownership"].create(
                {
                    "vehicle_id": self.vehicle.id,
                    "partner_id": self.buyer.id,
                    "date_from": "2020-01-01",
                }
            )

    def test_the_owner_s_page_shows_his_vehicles(self):
        self.assertEqual(self.customer.car_vehicle_ids, self.vehicle)
        self.assertEqual(self.customer.car_vehicle_count, 1)
        self.assertEqual(self.buyer.car_vehicle_count, 0)
        action = self.customer.action_view_car_vehicles()
        self.assertEqual(self.env["car.vehicle"].search(action["domain"]), self.vehicle)

    # === PLATES === #

    @users("car_advisor")
    def test_a_plate_of_another_car_changes_over_in_one_step(self):
        other = self._create_vehicle(vin=False, license_plate="京B99999")
        action = other.with_user(self.env.user).action_change_plate()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.license_plate = "京A-12345"
        self.assertEqual(form.holder_ids[:], self.vehicle)
        form.save().action_apply()
        self.assertEqual(other.license_plate, "京A12345")
        self.assertFalse(self.vehicle.license_plate)
        self.assertEqual(self.vehicle.plate_ids.date_to, date(2026, 3, 2))
        self.assertEqual(
            other.plate_ids.sorted("id").mapped("license_plate"),
            ["京B99999", "京A12345"],
        )
        self.assertEqual(
            other.plate_ids.filtered(lambda plate: not plate.date_to).license_plate,
            "京A12345",
        )

    def test_a_future_change_of_plate_is_refused(self):
        change = self.env["car.vehicle.plate.change"].create(
            {
                "vehicle_id": self.vehicle.id,
                "license_plate": "京C00001",
                "date": "2026-04-01",
            }
        )
        with self.assertRaisesRegex(UserError, "future"):
            change.action_apply()

    # === TIMELINE === #

    @users("car_advisor")
    def test_the_timeline_merges_what_happened(self):
        vehicle = self.vehicle.with_user(self.env.user)
        vehicle._add_reading(20000)
        package = self.env["car.repair.package"].sudo().create({"name": "Oil"})
        vehicle._record_service(package, date(2026, 3, 1), 19990, source=self.customer)
        vehicle.owner_id = self.buyer
        self.env.flush_all()
        action = vehicle.action_view_events()
        events = self.env["car.vehicle.event"].search(action["domain"])
        self.assertEqual(
            sorted(events.mapped("kind")),
            ["owner", "owner", "plate", "reading", "service"],
        )
        self.assertEqual(len(set(events.ids)), 5)
        self.assertEqual(events[-1].kind, "owner", "the newest comes first")
        service = events.filtered(lambda event: event.kind == "service")
        self.assertEqual(service.detail, self.customer.display_name)
        opened = service.action_open()
        self.assertEqual(opened["res_model"], "car.maintenance.record")
        self.assertEqual(opened["res_id"], vehicle.service_record_ids.id)

    @users("car_technician")
    def test_the_technician_s_timeline_has_no_owners(self):
        events = self.env["car.vehicle.event"].search(
            [("vehicle_id", "=", self.vehicle.id)]
        )
        self.assertEqual(events.mapped("kind"), ["plate"])
