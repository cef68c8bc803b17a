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

    # === BUSINESS METHODS === #

    def _void(self, purpose):
        """Let signatures count no more: what was signed has changed."""
        void = self.filtered(
            lambda signature: signature.purpose == purpose and not signature.is_void
        )
        if void:
            # Past our own write(), which refuses it to everybody.
            models.Model.write(void, {"is_void": True})
