from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import is_html_empty

# What may be written when the report is no draft any more, until it is archived
AFTERWARDS = {"state", "minutes"}
# Written by the steps, not by hand
STAMPS = {
    "attachment_id",
    "event_id",
    "figures_at",
    "presented_at",
    "present_names",
    "reminded_at",
    "submitted_at",
    "submitted_by_id",
}


class CarPeriodReport(models.Model):
    """小结, 总结: the supervisor's monthly summary and yearly review (R-141).

    The figures come from the documents and are frozen when the report is submitted;
    the supervisor writes what was achieved, what went wrong and what is done about it.
    It is presented in a meeting of the department and archived with its paper.
    """

    _name = "car.period.report"
    _description = "Monthly Summary or Yearly Review"
    _inherit = ["car.calendar.period.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "date_from desc, period desc, id desc"

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("presented", "Presented"),
            ("archived", "Archived"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    period = fields.Selection(
        [("month", "Monthly Summary"), ("year", "Yearly Review")],
        "Kind of Report",
        required=True,
        default="month",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Written By",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    # figures
    line_ids = fields.One2many(
        "car.period.report.line", "report_id", "Figures", readonly=True, copy=False
    )
    figures_at = fields.Datetime("Figures Of", readonly=True, copy=False)
    # what the supervisor says
    achievements = fields.Html(copy=False)
    problems = fields.Html(copy=False)
    measures = fields.Html(copy=False, help="What is done about the problems, by whom.")
    # the way to the archive
    submitted_at = fields.Datetime("Submitted", readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    meeting_at = fields.Datetime(related="event_id.start", string="Meeting On")
    presented_at = fields.Datetime("Presented", readonly=True, copy=False)
    present_names = fields.Char("Who Was There", readonly=True, copy=False)
    minutes = fields.Html(
        "Decisions", copy=False, help="What the meeting of the department decided."
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "Archived Paper",
        readonly=True,
        copy=False,
        help="The report as it was archived.",
    )
    reminded_at = fields.Datetime("Reminded", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(company_id, period, date_from)", "There is a report on this period already."
    )

    # === COMPUTE METHODS === #

    @api.depends("period", "period_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["period"]._description_selection(self.env))
        for report in self:
            report.display_name = " ".join(
                part for part in (kinds.get(report.period), report.period_name) if part
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in STAMPS:
                    vals.pop(name, None)
        reports = super().create(vals_list)
        reports._refresh()
        return reports

    def write(self, vals):
        if not self.env.su:
            if STAMPS & set(vals):
                self._raise_missing(self.env._("its stamps come from its steps"))
            self._check_kept(vals)
        result = super().write(vals)
        if {"period", "date_from", "company_id"} & set(vals):
            self.filtered(lambda report: report.state == "draft")._refresh()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for report in self:
            if report.state != "draft" and not self.env.su:
                report._raise_missing(
                    self.env._("it was submitted and stays on record")
                )

    # === ACTION METHODS === #

    def action_refresh(self):
        """Read the figures anew, as long as the report is a draft."""
        self.check_access("write")
        for report in self:
            if report.state != "draft":
                report._raise_missing(
                    self.env._("its figures were frozen when it was submitted")
                )
        self._refresh()
        return True

    def action_submit(self):
        """Hand the report in: the figures are read once more and frozen."""
        return self.write({"state": "submitted"})

    def action_return(self):
        """Give it back to be written anew; the manager decides so."""
        return self.write({"state": "draft"})

    def action_present(self):
        """It was presented in the meeting of the department."""
        return self.write({"state": "presented"})

    def action_archive_report(self):
        """Keep its paper and lock everything."""
        return self.write({"state": "archived"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"submitted": "submit"},
            "submitted": {"presented": "present", "draft": "return"},
            "presented": {"archived": "archive"},
            "archived": {},
        }

    def _check_kept(self, vals):
        """Keep what was handed in as it was."""
        archived = self.filtered(lambda report: report.state == "archived")
        if archived and vals:
            archived._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        given = self.filtered(lambda report: report.state != "draft")
        if given and set(vals) - AFTERWARDS:
            given._raise_missing(
                self.env._("it was submitted; only the decisions may be completed")
            )

    def _refresh(self):
        """Read the figures anew."""
        # Safe: the figures of the company whose report may be written.
        for report in self.sudo():
            report.line_ids.unlink()
            report.line_ids.create(report._prepare_lines())
        self.sudo().write({"figures_at": fields.Datetime.now()})

    def _prepare_lines(self):
        """Return the values of the figures, in the language of the company's papers."""
        self.ensure_one()
        before = {line.code: line.value for line in self._get_previous().line_ids}
        return [
            {
                "report_id": self.id,
                "sequence": number,
                "has_previous": figure["code"] in before,
                "previous_value": before.get(figure["code"], 0.0),
                **figure,
            }
            for number, figure in enumerate(
                self.with_context(lang=self._get_paper_lang())._get_figures()
            )
        ]

    def _get_previous(self):
        """Return the report on the period before."""
        self.ensure_one()
        before = fields.Date.subtract(self.date_from, days=1)
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("period", "=", self.period),
                ("date_from", "=", fields.Date.start_of(before, self.period)),
            ]
        )

    def _get_paper_lang(self):
        """Return the language of the company's papers."""
        self.ensure_one()
        return self.sudo().company_id.partner_id.lang or self.env.lang or "en_US"

    # === STEPS === #

    def _check_submit(self):
        for report in self:
            today = report.company_id._get_car_today()
            if today < report.date_to:
                report._raise_missing(
                    self.env._("the period ends on %(day)s", day=report.date_to)
                )
            empty = [
                report._fields[name]._description_string(self.env)
                for name in ("achievements", "problems", "measures")
                if is_html_empty(report[name])
            ]
            if empty:
                report._raise_missing(
                    self.env._("still to write: %(texts)s", texts=", ".join(empty))
                )
        self._refresh()

    def _after_submit(self):
        # Safe: who handed it in, and when.
        self.sudo().write(
            {"submitted_at": fields.Datetime.now(), "submitted_by_id": self.env.uid}
        )

    def _check_return(self):
        if not self.env["car.repair.order"]._has_group("manager"):
            raise AccessError(self.env._("The manager gives a report back."))

    def _after_return(self):
        # Safe: undone together with the step.
        self.sudo().write({"submitted_at": False, "submitted_by_id": False})

    def _check_present(self):
        now = fields.Datetime.now()
        for report in self:
            if not report.event_id:
                report._raise_missing(
                    self.env._("plan the meeting of the department first")
                )
            if report.meeting_at > now:
                day = report.company_id._get_car_local_day(report.meeting_at)
                report._raise_missing(self.env._("the meeting is on %(day)s", day=day))

    def _after_present(self):
        for report in self:
            # Safe: the meeting as it was, kept with the report.
            event = report.sudo().event_id
            report.sudo().write(
                {
                    "presented_at": event.start,
                    "present_names": ", ".join(event.partner_ids.mapped("name")),
                }
            )

    def _after_archive(self):
        self._keep_paper()
