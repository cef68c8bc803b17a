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

    要求, 希望, 投诉: answered at once; else studied, and within two days reported to
    the business supervisor, who says what to do; the customer is told on the day on
    which a solution is found, and must be satisfied with it (R-128 to R-130).
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
            ("closed", "Resolved"),
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
        index=True,
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("request", "Request"),
            ("wish", "Wish"),
            ("complaint", "Customer Complaint"),
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
        "Responsible",
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
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
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
    instruction = fields.Text(copy=False, tracking=True)
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
