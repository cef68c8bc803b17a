from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

# When a meeting of the department is proposed; the supervisor moves it as he likes
MEETING_HOUR = 9


class CarPeriodReport(models.Model):
    """The meeting in which a report is presented, and its paper."""

    _inherit = "car.period.report"

    # === ACTION METHODS === #

    def action_plan_meeting(self):
        """Open the meeting of the department; propose one where there is none yet."""
        self.ensure_one()
        if self.state == "archived":
            self._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        if not self.event_id:
            self.check_access("write")
            event = self.env["calendar.event"].create(self._prepare_event_vals())
            # Safe: the link to what was just planned.
            self.sudo().event_id = event
        return self.event_id._get_records_action()

    def action_open_paper(self):
        """Open the paper as it was archived."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _prepare_event_vals(self):
        """Return the values of the meeting: the next working day after the period."""
        self.ensure_one()
        company = self.company_id
        earliest = max(self.date_to, company._get_car_today()) + timedelta(days=1)
        working = company._get_car_working_days(earliest, earliest + timedelta(days=30))
        day = next(iter(working), earliest)
        zone = pytz.timezone(company._get_car_time_zone())
        start = (
            zone.localize(datetime.combine(day, time(MEETING_HOUR)))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )
        return {
            "name": self.display_name,
            "start": start,
            "stop": start + timedelta(hours=1),
            "user_id": self.env.uid,
            "partner_ids": [fields.Command.set(self.env.user.partner_id.ids)],
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }

    def _get_paper_name(self):
        self.ensure_one()
        name = self.with_context(lang=self._get_paper_lang()).display_name
        return name.replace("/", "-")

    def _get_sections(self):
        """Return the figures for the paper: (section, lines), in their order."""
        self.ensure_one()
        return list(self.line_ids.grouped("section").items())

    def _get_texts(self):
        """Return what the supervisor wrote: (heading, text)."""
        self.ensure_one()
        return [
            (self._fields[name]._description_string(self.env), self[name])
            for name in ("achievements", "problems", "measures")
        ]

    def _keep_paper(self):
        """Keep the paper of the report as it is archived."""
        for report in self:
            # Safe: the paper of the report just archived, kept by the system.
            content, extension = (
                self.env["ir.actions.report"]
                .sudo()
                ._render_qweb_pdf("car_aftersales.car_period_report_paper", report.ids)
            )
            report.sudo().attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": f"{report._get_paper_name()}.{extension}",
                        "res_model": self._name,
                        "res_id": report.id,
                        "raw": content,
                    }
                )
            )


class IrAttachment(models.Model):
    """What is attached to an archived report is locked with it."""

    _inherit = "ir.attachment"

    # === BUSINESS METHODS === #

    def _check_repair_records(self):
        super()._check_repair_records()
        if self.env.su:
            return
        # Safe: tells only which reports are archived.
        papers = self.sudo().filtered(
            lambda paper: paper.res_model == "car.period.report" and paper.res_id
        )
        reports = self.env["car.period.report"].sudo()
        kept = reports.browse(papers.mapped("res_id")).exists()
        if archived := kept.filtered(lambda report: report.state == "archived"):
            archived._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
