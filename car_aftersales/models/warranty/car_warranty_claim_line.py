from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .car_warranty_claim import OPEN

BUCKETS = [
    ("labor", "Labor"),
    ("parts", "Parts"),
    ("outside", "Outside work"),
    ("other", "Other"),
]
BUCKET_OF_KIND = {"labor": "labor", "part": "parts", "outside": "outside"}
# What the clerk writes on a line while the claim is his
CONTENT = {"operation_code", "sequence"}


class CarWarrantyClaimLine(models.Model):
    """One share in a claim: a repair line, as far as this maker or supplier pays it."""

    _name = "car.warranty.claim.line"
    _description = "Line of a Warranty Claim"
    _order = "claim_id desc, sequence, id"
    _check_company_auto = True

    claim_id = fields.Many2one(
        "car.warranty.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="claim_id.currency_id")
    claim_state = fields.Selection(
        related="claim_id.state", string="State of the Claim"
    )
    sequence = fields.Integer(default=10)
    # the share
    line_id = fields.Many2one(
        "car.repair.line",
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
    is_live = fields.Boolean(
        "Counts",
        compute="_compute_is_live",
        store=True,
        precompute=True,
        help="A share is in one claim that was not cancelled.",
    )
    product_id = fields.Many2one(related="line_id.product_id")
    coverage_text = fields.Char(related="line_id.coverage_text")
    name = fields.Char("Description", readonly=True)
    bucket = fields.Selection(
        BUCKETS, "Kind of Work", required=True, readonly=True, index=True
    )
    part_number = fields.Char(readonly=True)
    operation_code = fields.Char(
        help="The maker's code of this work, with which he knows its hours.",
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    sold_hours = fields.Float("Hours", readonly=True)
    percent = fields.Float("Share (%)", readonly=True, digits=(16, 4))
    # money
    amount_claimed = fields.Monetary("Claimed", readonly=True, help="Before taxes.")
    amount_accepted = fields.Monetary("Approved Amount", readonly=True, copy=False)
    amount_charged_back = fields.Monetary("Charged Back", readonly=True, copy=False)
    amount_moved = fields.Monetary(
        "Moved Amount",
        readonly=True,
        copy=False,
        help="Refused, and borne by the customer or the house instead.",
    )
    amount_refused = fields.Monetary(
        "Refused Amount", compute="_compute_amount_refused", store=True
    )
    refusal_reason = fields.Char("Reason of the Refusal", readonly=True, copy=False)
    moved_to_id = fields.Many2one(
        "car.repair.payer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Who bears what was refused.",
    )
    is_answered = fields.Boolean(readonly=True, copy=False)

    _share_uniq = models.UniqueIndex(
        "(line_id, payer_id) WHERE is_live",
        "This share is in another claim already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("claim_id.state")
    def _compute_is_live(self):
        for line in self:
            line.is_live = line.claim_id.state != "cancelled"

    @api.depends(
        "is_answered",
        "amount_claimed",
        "amount_accepted",
        "amount_charged_back",
        "amount_moved",
    )
    def _compute_amount_refused(self):
        for line in self:
            line.amount_refused = (
                line.amount_claimed
                - line.amount_accepted
                + line.amount_charged_back
                - line.amount_moved
                if line.is_answered
                else 0.0
            )

    @api.depends("name", "claim_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name or line.line_id.name

    # === CONSTRAINT METHODS === #

    @api.constrains("line_id", "payer_id", "claim_id")
    def _check_share(self):
        for line in self:
            claim = line.claim_id
            if line.payer_id != claim.payer_id or line.line_id.job_id != claim.job_id:
                raise ValidationError(
                    self.env._(
                        "%(claim)s, %(line)s: it belongs to another job or payer.",
                        claim=claim.name,
                        line=line.name,
                    )
                )

    @api.constrains("amount_claimed", "amount_accepted", "amount_charged_back")
    def _check_amounts(self):
        for line in self:
            currency = line.currency_id
            if (
                currency.compare_amounts(line.amount_accepted, line.amount_claimed) > 0
                or currency.compare_amounts(line.amount_accepted, 0.0) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(claim)s, %(line)s: what is accepted lies between 0 and the "
                        "%(claimed)s claimed.",
                        claim=line.claim_id.name,
                        line=line.name,
                        claimed=line.amount_claimed,
                    )
                )
            if (
                currency.compare_amounts(line.amount_charged_back, line.amount_accepted)
                > 0
                or currency.compare_amounts(line.amount_charged_back, 0.0) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(claim)s, %(line)s: what is taken back lies between 0 and "
                        "the %(accepted)s accepted.",
                        claim=line.claim_id.name,
                        line=line.name,
                        accepted=line.amount_accepted,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("The lines of a claim come from the shares of its order.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_hand(self):
        """Take a share out of a claim only as long as the claim is the clerk's."""
        if not self.env.su:
            self.claim_id._require_clerk()
            if frozen := self.claim_id.filtered(lambda claim: claim.state not in OPEN):
                frozen._raise_missing(self.env._("it was sent and stays as it is"))

    # === BUSINESS METHODS === #

    def _check_kept(self, vals):
        """Keep a line as it was claimed and answered.

        :raise UserError: naming the claims.
        """
        if set(vals) - CONTENT:
            self.claim_id._raise_missing(
                self.env._(
                    "amounts come from the order and from the maker's answer, and are "
                    "not written by hand"
                )
            )
        if frozen := self.claim_id.filtered(lambda claim: claim.state not in OPEN):
            frozen._raise_missing(self.env._("it was sent and stays as it is"))

    def _get_effective(self):
        """Return what the maker bears after all: accepted and not taken back."""
        self.ensure_one()
        return self.amount_accepted - self.amount_charged_back


class CarRepairLine(models.Model):
    """What a share comes to, and that a share the maker has is not changed."""

    _inherit = "car.repair.line"

    claim_line_ids = fields.One2many(
        "car.warranty.claim.line",
        "line_id",
        "Warranty Claims",
        groups="car_aftersales.car_aftersales_group_customer_data",
    )

    # === BUSINESS METHODS === #

    def _check_may_change_payer(self):
        """Keep shares that the maker is asked to pay.

        :raise UserError: naming the claim. The clerk moves what was refused there.
        """
        result = super()._check_may_change_payer()
        if not self.env.su:
            claims = self.sudo().claim_line_ids.claim_id.filtered(
                lambda claim: claim.state not in (*OPEN, "cancelled")
            )
            if claims:
                claims[:1].with_env(self.env)._raise_missing(
                    self.env._(
                        "the maker has it; who pays does not change now. Move what he "
                        "refuses from the claim"
                    )
                )
        return result

    def _get_net_amount(self, payer, amount):
        """Return an amount of the line, as priced, without the taxes in the price.

        :param payer: who bears it, with his taxes.
        """
        self.ensure_one()
        amount *= self._get_payer_factor(payer)
        # Safe: the taxes of the line; not every desk reads accounting.
        taxes = self._get_taxes_for(payer).sudo()
        if not any(taxes.mapped("price_include")):
            return self.currency_id.round(amount)
        return taxes.compute_all(
            amount, self.currency_id, 1.0, self.product_id, payer.partner_id
        )["total_excluded"]

    def _prepare_claim_line_vals(self, payer):
        """Return values of a claim's line for a payer's share; none if he has none.

        Extend to add fields.
        """
        self.ensure_one()
        fraction = dict(self._get_shares()).get(payer)
        billable = self._get_billable_quantity()
        if not fraction or not billable:
            return {}
        amount = self._get_target_amounts(billable)[payer]
        return {
            "line_id": self.id,
            "payer_id": payer.id,
            "sequence": self.sequence,
            "name": self.name,
            "bucket": BUCKET_OF_KIND.get(self.kind, "other"),
            "part_number": (
                self.maker_code or self.product_id.default_code
                if self.kind != "labor"
                else False
            ),
            "operation_code": (
                self.product_id.default_code if self.kind == "labor" else False
            ),
            "quantity": billable,
            "sold_hours": self.sold_hours,
            "percent": fraction * 100,
            "amount_claimed": self._get_net_amount(payer, amount),
        }
