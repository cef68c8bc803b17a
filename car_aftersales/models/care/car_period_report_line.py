from odoo import api, fields, models
from odoo.tools import formatLang


class CarPeriodReportLine(models.Model):
    """One figure of a report, as it was when the report was submitted."""

    _name = "car.period.report.line"
    _description = "Figure of a Report"
    _order = "report_id, sequence, id"

    report_id = fields.Many2one(
        "car.period.report",
        "Summary or Review",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    sequence = fields.Integer()
    code = fields.Char(
        required=True, help="The same for the same figure in every report."
    )
    section = fields.Char(required=True)
    label = fields.Char("Figure", required=True)
    value = fields.Float()
    base_value = fields.Float("Out Of", help="For parts of a whole: the whole.")
    target_value = fields.Float("Target")
    has_previous = fields.Boolean("In the Report Before")
    previous_value = fields.Float("Value Before")
    unit = fields.Selection(
        [
            ("number", "Number"),
            ("decimal", "Number with a decimal"),
            ("money", "Money"),
            ("share", "Percentage"),
        ],
        required=True,
        default="number",
    )
    value_text = fields.Char("Actual", compute="_compute_texts")
    previous_text = fields.Char("Period Before", compute="_compute_texts")
    target_text = fields.Char("Aim", compute="_compute_texts")

    # === COMPUTE METHODS === #

    @api.depends("value", "base_value", "unit", "previous_value", "target_value")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            line.value_text = line._format(line.value, line.base_value)
            line.previous_text = (
                line._format(line.previous_value) if line.has_previous else False
            )
            aim = line.target_value
            line.target_text = line._format(aim) if aim else False

    # === BUSINESS METHODS === #

    def _format(self, value, base=0.0):
        """Return a figure as people read it: 1,200.00 ¥; 8 / 10 (80 %)."""
        self.ensure_one()
        if self.unit == "money":
            currency = self.company_id.currency_id
            return formatLang(self.env, value, currency_obj=currency)
        text = formatLang(self.env, value, digits=1 if self.unit == "decimal" else 0)
        if self.unit != "share" or not base:
            return text
        whole = formatLang(self.env, base, digits=0)
        return f"{text} / {whole} ({100 * value / base:.0f} %)"
