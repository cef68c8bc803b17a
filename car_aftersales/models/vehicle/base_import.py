from contextlib import suppress

from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...tools.day import read_day

# More bad rows than this are counted, not listed.
ROWS_SHOWN = 100


class BaseImport(models.TransientModel):
    """The import screen names each bad row of a list of cars, with the reason.

    By itself it tells of several errors in a column the rows alone, of a single one the
    reason alone, and stops at the first day it cannot read.
    """

    _inherit = "base_import.import"

    # === BUSINESS METHODS === #

    def execute_import(self, fields, columns, options, dryrun=False):
        has_headers = options.get("has_headers")
        skipped = options.get("skip") or 0
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if self.res_model == "car.vehicle":
            result["messages"] = self._spell_vehicle_messages(
                result["messages"], skipped + (2 if has_headers else 1), dryrun
            )
        return result

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Leave days of cars that cannot be read to the check of the rows."""
        if self.res_model != "car.vehicle" or field_type != "date":
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for row in data:
            if read_day(str(row[index] or "")):
                continue
            cell = [[row[index]]]
            with suppress(ImportValidationError):
                super()._parse_date_from_data(cell, 0, name, field_type, options)
            row[index] = cell[0][0]
        return None

    @api.model
    def _spell_vehicle_messages(self, messages, first_row, is_test):
        """Return the messages as the screen shows them one by one.

        :param first_row: the row of the spreadsheet in which the first car stands.
        """
        errors, warnings, others = [], [], []
        for message in messages:
            if message.get("type") == "warning" and "record" in message:
                warnings.append(message)
            elif message.get("type") == "error" and message.get("rows"):
                errors.append(message)
            else:
                others.append(message)
        if errors:
            return [*others, *self._spell_errors(errors, first_row)]
        # What is only to be known must not look like a failure: the cars are loaded.
        if warnings and is_test:
            others.append(self._spell_warnings(warnings))
        return others

    @api.model
    def _spell_errors(self, errors, first_row):
        """Return a message for each bad row, after one that counts them."""
        rows = {error["rows"]["from"] for error in errors}
        text = self.env._(
            "%(count)s rows are wrong and nothing is loaded. Mend them in the file and "
            "load it again.",
            count=len(rows),
        )
        if len(errors) > ROWS_SHOWN:
            text += " " + self.env._(
                "The first %(count)s messages are shown.", count=ROWS_SHOWN
            )
        shown = [{"type": "error", "message": text}]
        for number, error in enumerate(errors[:ROWS_SHOWN]):
            row = error["rows"]["from"] + first_row
            shown.append(
                {
                    "type": "error",
                    # One that two rows share would name neither.
                    "message": self._spell_once(error, errors[:number], row),
                    "record": row,
                    "rows": {"from": row, "to": row},
                }
            )
        return shown

    @api.model
    def _spell_once(self, error, earlier, row):
        if any(error["message"] == other["message"] for other in earlier):
            return f"{error['message']} ({row})"
        return error["message"]

    @api.model
    def _spell_warnings(self, warnings):
        """Return what is to be known of a file in which no row is wrong."""
        return {
            "type": "warning",
            "message": self.env._(
                "No row is wrong. To be known of %(count)s rows: %(examples)s",
                count=len(warnings),
                examples=" ".join(
                    warning["message"] for warning in warnings[: ROWS_SHOWN // 10]
                ),
            ),
        }
