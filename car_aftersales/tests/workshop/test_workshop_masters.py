from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.car_aftersales.tests.common import CarAftersalesCommon

SECRETS = ("pin_hash", "pin_tries", "has_own_resource")


class WorkshopMastersCommon(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Technician = cls.env["car.technician"]
        cls.technician = cls.Technician.with_user(cls.user_workshop_supervisor).create(
            {
                "name": "Li Wei",
                "badge": "B1",
                "pin_new": "2468",
                "hourly_cost": 80,
                "user_id": cls.user_technician.id,
            }
        )
        cls.other_company = cls.env["res.company"].create({"name": "Second Dealer"})
        cls.other_technician = cls.Technician.create(
            {"name": "Zhang San", "company_id": cls.other_company.id}
        )

    def _as(self, record, persona):
        """Return a record as a persona sees it, with an empty cache."""
        self.env.invalidate_all()
        return record.with_user(getattr(self, f"user_{persona}")).with_context({})


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


@tagged("post_install", "-at_install")
class TestWorkshopMasters(WorkshopMastersCommon):
    # === TEAMS AND BAYS === #

    def test_team_and_bay_get_the_first_site_of_their_company(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        team = self.env["car.workshop.team"].create(
            {"name": "Engine", "company_id": self.other_company.id}
        )
        self.assertEqual(team.warehouse_id, warehouse)
        supervisor = self.user_workshop_supervisor
        team = self.env["car.workshop.team"].with_user(supervisor).create({"name": "B"})
        self.assertEqual(team.warehouse_id.company_id, self.env.company)
        bay = self.env["car.workshop.bay"].create({"name": "1", "team_id": team.id})
        self.assertEqual(bay.warehouse_id, team.warehouse_id)

    def test_members_belong_to_the_company_of_the_team(self):
        team = self.env["car.workshop.team"].create({"name": "Engine"})
        self.technician.team_id = team
        self.assertEqual((team.member_ids, team.member_count), (self.technician, 1))
        with self.assertRaises(UserError):
            self.other_technician.team_id = team

    def test_other_companies_are_not_seen(self):
        team = self.env["car.workshop.team"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        bay = self.env["car.workshop.bay"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        system = self.env["car.vehicle.system"].create({"name": "Brakes"})
        price = self.env["car.repair.system.price"].create(
            {"system_id": system.id, "price": 1, "company_id": self.other_company.id}
        )
        kind = self.env["car.repair.type"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        for record in (team, bay, price, kind, self.other_technician):
            seen = self._as(record, "manager")
            with self.subTest(model=record._name):
                self.assertFalse(seen.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    seen.read(["display_name"])
                with self.assertRaises(AccessError):
                    seen.write({"company_id": self.env.company.id})

    def test_shared_types_and_classes_are_seen_by_all_companies(self):
        user = new_test_user(
            self.env,
            "car_second",
            "car_aftersales.car_aftersales_group_advisor",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        types = self.env["car.repair.type"].with_user(user).search([])
        self.assertIn(self.env.ref("car_aftersales.car_repair_type_level2"), types)
        self.assertEqual(
            types.fee_product_id.mapped("display_name"),
            ["Diagnosis Fee", "Estimate Fee"],
        )

    # === PRICES AND TIMES === #

    def test_price_of_the_model_wins_over_the_general_one(self):
        prices = self.env["car.repair.system.price"]
        system = self.env["car.vehicle.system"].create({"name": "Brakes"})
        other_model = self.model.copy({"name": "HS5"})
        company = self.env.company
        prices.with_user(self.user_supervisor).create(
            [
                {"system_id": system.id, "price": 300},
                {"system_id": system.id, "price": 450, "model_id": self.model.id},
            ]
        )
        prices = self._as(prices, "technician")
        self.assertEqual(prices._get_price(system, self.model, company), 450)
        self.assertEqual(prices._get_price(system, other_model, company), 300)
        nothing = self.env["car.vehicle.model"]
        self.assertEqual(prices._get_price(system, nothing, company), 300)
        self.assertIsNone(prices._get_price(system, self.model, self.other_company))

    @mute_logger("odoo.sql_db")
    def test_a_general_price_is_there_once(self):
        system = self.env["car.vehicle.system"].create({"name": "Brakes"})
        values = {"system_id": system.id, "price": 1}
        self.env["car.repair.system.price"].create(values)
        with self.assertRaises(IntegrityError):
            self.env["car.repair.system.price"].create(values)

    def test_labor_time_falls_back_to_the_operation(self):
        operation, other = self.env["product.product"].create(
            [
                {"name": "Change oil", "type": "service", "car_labor_hours": 0.5},
                {"name": "Change belt", "type": "service", "car_labor_hours": 3},
            ]
        )
        nothing = self.env["car.vehicle.model"]
        times = self.env["car.labor.time"].with_user(self.user_workshop_supervisor)
        self.assertEqual(operation._get_labor_hours(self.model), 0.5)
        times.create({"product_id": operation.id, "hours": 0.7})
        self.assertEqual(operation._get_labor_hours(self.model), 0.7)
        times.create(
            {"product_id": operation.id, "model_id": self.model.id, "hours": 0}
        )
        pairs = [(operation, self.model), (operation, nothing), (other, self.model)]
        self.env.flush_all()
        times._get_hours(pairs)  # warm up
        with self.assertQueryCount(1):
            hours = times._get_hours(pairs)
        self.assertEqual([hours[pair] for pair in pairs], [0, 0.7, 3])

    def test_who_keeps_which_master_data(self):
        allowed = {
            "supervisor": {"car.repair.class", "car.repair.type"},
            "workshop_supervisor": {"car.workshop.skill", "car.labor.time"},
            "advisor": set(),
            "technician": set(),
        }
        names = set().union(*allowed.values())
        for persona, may in allowed.items():
            for name in sorted(names):
                model = self._as(self.env[name], persona)
                with self.subTest(persona=persona, model=name):
                    self.assertTrue(model.has_access("read"))
                    self.assertEqual(model.has_access("create"), name in may)
                    self.assertEqual(model.has_access("write"), name in may)
                    self.assertFalse(model.has_access("unlink"))
        for name in names:
            manager = self._as(self.env[name], "manager")
            self.assertTrue(manager.has_access("unlink"))

    # === COMPANY === #

    def test_numbers_run_by_company(self):
        sequences = self.env["ir.sequence"]
        for company in (self.env.company, self.other_company):
            for code in ("car.repair.order", "car.exit.pass"):
                found = sequences.search(
                    [("code", "=", code), ("company_id", "=", company.id)]
                )
                self.assertEqual(len(found), 1)
        second = sequences.with_company(self.other_company)
        first = second.next_by_code("car.repair.order")
        self.assertEqual(first, f"RO/{Datetime.now().year}/00001")
        self.assertEqual(second.next_by_code("car.repair.order")[-5:], "00002")

    def test_numbers_are_given_once(self):
        before = self.env["ir.sequence"].search_count([])
        self.env["res.company"].search([])._create_car_sequences()
        self.assertEqual(self.env["ir.sequence"].search_count([]), before)

    def test_settings_are_written_by_the_system_administrator(self):
        admin = new_test_user(self.env, "car_admin", "base.group_system")
        settings = self.env["res.config.settings"].with_user(admin)
        settings.create({"car_hourly_cost": 70, "car_pin_tries": 4}).execute()
        self.assertEqual(self.env.company.car_hourly_cost, 70)
        self.assertEqual(self.env.company.car_pin_tries, 4)
        with self.assertRaises(AccessError):
            self._as(settings, "manager").create({})
