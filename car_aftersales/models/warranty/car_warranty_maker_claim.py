from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_warranty_claim import OPEN

# What a maker may ask for before he takes a claim: key, and what it is about
CHECKS = (
    "odometer_in",
    "odometer_out",
    "complaint",
    "cause",
    "correction",
    "causal_part",
    "fault_code",
    "operation_code",
    "technician",
    "clocked_hours",
    "photo",
    "old_part",
    "reference",
)


class CarWarrantyMaker(models.Model):
    """How claims on this maker run: what they contain, when and how he pays."""

    _inherit = "car.warranty.maker"

    # how he is invoiced
    claim_billing = fields.Selection(
        [("delivery", "At delivery"), ("approval", "When he has approved the claim")],
        "Invoiced",
        default="delivery",
        required=True,
        tracking=True,
        help="At delivery: he gets an ordinary invoice, and what he refuses later is "
        "credited. On approval: his share waits for his answer and is not billed "
        "before.",
    )
    claim_grouping = fields.Selection(
        [("claim", "One for each claim"), ("month", "One a month")],
        "Invoices",
        default="claim",
        required=True,
        tracking=True,
        help="Of claims that are invoiced on approval.",
    )
    # when
    claim_deadline_days = fields.Integer(
        "Claim Within (Days)",
        default=30,
        tracking=True,
        help="Days after delivery in which the maker takes a claim. Zero: no deadline.",
    )
    claim_warn_days = fields.Integer(
        "Warn Before the Deadline (Days)",
        default=5,
        help="So many days before the deadline the clerk is reminded.",
    )
    claim_answer_days = fields.Integer(
        "Answer Expected Within (Days)",
        default=14,
        tracking=True,
        help="Days after a claim was sent. Later, the clerk is reminded to ask. Zero: "
        "no reminder.",
    )
    clerk_id = fields.Many2one(
        "res.users",
        "Warranty Clerk",
        help="Gets the reminders about claims on this maker.",
    )
    # what he pays short or over
    tolerance_amount = fields.Monetary(
        "Tolerance",
        tracking=True,
        help="So much less than billed is written off by itself, for each invoice.",
    )
    tolerance_percent = fields.Float(
        "Tolerance (%)",
        tracking=True,
        help="Of the invoice. The smaller of amount and percentage counts where both "
        "are given.",
    )
    tolerance_account_id = fields.Many2one(
        "account.account",
        "Account of Small Differences",
        check_company=True,
        help="What is paid short or over within the tolerance.",
    )
    short_account_id = fields.Many2one(
        "account.account",
        "Account of Short Payments",
        check_company=True,
        help="What somebody has decided to write off.",
    )
    over_account_id = fields.Many2one(
        "account.account",
        "Account of Overpayments",
        check_company=True,
        help="What the maker has paid too much and does not want back.",
    )
    # old parts
    old_part_days = fields.Integer(
        "Keep Old Parts (Days)",
        default=30,
        tracking=True,
        help="So many days after the claim was settled its old parts are kept before "
        "they are returned or scrapped.",
    )
    # what a claim contains
    requires_odometer_in = fields.Boolean("Odometer at Arrival", default=True)
    requires_odometer_out = fields.Boolean("Odometer at Delivery", default=True)
    requires_complaint = fields.Boolean("Customer's Complaint", default=True)
    requires_cause = fields.Boolean("Cause", default=True)
    requires_correction = fields.Boolean("Correction", default=True)
    requires_causal_part = fields.Boolean("Causal Part", default=True)
    requires_fault_code = fields.Boolean("Fault or Defect Code")
    requires_operation_code = fields.Boolean("Codes of Operations")
    requires_technician = fields.Boolean("Technician", default=True)
    requires_clocked_hours = fields.Boolean("Clocked Hours")
    requires_photo = fields.Boolean("Photos")
    requires_old_part = fields.Boolean("Label of the Old Part")
    requires_reference = fields.Boolean("Maker's Reference")
    # file of his answers
    format_id = fields.Many2one(
        "car.warranty.claim.format",
        "File of Answers",
        check_company=True,
        help="How to read the file in which the maker answers claims.",
    )

    _claim_days_positive = models.Constraint(
        "CHECK (claim_deadline_days >= 0 AND claim_warn_days >= 0 "
        "AND claim_answer_days >= 0 AND old_part_days >= 0)",
        "Days cannot be negative.",
    )
    _tolerance_positive = models.Constraint(
        "CHECK (tolerance_amount >= 0 AND tolerance_percent >= 0 "
        "AND tolerance_percent <= 100)",
        "A tolerance cannot be negative, nor above 100 percent.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        makers = super().create(vals_list)
        makers._reach_open_claims()
        return makers

    def write(self, vals):
        is_agreed_anew = {"partner_id", "company_id", "active"} & set(vals)
        before = self.partner_id if is_agreed_anew else self.partner_id.browse()
        result = super().write(vals)
        if is_agreed_anew:
            self._reach_open_claims(before)
        return result

    # === ACTION METHODS === #

    def action_reach_sent_claims(self):
        """Let these terms hold for claims that were sent when there were none."""
        claims = self.env["car.warranty.claim"]
        claims.order_id._require_group("warranty_clerk", "supervisor")
        for maker in self:
            sent = claims.search(
                [
                    ("maker_id", "=", False),
                    ("partner_id", "=", maker.partner_id.id),
                    ("company_id", "=", maker.company_id.id),
                    ("state", "not in", (*OPEN, "settled", "cancelled")),
                ]
            )
            # Safe: role checked above; claims that he reads.
            sent.sudo().maker_id = maker
            sent._message_log_batch(
                bodies=dict.fromkeys(
                    sent.ids, self.env._("The maker's terms hold from now on.")
                )
            )
            claims |= sent
        if not claims:
            raise UserError(
                self.env._(
                    "%(maker)s: no claim was sent without terms.",
                    maker=", ".join(self.mapped("display_name")),
                )
            )
        return claims._get_records_action(name=self.env._("Claims with New Terms"))

    # === BUSINESS METHODS === #

    def _reach_open_claims(self, partners=None):
        """Let claims that are still the clerk's follow the terms as they are now.

        What was sent keeps the terms under which it was sent.

        :param partners: whose terms these were before.
        """
        # Safe: which terms hold for the claims of the company.
        claims = self.env["car.warranty.claim"].sudo()
        partners = self.partner_id | (partners or self.partner_id.browse())
        open_claims = claims.search(
            [("state", "in", OPEN), ("partner_id", "in", partners.ids)]
        )
        self.env.add_to_compute(claims._fields["maker_id"], open_claims)
        open_claims.modified(["maker_id"])

    def _get_checks(self):
        """Return the keys of what a claim on this maker must contain.

        Without terms all that is asked of a new maker.
        """
        maker = self[:1] or self.new({})
        return {key for key in CHECKS if maker[f"requires_{key}"]}

    def _get_tolerance(self, total):
        """Return how much of an invoice may be paid short without a decision.

        :param total: of the invoice, taxes included.
        """
        if not self:
            return 0.0
        self.ensure_one()
        limits = []
        if self.tolerance_amount:
            limits.append(self.tolerance_amount)
        if self.tolerance_percent:
            limits.append(self.currency_id.round(total * self.tolerance_percent / 100))
        return min(limits, default=0.0)

    @api.model
    def _get_terms(self, payers):
        """Map payers to the terms with them; who has none is left out."""
        payers = payers.filtered(lambda payer: payer.kind in ("warranty", "supplier"))
        if not payers:
            return {}
        # Safe: terms with the payers of orders that may be read.
        terms = self.sudo().search(
            [
                ("partner_id", "in", payers.partner_id.ids),
                ("company_id", "in", payers.company_id.ids),
            ]
        )
        by_key = {(maker.partner_id, maker.company_id): maker for maker in terms}
        return {
            payer: by_key[(payer.partner_id, payer.company_id)]
            for payer in payers.sudo()
            if (payer.partner_id, payer.company_id) in by_key
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.warranty.claim": {
                "name": "Warranty Claim",
                "prefix": "WC/%(year)s/",
                "padding": 5,
            },
            "car.warranty.old.part": {
                "name": "Old Part",
                "prefix": "OP%(y)s",
                "padding": 6,
            },
        }
