from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_rule import KINDS

CALL_KINDS = [
    *KINDS,
    ("consultation", "Consultation"),
    ("complaint", "Customer Complaint"),
    ("consent", "Consent to Additional Work"),
    ("pick_up", "Pick-Up Notice"),
    ("appointment", "Appointment"),
    ("other", "Other"),
]
OUTCOMES = [
    ("reached", "Reached"),
    ("booked", "Reached, appointment made"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("refused", "Wants no contact"),
    ("sold", "Has sold the car"),
]
# Written by the steps, not by hand
STAMPS = ("outcome", "ended_at", "appointment_id", "archived_at", "archived_by_id")


class CarContactCall(models.Model):
    """A talk with a customer, in or out, or a visit to him: the record of it.

    跟踪服务电话记录表: written by whoever held it, from anywhere. Kept with its
    outcome; an archived one is locked.
    """

    _name = "car.contact.call"
    _description = "Call or Visit"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "started_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [("draft", "Talking"), ("done", "Held"), ("archived", "Archived")],
        default="draft",
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
    direction = fields.Selection(
        [
            ("out", "We called"),
            ("in", "The customer called"),
            ("visit", "Visit to the customer"),
        ],
        required=True,
        default="out",
    )
    kind = fields.Selection(CALL_KINDS, required=True, default="other", index=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(
        "Phone Number",
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
        help="The number that was dialled.",
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", index="btree_not_null", check_company=True
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        index="btree_not_null",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handled By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    started_at = fields.Datetime(
        "Date and Time", required=True, default=fields.Datetime.now, index=True
    )
    ended_at = fields.Datetime(readonly=True, copy=False)
    task_ids = fields.Many2many(
        "car.contact.task",
        "car_contact_call_task_rel",
        "call_id",
        "task_id",
        "Contacts Made",
        copy=False,
        check_company=True,
    )
    # what was said
    topic_ids = fields.Many2many("car.contact.topic", string="Topics Spoken About")
    summary = fields.Text("Key Points")
    condition_text = fields.Text("Use of the Car", help="How the car has been running.")
    opinion_text = fields.Text("Opinion of Our Service")
    need_text = fields.Text("New Needs")
    point_ids = fields.One2many(
        "car.contact.point", "call_id", "Requests, Wishes, Complaints"
    )
    # how it ended
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    next_try_on = fields.Date("Next Try", copy=False)
    appointment_id = fields.Many2one(
        "car.appointment",
        "Appointment Made",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    archived_at = fields.Datetime(readonly=True, copy=False)
    archived_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This call number is taken already."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for call in self:
            call.display_name = f"{call.name} {kinds.get(call.kind) or ''}".strip()

    @api.depends("partner_id")
    def _compute_phone(self):
        for call in self:
            call.phone = call.partner_id.phone or call.phone

    # === ONCHANGE METHODS === #

    @api.onchange("vehicle_id", "order_id")
    def _onchange_subject(self):
        """Take the customer of the car or of the visit, where none was chosen."""
        if not self.partner_id:
            order, vehicle = self.order_id, self.vehicle_id
            self.partner_id = (
                order.contact_id
                or order.partner_id
                or vehicle.contact_id
                or vehicle.owner_id
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
            if not self.env.su:
                for name in STAMPS:
                    vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for call in self:
            if call.state != "draft":
                raise UserError(
                    self.env._(
                        "%(call)s was held and stays on record.",
                        call=call.display_name,
                    )
                )


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    def _get_kind_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_first_call(self):
        """Return the held first calls that second calls follow."""
        first_ids = [
            task.res_id for task in self if task.res_model == "car.contact.task"
        ]
        return self.browse(first_ids).call_ids.filtered(
            lambda call: call.state != "draft"
        )
