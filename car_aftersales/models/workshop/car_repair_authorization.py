from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .car_repair_job import UNSOLD_JOBS

# Given to the lines that are made together with their entry. No remote call can send
# this very object, so nothing is added to an entry afterwards.
OPENING = object()


class CarRepairAuthorization(models.Model):
    """What was told to the customer and what he answered, kept as it was.

    The ledger of consent: who agreed, how, when, to which lines at which quantity and
    amount, with which promised time. It is never edited; a new answer is a new entry.
    """

    _name = "car.repair.authorization"
    _description = "Consent"
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [
            ("diagnosis", "Diagnosis"),
            ("estimate", "Estimate"),
            ("additional", "Additional work"),
        ],
        default="estimate",
        required=True,
    )
    channel = fields.Selection(
        [
            ("signature", "Signature"),
            ("phone", "Phone"),
            ("message", "Message"),
            ("portal", "Portal"),
            ("supervisor", "Business supervisor"),
        ],
        default="signature",
        required=True,
        help="How the answer was given. The business supervisor answers for internal "
        "and goodwill work.",
    )
    is_internal = fields.Boolean(
        "By the House", compute="_compute_is_internal", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Answered By",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    signed_by = fields.Char()
    signature = fields.Image(attachment=True, max_width=1024, max_height=1024)
    answered_at = fields.Datetime(
        "Answered", required=True, default=fields.Datetime.now
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    promised_at = fields.Datetime("Promised Time Told")
    needs_promise = fields.Boolean(
        "Promised Time Missing",
        compute="_compute_needs_promise",
        help="The customer says yes to work without knowing when his car is ready.",
    )
    note = fields.Text()
    line_ids = fields.One2many(
        "car.repair.authorization.line", "authorization_id", "Lines"
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_told = fields.Monetary(
        compute="_compute_amount_told", help="Taxes included."
    )

    # === COMPUTE METHODS === #

    @api.depends("channel")
    def _compute_is_internal(self):
        for authorization in self:
            authorization.is_internal = authorization.channel == "supervisor"

    @api.depends("order_id")
    def _compute_partner_id(self):
        for authorization in self:
            authorization.partner_id = authorization.order_id.partner_id

    @api.depends("line_ids.amount_told", "line_ids.is_approved")
    def _compute_amount_told(self):
        for authorization in self:
            authorization.amount_told = sum(
                line.amount_told for line in authorization.line_ids if line.is_approved
            )

    @api.depends("channel", "kind", "promised_at", "line_ids.is_approved")
    def _compute_needs_promise(self):
        for authorization in self:
            order = authorization.order_id
            authorization.needs_promise = (
                order.company_id.car_requires_promised_time
                and authorization.kind != "diagnosis"
                and authorization.channel != "supervisor"
                and any(authorization.line_ids.mapped("is_approved"))
                and not (authorization.promised_at or order.promised_at)
            )

    @api.depends("order_id.name", "answered_at")
    def _compute_display_name(self):
        for authorization in self:
            authorization.display_name = self.env._(
                "Consent to %(order)s", order=authorization.order_id.name
            )

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        order = self.env["car.repair.order"].browse(values.get("order_id"))
        if order and "line_ids" in fields_list and "line_ids" not in values:
            values["line_ids"] = [
                fields.Command.create({"line_id": line.id, "is_approved": True})
                for line in order.line_ids._filter_to_ask(internal=False)
            ]
        if order and "promised_at" in fields_list:
            values.setdefault("promised_at", order.promised_at)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["car.repair.order"].browse(
            {vals["order_id"] for vals in vals_list}
        )
        orders._take_turn()
        orders._read_parts()
        for vals in vals_list:
            vals["recorded_by_id"] = self.env.uid
            if "line_ids" not in vals:
                order = self.env["car.repair.order"].browse(vals["order_id"])
                internal = vals.get("channel") == "supervisor"
                vals["line_ids"] = [
                    fields.Command.create({"line_id": line.id, "is_approved": True})
                    for line in order.line_ids._filter_to_ask(internal)
                    if not line.job_id._is_second_plan()
                ]
        # Only here lines may be added: nobody outside this module holds the token.
        opened = self.with_context(car_opening=OPENING)
        authorizations = super(CarRepairAuthorization, opened).create(vals_list)
        authorizations = authorizations.with_env(self.env)
        authorizations._check_answer()
        authorizations._apply()
        return authorizations

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "%(consent)s is kept as it was given. Record a new answer instead.",
                consent=self[:1].display_name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(consent)s is kept as it was given.", consent=self[:1].display_name
            )
        )

    # === BUSINESS METHODS === #

    def _check_answer(self):
        """Refuse answers that nobody may record, or that say nothing.

        :raise UserError: when a line or signature is missing or a limit is passed.
        """
        for authorization in self:
            order = authorization.order_id
            if order.state == "cancelled":
                order._raise_for_each(self.env._("it is cancelled"))
            order._check_estimate_valid()
            if not authorization._has_content():
                order._raise_for_each(self.env._("no line is waiting for an answer"))
            if authorization.line_ids.line_id.order_id - order:
                order._raise_for_each(self.env._("a line belongs to another order"))
            if authorization.channel == "signature" and not (
                authorization.signed_by and authorization.signature
            ):
                order._raise_for_each(
                    self.env._("the signature or the name of who signed is missing")
                )
            if authorization.needs_promise:
                order._raise_for_each(
                    self.env._(
                        "tell the customer when his car will be ready: the promised "
                        "time is missing"
                    )
                )
            if authorization.is_internal:
                authorization._check_internal()
            else:
                order._require_group("advisor", "warranty_clerk")

    def _has_content(self):
        """Tell whether the answer is about something. Extend for other subjects."""
        self.ensure_one()
        return bool(self.line_ids)

    def _check_internal(self):
        """Keep goodwill and internal work within the supervisor's limit."""
        order = self.order_id
        if not order._has_group("supervisor"):
            raise AccessError(
                self.env._(
                    "%(order)s: internal and goodwill work is authorized by the "
                    "business supervisor.",
                    order=order.name,
                )
            )
        total = order.currency_id._convert(
            sum(
                line.price_total * line._get_fraction("internal", "goodwill")
                for line in order.line_ids
                if line.job_id.state not in UNSOLD_JOBS
                and not line.job_id._is_second_plan()
            ),
            order.company_id.currency_id,
            order.company_id,
            fields.Date.context_today(self),
        )
        limit = order.company_id.car_goodwill_limit
        if not order._has_group("manager") and total > limit:
            order._raise_for_each(
                self.env._(
                    "internal and goodwill work of %(total).2f is above the limit of "
                    "%(limit).2f; the manager decides",
                    total=total,
                    limit=limit,
                )
            )

    def _apply(self):
        """Carry the answers to jobs, order and parts."""
        for authorization in self:
            order = authorization.order_id
            if authorization.promised_at != order.promised_at and (
                authorization.promised_at and order.state != "delivered"
            ):
                # Safe: the time told with the answer just recorded.
                order.sudo().write(
                    {
                        "promised_at": authorization.promised_at,
                        "promise_reason": self.env._("Told with the consent"),
                        "is_promise_told": True,
                    }
                )
            authorization.line_ids.line_id._apply_answer(
                is_diagnosis=authorization.kind == "diagnosis"
            )


class CarRepairAuthorizationLine(models.Model):
    """One line of an answer: what was told, and yes or no."""

    _name = "car.repair.authorization.line"
    _description = "Consent to a Line"
    _order = "id desc"

    authorization_id = fields.Many2one(
        "car.repair.authorization", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="authorization_id.company_id", store=True, precompute=True, index=True
    )
    line_id = fields.Many2one(
        "car.repair.line", required=True, index=True, ondelete="cascade"
    )
    is_approved = fields.Boolean("Agreed", default=True)
    # the snapshot
    product_id = fields.Many2one("product.product", readonly=True)
    name = fields.Char("Description", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    price_unit = fields.Float(readonly=True, min_display_digits="Product Price")
    discount = fields.Float(readonly=True, digits="Discount")
    customer_share = fields.Float("Customer's Share", readonly=True, digits=(16, 6))
    house_share = fields.Float("Our Share", readonly=True, digits=(16, 6))
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_told = fields.Monetary(
        readonly=True, help="The customer's amount, taxes included."
    )
    amount_house = fields.Monetary(
        "Borne by the House", readonly=True, help="Taxes included."
    )

    @api.onchange("line_id")
    def _onchange_line_id(self):
        """Show what will be told."""
        for entry in self:
            entry.update(entry._prepare_snapshot(entry.line_id))

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("car_opening") is not OPENING:
            self.env["car.repair.authorization"].browse(
                {vals["authorization_id"] for vals in vals_list}
            ).write({})
        lines = self.env["car.repair.line"].browse([v["line_id"] for v in vals_list])
        for vals, line in zip(vals_list, lines, strict=True):
            vals.update(self._prepare_snapshot(line))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        return self.authorization_id.write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self.authorization_id._unlink_never()

    @api.model
    def _prepare_snapshot(self, line):
        """Return what a line is at this moment. Extend to keep more of it."""
        customer = line._get_fraction("customer") if line else 0.0
        house = line._get_fraction("internal", "goodwill") if line else 0.0
        return {
            "product_id": line.product_id.id,
            "currency_id": line.currency_id.id,
            "name": line.name,
            "quantity": line.quantity,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "customer_share": customer,
            "house_share": house,
            "amount_told": line.price_total * customer,
            "amount_house": line.price_total * house,
        }

    def _evaluate(self, line):
        """Return the state of consent and the quantity this answer covers.

        :param line: the repair line as it is now.
        """
        self.ensure_one()
        if not self.is_approved:
            return "declined", 0.0
        customer = line._get_fraction("customer")
        house = line._get_fraction("internal", "goodwill")
        is_house = self.authorization_id.is_internal
        if (
            self.product_id != line.product_id
            or (not is_house and customer and not self.customer_share)
            or (is_house and house > self.house_share + 1e-6)
        ):
            return "pending", 0.0
        quantity = min(self.quantity, line.quantity)
        if not is_house and self.quantity and line.quantity:
            told = self.amount_told / self.quantity * quantity
            now = line.price_total * customer / line.quantity * quantity
            company = line.company_id
            tolerance = company.currency_id._convert(
                company.car_consent_tolerance,
                line.currency_id,
                company,
                fields.Date.context_today(self),
            )
            if line.currency_id.compare_amounts(now, told + tolerance) > 0:
                return "exceeded", quantity
        return "authorized", quantity
