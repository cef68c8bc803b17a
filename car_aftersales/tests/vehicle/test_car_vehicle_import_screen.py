import csv
import io

from odoo.tests import tagged
from odoo.tools import file_open

from ...tools.day import read_day
from ..common import CarAftersalesCommon

HEADERS = (
    "车牌",
    "车架号",
    "品牌",
    "车型",
    "车主",
    "手机号",
    "里程(公里)",
    "购车日期",
    "上牌日期",
)
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
GOOD = "京A{0:05},,红旗,H5,车主{0},139000{0:05},1000,2024/1/15,2024年1月20日".format


@tagged("post_install", "-at_install")
class TestCarVehicleImportScreen(CarAftersalesCommon):
    """A dealer's own list goes through Odoo's import screen."""

    def _read(self, *rows, headers=HEADERS):
        """Return the wizard with the file, and what the screen proposes."""
        file = io.StringIO()
        csv.writer(file).writerows([headers, *(row.split(",") for row in rows)])
        wizard = (
            self.env["base_import.import"]
            .with_user(self.user_supervisor)
            .create(
                {
                    "res_model": "car.vehicle",
                    "file": file.getvalue().encode(),
                    "file_name": "cars.csv",
                    "file_type": "text/csv",
                }
            )
        )
        preview = wizard.parse_preview(
            {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
        )
        return wizard, preview

    def _import(self, *rows, dryrun=False):
        wizard, preview = self._read(*rows)
        return wizard.execute_import(
            COLUMNS, preview["headers"], {**preview["options"], "limit": 2000}, dryrun
        )

    def test_headings_of_dealers_find_their_fields(self):
        _wizard, preview = self._read(GOOD(1))
        found = [preview["matches"].get(index) for index in range(len(HEADERS))]
        self.assertEqual(found, [[name] for name in COLUMNS])
        _wizard, preview = self._read(
            "京A1,x,Red Flag,H5", headers=["Plate", "Chassis Number", "Make", "Model"]
        )
        found = [preview["matches"].get(index) for index in range(4)]
        self.assertEqual(found, [[name] for name in COLUMNS[:4]])

    def test_the_sample_file_is_headed_in_chinese_for_the_chinese(self):
        vehicles = self.env["car.vehicle"].with_context(lang="zh_CN")
        [template] = vehicles.get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as sample:
            first = sample.read().decode("utf-8-sig").splitlines()[0]
        _wizard, preview = self._read(GOOD(1), headers=first.split(","))
        found = [preview["matches"].get(index) for index in range(len(COLUMNS))]
        self.assertEqual(found, [[name] for name in COLUMNS])

    def test_days_are_read_as_people_write_them(self):
        for text in ("2024-01-05", "2024/1/5", "2024.1.5", "2024年1月5日", "20240105"):
            self.assertEqual(str(read_day(text)), "2024-01-05", text)
        for text in ("2024/13/45", "yesterday", "", None, "24-1-5"):
            self.assertIsNone(read_day(text), text)
        result = self._import(GOOD(1))
        car = self.env["car.vehicle"].browse(result["ids"])
        self.assertEqual(str(car.purchase_date), "2024-01-15")
        self.assertEqual(str(car.first_registration_date), "2024-01-20")

    def test_each_bad_row_is_named_as_in_the_spreadsheet(self):
        before = self.env["car.vehicle"].search_count([])
        result = self._import(
            GOOD(1),
            GOOD(2).replace("2024/1/15", "2024/13/45"),
            GOOD(3).replace("H5", ""),
            GOOD(4).replace("H5", ""),
            GOOD(5).replace("1000,", "many,", 1),
        )
        self.assertFalse(result["ids"])
        count, *errors = result["messages"]
        self.assertIn("4 rows are wrong", count["message"])
        self.assertNotIn("record", count)
        # The first car stands in row 2. Of a column the screen shows no reasons.
        self.assertEqual([error["record"] for error in errors], [3, 4, 5, 6])
        self.assertFalse([error for error in errors if "field" in error])
        texts = [error["message"] for error in errors]
        self.assertEqual(len(set(texts)), 4)
        self.assertIn("京A00002", texts[0])
        self.assertIn("no date", texts[0])
        self.assertIn("model is missing", texts[1])
        self.assertEqual(self.env["car.vehicle"].search_count([]), before)

    def test_so_many_bad_rows_are_counted_not_listed(self):
        rows = [GOOD(number).replace("H5", "") for number in range(150)]
        count, *errors = self._import(*rows)["messages"]
        self.assertIn("150 rows are wrong", count["message"])
        self.assertEqual(len(errors), 100)

    def test_what_is_only_to_be_known_does_not_look_like_a_failure(self):
        self.customer.phone = "13900000001"
        tested = self._import(GOOD(1), dryrun=True)
        [message] = tested["messages"]
        self.assertEqual(message["type"], "warning")
        self.assertIn("another contact", message["message"])
        self.assertNotIn("record", message)
        done = self._import(GOOD(1))
        self.assertTrue(done["ids"])
        self.assertFalse(done["messages"])
