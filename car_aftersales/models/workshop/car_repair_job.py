from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .car_repair_order import CUSTOMER_DATA

# Work that nobody is asked for or charged
UNSOLD_JOBS = ("declined", "cancelled", "deferred")
AGREED = ("authorized", "partly", "exceeded")


class CarRepairJob(models.Model):
    """One complaint of the customer: what he said, why it was so and what was done.

    Dispatch, work, quality and waiting belong to the job; the advisor writes it, the
    technician works on it and the inspector passes it.
    """

    _name = "car.repair.job"
    _description = "Repair Job"
    _inherit = [
        "car.order.part.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "order_id desc, sequence, id"
    _check_company_auto = True
    _mail_post_access = "read"

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Complaint", required=True, help="In the customer's own words.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("estimated", "Estimated"),
            ("authorized", "Authorized"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("passed", "Passed"),
            ("declined", "Declined"),
            ("deferred", "Deferred"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    cause = fields.Text(copy=False)
    correction = fields.Text(copy=False)
    # what the workshop needs of the order
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id",
        store=True,
        precompute=True,
        index=True,
        tracking=False,
    )
    order_number = fields.Char(
        related="order_id.name", store=True, precompute=True, string="Order Number"
    )
    promised_at = fields.Datetime(
        related="order_id.promised_at", store=True, precompute=True, tracking=False
    )
    customer_name = fields.Char(
        "Customer's Name",
        compute="_compute_customer_name",
        store=True,
        precompute=True,
        compute_sudo=True,
        help="The name alone: the workshop sees neither phone nor address.",
    )
    # method and payer
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System")
    estimate_method = fields.Selection(
        [
            ("system", "By system"),
            ("symptom", "By symptom"),
            ("item", "By item"),
        ],
        default="system",
        required=True,
    )
    repair_class_id = fields.Many2one(
        "car.repair.class",
        compute="_compute_repair_class_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    package_id = fields.Many2one("car.repair.package", index="btree_not_null")
    payer_id = fields.Many2one(
        "car.repair.payer",
        "Default Payer",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id)]",
        copy=False,
        groups=CUSTOMER_DATA,
    )
    # who
    team_id = fields.Many2one("car.workshop.team", index=True, check_company=True)
    technician_ids = fields.Many2many("car.technician", check_company=True)
    waiting_reason = fields.Char(copy=False)
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    done_at = fields.Datetime("Finished", readonly=True, copy=False)
    # lines
    line_ids = fields.One2many("car.repair.line", "job_id", copy=True)
    sold_hours = fields.Float(compute="_compute_sold_hours")
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_total = fields.Monetary(
        "Total", compute="_compute_amount_total", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.partner_id.name")
    def _compute_customer_name(self):
        for job in self:
            job.customer_name = job.order_id.partner_id.name

    @api.depends("order_id.type_id")
    def _compute_repair_class_id(self):
        for job in self:
            job.repair_class_id = (
                job.repair_class_id or job.order_id.type_id.repair_class_id
            )

    @api.depends("order_id")
    def _compute_payer_id(self):
        for job in self:
            order = job.order_id
            if job.payer_id.order_id == order and job.payer_id:
                continue
            kind = order.type_id.default_payer_kind
            by_type = order.payer_ids.filtered(lambda payer, k=kind: payer.kind == k)
            job.payer_id = by_type[:1] or order._get_customer_payer()

    @api.depends("line_ids.sold_hours")
    def _compute_sold_hours(self):
        for job in self:
            job.sold_hours = sum(job.line_ids.mapped("sold_hours"))

    @api.depends("line_ids.price_total")
    def _compute_amount_total(self):
        for job in self:
            job.amount_total = sum(job.line_ids.mapped("price_total"))

    @api.depends("name", "order_number")
    def _compute_display_name(self):
        for job in self:
            job.display_name = f"{job.order_number} {job.name}"

    # === ONCHANGE METHODS === #

    @api.onchange("package_id")
    def _onchange_package_id(self):
        """Fill the job with the package's labor and parts."""
        if self.package_id:
            self.name = self.name or self.package_id.name
            self.line_ids = [
                Command.create(vals)
                for vals in self._prepare_package_line_vals(self.package_id)
            ]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Made with its order, a job has no history of its own yet.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        jobs = super(CarRepairJob, quiet).create(vals_list).with_env(self.env)
        jobs.order_id._check_locked_fields({"job_ids": True})
        return jobs

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.order_id._check_locked_fields({"job_ids": True})
        for job in self:
            if job.state not in ("draft", "estimated"):
                raise UserError(
                    self.env._(
                        "%(job)s is “%(state)s” and cannot be deleted.",
                        job=job.display_name,
                        state=job._get_state_label(job.state),
                    )
                )
        self.line_ids._unlink_except_used()

    # === ACTION METHODS === #

    def action_start(self):
        return self.write({"state": "in_progress"})

    def action_finish(self):
        return self.write({"state": "done"})

    def action_apply_package(self):
        """Add the lines of the package to the job, once."""
        for job in self.filtered("package_id"):
            if job.package_id in job.line_ids.package_id:
                raise UserError(
                    self.env._(
                        "%(job)s: the lines of %(package)s are there already.",
                        job=job.display_name,
                        package=job.package_id.name,
                    )
                )
            job.line_ids = [
                Command.create(vals)
                for vals in job._prepare_package_line_vals(job.package_id)
            ]

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        closing = {
            "declined": "decline",
            "deferred": "defer",
            "cancelled": "cancel",
        }
        return {
            "draft": {"estimated": "estimate", "authorized": "authorize", **closing},
            "estimated": {"draft": "revise", "authorized": "authorize", **closing},
            "authorized": {
                "estimated": "withdraw",
                "in_progress": "start",
                **closing,
            },
            "in_progress": {"done": "finish", **closing},
            "done": {"passed": "pass", "in_progress": "rework"},
            "passed": {"in_progress": "rework"},
            "declined": {"estimated": "resume", "authorized": "authorize"},
            "deferred": {"estimated": "resume", "authorized": "authorize"},
            "cancelled": {"draft": "reopen"},
        }

    def _refuse(self, condition, missing):
        for job in self.filtered(condition):
            raise UserError(
                self.env._(
                    "%(job)s: %(missing)s.", job=job.display_name, missing=missing
                )
            )

    def _check_authorize(self):
        self._check_desk("advisor")
        self._refuse(
            lambda job: not job._has_authorized_line(),
            self.env._("the customer has not agreed to it"),
        )
        self._check_method()
        self._check_one_plan()

    def _has_authorized_line(self):
        return any(line.authorization_state in AGREED for line in self._get_lines())

    def _get_lines(self):
        """Return the job's lines out of those of its order, which are read at once."""
        self.ensure_one()
        return self.order_id.line_ids.filtered(lambda line: line.job_id == self)

    def _check_start(self):
        # Safe: tells only whether the customer has agreed.
        lines = self.sudo().order_id.line_ids
        agreed = lines.filtered(
            lambda line: (
                line.authorization_state in AGREED and not line.credited_line_id
            )
        ).job_id
        self._refuse(
            lambda job: job not in agreed,
            self.env._("work cannot start before the customer has agreed"),
        )
        # Safe: the technician may start his job; the order only follows.
        self._refuse(
            lambda job: (
                job.sudo().order_id.state
                not in ("authorized", "in_workshop", "quality_check")
            ),
            self.env._("its order is not ready for the workshop"),
        )

    def _after_start(self):
        # Safe: the moment and the state that follow from the technician's own step.
        self.filtered(
            lambda job: not job.started_at
        ).sudo().started_at = fields.Datetime.now()
        orders = self.sudo().order_id.filtered(
            lambda order: order.state == "authorized"
        )
        # The order only follows: the log of states has it, the chatter need not.
        orders.with_context(tracking_disable=True).write({"state": "in_workshop"})

    def _after_finish(self):
        # Safe: the moment of the technician's own step.
        self.sudo().done_at = fields.Datetime.now()

    def _check_pass(self):
        self._check_inspection_right()

    def _check_rework(self):
        self._check_inspection_right()

    def _after_rework(self):
        # Safe: the moment follows from the step just taken.
        self.sudo().done_at = False

    def _check_inspection_right(self):
        """Let inspectors judge, and advisors where the order type asks for no check."""
        order = self.env["car.repair.order"]
        if order._has_group("inspector", "workshop_supervisor"):
            return
        # Safe: reads only whether the type asks for an inspection.
        inspected = any(self.sudo().order_id.type_id.mapped("requires_inspection"))
        if inspected or not order._has_group("advisor"):
            raise AccessError(
                self.env._(
                    "%(jobs)s: only an inspector decides on the quality.",
                    jobs=", ".join(self.mapped("display_name")),
                )
            )

    def _check_desk(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(jobs)s: your role may not take this step.",
                    jobs=", ".join(self.mapped("display_name")),
                )
            )

    def _check_estimate(self):
        self._check_desk("advisor")

    def _check_withdraw(self):
        self._check_desk("advisor")

    def _check_resume(self):
        self._check_desk("advisor")

    def _check_reopen(self):
        self._check_desk("advisor")

    def _after_decline(self):
        self._cancel_open_moves()

    def _after_defer(self):
        self._cancel_open_moves()

    def _after_cancel(self):
        self._cancel_open_moves()

    def _cancel_open_moves(self):
        """Give back what is reserved for the jobs and not issued."""
        # Safe: only our own jobs' open moves, after the check of the step.
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("car_repair_line_id.job_id", "in", self.ids),
                    ("state", "not in", ["done", "cancel"]),
                ]
            )
        )
        if moves:
            moves._action_cancel()
        self.line_ids._release_put_aside()

    def _check_decline(self):
        self._check_desk("advisor", "workshop_supervisor")
        self._check_no_parts_out()

    def _check_defer(self):
        self._check_desk("advisor", "workshop_supervisor")
        self._check_no_parts_out()

    def _check_cancel(self):
        self._check_desk("advisor")
        self._check_no_parts_out()

    def _check_no_parts_out(self):
        for job in self:
            job.order_id._check_returned(job.line_ids)

    def _prepare_package_line_vals(self, package):
        """Return values for the lines of a package. Extend to add fields.

        A fixed price is spread over the lines by their list prices, to the cent.
        """
        self.ensure_one()
        order = self.order_id
        lines = package._get_lines_for(order.vehicle_id)
        vals_list = [
            {
                "product_id": line.product_id.id,
                "quantity": line.quantity,
                "package_id": package.id,
                **({"sold_hours": line.sold_hours} if line.sold_hours else {}),
            }
            for line in lines
        ]
        if not package.has_fixed_price:
            return vals_list
        currency = order.currency_id
        price = package.currency_id._convert(
            package.fixed_price,
            currency,
            order.company_id,
            fields.Date.context_today(self),
        )
        weights = [
            line.quantity
            * order.pricelist_id._get_product_price(
                line.product_id, line.quantity, currency=currency
            )
            for line in lines
        ]
        whole = sum(weights) or len(weights)
        so_far = amount_so_far = 0.0
        for vals, weight in zip(vals_list, weights, strict=True):
            so_far += weight if sum(weights) else 1
            up_to = currency.round(price * so_far / whole)
            vals["price_unit"] = (up_to - amount_so_far) / vals["quantity"]
            vals["list_price_unit"] = vals["price_unit"]
            amount_so_far = up_to
        return vals_list
