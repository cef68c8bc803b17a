from odoo.fields import Command

from .common import SIGNATURE, CarWorkshopCommon


class CarInspectionCommon(CarWorkshopCommon):
    """An order type that asks for everything at intake, slots, boxes, templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.license = cls.env["car.document.type"].create({"name": "Vehicle license"})
        cls.policy = cls.env["car.document.type"].create(
            {"name": "Insurance policy", "has_expiry": True}
        )
        cls.type_full = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Annual inspection",
                "requires_intake_readings": True,
                "requires_intake_checklist": True,
                "requires_intake_belongings": True,
                "requires_intake_key": True,
                "requires_intake_old_parts": True,
                "requires_intake_signature": True,
                "document_type_ids": [Command.set((cls.license | cls.policy).ids)],
                "is_intake_blocking": True,
            }
        )
        cls.template = cls._create_template("intake", cls.type_full)
        cls.health = cls._create_template("health_check", cls.type_full)
        slots = cls.env["car.key.slot"].create([{"name": "K1"}, {"name": "K2"}])
        cls.slot, cls.other_slot = slots
        cls.box = cls.env["car.storage.box"].create({"name": "B1"})
        cls.brakes = cls.env.ref("car_aftersales.car_vehicle_system_brakes")
        cls.technician = cls.env["car.technician"].create(
            {"name": "Li Wei", "user_id": cls.user_technician.id}
        )

    @classmethod
    def _create_template(cls, kind, order_type):
        """Return a template: one item for each depth and drive, one optional."""
        return cls.env["car.inspection.template"].create(
            {
                "name": "Everything",
                "kind": kind,
                "type_ids": [Command.set(order_type.ids)],
                "line_ids": [
                    Command.create({"name": "Paint", "section": "Exterior"}),
                    Command.create({"name": "Wipers", "is_required": False}),
                    Command.create({"name": "Coolant", "depth": "careful"}),
                    Command.create({"name": "Brake force", "depth": "professional"}),
                    Command.create({"name": "Insulation", "drive": "high_voltage"}),
                ],
            }
        )

    # === BUILDERS === #

    def _take_in(self, **values):
        """Return an order of the type that asks for everything, agreed to."""
        order = self._create_order(type_id=self.type_full.id, **values)
        self._authorize(order)
        return order

    def _begin_intake(self, order):
        """Let the advisor begin the intake and return it."""
        order.with_user(self.user_advisor).action_intake()
        return order.intake_id.with_user(self.user_advisor)

    def _sign(self, inspection, purpose="intake", **values):
        return (
            self.env["car.inspection.signature"]
            .with_user(self.user_advisor)
            .create(
                {
                    "inspection_id": inspection.id,
                    "purpose": purpose,
                    "signed_by": "王小明",
                    "signature": SIGNATURE,
                    **values,
                }
            )
        )

    def _complete(self, intake):
        """Take in everything that the type asks for, without a discrepancy."""
        intake.write(
            {
                "odometer_km": 42000,
                "fuel_level": "2",
                "old_parts": "return",
                "has_no_belongings": True,
            }
        )
        intake.key_slot_id = self.slot
        intake.document_ids.write({"expiry_date": "2027-01-31"})
        intake.action_documents_good()
        intake.action_rest_ok()
        self._sign(intake, "belongings")
        self._sign(intake)

    def _get_missing(self, order):
        """Return the keys of what is missing."""
        return [item["key"] for item in order._get_intake_missing()]

    def _begin_diagnosis(self, order):
        """Let the advisor ask for consent and begin the diagnosis."""
        self._authorize(order, kind="diagnosis")
        order.with_user(self.user_advisor).action_diagnose()
        diagnosis = order.inspection_ids.filtered(lambda each: each.kind == "diagnosis")
        diagnosis.with_user(self.user_technician).action_start()
        return diagnosis
