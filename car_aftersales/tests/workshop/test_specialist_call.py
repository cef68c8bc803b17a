from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import FROZEN_NOW
from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestSpecialistCall(CarInspectionCommon):
    """The specialist is notified at once; the first who answers comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skill = cls.env["car.workshop.skill"].create({"name": "High voltage"})
        cls.user_second = new_test_user(
            cls.env,
            login="car_second",
            groups="car_aftersales.car_aftersales_group_technician",
            name="Second",
        )
        cls.second = cls.env["car.technician"].create(
            {"name": "Zhang Tie", "user_id": cls.user_second.id}
        )
        (cls.technician | cls.second).skill_ids = cls.skill

    def _call(self, **values):
        self.order = self._create_order()
        return (
            self.env["car.specialist.call"]
            .with_user(self.user_advisor)
            .create({"order_id": self.order.id, "skill_id": self.skill.id, **values})
        )

    def _at(self, seconds):
        return freeze_time(FROZEN_NOW + timedelta(seconds=seconds))

    def test_everybody_with_the_skill_is_notified_at_once(self):
        call = self._call(note="Noise at the battery")
        self.assertEqual(call.technician_ids, self.technician | self.second)
        message = self.env["mail.message"].search(
            [("model", "=", call._name), ("res_id", "=", call.id)]
        )
        self.assertEqual(
            message.partner_ids,
            self.user_technician.partner_id | self.user_second.partner_id,
        )
        self.assertIn("Noise at the battery", message.body)

    def test_the_first_who_answers_comes_and_both_moments_are_kept(self):
        call = self._call()
        with self._at(40):
            call.with_user(self.user_second).action_coming()
        with self.assertRaisesRegex(UserError, "Zhang Tie has answered already"):
            call.with_user(self.user_technician).action_coming()
        with self.assertRaises(UserError):
            call.with_user(self.user_technician).action_there()
        with self._at(180):
            call.with_user(self.user_second).action_there()
        self.assertEqual(call.technician_id, self.second)
        self.assertEqual((call.answer_seconds, call.arrival_seconds), (40, 180))
        self.assertEqual(call.there_at, datetime(2026, 3, 2, 2, 3))

    def test_the_advisor_sees_him_arrive(self):
        call = self._call(technician_ids=[Command.set(self.technician.ids)])
        with self.assertRaisesRegex(UserError, "nobody has answered"):
            call.action_there()
        call.with_user(self.user_technician).action_coming()
        call.action_there()
        self.assertEqual(call.state, "there")

    def test_who_is_not_called_does_not_answer(self):
        call = self._call(technician_ids=[Command.set(self.technician.ids)])
        for user in (self.user_second, self.user_advisor):
            with self.assertRaises(AccessError):
                call.with_user(user).action_coming()
        with self.assertRaises(UserError):
            call.with_user(self.user_second).write(
                {"technician_ids": [Command.link(self.second.id)]}
            )
        with self.assertRaises(AccessError):
            call.with_user(self.user_second).write(
                {"state": "coming", "technician_id": self.technician.id}
            )

    def test_a_call_that_reaches_nobody_is_refused(self):
        nobody = self.env["car.technician"].create({"name": "Without login"})
        for technicians in (nobody, nobody.browse()):
            with self.assertRaisesRegex(UserError, "choose a specialist"):
                self._call(
                    skill_id=False, technician_ids=[Command.set(technicians.ids)]
                )

    def test_a_call_is_cancelled_and_kept(self):
        call = self._call()
        with self.assertRaises(AccessError):
            call.with_user(self.user_technician).action_cancel()
        call.action_cancel()
        with self.assertRaises(UserError):
            call.sudo().unlink()
        with self.assertRaises(UserError):
            call.with_user(self.user_technician).action_coming()

    def test_nobody_forges_the_moments(self):
        call = self._call(coming_at="2026-01-01", technician_id=self.second.id)
        self.assertFalse(call.coming_at)
        self.assertFalse(call.technician_id)
        with self.assertRaises(UserError):
            call.write({"called_at": "2026-01-01"})

    def test_the_order_opens_the_dialog_with_the_reception_bay(self):
        bay = self.env["car.workshop.bay"].create(
            {"name": "Reception", "kind": "reception"}
        )
        action = self._create_order().action_call_specialist()
        self.assertEqual(action["context"]["default_bay_id"], bay.id)
