from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import CarBookingCommon


@tagged("post_install", "-at_install")
class TestBookingPerformance(CarBookingCommon):
    """As many queries for fifty appointments as for ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(7):
            cls._create_technician(f"Technician {number}", cls.team)

    def _create_many(self, count, day):
        values = [
            {
                "contact_name": f"Customer {number}",
                "phone": f"139 0000 {number:04}",
                "license_plate": f"沪C{number:05}",
                "team_id": self.team.id,
                "start_at": self._at(day + number // 25, 8 + number % 4),
                "line_ids": [
                    Command.create({"product_id": self.filter.id}),
                    Command.create({"name": "Look", "hours": 0.25}),
                ],
            }
            for number in range(count)
        ]
        model = self.env["car.appointment"].with_user(self.user_advisor)
        return model.create(values)

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_boards_and_lists(self):
        earlier = self._create_many(5, 2)
        few = self._create_many(10, 3)
        many = self._create_many(50, 9)
        (earlier | few | many).write({"state": "confirmed"})
        names = ["missing_text", "parts_status", "items_text", "when_text", "is_late"]
        self._count(lambda: few.read(names))  # fills the caches of models, settings
        counts = [
            self._count(lambda records=records: records.read(names))
            for records in (few, many)
        ]
        self.assertEqual(*counts)

    def test_free_times_of_many_days(self):
        self._create_many(10, 3).write({"state": "confirmed"})
        self.team._find_free(1, after=self._at(3, 8))
        few = self._count(lambda: self.team._find_free(1, after=self._at(3, 8)))
        self._create_many(40, 4).write({"state": "confirmed"})
        many = self._count(
            lambda: self.team._find_free(1, after=self._at(3, 8), limit=50)
        )
        self.assertEqual(few, many)

    def test_confirming_a_sheet(self):
        """A step more for each appointment would show at once."""
        few = self._create_many(10, 3)
        many = self._create_many(50, 9)
        counts = [
            self._count(lambda records=records: records.write({"state": "confirmed"}))
            for records in (few, many)
        ]
        self.assertLess(counts[1], counts[0] + 5)

    def test_duplicates_are_found_in_one_pass(self):
        few = self._create_many(10, 3)
        many = self._create_many(50, 9)
        self._count(lambda: few.mapped("duplicate_ids"))
        counts = [
            self._count(lambda records=records: records.mapped("duplicate_ids"))
            for records in (few, many)
        ]
        self.assertEqual(*counts)
