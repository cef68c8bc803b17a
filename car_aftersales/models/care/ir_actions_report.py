import io
from collections import OrderedDict

from odoo import models

REGISTER_REPORT = "car_aftersales.report_car_contact_register"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print an archived register as it was archived, not as it would be now."""
        report = self._get_report(report_ref)
        if report.report_name != REGISTER_REPORT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        self._check_bulk_print(report, res_ids)
        registers = self.env["car.contact.register"].browse(res_ids)
        registers.check_access("read")
        # Safe: the paper of registers that may be read.
        kept = registers.sudo()._get_kept_papers()
        streams = OrderedDict()
        for res_id in res_ids:
            if res_id in kept:
                streams[res_id] = {
                    "stream": io.BytesIO(kept[res_id]),
                    "attachment": None,
                }
            else:
                streams.update(
                    super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id])
                )
        return streams
