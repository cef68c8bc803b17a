from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command, Domain

from .car_repair_line_stock import ISSUING_JOBS

# What the screen proposes next, and who may take it
STEP_TIERS = {
    "estimate": ("advisor",),
    "authorize": ("advisor", "warranty_clerk"),
    "buy": ("advisor", "parts_clerk", "workshop_supervisor"),
    "start": ("advisor", "workshop_supervisor"),
    "finish_work": ("advisor", "workshop_supervisor"),
    "request_quality_check": ("advisor", "inspector", "workshop_supervisor"),
    "pass_quality_check": ("inspector", "workshop_supervisor", "supervisor"),
    "bill": ("cashier", "supervisor"),
    "exit_pass": ("cashier", "supervisor"),
    "deliver": ("advisor",),
}
TO_BILL = ("to_bill", "partly", "to_credit")
CLOSED = ("delivered", "cancelled")
# For which desks an order waits that waits for...
WAITING_DESKS = {
    "advisor": "advisor",
    "customer": "advisor",
    "collection": "advisor",
    "parts": "parts_clerk",
    "bay": "workshop_supervisor",
    "technician": "workshop_supervisor",
    "inspector": "inspector",
    "reviewer": "workshop_supervisor",
    "cashier": "cashier",
}


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    state = fields.Selection(group_expand="_group_expand_state")
    waiting_for = fields.Selection(group_expand="_group_expand_waiting_for")
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
    is_worked_on = fields.Boolean(
        "Work Has Been Done",
        compute="_compute_row_counts",
        help="It is finished or not repaired; it is not cancelled any more.",
    )
    is_warranty_desk = fields.Boolean(
        "Warranty Desk", compute="_compute_is_warranty_desk"
    )
    other_open_orders_text = fields.Char(
        "The Car Is Here Already",
        compute="_compute_other_open_orders_text",
        help="Other visits of the same car that are not closed. A car may have two "
        "orders, but mostly the second one is a mistake.",
    )
    requires_promised_time = fields.Boolean(
        related="company_id.car_requires_promised_time"
    )
    is_waiting_for_me = fields.Boolean(
        "Waiting for Me",
        compute="_compute_is_waiting_for_me",
        search="_search_is_waiting_for_me",
    )
    license_plate = fields.Char(related="vehicle_id.license_plate", tracking=False)
    vehicle_model_id = fields.Many2one(
        related="vehicle_id.model_id", string="Vehicle Model", tracking=False
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

    @api.model
    def _group_expand_waiting_for(self, values, domain):
        """Show a column for everybody an order may wait for."""
        return [value for value, _label in self._fields["waiting_for"].selection]

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

    @api.depends_context("car_plate_first", "car_number_only")
    def _compute_display_name(self):
        """Put the plate first where the screen shows cars.

        A list that has a column for the car asks for the number alone.
        """
        plate_first = self.env.context.get("car_plate_first")
        number_only = self.env.context.get("car_number_only")
        if not plate_first and not number_only:
            return super()._compute_display_name()
        for order in self:
            plate = not number_only and order.vehicle_id.license_plate
            parts = (plate, order._origin.name)
            order.display_name = " ".join(part for part in parts if part)

    @api.depends("waiting_for", "advisor_id")
    @api.depends_context("uid")
    def _compute_is_waiting_for_me(self):
        """Tell whether the user's desk acts next; advisors act on their own orders."""
        desks = {tier for tier in WAITING_DESKS.values() if self._has_group(tier)}
        for order in self:
            desk = WAITING_DESKS.get(order.waiting_for)
            order.is_waiting_for_me = desk in desks and (
                desk != "advisor"
                or order.advisor_id in (self.env.user, self.env["res.users"])
            )

    def _search_is_waiting_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        desks = {tier for tier in WAITING_DESKS.values() if self._has_group(tier)}
        own, others = [], []
        for cause, desk in WAITING_DESKS.items():
            if desk in desks:
                (own if desk == "advisor" else others).append(cause)
        mine = Domain("advisor_id", "in", [self.env.uid, False])
        return Domain("waiting_for", "in", others) | (
            Domain("waiting_for", "in", own) & mine
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

    @api.depends("job_ids.state", "payer_ids")
    def _compute_row_counts(self):
        for order in self:
            order.job_count = len(order.job_ids)
            order.payer_count = len(order.payer_ids)
            order.is_worked_on = order._has_work_done()

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

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Show on a new order who pays: the lines are priced and taxed for him."""
        if self._origin or not self.partner_id:
            return
        payer = self._get_customer_payer()
        if payer:
            former = payer.fiscal_position_id
            payer.partner_id = self.partner_id
            self._retax_new_lines(payer, former)
        else:
            values = {"kind": "customer", "partner_id": self.partner_id.id}
            self.payer_ids = [Command.create(values)]

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

    def _spell_visit(self):
        """Return number, plate, VIN and odometer, as they stand on the invoice."""
        self.ensure_one()
        vehicle = self.vehicle_id
        parts = [self.name, vehicle.license_plate, vehicle.vin]
        if self.odometer_km:
            parts.append(f"{self.odometer_km} km")
        return " ".join(filter(None, parts))

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

    def _retax_new_lines(self, payer, former):
        """Let lines not saved yet follow their payer; taxes that were typed stay.

        :param former: the fiscal position the lines were entered with
        """
        jobs = self.job_ids.filtered(
            lambda job: job.payer_id in (payer, payer.browse())
        )
        for line in jobs.line_ids.filtered(lambda line: line.supply != "customer"):
            # Safe: the taxes of the product itself; the line knows no company yet.
            taxes = line.product_id.sudo().taxes_id._filter_taxes_by_company(
                self.company_id
            )
            if line.tax_ids._origin == former.map_tax(taxes)._origin:
                line.tax_ids = payer.fiscal_position_id.map_tax(taxes)

    def _prepare_draft(self):
        """Return what the lines of an order not saved yet have to know of it."""
        self.ensure_one()
        links = ("company_id", "warehouse_id", "vehicle_id", "partner_id", "type_id")
        payers = [
            {
                "kind": payer.kind,
                "partner_id": payer.partner_id._origin.id,
                "pricelist_id": payer.pricelist_id._origin.id,
                "labor_rate": payer.labor_rate,
            }
            for payer in self.payer_ids
        ]
        return {
            **{name: self[name]._origin.id for name in (*links, "pricelist_id")},
            "payer_ids": [Command.create(values) for values in payers],
        }
