from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import users
from odoo.tools import mute_logger

from ..common import CarAftersalesCommon


class TestCarRepairPackage(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labor, cls.oil, cls.filter = cls.env["product.product"].create(
            [
                {
                    "name": "Change oil",
                    "type": "service",
                    "car_item_kind": "labor",
                    "car_labor_hours": 0.6,
                },
                {"name": "Oil 5W-30", "car_item_kind": "part"},
                {
                    "name": "Oil filter",
                    "car_item_kind": "part",
                    "car_maker_code": "04E 115 561 H",
                },
            ]
        )

    @users("car_workshop_supervisor")
    def test_a_package_gathers_labor_and_parts_that_suit_the_car(self):
        other = self.model.sudo().copy({"name": "H7"})
        package = self.env["car.repair.package"].create(
            {
                "name": "Oil service",
                "line_ids": [
                    Command.create({"product_id": self.labor.id}),
                    Command.create({"product_id": self.oil.id, "quantity": 4}),
                    Command.create(
                        {"product_id": self.filter.id, "model_ids": [other.id]}
                    ),
                ],
            }
        )
        self.assertEqual(package.line_ids.mapped("sold_hours"), [0.6, 0, 0])
        vehicle = self._create_vehicle()
        lines = package._get_lines_for(vehicle)
        self.assertEqual(lines.product_id, self.labor | self.oil)
        vehicle.model_id = other
        self.assertEqual(package._get_lines_for(vehicle), package.line_ids)

    def test_a_package_may_be_meant_for_one_energy(self):
        package = self.env["car.repair.package"].create(
            {"name": "Battery check", "energy": "electric"}
        )
        vehicle = self._create_vehicle()
        self.assertFalse(package._filter_for_vehicle(vehicle))
        self.model.energy = "electric"
        self.assertEqual(package._filter_for_vehicle(vehicle), package)

    @users("car_advisor")
    def test_the_advisor_does_not_change_packages(self):
        with self.assertRaises(AccessError):
            self.env["car.repair.package"].create({"name": "Mine"})

    @mute_logger("odoo.sql_db")
    def test_a_line_without_quantity_is_refused(self):
        with self.assertRaisesRegex(IntegrityError, "quantity_positive"):
            self.env["car.repair.package"].create(
                {
                    "name": "Nothing",
                    "line_ids": [
                        Command.create({"product_id": self.oil.id, "quantity": 0})
                    ],
                }
            )

    @users("car_parts_clerk")
    def test_a_part_is_found_by_the_maker_s_number(self):
        found = self.env["product.product"].name_search("04E 115")
        self.assertEqual([product_id for product_id, _name in found], self.filter.ids)
