from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_complaint_category import DEPARTMENTS, SEVERITIES

COMPLAINT_CHANNELS = [
    ("phone", "Phone"),
    ("desk", "At the desk"),
    ("visit", "On a visit"),
    ("letter", "Letter"),
    ("mail", "E-Mail"),
    ("rating", "Rating"),
    ("survey", "Survey"),
    ("other", "Other"),
]
EXTERNAL_BODIES = [
    ("association", "Consumer association"),
    ("mediation", "Mediation"),
    ("authority", "Authority"),
    ("lawsuit", "Lawsuit"),
]
# Nobody has to act any more
ENDED = ("closed", "withdrawn")
# Who handles complaints besides the one who is responsible
HANDLERS = ("follow_up_clerk", "supervisor")
# What the customer said, and when, is not retold afterwards
SAID = {"text", "received_at", "received_by_id", "company_id", "email_from"}
# Written by the steps, not by hand
STAMPS = {
    "answered_at",
    "answered_by_id",
    "clock_from",
    "closed_at",
    "escalated_at",
    "is_escalated_by_time",
    "rating_score",
    "replied_at",
    "replied_by_id",
    "reply_due_at",
    "reopen_count",
    "solve_due_on",
    "supervisor_id",
}
# What a step out of the end brings with it
REOPENING = {"state", "satisfied", "reopen_reason"}


class CarComplaint(models.Model):
    """投诉: a customer is not satisfied, and it has an owner, deadlines and an end.

    Received from wherever it came, classified, replied to, handled, answered, and closed
    when the customer is satisfied; else it is taken up again (R-144 to R-151).
    """

    _name = "car.complaint"
    _description = "Complaint"
    _inherit = [
        "car.confidential.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "received_at desc, id desc"
    _check_company_auto = True
    _primary_email = "email_from"

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("classified", "Classified"),
            ("replied", "Replied"),
            ("handling", "Being Handled"),
            ("answered", "Answered"),
            ("closed", "Closed, Satisfied"),
            ("withdrawn", "Withdrawn"),
        ],
        default="received",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # what was said
    channel = fields.Selection(
        COMPLAINT_CHANNELS, required=True, default="phone", index=True, tracking=True
    )
    text = fields.Text("In the Customer's Words", required=True)
    received_at = fields.Datetime(
        "Received On", required=True, default=fields.Datetime.now, index=True
    )
    received_by_id = fields.Many2one(
        "res.users", "Received By", readonly=True, default=lambda self: self.env.user
    )
    rating_score = fields.Integer("Rating Given", readonly=True, copy=False)
    # who
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=CUSTOMER_DATA,
        tracking=True,
    )
    contact_name = fields.Char("Name Given", groups=CUSTOMER_DATA)
    email_from = fields.Char("E-Mail Address", groups=CUSTOMER_DATA)
    phone = fields.Char(
        "Phone Number",
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
    )
    # about what
    vehicle_id = fields.Many2one(
        "car.vehicle",
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    model_id = fields.Many2one(
        related="vehicle_id.model_id", store=True, precompute=True, index="btree_not_null"
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        index="btree_not_null",
        check_company=True,
        domain="[('vehicle_id', '=?', vehicle_id)]",
    )
    job_id = fields.Many2one(
        "car.repair.job",
        "Repair Job",
        index="btree_not_null",
        check_company=True,
        domain="[('order_id', '=', order_id)]",
    )
    product_id = fields.Many2one(
        "product.product", "Part", index="btree_not_null", check_company=True
    )
    team_id = fields.Many2one(
        "car.workshop.team",
        "Team",
        compute="_compute_workshop",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    technician_id = fields.Many2one(
        "car.technician",
        "Technician",
        compute="_compute_workshop",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    # classified
    category_id = fields.Many2one(
        "car.complaint.category",
        "Category",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    severity = fields.Selection(
        SEVERITIES,
        compute="_compute_by_category",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        index=True,
        help="It decides on the deadlines.",
    )
    department = fields.Selection(
        DEPARTMENTS,
        "Department Concerned",
        compute="_compute_by_category",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        tracking=True,
        domain=lambda self: [("all_group_ids", "in", self.env.ref(CUSTOMER_DATA).ids)],
        help="Who brings the customer his answer.",
    )
    # found out
    cause_id = fields.Many2one(
        "car.complaint.cause",
        "Cause",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    cause_text = fields.Text("Analysis of the Cause")
    # told
    reply_text = fields.Text("First Reply")
    answer_text = fields.Text("Answer to the Customer", tracking=True)
    answered_at = fields.Datetime("Answered On", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    satisfied = fields.Selection(
        [("yes", "Satisfied"), ("no", "Not Satisfied")], copy=False, tracking=True
    )
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False, index=True)
    reopen_count = fields.Integer("Times Taken Up Again", readonly=True, copy=False)
    reopen_reason = fields.Text(
        "Why He Is Not Satisfied", copy=False, tracking=True
    )
    withdrawn_reason = fields.Char("Why Withdrawn", copy=False, tracking=True)
    # outside
    external_body = fields.Selection(
        EXTERNAL_BODIES,
        "Taken To",
        tracking=True,
        help="The customer has turned to somebody outside the house.",
    )
    external_number = fields.Char("Number There")
    external_on = fields.Date("Taken There On")
    external_document_ids = fields.Many2many(
        "ir.attachment",
        "car_complaint_external_document_rel",
        "complaint_id",
        "attachment_id",
        "Documents of the Case",
        copy=False,
        bypass_search_access=True,
    )
    external_result = fields.Text("Result There", tracking=True)
    # lines
    remedy_ids = fields.One2many("car.complaint.remedy", "complaint_id", "Remedies")
    measure_ids = fields.One2many("car.complaint.measure", "complaint_id", "Measures")
    point_ids = fields.One2many(
        "car.contact.point", "complaint_id", "Said To", readonly=True
    )

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This complaint number is taken already."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "category_id")
    def _compute_display_name(self):
        for complaint in self:
            parts = (complaint.name, complaint.category_id.name)
            complaint.display_name = " ".join(part for part in parts if part)

    @api.depends("order_id")
    def _compute_subject(self):
        """Take customer and car from the visit, where none was chosen."""
        for complaint in self:
            order = complaint.order_id
            complaint.company_id = (
                order.company_id or complaint.company_id or self.env.company
            )
            complaint.partner_id = complaint.partner_id or order.partner_id
            complaint.vehicle_id = order.vehicle_id or complaint.vehicle_id

    @api.depends("partner_id")
    def _compute_phone(self):
        for complaint in self:
            complaint.phone = complaint.partner_id.phone or complaint.phone

    @api.depends("job_id")
    def _compute_workshop(self):
        """Take who worked on it from the job; several technicians are not guessed at."""
        for complaint in self:
            technicians = complaint.job_id.technician_ids
            complaint.team_id = complaint.job_id.team_id or complaint.team_id
            complaint.technician_id = (
                technicians if len(technicians) == 1 else complaint.technician_id
            )

    @api.depends("category_id")
    def _compute_by_category(self):
        for complaint in self:
            category = complaint.category_id
            complaint.severity = category.severity or complaint.severity or "normal"
            complaint.department = category.department or complaint.department

    # === CONSTRAINT METHODS === #

    @api.constrains("order_id", "job_id", "vehicle_id")
    def _check_same_visit(self):
        for complaint in self:
            order = complaint.order_id
            wrong_job = complaint.job_id and complaint.job_id.order_id != order
            if wrong_job or (order and complaint.vehicle_id != order.vehicle_id):
                raise ValidationError(
                    self.env._(
                        "%(complaint)s: order, job and vehicle are not of one visit.",
                        complaint=complaint.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                for name in STAMPS:
                    vals.pop(name, None)
                vals.update(
                    received_at=fields.Datetime.now(), received_by_id=self.env.uid
                )
            # The visit decides on the company, and so on the run of numbers.
            order = self.env["car.repair.order"].browse(vals.get("order_id"))
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, order.company_id.id or vals.get("company_id")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Complaints are not deleted. Withdraw them with a reason.")
            )

    # === BUSINESS METHODS === #

    def _check_kept(self, vals):
        """Keep the customer's words, the moments and what has ended."""
        if SAID & set(vals) or STAMPS & set(vals):
            self._raise_missing(
                self.env._("what the customer said, and the moments, stay as they are")
            )
        if not set(vals) - {"message_main_attachment_id", "activity_ids"}:
            return
        self._require_handler()
        ended = self.filtered(lambda complaint: complaint.state in ENDED)
        if ended and not ("state" in vals and set(vals) <= REOPENING):
            ended._raise_missing(self.env._("it has ended and stays as it is"))

    def _is_handler(self):
        """Tell whether the user may take the steps of a complaint."""
        self.ensure_one()
        if self.env["car.repair.order"]._has_group(*HANDLERS):
            return True
        people = self.user_id
        if self.state == "received":
            people |= self.received_by_id
        return self.env.user in people

    def _require_handler(self):
        for complaint in self:
            if not complaint._is_handler():
                raise AccessError(
                    self.env._(
                        "%(complaint)s: it is handled by who is responsible for it, the "
                        "follow-up clerk or the business supervisor.",
                        complaint=complaint.display_name,
                    )
                )

    def _raise_missing(self, missing):
        raise UserError(
            self.env._(
                "%(complaints)s: %(missing)s.",
                complaints=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    def _rating_get_operator(self):
        return self.user_id.partner_id

    def _phone_get_number_fields(self):
        return ["phone"]

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]
