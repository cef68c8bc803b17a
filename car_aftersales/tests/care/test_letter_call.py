from datetime import date

from odoo.tests import tagged

from .letter_common import CarLetterCommon


@tagged("post_install", "-at_install")
class TestLetterAfterCall(CarLetterCommon):
    """Needed or not needed, within two days after the call (R-134)."""

    def _get_owed(self):
        action = self.env.ref("car_aftersales.car_contact_call_action_letters")
        domain = [("letter_state", "in", ("undecided", "owed"))]
        self.assertEqual(action.domain, str(domain))
        return self.env["car.contact.call"].with_user(self.clerk).search(domain)

    def test_an_ordinary_call_asks_for_nothing(self):
        call = self._log_call()
        self.assertFalse(call.letter_state)
        self.assertFalse(call.letter_due_on)

    def test_a_needed_letter_is_owed_until_it_is_sent(self):
        call = self._log_call()
        call.action_letter_needed()
        self.assertEqual(call.letter_state, "owed")
        self.assertEqual(call.letter_due_on, date(2026, 3, 4))
        self.assertEqual(self._get_owed(), call)
        context = call.action_write_letter()["context"]
        letter = self.letters.with_context(**context).create({})
        self.assertEqual((call.letter_id, call.letter_state), (letter, "owed"))
        self.assertEqual(call.action_write_letter()["res_id"], letter.id)
        letter.action_send()
        self.assertEqual((call.letter_id, call.letter_state), (letter, "settled"))
        self.assertFalse(self._get_owed())
        with self.assertRefused("was sent already"):
            call.action_letter_not_needed()

    def test_not_needed_is_an_answer(self):
        call = self._log_call()
        call.action_letter_needed()
        call.action_letter_not_needed()
        self.assertFalse(call.letter_state)
        self.assertFalse(self._get_owed())

    def test_a_cancelled_letter_settles_nothing(self):
        call = self._log_call()
        call.action_letter_needed()
        letter = self._write_letter(call_id=call.id)
        letter.action_cancel()
        self.assertEqual(call.letter_state, "owed")
        self.assertFalse(call.letter_id)

    def test_the_days_are_a_setting(self):
        self.company.car_letter_days = 4
        call = self._log_call()
        call.action_letter_needed()
        self.assertEqual(call.letter_due_on, date(2026, 3, 6))
        self.company.car_days_are_working_days = True
        later = self._log_call()
        later.action_letter_needed()
        self.assertEqual(later.letter_due_on, date(2026, 3, 6))

    def test_late_ones_are_found(self):
        call = self._log_call()
        call.action_letter_needed()
        calls = self.env["car.contact.call"].with_user(self.clerk)
        late = [("is_letter_late", "=", True)]
        with self._day("2026-03-04"):
            self.assertFalse(calls.search(late))
        with self._day("2026-03-05"):
            self.assertEqual(calls.search(late), call)
            self.assertTrue(call.is_letter_late)

    def test_an_archived_call_is_not_decided_on(self):
        call = self._log_call()
        call.action_archive_record()
        with self.assertRefused("archived"):
            call.action_letter_needed()
        with self.assertRefused("only its key points"):
            self._log_call().write({"kind": "care"})
