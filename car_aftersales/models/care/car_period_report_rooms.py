from odoo import api, models
from odoo.tools import SQL


class CarPeriodReport(models.Model):
    """Figures of rooms that may be there or not: letters, complaints, satisfaction."""

    _inherit = "car.period.report"

    # === BUSINESS METHODS === #

    def _get_figures(self):
        figures = super()._get_figures()
        for code, model_name, moment, group, section in self._get_rooms():
            if model_name in self.env:
                figures += self._get_figures_room(
                    code, self.env[model_name], moment, group, section
                )
        return figures + self._get_figures_satisfaction()

    @api.model
    def _get_rooms(self):
        """Return (code, model, its moment, what it is counted by, section).

        Extend for documents that are simply counted.
        """
        letters = self.env._("Letters")
        complaints = self.env._("Complaints")
        return [
            ("letters", "car.contact.letter", "sent_at", "kind", letters),
            ("complaints", "car.complaint", "received_at", "severity", complaints),
        ]

    def _get_figures_room(self, code, records, moment, group, section):
        """Return how many documents there were in the period, in all and by kind."""
        name = moment if moment in records._fields else "create_date"
        if records._fields[name].type == "date":
            span = [(name, ">=", self.date_from), (name, "<=", self.date_to)]
        else:
            begin, stop = self._get_moments()
            span = [(name, ">=", begin), (name, "<", stop)]
        domain = [("company_id", "=", self.company_id.id), *span]
        if group not in records._fields:
            total = records.search_count(domain)
            return [self._figure(code, section, self.env._("In all"), total)]
        counts = dict(records._read_group(domain, [group], ["__count"]))
        labels = records._fields[group]._description_selection(self.env)
        return [
            self._figure(code, section, self.env._("In all"), sum(counts.values())),
            *(
                self._figure(f"{code}.{value}", section, label, counts[value])
                for value, label in labels
                if value in counts
            ),
        ]

    def _get_figures_satisfaction(self):
        """Return what customers rated the visits with, once anybody did."""
        row = self._read_one(
            SQL(
                """
                SELECT count(*) AS answers, avg(rating.rating) AS average
                  FROM rating_rating rating
                  JOIN car_repair_order visit
                    ON rating.res_model = 'car.repair.order'
                   AND visit.id = rating.res_id
                 WHERE rating.consumed AND rating.rating >= 1
                   AND visit.company_id = %(company)s
                   AND rating.write_date >= %(begin)s AND rating.write_date < %(stop)s
                """,
                **self._get_spans(),
            )
        )
        if not row["answers"]:
            return []
        section = self.env._("Satisfaction")
        return [
            self._figure(
                "satisfaction.answers", section, self.env._("Ratings"), row["answers"]
            ),
            self._figure(
                "satisfaction.average",
                section,
                self.env._("Average (1 to 5)"),
                row["average"],
                "decimal",
            ),
        ]
