from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..vehicle.car_vehicle import CUSTOMER_DATA

# What the customer said, and when, is not retold afterwards
SAID = {"kind", "text", "said_at", "partner_id", "call_id", "company_id"}
# Written by the steps, not by hand
STAMPS = {"escalated_at", "solved_at", "informed_at", "supervisor_id", "due_on"}


class CarContactPoint(models.Model):
    """What a customer asked, wished or complained of, with an owner and a clock.

    要求, 希望, 投诉: answered at once; else studied, and within two days reported to the
    business supervisor, who says what to do; the customer is told on the day on which
    a solution is found, and must be satisfied with it (R-128 to R-130).
    """

    _name = "car.contact.point"
    _description = "Customer's Point"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "said_at desc, id desc"
    _check_company_auto = True

    state = fields.Selection(
        [
            ("open", "Being Studied"),
            ("escalated", "With the Supervisor"),
            ("solved", "Solved, Customer to Be Told"),
            ("closed", "Settled"),
        ],
        default="open",
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
        compute="_compute_subject",
        store=True,
        precompute=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("request", "Request"),
            ("wish", "Wish"),
            ("complaint", "Complaint"),
            ("other", "Other"),
        ],
        required=True,
        default="request",
        index=True,
    )
    text = fields.Text("In the Customer's Words", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    call_id = fields.Many2one(
        "car.contact.call", "Said in Call", index="btree_not_null", check_company=True
    )
    remark_id = fields.Many2one(
        "car.customer.remark",
        "Said at Delivery",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    vehicle_id = fields.Many2one(
        "car.vehicle",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    said_at = fields.Datetime(
        "Said", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        help="Who brings the customer his answer.",
    )
    due_on = fields.Date(
        "Report Until",
        compute="_compute_due_on",
        store=True,
        precompute=True,
        index=True,
        help="Until the end of this day it is answered or with the supervisor.",
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    # the way to its answer
    question = fields.Text(
        "Question to the Supervisor", help="What he is asked to decide."
    )
    escalated_at = fields.Datetime("Reported", readonly=True, copy=False)
    is_escalated_by_time = fields.Boolean(
        "Reported Because Time Was Up", readonly=True, copy=False
    )
    supervisor_id = fields.Many2one(
        "res.users", "Reported To", readonly=True, copy=False, index="btree_not_null"
    )
    instruction = fields.Text("Instruction", copy=False, tracking=True)
    solution = fields.Text("Answer or Solution", copy=False, tracking=True)
    solved_at = fields.Datetime("Solution Found", readonly=True, copy=False, index=True)
    informed_at = fields.Datetime("Customer Told", readonly=True, copy=False)
    is_told_same_day = fields.Boolean(
        "Told on the Same Day", compute="_compute_is_told_same_day", store=True
    )
    satisfied = fields.Selection(
        [("yes", "Satisfied"), ("no", "Not Satisfied")], copy=False, tracking=True
    )

    _open_due = models.Index("(due_on) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("kind", "text")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for point in self:
            text = " ".join((point.text or "").split())
            point.display_name = f"{kinds.get(point.kind)}: {text[:40]}"

    @api.depends("call_id", "remark_id")
    def _compute_subject(self):
        """Take customer, car and visit from where it was said."""
        for point in self:
            source = point.call_id or point.remark_id
            point.company_id = source.company_id or point.company_id or self.env.company
            point.partner_id = source.partner_id or point.partner_id
            point.vehicle_id = source.vehicle_id or point.vehicle_id
            point.order_id = source.order_id or point.order_id

    @api.depends("said_at", "company_id")
    def _compute_due_on(self):
        for point in self:
            company = point.company_id or self.env.company
            day = company._get_car_local_day(point.said_at)
            point.due_on = company._add_car_days(day, company.sudo().car_point_days)

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        for point in self:
            today = (point.company_id or self.env.company)._get_car_today()
            point.is_late = bool(point._is_overdue(today))

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_car_today()
        midnight = self.env.company._get_car_midnight(today)
        overdue = Domain("state", "in", ("open", "escalated")) & Domain(
            "due_on", "<", today
        )
        return overdue | (
            Domain("state", "=", "solved") & Domain("solved_at", "<", midnight)
        )

    @api.depends("solved_at", "informed_at")
    def _compute_is_told_same_day(self):
        for point in self:
            company = point.company_id
            point.is_told_same_day = bool(
                point.solved_at
                and point.informed_at
                and company._get_car_local_day(point.solved_at)
                == company._get_car_local_day(point.informed_at)
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in STAMPS:
                    vals.pop(name, None)
                vals["said_at"] = fields.Datetime.now()
        points = super().create(vals_list)
        if archived := points.call_id.filtered(lambda call: call.state == "archived"):
            archived._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        points._after_said()
        return points

    def write(self, vals):
        if not self.env.su:
            if SAID & set(vals) or STAMPS & set(vals):
                self._raise_missing(
                    self.env._("what the customer said, and when, stays as it is")
                )
            if "instruction" in vals and not self._is_supervisor():
                raise AccessError(
                    self.env._("The business supervisor gives the instruction.")
                )
            if set(vals) - {"state"}:
                self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("What a customer said is not deleted."))

    # === ACTION METHODS === #

    def action_answer(self):
        """The customer got his answer at once and is satisfied with it."""
        return self.write({"satisfied": "yes", "state": "closed"})

    def action_escalate(self):
        """Report it to the business supervisor, with a question."""
        return self.write({"state": "escalated"})

    def action_solve(self):
        """A solution was found: the customer is to be told today."""
        return self.write({"state": "solved"})

    def action_inform_satisfied(self):
        """The customer was told and is satisfied."""
        return self.write({"satisfied": "yes", "state": "closed"})

    def action_inform_unsatisfied(self):
        """The customer was told and is not satisfied: back to the supervisor."""
        self.write({"satisfied": "no"})
        return self.write({"state": "escalated"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "open": {
                "closed": "answer",
                "escalated": "escalate",
                "solved": "solve",
            },
            "escalated": {"solved": "solve"},
            "solved": {"closed": "inform", "escalated": "return"},
            "closed": {},
        }

    def _after_said(self):
        """Hook: what becomes of a new point. Extend to open a complaint."""

    def _is_supervisor(self):
        return self.env["car.repair.order"]._has_group("supervisor")

    def _is_overdue(self, today):
        self.ensure_one()
        if self.state in ("open", "escalated"):
            return self.due_on and self.due_on < today
        if self.state == "solved" and self.solved_at:
            return self.company_id._get_car_local_day(self.solved_at) < today
        return False

    def _check_open(self):
        if closed := self.filtered(lambda point: point.state == "closed"):
            closed._raise_missing(self.env._("it is settled and stays as it is"))

    def _raise_missing(self, missing):
        raise UserError(
            self.env._(
                "%(points)s: %(missing)s.",
                points=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    def _check_solution(self):
        for point in self:
            if not (point.solution or "").strip():
                point._raise_missing(self.env._("write down the answer or solution"))

    def _check_in_time(self):
        """Refuse a late answer past the supervisor (R-129)."""
        for point in self:
            today = point.company_id._get_car_today()
            if point.state == "open" and point.due_on < today:
                point._raise_missing(
                    self.env._(
                        "the time to answer it alone was up on %(day)s; report it to "
                        "the business supervisor",
                        day=point.due_on,
                    )
                )

    def _check_answer(self):
        self._check_in_time()
        self._check_solution()

    def _after_answer(self):
        # Safe: the moments of the step just taken.
        now = fields.Datetime.now()
        self.sudo().write({"solved_at": now, "informed_at": now})

    def _check_escalate(self):
        for point in self:
            if not point.env.su and not (point.question or "").strip():
                point._raise_missing(
                    self.env._("write down what the supervisor is asked to decide")
                )

    def _after_escalate(self):
        for company, points in self.grouped("company_id").items():
            supervisor = self.env["car.customer.remark"]._get_supervisor(company)
            # Safe: the moment of the step, and whom it goes to.
            points.sudo().write(
                {"escalated_at": fields.Datetime.now(), "supervisor_id": supervisor.id}
            )
            for point in points:
                point.sudo().message_notify(
                    partner_ids=supervisor.partner_id.ids,
                    subject=self.env._("A customer waits for an answer"),
                    body=point.question or point.text,
                )

    def _check_solve(self):
        self._check_in_time()
        self._check_solution()
        for point in self:
            if point.state == "escalated" and not (point.instruction or "").strip():
                point._raise_missing(
                    self.env._("the supervisor's instruction is missing")
                )

    def _after_solve(self):
        # Safe: the moment of the step, and the contact that follows from it.
        self.sudo().write({"solved_at": fields.Datetime.now(), "satisfied": False})
        rules = self.env["car.contact.rule"].sudo()
        for rule in rules.search([("trigger", "=", "solution")]):
            for company in self.company_id & rule._get_companies():
                rule._plan_batch(company)

    def _check_inform(self):
        for point in self:
            if not point.satisfied:
                point._raise_missing(
                    self.env._("write down whether the customer is satisfied")
                )

    def _after_inform(self):
        # Safe: the moment of the step just taken; the talk about it is over.
        self.sudo().write({"informed_at": fields.Datetime.now()})
        self._close_answers()

    def _check_return(self):
        for point in self:
            if point.satisfied != "no":
                point._raise_missing(
                    self.env._("it goes back when the customer is not satisfied")
                )

    def _after_return(self):
        # Safe: a new turn, with the supervisor again.
        self.sudo().write({"informed_at": fields.Datetime.now()})
        self._close_answers()
        self._after_escalate()

    def _close_answers(self):
        """The contact to tell the solution was made by telling it."""
        tasks = self.env["car.contact.task"].sudo()  # Safe: follows from the step.
        tasks.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        ).write({"state": "done"})

    @api.model
    def _cron_escalate(self):
        """Report to the supervisor what nobody answered in time."""
        for company in self.env["res.company"].search([]):
            points = self.search(
                [
                    ("state", "=", "open"),
                    ("company_id", "=", company.id),
                    ("due_on", "<", company._get_car_today()),
                ]
            )
            points.write({"is_escalated_by_time": True})
            points.write({"state": "escalated"})
