from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon


@tagged("post_install", "-at_install")
class TestIntakeCustody(CarInspectionCommon):
    """A slot or box holds one open order; who takes a key is written down."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self.order.key_slot_id = self.slot

    def _get_log(self):
        return [
            (log.action, log.giver_name, log.receiver_name)
            for log in self.order.custody_ids.sorted("id")
        ]

    def test_a_key_comes_in_goes_out_and_back(self):
        slot = self.slot.with_user(self.user_technician)
        self.assertEqual(slot.order_number, self.order.name)
        self.assertEqual(slot.license_plate, "京A12345")
        slot.action_take()
        self.assertEqual(slot.holder_name, "Technician")
        with self.assertRaisesRegex(UserError, "is with Technician"):
            self.slot.with_user(self.user_inspector).action_take()
        slot.action_put_back()
        with self.assertRaisesRegex(UserError, "hangs in the cabinet"):
            slot.action_put_back()
        self.order.action_give_key_back()
        self.assertTrue(self.slot.is_free)
        self.assertEqual(
            self._get_log(),
            [
                ("receive", "王小明", "Advisor"),
                ("take", "K1", "Technician"),
                ("put_back", "Technician", "K1"),
                ("give_back", "Advisor", "王小明"),
            ],
        )

    def test_a_slot_holds_the_key_of_one_order(self):
        other = self._create_order(vehicle_id=self._other_vehicle().id)
        with self.assertRaisesRegex(UserError, "occupied by"):
            other.key_slot_id = self.slot
        with self.assertRaises(UserError):
            self._create_order(key_slot_id=self.slot.id)
        other.action_free_key_slot()
        self.assertEqual(other.key_slot_id, self.other_slot)
        with self.assertRaisesRegex(UserError, "none is free"):
            self._create_order().action_free_key_slot()
        self.order.action_give_key_back()
        self._create_order().action_free_key_slot()
        self.assertEqual(
            self.slot.order_id,
            self.env["car.repair.order"].search(
                [("key_slot_id", "=", self.slot.id), ("key_returned_at", "=", False)]
            ),
        )

    def test_a_box_holds_the_articles_of_one_order(self):
        self.order.storage_box_id = self.box
        other = self._create_order(vehicle_id=self._other_vehicle().id)
        with self.assertRaisesRegex(UserError, "occupied by"):
            other.storage_box_id = self.box
        self.order.action_empty_box()
        other.storage_box_id = self.box
        self.assertEqual(self.box.order_id, other)

    def test_a_key_moves_to_another_slot_but_not_out_of_sight(self):
        self.order.key_slot_id = self.other_slot
        self.assertEqual(self._get_log()[-1], ("move", "K1", "Advisor"))
        self.assertTrue(self.slot.is_free)
        with self.assertRaisesRegex(UserError, "give back what is in it"):
            self.order.key_slot_id = False
        self.other_slot.with_user(self.user_technician).action_take()
        with self.assertRaisesRegex(UserError, "is with"):
            self.order.key_slot_id = self.slot

    def test_who_may_not_take_keys_and_who_may(self):
        with self.assertRaises(AccessError):
            self.slot.with_user(self.user_cashier).action_take()
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_cashier).action_take_key()
        self.slot.with_user(self.user_gate).action_take()
        with self.assertRaisesRegex(UserError, "holds no key"):
            self.other_slot.with_user(self.user_gate).action_take()

    def test_nobody_writes_down_another_custody(self):
        self.order.write({"key_holder": "Nobody", "key_returned_at": "2026-01-01"})
        self.assertFalse(self.order.key_holder)
        self.assertFalse(self.order.key_returned_at)
        log = self.order.custody_ids.sudo()
        with self.assertRaises(UserError):
            log.write({"receiver_name": "Somebody"})
        with self.assertRaises(UserError):
            log.unlink()
        with self.assertRaises(AccessError):
            log.with_user(self.user_technician).read(["giver_name"])

    def test_a_visit_is_not_cancelled_while_the_key_is_here(self):
        with self.assertRaisesRegex(UserError, "give key and articles back"):
            self.order.action_cancel()
        with self.assertRaises(UserError):
            self.order.with_user(self.user_supervisor).unlink()
        self.order.action_give_key_back()
        with self.assertRaisesRegex(UserError, "is kept as it was"):
            self.order.with_user(self.user_supervisor).unlink()
        self.order.action_cancel()
        with self.assertRaises(UserError):
            self.order.key_slot_id = self.slot

    def test_delivery_gives_everything_back(self):
        self.order.storage_box_id = self.box
        intake = self._begin_intake(self.order)
        intake.belonging_ids.create({"inspection_id": intake.id, "name": "Umbrella"})
        intake.document_ids.create(
            {
                "inspection_id": intake.id,
                "type_id": self.license.id,
                "reception": "received",
            }
        )
        self._make_ready(self.order)
        self._pay(self._bill(self.order))
        self._leave(self.order)
        self.assertTrue(self.order.key_returned_at)
        self.assertTrue(self.order.box_returned_at)
        self.assertTrue(intake.belonging_ids.returned_at)
        self.assertTrue(intake.document_ids.returned_at)
        self.assertTrue(self.slot.is_free)
        given = self.order.custody_ids.filtered(lambda log: log.action == "give_back")
        kinds = {"key", "belongings", "documents", "car"}
        self.assertEqual(set(given.mapped("what")), kinds)

    def test_a_declined_car_takes_its_key_along_at_the_gate(self):
        self.order.action_estimate()
        self.order.action_decline("refused", "Too dear")
        self.order.with_user(self.user_cashier).action_issue_exit_pass()
        self.order.exit_pass_ids.with_user(self.user_gate).action_leave()
        self.assertTrue(self.order.key_returned_at)
        self.assertTrue(self.slot.is_free)

    def test_free_places_are_found(self):
        slots = self.env["car.key.slot"].with_user(self.user_technician)
        domain = [("id", "in", (self.slot | self.other_slot).ids)]
        self.assertEqual(
            slots.search([*domain, ("is_free", "=", True)]), self.other_slot
        )
        self.assertEqual(slots.search([*domain, ("is_free", "=", False)]), self.slot)

    def test_a_slot_of_another_site_is_refused(self):
        site = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        slot = self.env["car.key.slot"].create({"name": "K9", "warehouse_id": site.id})
        with self.assertRaisesRegex(UserError, "not at the site"):
            self.order.key_slot_id = slot

    def _other_vehicle(self):
        return self._create_vehicle(license_plate="京B54321", vin=False)
