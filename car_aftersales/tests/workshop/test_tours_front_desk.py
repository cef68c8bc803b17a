from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursFrontDesk(HttpCase):
    """A morning at the front desk, from the telephone to the signed contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {"car_confirmation_mail": False, "car_symptom_risk_percent": 20.0}
        )
        cls.user_advisor = new_test_user(
            cls.env,
            login="tour_front_desk",
            groups="car_aftersales.car_aftersales_group_advisor",
            name="Tour Front Desk",
            tz="UTC",
            lang="en_US",
        )
        cls._create_workshop()
        cls._create_order_type()
        cls._create_catalog()
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = cls.env["car.vehicle.model"].create(
            {"name": "H5 Morning", "brand_id": brand.id}
        )
        owner = cls.env["res.partner"].create(
            {"name": "Morning Customer", "phone": "139 7777 0020"}
        )
        cls.vehicle = cls.env["car.vehicle"].create(
            {"license_plate": "沪T00020", "model_id": model.id, "owner_id": owner.id}
        )

    @classmethod
    def _create_workshop(cls):
        """Make a team that works day and night: the tour has no clock of its own."""
        days = [
            Command.create(
                {
                    "name": str(day),
                    "dayofweek": str(day),
                    "hour_from": 0,
                    "hour_to": 24,
                    "day_period": "morning",
                }
            )
            for day in range(7)
        ]
        calendar = cls.env["resource.calendar"].create(
            {"name": "Always", "tz": "UTC", "attendance_ids": [Command.clear(), *days]}
        )
        cls.team = cls.env["car.workshop.team"].create(
            {"name": "Morning Team", "resource_calendar_id": calendar.id}
        )
        cls.env["car.key.slot"].search([]).active = False
        cls.env["car.storage.box"].search([]).active = False
        cls.slot = cls.env["car.key.slot"].create({"name": "M1"})
        cls.box = cls.env["car.storage.box"].create({"name": "MB1"})

    @classmethod
    def _create_order_type(cls):
        """Let the type of a new order ask for all formalities."""
        license_type = cls.env["car.document.type"].create({"name": "Vehicle license"})
        cls.env["car.repair.type"].search([], limit=1).write(
            {
                "requires_intake_readings": True,
                "requires_intake_checklist": True,
                "requires_intake_belongings": True,
                "requires_intake_key": True,
                "requires_intake_old_parts": False,
                "requires_intake_signature": True,
                "requires_signature": True,
                "document_type_ids": [Command.set(license_type.ids)],
                "is_intake_blocking": True,
            }
        )

    @classmethod
    def _create_catalog(cls):
        """Make what the three jobs need, and the price of work on the brakes."""
        cls.brakes = cls.env["car.vehicle.system"].create({"name": "Morning Brakes"})
        cls.env["car.repair.system.price"].create(
            {"system_id": cls.brakes.id, "price": 450.0}
        )
        labor = {
            "type": "service",
            "car_item_kind": "labor",
            "car_labor_hours": 1.0,
            "list_price": 200.0,
            "taxes_id": [Command.clear()],
        }
        part = {
            "type": "consu",
            "is_storable": True,
            "car_item_kind": "part",
            "list_price": 90.0,
            "taxes_id": [Command.clear()],
        }
        cls.env["product.product"].create(
            [
                {"name": "Change Pads", **labor},
                {"name": "Look for Water", **labor},
                {"name": "Wiper Blades", **part},
            ]
        )

    def test_a_morning_from_the_call_to_the_signature(self):
        self.start_tour(
            "/odoo/car-reception",
            "car_front_desk_tour",
            login="tour_front_desk",
            timeout=180,
        )
        enquiry = self.env["car.enquiry"].search([("vehicle_id", "=", self.vehicle.id)])
        appointment = enquiry.appointment_id
        order = self.vehicle.order_ids
        self.assertEqual(enquiry.state, "booked")
        self.assertEqual(appointment.state, "arrived")
        self.assertEqual(appointment.order_id, order)
        self.assertEqual(order.reception_id.data_confirmed_by_id, self.user_advisor)
        self._check_intake(order)
        self._check_prices(order)
        # The customer has signed; now the work may start.
        self.assertEqual(order.state, "authorized")
        self.assertTrue(order.is_signed)
        self.assertTrue(order.promised_at)
        self.assertAlmostEqual(order.amount_pending, 0.0)

    def _check_intake(self, order):
        intake = order.intake_id
        self.assertEqual(order.intake_state, "complete")
        self.assertEqual(order.odometer_km, 30500)
        self.assertEqual(order.key_slot_id, self.slot)
        self.assertEqual(order.storage_box_id, self.box)
        self.assertEqual(intake.damage_ids.mapped("note"), ["5 cm"])
        self.assertEqual(intake.belonging_ids.mapped("name"), ["Umbrella"])
        self.assertEqual(
            set(intake.signature_ids.mapped("purpose")), {"intake", "belongings"}
        )

    def _check_prices(self, order):
        by_method = {job.estimate_method: job for job in order.job_ids}
        self.assertEqual(len(order.job_ids), 3)
        self.assertAlmostEqual(by_method["system"].line_ids.price_unit, 450.0)
        self.assertAlmostEqual(by_method["symptom"].line_ids.price_unit, 240.0)
        self.assertAlmostEqual(by_method["item"].line_ids.price_unit, 90.0)
        self.assertEqual(by_method["item"].item_notice_by_id, self.user_advisor)
        diagnosis = order.inspection_ids.filtered(lambda one: one.kind == "diagnosis")
        self.assertEqual(diagnosis.line_ids.job_id, by_method["symptom"])
        self.assertEqual(set(order.job_ids.mapped("state")), {"authorized"})
