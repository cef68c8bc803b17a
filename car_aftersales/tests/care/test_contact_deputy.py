from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .care_common import CarCareCommon


@tagged("post_install", "-at_install")
class TestContactDeputy(CarCareCommon):
    """A clerk is away: his contacts are made by a deputy and come back (R-123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = new_test_user(
            cls.env,
            "car_other_clerk",
            "car_aftersales.car_aftersales_group_follow_up_clerk",
        )

    def _name_deputy(self, first, last, user=None, **values):
        return (
            self.env["car.contact.deputy"]
            .with_user(user or self.user_supervisor)
            .create(
                {
                    "clerk_id": self.clerk.id,
                    "deputy_id": self.other.id,
                    "date_from": first,
                    "date_to": last,
                    **values,
                }
            )
        )

    def _create_task(self):
        return (
            self.env["car.contact.task"]
            .with_user(self.clerk)
            .create({"partner_id": self.customer.id, "kind": "care"})
        )

    def test_contacts_go_to_the_deputy_and_come_back(self):
        task = self._create_task()
        self._name_deputy("2026-03-03", "2026-03-05")
        self.assertEqual(task.clerk_id, self.clerk)
        with self._day("2026-03-03"):
            self._plan()
            self.assertEqual(task.clerk_id, self.other)
            self.assertEqual(task.original_clerk_id, self.clerk)
        with self._day("2026-03-06"):
            self._plan()
            self.assertEqual(task.clerk_id, self.clerk)

    def test_what_is_planned_meanwhile_goes_to_the_deputy(self):
        self._name_deputy("2026-03-01", "2026-03-05")
        self._deliver()
        self._plan()
        task = self._get_tasks("first_call")
        self.assertEqual(task.clerk_id, self.other)
        self.assertEqual(task.original_clerk_id, self.clerk)

    def test_ending_it_early_brings_them_back_at_once(self):
        task = self._create_task()
        deputy = self._name_deputy("2026-03-01", "2026-03-20")
        self.assertEqual(task.clerk_id, self.other)
        deputy.unlink()
        self.assertEqual(task.clerk_id, self.clerk)

    def test_the_supervisor_alone_hands_over(self):
        task = self._create_task()
        with self.assertRaises(AccessError):
            self._name_deputy("2026-03-01", "2026-03-02", self.clerk)
        with self.assertRefused("gives contacts to others", AccessError):
            task.with_user(self.other).clerk_id = self.other
        task.with_user(self.user_supervisor).clerk_id = self.other
        self._plan()
        self.assertEqual(task.clerk_id, self.other)
        self.assertEqual(task.original_clerk_id, self.other)

    def test_one_deputy_at_a_time_and_never_oneself(self):
        self._name_deputy("2026-03-03", "2026-03-05")
        with self.assertRefused("has a deputy for these days", Exception):
            self._name_deputy(
                "2026-03-05", "2026-03-08", deputy_id=self.user_advisor.id
            )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._name_deputy("2026-04-01", "2026-04-02", deputy_id=self.clerk.id)
