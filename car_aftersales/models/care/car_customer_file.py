from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarCustomerFile(models.Model):
    """客户档案: what the follow-up knows of a customer, one per customer and company.

    Opened by intake or an enquiry and complete two days later (W1, R-001 to R-006): the
    hub to his cars, visits, calls and letters, with the next service planned.
    """

    _name = "car.customer.file"
    _description = "Customer File"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "due_on desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [("open", "To Complete"), ("complete", "Complete")],
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
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(
        related="partner_id.phone", readonly=False, groups=CUSTOMER_DATA
    )
    address = fields.Char(
        related="partner_id.contact_address_inline",
        string="Address in One Line",
        groups=CUSTOMER_DATA,
    )
    clerk_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        domain=lambda self: [("all_group_ids", "in", self.env.ref(CUSTOMER_DATA).ids)],
        help="Who follows this customer up. Empty: the company's clerk.",
    )
    opened_at = fields.Datetime(
        "Opened", readonly=True, required=True, default=fields.Datetime.now
    )
    opened_by = fields.Selection(
        [("intake", "Intake"), ("enquiry", "Enquiry"), ("hand", "By hand")],
        default="hand",
        required=True,
        readonly=True,
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Opened by Order",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    enquiry_id = fields.Many2one(
        "car.enquiry",
        "Opened by Enquiry",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    due_on = fields.Date(
        "Complete Until",
        compute="_compute_due_on",
        store=True,
        precompute=True,
        index=True,
    )
    completed_at = fields.Datetime("Completed", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    missing_text = fields.Char("Still Missing", compute="_compute_missing_text")
    # what he wants
    wish_text = fields.Text(
        "Services the Customer Wishes", help="“None” is an answer, too."
    )
    category_ids = fields.Many2many(
        related="partner_id.category_id",
        string="Preferences",
        readonly=False,
        groups=CUSTOMER_DATA,
    )
    preferred_channel = fields.Selection(
        related="partner_id.car_preferred_channel",
        readonly=False,
        groups=CUSTOMER_DATA,
    )
    birthday = fields.Date(
        related="partner_id.car_birthday", readonly=False, groups=CUSTOMER_DATA
    )
    purchase_text = fields.Text(
        "Purchase", help="Where and when he bought his car, and what matters about it."
    )
    # the next service, planned beforehand
    next_kind = fields.Selection(
        [
            ("service", "Due service"),
            ("free_check", "Free check"),
            ("event", "Social Event"),
            ("offer", "Offer"),
            ("other", "Other"),
        ],
        "Next Service Is",
        tracking=True,
    )
    next_vehicle_id = fields.Many2one(
        "car.vehicle", "Vehicle of the Next Service", check_company=True
    )
    next_content = fields.Char("Content of the Next Service")
    next_talk = fields.Text("Talking Points")
    next_call_date = fields.Date("Call On", tracking=True, index="btree_not_null")

    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "This customer has a file already."
    )
    _open_due = models.Index("(company_id, due_on) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for card in self:
            # Safe: the name of a file is shown to who may read it.
            card.display_name = f"{card.name} {card.sudo().partner_id.name or ''}"

    @api.depends("opened_at", "company_id")
    def _compute_due_on(self):
        for card in self:
            company = card.company_id or self.env.company
            day = company._get_car_local_day(card.opened_at)
            card.due_on = company._add_car_days(day, company.sudo().car_file_days)

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        for card in self:
            today = (card.company_id or self.env.company)._get_car_today()
            card.is_late = bool(
                card.state == "open" and card.due_on and card.due_on < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_car_today()
        return Domain("state", "=", "open") & Domain("due_on", "<", today)

    @api.depends(
        "partner_id.phone",
        "partner_id.street",
        "partner_id.car_vehicle_ids.plate_key",
        "wish_text",
        "next_kind",
        "next_call_date",
    )
    def _compute_missing_text(self):
        for card in self:
            card.missing_text = ", ".join(card._get_missing()) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Customer files are kept. A customer who asks for it is made "
                    "anonymous."
                )
            )

    # === ACTION METHODS === #

    def action_complete(self):
        """The file holds all that the form of the rule book asks for."""
        return self.write({"state": "complete"})

    def action_reopen(self):
        return self.write({"state": "open"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {"open": {"complete": "complete"}, "complete": {"open": "reopen"}}

    def _get_missing(self):
        """Return in plain words what the form of the rule book still lacks.

        客户档案基本资料表: name, address, phone, model, plate, next service and what
        the customer wishes. A mere enquirer need not have a car.
        """
        self.ensure_one()
        partner = self.partner_id
        missing = []
        if not partner.phone:
            missing.append(self.env._("phone"))
        if not (partner.street or partner.city):
            missing.append(self.env._("address"))
        vehicles = partner.car_vehicle_ids
        if self.opened_by == "intake" and not vehicles:
            missing.append(self.env._("vehicle"))
        if vehicles and not all(vehicles.mapped("plate_key")):
            missing.append(self.env._("license plate"))
        if not (self.wish_text or "").strip():
            missing.append(self.env._("services the customer wishes"))
        if not self.next_kind or not self.next_call_date:
            missing.append(self.env._("the next service and the day to call about it"))
        return missing

    def _check_complete(self):
        for card in self:
            if missing := card._get_missing():
                raise UserError(
                    self.env._(
                        "%(file)s: still missing: %(missing)s.",
                        file=card.display_name,
                        missing=", ".join(missing),
                    )
                )

    def _after_complete(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"completed_at": fields.Datetime.now()})
