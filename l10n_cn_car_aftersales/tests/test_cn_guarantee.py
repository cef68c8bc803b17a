from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import FROZEN_NOW

from .cn_law_common import CnLawCommon

# 机动车维修管理规定: days and km by kind of vehicle and repair class
TABLE = {
    "car": {
        "whole": (100, 20000),
        "assembly": (100, 20000),
        "level2": (30, 5000),
        "level1": (10, 2000),
        "minor": (10, 2000),
        "special": (10, 2000),
    },
    "motorcycle": {
        "whole": (80, 7000),
        "assembly": (80, 7000),
        "level2": (10, 800),
        "level1": (10, 800),
        "minor": (10, 800),
        "special": (10, 800),
    },
    "other": {
        "whole": (60, 6000),
        "assembly": (60, 6000),
        "level2": (7, 700),
        "level1": (7, 700),
        "minor": (7, 700),
        "special": (7, 700),
    },
}


@tagged("post_install", "-at_install")
class TestCnGuarantee(CnLawCommon):
    """The least guarantee that the law asks, by vehicle, class and day."""

    def test_each_vehicle_and_class_has_its_least_guarantee(self):
        order = self._create_job_lines(self.classes["minor"])
        lines = order.line_ids.with_user(self.user_advisor)
        work = lines.filtered(lambda line: line.kind != "fee")
        self.assertEqual(len(lines - work), 1)
        for kind, rows in TABLE.items():
            self.model.law_vehicle_kind = kind
            for code, expected in rows.items():
                with self.subTest(kind=kind, code=code):
                    order.job_ids.repair_class_id = self.classes[code]
                    self.assertEqual(
                        lines._get_statutory_guarantee(),
                        dict.fromkeys(work, expected),
                    )

    def test_kind_of_vehicle_follows_its_class(self):
        for vehicle_class, kind in (
            ("sedan", "car"),
            ("truck", "car"),
            ("bus", "car"),
            (False, "car"),
            ("motorcycle", "motorcycle"),
            ("trailer", "other"),
            ("other", "other"),
        ):
            self.model.vehicle_class = vehicle_class
            self.assertEqual(self.model.law_vehicle_kind, kind)

    def test_work_without_class_has_none(self):
        order = self._create_job_lines(self.classes["minor"])
        order.job_ids.repair_class_id = False
        self.assertEqual(order.line_ids._get_statutory_guarantee(), {})
        own = self.env["car.repair.class"].create({"name": "Polishing"})
        order.job_ids.repair_class_id = own
        self.assertEqual(order.line_ids._get_statutory_guarantee(), {})
        own.law_class = "special"
        self.assertEqual(
            set(order.line_ids._get_statutory_guarantee().values()), {(10, 2000)}
        )

    def test_new_version_holds_from_its_first_day_by_the_shops_clock(self):
        self._create_law("2026-03-03", 15, 3000)
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        order = self._create_job_lines(self.classes["minor"])
        lines = order.line_ids

        def answer():
            return set(lines._get_statutory_guarantee().values())

        self.assertEqual(answer(), {(10, 2000)})
        with freeze_time("2026-03-02 15:59:59"):  # a minute before midnight there
            self.assertEqual(answer(), {(10, 2000)})
        with freeze_time("2026-03-02 16:00:00"):
            self.assertEqual(answer(), {(15, 3000)})
            order.sudo().delivered_at = FROZEN_NOW
            # What left under the old law keeps it.
            self.assertEqual(answer(), {(10, 2000)})

    def test_no_version_in_force_gives_no_guarantee(self):
        lines = self._create_job_lines(self.classes["minor"]).line_ids
        self.law.date_to = "2026-03-01"
        self.assertEqual(lines._get_statutory_guarantee(), {})
        self.law.date_to = "2026-03-02"
        self.assertTrue(lines._get_statutory_guarantee())
        self.law.active = False
        self.assertEqual(lines._get_statutory_guarantee(), {})

    def test_company_without_the_law_has_none(self):
        lines = self._create_job_lines(self.classes["minor"]).line_ids
        self.company.car_cn_law = False
        self.assertEqual(lines._get_statutory_guarantee(), {})

    def test_many_lines_take_as_many_queries_as_one(self):
        orders = self.env["car.repair.order"]
        for number in range(6):
            self.vehicle = self._create_vehicle(
                license_plate=f"京B1234{number}", vin=False
            )
            orders |= self._create_job_lines(self.classes["level2"])
        counts = []
        for some in (orders[:1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            lines = some.line_ids
            before = self.env.cr.sql_log_count
            self.assertEqual(len(lines._get_statutory_guarantee()), 2 * len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # === PROMISES === #

    def test_promise_below_the_law_is_refused_naming_law_and_minimum(self):
        level2 = self.classes["level2"].with_user(self.user_supervisor)
        for vals in (
            {"guarantee_days": 29},
            {"guarantee_km": 4999},
            {"guarantee_days": 1, "guarantee_km": 1},
        ):
            with (
                self.subTest(vals),
                self.assertRefused(
                    "30 days or 5,000 km .Regulation on Motor Vehicle Repair",
                    ValidationError,
                ),
            ):
                level2.write(vals)
        level2.write({"guarantee_days": 30, "guarantee_km": 5000})
        level2.write({"guarantee_days": 365, "guarantee_km": 0})
        level2.write({"guarantee_days": 0, "guarantee_km": 0})
        with self.assertRefused("Whole", ValidationError):
            self.env["car.repair.class"].with_user(self.user_supervisor).create(
                {"name": "Whole", "law_class": "whole", "guarantee_days": 99}
            )

    def test_promise_is_free_where_no_company_has_the_law(self):
        self.env["res.company"].search([("car_cn_law", "=", True)]).car_cn_law = False
        self.classes["level2"].guarantee_days = 1
        self.assertFalse(self.classes["level2"].law_shortfall)

    def test_promise_is_compared_with_the_vehicles_repaired_most(self):
        self.env["res.company"].search([]).car_cn_vehicle_kind = "motorcycle"
        self.classes["level2"].write({"guarantee_days": 10, "guarantee_km": 800})
        with self.assertRefused("10 days or 800 km", ValidationError):
            self.classes["level2"].guarantee_days = 9

    def test_promise_overtaken_by_a_new_version_is_shown(self):
        minor = self.classes["minor"].with_user(self.user_supervisor)
        self.assertFalse(minor.law_shortfall)
        self.assertEqual(minor.law_text, "10 days or 2,000 km")
        self._create_law("2026-03-02", 15, 3000)
        self.env.invalidate_all()
        self.assertIn("15 days or 3,000 km", minor.law_shortfall)

    # === RIGHTS === #

    def test_manager_alone_writes_the_law(self):
        for user in (self.user_supervisor, self.user_warranty_clerk):
            law = self.law.with_user(user)
            self.assertTrue(law.line_ids.mapped("days"))
            with self.assertRaises(AccessError):
                law.name = "Mine"
            with self.assertRaises(AccessError):
                law.line_ids[0].days = 1
        self.law.with_user(self.user_manager).line_ids[0].days = 101

    def test_what_nobody_compared_with_the_text_says_so(self):
        settings = self.env["res.config.settings"].create({})
        self.assertIn("Not compared", settings.car_cn_unconfirmed_text)
        with self.assertRefused("compares the law's numbers", AccessError):
            self.law.with_user(self.user_supervisor).action_confirm_text()
        law = self.law.with_user(self.user_manager)
        law.action_confirm_text()
        self.assertTrue(law.is_confirmed)
        self.assertEqual(law.confirmed_by_id, self.user_manager)
        self.assertFalse(law.copy().is_confirmed)
        rules = self.env["car.three.guarantee.rule"].search([])
        plates = self.env["car.cn.plate.rule"].search([])
        rules.with_user(self.user_manager).action_confirm_text()
        plates.with_user(self.user_manager).action_confirm_text()
        self.env["car.law.guarantee"].search([]).action_confirm_text()
        settings.invalidate_recordset()
        self.assertFalse(settings.car_cn_unconfirmed_text)
        law.action_doubt_text()
        self.assertFalse(law.confirmed_by_id)

    def test_copy_is_a_version_to_come(self):
        copy = self.law.with_user(self.user_manager).copy()
        self.assertEqual(str(copy.date_from), "2026-03-02")
        self.assertEqual(len(copy.line_ids), 18)
        self.assertTrue(copy.is_in_force)
        self.assertFalse(self.law.is_in_force)
        copy.date_from += timedelta(days=1)
        self.law.invalidate_recordset(["is_in_force"])
        self.assertTrue(self.law.is_in_force)
