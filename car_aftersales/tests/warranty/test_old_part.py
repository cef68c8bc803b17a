from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import FROZEN_NOW
from .claims_common import ClaimsCommon


class OldPartStory:
    """Old parts are proof: they have no value, and leave only when they may."""

    def _tag(self):
        claim = self._send(self._deliver())
        claim.action_tag_old_parts()
        return claim, claim.old_part_ids.with_user(self.user_parts_clerk)

    def _settle(self, claim):
        self._answer(claim, 300, 50, 280)
        bill = self._bill_of(claim)
        self._receive_money(bill, bill.amount_total)
        self.assertEqual(claim.state, "settled")

    def _get_figures(self):
        """Return what stock and books say of the filter."""
        self.env.flush_all()
        self.env.invalidate_all()
        entries = self.env["account.move.line"].search_count(
            [("product_id", "=", self.filter.id)]
        )
        product = self.filter
        return (
            product.qty_available,
            product.total_value,
            product.virtual_available,
            entries,
        )

    def test_old_part_has_no_value_and_is_not_on_hand(self):
        claim, parts = self._tag()
        self._settle(claim)
        before = self._get_figures()
        parts.action_store()
        self.assertEqual(self._get_figures(), before)
        self.assertEqual(set(parts.mapped("state")), {"stored"})
        place = self.warehouse.old_part_location_id
        quants = self.env["stock.quant"].search([("location_id", "=", place.id)])
        self.assertEqual(sorted(quants.mapped("quantity")), [1.0, 4.0])
        with freeze_time(FROZEN_NOW + timedelta(days=30)):
            parts[0].action_return()
            parts[1].action_scrap()
        self.assertEqual(self._get_figures(), before)
        quants.invalidate_recordset()
        self.assertEqual(sum(quants.exists().mapped("quantity")), 0.0)
        self.assertEqual(parts.mapped("state"), ["returned", "scrapped"])
        self.assertFalse(any(parts.sudo().move_ids.mapped("value")))

    def test_part_is_kept_until_settled_and_waited(self):
        claim, parts = self._tag()
        part = parts[0]
        with self.assertRefused("cannot become"):
            part.action_scrap()
        part.action_store()
        for step in (part.action_scrap, part.action_return):
            with self.assertRefused("kept until it is settled"):
                step()
        with self.assertRefused("kept until it is settled"):
            part.write({"state": "scrapped"})
        self._settle(claim)
        with self.assertRefused("kept until 2026-04-01"):
            part.action_scrap()
        with freeze_time(FROZEN_NOW + timedelta(days=29)), self.assertRefused("until"):
            part.action_scrap()
        with freeze_time(FROZEN_NOW + timedelta(days=30)):
            self.assertEqual(part.search([("is_free", "=", True)]), part)
            part.action_scrap()
        self.assertEqual(part.state, "scrapped")

    def test_charge_back_keeps_the_part(self):
        claim, parts = self._tag()
        parts.action_store()
        self._settle(claim)
        self._charge_back(claim, 0, 50, 0)
        late = freeze_time(FROZEN_NOW + timedelta(days=90))
        with late, self.assertRefused("kept until it is settled"):
            parts[0].action_return()

    def test_no_way_around_the_label(self):
        claim, parts = self._tag()
        parts.action_store()
        place = self.warehouse.old_part_location_id
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.user_parts_clerk)
            .create(
                {
                    "product_id": self.filter.id,
                    "scrap_qty": 1.0,
                    "location_id": place.id,
                }
            )
        )
        with self.assertRefused("by their labels"):
            scrap.action_validate()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": place.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.filter.id,
                            "product_uom_qty": 1.0,
                            "location_id": place.id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1.0, "picked": True})
        with self.assertRefused("by their labels"):
            picking.with_user(self.user_parts_clerk).button_validate()
        self.assertEqual(claim.state, "submitted")

    def test_clerk_tags_and_parts_clerk_stores(self):
        claim, parts = self._tag()
        for user in (self.user_warranty_clerk, self.user_supervisor):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                parts.with_user(user).action_store()
        with self.assertRaises(AccessError):
            claim.with_user(self.user_parts_clerk).action_tag_old_parts()
        claim.action_tag_old_parts()
        self.assertEqual(len(claim.old_part_ids), 2)

    def test_serial_part_gets_its_label_as_lot(self):
        pump = self._create_part(
            stock=0, name="Pump", tracking="serial", standard_price=100, list_price=200
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"P-{number}", "product_id": pump.id} for number in (1, 2)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                pump, self.warehouse.lot_stock_id, 1.0, lot_id=lot
            )
        claim = self._send(
            self._deliver(
                [
                    {"product_id": self.labor.id},
                    {"product_id": pump.id, "quantity": 2.0},
                ]
            )
        )
        claim.action_tag_old_parts()
        self.assertEqual(claim.old_part_ids.mapped("quantity"), [1.0, 1.0])
        parts = claim.old_part_ids.with_user(self.user_parts_clerk)
        parts.action_store()
        self.assertEqual(
            set(parts.sudo().move_ids.lot_ids.mapped("name")), set(parts.mapped("name"))
        )

    def test_cancelled_claim_frees_its_parts(self):
        claim, parts = self._tag()
        parts[0].action_store()
        claim.action_cancel()
        self.assertEqual(parts[1].state, "cancelled")
        parts[0].action_scrap()
        self.assertEqual(parts[0].state, "scrapped")


@tagged("post_install", "-at_install")
class TestOldPartPeriodic(OldPartStory, ClaimsCommon):
    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestOldPartPerpetual(OldPartStory, ClaimsCommon):
    allow_inherited_tests_method = True
    valuation = "real_time"
