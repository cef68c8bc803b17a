from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .guarantee_common import GuaranteeCommon


class ComebackMoneyCommon(GuaranteeCommon):
    """The cost account of a team, and a car that came back to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_account = cls.env["account.account"].create(
            {"name": "Comebacks", "code": "669903", "account_type": "expense"}
        )
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Teams"})
        cls.analytic = cls.env["account.analytic.account"].create(
            {"name": "Chassis", "plan_id": cls.plan.id}
        )
        cls.team.write(
            {
                "comeback_account_id": cls.team_account.id,
                "comeback_analytic_id": cls.analytic.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.first = self._deliver()
        with self._day("2026-03-06"):
            self.order = self._bring(odometer_km=42500)
        self.comeback = self._link(self.order, self.first)

    def _get_analytic_amount(self):
        items = self.env["account.analytic.line"].search(
            [(self.plan._column_name(), "=", self.analytic.id)]
        )
        return -sum(items.mapped("amount"))


class ComebackMoneyTests:
    """The same in books of both valuations."""

    allow_inherited_tests_method = True  # Odoo's loader skips them otherwise

    def test_comeback_costs_the_customer_nothing(self):
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.assertFalse(self.order.sudo().invoice_ids)
        self.assertEqual(self.order._get_customer_payer().amount_total, 0)
        # Pads 100, one hour at the internal rate of 80.
        self.assertAlmostEqual(self._balance(self.team_account), 180)
        self.assertAlmostEqual(self._balance(self.internal_account) or 0, 0)
        self.assertAlmostEqual(self._get_analytic_amount(), 180)
        self.assertAlmostEqual(self.comeback.sudo().cost_amount, 180)

    def test_work_waits_for_the_house_to_agree(self):
        self.assertEqual(
            set(self.order.line_ids.mapped("authorization_state")), {"pending"}
        )
        with self.assertRaises(UserError):
            self.order.job_ids.with_user(self.user_technician).action_start()

    def test_not_our_fault_asks_the_customer_before_he_pays(self):
        self._authorize_house(self.order)
        self._refute()
        self.assertEqual(self.order.line_ids.payer_id.kind, "customer")
        self.assertEqual(
            set(self.order.line_ids.mapped("authorization_state")), {"pending"}
        )
        with self._day("2026-03-07"):
            self._deliver(self.order)
        self.assertAlmostEqual(
            self.order.sudo().invoice_ids.amount_total, (150 + 200) * 1.13
        )
        self.assertAlmostEqual(self._balance(self.team_account) or 0, 0)

    def test_refuted_after_the_settlement_is_booked_back_to_the_team(self):
        self._authorize_house(self.order)
        self._issue(self.order)
        with self._day("2026-03-06"):
            self._work(self.order)
            self._bill(self.order)
        self.assertAlmostEqual(self._balance(self.team_account), 180)
        self._refute()
        with self._day("2026-03-07"):
            self._authorize(self.order)
            self._bill(self.order)
        self.assertAlmostEqual(self._balance(self.team_account), 0)
        self.assertAlmostEqual(self._balance(self.internal_account) or 0, 0)
        self.assertAlmostEqual(self._get_analytic_amount(), 0)

    def test_changed_account_of_the_team_books_nothing_twice(self):
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.team.comeback_account_id = self.internal_account
        self._bill(self.order)
        self.assertAlmostEqual(self._balance(self.team_account), 180)
        self.assertAlmostEqual(self._balance(self.internal_account) or 0, 0)

    def test_account_named_on_the_payer_wins(self):
        payer = self.order.payer_ids.filtered(lambda each: each.kind == "internal")
        payer.cost_account_id = self.cost_account
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.assertAlmostEqual(self._balance(self.cost_account), 180)
        self.assertAlmostEqual(self._balance(self.team_account) or 0, 0)

    def test_team_without_account_uses_that_of_the_house(self):
        self.team.comeback_account_id = False
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.assertAlmostEqual(self._balance(self.internal_account), 180)
        self.assertAlmostEqual(self.comeback.sudo().cost_amount, 180)

    def test_two_teams_bear_each_their_own(self):
        other_account = self.team_account.copy({"code": "669904"})
        electric = self.env["car.workshop.team"].create(
            {"name": "Electric", "comeback_account_id": other_account.id}
        )
        with self._day("2026-03-03"):
            lamp = self._deliver(
                system=self.lights,
                lines=[{"product_id": self.filter.id}],
                job={"name": "Lamp", "team_id": electric.id},
            )
        with self._day("2026-03-06"):
            self.order.job_ids = [
                Command.create(
                    {
                        "name": "Lamp again",
                        "system_id": self.lights.id,
                        "line_ids": [Command.create({"product_id": self.filter.id})],
                    }
                )
            ]
        job = self.order.job_ids[1:]
        self._link(self.order, lamp, job_id=job.id)
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.assertAlmostEqual(self._balance(self.team_account), 180)
        self.assertAlmostEqual(self._balance(other_account), 30)

    def test_customers_part_of_a_split_goes_to_the_house(self):
        with self._day("2026-03-06"):
            order = self._bring(odometer_km=42600)
        warranty = self._add_payer(order, "warranty", self.maker)
        part = self._part(order)
        self._split(part, (order._get_customer_payer(), 40), (warranty, 60))
        self._link(order, self.first)
        self.assertEqual(part._get_fraction("internal"), 0.4)
        self.assertEqual(part._get_fraction("warranty"), 0.6)
        self.assertEqual(part._get_fraction("customer"), 0)

    def test_nobody_moves_a_comeback_to_the_customer_by_hand(self):
        customer = self.order._get_customer_payer()
        part = self._part(self.order).with_user(self.user_advisor)
        with self.assertRefused("free of charge", ValidationError):
            part.payer_id = customer
        house = part.payer_id
        with self.assertRefused("free of charge", ValidationError):
            self._split(part, (house, 50), (customer, 50))
        with self.assertRefused("free of charge", ValidationError):
            part.copy({"job_id": part.job_id.id, "payer_id": customer.id})
        self.assertEqual(part.payer_id.kind, "internal")

    def test_what_is_added_to_a_comeback_is_free_as_well(self):
        line = (
            self.env["car.repair.line"]
            .with_user(self.user_advisor)
            .create({"job_id": self.order.job_ids.id, "product_id": self.filter.id})
        )
        self.assertEqual(line.payer_id.kind, "internal")

    def test_linked_after_the_bill_is_credited(self):
        with self._day("2026-03-06"):
            order = self._bring(odometer_km=42600)
            self._authorize(order)
            self._issue(order)
            self._work(order)
            invoice = self._bill(order)
            self.assertAlmostEqual(invoice.amount_total, 350 * 1.13)
            self._link(order, self.first)
            self._authorize_house(order)
            self._bill(order)
        credit = order.sudo().invoice_ids - invoice
        self.assertEqual(credit.move_type, "out_refund")
        self.assertAlmostEqual(credit.amount_total, 350 * 1.13)
        self.assertAlmostEqual(self._balance(self.team_account), 180)

    def _refute(self):
        boss = self.comeback.with_user(self.user_workshop_supervisor)
        boss.write(
            {
                "evidence": "A stone",
                "attachment_ids": [Command.create({"name": "a.jpg", "raw": b"x"})],
            }
        )
        with self._day("2026-03-07"):
            boss.action_refute()


@tagged("post_install", "-at_install")
class TestComebackMoneyPeriodic(ComebackMoneyTests, ComebackMoneyCommon):
    pass


@tagged("post_install", "-at_install")
class TestComebackMoneyPerpetual(ComebackMoneyTests, ComebackMoneyCommon):
    valuation = "real_time"

    def test_stock_is_credited_with_the_part(self):
        account = self.category.property_stock_valuation_account_id
        before = self._balance(account) or 0
        with self._day("2026-03-06"):
            self._deliver(self.order)
        self.assertAlmostEqual((self._balance(account) or 0) - before, -100)
