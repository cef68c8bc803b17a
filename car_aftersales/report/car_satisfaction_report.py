from odoo import api, fields, models
from odoo.tools import SQL

# Divided after summing, in every grouping
RATIOS = ("nps", "csi", "response_rate")


class CarSatisfactionReport(models.Model):
    """How customers find us: one row per visit, team and technician.

    A visit with several technicians has a row for each; visits are counted once in
    every grouping, and scores are shared. NPS, CSI and response rate are computed from
    sums and counts, never from averages.
    """

    _name = "car.satisfaction.report"
    _description = "Satisfaction Analysis"
    _auto = False
    _rec_name = "order_id"
    _order = "delivered_at desc, id desc"
    _depends = {
        "car.satisfaction": [
            "advisor_id",
            "answered_at",
            "answered_by_id",
            "asked_at",
            "asked_by",
            "company_id",
            "complaint_id",
            "delivered_at",
            "group",
            "order_id",
            "score",
            "state",
            "vehicle_id",
        ],
        "car.satisfaction.answer": ["satisfaction_id", "score"],
        "car.repair.order": ["type_id", "warehouse_id"],
        "car.repair.job": ["order_id", "state", "team_id", "technician_ids"],
        "car.vehicle": ["brand_id", "model_id"],
    }

    # visit
    satisfaction_id = fields.Many2one("car.satisfaction", "Rating", readonly=True)
    order_id = fields.Many2one("car.repair.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    type_id = fields.Many2one("car.repair.type", "Order Type", readonly=True)
    brand_id = fields.Many2one("car.vehicle.brand", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    delivered_at = fields.Datetime("Delivered On", readonly=True)
    asked_at = fields.Datetime("Asked On", readonly=True)
    answered_at = fields.Datetime("Answered On", readonly=True)
    asked_by = fields.Selection(
        selection=lambda self: (
            self.env["car.satisfaction"]
            ._fields["asked_by"]
            ._description_selection(self.env)
        ),
        string="Asked By Way Of",
        readonly=True,
    )
    is_by_staff = fields.Boolean("Written Down by Staff", readonly=True)
    # whom it is about
    advisor_id = fields.Many2one("res.users", readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    technician_id = fields.Many2one("car.technician", readonly=True)
    # counts: each visit once
    asked_count = fields.Integer(
        "Customers Asked", readonly=True, aggregator="count_distinct"
    )
    answered_count = fields.Integer(
        "Answers", readonly=True, aggregator="count_distinct"
    )
    promoter_count = fields.Integer(
        "Promoters", readonly=True, aggregator="count_distinct", help="9 or 10."
    )
    passive_count = fields.Integer(
        "Passives", readonly=True, aggregator="count_distinct", help="7 or 8."
    )
    detractor_count = fields.Integer(
        "Detractors", readonly=True, aggregator="count_distinct", help="0 to 6."
    )
    complaint_count = fields.Integer(
        "Complaints from It", readonly=True, aggregator="count_distinct"
    )
    # sums
    csi_points = fields.Float(
        "Points",
        readonly=True,
        help="Each scored item on a scale of 0 to 100: the recommendation times 10, "
        "stars less one times 25. A visit of several technicians is shared.",
    )
    csi_items = fields.Float("Scored Items", readonly=True)
    # ratios
    nps = fields.Float(
        "NPS",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="(Promoters − detractors) ÷ answers × 100. From −100 to 100.",
    )
    csi = fields.Float(
        "CSI",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Points ÷ scored items. From 0 to 100.",
    )
    response_rate = fields.Float(
        "Response Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Answers ÷ customers asked × 100.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._select(), self._from())

    @api.model
    def _select(self):
        """Return what is selected. Extend to add columns."""
        return SQL(
            """
            s.id::bigint * 1000 + COALESCE(work.number, 0) AS id,
            s.id AS satisfaction_id,
            s.order_id AS order_id,
            s.company_id AS company_id,
            o.warehouse_id AS warehouse_id,
            o.type_id AS type_id,
            vehicle.brand_id AS brand_id,
            vehicle.model_id AS model_id,
            s.delivered_at AS delivered_at,
            s.asked_at AS asked_at,
            s.answered_at AS answered_at,
            s.asked_by AS asked_by,
            s.answered_by_id IS NOT NULL AS is_by_staff,
            s.advisor_id AS advisor_id,
            work.team_id AS team_id,
            work.technician_id AS technician_id,
            CASE WHEN s.asked_at IS NOT NULL THEN s.id END AS asked_count,
            CASE WHEN s.state = 'answered' THEN s.id END AS answered_count,
            CASE WHEN s."group" = 'promoter' THEN s.id END AS promoter_count,
            CASE WHEN s."group" = 'passive' THEN s.id END AS passive_count,
            CASE WHEN s."group" = 'detractor' THEN s.id END AS detractor_count,
            s.complaint_id AS complaint_count,
            points.total / COALESCE(work.rows, 1) AS csi_points,
            points.items::float / COALESCE(work.rows, 1) AS csi_items,
            CASE s."group" WHEN 'promoter' THEN 100.0 WHEN 'passive' THEN 0.0
                           WHEN 'detractor' THEN -100.0 END AS nps,
            points.total / NULLIF(points.items, 0) AS csi,
            CASE WHEN s.asked_at IS NOT NULL
                 THEN 100.0 * (s.state = 'answered')::int END AS response_rate
            """
        )

    @api.model
    def _from(self):
        """Return the joined tables. Extend to add others."""
        return SQL(
            """
            car_satisfaction s
            JOIN car_repair_order o ON o.id = s.order_id
            JOIN car_vehicle vehicle ON vehicle.id = o.vehicle_id
            CROSS JOIN LATERAL (
                SELECT (s.state = 'answered')::int + count(answer.id) AS items,
                       CASE WHEN s.state = 'answered' THEN s.score * 10.0 ELSE 0.0 END
                       + COALESCE(sum((answer.score - 1) * 25.0), 0.0) AS total
                  FROM car_satisfaction_answer answer
                 WHERE answer.satisfaction_id = s.id AND answer.score > 0
            ) points
            LEFT JOIN LATERAL (
                SELECT each.team_id, each.technician_id,
                       row_number() OVER (ORDER BY each.team_id, each.technician_id)
                           AS number,
                       count(*) OVER () AS rows
                  FROM (SELECT DISTINCT job.team_id,
                               link.car_technician_id AS technician_id
                          FROM car_repair_job job
                     LEFT JOIN car_repair_job_car_technician_rel link
                            ON link.car_repair_job_id = job.id
                         WHERE job.order_id = o.id
                           AND job.state NOT IN ('declined', 'deferred', 'cancelled')
                       ) each
            ) work ON TRUE
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums by sums, whatever is grouped by."""
        name, _separator, _aggregate = aggregate_spec.partition(":")
        if name not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)

        def column(field):
            return self._field_to_sql(self._table, field, query)

        if name == "csi":
            return SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                column("csi_points"),
                column("csi_items"),
            )
        answered = SQL("COUNT(DISTINCT %s)", column("answered_count"))
        if name == "response_rate":
            return SQL(
                "100.0 * %s / NULLIF(COUNT(DISTINCT %s), 0)",
                answered,
                column("asked_count"),
            )
        return SQL(
            "100.0 * (COUNT(DISTINCT %s) - COUNT(DISTINCT %s)) / NULLIF(%s, 0)",
            column("promoter_count"),
            column("detractor_count"),
            answered,
        )
