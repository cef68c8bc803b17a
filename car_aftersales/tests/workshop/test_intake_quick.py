from odoo.fields import Command
from odoo.tests import tagged

from ..common import CarAftersalesCommon
from .common import FORMALITIES, SIGNATURE
from .inspection_common import CarInspectionCommon

OF_THE_HOUSE = ("pdi", "internal")


class TestIntakeShipped(CarAftersalesCommon):
    """What a new installation asks for before a car goes to the workshop."""

    def test_customers_cars_are_taken_in_before_work(self):
        types = self.env["car.repair.type"].search([])
        shipped = types.filtered(lambda one: one.get_external_id()[one.id])
        self.assertGreaterEqual(len(shipped), 10)
        for order_type in shipped:
            with self.subTest(order_type=order_type.code):
                asked = order_type.kind not in OF_THE_HOUSE
                for name in FORMALITIES:
                    self.assertEqual(order_type[name], asked, name)

    def test_papers_belong_to_level_two_and_annual_inspection(self):
        for code in ("level2", "inspection"):
            order_type = self.env.ref(f"car_aftersales.car_repair_type_{code}")
            self.assertTrue(order_type.document_type_ids)

    def test_each_site_has_hooks_and_boxes_to_begin_with(self):
        company = self.env.ref("base.main_company")
        site = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        for model in ("car.key.slot", "car.storage.box"):
            places = self.env[model].search([("warehouse_id", "=", site.id)])
            self.assertGreaterEqual(len(places), 20)

    def test_a_site_with_places_of_its_own_keeps_them(self):
        site = self.env["stock.warehouse"].create({"name": "North", "code": "NOR"})
        slots = self.env["car.key.slot"]
        made = slots._number_places(3)
        self.assertEqual(made.warehouse_id, site)
        self.assertEqual(made.mapped("name"), ["01", "02", "03"])
        made.active = False
        self.assertFalse(slots._number_places(3))

    def test_a_site_without_a_cabinet_says_where_to_number_it(self):
        site = self.env["stock.warehouse"].create({"name": "North", "code": "NOR"})
        slots = self.env["car.key.slot"].with_user(self.user_advisor)
        with self.assertRefused("North has none yet.*Configuration"):
            slots._get_first_free(site)


@tagged("post_install", "-at_install")
class TestIntakeQuick(CarInspectionCommon):
    """A car without anything special is taken in with a few taps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_full.requires_intake_old_parts = False

    def _begin(self, **values):
        self.order = self._create_order(type_id=self.type_full.id, **values)
        intake = self._begin_intake(self.order)
        intake.document_ids.write({"expiry_date": "2027-01-31"})
        return intake

    def _sign_all(self, intake):
        action = intake.action_sign_all()
        dialog = (
            self.env["car.inspection.signature"]
            .with_user(self.user_advisor)
            .with_context(**action["context"])
        )
        values = dialog.default_get(["inspection_id", "purpose", "signs_all"])
        return dialog.create({**values, "signed_by": "王小明", "signature": SIGNATURE})

    def test_all_in_order_leaves_what_only_people_know(self):
        intake = self._begin()
        intake.line_ids[0].write({"result": "attention", "note": "Scratch"})
        intake.action_all_in_order()
        self.assertEqual(
            self._get_missing(self.order),
            ["odometer", "fuel", "belongings", "sign_intake"],
        )
        self.assertEqual(self.order.key_slot_id, self.slot)
        self.assertFalse(self.order.storage_box_id)
        self.assertEqual(intake.line_ids[0].result, "attention")
        self.assertEqual(intake.intake_step, "check")

    def test_articles_for_the_box_get_one(self):
        intake = self._begin()
        intake.belonging_ids = [Command.create({"name": "Umbrella"})]
        intake.action_all_in_order()
        self.assertEqual(self.order.storage_box_id, self.box)

    def test_what_hangs_already_stays_where_it_is(self):
        intake = self._begin(key_slot_id=self.other_slot.id)
        intake.action_all_in_order()
        self.assertEqual(self.order.key_slot_id, self.other_slot)

    def test_one_signature_closes_the_intake(self):
        intake = self._begin(odometer_km=42000, fuel_level="2")
        intake.has_no_belongings = True
        intake.action_all_in_order()
        self.assertEqual(intake.intake_step, "sign")
        signature = self._sign_all(intake)
        self.assertEqual(len(signature), 1)
        self.assertEqual(
            set(intake.signature_ids.mapped("purpose")), {"intake", "belongings"}
        )
        self.assertEqual(set(intake.signature_ids.mapped("signed_by")), {"王小明"})
        self.assertEqual(intake.intake_step, "close")
        signature.action_close_intake()
        self.assertEqual(intake.state, "done")
        self.assertFalse(intake.intake_step)
        self.assertEqual(self.order.intake_state, "complete")

    def test_a_discrepancy_is_signed_for_with_it(self):
        intake = self._begin(odometer_km=42000, fuel_level="2")
        intake.belonging_ids = [Command.create({"name": "Umbrella", "quantity": 2})]
        intake.difference_ids = [
            Command.create({"name": "License torn", "handling": "Copied"})
        ]
        intake.action_all_in_order()
        signature = self._sign_all(intake)
        self.assertEqual(len(intake.signature_ids), 3)
        text = signature.new(
            {"inspection_id": intake.id, "purpose": "intake"}
        ).signed_text
        self.assertIn("Condition of the car", text)
        # Something else on the list: only the list is signed again.
        intake.belonging_ids = [Command.create({"name": "Child seat"})]
        self.assertEqual(intake._get_purposes_to_sign(), ["belongings"])

    def test_the_customer_reads_what_he_signs_for(self):
        intake = self._begin(odometer_km=42000, fuel_level="2")
        intake.belonging_ids = [Command.create({"name": "Umbrella", "quantity": 2})]
        intake.line_ids[0].write({"result": "defect", "note": "Dent"})
        intake.damage_ids = [Command.create({"x": 60, "y": 85, "kind": "dent"})]
        intake.action_all_in_order()
        signature = self.env["car.inspection.signature"].new(
            {"inspection_id": intake.id, "purpose": "intake", "signs_all": True}
        )
        for words in ("Umbrella × 2", "Paint Dent", "marks of damage: 1"):
            self.assertIn(words, signature.signed_text)

    def test_nothing_to_sign_is_told(self):
        intake = self._begin()
        self._complete(intake)
        with self.assertRefused("nothing waits for the customer's signature"):
            intake.action_sign_all()

    def test_a_signature_too_early_does_not_close(self):
        intake = self._begin()
        signature = self._sign(intake)
        signature.action_close_intake()
        self.assertEqual(intake.state, "in_progress")

    def test_a_closed_intake_is_not_put_in_order(self):
        intake = self._begin()
        self._complete(intake)
        intake.action_finish()
        with self.assertRefused("closed"):
            intake.action_all_in_order()

    def test_a_full_cabinet_is_told(self):
        (self.slot | self.other_slot).active = False
        intake = self._begin()
        with self.assertRefused("Key Slot"):
            intake.action_all_in_order()
