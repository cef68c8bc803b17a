from odoo import models
from odoo.tools import SQL

from .car_training import TRAINING_KINDS


class CarPeriodReport(models.Model):
    """More sections of the figures: points, files, trainings, targets."""

    _inherit = "car.period.report"

    # === BUSINESS METHODS === #

    def _get_figures_points(self):
        row = self._read_one(
            SQL(
                """
                SELECT count(*) FILTER (WHERE said.is_here) AS said,
                       count(*) FILTER (WHERE said.is_here AND kind = 'complaint')
                           AS complaints,
                       count(*) FILTER (WHERE state = 'closed'
                                          AND informed_at >= %(begin)s
                                          AND informed_at < %(stop)s) AS settled,
                       count(*) FILTER (WHERE said_at < %(stop)s
                                          AND (state != 'closed'
                                               OR informed_at >= %(stop)s))
                           AS unsettled,
                       count(*) FILTER (WHERE escalated_at >= %(begin)s
                                          AND escalated_at < %(stop)s) AS escalated,
                       count(*) FILTER (WHERE escalated_at >= %(begin)s
                                          AND escalated_at < %(stop)s
                                          AND is_escalated_by_time) AS by_time,
                       count(*) FILTER (WHERE solved_at >= %(begin)s
                                          AND solved_at < %(stop)s) AS solved,
                       count(*) FILTER (WHERE solved_at >= %(begin)s
                                          AND solved_at < %(stop)s
                                          AND is_told_same_day) AS same_day
                  FROM car_contact_point
                 CROSS JOIN LATERAL (
                       SELECT said_at >= %(begin)s AND said_at < %(stop)s AS is_here
                       ) said
                 WHERE company_id = %(company)s
                   AND (state != 'closed' OR said_at >= %(begin)s
                        OR informed_at >= %(begin)s OR solved_at >= %(begin)s)
                """,
                **self._get_spans(),
            )
        )
        section = self.env._("Requests, Wishes, Complaints")
        return [
            self._figure(
                "points.said", section, self.env._("Points said"), row["said"]
            ),
            self._figure(
                "points.complaints",
                section,
                self.env._("Of these, complaints"),
                row["complaints"],
            ),
            self._figure(
                "points.settled", section, self.env._("Points settled"), row["settled"]
            ),
            self._figure(
                "points.unsettled",
                section,
                self.env._("Not settled at the end"),
                row["unsettled"],
            ),
            self._figure(
                "points.escalated",
                section,
                self.env._("Reported to the supervisor"),
                row["escalated"],
            ),
            self._figure(
                "points.by_time",
                section,
                self.env._("Of these, because time was up"),
                row["by_time"],
            ),
            self._figure(
                "points.same_day",
                section,
                self.env._("Customer told on the day of the solution"),
                row["same_day"],
                "share",
                base=row["solved"],
            ),
        ]

    def _get_figures_files(self):
        row = self._read_one(
            SQL(
                """
                SELECT count(*) FILTER (WHERE opened_at >= %(begin)s
                                          AND opened_at < %(stop)s) AS opened,
                       count(*) FILTER (WHERE due_on BETWEEN %(first)s AND %(last)s)
                           AS due,
                       count(*) FILTER (
                           WHERE due_on BETWEEN %(first)s AND %(last)s
                             AND state = 'complete'
                             AND (completed_at AT TIME ZONE 'UTC'
                                  AT TIME ZONE %(zone)s)::date <= due_on) AS in_time,
                       count(*) FILTER (WHERE opened_at < %(stop)s
                                          AND (state = 'open'
                                               OR completed_at >= %(stop)s)) AS missing
                  FROM car_customer_file
                 WHERE company_id = %(company)s
                   AND (state = 'open' OR due_on >= %(first)s
                        OR completed_at >= %(begin)s)
                """,
                **self._get_spans(),
            )
        )
        section = self.env._("Customer Files")
        return [
            self._figure(
                "files.opened", section, self.env._("Files opened"), row["opened"]
            ),
            self._figure(
                "files.in_time",
                section,
                self.env._("Complete in time"),
                row["in_time"],
                "share",
                base=row["due"],
            ),
            self._figure(
                "files.missing",
                section,
                self.env._("To complete at the end"),
                row["missing"],
            ),
        ]

    def _get_figures_trainings(self):
        groups = dict(
            self.env["car.training"]._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "held"),
                    ("date", ">=", self.date_from),
                    ("date", "<=", self.date_to),
                ],
                ["kind"],
                ["__count"],
            )
        )
        labels = dict(
            self.env["car.training"]._fields["kind"]._description_selection(self.env)
        )
        section = self.env._("Trainings and Activities")
        return [
            self._figure(
                f"trainings.{kind}", section, labels[kind], groups.get(kind, 0)
            )
            for kind, _label in TRAINING_KINDS
        ]

    def _get_figures_targets(self):
        """Return the targets laid down that the period is part of, with the actual.

        A summary shows those of its month, its quarter and its year so far; a review
        those of the year.
        """
        periods = ["year"] if self.period == "year" else ["month", "quarter", "year"]
        targets = self.env["car.target"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("period", "in", periods),
                ("date_from", "<=", self.date_from),
                ("date_to", ">=", self.date_to),
                ("target_value", ">", 0),
            ],
            order="period, sequence, id",
        )
        # What came after the period is no part of its report.
        values = targets.with_context(car_until=self.date_to)._get_actuals()
        section = self.env._("Targets")
        return [
            self._figure(
                f"targets.{target.indicator}.{target.period}.{target.warehouse_id.id}",
                section,
                target.display_name,
                values[target],
                target.unit,
                target=target.target_value,
            )
            for target in targets
            if target in values
        ]
