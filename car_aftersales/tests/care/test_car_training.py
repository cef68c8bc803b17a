from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .reports_common import ReportsCommon


@tagged("post_install", "-at_install")
class TestCarTraining(ReportsCommon):
    """Trainings count when they were held, with participants and minutes (R-175)."""

    def _plan(self, user=None, **values):
        return (
            self.env["car.training"]
            .with_user(user or self.user_supervisor)
            .create(
                {
                    "name": "Tires in autumn",
                    "date": "2026-03-02",
                    "user_ids": [Command.set(self.user_advisor.ids)],
                    "minutes": "<p>Depth of tread, how to show it</p>",
                    **values,
                }
            )
        )

    def test_a_training_with_participants_and_minutes_is_held(self):
        training = self._plan()
        training.action_hold()
        self.assertEqual(training.state, "held")

    def test_a_paper_stands_for_the_minutes(self):
        training = self._plan(minutes=False)
        with self.assertRefused("training record or attach"):
            training.action_hold()
        self.env["ir.attachment"].with_user(self.user_supervisor).create(
            {
                "name": "signed.txt",
                "raw": b"present: all",
                "res_model": training._name,
                "res_id": training.id,
            }
        )
        training.action_hold()
        self.assertEqual(training.state, "held")

    def test_nobody_took_part_is_refused(self):
        training = self._plan(user_ids=[Command.clear()])
        with self.assertRefused("who took part"):
            training.write({"state": "held"})

    def test_what_is_to_come_was_not_held(self):
        training = self._plan(date="2026-03-03")
        with self.assertRefused("takes place on 2026-03-03"):
            training.action_hold()

    def test_who_is_user_and_technician_counts_once(self):
        technicians = self.env["car.technician"].create(
            [{"name": "Li"}, {"name": "Technician", "user_id": self.user_technician.id}]
        )
        training = self._plan(
            kind="workshop",
            user_ids=[Command.set((self.user_technician | self.user_advisor).ids)],
            technician_ids=[Command.set(technicians.ids)],
        )
        self.assertEqual(training.participant_count, 3)

    def test_a_held_training_stays_as_it_is(self):
        training = self._plan()
        training.action_hold()
        for values in ({"kind": "activity"}, {"date": "2026-02-01"}, {"user_ids": []}):
            with self.assertRefused("only its record"):
                training.write(values)
        with self.assertRefused("cannot become"):
            training.write({"state": "planned"})
        with self.assertRefused("stays on record"):
            training.unlink()
        training.minutes = "<p>Depth of tread, how to show it, prices</p>"
        self.assertIn("prices", training.minutes)

    def test_workshop_supervisors_hold_trainings_too(self):
        training = self._plan(user=self.user_workshop_supervisor, kind="workshop")
        training.action_hold()
        self.assertEqual(training.state, "held")

    def test_others_read_and_do_not_write(self):
        training = self._plan()
        for user in (self.user_technician, self.user_follow_up_clerk, self.user_gate):
            self.assertEqual(training.with_user(user).name, "Tires in autumn")
            with self.assertRaises(AccessError):
                training.with_user(user).name = "Nothing"
            with self.assertRaises(AccessError):
                self._plan(user=user)

    def test_another_companys_trainings_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        training = self.env["car.training"].create(
            {"name": "Elsewhere", "date": "2026-03-02", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            training.with_user(self.user_supervisor).read(["name"])
