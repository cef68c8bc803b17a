from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .cn_law_common import CnLawCommon

GOOD = [
    # plate, class of vehicle, color proposed
    ("京A12345", "sedan", "blue"),
    ("京A-1234D", "sedan", "blue"),
    ("沪B 8K88H", "truck", "yellow"),
    ("粤B12345", "bus", "yellow"),
    ("川A12345", "motorcycle", "yellow"),
    ("京AD12345", "suv", "green"),
    ("京AFA2345", "suv", "green"),
    ("京A12345D", "bus", "yellow_green"),
    ("鲁B1234挂", "trailer", "yellow"),
    ("京A1234学", "sedan", "yellow"),
    ("京A1234警", "sedan", "white"),
    ("粤Z1234港", "sedan", "black"),
    ("粤Z1234澳", "sedan", "black"),
    ("使224578", "sedan", "black"),
    ("沪A0023领", "sedan", "black"),
    ("VA12345", "suv", "white"),
    ("WJ京12345", "suv", "white"),
]
BAD = [
    ("A12345", "province in front is missing"),
    ("王A12345", "“王” is not the character of a province"),
    ("京I12345", "letter of the issuing office"),
    ("京112345", "letter of the issuing office"),
    ("京AO1234", "I and O are not used"),
    ("京A1234", "it has 6 signs"),
    ("京A1234567", "it has 9 signs"),
    ("京AZ12345", "eight signs are a new-energy plate"),
    ("京A1234使", "none of the kinds"),
]


@tagged("post_install", "-at_install")
class TestCnPlates(CnLawCommon):
    """Plates of China: each kind's form and color, and what is wrong with others."""

    def setUp(self):
        super().setUp()
        self.vehicle.license_plate = False

    def _create_car(self, plate, vehicle_class="sedan", **values):
        model = self.env["car.vehicle.model"].create(
            {
                "name": f"{plate} {vehicle_class}",
                "brand_id": self.brand.id,
                "vehicle_class": vehicle_class,
            }
        )
        return (
            self.env["car.vehicle"]
            .with_user(self.user_advisor)
            .create(
                {
                    "license_plate": plate,
                    "model_id": model.id,
                    "owner_id": self.customer.id,
                    "plate_country_id": self.china.id,
                    **values,
                }
            )
        )

    def test_each_kind_of_plate_is_known_with_its_color(self):
        for plate, vehicle_class, color in GOOD:
            with self.subTest(plate):
                car = self._create_car(plate, vehicle_class)
                self.assertEqual(car.plate_color, color)
                self.assertFalse(car.plate_warning)

    def test_what_is_wrong_with_a_plate_is_named(self):
        for plate, reason in BAD:
            with self.subTest(plate):
                car = self._create_car(plate)
                self.assertIn(reason, car.plate_warning)
                self.assertIn(car.license_plate, car.plate_warning)

    def test_color_that_no_such_plate_has_is_pointed_out(self):
        car = self._create_car("京A12345", plate_color="white")
        self.assertIn("not of a plate in White", car.plate_warning)
        self.assertIn("Blue", car.plate_warning)
        car.plate_color = "blue"
        self.assertFalse(car.plate_warning)

    def test_plate_is_refused_where_the_company_says_so(self):
        self.company.car_cn_plate_check = "refuse"
        for plate, reason in BAD:
            with self.subTest(plate), self.assertRefused(reason, ValidationError):
                self._create_car(plate)
        car = self._create_car("京A12345")
        with self.assertRefused("it has 6 signs", ValidationError):
            car.license_plate = "京A1234"
        with self.assertRefused("not of a plate in White", ValidationError):
            car.plate_color = "white"

    def test_nothing_is_said_where_the_company_does_not_check(self):
        self.company.car_cn_plate_check = "none"
        self.assertFalse(self._create_car("京A1234").plate_warning)

    def test_foreign_plates_are_free_text(self):
        self.company.car_cn_plate_check = "refuse"
        germany = self.env.ref("base.de")
        car = self._create_car("M-AB 1234", plate_country_id=germany.id)
        self.assertFalse(car.plate_warning)
        self.company.car_cn_plate_check = "warn"
        self.assertFalse(self._create_car("B 77", plate_country_id=False).plate_warning)

    def test_company_without_the_law_is_left_alone(self):
        self.company.write({"car_cn_plate_check": "refuse", "car_cn_law": False})
        car = self._create_car("京A1234", "truck")
        self.assertFalse(car.plate_warning)
        self.assertEqual(self._create_car("京A77777", "truck").plate_color, "blue")

    def test_vehicle_of_another_company_follows_its_own_law(self):
        other = self.env["res.company"].create({"name": "Abroad"})
        self.company.car_cn_plate_check = "refuse"
        self.env["car.vehicle"].create(
            {
                "license_plate": "京A1234",
                "model_id": self.model.id,
                "plate_country_id": self.china.id,
                "company_id": other.id,
            }
        )

    def test_plate_change_proposes_the_color(self):
        car = self._create_car("京A12345", "truck")
        dialog = (
            self.env["car.vehicle.plate.change"]
            .with_user(self.user_advisor)
            .create({"vehicle_id": car.id, "license_plate": "沪B12345"})
        )
        self.assertEqual(dialog.plate_color, "yellow")
        dialog.action_apply()
        self.assertEqual((car.license_plate, car.plate_color), ("沪B12345", "yellow"))

    def test_plate_change_points_a_mistake_out_while_it_is_typed(self):
        car = self._create_car("京A12345")
        for check, shown in (("warn", True), ("refuse", True), ("none", False)):
            self.company.car_cn_plate_check = check
            change = self.env["car.vehicle.plate.change"].with_user(self.user_advisor)
            change = change.new({"vehicle_id": car.id, "license_plate": "京A1234567"})
            self.assertEqual(bool(change.plate_warning), shown)
            change.license_plate = "京AD12345"
            self.assertFalse(change.plate_warning)

    def test_kind_of_plate_not_given_out_yet_is_unknown(self):
        rule = self.env["car.cn.plate.rule"].create(
            {
                "name": "To come",
                "pattern": "<P><L>★<S>{4}",
                "plate_color": "other",
                "date_from": "2026-03-03",
            }
        )
        self.assertTrue(self._create_car("京A★1234", vin=False).plate_warning)
        rule.date_from = "2026-03-02"

    def test_manager_alone_changes_the_kinds(self):
        rule = self.env.ref("l10n_cn_car_aftersales.car_cn_plate_rule_small")
        for user in (self.user_advisor, self.user_supervisor):
            with self.assertRaises(AccessError):
                rule.with_user(user).pattern = "x"
        mine = rule.with_user(self.user_manager)
        with self.assertRefused("cannot be read", ValidationError):
            mine.pattern = "<P>("
        with self.assertRefused("does not have this form", ValidationError):
            mine.pattern = "<P><L><S>{9}"
        mine.write({"pattern": "<P><L><S>{4}X", "example": "京A1234X"})
        self.assertTrue(self._create_car("京A1234X").plate_color, "blue")

    def test_warnings_of_many_cars_need_one_reading_of_the_rules(self):
        cars = self.env["car.vehicle"]
        for number in range(20):
            cars |= self._create_car(f"京A{number:04}")
        self.assertTrue(cars[0].plate_warning)
        counts = []
        for some in (cars[:5], cars):
            self.env.invalidate_all()
            some.mapped("license_plate")
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("plate_warning")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestCnVin(CnLawCommon):
    """The check digit of a VIN, by the market of the car."""

    WRONG = "LSVAM4180C2184847"  # its ninth sign should be 7
    GERMAN = "WP0ZZZ99ZTS392124"
    AMERICAN = "1M8GDM9A1KP042788"  # its ninth sign should be X

    def _set_vin(self, vin):
        self.vehicle.with_user(self.user_advisor).vin = vin
        return self.vehicle.vin_warning

    def test_wrong_check_digit_is_pointed_out_with_the_right_one(self):
        warning = self._set_vin(self.WRONG)
        self.assertIn("is 0, but belonging to the others is 7", warning)
        self.assertFalse(self._set_vin("LSVAM4187C2184847"))
        self.assertIn("is X", self._set_vin(self.AMERICAN))

    def test_markets_without_check_digit_are_not_bothered(self):
        self.assertFalse(self._set_vin(self.GERMAN))
        self.company.car_cn_vin_check = "refuse"
        self.assertFalse(self._set_vin("KLATF08Y1VB363636"))

    def test_wrong_check_digit_is_refused_where_the_company_says_so(self):
        self.company.car_cn_vin_check = "refuse"
        for vin in (self.WRONG, self.AMERICAN):
            with self.assertRefused("check digit", ValidationError):
                self._set_vin(vin)

    def test_model_says_which_market_it_was_made_for(self):
        self.company.car_cn_vin_check = "refuse"
        self.model.vin_market = "free"
        self.assertFalse(self._set_vin(self.WRONG))
        self.vehicle.vin = False
        self.model.vin_market = "checked"
        with self.assertRefused("check digit", ValidationError):
            self._set_vin(self.GERMAN)

    def test_first_signs_are_a_setting(self):
        self.company.write({"car_cn_vin_check": "refuse", "car_cn_vin_prefixes": "W"})
        self._set_vin(self.WRONG)
        with self.assertRefused("check digit", ValidationError):
            self._set_vin(self.GERMAN)

    def test_i_o_and_q_are_refused_even_where_vins_are_free(self):
        self.company.car_vin_is_strict = False
        for vin in ("LSVAM4187C218484O", "LSVAM4187C2I84847", "LSVAQ4187C2184847"):
            with self.assertRefused("without I, O and Q", ValidationError):
                self._set_vin(vin)
        self._set_vin("CHASSIS 77")  # an old car's frame number

    def test_company_without_the_law_is_left_alone(self):
        self.company.write({"car_cn_vin_check": "refuse", "car_cn_law": False})
        self.assertTrue(self._set_vin(self.WRONG))
