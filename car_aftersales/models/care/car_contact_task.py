from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_permission import CHANNELS, PURPOSES
from .car_contact_rule import KINDS

CLOSE_REASONS = [
    ("refused", "Wants no contact"),
    ("newer_visit", "The car came again"),
    ("booked", "An appointment was made"),
    ("sold", "The car was sold"),
    ("wrong_number", "Wrong number"),
    ("not_reached", "Not reached"),
    ("obsolete", "Its reason is gone"),
    ("too_often", "Contacted often enough"),
    ("by_hand", "Closed by hand"),
]
# Who may close or hand over what the job planned
FOLLOWERS = ("follow_up_clerk", "supervisor")


class CarContactTask(models.Model):
    """One planned contact with a customer: why, between which days, by whom.

    The clerk's queue. Made from the contact rules, or planned by hand; done by a call,
    a visit or a letter, or closed with the reason. Rule book 售后服务管理制度.
    """

    _name = "car.contact.task"
    _description = "Planned Contact"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "call_on, priority desc, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "car.contact.rule", readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, index=True, default="care")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    close_reason = fields.Selection(
        CLOSE_REASONS, "Why Closed", readonly=True, copy=False, tracking=True
    )
    close_note = fields.Char("Closing Note", copy=False)
    finished_on = fields.Date(readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # whom and about what
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    vehicle_id = fields.Many2one(
        "car.vehicle", index="btree_not_null", check_company=True
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    enquiry_id = fields.Many2one(
        "car.enquiry", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Source Record", model_field="res_model", readonly=True
    )
    anchor_date = fields.Date(
        "Day of the Event", readonly=True, help="The day from which the days count."
    )
    subject = fields.Char("About", help="What the contact is about, in a few words.")
    purpose = fields.Selection(
        PURPOSES, "Contact Purpose", required=True, default="follow_up"
    )
    channel = fields.Selection(
        CHANNELS, "Contact Channel", required=True, default="phone"
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Very high")], default="1"
    )
    # when
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date(
        "Until",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        tracking=True,
    )
    call_on = fields.Date(
        "Contact On",
        required=True,
        index=True,
        compute="_compute_call_on",
        store=True,
        readonly=False,
        precompute=True,
        help="The day to try, within the days given; the next try after one in vain.",
    )
    tries = fields.Integer(readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    # who
    clerk_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref(CUSTOMER_DATA).ids)],
    )
    original_clerk_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        help="Whose contact it is, also while a deputy makes it.",
    )
    call_ids = fields.Many2many(
        "car.contact.call",
        "car_contact_call_task_rel",
        "task_id",
        "call_id",
        "Calls Made for It",
        readonly=True,
    )
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _once = models.UniqueIndex(
        "(rule_id, res_model, res_id, anchor_date, company_id) "
        "WHERE rule_id IS NOT NULL",
        "This contact is planned already.",
    )
    _queue = models.Index("(clerk_id, call_on) WHERE state = 'open'")
    _source = models.Index("(res_model, res_id) WHERE state = 'open'")
    _days = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day of a contact is not before its first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "partner_id", "vehicle_id.license_plate")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for task in self:
            # Safe: the name of a contact is shown to who may read the contact.
            names = (task.sudo().partner_id.name, task.vehicle_id.license_plate)
            about = " ".join(name for name in names if name)
            task.display_name = f"{kinds.get(task.kind)}: {about}"

    @api.depends("date_from")
    def _compute_call_on(self):
        for task in self:
            task.call_on = task.date_from

    @api.depends("date_to", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for task in self:
            task.is_late = bool(
                task.state == "open" and task.date_to and task.date_to < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain(
            "date_to", "<", fields.Date.context_today(self)
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                for name in ("rule_id", "res_model", "res_id", "anchor_date"):
                    vals.pop(name, None)
            clerk_id = vals.get("clerk_id") or self.env.uid
            vals["original_clerk_id"] = vals.get("original_clerk_id") or clerk_id
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_handing_over(vals)
            if "clerk_id" in vals:
                # Given away for good: a deputy gets it by the deputy's period.
                vals = {**vals, "original_clerk_id": vals["clerk_id"]}
            content = set(vals) - {"state", "close_reason", "close_note"}
            if content and (done := self.filtered(lambda task: task.state != "open")):
                raise UserError(
                    self.env._(
                        "%(tasks)s: what is done or closed stays as it is.",
                        tasks=", ".join(done.mapped("display_name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Planned contacts are not deleted. Close them with a reason."
                )
            )
