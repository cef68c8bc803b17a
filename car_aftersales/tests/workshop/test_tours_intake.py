from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursIntake(HttpCase):
    """The intake on a screen, and our own pieces of the web client by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_advisor = new_test_user(
            cls.env,
            login="tour_intake",
            groups="car_aftersales.car_aftersales_group_advisor",
            name="Tour Intake",
            tz="Asia/Shanghai",
            lang="en_US",
        )

    def _create_order(self):
        license_type = self.env["car.document.type"].create({"name": "Vehicle license"})
        order_type = self.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Annual inspection",
                "requires_intake_readings": True,
                "requires_intake_checklist": True,
                "requires_intake_signature": True,
                "document_type_ids": [Command.set(license_type.ids)],
                "is_intake_blocking": True,
            }
        )
        brand = self.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = self.env["car.vehicle.model"].create(
            {"name": "H5", "brand_id": brand.id}
        )
        vehicle = self.env["car.vehicle"].create(
            {
                "license_plate": "京A12345",
                "model_id": model.id,
                "owner_id": self.env["res.partner"].create({"name": "王小明"}).id,
            }
        )
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": vehicle.id,
                    "type_id": order_type.id,
                    "odometer_km": 42000,
                }
            )
        )

    def test_advisor_takes_a_car_in_until_all_formalities_are_done(self):
        order = self._create_order()
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "car_inspection_tour",
            login="tour_intake",
        )
        intake = order.intake_id
        self.assertEqual(order.intake_state, "complete")
        self.assertEqual(intake.damage_ids.kind, "dent")
        self.assertEqual(intake.damage_ids.note, "5 cm")
        self.assertEqual(intake.damage_ids.view, "top")
        self.assertEqual(order.fuel_level, "2")
        self.assertEqual(intake.signature_ids.taken_by_id, self.user_advisor)

    def test_the_pieces_of_the_web_client_pass_their_unit_tests(self):
        for name in ("car_damage_map", "car_signature"):
            with self.subTest(name=name):
                self.browser_js(
                    "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
                    f"&filter={name}",
                    "",
                    "",
                    login="admin",
                    timeout=600,
                    success_signal="[HOOT] Test suite succeeded",
                    error_checker=lambda message: "[HOOT]" not in message,
                )
