from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Refuse printing many customers' papers at once below the supervisor."""
        model = self.env.get(report.model)
        if (
            model is not None
            and len(docids or []) > 1
            and hasattr(model, "_check_bulk_right")
        ):
            model._check_bulk_right()
        return super()._get_rendering_context(report, docids, data)
