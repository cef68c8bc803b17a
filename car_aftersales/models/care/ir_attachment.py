from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === BUSINESS METHODS === #

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {
            ("car.contact.register", "kept_pdf"),
            ("car.contact.register", "kept_xlsx"),
        }
