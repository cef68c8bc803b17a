import csv
import io

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FIELDS = [
    ("claim", "Our number of the claim"),
    ("maker_reference", "Maker's number of the claim"),
    ("code", "Part number or code of the operation"),
    ("accepted", "Accepted amount"),
    ("reason", "Reason of the refusal"),
    ("decision", "Decision"),
]


class CarWarrantyClaimFormat(models.Model):
    """How to read the file in which a maker answers claims: his columns are ours."""

    _name = "car.warranty.claim.format"
    _description = "File of Claim Answers"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    encoding = fields.Selection(
        [
            ("utf-8-sig", "UTF-8"),
            ("gb18030", "GB 18030 (Chinese Windows)"),
            ("latin-1", "Latin 1"),
        ],
        default="utf-8-sig",
        required=True,
    )
    delimiter = fields.Selection(
        [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar")],
        default=",",
        required=True,
    )
    decimal_point = fields.Selection(
        [(".", "Point"), (",", "Comma")], default=".", required=True
    )
    return_word = fields.Char(
        "Word for Returned",
        help="What the decision says when the maker wants the claim corrected.",
    )
    column_ids = fields.One2many(
        "car.warranty.claim.format.column", "format_id", "Columns", copy=True
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("column_ids")
    def _check_columns(self):
        for layout in self:
            names = set(layout.column_ids.mapped("field"))
            if not names & {"claim", "maker_reference"} or not names & {
                "accepted",
                "decision",
            }:
                raise ValidationError(
                    self.env._(
                        "%(format)s: a number of the claim and the accepted amount "
                        "are needed.",
                        format=layout.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _read_rows(self, content):
        """Return what a file says: number of the line in it, and a value by field.

        :param content: bytes of the file.
        :raise UserError: when it cannot be read at all.
        """
        self.ensure_one()
        try:
            text = content.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._(
                    "The file is not written in %(encoding)s. Choose another way to "
                    "read it.",
                    encoding=self.encoding,
                )
            ) from error
        reader = csv.reader(io.StringIO(text), delimiter=self.delimiter)
        rows = [
            row for row in enumerate(reader, start=1) if any(map(str.strip, row[1]))
        ]
        if not rows:
            raise UserError(self.env._("The file is empty."))
        header = [title.strip().casefold() for title in rows[0][1]]
        places, absent = {}, []
        for column in self.column_ids:
            title = column.title.strip().casefold()
            if title in header:
                places[column.field] = header.index(title)
            else:
                absent.append(column.title)
        if absent:
            raise UserError(
                self.env._(
                    "The file has no column %(columns)s.", columns=", ".join(absent)
                )
            )
        return [
            (
                number,
                {
                    name: row[place].strip() if place < len(row) else ""
                    for name, place in places.items()
                },
            )
            for number, row in rows[1:]
        ]

    def _parse_amount(self, text):
        """Return an amount as the maker writes it; None when it is none."""
        thousands = "," if self.decimal_point == "." else "."
        text = text.replace(thousands, "").replace(" ", "")
        try:
            return float(text.replace(self.decimal_point, "."))
        except ValueError:
            return None

    def _parse_answers(self, content):
        """Read a maker's file.

        :return: a pair: dict of claim to its answer (``answers`` by line, ``reference``
            and ``returned``), and the list of errors, each naming its line.
        """
        self.ensure_one()
        rows, errors = self._read_rows(content), []
        claims = self._find_claims(rows)
        result = {}
        for number, row in rows:
            claim = claims.get(row.get("claim")) or claims.get(
                row.get("maker_reference")
            )
            if not claim:
                text = self.env._(
                    "no claim %(number)s",
                    number=row.get("claim") or row.get("maker_reference") or "",
                )
            else:
                answer = result.setdefault(
                    claim, {"answers": {}, "returned": False, "reference": False}
                )
                answer["reference"] = row.get("maker_reference") or answer["reference"]
                text = self._read_answer(claim, row, answer)
            if text:
                errors.append(
                    self.env._("Line %(line)s: %(error)s", line=number, error=text)
                )
        return result, errors

    @api.model
    def _find_claims(self, rows):
        """Map the numbers in a file to claims, in one query."""
        ours = {row["claim"] for _number, row in rows if row.get("claim")}
        theirs = {
            row["maker_reference"]
            for _number, row in rows
            if row.get("maker_reference")
        }
        claims = self.env["car.warranty.claim"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "!=", "cancelled"),
                "|",
                ("name", "in", list(ours)),
                ("maker_reference", "in", list(theirs)),
            ]
        )
        return {
            **{
                claim.maker_reference: claim
                for claim in claims
                if claim.maker_reference in theirs
            },
            **{claim.name: claim for claim in claims},
        }

    def _read_answer(self, claim, row, answer):
        """Take a line of the file into the answer to its claim.

        :return: what is wrong with it, or nothing.
        """
        if row.get("decision") and row["decision"] == self.return_word:
            answer["returned"] = row.get("reason") or row["decision"]
            return None
        amount = self._parse_amount(row.get("accepted", ""))
        if amount is None:
            return self.env._("“%(text)s” is no amount", text=row.get("accepted", ""))
        lines = claim.line_ids
        if code := row.get("code"):
            lines = lines.filtered(
                lambda line: code in (line.part_number, line.operation_code)
            )
            if len(lines) != 1:
                return self.env._(
                    "%(claim)s has %(count)s lines %(code)s",
                    claim=claim.name,
                    count=len(lines),
                    code=code,
                )
            amounts = {lines: amount}
        elif claim.currency_id.is_zero(amount):
            amounts = dict.fromkeys(lines, 0.0)
        elif not claim.currency_id.compare_amounts(amount, claim.amount_claimed):
            amounts = {line: line.amount_claimed for line in lines}
        elif len(lines) == 1:
            amounts = {lines: amount}
        else:
            return self.env._(
                "%(claim)s: say by line what is accepted of %(claimed)s",
                claim=claim.name,
                claimed=claim.amount_claimed,
            )
        for line, accepted in amounts.items():
            if line in answer["answers"]:
                return self.env._(
                    "%(claim)s, %(line)s: answered twice",
                    claim=claim.name,
                    line=line.display_name,
                )
            try:
                line._check_answer(accepted, row.get("reason"))
            except UserError as error:
                return str(error)
            answer["answers"][line] = (accepted, row.get("reason"))
        return None


class CarWarrantyClaimFormatColumn(models.Model):
    """A column of a maker's file."""

    _name = "car.warranty.claim.format.column"
    _description = "Column of a File of Claim Answers"
    _order = "format_id, sequence, id"

    format_id = fields.Many2one(
        "car.warranty.claim.format", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="format_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    field = fields.Selection(FIELDS, "What It Says", required=True)
    title = fields.Char(
        "Title in the File", required=True, help="As in the first line of the file."
    )

    _field_uniq = models.Constraint(
        "UNIQUE (format_id, field)", "Each column of a file is named once."
    )
