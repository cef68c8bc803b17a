from odoo import api, fields, models
from odoo.tools import SQL

# Ids are made of company and clerk; nobody has so many users
CLERKS = 10_000_000
NUMBERS = (
    "due_count",
    "late_count",
    "coming_count",
    "done_count",
    "not_reached_count",
    "lent_count",
    "borrowed_count",
    "point_count",
    "point_late_count",
    "point_supervisor_count",
    "file_missing_count",
    "file_late_count",
)


class CarContactClerkReport(models.Model):
    """What each clerk of the follow-up has to do, is late with and has done (R-140).

    One row per company and clerk; what belongs to nobody has a row, too. Days are those
    of the company.
    """

    _name = "car.contact.clerk.report"
    _description = "Overview of Follow-Up"
    _auto = False
    _rec_name = "clerk_id"
    _order = "company_id, late_count desc, id"
    _depends = {
        "car.contact.task": [
            "call_on",
            "clerk_id",
            "close_reason",
            "company_id",
            "date_to",
            "finished_on",
            "original_clerk_id",
            "state",
        ],
        "car.contact.point": ["company_id", "due_on", "solved_at", "state", "user_id"],
        "car.customer.file": ["clerk_id", "company_id", "due_on", "state"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    clerk_id = fields.Many2one("res.users", readonly=True)
    stand_in_text = fields.Char("Stand-In", compute="_compute_stand_in_text")
    # contacts
    due_count = fields.Integer(
        "Due Today",
        readonly=True,
        help="To be made by now, and still inside their days.",
    )
    late_count = fields.Integer("Late", readonly=True, help="Their last day is over.")
    coming_count = fields.Integer("Coming Up", readonly=True)
    done_count = fields.Integer("Done This Month", readonly=True)
    not_reached_count = fields.Integer("Not Reached This Month", readonly=True)
    lent_count = fields.Integer(
        "With a Deputy",
        readonly=True,
        help="Open contacts that a deputy makes for him.",
    )
    borrowed_count = fields.Integer(
        "For Others", readonly=True, help="Open contacts he makes as a deputy."
    )
    # points
    point_count = fields.Integer(
        "Points Open", readonly=True, help="Customers' points not settled yet."
    )
    point_late_count = fields.Integer("Points Late", readonly=True)
    point_supervisor_count = fields.Integer("With the Supervisor", readonly=True)
    # files
    file_missing_count = fields.Integer("Files to Complete", readonly=True)
    file_late_count = fields.Integer("Files Late", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("clerk_id", "company_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.clerk_id.name or self.env._("Nobody")

    @api.depends("clerk_id", "company_id")
    def _compute_stand_in_text(self):
        days = {row.company_id: row.company_id._get_car_today() for row in self}
        deputies = self.env["car.contact.deputy"].search(
            [("company_id", "in", self.company_id.ids)]
            + [("date_to", ">=", min(days.values(), default=fields.Date.today()))]
        )
        for row in self:
            today = days[row.company_id]
            texts = []
            for deputy in deputies.filtered(
                lambda one, row=row, today=today: (
                    one.company_id == row.company_id
                    and one.date_from <= today <= one.date_to
                )
            ):
                names = {
                    "clerk": deputy.clerk_id.name,
                    "deputy": deputy.deputy_id.name,
                    "day": deputy.date_to,
                }
                if deputy.clerk_id == row.clerk_id:
                    texts.append(
                        self.env._("Away until %(day)s: %(deputy)s stands in", **names)
                    )
                elif deputy.deputy_id == row.clerk_id:
                    texts.append(
                        self.env._("Stands in for %(clerk)s until %(day)s", **names)
                    )
            row.stand_in_text = ", ".join(texts) or False

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        sums = SQL(", ").join(
            SQL(
                "COALESCE(sum(fact.%(number)s), 0)::int AS %(number)s",
                number=SQL.identifier(number),
            )
            for number in NUMBERS
        )
        return SQL(
            """
            SELECT fact.company_id::bigint * %(clerks)s + COALESCE(fact.clerk_id, 0)
                       AS id,
                   fact.company_id, fact.clerk_id, %(sums)s
              FROM (%(facts)s) fact
             GROUP BY fact.company_id, fact.clerk_id
            """,
            clerks=CLERKS,
            sums=sums,
            facts=SQL(" UNION ALL ").join(self._get_facts()),
        )

    @api.model
    def _get_facts(self):
        """Return SQL of what is counted for whom. Extend to count more."""
        # Safe: the days of the companies; the rows have a company rule.
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        today = [company._get_car_today() for company in companies]
        midnight = [
            company._get_car_midnight(day)
            for company, day in zip(companies, today, strict=True)
        ]
        days = SQL(
            "unnest(%s, %s::date[], %s::timestamp[])"
            " AS day(company_id, today, midnight)",
            companies.ids,
            today,
            midnight,
        )
        return [
            self._select_open_tasks(days),
            self._select_lent_tasks(),
            self._select_finished_tasks(days),
            self._select_points(days),
            self._select_files(days),
        ]

    @api.model
    def _select_counts(self, **counts):
        """Return SQL of all numbers in their order; those not given are zero."""
        return SQL(", ").join(
            SQL("%s AS %s", counts.get(number, SQL("0")), SQL.identifier(number))
            for number in NUMBERS
        )

    @api.model
    def _select_open_tasks(self, days):
        return SQL(
            """
            SELECT task.company_id, task.clerk_id, %(counts)s
              FROM car_contact_task task
              JOIN %(days)s ON day.company_id = task.company_id
             WHERE task.state = 'open'
             GROUP BY task.company_id, task.clerk_id
            """,
            counts=self._select_counts(
                due_count=SQL(
                    "count(*) FILTER (WHERE task.date_to >= day.today"
                    " AND task.call_on <= day.today)"
                ),
                late_count=SQL("count(*) FILTER (WHERE task.date_to < day.today)"),
                coming_count=SQL(
                    "count(*) FILTER (WHERE task.date_to >= day.today"
                    " AND task.call_on > day.today)"
                ),
                borrowed_count=SQL(
                    "count(*) FILTER (WHERE task.original_clerk_id != task.clerk_id)"
                ),
            ),
            days=days,
        )

    @api.model
    def _select_lent_tasks(self):
        return SQL(
            """
            SELECT task.company_id, task.original_clerk_id AS clerk_id, %(counts)s
              FROM car_contact_task task
             WHERE task.state = 'open' AND task.original_clerk_id != task.clerk_id
             GROUP BY task.company_id, task.original_clerk_id
            """,
            counts=self._select_counts(lent_count=SQL("count(*)")),
        )

    @api.model
    def _select_finished_tasks(self, days):
        return SQL(
            """
            SELECT task.company_id, task.clerk_id, %(counts)s
              FROM car_contact_task task
              JOIN %(days)s ON day.company_id = task.company_id
               AND task.finished_on >= date_trunc('month', day.today)::date
             WHERE task.state = 'done' OR task.close_reason = 'not_reached'
             GROUP BY task.company_id, task.clerk_id
            """,
            counts=self._select_counts(
                done_count=SQL("count(*) FILTER (WHERE task.state = 'done')"),
                not_reached_count=SQL(
                    "count(*) FILTER (WHERE task.state = 'closed'"
                    " AND task.close_reason = 'not_reached')"
                ),
            ),
            days=days,
        )

    @api.model
    def _select_points(self, days):
        return SQL(
            """
            SELECT point.company_id, point.user_id AS clerk_id, %(counts)s
              FROM car_contact_point point
              JOIN %(days)s ON day.company_id = point.company_id
             WHERE point.state != 'closed'
             GROUP BY point.company_id, point.user_id
            """,
            counts=self._select_counts(
                point_count=SQL("count(*)"),
                point_late_count=SQL(
                    "count(*) FILTER (WHERE CASE WHEN point.state = 'solved'"
                    " THEN point.solved_at < day.midnight"
                    " ELSE point.due_on < day.today END)"
                ),
                point_supervisor_count=SQL(
                    "count(*) FILTER (WHERE point.state = 'escalated')"
                ),
            ),
            days=days,
        )

    @api.model
    def _select_files(self, days):
        return SQL(
            """
            SELECT file.company_id, COALESCE(file.clerk_id, company.car_clerk_id),
                   %(counts)s
              FROM car_customer_file file
              JOIN res_company company ON company.id = file.company_id
              JOIN %(days)s ON day.company_id = file.company_id
             WHERE file.state = 'open'
             GROUP BY file.company_id, COALESCE(file.clerk_id, company.car_clerk_id)
            """,
            counts=self._select_counts(
                file_missing_count=SQL("count(*)"),
                file_late_count=SQL("count(*) FILTER (WHERE file.due_on < day.today)"),
            ),
            days=days,
        )
