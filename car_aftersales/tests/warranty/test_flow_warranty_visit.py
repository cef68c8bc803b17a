from odoo.fields import Command
from odoo.tests import tagged

from .test_coverage_payers import PayersCommon


@tagged("post_install", "-at_install")
class TestFlowWarrantyVisit(PayersCommon):
    """A car in warranty comes: one line covered, one wear part, one out of goodwill."""

    def test_a_visit_with_three_payers(self):
        # The maker covers three years, brake pads only half a year, no wipers at all.
        self.terms.labor_rate = 180.0
        wipers = self._create_part(name="Wipers", standard_price=40.0, list_price=100.0)
        policy = self._create_policy(
            component_ids=[
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(self.pads.ids)],
                        "is_wear_part": True,
                        "months": 6,
                    }
                ),
                Command.create(
                    {
                        "scope": "part",
                        "product_ids": [Command.set(wipers.ids)],
                        "is_excluded": True,
                    }
                ),
            ]
        )
        self._cover(policy)

        # The advisor takes the car in; each line says at once who pays and why.
        order = self._order_of(self.pump, self.pads, wipers)
        pump, pads, wiper = order.line_ids
        self.assertEqual(
            order.line_ids.mapped("coverage_reason"), ["covered", "wear", "excluded"]
        )
        self.assertEqual(
            [line.payer_id.kind for line in order.line_ids],
            ["warranty", "customer", "customer"],
        )

        # The pads wore out early: maker, house and customer share them.
        self._split_goodwill(order, pads, 40.0, 30.0)

        # The customer is asked for his part only, wipers and 30 % of the pads.
        consent = self._authorize(order)
        told = {entry.line_id: entry.amount_told for entry in consent.line_ids}
        self.assertAlmostEqual(told[pump], 0.0, places=2)
        self.assertAlmostEqual(told[pads], 67.8, places=2)
        self.assertAlmostEqual(told[wiper], 113.0, places=2)
        self.assertAlmostEqual(consent.amount_told, 180.8, places=2)
        self.assertEqual(pads.authorization_state, "pending")
        self._authorize_house(order)
        self.assertEqual(
            set(order.line_ids.mapped("authorization_state")), {"authorized"}
        )

        # The car is repaired; each payer gets a document of his own.
        self._issue(order)
        self._work(order)
        self._pass_quality(order)
        documents = self._bill(order)
        self.assertEqual(len(documents), 2)
        settlement = self._payer(order, "goodwill").sudo().line_invoice_ids.move_id
        self.assertEqual(settlement.mapped("move_type"), ["entry"])
        to_customer = documents.filtered(lambda move: move.partner_id == self.customer)
        to_maker = documents.filtered(lambda move: move.partner_id == self.maker)
        self.assertAlmostEqual(to_customer.amount_total, 180.8, places=2)
        self.assertAlmostEqual(to_maker.amount_total, 565.0 + 90.4, places=2)
        self.assertAlmostEqual(self._balance(self.cost_account), 30.0, places=2)

        # He pays his part and drives home; the maker's bill is no obstacle.
        self._pay(to_customer)
        self._leave(order)
        self.assertEqual(order.state, "delivered")
        self.assertEqual(pump.coverage_reason, "covered")
