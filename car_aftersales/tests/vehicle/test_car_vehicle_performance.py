from odoo.tests import tagged

from ..common import CarAftersalesCommon


@tagged("post_install", "-at_install")
class TestCarVehiclePerformance(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["car.vehicle"].search([]).active = False
        package = cls.env["car.repair.package"].create({"name": "Oil"})
        plan = cls.env["car.maintenance.plan"].create({"name": "Plan"})
        plan.line_ids = [(0, 0, {"package_id": package.id, "repeat_km": 10000})]
        cls.model.plan_id = plan
        owners = cls.env["res.partner"].create(
            [{"name": f"Owner {number}"} for number in range(80)]
        )
        cls.vehicles = cls.env["car.vehicle"].create(
            [
                {
                    "license_plate": f"京A{number:05}",
                    "model_id": cls.model.id,
                    "owner_id": owner.id,
                    "odometer_km": 1000 + number,
                    "first_registration_date": "2025-01-01",
                }
                for number, owner in enumerate(owners)
            ]
        )

    def _count_queries(self, action, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _read_list(self, vehicles):
        Vehicle = vehicles.with_user(self.user_advisor)
        view = Vehicle.get_view(view_type="list")["models"]["car.vehicle"]
        fields = set(view) - {"id"}
        spec = {
            name: {"fields": {"display_name": {}}}
            if Vehicle._fields[name].type == "many2one"
            else {}
            for name in fields
        }
        rows = Vehicle.web_search_read(
            [("id", "in", vehicles.ids)], spec, limit=len(vehicles)
        )
        self.assertEqual(rows["length"], len(vehicles))

    def test_a_list_of_80_rows_takes_as_many_queries_as_one_of_10(self):
        self._read_list(self.vehicles[:10])
        few = self._count_queries(self._read_list, self.vehicles[:10])
        many = self._count_queries(self._read_list, self.vehicles)
        self.assertEqual(many, few)

    def test_planning_services_takes_a_constant_number_of_queries(self):
        plan = self.env.registry["car.vehicle"]._plan_next_service
        plan(self.vehicles[:10])
        few = self._count_queries(plan, self.vehicles[:10])
        many = self._count_queries(plan, self.vehicles)
        self.assertEqual(many, few)

    def test_readings_of_many_cars_take_a_constant_number_of_queries(self):
        def read(vehicles):
            vehicles._add_readings(
                {vehicle: vehicle.odometer_km + 10 for vehicle in vehicles}
            )

        read(self.vehicles[:10])
        few = self._count_queries(read, self.vehicles[:10])
        many = self._count_queries(read, self.vehicles)
        self.assertLessEqual(many, few + 1)
