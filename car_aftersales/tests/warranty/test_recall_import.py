import base64
import io

from openpyxl import Workbook
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..workshop.two_cursors_common import TwoCursorsCommon
from .recall_common import VINS, RecallCommon


@tagged("post_install", "-at_install")
class TestRecallImport(RecallCommon):
    """The maker's list of cars goes into the campaign, and what is wrong is told."""

    def setUp(self):
        super().setUp()
        self.campaign = self._create_campaign()

    def _problems(self, load):
        return base64.b64decode(load.problem_file or b"").decode("utf-8-sig")

    def _figures(self, load):
        return {
            name: load[f"{name}_count"]
            for name in (
                "row",
                "added",
                "linked",
                "unknown",
                "known",
                "duplicate",
                "malformed",
            )
        }

    def test_good_and_bad_rows_are_told_apart(self):
        text = "\n".join(
            [
                "Recall list of the maker",
                "No.;车架号;Model",
                f"1;{self.vehicle.vin};H5",
                f"2; {VINS[0].lower()} ;H5",
                f"3;{VINS[1][:4]}-{VINS[1][4:]};H5",
                f"4;{VINS[0]};H5",
                "5;LSV123;H5",
                f"6;{VINS[2][:-1]}O;H5",
                "7;;H5",
                "",
            ]
        )
        load = self._load(self.campaign, text)
        self.assertEqual(
            self._figures(load),
            {
                "row": 7,
                "added": 3,
                "linked": 1,
                "unknown": 2,
                "known": 0,
                "duplicate": 1,
                "malformed": 3,
            },
        )
        self.assertEqual(
            set(self.campaign.vehicle_ids.mapped("vin")),
            {self.vehicle.vin, VINS[0], VINS[1]},
        )
        row = self._row(self.campaign)
        self.assertEqual(row.vehicle_id, self.vehicle)
        self.assertTrue(row.linked_on)
        problems = self._problems(load)
        self.assertIn(f"6,{VINS[0]},twice in the file", problems)
        self.assertIn("7,LSV123,", problems)
        self.assertIn("has 6 characters instead of 17", problems)
        self.assertIn("without I, O and Q", problems)
        self.assertIn("Row 9:  – no VIN", load.problem_text)

    def test_a_list_without_heading_is_read_by_its_first_column(self):
        load = self._load(self.campaign, f"{VINS[0]}\n{VINS[1]}\n")
        self.assertEqual((load.row_count, load.added_count), (2, 2))
        self.assertFalse(load.problem_file)

    def test_long_lists_without_heading_lose_no_row(self):
        load = self._load(self.campaign, "\n".join(VINS))
        self.assertEqual((load.row_count, load.added_count), (39, 39))

    def test_chinese_encoding_and_excel(self):
        text = f"序号,车架号\n1,{VINS[0]}\n".encode("gb18030")
        self.assertEqual(self._load(self.campaign, text).added_count, 1)
        book, content = Workbook(), io.BytesIO()
        book.active.append(["Maker's list"])
        book.active.append(["Model", "VIN"])
        book.active.append(["H5", VINS[1]])
        book.active.append(["H5", None])
        book.save(content)
        load = self._load(self.campaign, content.getvalue())
        self.assertEqual((load.added_count, load.malformed_count), (1, 1))
        with self.assertRefused("no CSV, text or Excel"):
            self._load(self.campaign, b"PK\x03\x04 no book at all")

    def test_loaded_twice_nothing_is_doubled(self):
        text = "\n".join(VINS[:5])
        first = self._load(self.campaign, text)
        self.assertEqual(first.added_count, 5)
        first.action_load()  # the button, once more
        self.assertEqual(first.added_count, 5)
        second = self._load(self.campaign, text + f"\n{VINS[5]}")
        self.assertEqual((second.added_count, second.known_count), (1, 5))
        self.assertEqual(self.campaign.affected_count, 6)
        self.assertIn("on the list already", self._problems(second))

    def test_what_is_done_stays_done_when_loaded_again(self):
        self._load(self.campaign, self.vehicle.vin)
        self._answer(
            self._row(self.campaign),
            "elsewhere",
            done_on="2026-02-01",
            done_by="Dealer in Nanjing",
        )
        self._load(self.campaign, self.vehicle.vin)
        self.assertEqual(self._row(self.campaign).state, "done")

    def test_a_loaded_list_is_kept(self):
        load = self._load(self.campaign, VINS[0])
        with self.assertRefused("kept as it was"):
            load.write({"file": False})
        with self.assertRefused("kept as it was"):
            load.with_user(self.user_manager).unlink()
        with self.assertRefused("kept as it was"):
            load.write({"added_count": 99})

    def test_only_the_warranty_clerk_loads(self):
        for user in (self.user_advisor, self.user_parts_clerk, self.user_technician):
            with self.assertRaises(AccessError):
                self._load(self.campaign, VINS[0], user=user)
        self.campaign.action_close()
        with self.assertRefused("it is closed"):
            self._load(self.campaign, VINS[0])

    def test_a_batch_costs_the_same_however_long(self):
        counts = []
        for vins in (VINS[:3], VINS[3:39]):
            campaign = self._create_campaign(number=f"N{len(vins)}")
            load = self.env["car.recall.import"].create(
                {
                    "campaign_id": campaign.id,
                    "file": base64.b64encode("\n".join(vins).encode()),
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            load.action_load()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(load.added_count, len(vins))
        self.assertLessEqual(counts[1], counts[0])

    def test_a_car_of_the_company_goes_before_a_shared_one(self):
        vin = VINS[7]
        shared = self._create_vehicle(
            vin=vin, license_plate="京B00001", company_id=False
        )
        own = self._create_vehicle(vin=vin, license_plate="京B00002")
        other = self.env["res.company"].create({"name": "Other dealer"})
        foreign = self._create_vehicle(
            vin=VINS[8], license_plate="京B00003", company_id=other.id
        )
        self._load(self.campaign, f"{vin}\n{VINS[8]}")
        rows = {row.vin: row.vehicle_id for row in self.campaign.vehicle_ids}
        self.assertEqual(rows[vin], own)
        self.assertFalse(rows[VINS[8]], foreign)
        self.assertNotEqual(rows[vin], shared)


@tagged("post_install", "-at_install")
class TestRecallImportOneWinner(TwoCursorsCommon):
    """Two load the same list at once: one waits, finds it there, and adds nothing."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            self.campaign_id = self._keep(
                env["car.recall.campaign"].create(
                    {"number": "TWO", "name": "Two at once", "payer_kind": "goodwill"}
                )
            ).id
            text = base64.b64encode("\n".join(VINS[:5]).encode())
            values = {"campaign_id": self.campaign_id, "file": text}
            self.loads = env["car.recall.import"].create([values, values]).ids

    def _delete_documents(self, env):
        env["car.recall.campaign"].browse(self.campaign_id).vehicle_ids.unlink()
        loads = env["car.recall.import"].browse(self.loads)
        env["ir.attachment"].search(
            [
                ("res_model", "=", "car.recall.import"),
                ("res_id", "in", loads.ids),
                ("res_field", "!=", False),
            ]
        ).unlink()
        env.cr.execute("DELETE FROM car_recall_import WHERE id IN %s", [(*self.loads,)])
        env.flush_all()

    def test_two_at_once_load_one_list(self):
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env["car.recall.campaign"].browse(self.campaign_id).read(["name"])
            first["car.recall.import"].browse(self.loads[0]).action_load()
            first.cr.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second["car.recall.import"].browse(self.loads[1]).action_load()
            second.cr.rollback()
        # Odoo repeats the request on fresh data.
        with self._transaction() as env:
            load = env["car.recall.import"].browse(self.loads[1])
            load.action_load()
            self.assertEqual((load.added_count, load.known_count), (0, 5))
            campaign = env["car.recall.campaign"].browse(self.campaign_id)
            self.assertEqual(campaign.affected_count, 5)
