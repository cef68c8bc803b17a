import base64
import io

import pytz
import xlsxwriter

from odoo import fields, models

from .car_contact_register import SUPERVISOR
from .car_contact_register_rows import CALL_COLUMNS, LETTER_COLUMNS


class CarContactRegister(models.Model):
    """The files of a register: paper and spreadsheet, kept when it is archived."""

    _inherit = "car.contact.register"

    spreadsheet = fields.Binary(
        compute="_compute_spreadsheet", attachment=False, groups=SUPERVISOR
    )

    # === COMPUTE METHODS === #

    def _compute_spreadsheet(self):
        for register in self.with_context(bin_size=False):
            register.spreadsheet = (
                register.kept_xlsx
                if register.state == "archived"
                else base64.b64encode(register._render_xlsx())
            )

    # === BUSINESS METHODS === #

    def _get_file_name(self):
        """Return the name of its files, without an ending."""
        self.ensure_one()
        return self.display_name.replace("/", "-")

    def _render_xlsx(self):
        """Return the spreadsheet in the language of the department."""
        self.ensure_one()
        register = self.with_context(lang=self._get_paper_lang())
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
            register._fill_workbook(workbook)
        return output.getvalue()

    def _fill_workbook(self, workbook):
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True, "font_size": 14})
        head = workbook.add_format(
            {"bold": True, "border": 1, "bg_color": "#EEEEEE", "text_wrap": True}
        )
        cell = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        pattern = "yyyy-mm-dd hh:mm" if self.kind == "call" else "yyyy-mm-dd"
        moment = workbook.add_format(
            {"border": 1, "valign": "top", "num_format": pattern}
        )
        widths = CALL_COLUMNS if self.kind == "call" else LETTER_COLUMNS
        sheet.write_string(0, 0, self.display_name, bold)
        sheet.write_string(1, 0, self.company_id.name)
        for column, (key, heading, _width) in enumerate(self._get_titles()):
            sheet.set_column(column, column, widths[key][1])
            sheet.write_string(3, column, heading, head)
        zone = pytz.timezone(self._get_time_zone())
        for number, row in enumerate(self._get_rows(), 4):
            for column, key in enumerate(widths):
                value = row[key]
                if key == "moment":
                    local = value.replace(tzinfo=pytz.utc).astimezone(zone)
                    local = local.replace(tzinfo=None)
                    sheet.write_datetime(number, column, local, moment)
                elif key == "seq":
                    sheet.write_number(number, column, value, cell)
                else:
                    # Never a formula, whatever somebody typed in.
                    sheet.write_string(number, column, value or "", cell)
        sheet.freeze_panes(4, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)

    def _get_kept_papers(self):
        """Map the ids of archived registers to the paper kept of them."""
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "kept_pdf"),
                ("res_id", "in", self.ids),
            ]
        )
        return {attachment.res_id: attachment.raw for attachment in kept}

    def _keep_files(self, count):
        """Keep paper and spreadsheet as they are now; they are not made again."""
        self.ensure_one()
        # Safe: written once by the step that archives it.
        register = self.sudo()
        report = self.env["ir.actions.report"].sudo()
        paper, kind = report._render_qweb_pdf(
            "car_aftersales.car_contact_register_report", self.ids
        )
        name = self._get_file_name()
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"{name}.{kind}",
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "kept_pdf",
                    "raw": paper,
                },
                {
                    "name": f"{name}.xlsx",
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "kept_xlsx",
                    "raw": register._render_xlsx(),
                },
            ]
        )
        register.kept_count = count
        self.invalidate_recordset(["kept_pdf", "kept_xlsx"], flush=False)
