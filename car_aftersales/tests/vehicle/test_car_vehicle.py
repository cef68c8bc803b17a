from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, users
from odoo.tools import mute_logger

from ..common import CarAftersalesCommon


class TestCarVehicle(CarAftersalesCommon):
    @users("car_advisor")
    def test_the_advisor_enters_a_vehicle_on_the_form(self):
        form = Form(self.env["car.vehicle"])
        form.license_plate = "京a-12345"
        form.vin = "lsvam4187c2184847"
        form.model_id = self.model
        form.owner_id = self.customer
        form.odometer_km = 12000
        vehicle = form.save()
        self.assertEqual(vehicle.license_plate, "京A12345")
        self.assertEqual(vehicle.vin, "LSVAM4187C2184847")
        self.assertEqual(vehicle.plate_color, "blue")
        self.assertEqual(vehicle.display_name, "京A12345 Hongqi H5")
        self.assertEqual(vehicle.odometer_km, 12000)
        self.assertEqual(vehicle.reading_ids.odometer_km, 12000)
        self.assertEqual(vehicle.ownership_ids.partner_id, self.customer)
        self.assertEqual(vehicle.plate_ids.license_plate, "京A12345")

    def test_a_vehicle_without_plate_is_named_by_its_vin(self):
        vehicle = self._create_vehicle(license_plate=False)
        self.assertEqual(vehicle.display_name, "LSVAM4187C2184847 Hongqi H5")

    # === VIN === #

    @users("car_advisor")
    def test_a_vin_of_another_length_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "16 characters instead of 17"):
            self._as_advisor().create(
                {"vin": "LSVAM4187C218484", "model_id": self.model.id}
            )

    def test_a_vin_with_the_letter_o_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "without I, O and Q"):
            self._create_vehicle(vin="LSVAM4187C218484O")

    def test_a_vin_of_one_sign_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "repeats one sign"):
            self._create_vehicle(vin="1" * 17)

    def test_a_market_with_other_numbers_accepts_them(self):
        self.env.company.car_vin_is_strict = False
        self.assertEqual(self._create_vehicle(vin="gx-71 1234").vin, "GX711234")

    def test_a_wrong_check_digit_only_warns(self):
        vehicle = self._create_vehicle(vin="WP0ZZZ99ZTS392124")
        self.assertIn("check digit", vehicle.vin_warning)
        vehicle.vin = "LSVAM4187C2184847"
        self.assertFalse(vehicle.vin_warning)

    @mute_logger("odoo.sql_db")
    def test_a_vin_belongs_to_one_vehicle_even_archived(self):
        self._create_vehicle().action_archive()
        with self.assertRaisesRegex(IntegrityError, "vin_uniq"):
            self._create_vehicle(license_plate="京B00001")

    @mute_logger("odoo.sql_db")
    def test_a_shared_vehicle_is_unique_among_shared_ones(self):
        self._create_vehicle(company_id=False)
        self._create_vehicle()
        with self.assertRaisesRegex(IntegrityError, "vin_uniq"):
            self._create_vehicle(license_plate="京B00001", company_id=False)

    # === PLATE === #

    @mute_logger("odoo.sql_db")
    def test_a_plate_belongs_to_one_active_vehicle(self):
        self._create_vehicle()
        with self.assertRaisesRegex(IntegrityError, "plate_uniq"):
            self._create_vehicle(vin=False, license_plate="京a·12345")

    def test_an_archived_vehicle_frees_its_plate(self):
        self._create_vehicle().action_archive()
        self.assertTrue(self._create_vehicle(vin=False))

    def test_the_same_number_in_another_color_is_another_plate(self):
        self._create_vehicle()
        other = self._create_vehicle(vin=False, plate_color="yellow")
        self.assertEqual(other.plate_color, "yellow")

    def test_the_refusal_of_a_plate_is_in_plain_words(self):
        message = self.env["car.vehicle"]._plate_uniq.get_error_message(
            self.env["car.vehicle"]
        )
        self.assertIn("Another active vehicle carries this license plate", str(message))

    # === DELETING === #

    @users("car_manager")
    def test_a_vehicle_with_readings_is_not_deleted(self):
        vehicle = self._create_vehicle(odometer_km=10).with_user(self.env.user)
        with self.assertRaisesRegex(UserError, "odometer readings.*Archive it instead"):
            vehicle.unlink()

    @users("car_manager")
    def test_a_vehicle_without_history_may_be_deleted(self):
        vehicle = self._create_vehicle().with_user(self.env.user)
        vehicle.unlink()
        self.assertFalse(vehicle.exists())

    def test_a_copy_has_neither_plate_nor_vin_nor_owner(self):
        copy = self._create_vehicle(odometer_km=10).copy()
        self.assertFalse(copy.license_plate or copy.vin or copy.owner_id)
        self.assertFalse(copy.odometer_km or copy.reading_ids)

    def _as_advisor(self):
        return self.env["car.vehicle"].with_user(self.user_advisor)
