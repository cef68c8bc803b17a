from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestCarRepairReport(CarWorkshopCommon):
    def _get_rows(self, order, domain=(), user=None):
        return (
            self.env["car.repair.report"]
            .with_user(user or self.user_supervisor)
            .search([("order_id", "=", order.id), *domain])
        )

    def _split(self, line, kind, percent, partner=None):
        """Let another payer bear a part of a line."""
        order = line.order_id
        payer = self.env["car.repair.payer"].create(
            {
                "order_id": order.id,
                "kind": kind,
                "partner_id": partner and partner.id,
            }
        )
        shares = {payer: percent, order._get_customer_payer(): 100 - percent}
        line.share_ids = [
            Command.create({"payer_id": bearer.id, "percent": part})
            for bearer, part in shares.items()
        ]
        return payer

    def test_rows_sum_to_the_order(self):
        order = self._create_order()
        rows = self._get_rows(order)
        self.assertEqual(len(rows), 3)
        self.assertAlmostEqual(sum(rows.mapped("amount")), order.amount_untaxed)
        self.assertAlmostEqual(sum(rows.mapped("sold_hours")), 1.5)
        self.assertEqual(set(rows.mapped("consent")), {"to_ask"})
        self.assertEqual(rows.advisor_id, self.user_advisor)
        self.assertEqual(rows.brand_id, self.brand)

    def test_split_line_counts_for_each_payer_by_his_share(self):
        order = self._create_order()
        labor, _oil_filter, oil = order.line_ids
        self._split(labor, "warranty", 70, self.maker)
        self._split(oil, "goodwill", 33.3333)
        rows = self._get_rows(order)
        self.assertEqual(len(rows), 5)
        self.assertAlmostEqual(sum(rows.mapped("amount")), order.amount_untaxed)
        self.assertAlmostEqual(sum(rows.mapped("sold_hours")), 1.5)
        self.assertAlmostEqual(sum(rows.mapped("quantity")), 6.0)
        groups = self.env["car.repair.report"].formatted_read_group(
            [("order_id", "=", order.id)],
            ["payer_kind"],
            ["amount:sum", "sold_hours:sum", "order_count:count_distinct"],
        )
        by_kind = {group["payer_kind"]: group for group in groups}
        self.assertAlmostEqual(by_kind["warranty"]["amount:sum"], 210.0)
        self.assertAlmostEqual(by_kind["warranty"]["sold_hours:sum"], 1.05)
        self.assertAlmostEqual(by_kind["goodwill"]["amount:sum"], 280 * 0.333333)
        self.assertEqual(by_kind["customer"]["order_count:count_distinct"], 1)
        self.assertAlmostEqual(
            by_kind["customer"]["amount:sum"], 90 + 50 + 280 * 0.666667
        )

    def test_declined_work_stands_apart_from_the_order_amount(self):
        order = self._create_order()
        labor, oil_filter, oil = order.line_ids
        answers = [(labor, True), (oil_filter, True), (oil, False)]
        self._authorize(
            order,
            line_ids=[
                Command.create({"line_id": line.id, "is_approved": yes})
                for line, yes in answers
            ],
        )
        rows = self._get_rows(order, [("consent", "!=", "declined")])
        self.assertAlmostEqual(sum(rows.mapped("amount")), order.amount_untaxed)
        declined = self._get_rows(order, [("consent", "=", "declined")])
        self.assertEqual(declined.product_id, self.oil)
        self.assertEqual(self._get_rows(order).mapped("state"), ["authorized"] * 3)

    def test_amount_is_in_the_currency_of_the_company(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([]).unlink()
        rates = {"2026-01-01": 0.125, "2026-04-01": 0.25}
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                }
                for day, rate in rates.items()
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        order = self._create_order(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, euro)
        expected = euro._convert(
            order.amount_untaxed, self.company.currency_id, self.company, "2026-03-02"
        )
        rows = self._get_rows(order)
        self.assertAlmostEqual(sum(rows.mapped("amount")), expected)
        self.assertEqual(rows.currency_id, self.company.currency_id)

    def test_only_supervisors_and_managers_read_it(self):
        order = self._create_order()
        for user in (self.user_workshop_supervisor, self.user_manager):
            self.assertEqual(len(self._get_rows(order, user=user)), 3)
        for user in (
            self.user_technician,
            self.user_advisor,
            self.user_cashier,
            self.user_gate,
        ):
            with self.assertRaises(AccessError):
                self._get_rows(order, user=user)
        with self.assertRaises(AccessError):
            self._get_rows(order, user=self.user_workshop_supervisor).export_data(
                ["amount"]
            )

    def test_another_company_is_not_seen(self):
        order = self._create_order()
        company = self.env["res.company"].create({"name": "Another dealer"})
        stranger = new_test_user(
            self.env,
            login="car_other_supervisor",
            groups="car_aftersales.car_aftersales_group_supervisor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self._get_rows(order, user=stranger))
