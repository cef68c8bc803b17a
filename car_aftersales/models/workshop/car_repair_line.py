from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.labels import spell_fields

KINDS = [
    ("labor", "Labor"),
    ("part", "Part"),
    ("outside", "Outside work"),
    ("fee", "Fee"),
]
# What the papers of the visit say; who pays and when to ask again are no part of it
CONTENT_FIELDS = {
    "order_id",
    "job_id",
    "product_id",
    "kind",
    "name",
    "supply",
    "grade",
    "brand_name",
    "maker_code",
    "origin_country_id",
    "quantity",
    "product_uom_id",
    "sold_hours",
    "package_id",
    "price_unit",
    "discount",
    "tax_ids",
}


PROTECTED_FIELDS = (
    "list_price_unit",
    "quantity_authorized",
    "quantity_issued",
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
    _inherit = ["car.order.part.mixin"]
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
    currency_id = fields.Many2one(
        related="order_id.currency_id", store=True, precompute=True
    )
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
        compute="_compute_grade",
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
            product, lang = line.product_id, line.order_id.partner_id.lang
            if lang and lang != self.env.lang:
                product = product.with_context(lang=lang)
            line.name = product.name or line.name

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
    def _compute_grade(self):
        for line in self:
            line.grade = line.product_id.car_grade

    @api.depends("product_id")
    def _compute_part_data(self):
        for line in self:
            product = line.product_id
            line.brand_name = product.car_brand_name
            line.maker_code = product.car_maker_code
            line.origin_country_id = product.car_origin_country_id

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
        for number, vals in enumerate(vals_list):
            self._drop_protected(vals)
            if "price_unit" in vals and "technical_price_unit" not in vals:
                # Any other number marks the price as typed.
                vals["technical_price_unit"] = vals["price_unit"] - 1.0
            if not vals.get("order_id") and vals.get("job_id"):
                vals["order_id"] = order_by_job[vals["job_id"]]
            elif vals.get("order_id") and not vals.get("job_id"):
                self._check_has_job(vals["order_id"])
            # The order first: amounts are read in its currency, without a query.
            vals_list[number] = {"order_id": vals.get("order_id"), **vals}
        lines = super().create(vals_list)
        lines.order_id._check_locked_fields({"line_ids": True})
        lines.filtered(lambda line: line.kind == "labor")._follow_labor_price()
        lines._check_discount_limit()
        return lines

    def write(self, vals):
        vals = self._drop_protected(dict(vals))
        if "payer_id" in vals and not vals["payer_id"]:
            del vals["payer_id"]  # somebody always pays
        self._check_role_fields(vals)
        changed = self.browse()
        if "product_id" in vals:
            changed = self.filtered(
                lambda line: line.product_id.id != vals["product_id"]
            )
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
        taxed = {}
        if "payer_id" in vals and "price_unit" not in vals:
            taxed = {line: (line.price_unit, line.tax_ids) for line in self}
        splitting = self.with_context(car_splitting="share_ids" in vals)
        result = super(CarRepairLine, splitting).write(vals)
        if "share_ids" in vals:
            self.share_ids._check_sum_of(self)
        for line, before in borne.items():
            line._forget_consent_of_others(before)
        for line, (price, taxes) in taxed.items():
            if line.price_unit == price and line.tax_ids != taxes:
                super(CarRepairLine, line).write(line._prepare_adapted_prices(taxes))
        if {"price_unit", "discount"} & set(vals):
            self._check_discount_limit()
            self._renew_drafts()
        if {"quantity", "sold_hours", "kind", "job_id"} & set(vals):
            self._follow_labor_price()
        changed._drop_other_products()
        if "quantity" in vals:
            self._follow_quantity()
        return result

    def unlink(self):
        jobs = self.filtered(lambda line: line.kind == "labor").job_id
        result = super().unlink()
        jobs.line_ids._follow_labor_price()
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
                    "%(lines)s: your role changes who pays, not %(fields)s.",
                    lines="; ".join(
                        f"{line.order_id.name}, {line.name}" for line in self
                    ),
                    fields=spell_fields(self, foreign),
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
