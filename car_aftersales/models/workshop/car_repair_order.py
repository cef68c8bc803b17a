from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

CUSTOMER_DATA = "car_aftersales.car_aftersales_group_customer_data"


class CarRepairOrder(models.Model):
    """One visit of a car: what is complained of, agreed, done, billed and given back.

    The advisor opens it at reception; it gathers the jobs and ends with the delivery of
    the car on a final exit pass, or declined on one.
    """

    _name = "car.repair.order"
    _description = "Repair Order"
    _inherit = [
        "car.confidential.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    def _default_warehouse_id(self):
        # Fetched with what the check of companies reads, in one query.
        return self.env["stock.warehouse"].search_fetch(
            [("company_id", "=", self.env.company.id)], ["company_id"], limit=1
        )

    def _default_type_id(self):
        return self.env["car.repair.type"].search_fetch(
            [("company_id", "in", [self.env.company.id, False])], limit=1
        )

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("reception", "Reception"),
            ("estimate", "Estimate"),
            ("authorized", "Authorized"),
            ("in_workshop", "In Workshop"),
            ("quality_check", "Quality Check"),
            ("ready", "Ready"),
            ("delivered", "Delivered"),
            ("declined", "Not Repaired"),
            ("cancelled", "Cancelled"),
        ],
        default="reception",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        required=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
        help="The site that receives the car; its stock gives the parts.",
    )
    # vehicle
    vehicle_id = fields.Many2one(
        "car.vehicle",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    odometer_km = fields.Integer("Odometer (km)", copy=False)
    odometer_lower_reason = fields.Selection(
        selection=lambda self: (
            self.env["car.odometer.reading"]
            ._fields["lower_reason"]
            ._description_selection(self.env)
        ),
        string="Reason for a Lower Reading",
        copy=False,
        help="Why the odometer shows less than at an earlier reading.",
    )
    fuel_level = fields.Selection(
        [
            ("0", "Empty"),
            ("1", "1/4"),
            ("2", "1/2"),
            ("3", "3/4"),
            ("4", "Full"),
        ],
        copy=False,
    )
    # customer
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        tracking=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Who signs the order and pays what nobody else pays.",
    )
    owner_id = fields.Many2one(
        "res.partner",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Owner of the car at this visit.",
    )
    sender_id = fields.Many2one("res.partner", help="Who brought the car in.")
    contact_id = fields.Many2one("res.partner", help="Whom to call during this visit.")
    phone = fields.Char(compute="_compute_phone")
    # visit
    advisor_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        tracking=True,
        index=True,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("car_aftersales.car_aftersales_group_advisor").ids,
            )
        ],
    )
    type_id = fields.Many2one(
        "car.repair.type",
        "Order Type",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_type_id(),
    )
    note = fields.Text("Other Requirements")
    previous_order_id = fields.Many2one(
        "car.repair.order",
        "Earlier Order",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The order that this one continues or corrects.",
    )
    received_at = fields.Datetime("Received", copy=False, default=fields.Datetime.now)
    first_promised_at = fields.Datetime("First Promised", readonly=True, copy=False)
    promised_at = fields.Datetime("Promised", copy=False, tracking=True, index=True)
    outcome = fields.Selection(
        [
            ("refused", "Refused"),
            ("booked", "Booked for later"),
            ("diagnosis_only", "Diagnosis only"),
        ],
        copy=False,
        tracking=True,
        help="How a declined visit ended.",
    )
    outcome_reason = fields.Char("Reason", copy=False)
    return_kind = fields.Selection(
        [("rework", "Rework"), ("additional", "Additional work")],
        copy=False,
        help="Why the car goes back to the workshop: rework is counted.",
    )
    return_reason = fields.Char("Reason for Going Back", copy=False)
    rework_count = fields.Integer(readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted by the Customer", readonly=True, copy=False)
    given_back_at = fields.Datetime("Everything Given Back", readonly=True, copy=False)
    delivered_at = fields.Datetime(readonly=True, copy=False, index=True)
    # money
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        precompute=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        check_company=True,
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    # lines
    payer_ids = fields.One2many("car.repair.payer", "order_id", "Payers")
    job_ids = fields.One2many("car.repair.job", "order_id", "Jobs", copy=True)
    line_ids = fields.One2many("car.repair.line", "order_id", "Lines")
    authorization_ids = fields.One2many(
        "car.repair.authorization", "order_id", "Consents"
    )
    exit_pass_ids = fields.One2many("car.exit.pass", "order_id", "Exit Passes")
    picking_ids = fields.One2many(
        "stock.picking", "car_repair_order_id", "Transfers", copy=False
    )
    invoice_ids = fields.Many2many(
        "account.move",
        "car_repair_order_account_move_rel",
        "order_id",
        "move_id",
        "Invoices",
        copy=False,
        readonly=True,
    )
    # technical
    consent_floor = fields.Integer(
        readonly=True,
        copy=False,
        help="Answers up to this entry were given before the order was taken up again.",
    )
    stock_reference_id = fields.Many2one("stock.reference", copy=False, readonly=True)
    turn = fields.Integer(
        copy=False,
        default=0,
        help="Written first by whoever creates documents: two at once cannot both win.",
    )

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This order number is taken already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for order in self:
            if not order.partner_id:
                vehicle = order.vehicle_id
                order.partner_id = vehicle.owner_id or vehicle.contact_id

    @api.depends("vehicle_id")
    def _compute_owner_id(self):
        for order in self:
            order.owner_id = order.vehicle_id.owner_id or order.owner_id

    @api.depends("contact_id.phone", "partner_id.phone")
    def _compute_phone(self):
        for order in self:
            order.phone = order.contact_id.phone or order.partner_id.phone

    @api.depends("partner_id")
    def _compute_pricelist_id(self):
        for order in self:
            if order.state in ("reception", "estimate") or not order.pricelist_id:
                partner = order.partner_id.with_company(order.company_id)
                order.pricelist_id = partner.property_product_pricelist

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for order in self:
            order.currency_id = (
                order.pricelist_id.currency_id or order.company_id.currency_id
            )

    @api.depends("name", "vehicle_id.license_plate")
    def _compute_display_name(self):
        for order in self:
            parts = (order._origin.name, order.vehicle_id.license_plate)
            order.display_name = " ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Find orders by number, plate, VIN, customer or phone.

        Each branch is a select of its own: one OR over several tables would scan them.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain("name", "in", value)
        text = (value or "").strip().strip("%")
        if not operator.endswith("like") or not text:
            return super()._search_display_name(operator, value)
        vehicles = self.env["car.vehicle"].with_context(active_test=False)
        branches = [
            vehicles._get_pattern_domain("name", text),
            Domain(
                "vehicle_id",
                "in",
                vehicles.sudo()._search([("display_name", "ilike", text)]),
            ),
        ]
        branches += [
            Domain("partner_id", "any!", people)
            for people in vehicles._get_people_selects(text)
        ]
        # Only ids come out of here; the search itself applies the user's rules.
        every = self.sudo().with_context(active_test=False)
        selects = [every._search(branch).subselect() for branch in branches]
        return Domain("id", "in", SQL(" UNION ").join(selects))

    # === CONSTRAINT METHODS === #

    @api.constrains("odometer_km")
    def _check_odometer_km(self):
        for order in self:
            if order.odometer_km < 0:
                raise ValidationError(
                    self.env._(
                        "%(order)s: the odometer cannot be negative.", order=order.name
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["res.company"]._get_next_car_number(
                    self._name, vals.get("company_id")
                )
            self._drop_protected(vals)
            vals["first_promised_at"] = vals.get("promised_at")
        # Lines ask their order for its payers: those come first.
        content = [
            {key: vals.pop(key) for key in ("job_ids", "line_ids") if key in vals}
            for vals in vals_list
        ]
        self._read_people(vals_list)
        orders = super().create(vals_list)
        orders._ensure_payers()
        for order, order_content in zip(orders, content, strict=True):
            if order_content:
                order.write(order_content)
        orders._record_odometer()
        return orders

    def write(self, vals):
        vals = self._drop_protected(dict(vals))
        self._check_locked_fields(vals)
        if vals.get("promised_at"):
            new = self.filtered(lambda order: not order.first_promised_at)
            super(CarRepairOrder, new).write({"first_promised_at": vals["promised_at"]})
        payers = self.env["car.repair.payer"]
        if "partner_id" in vals:
            payers = self._get_customer_payers()
        result = super().write(vals)
        for payer in payers - payers._get_used():
            payer.partner_id = payer.order_id.partner_id
        if "odometer_km" in vals:
            self._record_odometer()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for order, vals in zip(self, vals_list, strict=True):
            vals.pop("payer_ids", None)
            for _command, _id, job in vals.get("job_ids", []):
                order._drop_old_prices(job)
        return vals_list

    # === BUSINESS METHODS === #

    def _drop_old_prices(self, job_vals):
        """Let a copy be priced by today's prices; what was given away is not again."""
        packages = self.env["car.repair.package"]
        for _command, _id, line in job_vals.get("line_ids", []):
            if not packages.browse(line.get("package_id")).has_fixed_price:
                for name in ("price_unit", "discount", "tax_ids"):
                    line.pop(name, None)

    @api.model
    def _read_people(self, vals_list):
        """Read in one query whom new orders ask for: customers, us, the user."""
        # Safe: read for what follows, which checks what it shows.
        env = self.sudo().env
        customers, cars = (
            env[model].browse({vals[key] for vals in vals_list if vals.get(key)})
            for model, key in (
                ("res.partner", "partner_id"),
                ("car.vehicle", "vehicle_id"),
            )
        )
        people = env.user.partner_id | env.company.partner_id | customers
        (people | cars.owner_id).mapped("name")

    def _record_odometer(self):
        """Give the vehicle the reading taken at reception."""
        self.env["car.odometer.reading"].create(
            [
                {
                    "vehicle_id": order.vehicle_id.id,
                    "odometer_km": order.odometer_km,
                    "lower_reason": order.odometer_lower_reason,
                    "kind": "repair_order",
                    "source_model": order._name,
                    "source_id": order.id,
                    "source_name": order.name,
                }
                for order in self
                if order.odometer_km
            ]
        )

    def _forget_consent(self):
        """Let earlier answers count no more: the customer is asked again."""
        for order in self:
            entries = order.authorization_ids.line_ids
            # Safe: follows from the step just taken.
            order.sudo().consent_floor = max(entries.ids, default=0)

    def _read_parts(self):
        """Read jobs, lines and payers with what they say, in a query each."""
        for field in ("job_ids", "line_ids", "payer_ids"):
            self.mapped(field)

    def _take_turn(self):
        """Write the orders' rows before reading: of two at once only one goes on.

        The loser meets a serialization failure, is repeated on fresh data by Odoo, and
        finds nothing left to do.
        """
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE car_repair_order SET turn = turn + 1 WHERE id IN %s",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["turn"], flush=False)

    def _has_group(self, *tiers):
        """Tell whether the user sits at one of these desks (or is the system)."""
        return self.env.su or any(
            self.env.user.has_group(f"car_aftersales.car_aftersales_group_{tier}")
            for tier in tiers
        )

    def _get_stock_reference(self):
        """Return the reference that keeps the order's parts in one transfer."""
        self.ensure_one()
        if not self.stock_reference_id:
            # Safe: a label for our own transfers, made after the caller's own check.
            self.sudo().stock_reference_id = (
                self.env["stock.reference"].sudo().create({"name": self.name})
            )
        return self.stock_reference_id

    def _get_customer_payer(self):
        """Return the payer who pays what nobody else pays."""
        self.ensure_one()
        customers = self.payer_ids.filtered(lambda payer: payer.kind == "customer")
        own = customers.filtered(lambda payer: payer.partner_id == self.partner_id)
        return (own or customers)[:1]

    def _get_customer_payers(self):
        """Return for each order the payer who is its customer."""
        return self.payer_ids.filtered(
            lambda payer: (
                payer.kind == "customer"
                and payer.partner_id == payer.order_id.partner_id
            )
        )

    def _ensure_payers(self):
        """Create the customer as payer where an order has none."""
        self.env["car.repair.payer"].create(
            [
                {
                    "order_id": order.id,
                    "kind": "customer",
                    "partner_id": order.partner_id.id,
                }
                for order in self
                if not order._get_customer_payer()
            ]
        )
