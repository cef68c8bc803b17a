from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_letter_template import LETTER_CHANNELS, LETTER_KINDS
from .car_contact_permission import PURPOSES

# Written by the steps, not by hand
STAMPS = {
    "name",
    "sent_at",
    "sent_by_id",
    "mail_id",
    "archived_at",
    "archived_by_id",
    "cancel_reason",
}


class CarContactLetter(models.Model):
    """跟踪服务信函: a notice, an invitation or a reply to a customer.

    Written from a template, printed or e-mailed by the follow-up clerk or an advisor;
    sent, it stays as it was, is listed in the register of letters and archived with it.
    """

    _name = "car.contact.letter"
    _description = "Letter to a Customer"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [
            ("draft", "Being Written"),
            ("queued", "Waiting to Be Sent"),
            ("sent", "Sent"),
            ("archived", "Archived"),
            ("cancelled", "Not Sent"),
        ],
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
    kind = fields.Selection(
        LETTER_KINDS,
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    template_id = fields.Many2one(
        "car.contact.letter.template",
        index="btree_not_null",
        check_company=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    channel = fields.Selection(
        LETTER_CHANNELS,
        "Sent By",
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    purpose = fields.Selection(
        PURPOSES,
        "Contact Purpose",
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer must not have refused.",
    )
    # to whom
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    address = fields.Text(
        compute="_compute_address",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
        help="As written on the letter.",
    )
    email = fields.Char(
        "E-Mail Address",
        compute="_compute_address",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", index="btree_not_null", check_company=True
    )
    license_plate = fields.Char(
        compute="_compute_license_plate", store=True, precompute=True
    )
    # what it says
    about = fields.Text(
        "What It Is About",
        help="What the template does not know: the event and its date, the answer to "
        "a complaint. It goes into the text.",
    )
    subject = fields.Char(compute="_compute_content", store=True, readonly=False)
    body = fields.Html("Text", compute="_compute_content", store=True, readonly=False)
    remark = fields.Char(copy=False)
    # what it belongs to
    user_id = fields.Many2one(
        "res.users",
        "Handled By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    call_id = fields.Many2one(
        "car.contact.call",
        "Follows the Call",
        index="btree_not_null",
        check_company=True,
        copy=False,
    )
    point_id = fields.Many2one(
        "car.contact.point",
        "Answers the Point",
        index="btree_not_null",
        check_company=True,
        copy=False,
    )
    task_ids = fields.Many2many(
        "car.contact.task",
        "car_contact_letter_task_rel",
        "letter_id",
        "task_id",
        "Planned Contacts",
        copy=False,
        check_company=True,
    )
    # how it went
    printed_at = fields.Datetime("Printed", readonly=True, copy=False)
    sent_at = fields.Datetime("Sent On", readonly=True, copy=False, index=True)
    sent_by_id = fields.Many2one("res.users", "Sent By User", readonly=True, copy=False)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, copy=False, groups="base.group_system"
    )
    mail_state = fields.Selection(
        related="mail_id.state", string="E-Mail", groups=CUSTOMER_DATA
    )
    cancel_reason = fields.Char("Why Not Sent", readonly=True, copy=False)
    archived_at = fields.Datetime(readonly=True, copy=False)
    archived_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This letter number is taken already."
    )
    _queued = models.Index("(company_id) WHERE state = 'queued'")

    # === COMPUTE METHODS === #

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = f"{letter.name} {letter.subject or ''}".strip()

    @api.depends("template_id")
    def _compute_kind(self):
        for letter in self:
            template = letter.template_id
            letter.kind = template.kind or letter.kind or "notice"
            letter.channel = template.channel or letter.channel or "post"
            letter.purpose = template.purpose or letter.purpose or "follow_up"

    @api.depends("partner_id")
    def _compute_address(self):
        for letter in self:
            letter.address = letter.partner_id._get_car_post_address()
            letter.email = letter.partner_id.email

    @api.depends("vehicle_id")
    def _compute_license_plate(self):
        for letter in self:
            letter.license_plate = letter.vehicle_id.license_plate

    @api.depends("template_id", "partner_id", "vehicle_id", "about")
    def _compute_content(self):
        """Fill the template in; what is written by hand afterwards stays."""
        for template, letters in self.grouped("template_id").items():
            letters = letters.filtered("partner_id")
            if template and letters:
                subjects, bodies = template._fill_in(letters)
                for letter in letters:
                    letter.subject = subjects[letter.id]
                    letter.body = bodies[letter.id]
        for letter in self:
            letter.subject = letter.subject or False
            letter.body = letter.body or False

    # === ONCHANGE METHODS === #

    @api.onchange("call_id", "point_id", "vehicle_id")
    def _onchange_subject(self):
        """Take customer and car from what the letter follows."""
        source = self.point_id or self.call_id
        self.partner_id = (
            self.partner_id
            or source.partner_id
            or self.vehicle_id.contact_id
            or self.vehicle_id.owner_id
        )
        self.vehicle_id = self.vehicle_id or source.vehicle_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                for name in (*STAMPS, "printed_at"):
                    vals.pop(name, None)
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
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
                self.env._("Letters are not deleted. Cancel what is not sent.")
            )

    # === BUSINESS METHODS === #

    def _check_kept(self, vals):
        """Keep a letter as it was sent."""
        if STAMPS & set(vals):
            self._raise_missing(self.env._("this is written by its steps only"))
        locked = self.filtered(lambda letter: letter.state == "archived")
        if locked and vals:
            locked._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        sent = self.filtered(lambda letter: letter.state == "sent")
        if sent and set(vals) - {"state", "remark"}:
            sent._raise_missing(
                self.env._("it was sent and stays as it is; only a remark may be added")
            )
        queued = self.filtered(lambda letter: letter.state == "queued")
        if queued and set(vals) - {"state", "remark", "user_id"}:
            queued._raise_missing(
                self.env._("it is about to be sent; take it back to change it")
            )

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def _get_paper_lang(self):
        """Return the language of the letter: the customer's."""
        return self.partner_id.lang or self.env.lang

    def _get_paper_name(self):
        """Return the name of the letter's file, without slashes."""
        self.ensure_one()
        return f"{self.env._('Letter')} {self.name.replace('/', '-')}"
