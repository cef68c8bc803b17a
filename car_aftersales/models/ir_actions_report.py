from collections import OrderedDict

from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Refuse printing many customers' papers at once below the supervisor."""
        self._check_bulk_print(report, docids)
        return super()._get_rendering_context(report, docids, data)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print our papers one by one.

        The wkhtmltopdf of the distributions cannot print several records in one go.
        """
        report = self._get_report(report_ref)
        self._check_bulk_print(report, res_ids)
        if len(res_ids or []) < 2 or not report.report_name.startswith(
            "car_aftersales."
        ):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = OrderedDict()
        for res_id in res_ids:
            streams.update(
                super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id])
            )
        return streams

    def _check_bulk_print(self, report, docids):
        model = self.env.get(report.model)
        if (
            model is not None
            and len(docids or []) > 1
            and hasattr(model, "_check_bulk_right")
        ):
            model._check_bulk_right()
