from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

CLAIM_KINDS = ("warranty", "supplier")
STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("returned", "Returned for Correction"),
    ("approved", "Approved"),
    ("partly", "Partly Approved"),
    ("rejected", "Rejected"),
    ("appealed", "Appealed"),
    ("settled", "Settled"),
    ("charged_back", "Charged Back"),
    ("cancelled", "Cancelled"),
]
# The clerk still writes it
OPEN = ("draft", "returned")
# The maker has it
SENT = ("submitted", "appealed")
# The maker has answered
ANSWERED = ("approved", "partly", "rejected", "settled", "charged_back")
# What the steps write, and nobody by hand
STAMPS = {
    "answered_on",
    "charged_back_on",
    "company_id",
    "currency_id",
    "first_answer",
    "first_sent_on",
    "is_disputed",
    "is_short_paid",
    "job_id",
    "line_ids",
    "name",
    "order_id",
    "payer_id",
    "settled_on",
    "submission_count",
    "submitted_at",
    "submitted_by_id",
    "turn",
}
# What may be written whatever the state: it is no content
FREE = {"activity_ids", "message_main_attachment_id", "user_id"}


class CarWarrantyClaim(models.Model):
    """What a maker or supplier is asked to pay for one job: the claim and its answer.

    The warranty clerk collects it from a delivered order, completes it and sends it;
    then it is frozen. The maker approves, approves in part, rejects or sends it back;
    it ends when it is paid, and may be charged back later.
    """

    _name = "car.warranty.claim"
    _description = "Warranty Claim"
    _inherit = [
        "car.confidential.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "maker_reference", "order_id.name"]
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/", index=True)
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    # what it is about
    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    job_id = fields.Many2one(
        "car.repair.job",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    payer_id = fields.Many2one(
        "car.repair.payer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    kind = fields.Selection(related="payer_id.kind", store=True, string="Kind of Payer")
    partner_id = fields.Many2one(
        "res.partner",
        "Claimed From",
        related="payer_id.partner_id",
        store=True,
        index=True,
    )
    maker_id = fields.Many2one(
        "car.warranty.maker",
        "Maker's Terms",
        compute="_compute_maker_id",
        store=True,
        readonly=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(
        related="order_id.currency_id", store=True, precompute=True
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, index=True, tracking=False
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, string="Site"
    )
    # Follows the order alone: claims come from cars that have left for good.
    delivered_at = fields.Datetime(
        compute="_compute_delivered_at", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Warranty Clerk",
        index="btree_not_null",
        tracking=True,
        default=lambda self: self.env.user,
    )
    maker_reference = fields.Char(
        "Maker's Claim No.",
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Of the claim in the maker's own system.",
    )
    # content
    odometer_in_km = fields.Integer("Odometer at Arrival (km)")
    odometer_out_km = fields.Integer("Odometer at Delivery (km)")
    complaint = fields.Text(help="In the customer's own words.")
    cause = fields.Text()
    correction = fields.Text()
    causal_line_id = fields.Many2one(
        "car.warranty.claim.line",
        "Causal Part",
        domain="[('claim_id', '=', id), ('bucket', '=', 'parts')]",
        help="The part that failed and caused the rest.",
    )
    has_causal_part = fields.Boolean(
        "A Part Failed",
        default=True,
        help="Switch this off when no part caused the complaint: an adjustment, a "
        "software update.",
    )
    fault_code = fields.Char("Fault or Defect Code")
    technician_ids = fields.Many2many("car.technician", string="Technicians")
    clocked_hours = fields.Float(digits=(16, 2))
    photo_ids = fields.Many2many(
        "ir.attachment", "car_warranty_claim_photo_rel", string="Photos"
    )
    line_ids = fields.One2many("car.warranty.claim.line", "claim_id", "Lines")
    # days
    submitted_at = fields.Datetime("Sent On", readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        "res.users", "Sent by Clerk", readonly=True, copy=False
    )
    first_sent_on = fields.Date(readonly=True, copy=False)
    submission_count = fields.Integer("Times Sent", readonly=True, copy=False)
    answered_on = fields.Date(readonly=True, copy=False)
    first_answer = fields.Selection(
        [
            ("approved", "Approved"),
            ("partly", "Partly Approved"),
            ("rejected", "Rejected"),
            ("returned", "Returned for Correction"),
        ],
        "Answer to the First Sending",
        readonly=True,
        copy=False,
    )
    settled_on = fields.Date(readonly=True, copy=False, tracking=True)
    charged_back_on = fields.Date(readonly=True, copy=False, tracking=True)
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        index="btree_not_null",
        help="The last day on which the maker takes it.",
    )
    answer_due_on = fields.Date(
        "Answer Expected",
        compute="_compute_answer_due_on",
        store=True,
        index="btree_not_null",
    )
    # words of the steps
    return_reason = fields.Text("What to Correct", copy=False)
    appeal_reason = fields.Text("Why We Appeal", copy=False)
    charge_back_reason = fields.Char(copy=False)
    # money
    amount_claimed = fields.Monetary(
        "Claimed", compute="_compute_amounts", store=True, help="Before taxes."
    )
    amount_accepted = fields.Monetary(
        "Approved Amount", compute="_compute_amounts", store=True, tracking=True
    )
    amount_charged_back = fields.Monetary(
        "Charged Back", compute="_compute_amounts", store=True
    )
    amount_refused = fields.Monetary(
        "Refused Amount",
        compute="_compute_amounts",
        store=True,
        help="Claimed, not accepted or taken back, and not moved to somebody else.",
    )
    is_short_paid = fields.Boolean("Paid Short", readonly=True, copy=False)
    is_disputed = fields.Boolean(
        "In Dispute",
        readonly=True,
        copy=False,
        tracking=True,
        help="The maker paid short, and we do not accept it.",
    )
    turn = fields.Integer(copy=False, groups=fields.NO_ACCESS)

    # === COMPUTE METHODS === #

    @api.depends("payer_id.partner_id", "company_id")
    def _compute_maker_id(self):
        terms = self.env["car.warranty.maker"]._get_terms(self.payer_id)
        for claim in self:
            claim.maker_id = terms.get(claim.payer_id.sudo(), False)

    @api.depends("order_id")
    def _compute_delivered_at(self):
        for claim in self:
            claim.delivered_at = claim.order_id.delivered_at

    @api.depends("delivered_at", "maker_id.claim_deadline_days")
    def _compute_deadline(self):
        for claim in self:
            days = claim.maker_id.claim_deadline_days
            claim.deadline = (
                claim.company_id._get_car_local_day(claim.delivered_at)
                + timedelta(days=days)
                if days and claim.delivered_at
                else False
            )

    @api.depends("submitted_at", "maker_id.claim_answer_days")
    def _compute_answer_due_on(self):
        for claim in self:
            days = claim.maker_id.claim_answer_days
            claim.answer_due_on = (
                claim.company_id._get_car_local_day(claim.submitted_at)
                + timedelta(days=days)
                if days and claim.submitted_at
                else False
            )

    @api.depends(
        "line_ids.amount_claimed",
        "line_ids.amount_accepted",
        "line_ids.amount_charged_back",
        "line_ids.amount_refused",
    )
    def _compute_amounts(self):
        for claim in self:
            for name in ("claimed", "accepted", "charged_back", "refused"):
                claim[f"amount_{name}"] = sum(claim.line_ids.mapped(f"amount_{name}"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Claims are collected from delivered orders: take “Collect "
                    "Claims” in the list of covered work."
                )
            )
        orders = self.env["car.repair.order"].browse(
            [vals["order_id"] for vals in vals_list]
        )
        for vals, order in zip(vals_list, orders, strict=True):
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, order.company_id.id
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            self._raise_missing(
                self.env._("claims are kept for the records. Cancel it instead")
            )

    # === BUSINESS METHODS === #

    def _check_kept(self, vals):
        """Keep what the maker has, what the steps write and what belongs together.

        :raise UserError: naming the claims.
        """
        if STAMPS & set(vals):
            self._raise_missing(
                self.env._("what it is about, its lines and moments follow its steps")
            )
        content = set(vals) - FREE - {"state"} - self._get_step_fields()
        if not content:
            return
        frozen = self.filtered(lambda claim: claim.state not in OPEN)
        if frozen - frozen._filter_numbered_only(content):
            frozen._raise_missing(
                self.env._(
                    "it was sent and stays as it is. The maker returns it for "
                    "correction, or you appeal"
                )
            )

    def _get_step_fields(self):
        """Return the words that come with a step; each step asks for its own."""
        return {"return_reason", "appeal_reason", "charge_back_reason"}

    def _filter_numbered_only(self, names):
        """Return the claims whose maker tells his number only after it was sent."""
        if names == {"maker_reference"}:
            return self.filtered(
                lambda claim: claim.state in SENT and not claim.maker_reference
            )
        return self.browse()

    def _require_clerk(self):
        """Let only the warranty clerk, or who stands above him, go on."""
        self.order_id._require_group("warranty_clerk", "supervisor")

    def _get_paper_lang(self):
        """Return the language of the maker's papers."""
        self.ensure_one()
        # Safe: a language only.
        return self.sudo().partner_id.lang or self.env.lang or "en_US"

    def _take_turn(self):
        """Write the rows first: of two at once only one goes on."""
        self.flush_recordset()
        self.env["res.company"]._take_car_turn(self)

    def _state_steps(self):
        return {
            "draft": {"submitted": "submit", "cancelled": "cancel"},
            "submitted": {
                "returned": "return",
                "approved": "answer",
                "partly": "answer",
                "rejected": "answer",
                "cancelled": "cancel",
            },
            "returned": {"submitted": "submit", "cancelled": "cancel"},
            "approved": {"settled": "settle"},
            "partly": {"appealed": "appeal", "settled": "settle"},
            "rejected": {"appealed": "appeal", "settled": "settle"},
            "appealed": {
                "returned": "return",
                "approved": "answer",
                "partly": "answer",
                "rejected": "answer",
            },
            "settled": {"charged_back": "charge_back"},
            "charged_back": {"appealed": "appeal", "settled": "settle"},
            "cancelled": {},
        }
