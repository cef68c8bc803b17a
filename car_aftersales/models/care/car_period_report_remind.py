from odoo import api, fields, models


class CarPeriodReport(models.Model):
    """Nobody forgets the summary of a month or the review of a year."""

    _inherit = "car.period.report"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_remind(self):
        """Draft the reports that are due and tell the business supervisor, once each.

        After missed days the period before is caught up with.
        """
        for company in self.env["res.company"].search([("id", "!=", False)]):
            today = company._get_car_today()
            for period, days in (
                ("month", company.car_summary_remind_days),
                ("year", company.car_review_remind_days),
            ):
                before = fields.Date.subtract(
                    fields.Date.start_of(today, period), days=1
                )
                for last in (before, fields.Date.end_of(today, period)):
                    if today >= fields.Date.subtract(last, days=days):
                        self._remind(company, period, last)

    @api.model
    def _remind(self, company, period, day):
        """Draft a report, where there is none, and tell of it, unless this was done."""
        first = fields.Date.start_of(day, period)
        report = self.search(
            [
                ("company_id", "=", company.id),
                ("period", "=", period),
                ("date_from", "=", first),
            ]
        )
        if report.reminded_at or report and report.state != "draft":
            return
        supervisor = company._get_car_supervisor()
        if not supervisor:
            return
        if not report:
            if not self._has_anything(company, first, fields.Date.end_of(day, period)):
                return
            report = self.create(
                {
                    "company_id": company.id,
                    "period": period,
                    "date_from": first,
                    "user_id": supervisor.id,
                }
            )
        report.reminded_at = fields.Datetime.now()
        lang = supervisor.lang or self.env.lang
        report.with_context(lang=lang).message_notify(
            partner_ids=(supervisor | report.user_id).partner_id.ids,
            subject=report.with_context(lang=lang).display_name,
            body=self.with_context(lang=lang).env._(
                "The report is due. Its figures are filled in; the text and the "
                "meeting of the department are yours."
            ),
        )

    @api.model
    def _has_anything(self, company, first, last):
        """Tell whether a company had visits or calls: others have nothing to report."""
        begin = company._get_car_midnight(first)
        stop = company._get_car_midnight(fields.Date.add(last, days=1))
        return bool(
            self.env["car.repair.order"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("received_at", ">=", begin),
                    ("received_at", "<", stop),
                    ("state", "!=", "cancelled"),
                ],
                limit=1,
            )
            or self.env["car.contact.call"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("started_at", ">=", begin),
                    ("started_at", "<", stop),
                ],
                limit=1,
            )
        )
