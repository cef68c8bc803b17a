import base64
import io
import json
import re
import zipfile

from odoo import api, fields, models


class CarRepairArchiveExport(models.TransientModel):
    """Hand records of the electronic repair archive over as files."""

    _name = "car.repair.archive.export"
    _description = "Export of the Electronic Repair Archive"

    archive_ids = fields.Many2many("car.repair.archive", string="Records")
    file = fields.Binary(compute="_compute_file")
    file_name = fields.Char(compute="_compute_file")

    # === COMPUTE METHODS === #

    @api.depends("archive_ids")
    def _compute_file(self):
        for wizard in self:
            records = wizard.archive_ids.sorted("id")
            wizard.file_name, content = wizard._make_file(records)
            wizard.file = base64.b64encode(content)

    # === ACTION METHODS === #

    def action_mark(self):
        """The files were handed over."""
        self.ensure_one()
        open_ones = self.archive_ids.filtered(
            lambda record: record.state not in ("accepted", "by_file", "replaced")
        )
        open_ones.action_by_file()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _make_file(self, records):
        """Return name and content: one JSON file, or a zip of one for each record."""
        # The records are read by who may export them.
        records._check_bulk_right()
        records._require_clerk()
        files = {}
        for record in records:
            adapter = self.env["car.archive.adapter"]._get_for(record.company_id)
            body = adapter._prepare_body(record)
            name = re.sub(r"[^\w.-]", "-", record.upload_number)
            files[f"{record.company_id.id}-{name}.json"] = json.dumps(
                body, ensure_ascii=False, indent=2
            ).encode()
        if len(files) == 1:
            return next(iter(files.items()))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in files.items():
                package.writestr(name, content)
        return "archive.zip", buffer.getvalue()
