from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .car_repair_order import CUSTOMER_DATA

KINDS = [
    ("labor", "Labor"),
    ("part", "Part"),
    ("outside", "Outside work"),
    ("fee", "Fee"),
]
CONTENT_FIELDS = {
    "order_id",
    "job_id",
    "product_id",
    "kind",
    "supply",
    "quantity",
    "price_unit",
    "discount",
    "tax_ids",
    "product_uom_id",
}


PROTECTED_FIELDS = (
    "list_price_unit",
    "quantity_authorized",
    "authorization_state",
    "consent_floor",
    "is_stocked",
    "is_split",
    "authorization_line_ids",
    "invoice_line_ids",
    "move_ids",
)


class CarRepairLine(models.Model):
    """One thing sold on a repair order: labor, a part, outside work or a fee.

    Lines do the work: they are agreed to, issued from stock, billed to their payers and
    carry the guarantee; the order only gathers them.
    """

    _name = "car.repair.line"
    _description = "Repair Line"
    _order = "order_id desc, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    job_id = fields.Many2one(
        "car.repair.job",
        compute="_compute_job_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('order_id', '=', order_id)]",
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    job_state = fields.Selection(related="job_id.state", string="State of the Job")
    # what
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
    )
    kind = fields.Selection(
        KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    name = fields.Char(
        "Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    sold_hours = fields.Float(
        compute="_compute_sold_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Hours of work sold with a labor line, whatever its price.",
    )
    package_id = fields.Many2one(
        "car.repair.package",
        readonly=True,
        help="The package that brought the line; a fixed package price is kept.",
    )
    # where the part comes from
    supply = fields.Selection(
        [("ours", "Ours"), ("customer", "Customer's")],
        default="ours",
        required=True,
        help="Who supplies the part. A customer's part is neither stocked nor sold.",
    )
    grade = fields.Selection(
        [
            ("genuine", "Genuine"),
            ("equivalent", "Equivalent"),
            ("aftermarket", "Aftermarket"),
            ("remanufactured", "Remanufactured"),
            ("used", "Used Part"),
        ],
        compute="_compute_part_data",
        store=True,
        readonly=False,
        precompute=True,
    )
    brand_name = fields.Char(
        "Part Brand",
        compute="_compute_part_data",
        store=True,
        readonly=False,
        precompute=True,
    )
    maker_code = fields.Char(
        "Maker's Number",
        compute="_compute_part_data",
        store=True,
        readonly=False,
        precompute=True,
    )
    origin_country_id = fields.Many2one(
        "res.country",
        "Origin",
        compute="_compute_part_data",
        store=True,
        readonly=False,
        precompute=True,
    )
    # price
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
    # who pays
    payer_id = fields.Many2one(
        "car.repair.payer",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('order_id', '=', order_id)]",
        copy=False,
        groups=CUSTOMER_DATA,
    )
    share_ids = fields.One2many(
        "car.repair.line.share", "line_id", "Split", groups=CUSTOMER_DATA
    )
    is_split = fields.Boolean(
        "Split Between Payers", compute="_compute_is_split", store=True
    )
    # consent
    authorization_line_ids = fields.One2many(
        "car.repair.authorization.line", "line_id", "Consents", groups=CUSTOMER_DATA
    )
    authorization_state = fields.Selection(
        [
            ("pending", "To be asked"),
            ("authorized", "Authorized"),
            ("partly", "Quantity above consent"),
            ("exceeded", "Price above consent"),
            ("declined", "Declined"),
        ],
        "Consent",
        compute="_compute_authorization",
        store=True,
        readonly=True,
    )
    quantity_authorized = fields.Float(
        compute="_compute_authorization",
        store=True,
        digits="Product Unit",
        help="How much of the line the newest consent covers.",
    )
    consent_floor = fields.Integer(
        copy=False,
        groups=CUSTOMER_DATA,
        help="Answers up to this entry do not count: the line has come to the customer "
        "from another payer since.",
    )
    ask_again_date = fields.Date(
        copy=False, help="When a declined line is offered again."
    )

    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a repair line cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_job_id(self):
        for line in self:
            if line.job_id.order_id != line.order_id or not line.job_id:
                line.job_id = line.order_id.job_ids[:1]

    @api.depends("product_id")
    def _compute_kind(self):
        for line in self:
            product = line.product_id
            line.kind = product.car_item_kind or (
                "labor" if product.type == "service" else "part"
            )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            lang = line.order_id.partner_id.lang
            line.name = line.product_id.with_context(lang=lang).name or line.name

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "kind")
    def _compute_sold_hours(self):
        labor = self.filtered(lambda line: line.kind == "labor" and line.product_id)
        hours = self.env["car.labor.time"]._get_hours(
            [(line.product_id, line.order_id.vehicle_id.model_id) for line in labor]
        )
        for line in self:
            line.sold_hours = hours.get(
                (line.product_id, line.order_id.vehicle_id.model_id), 0.0
            )

    @api.depends("product_id")
    def _compute_part_data(self):
        for line in self:
            product = line.product_id
            line.grade = product.car_grade
            line.brand_name = product.car_brand_name
            line.maker_code = product.car_maker_code
            line.origin_country_id = product.car_origin_country_id

    @api.depends(
        "product_id",
        "quantity",
        "product_uom_id",
        "sold_hours",
        "supply",
        "payer_id",
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

    @api.depends("job_id", "job_id.payer_id")
    def _compute_payer_id(self):
        for line in self:
            if not line.payer_id or line.payer_id.order_id != line.order_id:
                line.payer_id = (
                    line.job_id.payer_id or line.order_id._get_customer_payer()
                )

    @api.depends("share_ids")
    def _compute_is_split(self):
        for line in self:
            line.is_split = bool(line.share_ids)

    @api.depends(
        "authorization_line_ids",
        "order_id.consent_floor",
        "consent_floor",
        "product_id",
        "quantity",
        "price_total",
        "payer_id.kind",
        "share_ids.percent",
        "share_ids.payer_id.kind",
    )
    def _compute_authorization(self):
        for line in self:
            state, quantity = line._evaluate_consent()
            line.authorization_state = state
            line.quantity_authorized = quantity

    # === CONSTRAINT METHODS === #

    @api.constrains("job_id", "order_id")
    def _check_job_id(self):
        for line in self:
            if line.job_id.order_id != line.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s: its job belongs to another order.", line=line.name
                    )
                )

    @api.constrains("payer_id", "share_ids")
    def _check_payers(self):
        for line in self:
            payers = line.payer_id | line.share_ids.payer_id
            if payers.order_id - line.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s: its payer belongs to another order.", line=line.name
                    )
                )

    @api.constrains("product_uom_id", "product_id")
    def _check_product_uom_id(self):
        for line in self:
            if line.product_uom_id == line.product_id.uom_id:
                continue
            if not line.product_uom_id._has_common_reference(line.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(line)s: %(unit)s is not a unit of this product.",
                        line=line.name,
                        unit=line.product_uom_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = self.env["car.repair.job"].browse(
            [vals["job_id"] for vals in vals_list if vals.get("job_id")]
        )
        order_by_job = {job.id: job.order_id.id for job in jobs}
        for vals in vals_list:
            self._drop_protected(vals)
            if "price_unit" in vals and "technical_price_unit" not in vals:
                # Any other number marks the price as typed.
                vals["technical_price_unit"] = vals["price_unit"] - 1.0
            if not vals.get("order_id") and vals.get("job_id"):
                vals["order_id"] = order_by_job[vals["job_id"]]
            elif vals.get("order_id") and not vals.get("job_id"):
                self._check_has_job(vals["order_id"])
        lines = super().create(vals_list)
        lines.order_id._check_locked_fields({"line_ids": True})
        lines._check_discount_limit()
        return lines

    def write(self, vals):
        vals = self._drop_protected(dict(vals))
        if "payer_id" in vals and not vals["payer_id"]:
            del vals["payer_id"]  # somebody always pays
        self._check_role_fields(vals)
        if "product_id" in vals and "price_unit" not in vals:
            for line in self:
                line.technical_price_unit = line.price_unit
        content = CONTENT_FIELDS.intersection(vals)
        if content:
            self.order_id._check_locked_fields({"line_ids": True})
            self._check_used_content(vals)
        if {"payer_id", "share_ids"} & set(vals):
            self._check_may_change_payer()
        borne = {}
        if {"payer_id", "share_ids"} & set(vals):
            borne = {line: line._get_fraction("customer") for line in self}
        splitting = self.with_context(car_splitting="share_ids" in vals)
        result = super(CarRepairLine, splitting).write(vals)
        if "share_ids" in vals:
            self.share_ids._check_sum_of(self)
        for line, before in borne.items():
            line._forget_consent_of_others(before)
        if {"price_unit", "discount"} & set(vals):
            self._check_discount_limit()
        if "quantity" in vals:
            self._follow_quantity()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals.pop("order_id", None)  # the order of the job it is copied to
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for line in self:
            # Safe: reads whether documents exist that the user may not see.
            if (
                line.sudo().move_ids
                or line.sudo().invoice_line_ids
                or line.sudo().authorization_line_ids
            ):
                raise UserError(
                    self.env._(
                        "%(order)s, %(line)s: consent, parts or invoices depend on it. "
                        "Set its quantity to 0 instead.",
                        order=line.order_id.name,
                        line=line.name,
                    )
                )
        self.order_id._check_locked_fields({"line_ids": True})

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        """Take out what only the system works out."""
        if not self.env.su:
            for name in PROTECTED_FIELDS:
                vals.pop(name, None)
        return vals

    def _check_role_fields(self, vals):
        """Keep the warranty clerk to who pays."""
        if self.env.su or self.order_id._has_group("advisor"):
            return
        if foreign := set(vals) - {"payer_id", "share_ids"}:
            raise AccessError(
                self.env._(
                    "%(order)s: your role changes who pays, not %(fields)s.",
                    order=", ".join(self.order_id.mapped("name")),
                    fields=", ".join(sorted(foreign)),
                )
            )

    def _check_has_job(self, order_id):
        order = self.env["car.repair.order"].browse(order_id)
        if not order.job_ids:
            raise UserError(
                self.env._(
                    "%(order)s: add the customer's complaint as a job first.",
                    order=order.name,
                )
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
                raise ValidationError(
                    self.env._(
                        "%(order)s, %(line)s: a discount of %(given).2f %% is above "
                        "your limit of %(limit).2f %%. Please ask your supervisor.",
                        order=line.order_id.name,
                        line=line.name,
                        given=line._get_given_discount(),
                        limit=limit,
                    )
                )

    def _check_used_content(self, vals):
        """Keep what has been issued or billed as it was.

        :raise UserError: when a posted document depends on what is to be changed.
        """
        locked = {"product_id", "kind", "supply", "product_uom_id", "order_id"}
        priced = locked | {"price_unit", "discount", "tax_ids"}
        for line in self.sudo():  # Safe: only tells which documents exist.
            is_issued = any(move.state == "done" for move in line.move_ids)
            is_billed = any(
                invoice_line.parent_state == "posted"
                for invoice_line in line.invoice_line_ids
            )
            if (is_issued and locked.intersection(vals)) or (
                is_billed and priced.intersection(vals)
            ):
                raise UserError(
                    self.env._(
                        "%(order)s, %(line)s: parts have been issued or it has been "
                        "billed. Return the part or credit the invoice first.",
                        order=line.order_id.name,
                        line=line.name,
                    )
                )

    def _check_may_change_payer(self):
        delivered = self.order_id.filtered(lambda order: order.state == "delivered")
        if delivered:
            delivered._require_group("warranty_clerk", "supervisor")
        self.order_id._refuse(
            lambda order: order.state == "cancelled", self.env._("it is cancelled")
        )

    def _has_consent(self):
        """Tell whether the price was agreed to; then it is no longer computed."""
        self.ensure_one()
        return any(entry.is_approved for entry in self._get_valid_entries())

    def _forget_consent_of_others(self, before):
        """Ask the customer anew for what comes to him from another payer.

        :param before: the fraction that the customer bore.
        """
        self.ensure_one()
        if before < 1 and self._get_fraction("customer") > before + 1e-6:
            entries = self.authorization_line_ids
            # Safe: follows from the change of payer, which was checked.
            self.sudo().consent_floor = max(entries.ids, default=0)

    def _get_valid_entries(self):
        """Return the answers that count: those since the order was last taken up."""
        floor = max(self.order_id.consent_floor, self.consent_floor)
        return self.authorization_line_ids.filtered(
            lambda entry: not isinstance(entry.id, int) or entry.id > floor
        )

    def _get_list_price(self):
        """Return the price per unit by the method of the job and the price list."""
        self.ensure_one()
        if not self.product_id or self.supply == "customer":
            return 0.0
        order, job = self.order_id, self.job_id
        company = self.company_id or order.company_id
        currency = order.currency_id or company.currency_id
        if self.kind == "labor":
            price = 0.0
            if job.estimate_method == "system" and job.system_id:
                price = self.env["car.repair.system.price"]._get_price(
                    job.system_id, order.vehicle_id.model_id, company
                )
            elif job.estimate_method == "item":
                price = self.sold_hours * (
                    self.payer_id.labor_rate or company.car_hourly_rate
                )
            if price:
                return company.currency_id._convert(
                    price, currency, company, fields.Date.context_today(self)
                )
        pricelist = self.payer_id.pricelist_id or order.pricelist_id
        return pricelist._get_product_price(
            self.product_id,
            self.quantity or 1.0,
            uom=self.product_uom_id,
            currency=currency,
        )

    def _get_payer_taxes(self, payer):
        """Return the taxes of the product as they apply to a payer."""
        self.ensure_one()
        if self.supply == "customer":
            return self.env["account.tax"]
        # Safe: the taxes of the product itself; not every desk reads accounting.
        taxes = self.product_id.sudo().taxes_id._filter_taxes_by_company(
            self.company_id or self.order_id.company_id
        )
        return payer.fiscal_position_id.map_tax(taxes)

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

    def _get_shares(self):
        """Return the payers of the line with their fractions, summing to 1."""
        self.ensure_one()
        if self.is_split:
            return [(share.payer_id, share.percent / 100) for share in self.share_ids]
        return [(self.payer_id, 1.0)] if self.payer_id else []

    def _get_fraction(self, *kinds):
        """Return which fraction of the line payers of these kinds bear."""
        return sum(
            fraction for payer, fraction in self._get_shares() if payer.kind in kinds
        )

    def _evaluate_consent(self):
        """Return the state of consent and the quantity it covers.

        The customer answers for the work and for his own amount; the business
        supervisor answers for what the house bears itself. Less than agreed stays
        valid, more makes only the difference pending.
        """
        self.ensure_one()
        house = self._get_fraction("internal", "goodwill")
        entries = self._get_valid_entries().sorted("id", reverse=True)
        by_house = entries.filtered("authorization_id.is_internal")
        answers = []
        if house < 1:
            newest = (entries - by_house)[:1]
            answers.append(newest._evaluate(self) if newest else ("pending", 0.0))
        if house:
            newest = by_house[:1]
            answers.append(newest._evaluate(self) if newest else ("pending", 0.0))
        for state in ("declined", "pending"):
            if any(answer[0] == state for answer in answers):
                return state, 0.0
        quantity = min(quantity for _state, quantity in answers)
        if any(state == "exceeded" for state, _quantity in answers):
            return "exceeded", quantity
        if self.product_uom_id.compare(quantity, self.quantity) < 0:
            return "partly", quantity
        return "authorized", quantity
