import base64
import csv
import io
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.vin import find_vin_error, normalize_vin

BATCH = 5000
# Problems shown on the form; all of them are in the file to download.
SHOWN = 20
HEADINGS = {"VIN", "VINNO", "VINNUMBER", "VINCODE", "车架号", "车辆识别代号", "底盘号"}
TITLE_ROWS = 10  # what a maker may write above the list


class CarRecallImport(models.Model):
    """A maker's list of VINs, loaded into a campaign, with what was wrong with it.

    A CSV, text or Excel file with the VINs in the column headed VIN or 车架号, else in
    the first one. Loaded in batches by plain inserts, so that 100,000 rows need no more
    memory than 5,000; loaded again, it adds nothing.
    """

    _name = "car.recall.import"
    _description = "List of Recalled VINs"
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "car.recall.campaign",
        "Recall Campaign",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, precompute=True, index=True
    )
    file = fields.Binary("File of the Maker", required=True, attachment=True)
    file_name = fields.Char()
    state = fields.Selection(
        [("draft", "To Load"), ("done", "Loaded")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    loaded_at = fields.Datetime(readonly=True, copy=False)
    loaded_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    # the report
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    added_count = fields.Integer("Cars Added", readonly=True, copy=False)
    linked_count = fields.Integer(
        "On File Here", readonly=True, copy=False, help="Cars that we know."
    )
    unknown_count = fields.Integer(
        "Unknown Here",
        readonly=True,
        copy=False,
        help="Cars that we have no file of; they are tied to it when they come.",
    )
    known_count = fields.Integer("On the List Already", readonly=True, copy=False)
    duplicate_count = fields.Integer("Twice in the File", readonly=True, copy=False)
    malformed_count = fields.Integer("No VIN", readonly=True, copy=False)
    problem_text = fields.Text("First Problems", readonly=True, copy=False)
    problem_file = fields.Binary(
        "All Problems", readonly=True, copy=False, attachment=True
    )
    problem_file_name = fields.Char(compute="_compute_problem_file_name")

    # === COMPUTE METHODS === #

    @api.depends("file_name")
    def _compute_problem_file_name(self):
        for load in self:
            load.problem_file_name = self.env._("problems.csv")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        own = {"campaign_id", "file", "file_name"}
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in own & set(vals)} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (
            set(vals) - {"file", "file_name"}
            or any(load.state == "done" for load in self)
        ):
            raise UserError(
                self.env._("A list that was loaded is kept as it was. Load another.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(load.state == "done" for load in self):
            raise UserError(self.env._("A list that was loaded is kept as it was."))

    # === ACTION METHODS === #

    def action_load(self):
        """Put the VINs of the file on the list of the campaign."""
        self.ensure_one()
        self.check_access("write")
        self.campaign_id._require_keeper()
        if self.campaign_id.state == "closed":
            self.campaign_id._raise_missing(self.env._("it is closed"))
        # Two at once: one waits for the other and finds its cars there already.
        self.campaign_id._take_turn()
        self.invalidate_recordset(["state"])
        if self.state == "done":
            return True
        # Safe: the list of a campaign whose keeper loads it.
        self.sudo()._load()
        return True

    # === BUSINESS METHODS === #

    def _load(self):
        """Load the file batch by batch and keep what is to be said of it."""
        self.ensure_one()
        self.env.flush_all()
        figures = dict.fromkeys(
            ("row", "added", "linked", "known", "duplicate", "malformed"), 0
        )
        report = io.StringIO()
        report.write("\ufeff")  # Excel reads Chinese by it
        writer = csv.writer(report)
        head = [self.env._("Row"), self.env._("VIN"), self.env._("Problem")]
        writer.writerow(head)
        shown = []
        rows = self._read_rows()
        while batch := list(islice(rows, BATCH)):
            for row in self._load_batch(batch, figures):
                writer.writerow(row)
                if len(shown) < SHOWN:
                    shown.append(row)
        problems = sum(figures[key] for key in ("known", "duplicate", "malformed"))
        self.write(
            {
                "state": "done",
                "loaded_at": fields.Datetime.now(),
                "loaded_by_id": self.env.uid,
                **{f"{key}_count": value for key, value in figures.items()},
                "unknown_count": figures["added"] - figures["linked"],
                "problem_text": "\n".join(
                    self.env._(
                        "Row %(row)s: %(vin)s – %(problem)s",
                        row=row,
                        vin=vin,
                        problem=problem,
                    )
                    for row, vin, problem in shown
                ),
                "problem_file": problems
                and base64.b64encode(report.getvalue().encode()),
            }
        )
        self.campaign_id._message_log(
            body=self.env._(
                "%(file)s loaded: %(rows)s rows, %(added)s cars added, %(known)s on "
                "the list already, %(duplicate)s twice in the file, %(malformed)s "
                "without a VIN.",
                file=self.file_name or self.env._("List"),
                rows=figures["row"],
                added=figures["added"],
                known=figures["known"],
                duplicate=figures["duplicate"],
                malformed=figures["malformed"],
            )
        )
        self.env["car.recall.vehicle"].invalidate_model()
        self.campaign_id.invalidate_recordset(["vehicle_ids"])

    def _load_batch(self, batch, figures):
        """Insert the good VINs of a batch; return the rows that are not, with why."""
        problems, rows_of, twice = [], {}, self.env._("twice in the file")
        for number, text in batch:
            figures["row"] += 1
            vin = normalize_vin(text)
            if error := self._find_error(vin):
                figures["malformed"] += 1
                problems.append((number, text, error))
            elif vin in rows_of:
                figures["duplicate"] += 1
                problems.append((number, vin, twice))
            else:
                rows_of[vin] = number
        inserted = self._insert(list(rows_of))
        figures["added"] += len(inserted)
        figures["linked"] += sum(1 for _vin, vehicle in inserted if vehicle)
        rest = rows_of.keys() - {vin for vin, _vehicle in inserted}
        ours = self._get_own(rest)
        for vin in rest:
            key = "duplicate" if vin in ours else "known"
            figures[key] += 1
            text = twice if vin in ours else self.env._("on the list already")
            problems.append((rows_of[vin], vin, text))
        return sorted(problems)

    def _find_error(self, vin):
        """Return what is wrong with a VIN, or nothing."""
        if not vin:
            return self.env._("no VIN")
        if self.company_id.car_vin_is_strict and find_vin_error(vin):
            return self.env["car.vehicle"]._get_vin_error(vin)
        return None

    def _insert(self, vins):
        """Insert VINs with our files of the cars; return pairs of VIN and file.

        A car of the company is taken before one shared in the group.
        """
        return vins and self.env.execute_query(
            SQL(
                """
                INSERT INTO car_recall_vehicle
                       (campaign_id, company_id, kind, import_id, vin, vehicle_id,
                        state, linked_on, state_changed_at, state_changed_by_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (given.vin)
                       %(campaign)s, %(company)s, %(kind)s, %(load)s, given.vin, car.id,
                       'open', CASE WHEN car.id IS NOT NULL THEN %(today)s::date END,
                       %(now)s, %(user)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM UNNEST(%(vins)s) WITH ORDINALITY given (vin, place)
             LEFT JOIN car_vehicle car
                    ON car.vin = given.vin
                   AND (car.company_id = %(company)s OR car.company_id IS NULL)
              ORDER BY given.vin, car.company_id NULLS LAST, car.id
                ON CONFLICT DO NOTHING
             RETURNING vin, vehicle_id
                """,
                campaign=self.campaign_id.id,
                company=self.company_id.id,
                kind=self.campaign_id.kind,
                load=self.id,
                vins=vins,
                today=self.env.company._get_car_today(),
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )

    def _get_own(self, vins):
        """Return those of the VINs that this file has brought itself."""
        if not vins:
            return set()
        return {
            vin
            for (vin,) in self.env.execute_query(
                SQL(
                    "SELECT vin FROM car_recall_vehicle"
                    " WHERE campaign_id = %s AND import_id = %s AND vin IN %s",
                    self.campaign_id.id,
                    self.id,
                    tuple(vins),
                )
            )
        }

    # === THE FILE === #

    def _read_rows(self):
        """Yield the number of each row and what stands in its column of VINs."""
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        is_excel = content[:2] == b"PK"
        table = self._read_excel(content) if is_excel else self._read_text(content)
        column, top = None, []
        for number, row in enumerate(table, start=1):
            cells = [str(cell or "").strip() for cell in row]
            if column is None:
                column = self._find_column(cells)
                if column is None and len(top) < TITLE_ROWS:
                    top.append((number, cells))
                    continue
                if column is not None:
                    continue  # the heading
                column = 0
                yield from self._without_heading(top)
            if any(cells):
                yield number, cells[column] if column < len(cells) else ""
        if column is None:
            yield from self._without_heading(top)

    def _without_heading(self, rows):
        """Yield the rows at the top of a file that has no heading after all."""
        for number, cells in rows:
            if any(cells):
                yield number, cells[0]

    def _find_column(self, cells):
        """Return the place of the heading of VINs, if the row has it."""
        for place, cell in enumerate(cells):
            if normalize_vin(cell) in HEADINGS:
                return place
        return None

    def _read_text(self, content):
        """Yield the rows of a CSV or text file, in Chinese or Unicode encoding."""
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise UserError(self.env._("The file is no CSV, text or Excel file."))
        first = text[:4096]
        delimiter = max(",;\t", key=first.count)
        return csv.reader(io.StringIO(text), delimiter=delimiter)

    def _read_excel(self, content):
        """Yield the rows of the first sheet, without loading it as a whole."""
        from openpyxl import load_workbook

        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except Exception as error:
            raise UserError(
                self.env._("The file is no CSV, text or Excel file.")
            ) from error
        return book.worksheets[0].iter_rows(values_only=True)
