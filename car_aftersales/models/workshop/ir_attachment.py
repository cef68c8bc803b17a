from odoo import api, models
from odoo.exceptions import AccessError

# What was signed or handed out is kept as it was.
KEPT = {
    ("car.repair.order", "record_html"),
    ("car.repair.authorization", "contract_html"),
    ("car.repair.authorization", "contract_pdf"),
    ("car.repair.authorization", "signature"),
}


class IrAttachment(models.Model):
    """Kept records, contracts and signatures are written once, by the system."""

    _inherit = "ir.attachment"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._check_repair_records()
        return attachments

    def write(self, vals):
        self._check_repair_records()
        result = super().write(vals)
        if {"res_model", "res_field"} & set(vals):
            self._check_repair_records()
        return result

    def unlink(self):
        self._check_repair_records()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _get_kept_fields(self):
        """Return (model, field) of the files that are kept. Extend to keep more."""
        return KEPT

    def _check_repair_records(self):
        """Refuse to change, delete or replace what the customer got at delivery."""
        if self.env.su:
            return
        # Safe: tells only which of them are kept records.
        kept = self.sudo().filtered(
            lambda attachment: (
                (attachment.res_model, attachment.res_field) in self._get_kept_fields()
            )
        )
        if kept:
            raise AccessError(
                self.env._(
                    "%(names)s: it is kept as the customer got or signed it and is "
                    "neither changed nor deleted.",
                    names=", ".join(kept.mapped("name")),
                )
            )
