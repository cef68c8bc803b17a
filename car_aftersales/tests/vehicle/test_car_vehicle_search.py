from odoo.tests import users

from ..common import CarAftersalesCommon


class TestCarVehicleSearch(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._create_vehicle()
        cls.driver = cls.env["res.partner"].create(
            {"name": "赵司机", "phone": "+86 139 1111 2222"}
        )
        cls.other = cls._create_vehicle(
            vin="WP0ZZZ99ZTS392124",
            license_plate="B-MW 1234",
            owner_id=cls.env["res.partner"].create({"name": "Berta"}).id,
            contact_id=cls.driver.id,
        )

    def _find(self, text, operator="ilike"):
        found = self.env["car.vehicle"].name_search(text, operator=operator)
        vehicles = self.env["car.vehicle"].browse(
            [vehicle_id for vehicle_id, _ in found]
        )
        return vehicles & (self.vehicle | self.other)

    @users("car_advisor")
    def test_any_spelling_of_the_plate_finds_the_car(self):
        for text in ("京A12345", "京A-12345", "京a 12345", "A12345", "a·123", "京a"):
            self.assertEqual(self._find(text), self.vehicle, text)
        self.assertEqual(self._find("bmw1234"), self.other)

    @users("car_advisor")
    def test_part_of_the_vin_finds_the_car(self):
        self.assertEqual(self._find("184847"), self.vehicle)
        self.assertEqual(self._find("lsvam-4187"), self.vehicle)
        self.assertEqual(self._find("WP"), self.other)

    @users("car_advisor")
    def test_fewer_than_three_signs_are_a_beginning(self):
        self.assertFalse(self._find("45"))
        self.assertEqual(self._find("王"), self.vehicle)
        self.assertFalse(self._find("小"))

    @users("car_advisor")
    def test_owner_and_contact_find_the_car_by_name_and_phone(self):
        self.assertEqual(self._find("王小明"), self.vehicle)
        self.assertEqual(self._find("berta"), self.other)
        self.assertEqual(self._find("138 0013 8000"), self.vehicle)
        self.assertEqual(self._find("+8613800138000"), self.vehicle)
        self.assertEqual(self._find("赵司机"), self.other)
        self.assertEqual(self._find("13911112222"), self.other)

    @users("car_technician")
    def test_the_technician_finds_cars_by_plate_and_vin_only(self):
        self.assertEqual(self._find("A12345"), self.vehicle)
        self.assertEqual(self._find("184847"), self.vehicle)
        self.assertFalse(self._find("王小明"))
        self.assertFalse(self._find("13800138000"))

    @users("car_advisor")
    def test_other_operators_search_alike(self):
        Vehicle = self.env["car.vehicle"]
        both = [("id", "in", (self.vehicle | self.other).ids)]
        self.assertEqual(self._find("京A-12345", "="), self.vehicle)
        self.assertEqual(self._find("京A12345 Hongqi H5", "="), self.vehicle)
        self.assertEqual(
            Vehicle.search([*both, ("display_name", "not ilike", "京A12345")]),
            self.other,
        )
        self.assertEqual(
            Vehicle.search([*both, ("display_name", "ilike", "")]).ids,
            Vehicle.search(both).ids,
        )
        self.assertFalse(self._find("···"))

    @users("car_advisor")
    def test_an_archived_car_is_found_when_asked_for(self):
        self.vehicle.action_archive()
        self.assertFalse(self._find("A12345"))
        archived = self.env["car.vehicle"].search(
            [("display_name", "ilike", "A12345"), ("active", "=", False)]
        )
        self.assertEqual(archived, self.vehicle)
