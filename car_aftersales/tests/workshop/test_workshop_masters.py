from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .masters_common import WorkshopMastersCommon


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
