import csv
from datetime import date

from odoo.tests import users
from odoo.tools import file_open

from ...tools.vin import compute_check_digit
from ..common import CarAftersalesCommon

COLUMNS = [
    "license_plate",
    "vin",
    "import_brand_name",
    "import_model_name",
    "import_owner_name",
    "import_owner_phone",
    "odometer_km",
    "purchase_date",
    "first_registration_date",
]


def make_vin(number):
    """Return a well-formed VIN with its check digit."""
    vin = f"LSVAM4180C2{number:06}"
    return vin[:8] + compute_check_digit(vin) + vin[9:]


class TestCarVehicleImport(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cn")

    def _row(self, number, **cells):
        row = {
            "license_plate": f"京A{number:05}",
            "vin": make_vin(number),
            "import_brand_name": "hongqi",
            "import_model_name": "h5",
            "import_owner_name": f"车主{number}",
            "import_owner_phone": f"139{number:08}",
            "odometer_km": str(1000 + number),
            "purchase_date": "2024-01-15",
            "first_registration_date": "2024-01-20",
            **cells,
        }
        return [row[column] for column in COLUMNS]

    def _load(self, rows, columns=None, user=None):
        Vehicle = self.env["car.vehicle"].with_user(user or self.user_supervisor)
        return Vehicle.with_context(import_file=True).load(columns or COLUMNS, rows)

    def _errors(self, result):
        self.assertFalse(result["ids"])
        return {
            (message["rows"]["from"], message["message"])
            for message in result["messages"]
            if message["type"] == "error"
        }

    def test_200_rows_are_loaded_with_model_and_owner(self):
        result = self._load([self._row(number) for number in range(200)])
        self.assertFalse(result["messages"])
        vehicles = self.env["car.vehicle"].browse(result["ids"])
        self.assertEqual(len(vehicles), 200)
        self.assertEqual(vehicles.model_id, self.model, "matched without case")
        self.assertEqual(len(vehicles.owner_id), 200)
        car = vehicles[7]
        self.assertEqual(car.owner_id.name, "车主7")
        self.assertEqual(car.odometer_km, 1007)
        self.assertEqual(car.reading_ids.kind, "import")
        self.assertEqual(car.ownership_ids.date_from, date(2024, 1, 15))
        self.assertEqual(car.first_registration_date, date(2024, 1, 20))

    def test_the_number_of_queries_does_not_grow_with_the_rows(self):
        counts = []
        for first, last in ((0, 5), (10, 20), (20, 120)):
            rows = [self._row(number) for number in range(first, last)]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self._load(rows)["ids"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 10)

    def test_missing_brands_and_models_are_made_once(self):
        new = {"import_brand_name": "Chery", "import_model_name": "Tiggo 8"}
        rows = [self._row(1, **new), self._row(2, **new)]
        rows.append(
            self._row(3, import_brand_name="CHERY", import_model_name="tiggo 8")
        )
        vehicles = self.env["car.vehicle"].browse(self._load(rows)["ids"])
        self.assertEqual(vehicles.model_id.display_name, "Chery Tiggo 8")

    @users("car_advisor")
    def test_the_advisor_loads_cars_but_no_new_models(self):
        self.assertTrue(self._load([self._row(1)], user=self.env.user)["ids"])
        result = self._load([self._row(2, import_model_name="HS5")], user=self.env.user)
        [(row, reason)] = self._errors(result)
        self.assertEqual(row, 0)
        self.assertIn("is unknown", reason)

    # === OWNERS === #

    def test_the_owner_is_found_by_phone_and_name(self):
        rows = [
            self._row(1, import_owner_name="王小明", import_owner_phone="13800138000"),
            self._row(2, import_owner_name="王小明", import_owner_phone="13700137000"),
            self._row(3, import_owner_name="王小明", import_owner_phone="13700137000"),
        ]
        cars = self.env["car.vehicle"].browse(self._load(rows)["ids"])
        self.assertEqual(cars[0].owner_id, self.customer)
        self.assertNotEqual(cars[1].owner_id, self.customer, "another Wang Xiaoming")
        self.assertEqual(cars[1].owner_id, cars[2].owner_id)

    def test_a_contact_without_phone_gets_the_one_of_the_file(self):
        plain = self.env["res.partner"].create({"name": "钱一"})
        rows = [
            self._row(1, import_owner_name="钱一", import_owner_phone="13711112222")
        ]
        car = self.env["car.vehicle"].browse(self._load(rows)["ids"])
        self.assertEqual(car.owner_id, plain)
        self.assertEqual(plain.phone, "13711112222")

    def test_a_shared_phone_makes_a_new_contact_and_a_warning(self):
        rows = [
            self._row(1, import_owner_name="刘红", import_owner_phone="13800138000")
        ]
        result = self._load(rows)
        car = self.env["car.vehicle"].browse(result["ids"])
        self.assertEqual(car.owner_id.name, "刘红")
        self.assertIn("also belongs to another", result["messages"][0]["message"])

    def test_a_name_of_several_contacts_needs_a_phone(self):
        self.env["res.partner"].create([{"name": "孙二"}, {"name": "孙二"}])
        rows = [self._row(1, import_owner_name="孙二", import_owner_phone="")]
        [(_row, reason)] = self._errors(self._load(rows))
        self.assertIn("Several contacts are called", reason)

    # === BAD ROWS === #

    def test_bad_rows_are_named_and_nothing_is_loaded(self):
        self._create_vehicle(vin=make_vin(900))
        before = self.env["car.vehicle"].search_count([])
        partners = self.env["res.partner"].search_count([])
        rows = [
            self._row(0),
            self._row(1, vin="LSVAM4187C218484"),
            self._row(2, vin=make_vin(900)),
            self._row(3, license_plate="京a-12345"),
            self._row(4, license_plate="", vin=""),
            self._row(5),
            self._row(6, vin=make_vin(5)),
            self._row(7, import_model_name=""),
            self._row(8, import_brand_name="", import_model_name="Unheard"),
            self._row(9, odometer_km="many"),
            self._row(10, import_owner_name="", import_owner_phone="13999999999"),
        ]
        errors = dict(sorted(self._errors(self._load(rows))))
        self.assertEqual(set(errors), set(range(1, 11)))
        self.assertIn("16 characters", errors[1])
        self.assertIn("already exists as 京A12345", errors[2])
        self.assertIn("already exists as", errors[3])
        self.assertIn("Neither a VIN nor", errors[4])
        self.assertIn("more than once", errors[5])
        self.assertIn("model is missing", errors[7])
        self.assertIn("needs its brand", errors[8])
        self.assertIn("no odometer value", errors[9])
        self.assertIn("no name", errors[10])
        self.assertEqual(self.env["car.vehicle"].search_count([]), before)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_a_bad_date_stops_the_whole_file(self):
        before = self.env["car.vehicle"].search_count([])
        rows = [self._row(0), self._row(1, purchase_date="yesterday")]
        [(row, _reason)] = self._errors(self._load(rows))
        self.assertEqual(row, 1)
        self.assertEqual(self.env["car.vehicle"].search_count([]), before)

    def test_a_known_vehicle_is_changed_by_its_database_id(self):
        vehicle = self._create_vehicle()
        result = self._load(
            [
                [
                    str(vehicle.id),
                    "LSVAM4187C2184847",
                    "33,000 km",
                    "李四",
                    "13600001111",
                ]
            ],
            [".id", "vin", "odometer_km", "import_owner_name", "import_owner_phone"],
        )
        self.assertEqual(result["ids"], vehicle.ids)
        self.assertEqual(vehicle.odometer_km, 33000)
        self.assertEqual(vehicle.owner_id.name, "李四")
        self.assertEqual(len(vehicle.ownership_ids), 2)

    # === SCREEN === #

    @users("car_supervisor")
    def test_the_sample_file_goes_through_the_import_screen(self):
        [template] = self.env["car.vehicle"].get_import_templates()
        path = template["template"].lstrip("/")
        with file_open(path, "rb") as sample:
            content = sample.read()
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "car.vehicle",
                "file": content,
                "file_name": "vehicles.csv",
                "file_type": "text/csv",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview({**options, "encoding": "utf-8"})
        self.assertFalse(preview.get("error"))
        matches = preview["matches"]
        fields = [matches[index][0] for index in range(len(preview["headers"]))]
        self.assertEqual(fields, COLUMNS)
        result = wizard.execute_import(
            fields, preview["headers"], {**preview["options"], "limit": 2}
        )
        self.assertFalse(
            [message for message in result["messages"] if message["type"] == "error"]
        )
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))[1:]
        self.assertEqual(len(result["ids"]), len(rows), "one piece, whatever the limit")
