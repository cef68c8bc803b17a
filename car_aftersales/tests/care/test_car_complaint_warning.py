from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCarComplaintWarning(ComplaintCommon):
    """Piles of complaints are found once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"car_complaint_warning_count": 3, "car_complaint_warning_days": 30}
        )

    def _find(self):
        self._run_cron("car_complaint_warning_cron_find")
        return self.env["car.complaint.warning"].search([])

    def _pile(self, count, **values):
        values = {"vehicle_id": False, **values}
        complaints = self.env["car.complaint"]
        for _number in range(count):
            complaints |= self._complain(**values)
        return complaints

    def test_pile_about_a_part_is_found_once_and_told_once(self):
        self._pile(2, product_id=self.filter.id)
        self.assertFalse(self._find())
        self._pile(1, product_id=self.filter.id)
        self._pile(2, product_id=self.oil.id)
        warning = self._find()
        self.assertEqual(warning.dimension, "part")
        self.assertEqual(warning.product_id, self.filter)
        self.assertEqual(warning.complaint_count, 3)
        self.assertEqual(warning.user_id, self.user_supervisor)
        self.assertEqual(self._find(), warning)
        told = self._notified(self.user_supervisor)
        self.assertEqual(told.count("Complaints pile up"), 1)

    def test_later_complaints_join_the_open_pile(self):
        self._pile(3, product_id=self.filter.id)
        warning = self._find()
        self._pile(1, product_id=self.filter.id)
        self.assertEqual(self._find(), warning)
        self.assertEqual(warning.complaint_count, 4)
        self.assertEqual(
            self._notified(self.user_supervisor).count("Complaints pile up"), 1
        )

    def test_after_it_was_looked_into_only_a_new_pile_warns(self):
        self._pile(3, product_id=self.filter.id)
        warning = self._find().with_user(self.user_supervisor)
        with self.assertRefused("what was found"):
            warning.action_close()
        warning.finding = "A bad lot"
        warning.action_close()
        self._pile(2, product_id=self.filter.id)
        self.assertEqual(len(self._find()), 1)
        self._pile(1, product_id=self.filter.id)
        self.assertEqual(len(self._find()), 2)
        with self.assertRefused("closed and stays"):
            warning.finding = "Something else"

    def test_model_team_and_technician_pile_up_too(self):
        team = self.env["car.workshop.team"].create({"name": "Team A"})
        technician = self.env["car.technician"].create({"name": "Chen"})
        self._pile(
            3,
            vehicle_id=self.vehicle.id,
            team_id=team.id,
            technician_id=technician.id,
        )
        warnings = self._find()
        self.assertEqual(
            set(warnings.mapped("dimension")), {"model", "team", "technician"}
        )
        action = warnings[0].with_user(self.user_supervisor).action_open_complaints()
        self.assertEqual(len(self.env["car.complaint"].search(action["domain"])), 3)

    def test_old_and_withdrawn_ones_do_not_count(self):
        old = self._pile(1, product_id=self.filter.id)
        withdrawn = self._pile(1, product_id=self.filter.id)
        withdrawn.action_withdraw("A mistake")
        with self._later(days=31):
            self._pile(2, product_id=self.filter.id)
            self.assertFalse(self._find())
            self._pile(1, product_id=self.filter.id)
            self.assertEqual(self._find().complaint_count, 3)
        self.assertTrue(old)

    def test_zero_switches_warnings_off(self):
        self.company.car_complaint_warning_count = 0
        self._pile(4, product_id=self.filter.id)
        self.assertFalse(self._find())

    def test_companies_do_not_add_up(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        self._pile(2, product_id=self.filter.id)
        self.env["car.complaint"].create(
            {"text": "x", "company_id": other.id, "product_id": self.filter.id}
        )
        self.assertFalse(self._find())

    def test_only_supervisors_close_and_nobody_edits(self):
        self._pile(3, product_id=self.filter.id)
        warning = self._find()
        with self.assertRaises(AccessError):
            warning.with_user(self.user_follow_up_clerk).action_close()
        with self.assertRaises(AccessError):
            warning.with_user(self.user_technician).read(["finding"])
        with self.assertRefused("the rest stays", AccessError):
            warning.with_user(self.user_supervisor).state = "closed"

    def test_measures_follow_from_a_warning_as_well(self):
        self._pile(3, product_id=self.filter.id)
        warning = self._find()
        measure = (
            self.env["car.complaint.measure"]
            .with_user(self.user_supervisor)
            .create(
                {
                    "warning_id": warning.id,
                    "name": "Send the lot back",
                    "due_on": "2026-03-09",
                }
            )
        )
        self.assertEqual(measure.company_id, warning.company_id)
        measure.action_done()
        self.assertTrue(measure.done_on)
