from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .masters_common import WorkshopMastersCommon

SECRETS = ("pin_hash", "pin_tries", "has_own_resource")


@tagged("post_install", "-at_install")
class TestTechnician(WorkshopMastersCommon):
    # === THE PERSON === #

    def test_supervisor_adds_a_technician_without_rights_on_resources(self):
        resource = self.technician.resource_id
        self.assertEqual(resource.name, "Li Wei")
        self.assertEqual(resource.user_id, self.user_technician)
        self.assertEqual(self.technician.company_id, self.env.company)
        self.assertEqual(
            self.technician.resource_calendar_id, self.env.company.resource_calendar_id
        )
        technician = self._as(self.technician, "workshop_supervisor")
        technician.write({"name": "Li Wei 2", "tz": "Asia/Tokyo"})
        self.assertEqual((resource.name, resource.tz), ("Li Wei 2", "Asia/Tokyo"))

    def test_several_technicians_are_created_at_once(self):
        technicians = self.Technician.with_user(self.user_workshop_supervisor).create(
            [{"name": "A"}, {"name": "B", "active": False}]
        )
        self.assertEqual(technicians.mapped("name"), ["A", "B"])
        self.assertEqual(technicians.mapped("active"), [True, False])

    def test_form_saves_a_technician_with_only_a_name(self):
        form = Form(self.Technician.with_user(self.user_workshop_supervisor))
        form.name = "Wang Wu"
        technician = form.save()
        self.assertEqual(technician.resource_id.name, "Wang Wu")
        self.assertTrue(technician.can_edit_person)

    def test_form_takes_over_an_employees_resource(self):
        resource = self.env["resource.resource"].create({"name": "Employee"})
        form = Form(self.Technician.with_user(self.user_workshop_supervisor))
        form.resource_id = resource
        technician = form.save()
        self.assertEqual(technician.name, "Employee")
        self.assertFalse(technician.can_edit_person)

    def test_name_of_an_employee_is_not_changed_through_the_technician(self):
        resource = self.env["resource.resource"].create({"name": "Employee"})
        technician = self.Technician.with_user(self.user_workshop_supervisor).create(
            {"resource_id": resource.id}
        )
        with self.assertRaisesRegex(UserError, "resource of an employee"):
            technician.name = "Somebody else"
        technician.resource_id.sudo().name = "Married Name"
        self.assertEqual(technician.name, "Married Name")

    def test_technician_moves_to_the_resource_of_an_employee(self):
        resource = self.env["resource.resource"].create({"name": "Employee"})
        technician = self._as(self.technician, "workshop_supervisor")
        technician.write({"resource_id": resource.id, "name": "Employee"})
        self.assertEqual(technician.name, "Employee")
        self.assertFalse(technician.can_edit_person)
        with self.assertRaises(UserError):
            technician.name = "Li Wei"
        self.assertEqual(resource.name, "Employee")

    def test_archived_technician_leaves_the_employee_alone(self):
        resource = self.env["resource.resource"].create({"name": "Employee"})
        technician = self.Technician.with_user(self.user_workshop_supervisor).create(
            {"resource_id": resource.id}
        )
        technician.action_archive()
        self.assertTrue(resource.active)

    def test_technician_leaves_with_the_employee(self):
        resource = self.env["resource.resource"].create({"name": "Employee"})
        technician = self.Technician.create({"resource_id": resource.id})
        resource.active = False
        self.assertFalse(technician.active)

    def test_own_resource_goes_with_the_technician(self):
        technician = self.Technician.create({"name": "Short Stay"})
        resource = technician.resource_id
        technician.with_user(self.user_manager).unlink()
        self.assertFalse(resource.exists())

    @mute_logger("odoo.sql_db")
    def test_one_person_is_one_technician(self):
        with self.assertRaises(IntegrityError):
            self.Technician.create({"resource_id": self.technician.resource_id.id})

    def test_advisor_and_technician_change_no_technician(self):
        for persona in ("advisor", "supervisor", "technician", "inspector"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self._as(self.technician, persona).name = "X"
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self._as(self.Technician, persona).create({"name": "X"})

    def test_a_login_finds_its_technician(self):
        technician = self._as(self.Technician, "technician")._get_of_user()
        self.assertEqual(technician, self.technician)
        self.assertFalse(self._as(self.Technician, "advisor")._get_of_user())

    # === BADGE AND PIN === #

    @mute_logger("odoo.sql_db")
    def test_badge_is_unique_in_the_company(self):
        self.other_technician.badge = "B1"
        self.env.flush_all()
        with self.assertRaises(IntegrityError):
            self.Technician.create({"name": "Twin", "badge": "B1"})

    def test_technician_is_found_by_badge(self):
        found = self._as(self.Technician, "advisor").name_search("B1")
        self.assertEqual([found_id for found_id, _name in found], self.technician.ids)

    def test_pin_is_right_or_wrong(self):
        self.assertTrue(self.technician.has_pin)
        self.assertTrue(self.technician._check_pin("2468"))
        for wrong in ("1111", "", None, False):
            self.assertFalse(self.technician._check_pin(wrong))
        self.assertFalse(self.other_technician._check_pin(""), "no PIN was set")

    def test_pin_is_kept_as_a_hash(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM car_technician WHERE id = %s", [self.technician.id]
        )
        self.assertNotIn("2468", str(self.env.cr.dictfetchone()))

    def test_pin_is_never_readable(self):
        for persona in ("technician", "workshop_supervisor", "manager"):
            for name in SECRETS:
                technician = self._as(self.technician, persona)
                with self.subTest(persona=persona, field=name):
                    with self.assertRaises(AccessError):
                        technician.read([name])
                    with self.assertRaises(AccessError):
                        technician.search([(name, "!=", False)])
                    with self.assertRaises(AccessError):
                        technician.formatted_read_group([], [name], ["__count"])
                    with self.assertRaises(UserError):
                        technician.export_data([name])
                    with self.assertRaises(AccessError):
                        technician.write({name: False})
                    self.assertNotIn(name, technician.fields_get())
        with self.assertRaises(AccessError):
            self._as(self.technician, "technician").read(["pin_new"])

    def test_pin_is_not_answered_to_whoever_sets_it(self):
        technician = self._as(self.technician, "workshop_supervisor")
        saved = technician.web_save({"pin_new": "1357"}, {"pin_new": {}, "has_pin": {}})
        self.assertEqual(saved[0]["pin_new"], False)
        self.assertTrue(technician._check_pin("1357"))
        created = technician.browse().web_save(
            {"name": "New", "pin_new": "9753"}, {"pin_new": {}}
        )
        self.assertEqual(created[0]["pin_new"], False)

    def test_technician_does_not_set_pins(self):
        with self.assertRaises(AccessError):
            self._as(self.technician, "technician").write({"pin_new": "1111"})

    def test_pin_has_four_to_twelve_digits(self):
        for wrong in ("123", "12a4", "1234567890123", "１２３４"):
            with self.subTest(pin=wrong), self.assertRaises(ValidationError):
                self.technician.pin_new = wrong

    def test_wrong_tries_lock_the_pin_for_a_while(self):
        self.env.company.car_pin_tries = 3
        technician = self._as(self.technician, "technician")
        for _try in range(3):
            self.assertFalse(technician._check_pin("0000"))
        self.assertFalse(technician._check_pin("2468"), "it is locked")
        later = Datetime.now() + timedelta(minutes=14)
        self.assertGreater(self.technician.pin_locked_until, later)
        self.technician.pin_locked_until = Datetime.now() - timedelta(minutes=1)
        self.assertTrue(technician._check_pin("2468"))
        self.assertFalse(self.technician.pin_locked_until)

    def test_a_right_pin_forgets_the_wrong_ones(self):
        self.env.company.car_pin_tries = 2
        for _round in range(3):
            self.technician._check_pin("0000")
            self.assertTrue(self.technician._check_pin("2468"))

    def test_supervisor_unlocks_a_pin(self):
        self.env.company.car_pin_tries = 1
        self.technician._check_pin("0000")
        with self.assertRaises(AccessError):
            self._as(self.technician, "technician").action_unlock_pin()
        self._as(self.technician, "workshop_supervisor").action_unlock_pin()
        self.assertTrue(self.technician._check_pin("2468"))

    # === COST === #

    def test_technician_cannot_read_what_an_hour_costs(self):
        for persona in ("technician", "advisor", "supervisor", "parts_clerk"):
            technician = self._as(self.technician, persona)
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    technician.read(["hourly_cost"])
                with self.assertRaises(AccessError):
                    technician.search([("hourly_cost", ">", 50)])
                with self.assertRaises(AccessError):
                    technician.search([], order="hourly_cost")
                with self.assertRaises(AccessError):
                    technician.formatted_read_group([], [], ["hourly_cost:sum"])
                with self.assertRaises(AccessError):
                    technician.env["car.workshop.team"].search(
                        [("member_ids.hourly_cost", ">", 50)]
                    )
                with self.assertRaises(AccessError):
                    technician.env.company.read(["car_hourly_cost"])
                self.assertNotIn("hourly_cost", technician.fields_get())
                view = technician.get_view(
                    self.env.ref("car_aftersales.car_technician_view_form").id, "form"
                )
                self.assertNotIn("hourly_cost", view["arch"])
        supervisor = self._as(self.technician, "workshop_supervisor")
        self.assertEqual(supervisor.hourly_cost, 80)

    def test_cost_falls_back_to_the_company(self):
        self.env.company.car_hourly_cost = 60
        self.assertEqual(self.technician._get_hourly_cost(), 80)
        self.technician.hourly_cost = 0
        technician = self._as(self.technician, "technician")
        self.assertEqual(technician._get_hourly_cost(), 60)
        self.assertEqual(technician.browse()._get_hourly_cost(), 60)
