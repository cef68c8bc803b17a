from odoo.tests import BaseCase

from ...tools.phone import normalize_phone, spell_phone
from ...tools.plate import (
    guess_plate_color,
    is_chinese_plate,
    normalize_plate,
    tidy_plate,
)
from ...tools.vin import (
    find_vin_error,
    has_check_digit,
    normalize_vin,
)


class TestCarVehicleTools(BaseCase):
    def test_check_digits_of_known_numbers(self):
        for vin in ("1M8GDM9AXKP042788", "1G4AH59H45G118341", "LSVAM4187C2184847"):
            self.assertTrue(has_check_digit(vin), vin)

    def test_genuine_numbers_may_fail_the_check_digit(self):
        for vin in ("WP0ZZZ99ZTS392124", "KLATF08Y1VB363636"):
            self.assertIsNone(find_vin_error(vin))
            self.assertFalse(has_check_digit(vin), vin)

    def test_impossible_numbers_are_told_apart(self):
        self.assertEqual(find_vin_error("LSVAM4187C218484"), "length")
        self.assertEqual(find_vin_error("LSVAM4187C218484O"), "letters")
        self.assertEqual(find_vin_error("LSVAM4187C21848车7"), "letters")
        self.assertEqual(find_vin_error("11111111111111111"), "same")

    def test_one_spelling_of_a_vin(self):
        self.assertEqual(normalize_vin(" lsvam-4187 c2184847"), "LSVAM4187C2184847")
        self.assertEqual(normalize_vin(None), "")

    def test_one_spelling_of_a_plate(self):
        for plate in ("京A-12345", "京a 12345", "京A·12345", "京A12345"):
            self.assertEqual(normalize_plate(plate), "京A12345")
            self.assertEqual(tidy_plate(plate), "京A12345")
        self.assertEqual(normalize_plate("b-mw 1234"), "BMW1234")
        self.assertEqual(tidy_plate("b-mw  1234"), "B-MW 1234")

    def test_plates_follow_their_standard(self):
        for plate in ("京A12345", "沪AD12345", "沪A12345D", "粤Z1234港", "京A1234学"):
            self.assertTrue(is_chinese_plate(plate), plate)
        for plate in ("京A1234", "京I12345", "京AO1234", "A12345"):
            self.assertFalse(is_chinese_plate(plate), plate)

    def test_the_color_follows_from_the_plate(self):
        self.assertEqual(guess_plate_color("京A12345"), "blue")
        self.assertEqual(guess_plate_color("沪AD12345"), "green")
        self.assertEqual(guess_plate_color("沪A12345D"), "yellow_green")
        self.assertEqual(guess_plate_color("粤Z1234港"), "black")
        self.assertIsNone(guess_plate_color("B-MW 1234"))

    def test_one_spelling_of_a_phone(self):
        for phone in ("13800138000", "+86 138 0013 8000", "0086-138-0013-8000"):
            self.assertEqual(normalize_phone(phone, 86), "13800138000")
        self.assertEqual(normalize_phone("021-6000 0000", 86), "2160000000")
        self.assertEqual(normalize_phone("+862160000000", 86), "2160000000")
        self.assertIn("+8613800138000", spell_phone("13800138000", 86))
        self.assertEqual(normalize_phone(False), "")
