from odoo import api, fields, models
from odoo.exceptions import UserError


class CarInspectionSignature(models.Model):
    """Who signed what of an inspection; void once the content changes."""

    _name = "car.inspection.signature"
    _description = "Signature at Inspection"
    _order = "inspection_id desc, id"

    inspection_id = fields.Many2one(
        "car.inspection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id", store=True, precompute=True, index=True
    )
    purpose = fields.Selection(
        [
            ("intake", "Condition of the car"),
            ("belongings", "List of articles"),
            ("difference", "Discrepancies"),
            ("return", "Articles returned"),
        ],
        default="intake",
        required=True,
    )
    signed_by = fields.Char("Name", required=True)
    signature = fields.Image(
        required=True, attachment=True, max_width=1024, max_height=1024
    )
    signed_at = fields.Datetime(
        "Signed", required=True, readonly=True, default=fields.Datetime.now
    )
    taken_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    is_void = fields.Boolean("Void", readonly=True)
    signs_all = fields.Boolean(
        "For All That Is Left",
        store=False,
        help="One signature for everything that waits for one; each is kept apart.",
    )
    signed_text = fields.Text("Signed For", compute="_compute_signed_text")

    # === COMPUTE METHODS === #

    @api.depends("inspection_id", "purpose", "signs_all")
    @api.depends_context("lang")
    def _compute_signed_text(self):
        """Tell the customer what he signs for."""
        labels = dict(self._fields["purpose"]._description_selection(self.env))
        for signature in self:
            intake = signature.inspection_id
            purposes = [signature.purpose]
            if signature.signs_all and intake:
                purposes = intake._get_purposes_to_sign() or purposes
            signature.signed_text = "\n".join(
                f"{labels.get(purpose, '')}: {text}"
                if text
                else labels.get(purpose, "")
                for purpose in purposes
                for text in [intake._spell_signed(purpose)]
            )

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        inspection = self.env["car.inspection"].browse(values.get("inspection_id"))
        if inspection and "signed_by" in fields_list:
            order = inspection.order_id
            values.setdefault("signed_by", (order.sender_id or order.partner_id).name)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        others = [part for vals in vals_list for part in self._split_vals(vals)]
        for vals in vals_list:
            vals.update(
                signed_at=fields.Datetime.now(),
                taken_by_id=self.env.uid,
                is_void=False,
            )
        signatures = super().create(vals_list)
        for signature in signatures:
            if not (signature.signature and (signature.signed_by or "").strip()):
                raise UserError(
                    self.env._(
                        "%(inspection)s: the signature or the name of who signed is "
                        "missing.",
                        inspection=signature.inspection_id.display_name,
                    )
                )
            if signature.purpose not in ("return", "acceptance"):
                signature.inspection_id._check_open()
        if others:
            self.create(others)
        return signatures

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "%(inspection)s: a signature is kept as it was given. Let it be signed "
                "again.",
                inspection=self[:1].inspection_id.display_name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self.write({})

    # === ACTION METHODS === #

    def action_close_intake(self):
        """Close the intake with the signature just given, if nothing is missing."""
        intake = self.inspection_id
        missing = intake.order_id._get_intake_missing(closing=True)
        if intake.state == "in_progress" and not missing:
            intake.action_finish()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    @api.model
    def _split_vals(self, vals):
        """Let values be of one purpose; return those of the others signed with it."""
        if not vals.pop("signs_all", False):
            return []
        intake = self.env["car.inspection"].browse(vals.get("inspection_id"))
        purposes = intake._get_purposes_to_sign()
        if purposes:
            vals["purpose"] = purposes[0]
        return [{**vals, "purpose": purpose} for purpose in purposes[1:]]

    def _void(self, purpose):
        """Let signatures count no more: what was signed has changed."""
        void = self.filtered(
            lambda signature: signature.purpose == purpose and not signature.is_void
        )
        if void:
            # Past our own write(), which refuses it to everybody.
            models.Model.write(void, {"is_void": True})
