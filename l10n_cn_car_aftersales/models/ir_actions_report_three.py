from collections import OrderedDict

from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print the papers of this add-on one by one, as those of the main one."""
        report = self._get_report(report_ref)
        if len(res_ids or []) < 2 or not report.report_name.startswith(
            "l10n_cn_car_aftersales."
        ):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        self._check_bulk_print(report, res_ids)
        streams = OrderedDict()
        for res_id in res_ids:
            streams.update(
                super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id])
            )
        return streams
