from odoo import api, models
from odoo.tools import SQL

BATCH = 2000
# The car was here, but nobody came because he is content.
NO_LOYALTY = ("comeback", "internal", "pdi")


class CarCustomerValue(models.Model):
    """Counting customers anew every night, in batches that each cost a few queries."""

    _inherit = "car.customer.value"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_refresh(self):
        """Count every customer once a day; what was interrupted is gone on with."""
        losses = self.env["car.customer.loss"]
        for company in self.env["res.company"].search([("id", "!=", False)]):
            today = company._get_car_today()
            last_id = 0
            while partner_ids := self._get_stale_partners(company, today, last_id):
                self._refresh(company, partner_ids, today)
                last_id = partner_ids[-1]
                left = len(partner_ids) == BATCH
                if not self.env["ir.cron"]._commit_progress(
                    len(partner_ids), remaining=int(left)
                ):
                    return
            self._drop_stale(company, today)
            losses._follow(company, today)

    @api.model
    def _get_stale_partners(self, company, today, last_id=0):
        """Return the next customers who were not counted today, by id."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT o.partner_id FROM car_repair_order o
                 WHERE o.company_id = %(company)s AND o.partner_id > %(last)s
                   AND o.state != 'cancelled' AND o.partner_id != %(own)s
                   AND NOT EXISTS (SELECT FROM car_customer_value v
                                    WHERE v.partner_id = o.partner_id
                                      AND v.company_id = o.company_id
                                      AND v.refreshed_on >= %(today)s)
                 ORDER BY o.partner_id LIMIT %(limit)s
                """,
                company=company.id,
                last=last_id,
                own=company.partner_id.id,
                today=today,
                limit=BATCH,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _refresh(self, company, partner_ids, today=None):
        """Count these customers of a company, in one statement."""
        self.env.flush_all()
        today = today or company._get_car_today()
        columns = self._get_columns()
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        self.env.cr.execute(
            SQL(
                """
                WITH %(counted)s
                INSERT INTO car_customer_value
                       (partner_id, company_id, refreshed_on, %(names)s,
                        create_uid, create_date, write_uid, write_date)
                SELECT f.partner_id, %(company)s, %(today)s, %(values)s,
                       %(user)s, now() AT TIME ZONE 'UTC',
                       %(user)s, now() AT TIME ZONE 'UTC'
                  FROM found f
                    ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET refreshed_on = EXCLUDED.refreshed_on,
                       write_date = EXCLUDED.write_date, %(updates)s
                """,
                counted=self._get_counted(company, partner_ids, today),
                names=names,
                values=SQL(", ").join(SQL.identifier("f", name) for name in columns),
                company=company.id,
                today=today,
                user=self.env.uid,
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in columns
                ),
            )
        )
        self.env["car.customer.value"].invalidate_model()

    @api.model
    def _get_columns(self):
        """Return what is counted. Extend together with what finds it."""
        return [
            "first_visit_on",
            "last_visit_on",
            "visit_count",
            "visit_year_count",
            "spend_year",
            "visit_before_count",
            "spend_before",
            "segment_id",
            "is_loyal",
            "vehicle_id",
            "expected_on",
            "is_awaited",
            "is_overdue",
            "is_silent",
            "is_two_years",
            "standing",
        ]

    @api.model
    def _get_counted(self, company, partner_ids, today):
        """Return the CTEs that end in ``found``: one row for each customer."""
        rules = self.env["car.contact.rule"]
        company = company.sudo()  # Safe: settings.
        return SQL(
            """
            visit AS (
                SELECT o.partner_id, o.id AS order_id, %(day)s AS day,
                       t.kind IS NULL OR t.kind != ALL(%(no_loyalty)s) AS counts
                  FROM car_repair_order o
             LEFT JOIN car_repair_type t ON t.id = o.type_id
                 WHERE o.company_id = %(company)s AND o.partner_id = ANY(%(partners)s)
                   AND o.state != 'cancelled' AND o.received_at IS NOT NULL
            ), span AS (
                SELECT partner_id, MIN(day) AS first_on, MAX(day) AS last_on
                  FROM visit GROUP BY partner_id
            ), bill AS (
                SELECT v.order_id, -SUM(l.balance) AS amount
                  FROM visit v
                  JOIN car_repair_payer p
                    ON p.order_id = v.order_id AND p.kind = 'customer'
                  JOIN account_move_line l
                    ON l.car_repair_payer_id = p.id AND l.display_type = 'product'
                  JOIN account_move m
                    ON m.id = l.move_id AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund')
                 GROUP BY v.order_id
            ), counted AS (
                SELECT s.partner_id, s.first_on, s.last_on,
                       COUNT(*) FILTER (WHERE v.counts) AS visits,
                       COUNT(*) FILTER (WHERE v.counts AND v.day > %(year)s)
                           AS year_visits,
                       COALESCE(SUM(b.amount) FILTER (WHERE v.day > %(year)s), 0)
                           AS year_spend,
                       COUNT(*) FILTER (WHERE v.counts
                           AND v.day > s.last_on - interval '1 year') AS before_visits,
                       COALESCE(SUM(b.amount) FILTER
                           (WHERE v.day > s.last_on - interval '1 year'), 0)
                           AS before_spend,
                       COALESCE(bool_or(v.day > %(two_years)s AND v.day <= %(year)s),
                                false) AS year_before
                  FROM span s
                  JOIN visit v ON v.partner_id = s.partner_id
             LEFT JOIN bill b ON b.order_id = v.order_id
                 GROUP BY s.partner_id, s.first_on, s.last_on
            ), car AS (
                SELECT DISTINCT ON (v.owner_id) v.owner_id AS partner_id,
                       v.id AS vehicle_id, v.next_service_due_date AS expected_on
                  FROM car_vehicle v
                 WHERE v.owner_id = ANY(%(partners)s) AND v.active AND %(own)s
                 ORDER BY v.owner_id, v.next_service_due_date NULLS LAST, v.id
            ), awaited AS (
                SELECT DISTINCT v.owner_id AS partner_id
                  FROM car_vehicle v
                 WHERE v.owner_id = ANY(%(partners)s) AND v.active AND %(busy)s
            ), flag AS (
                SELECT c.*, car.vehicle_id, car.expected_on,
                       a.partner_id IS NOT NULL AS is_awaited,
                       GREATEST(COALESCE(car.expected_on,
                                         (c.last_on + %(months)s)::date), c.last_on)
                           + %(grace)s < %(today)s AS is_overdue,
                       c.last_on < (%(today)s::date - %(months)s)::date AS is_silent,
                       c.year_before AND c.year_visits = 0 AS is_two_years,
                       COALESCE(car.expected_on < %(today)s
                                AND c.last_on < car.expected_on, false) AS is_late,
                       segment.id AS segment_id,
                       COALESCE(segment.is_loyal, false) AS is_loyal
                  FROM counted c
             LEFT JOIN car ON car.partner_id = c.partner_id
             LEFT JOIN awaited a ON a.partner_id = c.partner_id
             LEFT JOIN LATERAL (
                    SELECT s.id, s.is_loyal FROM car_customer_segment s
                     WHERE s.active
                       AND COALESCE(s.company_id, %(company)s) = %(company)s
                       AND COALESCE(s.min_visits, 0) <= c.before_visits
                       AND COALESCE(s.min_spend, 0) <= c.before_spend
                     ORDER BY s.sequence, s.id LIMIT 1) segment ON true
            ), found AS (
                SELECT partner_id, first_on AS first_visit_on, last_on AS last_visit_on,
                       visits AS visit_count, year_visits AS visit_year_count,
                       year_spend AS spend_year, before_visits AS visit_before_count,
                       before_spend AS spend_before, segment_id, is_loyal, vehicle_id,
                       expected_on, is_awaited, is_overdue, is_silent, is_two_years,
                       CASE WHEN vehicle_id IS NULL THEN 'gone'
                            WHEN %(lost)s THEN 'lost'
                            WHEN is_loyal AND is_late THEN 'at_risk'
                            ELSE 'active' END AS standing
                  FROM flag
            )
            """,
            day=rules._get_local_day(company, SQL("o.received_at")),
            company=company.id,
            partners=list(partner_ids),
            no_loyalty=list(NO_LOYALTY),
            year=SQL("(%s::date - interval '1 year')::date", today),
            two_years=SQL("(%s::date - interval '2 years')::date", today),
            today=today,
            own=rules._get_own_condition(company),
            busy=rules._get_busy_condition(SQL("v.id")),
            months=SQL("make_interval(months => %s)", company.car_lost_months),
            grace=company.car_lost_grace_days,
            lost=SQL.identifier(f"is_{company.car_lost_definition}"),
        )

    @api.model
    def _drop_stale(self, company, today):
        """Forget customers without any visit: their orders were cancelled or merged."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM car_customer_value"
                " WHERE company_id = %s AND refreshed_on < %s",
                company.id,
                today,
            )
        )
        self.invalidate_model()
