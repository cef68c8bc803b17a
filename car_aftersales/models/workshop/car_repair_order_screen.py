from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .car_repair_line_stock import ISSUING_JOBS

# What the screen proposes next, and who may take it
STEP_TIERS = {
    "estimate": ("advisor",),
    "authorize": ("advisor", "warranty_clerk"),
    "buy": ("advisor", "parts_clerk", "workshop_supervisor"),
    "start": ("advisor", "workshop_supervisor"),
    "finish_work": ("advisor", "workshop_supervisor"),
    "request_quality_check": ("advisor", "inspector", "workshop_supervisor"),
    "pass_quality_check": ("inspector", "workshop_supervisor"),
    "bill": ("cashier", "supervisor"),
    "exit_pass": ("cashier", "supervisor"),
    "deliver": ("advisor",),
}
TO_BILL = ("to_bill", "partly", "to_credit")
CLOSED = ("delivered", "cancelled")


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    state = fields.Selection(group_expand="_group_expand_state")
    next_step = fields.Char("Step Proposed", compute="_compute_next_step")
    can_buy = fields.Boolean("Something to Buy", compute="_compute_can_buy")
    has_parts_to_request = fields.Boolean(
        "Agreed Parts Not Asked For",
        compute="_compute_has_parts_to_request",
        compute_sudo=True,
    )
    has_final_pass = fields.Boolean(
        "May Leave", compute="_compute_card_counts", compute_sudo=True
    )
    exit_pass_count = fields.Integer(
        "Number of Exit Passes", compute="_compute_card_counts", compute_sudo=True
    )
    authorization_count = fields.Integer(
        "Number of Consents", compute="_compute_card_counts", compute_sudo=True
    )
    job_count = fields.Integer("Number of Jobs", compute="_compute_row_counts")
    payer_count = fields.Integer("Number of Payers", compute="_compute_row_counts")
    is_warranty_desk = fields.Boolean(
        "Warranty Desk", compute="_compute_is_warranty_desk"
    )
    other_open_orders_text = fields.Char(
        "The Car Is Here Already",
        compute="_compute_other_open_orders_text",
        help="Other visits of the same car that are not closed. A car may have two "
        "orders, but mostly the second one is a mistake.",
    )
    vehicle_vin = fields.Char(related="vehicle_id.vin", string="VIN", tracking=False)
    last_odometer_km = fields.Integer(
        related="vehicle_id.odometer_km", string="Last Reading (km)"
    )

    # === COMPUTE METHODS === #

    @api.model
    def _group_expand_state(self, states, domain):
        """Show a column for each state of a car on site; closed ones when asked for."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state not in CLOSED or state in states
        ]

    @api.depends("state", "waiting_for", "billing_state", "exit_pass_ids.state")
    @api.depends_context("uid")
    def _compute_next_step(self):
        """Propose the one step that fits the order and the user's desk."""
        for order in self:
            order.next_step = next(
                (
                    step
                    for step in order._get_fitting_steps()
                    if order._has_group(*STEP_TIERS[step])
                ),
                False,
            )

    @api.depends("line_ids.move_ids.state", "line_ids.purchase_line_ids.state")
    def _compute_can_buy(self):
        for order in self:
            order.can_buy = order.state in ("authorized", "in_workshop") and any(
                line.product_uom_id.compare(line._get_quantity_to_buy(), 0.0) > 0
                for line in order.line_ids
                if line.kind in ("part", "outside")
            )

    @api.depends("line_ids.move_ids.state", "line_ids.quantity_authorized")
    def _compute_has_parts_to_request(self):
        """Tell whether the transfer of agreed parts was cancelled."""
        for order in self:
            order.has_parts_to_request = any(
                line.product_uom_id.compare(
                    line._get_moved_quantity(
                        line.move_ids.filtered(lambda move: move.state != "cancel"),
                        planned=True,
                    ),
                    line.quantity_authorized,
                )
                < 0
                for line in order.line_ids
                if line.is_stocked and line.job_id.state in ISSUING_JOBS
            )

    @api.depends("exit_pass_ids.state", "authorization_ids")
    def _compute_card_counts(self):
        for order in self:
            order.has_final_pass = any(
                exit_pass.kind == "final" and exit_pass.state != "void"
                for exit_pass in order.exit_pass_ids
            )
            order.exit_pass_count = len(order.exit_pass_ids)
            order.authorization_count = len(order.authorization_ids)

    @api.depends("job_ids", "payer_ids")
    def _compute_row_counts(self):
        for order in self:
            order.job_count = len(order.job_ids)
            order.payer_count = len(order.payer_ids)

    @api.depends_context("uid")
    def _compute_is_warranty_desk(self):
        """Tell whether the user may still move work to other payers after delivery."""
        self.is_warranty_desk = self._has_group("warranty_clerk")

    @api.depends("vehicle_id", "company_id", "state", "exit_pass_ids.state")
    def _compute_other_open_orders_text(self):
        """Tell the advisor of other visits of the car that are not closed."""
        still_open = self.filtered(
            lambda order: order.state not in CLOSED and not order._has_left()
        )
        by_car = defaultdict(self.browse)
        domain = Domain("vehicle_id", "in", still_open.vehicle_id.ids)
        for order in self.search(domain & self._get_open_domain(), order="id"):
            by_car[order.vehicle_id, order.company_id] |= order
        for order in self:
            key = order.vehicle_id._origin, order.company_id._origin
            others = by_car[key] - order._origin
            order.other_open_orders_text = False
            if order in still_open and others:
                order.other_open_orders_text = self.env._(
                    "%(vehicle)s has another open order: %(orders)s.",
                    vehicle=order.vehicle_id.display_name,
                    orders=", ".join(
                        f"{other.name} ({other._get_state_label(other.state)})"
                        for other in others
                    ),
                )

    # === ONCHANGE METHODS === #

    @api.onchange("vehicle_id")
    def _onchange_vehicle_id(self):
        """Take the customer of the car; another car has another customer."""
        people = self.vehicle_id.owner_id or self.vehicle_id.contact_id
        if people and not self.env.context.get("default_partner_id"):
            self.partner_id = people

    # === ACTION METHODS === #

    def action_open_vehicle(self):
        self.ensure_one()
        return self.vehicle_id._get_records_action()

    def _get_invoices_action(self, invoices):
        """Show desks without the accounting app what is on the paper only."""
        action = super()._get_invoices_action(invoices)
        if self.env.user.has_groups(
            "account.group_account_invoice,account.group_account_readonly"
        ):
            return action
        form = self.env.ref("car_aftersales.account_move_view_form_desk").id
        if action.get("res_id"):
            return {**action, "views": [(form, "form")]}
        return {
            **action,
            "views": [
                (self.env.ref("car_aftersales.account_move_view_list_desk").id, "list"),
                (form, "form"),
            ],
            "view_mode": "list,form",
            "search_view_id": False,
        }

    def action_print_exit_pass(self):
        self.ensure_one()
        report = self.env.ref("car_aftersales.car_exit_pass_report_pass")
        return report.report_action(self._get_final_pass(), config=False)

    # === BUSINESS METHODS === #

    @api.model
    def _get_open_domain(self):
        """Return which visits are not closed: neither closed nor has the car left."""
        left = Domain("kind", "=", "final") & Domain("state", "=", "used")
        return Domain("state", "not in", CLOSED) & Domain(
            "exit_pass_ids", "not any", left
        )

    def _get_fitting_steps(self):
        """Return the steps that fit now, the most fitting first."""
        self.ensure_one()
        steps = []
        if self.state == "reception":
            steps = ["estimate"] if self.line_ids else []
        elif self.state == "estimate":
            steps = ["authorize"]
        elif self.state in ("authorized", "in_workshop"):
            steps = self._get_fitting_work_steps()
        elif self.state == "quality_check":
            steps = ["pass_quality_check"]
        elif self.state in ("ready", "declined"):
            steps = self._get_fitting_leaving_steps()
        elif self.state == "delivered" and self.billing_state in TO_BILL:
            steps = ["bill"]
        return steps

    def _get_fitting_work_steps(self):
        steps = ["authorize"] if self.line_ids._filter_to_ask() else []
        steps += ["buy"] if self.can_buy else []
        states = set(self.job_ids.mapped("state"))
        if "authorized" in states:
            steps.append("start")
        elif "in_progress" in states:
            steps.append("finish_work")
        elif self.state == "in_workshop":
            steps.append("request_quality_check")
        return steps

    def _get_fitting_leaving_steps(self):
        # Safe: tells only whether there is something to bill.
        customers = self.sudo().payer_ids.filtered(lambda p: p.kind == "customer")
        if any(payer.billing_state in TO_BILL for payer in customers):
            return ["bill"]
        if not self.has_final_pass:
            return ["exit_pass"]
        return ["deliver"] if self.state == "ready" else []


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    state = fields.Selection(group_expand="_group_expand_state")
    vehicle_model_id = fields.Many2one(related="vehicle_id.model_id", tracking=False)
    vehicle_energy = fields.Selection(related="vehicle_id.energy", tracking=False)

    @api.model
    def _group_expand_state(self, states, domain):
        """Show a column for each state in which the workshop has to do with a job."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in ("authorized", "in_progress", "done") or state in states
        ]

    @api.depends_context("car_short_name")
    def _compute_display_name(self):
        """Leave the order's number out where the screen belongs to one order."""
        if not self.env.context.get("car_short_name"):
            return super()._compute_display_name()
        for job in self:
            job.display_name = job.name

    def _prepare_package_line_vals(self, package):
        """Let lines filled in on the screen know their order, for price and payer."""
        vals_list = super()._prepare_package_line_vals(package)
        if order := self.order_id._origin:
            for vals in vals_list:
                vals["order_id"] = order.id
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("payer_id", True):
                del vals["payer_id"]  # the screen of a new order sends it empty
        return super().create(vals_list)


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    order_state = fields.Selection(related="order_id.state", string="Order State")
    part_text = fields.Char(
        "Part Details",
        compute="_compute_part_text",
        help="Brand, maker's number, grade and origin, as told to the customer.",
    )

    can_buy = fields.Boolean("To Buy", compute="_compute_can_buy")

    @api.depends("parts_state", "purchase_line_ids.state")
    def _compute_can_buy(self):
        for line in self:
            line.can_buy = line.parts_state == "to_order" and (
                line.product_uom_id.compare(line._get_quantity_to_buy(), 0.0) > 0
            )

    @api.depends("brand_name", "maker_code", "grade", "origin_country_id.name")
    def _compute_part_text(self):
        grades = dict(self._fields["grade"]._description_selection(self.env))
        for line in self:
            details = (
                line.brand_name,
                line.maker_code,
                grades.get(line.grade),
                line.origin_country_id.name,
            )
            line.part_text = ", ".join(detail for detail in details if detail)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("job_id", "payer_id"):
                if not vals.get(name, True):
                    del vals[name]  # the screen of a new order sends it empty
        return super().create(vals_list)

    def action_buy_and_show(self):
        """Ask the vendors for what is missing, then show the requests."""
        purchases = self.action_buy()
        return self.order_id._get_link_action("purchase.purchase_rfq", purchases)

    def action_split(self):
        """Open the line in a dialog, to share it between payers."""
        self.ensure_one()
        return {
            "name": self.name,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    def action_create_invoices(self):
        """Bill, credit or settle what is open for these payers only."""
        return self.order_id.action_create_invoices(self)


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    @api.model
    def default_get(self, fields_list):
        """Show in the dialog what is told, line by line."""
        values = super().default_get(fields_list)
        order = self.env["car.repair.order"].browse(values.get("order_id"))
        if order and "line_ids" in fields_list:
            to_ask = order.line_ids._filter_to_ask(internal=False)
            if not to_ask and order._has_group("supervisor"):
                if to_ask := order.line_ids._filter_to_ask(internal=True):
                    values["channel"] = "supervisor"
            values["line_ids"] = self._get_answer_commands(to_ask)
        if order.state in ("authorized", "in_workshop", "quality_check"):
            values["kind"] = "additional"
        if order and "signed_by" in fields_list:
            values.setdefault("signed_by", order.partner_id.name)
        return values

    @api.onchange("channel")
    def _onchange_channel(self):
        """Ask the house for its lines, the customer for his."""
        for authorization in self:
            to_ask = authorization.order_id.line_ids._filter_to_ask(
                internal=authorization.channel == "supervisor"
            )
            if to_ask._origin != authorization.line_ids.line_id._origin:
                authorization.line_ids = [
                    fields.Command.clear(),
                    *self._get_answer_commands(to_ask._origin),
                ]

    def _get_answer_commands(self, lines):
        return [
            fields.Command.create(
                {
                    "line_id": line.id,
                    "is_approved": not line.job_id._is_second_plan(),
                    **self.env["car.repair.authorization.line"]._prepare_snapshot(line),
                }
            )
            for line in lines
        ]
