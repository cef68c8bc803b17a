from odoo.exceptions import UserError
from odoo.tests import tagged

from .parts_common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartsCorners(PartsCommon):
    """Scrap, parts added by hand and changed, parts bought for one order."""

    def _scrap(self, picking, product, quantity=1.0, **values):
        """Let the parts clerk scrap from the transfer (or from stock), as he does."""
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.user_parts_clerk)
            .create(
                {
                    "product_id": product.id,
                    "scrap_qty": quantity,
                    "picking_id": picking.id if picking else False,
                    **values,
                }
            )
        )
        scrap.action_validate()
        return scrap

    def _assert_nothing_came_of(self, order, issued):
        """Check that scrap left lines and issued quantity as they were."""
        self.assertEqual(len(order.line_ids), 1)
        self.assertEqual(order.line_ids.quantity_issued, issued)

    # === SCRAP === #

    def test_returned_part_is_scrapped_from_its_return(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0)
        scrap = self._scrap(returned, self.filter)
        self.assertEqual(scrap.state, "done")
        self.assertEqual(scrap.location_id, self.warehouse.lot_stock_id)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)
        order.action_cancel()
        self.assertEqual(order.state, "cancelled")

    def test_returned_part_is_scrapped_from_stock(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        self._return(order, self.filter, 1.0)
        self._scrap(None, self.filter)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)

    def test_part_scrapped_before_it_is_issued_is_issued_anew(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = self._open_picking(order)
        self._scrap(picking, self.filter)
        self._assert_nothing_came_of(order, 0)
        self.assertEqual(self.filter.qty_available, 9)
        self._issue(order)
        self._assert_nothing_came_of(order, 1)
        self.assertEqual(order.parts_state, "issued")

    def test_part_scrapped_after_it_was_issued_stays_issued(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = self._issue(order)
        self._scrap(picking, self.filter)
        self._assert_nothing_came_of(order, 1)
        self.assertEqual(self.filter.qty_available, 9)
        self._work(order)
        self._pass_quality(order)
        self.assertAlmostEqual(self._bill(order).amount_untaxed, 50)

    def test_returned_part_is_scrapped_before_its_return_is_done(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0, validate=False)
        self._scrap(returned, self.filter)
        self._assert_nothing_came_of(order, 1)
        returned.with_user(self.user_parts_clerk).button_validate()
        self._assert_nothing_came_of(order, 0)

    def test_product_added_to_a_return_asks_for_no_consent(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        self._issue(order)
        returned = self._return(order, self.filter, 1.0, validate=False)
        self._add_by_hand(returned, self.oil)
        self._assert_nothing_came_of(order, 1)
