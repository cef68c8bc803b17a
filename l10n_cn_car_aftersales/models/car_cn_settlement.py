from odoo import api, fields, models

from odoo.addons.car_aftersales.models.workshop.car_repair_order import CUSTOMER_DATA

from .cn_law_settings import LABOR_TIME_BASES

OPEN = ("to_bill", "partly", "to_credit")


class CarCnSettlement(models.Model):
    """The settlement list of a repair (机动车维修费用结算清单), kept as it was settled.

    It gets its number when all that the customers owe is billed, at the latest when
    the car is delivered. Billed anew with other amounts, it becomes void and another
    one is made.
    """

    _name = "car.cn.settlement"
    _description = "Settlement List"
    _inherit = ["car.cn.paper.mixin"]
    _check_company_auto = True
    _paper_template = "l10n_cn_car_aftersales.report_car_cn_settlement_content"
    _void_tiers = ("cashier", "supervisor")

    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_labor = fields.Monetary("Labor", readonly=True)
    amount_parts = fields.Monetary("Material", readonly=True)
    amount_other = fields.Monetary("Other Charges", readonly=True)
    amount_total = fields.Monetary("Total with Tax", readonly=True)
    amount_customer = fields.Monetary("For the Customer", readonly=True)

    _order_valid_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'valid'",
        "This order has a valid settlement list already.",
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This number of a settlement list is taken already.",
    )

    # === BUSINESS METHODS === #

    def _get_report(self):
        return self.env.ref("l10n_cn_car_aftersales.car_cn_settlement_report_paper")

    def _is_up_to_date(self):
        """Tell whether the order still costs what the list says."""
        self.ensure_one()
        totals = self.order_id._prepare_settlement_amounts()
        currency = self.currency_id
        return all(
            not currency.compare_amounts(self[name], amount)
            for name, amount in totals.items()
        )


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    labor_time_basis = fields.Selection(
        LABOR_TIME_BASES,
        "Basis of Labor Times",
        compute="_compute_labor_time_basis",
        store=True,
        readonly=False,
        precompute=True,
        help="Which labor times the hours sold go by; printed on the settlement list.",
    )
    cn_settlement_ids = fields.One2many(
        "car.cn.settlement",
        "order_id",
        "Settlement Lists",
        readonly=True,
        copy=False,
        groups=CUSTOMER_DATA,
    )
    cn_settlement_id = fields.Many2one(
        "car.cn.settlement",
        "Valid Settlement List",
        compute="_compute_cn_settlement",
        groups=CUSTOMER_DATA,
    )
    cn_settlement_number = fields.Char(
        "Settlement Number", compute="_compute_cn_settlement", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_labor_time_basis(self):
        for order in self:
            company = order.company_id
            order.labor_time_basis = company.car_cn_law and company.car_cn_labor_basis

    @api.depends("cn_settlement_ids.state")
    def _compute_cn_settlement(self):
        for order in self:
            valid = order.cn_settlement_ids.filtered(lambda each: each.state == "valid")
            order.cn_settlement_id = valid[:1]
            order.cn_settlement_number = valid[:1].name

    # === ACTION METHODS === #

    def action_create_invoices(self, payers=None):
        result = super().action_create_invoices(payers)
        self._settle_papers()
        return result

    def action_print_settlement(self):
        """Print the settlement list: with its number once settled, else as a draft."""
        self.ensure_one()
        self._require_group("advisor", "cashier", "warranty_clerk")
        self._settle_papers()
        report = self.env.ref(
            "l10n_cn_car_aftersales.car_repair_order_report_settlement"
        )
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _get_locked_fields(self):
        return super()._get_locked_fields() | {"labor_time_basis"}

    def _after_deliver(self):
        result = super()._after_deliver()
        self._settle_papers()
        return result

    def _is_settled(self):
        """Tell whether the list may get its number: done, and billed to customers."""
        self.ensure_one()
        if self.state == "delivered":
            return True
        if self.state != "ready":
            return False
        customers = self.payer_ids.filtered(lambda payer: payer.kind == "customer")
        return bool(self.line_ids) and not any(
            payer.billing_state in OPEN for payer in customers
        )

    def _settle_papers(self):
        """Make the settlement lists that are due; a list with other amounts is void."""
        # Safe: follows from billing or delivery, which were checked.
        for order in self.sudo().filtered("car_cn_law"):
            if not order._is_settled():
                continue
            former = order.cn_settlement_id
            if former and former._is_up_to_date():
                continue
            if former:
                former.action_void(self.env._("Billed anew"))
            order.env["car.cn.settlement"].create(
                {"order_id": order.id, **order._prepare_settlement_amounts()}
            )

    def _prepare_settlement_amounts(self):
        self.ensure_one()
        totals = self._get_settlement_money()
        return {
            "amount_labor": totals["labor"],
            "amount_parts": totals["part"],
            "amount_other": totals["other"],
            "amount_total": totals["total"],
            "amount_customer": totals["customer"],
        }

    def _get_settlement_content(self):
        """Return the list as it was settled, else as it is now, without a number."""
        self.ensure_one()
        self.check_access("read")
        # Safe: the paper of an order that may be read.
        if kept := self.sudo().cn_settlement_id:
            return kept._get_paper_content()
        return self._render_cn_paper(
            "l10n_cn_car_aftersales.report_car_cn_settlement_content",
            {"paper": self.env["car.cn.settlement"]},
        )
