from collections import OrderedDict

from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print the papers of China one by one, as those of the core."""
        report = self._get_report(report_ref)
        render = super()._render_qweb_pdf_prepare_streams
        if len(res_ids or []) < 2 or not report.report_name.startswith(
            "l10n_cn_car_aftersales."
        ):
            return render(report_ref, data, res_ids)
        self._check_bulk_print(report, res_ids)
        streams = OrderedDict()
        for res_id in res_ids:
            streams.update(render(report_ref, data, [res_id]))
        return streams
