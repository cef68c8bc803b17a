from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, users

from ..common import CarAftersalesCommon


class TestCarOdometerReading(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._create_vehicle()

    def _read(self, odometer_km, day, user=None, **values):
        vehicle = self.vehicle.with_user(user or self.user_advisor)
        moment = datetime.fromisoformat(day)
        return vehicle._add_reading(odometer_km, read_at=moment, **values)

    def test_the_vehicle_shows_its_newest_reading(self):
        self._read(10000, "2026-01-01")
        self._read(12000, "2026-02-01")
        self._read(9000, "2025-12-01")
        self.assertEqual(self.vehicle.odometer_km, 12000)
        self.assertEqual(self.vehicle.odometer_at, datetime(2026, 2, 1))
        self.assertEqual(self.vehicle.reading_count, 3)

    def test_a_reading_names_its_document(self):
        reading = self._read(10, "2026-01-01", source=self.customer)
        self.assertEqual(reading.source_model, "res.partner")
        self.assertEqual(reading.source_id, self.customer.id)
        self.assertEqual(reading.source_name, self.customer.display_name)

    def test_a_lower_value_without_reason_is_refused(self):
        self._read(10000, "2026-01-01")
        with self.assertRaisesRegex(UserError, "9999 km is less than the 10000 km"):
            self._read(9999, "2026-02-01")
        with self.assertRaisesRegex(UserError, "less than"):
            self.vehicle.odometer_km = 9999

    def test_an_earlier_reading_above_a_later_one_is_refused(self):
        self._read(10000, "2026-02-01")
        with self.assertRaisesRegex(UserError, "more than the 10000 km read later"):
            self._read(10001, "2026-01-01")

    def test_a_replaced_cluster_counts_on_what_was_run_before(self):
        self._read(80000, "2025-12-01")
        self._read(100, "2026-01-01", lower_reason="cluster_replaced")
        self._read(2000, "2026-02-01")
        self.assertEqual(self.vehicle.odometer_km, 2000)
        self.assertEqual(self.vehicle.odometer_offset_km, 79900)

    def test_a_lower_value_may_disprove_earlier_readings(self):
        wrong = self._read(120000, "2026-01-01")
        right = self._read(12100, "2026-01-20", lower_reason="earlier_wrong")
        self.assertTrue(wrong.is_struck)
        self.assertEqual(wrong.odometer_km, 120000)
        self.assertFalse(right.is_struck)
        self.assertEqual(self.vehicle.odometer_km, 12100)

    @users("car_inspector")
    def test_a_wrong_reading_is_struck_out_and_replaced(self):
        self._read(10000, "2026-01-01")
        wrong = self._read(21000, "2026-02-01", user=self.env.user)
        action = wrong.action_strike_out()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "digits swapped"
        form.right_km = 12000
        form.save().action_apply()
        self.assertTrue(wrong.is_struck)
        self.assertEqual(wrong.struck_reason, "digits swapped")
        self.assertEqual(wrong.struck_by_id, self.env.user)
        self.assertEqual(self.vehicle.odometer_km, 12000)
        self.assertEqual(self.vehicle.reading_count, 3, "nothing was overwritten")

    def test_striking_out_needs_a_reason(self):
        reading = self._read(10, "2026-01-01")
        with self.assertRaisesRegex(UserError, "Say why"):
            reading._strike_out(" ")

    def test_a_reading_is_neither_changed_nor_deleted(self):
        reading = self._read(10, "2026-01-01")
        with self.assertRaisesRegex(UserError, "not changed"):
            reading.odometer_km = 20
        with self.assertRaisesRegex(UserError, "Strike Out"):
            reading.write({"is_struck": True})
        with self.assertRaisesRegex(UserError, "not deleted"):
            reading.sudo().unlink()
        with self.assertRaises(AccessError):
            reading.with_user(self.user_manager).unlink()

    def test_the_technician_takes_no_reading(self):
        with self.assertRaises(AccessError):
            self._read(10, "2026-01-01", user=self.user_technician)

    # === KILOMETERS PER DAY === #

    def test_kilometers_per_day_come_from_readings_30_days_apart(self):
        self._read(10000, "2025-12-01")
        self._read(13000, "2026-01-30")
        self._read(13500, "2026-02-09")
        # 3,500 km in the 70 days since December 1: January 30 is too near
        self.assertEqual(self.vehicle.km_per_day, 50.0)

    def test_near_readings_are_better_than_none(self):
        self._read(10000, "2026-02-01")
        self._read(10400, "2026-02-11")
        self.assertEqual(self.vehicle.km_per_day, 40.0)

    def test_one_reading_says_nothing_about_a_day(self):
        self._read(10000, "2026-02-01")
        self.assertEqual(self.vehicle.km_per_day, 0.0)

    def test_struck_and_falling_readings_do_not_count(self):
        self._read(90000, "2025-06-01")
        self._read(10000, "2025-11-01", lower_reason="other", lower_note="swap")
        self._read(99000, "2025-12-01")._strike_out("typing error")
        self._read(11000, "2026-02-09")
        self.assertEqual(self.vehicle.km_per_day, 10.0)
