from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestOutsideDesks(CarWorkshopCommon):
    """Accountants and warehouse people who have no desk of the service department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env, login="plain_accountant", groups="account.group_account_user"
        )
        cls.storeman = new_test_user(
            cls.env, login="plain_storeman", groups="stock.group_stock_user"
        )

    def test_accountant_reads_on_the_bill_for_which_car_it_is(self):
        order = self._create_order()
        order.odometer_km = 22300
        self._make_ready(order)
        invoice = self._bill(order).with_user(self.accountant)
        text = f"{order.name} 京A12345 LSVAM4187C2184847 22300 km"
        self.assertEqual(invoice.car_visit_text, text)
        with Form(invoice) as form:
            self.assertEqual(form.car_visit_text, text)
        for words in ("京a-12345", order.name, "王小明"):
            found = invoice.search([("car_visit_text", "ilike", words)])
            self.assertIn(invoice, found, words)
        with self.assertRaises(AccessError):
            order.with_user(self.accountant).read(["name"])

    def test_accountant_reads_on_a_settlement_for_which_car_it_is(self):
        order = self._create_order([{"product_id": self.filter.id}])
        goodwill = order.payer_ids.create({"order_id": order.id, "kind": "goodwill"})
        order.line_ids.payer_id = goodwill
        self._authorize_house(order)
        self._issue(order)
        order.with_user(self.user_cashier).action_create_invoices()
        entry = goodwill.sudo().line_invoice_ids.move_id.with_user(self.accountant)
        self.assertIn("京A12345", entry.car_visit_text)
        found = entry.search([("car_visit_text", "ilike", order.name)])
        self.assertEqual(found, entry)

    def test_bills_of_other_trades_tell_of_no_car(self):
        other = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertFalse(other.with_user(self.accountant).car_visit_text)

    def test_storeman_issues_by_order_and_car_and_no_more(self):
        order = self._create_order([{"product_id": self.filter.id}])
        self._authorize(order)
        picking = order.picking_ids.with_user(self.storeman)
        name = {"fields": {"display_name": {}}}
        [shown] = picking.web_read(
            {"car_vehicle_id": name, "car_repair_order_id": name}
        )
        self.assertEqual(shown["car_vehicle_id"]["display_name"], "京A12345 Hongqi H5")
        self.assertIn(order.name, shown["car_repair_order_id"]["display_name"])
        picking.move_ids.quantity = 2
        with self.assertRaises(UserError):
            picking.button_validate()
        picking.move_ids.quantity = 1
        picking.button_validate()
        self.assertEqual(order.line_ids.quantity_issued, 1)
        with self.assertRaises(AccessError):
            order.with_user(self.storeman).read(["amount_total"])

    def test_list_of_workshop_issues_explains_itself(self):
        pickings = self.env["stock.picking"].with_user(self.user_parts_clerk)
        ours = pickings.with_context(car_workshop=True)
        self.assertEqual(
            ours.get_empty_list_help("No part to issue"), "No part to issue"
        )
        self.assertNotEqual(pickings.get_empty_list_help("x"), "x")

    # === COPIES AND CATALOG === #

    def test_a_copy_is_priced_by_todays_prices(self):
        order = self._create_order()
        order.line_ids[1].discount = 5
        self.filter.list_price = 80.0
        copy = order.with_user(self.user_advisor).copy()
        line = copy.line_ids[1]
        self.assertEqual((line.price_unit, line.discount), (80.0, 0.0))
        self.assertEqual(line.price_unit, line.technical_price_unit, "not as typed")
        self.assertEqual(line.tax_ids, self.tax)
        self.assertEqual(copy.line_ids[2].quantity, 4.0)

    def test_the_catalog_fills_a_job_that_is_open(self):
        order = self._create_order()
        self._authorize(order)
        self._issue(order)
        order.job_ids.with_user(self.user_technician).action_start()
        part = self._create_part(name="Washer", list_price=5.0)
        order.with_user(self.user_advisor)._update_order_line_info(part.id, 1)
        line = order.line_ids.filtered(lambda line: line.product_id == part)
        self.assertEqual(line.job_id, order.job_ids)

    def test_the_catalog_adds_nothing_to_finished_jobs(self):
        order = self._create_order()
        self._make_ready(order)
        part = self._create_part(name="Washer", list_price=5.0)
        with self.assertRefused(f"{order.name}.*no job is open"):
            order.with_user(self.user_advisor)._update_order_line_info(part.id, 1)

    # === ARCHIVING === #

    def test_a_visit_is_not_archived_before_it_is_closed(self):
        order = self._create_order()
        with self.assertRefused(f"{order.name}.*not closed"):
            order.with_user(self.user_advisor).action_archive()
        order.action_cancel()
        order.with_user(self.user_advisor).action_archive()
        self.assertFalse(order.active)

    def test_a_visit_is_not_archived_before_it_is_billed(self):
        order = self._create_order()
        warranty = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "warranty", "partner_id": self.maker.id}
        )
        order.line_ids.payer_id = warranty
        self._make_ready(order)
        self._leave(order)
        self.assertEqual(order.state, "delivered")
        with self.assertRefused(f"{order.name}.*still to bill"):
            order.with_user(self.user_advisor).action_archive()
        self._bill(order)
        order.with_user(self.user_advisor).action_archive()

    # === CANCELLED AND REOPENED === #

    def test_a_visit_is_cancelled_after_credit_and_return_and_starts_again(self):
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order(
            [{"product_id": fee.id}, {"product_id": self.filter.id}]
        )
        self._authorize(order)
        picking = self._issue(order)
        with self.assertRefused("returned first"):
            order.action_cancel()
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = picking.browse(wizard.action_create_returns()["res_id"])
        back.with_user(self.user_parts_clerk).button_validate()
        invoice = self._bill(order)
        with self.assertRefused("been billed"):
            order.action_cancel()
        invoice._reverse_moves(cancel=True)
        order.action_cancel()
        order.action_reopen()
        self.assertEqual(order.state, "reception")
        self.assertEqual(set(order.line_ids.mapped("authorization_state")), {"pending"})
        # Agreed to again, everything is issued and billed once more, and once only.
        self._make_ready(order)
        self.assertEqual(order.line_ids[1].quantity_issued, 1)
        again = self._bill(order)
        self.assertEqual(
            again.amount_untaxed, sum(order.line_ids.mapped("price_subtotal"))
        )
        self.assertFalse(self._bill(order))

    # === LIMITS === #

    def test_goodwill_limit_counts_in_the_companys_currency(self):
        self.company.car_goodwill_limit = 100.0
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "x",
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 0.5})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        order = self._create_order(
            [{"product_id": self.filter.id}], pricelist_id=pricelist.id
        )
        line = order.line_ids
        line.with_user(self.user_manager).price_unit = 70.0  # 79.10 x, 158.20 of ours
        goodwill = order.payer_ids.create({"order_id": order.id, "kind": "goodwill"})
        line.payer_id = goodwill
        with self.assertRefused("158.20 is above the limit of 100.00"):
            self._authorize_house(order)

    def test_declined_work_does_not_use_up_the_goodwill_limit(self):
        self.company.car_goodwill_limit = 100.0
        order = self._create_order([{"product_id": self.oil.id}])
        job = order.job_ids.create(
            {
                "order_id": order.id,
                "name": "Filter",
                "line_ids": [Command.create({"product_id": self.filter.id})],
            }
        )
        goodwill = order.payer_ids.create({"order_id": order.id, "kind": "goodwill"})
        order.line_ids.payer_id = goodwill
        order.action_estimate()
        job.write({"state": "declined"})
        self._authorize_house(order)
        self.assertEqual(order.line_ids[0].authorization_state, "authorized")

    def test_each_desk_is_told_who_decides_on_more(self):
        self.company.car_advisor_discount_limit = 5.0
        self.company.car_supervisor_discount_limit = 10.0
        line = self._create_order().line_ids[1]
        with self.assertRefused("limit of 5.00 %. Please ask your supervisor"):
            line.with_user(self.user_advisor).discount = 30
        with self.assertRefused("limit of 10.00 %. The manager decides"):
            line.with_user(self.user_supervisor).discount = 30
        line.with_user(self.user_manager).discount = 30
        self.assertEqual(line.discount, 30)


@tagged("post_install", "-at_install")
class TestCarSetup(CarWorkshopCommon):
    """The first steps of a dealer tell what is there and what is missing."""

    def _steps(self, user):
        setup = self.env["car.setup"].with_user(user)
        return {step["title"]: step for step in setup._get_steps()}

    def test_steps_are_ticked_when_they_are_taken(self):
        technicians = self.env["car.technician"].search([])
        technicians.action_archive()
        self.env["car.workshop.team"].search([]).action_archive()
        step = "Teams and technicians"
        self.assertFalse(self._steps(self.user_manager)[step]["is_done"])
        team = self.env["car.workshop.team"].create({"name": "Team One"})
        self.env["car.technician"].create({"name": "Li Wei", "team_id": team.id})
        steps = self._steps(self.user_manager)
        self.assertTrue(steps[step]["is_done"])
        self.assertTrue(steps["Vehicles"]["is_done"])

    def test_empty_desks_are_named(self):
        gate = self.env.ref("car_aftersales.car_aftersales_group_gate")
        people = self.env["res.users"].search([("all_group_ids", "in", gate.ids)])
        people.with_context(active_test=False).group_ids = [Command.clear()]
        text = self._steps(self.env.user)["Users and desks"]["text"]
        self.assertIn(gate.name, text)

    def test_steps_lead_to_actions_that_exist(self):
        for step in self._steps(self.user_manager).values():
            xmlid = step["url"].removeprefix("/odoo/action-")
            self.assertTrue(self.env.ref(xmlid, raise_if_not_found=False), xmlid)
        with Form(self.env["car.setup"].with_user(self.user_manager)) as form:
            self.assertIn("fa-check-circle", str(form.steps_html))

    def test_only_the_manager_sets_up(self):
        with self.assertRaises(AccessError):
            self.env["car.setup"].with_user(self.user_supervisor).create({})
