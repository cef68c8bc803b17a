from datetime import timedelta

from odoo.fields import Command

from ..common import FROZEN_NOW, CarAftersalesCommon

FORMALITIES = (
    "requires_signature",
    "requires_intake_readings",
    "requires_intake_checklist",
    "requires_intake_belongings",
    "requires_intake_key",
    "requires_intake_signature",
    "is_intake_blocking",
)

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
PROMISED_AT = FROZEN_NOW + timedelta(hours=7)  # five in the afternoon


class CarWorkshopCommon(CarAftersalesCommon):
    """A dealer with books, stock and prices, on which whole visits are played."""

    valuation = "periodic"
    cost_method = "standard"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company = cls.env.company
        if company.chart_template != "generic_coa":
            cls.env["account.chart.template"]._load(
                "generic_coa", company, install_demo=False
            )
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 13%", "amount": 13.0, "type_tax_use": "sale"}
        )
        accounts = cls.env["account.account"]
        cls.cost_account = accounts.create(
            {"name": "Goodwill", "code": "669901", "account_type": "expense"}
        )
        cls.internal_account = accounts.create(
            {"name": "Used cars", "code": "669902", "account_type": "expense"}
        )
        company.write(
            {
                "car_goodwill_account_id": cls.cost_account.id,
                "car_internal_account_id": cls.internal_account.id,
                "car_internal_hourly_rate": 80.0,
                "car_hourly_cost": 60.0,
            }
        )
        cls.category = cls.env["product.category"].create(
            {
                "name": "Parts",
                "property_valuation": cls.valuation,
                "property_cost_method": cls.cost_method,
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        cls.type_repair = cls.env.ref("car_aftersales.car_repair_type_repair")
        # Most customers here say yes on the phone, and most cars come in without
        # formalities; who must sign or be taken in says so.
        types = cls.env["car.repair.type"].search([])
        types.write(dict.fromkeys(FORMALITIES, False))
        cls.env["car.key.slot"].search([]).active = False
        cls.env["car.storage.box"].search([]).active = False
        cls.filter = cls._create_part(
            name="Oil filter",
            standard_price=30.0,
            list_price=50.0,
            car_brand_name="Mann",
            car_maker_code="W 712",
            car_grade="genuine",
        )
        cls.oil = cls._create_part(
            name="Oil 5W30", standard_price=40.0, list_price=70.0
        )
        cls.labor = cls.env["product.product"].create(
            {
                "name": "Change oil and filter",
                "type": "service",
                "car_item_kind": "labor",
                "car_labor_hours": 1.5,
                "list_price": 300.0,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.vehicle = cls._create_vehicle()
        cls.maker = cls.env["res.partner"].create({"name": "Hongqi Automobile"})
        cls.insurer = cls.env["res.partner"].create({"name": "Ping An"})

    # === BUILDERS === #

    @classmethod
    def _create_part(cls, stock=10.0, **values):
        """Return a storable part with so much of it on the shelf."""
        part = cls.env["product.product"].create(
            {
                "type": "consu",
                "is_storable": True,
                "car_item_kind": "part",
                "categ_id": cls.category.id,
                "taxes_id": [Command.set(cls.tax.ids)],
                **values,
            }
        )
        if stock:
            cls._receive(part, stock, values.get("standard_price", 0.0))
        return part

    @classmethod
    def _receive(cls, part, quantity, price):
        """Bring parts into stock at a price."""
        move = cls.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom_qty": quantity,
                "product_uom": part.uom_id.id,
                "price_unit": price,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": quantity, "picked": True, "value_manual": 0.0})
        move._action_done()
        move.value_manual = quantity * price

    def _create_order(self, lines=None, **values):
        """Return an order with one job, made by the advisor.

        :param lines: list of line values; an oil service by default.
        """
        if lines is None:
            lines = [
                {"product_id": self.labor.id},
                {"product_id": self.filter.id},
                {"product_id": self.oil.id, "quantity": 4.0},
            ]
        return (
            self.env["car.repair.order"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_id": self.vehicle.id,
                    "type_id": self.type_repair.id,
                    "promised_at": PROMISED_AT,
                    "job_ids": [
                        Command.create(
                            {
                                "name": "Oil service",
                                "line_ids": [Command.create(line) for line in lines],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def _authorize(self, order, user=None, **values):
        """Record that the customer agreed to everything that waits for an answer."""
        return (
            self.env["car.repair.authorization"]
            .with_user(user or self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "channel": "phone",
                    "promised_at": order.promised_at or PROMISED_AT,
                    **values,
                }
            )
        )

    def _authorize_house(self, order):
        """Record that the business supervisor bears his part."""
        return self._authorize(order, self.user_supervisor, channel="supervisor")

    def _issue(self, order):
        """Let the parts clerk issue what is reserved."""
        pickings = order.picking_ids.with_user(self.user_parts_clerk).filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        pickings.button_validate()
        return pickings

    def _work(self, order):
        """Let the technician do the authorized jobs."""
        jobs = order.job_ids.with_user(self.user_technician)
        jobs.filtered(lambda job: job.state == "authorized").action_start()
        jobs.filtered(lambda job: job.state == "in_progress").action_finish()

    def _pass_quality(self, order):
        """Let advisor and inspector bring the finished car to ready."""
        order.with_user(self.user_advisor).action_request_quality_check()
        if order.state == "quality_check":
            order.with_user(self.user_inspector).action_pass_quality_check()

    def _make_ready(self, order):
        """Play a visit up to the finished car."""
        self._authorize(order)
        self._issue(order)
        self._work(order)
        self._pass_quality(order)

    def _bill(self, order):
        """Let the cashier bill; return the new documents."""
        before = order.invoice_ids
        order.with_user(self.user_cashier).action_create_invoices()
        return (order.sudo().invoice_ids - before).with_env(self.env)

    def _pay(self, invoice):
        """Let the cashier take the money."""
        self.env["account.payment.register"].with_user(self.user_cashier).with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    def _leave(self, order):
        """Issue the pass and give the car back."""
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.with_user(self.user_advisor).action_deliver()
