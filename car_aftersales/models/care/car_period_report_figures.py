from odoo import models
from odoo.tools import SQL


class CarPeriodReport(models.Model):
    """The figures of a report: each section costs the same few queries.

    A layer above adds its own by extending ``_get_figures``.
    """

    _inherit = "car.period.report"

    # === BUSINESS METHODS === #

    def _get_figures(self):
        """Return the figures of the period, in the order of the paper.

        Extend to add a section of another room: ``super()`` and one
        ``self._figure(...)`` for each figure, or ``self._section(...)`` for many.

        :return: list of dicts of code, section, label, value and unit, where it makes
            sense with base_value and target_value
        """
        self.ensure_one()
        return [
            *self._get_figures_visits(),
            *self._get_figures_revenue(),
            *self._get_figures_calls(),
            *self._get_figures_contacts(),
            *self._get_figures_points(),
            *self._get_figures_files(),
            *self._get_figures_trainings(),
            *self._get_figures_targets(),
        ]

    def _figure(self, code, section, label, value, unit="number", base=0.0, target=0.0):
        """Return one figure."""
        return {
            "code": code,
            "section": section,
            "label": label,
            "value": value or 0.0,
            "unit": unit,
            "base_value": base or 0.0,
            "target_value": target or 0.0,
        }

    def _read_one(self, query):
        """Return the one row of a query as a dict, after all is written."""
        self.env.flush_all()
        return self.env.execute_query_dict(query)[0]

    def _get_spans(self):
        """Return what queries need: company, first and last day, first moments."""
        begin, stop = self._get_moments()
        return {
            "company": self.company_id.id,
            "first": self.date_from,
            "last": self.date_to,
            "begin": begin,
            "stop": stop,
            "zone": self.company_id._get_car_time_zone(),
        }

    def _get_figures_visits(self):
        row = self._read_one(
            SQL(
                """
                SELECT count(*) FILTER (WHERE received_at >= %(begin)s
                                          AND received_at < %(stop)s) AS received,
                       count(*) FILTER (WHERE delivered.is_here) AS delivered,
                       count(*) FILTER (WHERE delivered.is_here
                                          AND first_promised_at IS NOT NULL)
                           AS promised,
                       count(*) FILTER (WHERE delivered.is_here
                                          AND delivered_at <= first_promised_at)
                           AS kept,
                       count(*) FILTER (WHERE state = 'declined'
                                          AND state_changed_at >= %(begin)s
                                          AND state_changed_at < %(stop)s) AS declined
                  FROM car_repair_order
                 CROSS JOIN LATERAL (
                       SELECT delivered_at >= %(begin)s AND delivered_at < %(stop)s
                           AS is_here) delivered
                 WHERE company_id = %(company)s AND state != 'cancelled'
                   AND (received_at >= %(begin)s AND received_at < %(stop)s
                        OR delivered_at >= %(begin)s AND delivered_at < %(stop)s
                        OR state = 'declined' AND state_changed_at >= %(begin)s
                           AND state_changed_at < %(stop)s)
                """,
                **self._get_spans(),
            )
        )
        section = self.env._("Visits")
        return [
            self._figure(
                "visits.received", section, self.env._("Cars received"), row["received"]
            ),
            self._figure(
                "visits.delivered",
                section,
                self.env._("Cars delivered"),
                row["delivered"],
            ),
            self._figure(
                "visits.on_time",
                section,
                self.env._("Delivered as first promised"),
                row["kept"],
                "share",
                base=row["promised"],
            ),
            self._figure(
                "visits.declined",
                section,
                self.env._("Left without repair"),
                row["declined"],
            ),
        ]

    def _get_figures_revenue(self):
        """Return what was billed before taxes, house work left out, by kind."""
        spans = self._get_spans()
        billed = self.env["car.target"]._select_billed(spans["first"], spans["last"])
        row = self._read_one(
            SQL(
                """
                SELECT sum(amount) AS total,
                       sum(amount) FILTER (WHERE kind = 'labor') AS labor,
                       sum(amount) FILTER (WHERE kind = 'part') AS part,
                       sum(amount) FILTER (WHERE kind IN ('outside', 'fee')) AS other
                  FROM (%(billed)s) billed
                 WHERE company_id = %(company)s AND kind IS NOT NULL
                """,
                billed=billed,
                **spans,
            )
        )
        section = self.env._("Revenue (Billed, Before Taxes)")
        labels = {
            "total": self.env._("Total"),
            "labor": self.env._("Labor"),
            "part": self.env._("Parts"),
            "other": self.env._("Outside work and fees"),
        }
        return [
            self._figure(f"revenue.{name}", section, label, row[name], "money")
            for name, label in labels.items()
        ]

    def _get_figures_calls(self):
        begin, stop = self._get_moments()
        calls = self.env["car.contact.call"]
        groups = calls._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "draft"),
                ("started_at", ">=", begin),
                ("started_at", "<", stop),
            ],
            ["kind", "direction", "outcome"],
            ["__count"],
        )
        section = self.env._("Calls and Visits to Customers")
        ours = [group for group in groups if group[1] != "in"]
        total = sum(group[-1] for group in ours)
        reached = sum(group[-1] for group in ours if group[2] in ("reached", "booked"))
        incoming = sum(group[-1] for group in groups if group[1] == "in")
        visits = sum(group[-1] for group in groups if group[1] == "visit")
        by_kind = {}
        for kind, _direction, _outcome, count in groups:
            by_kind[kind] = by_kind.get(kind, 0) + count
        kinds = calls._fields["kind"]._description_selection(self.env)
        return [
            self._figure(
                "calls.reached",
                section,
                self.env._("Customer reached"),
                reached,
                "share",
                base=total,
            ),
            self._figure("calls.in", section, self.env._("Customers called"), incoming),
            self._figure("calls.visit", section, self.env._("Visits made"), visits),
            *(
                self._figure(f"calls.{kind}", section, label, by_kind[kind])
                for kind, label in kinds
                if kind in by_kind
            ),
        ]

    def _get_figures_contacts(self):
        """Return whether promised calls were held in their days, what was late."""
        analysis = self.env["car.contact.report"]
        today = self.company_id._get_car_today()
        spans = self._get_spans()
        row = self._read_one(
            SQL(
                """
                SELECT count(*) FILTER (WHERE kind = 'first_call') AS first_due,
                       count(*) FILTER (WHERE kind = 'first_call' AND held.is_in_days)
                           AS first_held,
                       count(*) FILTER (WHERE kind = 'second_call') AS second_due,
                       count(*) FILTER (WHERE kind = 'second_call' AND held.is_in_days)
                           AS second_held,
                       count(*) AS due,
                       count(*) FILTER (WHERE state = 'open'
                                           OR finished_on > date_to) AS late,
                       count(*) FILTER (WHERE close_reason = 'not_reached') AS lost
                  FROM car_contact_task task
                 CROSS JOIN LATERAL (
                       SELECT state = 'done'
                              AND finished_on BETWEEN date_from AND date_to
                           AS is_in_days
                       ) held
                 WHERE company_id = %(company)s
                   AND date_to BETWEEN %(first)s AND %(last)s AND %(to_make)s
                """,
                to_make=analysis._get_to_make(SQL("%s::date", today)),
                **spans,
            )
        )
        reminders = analysis._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("finished_on", ">=", self.date_from),
                ("finished_on", "<=", self.date_to),
                ("reminded_count", "=", 1),
            ],
            [],
            ["reminded_count:sum", "hit_count:sum"],
        )[0]
        section = self.env._("Discipline of Follow-Up")
        return [
            self._figure(
                "contacts.first_call",
                section,
                self.env._("First calls held inside their days"),
                row["first_held"],
                "share",
                base=row["first_due"],
            ),
            self._figure(
                "contacts.second_call",
                section,
                self.env._("Second calls held inside their days"),
                row["second_held"],
                "share",
                base=row["second_due"],
            ),
            self._figure(
                "contacts.late",
                section,
                self.env._("Contacts late"),
                row["late"],
                "share",
                base=row["due"],
            ),
            self._figure(
                "contacts.lost",
                section,
                self.env._("Customers not reached"),
                row["lost"],
            ),
            self._figure(
                "contacts.reminders",
                section,
                self.env._("Reminded customers who booked or came"),
                reminders[1],
                "share",
                base=reminders[0],
            ),
        ]
