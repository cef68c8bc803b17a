from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_order import CUSTOMER_DATA

# What the technician says of what he has found
REPORT_FIELDS = {
    "name",
    "cause",
    "urgency",
    "kind",
    "system_id",
    "extra_hours",
    "labor_product_id",
    "part_ids",
    "parts_text",
    "message_main_attachment_id",
}


class CarAdditionalWork(models.Model):
    """Something found while the car is in the workshop (增项): more work or parts.

    The technician reports it, the advisor puts it on the order and asks the customer at
    once, and the answer goes back to the workshop. Nothing is done before the yes.
    """

    _name = "car.additional.work"
    _description = "Additional Work"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "reported_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("What Is Needed", required=True)
    state = fields.Selection(
        [
            ("reported", "Reported"),
            ("offered", "On the Order"),
            ("agreed", "Agreed"),
            ("refused", "Refused"),
            ("withdrawn", "Not Needed"),
        ],
        default="reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(
        [("job", "More work"), ("parts", "More parts for this job")],
        default="job",
        required=True,
    )
    cause = fields.Text("Why")
    urgency = fields.Selection(
        [
            ("safety", "Not safe to drive"),
            ("soon", "Needed soon"),
            ("advice", "Advice"),
        ],
        default="soon",
        required=True,
    )
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System")
    extra_hours = fields.Float(
        "Extra Time (Hours)", help="How much longer the car stays on the lift."
    )
    labor_product_id = fields.Many2one(
        "product.product", "Operation", domain=[("car_item_kind", "=", "labor")]
    )
    part_ids = fields.One2many("car.additional.work.part", "work_id", "Parts")
    parts_text = fields.Text("Parts in Words", help="Parts not found in the list.")
    # where it was found
    job_id = fields.Many2one(
        "car.repair.job",
        "Found During",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="job_id.order_id", store=True, index=True, groups=CUSTOMER_DATA
    )
    order_number = fields.Char(related="job_id.order_number")
    vehicle_id = fields.Many2one(related="job_id.vehicle_id", store=True, index=True)
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, precompute=True, index=True
    )
    # who and when
    technician_id = fields.Many2one("car.technician", "Reported By", readonly=True)
    reported_at = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now
    )
    advisor_id = fields.Many2one(
        related="job_id.order_id.advisor_id", store=True, index=True
    )
    reached_at = fields.Datetime("Customer Reached", readonly=True, copy=False)
    reached_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reach_minutes = fields.Float(
        "Minutes Until Reached", compute="_compute_reach_minutes", store=True
    )
    is_overdue = fields.Boolean(
        "Customer Not Reached in Time",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
    )
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    received_at = fields.Datetime("Answer Received", readonly=True, copy=False)
    received_by_id = fields.Many2one(
        "res.users",
        "Received in the Workshop By",
        readonly=True,
        copy=False,
        help="Who took the customer's answer in the workshop.",
    )
    danger_told_at = fields.Datetime("Danger Explained", readonly=True, copy=False)
    # what became of it
    added_job_id = fields.Many2one(
        "car.repair.job", readonly=True, copy=False, index="btree_not_null"
    )
    line_ids = fields.One2many(
        "car.repair.line", "additional_work_id", "Lines", readonly=True
    )

    _extra_hours_positive = models.Constraint(
        "CHECK (extra_hours >= 0)", "Extra time cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("reported_at", "reached_at")
    def _compute_reach_minutes(self):
        for work in self:
            seconds = (
                (work.reached_at - work.reported_at).total_seconds()
                if work.reached_at
                else 0.0
            )
            work.reach_minutes = seconds / 60

    @api.depends("reached_at", "reported_at", "state")
    def _compute_is_overdue(self):
        limit = self._get_overdue_moment()
        for work in self:
            work.is_overdue = (
                work.state in ("reported", "offered")
                and not work.reached_at
                and work.reported_at < limit
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("reached_at", "=", False),
            ("reported_at", "<", self._get_overdue_moment()),
            ("state", "in", ["reported", "offered"]),
        ]

    def _get_overdue_moment(self):
        minutes = self.env.company.sudo().car_reach_minutes
        return fields.Datetime.subtract(fields.Datetime.now(), minutes=minutes)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = self.env["car.repair.job"].browse(
            [vals["job_id"] for vals in vals_list if vals.get("job_id")]
        )
        worker = jobs._get_worker()
        for vals in vals_list:
            self._check_report_fields(set(vals) - {"job_id"})
            vals.update(technician_id=worker.id, reported_at=fields.Datetime.now())
        works = super().create(vals_list)
        for work in works:
            if work.job_id.state not in ("authorized", "in_progress", "done"):
                raise UserError(
                    self.env._(
                        "%(job)s is not in the workshop; nothing can be found there.",
                        job=work.job_id.display_name,
                    )
                )
        works._notify_advisor()
        return works

    def write(self, vals):
        self._check_report_fields(set(vals))
        if REPORT_FIELDS & set(vals) and not self.env.su:
            for work in self.filtered(lambda each: each.state != "reported"):
                raise UserError(
                    self.env._(
                        "%(work)s is on the order already. Change it there.",
                        work=work.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was found is kept. Mark it as not needed instead.")
        )


class CarAdditionalWorkPart(models.Model):
    """A part that additional work needs."""

    _name = "car.additional.work.part"
    _description = "Part of Additional Work"
    _order = "id"

    work_id = fields.Many2one(
        "car.additional.work", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="work_id.company_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("car_item_kind", "=", "part")]
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A part is needed once at least."
    )
