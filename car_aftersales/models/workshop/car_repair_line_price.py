from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .car_repair_order import CUSTOMER_DATA


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    list_price_unit = fields.Float(
        "List Price",
        compute="_compute_list_price_unit",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        groups=CUSTOMER_DATA,
    )
    price_unit = fields.Float(
        "Unit Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
        groups=CUSTOMER_DATA,
    )
    technical_price_unit = fields.Float(
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        groups=CUSTOMER_DATA,
        help="The price as computed; another price was typed and is kept.",
    )
    discount = fields.Float("Discount (%)", digits="Discount", groups=CUSTOMER_DATA)
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        context={"active_test": False},
        groups=CUSTOMER_DATA,
    )
    price_subtotal = fields.Monetary(
        "Subtotal",
        compute="_compute_amount",
        store=True,
        precompute=True,
        groups=CUSTOMER_DATA,
    )
    price_total = fields.Monetary(
        "Total",
        compute="_compute_amount",
        store=True,
        precompute=True,
        groups=CUSTOMER_DATA,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id",
        "quantity",
        "product_uom_id",
        "sold_hours",
        "supply",
        "payer_id.fiscal_position_id",
        "job_id.estimate_method",
        "job_id.system_id",
    )
    def _compute_list_price_unit(self):
        """Price the lines the customer has not agreed to yet."""
        for line in self:
            if not line._has_consent():
                line.list_price_unit = line._get_list_price()

    @api.depends("list_price_unit")
    def _compute_price_unit(self):
        """Follow the list price until another price is typed."""
        for line in self:
            typed = line.price_unit != line.technical_price_unit
            if typed or line._has_consent() or line.package_id.has_fixed_price:
                line.technical_price_unit = line.technical_price_unit
                continue
            line.price_unit = line.list_price_unit
            line.technical_price_unit = line.list_price_unit

    @api.depends("product_id", "payer_id.fiscal_position_id", "supply")
    def _compute_tax_ids(self):
        """Take the taxes of the payer; the consent guards the customer's amount."""
        for line in self:
            line.tax_ids = line._get_payer_taxes(line.payer_id)

    @api.depends("quantity", "price_unit", "discount", "tax_ids", "supply")
    def _compute_amount(self):
        AccountTax = self.env["account.tax"]
        for line in self:
            base_line = line._prepare_base_line()
            AccountTax._add_tax_details_in_base_line(base_line, line.company_id)
            details = base_line["tax_details"]
            currency = line.currency_id or line.company_id.currency_id
            line.price_subtotal = currency.round(details["raw_total_excluded_currency"])
            line.price_total = currency.round(details["raw_total_included_currency"])

    # === BUSINESS METHODS === #

    def _get_list_price(self):
        """Return the price per unit by the method of the job and the price list."""
        self.ensure_one()
        if not self.product_id or self.supply == "customer":
            return 0.0
        order, job = self.order_id, self.job_id
        company = self.company_id or order.company_id
        currency = order.currency_id or company.currency_id
        price = self._get_labor_price() if self.kind == "labor" else None
        if price is not None:
            return company.currency_id._convert(
                price, currency, company, fields.Date.context_today(self)
            )
        pricelist = self.payer_id.pricelist_id or order.pricelist_id
        price = pricelist._get_product_price(
            self.product_id,
            self.quantity or 1.0,
            uom=self.product_uom_id,
            currency=currency,
        )
        if self.kind == "labor" and job.estimate_method == "symptom":
            price += self._get_risk(price)
        position = self.payer_id.fiscal_position_id
        if not position:
            return price
        taxes = self._get_product_taxes()
        return self._adapt_price(price, taxes, position.map_tax(taxes))

    def _get_labor_price(self):
        """Return the price of labor by the method of its job; None: the price list.

        By system one price counts for the whole job, whatever its number of lines. By
        item hours are charged at their rate.

        :return: per unit, in the currency of the company.
        """
        self.ensure_one()
        job, company = self.job_id, self.company_id or self.order_id.company_id
        if job.estimate_method == "system" and job.system_id:
            price = self.env["car.repair.system.price"]._get_price(
                job.system_id, self.order_id.vehicle_id.model_id, company
            )
            return None if price is None else self._get_part_of_labor(price)
        if job.estimate_method == "item":
            rate = self.payer_id.labor_rate or company.car_hourly_rate
            return self.sold_hours * rate if rate else None
        return None

    def _get_risk(self, price):
        """Return what the risk of a job by symptom adds to a price of labor."""
        self.ensure_one()
        # Safe: the risk goes into a price, which has groups of its own.
        job = self.job_id.sudo()
        if job.risk_amount:
            return self._get_part_of_labor(job.risk_amount)
        return price * job.risk_percent / 100

    def _get_part_of_labor(self, amount):
        """Return the line's part of an amount for all the labor of its job, per unit.

        What is agreed to keeps its price; the rest is spread by hours, to the cent.
        """
        self.ensure_one()
        labor = self.job_id.line_ids.filtered(lambda line: line.kind == "labor")
        agreed = labor.filtered(lambda line: line._has_consent())
        rest = amount - sum(line.quantity * line.list_price_unit for line in agreed)
        currency = self.currency_id or self.company_id.currency_id
        lines = (labor - agreed) | self
        hours = sum(line.sold_hours or 1.0 for line in lines)
        hours_so_far = amount_so_far = 0.0
        for line in lines:
            hours_so_far += line.sold_hours or 1.0
            up_to = currency.round(max(rest, 0.0) * hours_so_far / hours)
            if line == self:
                return (up_to - amount_so_far) / (line.quantity or 1.0)
            amount_so_far = up_to
        return 0.0

    def _follow_labor_price(self):
        """Spread the price of a whole job over its labor lines anew."""
        # Safe: the risk goes into a price, which has groups of its own.
        jobs = self.job_id.sudo().filtered(
            lambda job: (
                (job.estimate_method == "system" and job.system_id)
                or job.estimate_method == "symptom"
            )
        )
        for line in jobs.with_env(self.env).line_ids:
            if line.kind == "labor" and not line._has_consent():
                # Safe: the price that the system works out; users type another one.
                line.sudo().list_price_unit = line._get_list_price()

    def _reprice(self):
        """Price the lines by list, method and payer; what was billed stays."""
        for line in self:
            # Safe: only tells whether the line has been billed.
            if not line.sudo().invoice_line_ids and not line.package_id.has_fixed_price:
                price = line._get_list_price()
                line.sudo().write(
                    {
                        "list_price_unit": price,
                        "price_unit": price,
                        "technical_price_unit": price,
                    }
                )

    def _get_payer_taxes(self, payer):
        """Return the taxes of the product as they apply to a payer."""
        self.ensure_one()
        if self.supply == "customer":
            return self.env["account.tax"]
        return payer.fiscal_position_id.map_tax(self._get_product_taxes())

    def _get_product_taxes(self):
        """Return the product's own taxes in the company."""
        self.ensure_one()
        # Safe: the taxes of the product itself; not every desk reads accounting.
        return self.product_id.sudo().taxes_id._filter_taxes_by_company(
            self.company_id or self.order_id.company_id
        )

    def _check_discount_limit(self):
        """Keep prices within what the user's role may give away.

        Not a constraint: those run with all rights and see no role.
        """
        order = self.env["car.repair.order"]
        if order._has_group("manager"):
            return
        for line in self:
            company = line.company_id
            limit = (
                company.car_supervisor_discount_limit
                if order._has_group("supervisor")
                else company.car_advisor_discount_limit
            )
            if line.package_id.has_fixed_price and line._is_package_whole(limit):
                continue
            if line._get_given_discount() > limit + 0.005:
                facts = {
                    "order": line.order_id.name,
                    "line": line.name,
                    "given": line._get_given_discount(),
                    "limit": limit,
                }
                if order._has_group("supervisor"):
                    text = self.env._(
                        "%(order)s, %(line)s: a discount of %(given).2f %% is above "
                        "your limit of %(limit).2f %%. The manager decides.",
                        **facts,
                    )
                else:
                    text = self.env._(
                        "%(order)s, %(line)s: a discount of %(given).2f %% is above "
                        "your limit of %(limit).2f %%. Please ask your supervisor.",
                        **facts,
                    )
                raise ValidationError(text)

    def _get_given_discount(self):
        """Return in percent how far the price lies below the list price."""
        self.ensure_one()
        if not self.list_price_unit or self.list_price_unit < 0:
            return self.discount
        given = self.price_unit * (1 - self.discount / 100)
        return max(0.0, 100 * (1 - given / self.list_price_unit))

    def _is_package_whole(self, limit):
        """Tell whether the job's lines of the package bring its fixed price."""
        self.ensure_one()
        lines = self.job_id.line_ids.filtered(
            lambda line: line.package_id == self.package_id
        )
        total = sum(
            line.quantity * line.price_unit * (1 - line.discount / 100)
            for line in lines
        )
        package = self.package_id
        price = package.currency_id._convert(
            package.fixed_price,
            self.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )
        return total >= price * (1 - limit / 100) - 0.05

    def _get_taxes_for(self, payer):
        """Return the taxes of the line as they apply to one of its payers."""
        self.ensure_one()
        if payer == self.payer_id:
            return self.tax_ids
        return self._get_payer_taxes(payer)

    def _get_payer_factor(self, payer):
        """Return how the price changes for a payer who does not bear its taxes.

        Prices that include a tax are lower for a payer who is exempt from it.
        """
        self.ensure_one()
        if payer == self.payer_id or not any(self.tax_ids.mapped("price_include")):
            return 1.0
        taxes = self._get_taxes_for(payer)
        price = self.price_unit
        if taxes == self.tax_ids or not price:
            return 1.0
        return self._adapt_price(price, self.tax_ids, taxes) / price

    def _adapt_price(self, price, taxes, new_taxes):
        """Return a price for other taxes: the same before the taxes it includes."""
        self.ensure_one()
        # Safe: the product of the line; not every desk reads accounting.
        return self.product_id.sudo()._get_tax_included_unit_price_from_price(
            price, taxes, product_taxes_after_fp=new_taxes
        )

    def _prepare_adapted_prices(self, taxes):
        """Return the prices for the present taxes; they were made for others.

        :param taxes: the taxes that the prices were made for.
        """
        self.ensure_one()
        return {
            name: self._adapt_price(self[name], taxes, self.tax_ids)
            for name in ("price_unit", "technical_price_unit", "list_price_unit")
        }

    def _get_payer_total(self, payer, fraction):
        """Return what a payer bears of the line, with his taxes."""
        self.ensure_one()
        if payer == self.payer_id or self._get_taxes_for(payer) == self.tax_ids:
            return self.price_total * fraction
        base_line = self._prepare_payer_base_line(payer, fraction)
        self.env["account.tax"]._add_tax_details_in_base_line(
            base_line, self.company_id
        )
        return self.currency_id.round(
            base_line["tax_details"]["raw_total_included_currency"]
        )

    def _prepare_payer_base_line(self, payer, fraction, **values):
        """Return a payer's part of the line as the tax engine wants it."""
        self.ensure_one()
        return self._prepare_base_line(
            price_unit=self.price_unit * fraction * self._get_payer_factor(payer),
            tax_ids=self._get_taxes_for(payer),
            partner_id=payer.partner_id,
            **values,
        )

    def _prepare_base_line(self, **values):
        """Return the line as the tax engine wants it."""
        self.ensure_one()
        if self.supply == "customer":
            values.setdefault("price_unit", 0.0)
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            **{
                "tax_ids": self.tax_ids,
                "quantity": self.quantity,
                "partner_id": self.payer_id.partner_id,
                "currency_id": self.currency_id or self.company_id.currency_id,
                "rate": 1.0,
                **values,
            },
        )
