from odoo import api, fields, models
from odoo.exceptions import ValidationError

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


class CarComplaint(models.Model):
    """投诉: a customer is not satisfied, and it has an owner, deadlines and an end.

    Received from wherever it came, classified, replied to, handled, answered, and
    closed when the customer is satisfied; else taken up again (R-144 to R-151).
    """

    _name = "car.complaint"
    _description = "Customer Complaint"
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
            ("received", "Registered"),
            ("classified", "Classified"),
            ("replied", "Replied"),
            ("handling", "Being Handled"),
            ("answered", "Answer Given"),
            ("closed", "Closed, Satisfied"),
            ("withdrawn", "Taken Back"),
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
        COMPLAINT_CHANNELS,
        "Came By Way Of",
        required=True,
        default="phone",
        index=True,
        tracking=True,
    )
    text = fields.Text("In the Customer's Words", required=True)
    received_at = fields.Datetime(
        "Received On", required=True, default=fields.Datetime.now, index=True
    )
    received_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
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
        related="vehicle_id.model_id",
        store=True,
        precompute=True,
        index="btree_not_null",
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
        compute="_compute_workshop",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    technician_id = fields.Many2one(
        "car.technician",
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
        "Cause Found",
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
    reopen_reason = fields.Text("Why He Is Not Satisfied", copy=False, tracking=True)
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
        "car.contact.point", "complaint_id", "Said in Points", readonly=True
    )

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This complaint number is taken already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "category_id")
    def _compute_display_name(self):
        for complaint in self:
            parts = (complaint._origin.name, complaint.category_id.name)
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
        """Take who worked on it from the job; among several nobody is guessed."""
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

    # === BUSINESS METHODS === #

    def _rating_get_operator(self):
        return self.user_id.partner_id

    def _phone_get_number_fields(self):
        return ["phone"]

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]
