from odoo import api, fields, models
from odoo.tools import SQL

from ..models.vehicle.car_vehicle_model import VEHICLE_CLASSES
from ..models.workshop.car_repair_order import CUSTOMER_DATA

CAUSES = (
    "advisor",
    "customer",
    "parts",
    "bay",
    "technician",
    "inspector",
    "cashier",
    "collection",
)


class CarVisitReport(models.Model):
    """One row per visit: which car came for what, what it brought, how long it took.

    Lead time runs from the arrival until the car leaves. Touch time is when at least
    one job is under way. Waiting time of a cause is when it was the one to act and
    nobody worked; so lead time = touch time + waiting times. All are hours of the
    clock, from the log of states. On time counts against the first promise.
    """

    _name = "car.visit.report"
    _description = "Vehicle Statistics"
    _auto = False
    _rec_name = "order_id"
    _order = "received_at desc, id desc"
    _depends = {
        "car.repair.order": [
            "advisor_id",
            "company_id",
            "currency_id",
            "delivered_at",
            "first_promised_at",
            "received_at",
            "rework_count",
            "state",
            "type_id",
            "vehicle_id",
            "waiting_for",
            "warehouse_id",
        ],
        "car.repair.job": ["repair_class_id", "sequence", "state", "team_id"],
        "car.repair.line": [
            "authorization_state",
            "job_id",
            "order_id",
            "payer_id",
            "price_subtotal",
            "sold_hours",
        ],
        "car.repair.line.share": ["line_id", "payer_id", "percent"],
        "car.repair.payer": ["kind"],
        "car.repair.promise": ["order_id"],
        "car.exit.pass": ["kind", "order_id", "out_at", "state"],
        "car.vehicle": ["brand_id", "model_id", "vehicle_class"],
    }

    # visit
    order_id = fields.Many2one("car.repair.order", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.order"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
    first_promised_at = fields.Datetime("First Promised", readonly=True)
    left_at = fields.Datetime("Left", readonly=True)
    advisor_id = fields.Many2one("res.users", readonly=True)
    type_id = fields.Many2one("car.repair.type", "Order Type", readonly=True)
    # car
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    brand_id = fields.Many2one("car.vehicle.brand", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    vehicle_class = fields.Selection(VEHICLE_CLASSES, readonly=True)
    # work, of the first job
    repair_class_id = fields.Many2one("car.repair.class", readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    # figures
    visit_count = fields.Integer("Cars In", readonly=True)
    left_count = fields.Integer("Cars Out", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        groups=CUSTOMER_DATA,
        help="Agreed work before taxes without what the house bears itself, in the "
        "company's currency at the rate of the day the car was received.",
    )
    sold_hours = fields.Float("Hours Sold", readonly=True)
    rework_count = fields.Integer("Reworks", readonly=True)
    lead_hours = fields.Float(
        "Lead Time (h)",
        readonly=True,
        aggregator="avg",
        help="From the arrival until the car leaves.",
    )
    touch_hours = fields.Float(
        "Touch Time (h)",
        readonly=True,
        aggregator="avg",
        help="While at least one job is under way.",
    )
    advisor_hours = fields.Float(
        "Waited for Advisor (h)", readonly=True, aggregator="avg"
    )
    customer_hours = fields.Float(
        "Waited for Customer (h)", readonly=True, aggregator="avg"
    )
    parts_hours = fields.Float("Waited for Parts (h)", readonly=True, aggregator="avg")
    bay_hours = fields.Float("Waited for Bay (h)", readonly=True, aggregator="avg")
    technician_hours = fields.Float(
        "Waited for Technician (h)", readonly=True, aggregator="avg"
    )
    inspector_hours = fields.Float(
        "Waited for Inspector (h)", readonly=True, aggregator="avg"
    )
    cashier_hours = fields.Float(
        "Waited for Cashier (h)", readonly=True, aggregator="avg"
    )
    collection_hours = fields.Float(
        "Waited for Collection (h)", readonly=True, aggregator="avg"
    )
    # promise
    promised_count = fields.Integer(
        "Delivered With a Promise",
        readonly=True,
        help="Cars delivered whose time had been promised.",
    )
    on_time_count = fields.Integer(
        "Delivered On Time",
        readonly=True,
        help="Delivered not later than first promised.",
    )
    on_time_rate = fields.Float(
        "On Time (%)",
        readonly=True,
        aggregator="avg",
        help="Delivered not later than first promised, of those delivered with a "
        "promise.",
    )
    promise_change_count = fields.Integer("Promises Changed", readonly=True)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s WHERE %s", *self._get_clauses())

    @api.model
    def _get_clauses(self):
        return self._select(), self._from(), SQL("o.state != 'cancelled'")

    @api.model
    def _select(self):
        """Return what is selected. Extend to add columns."""
        causes = SQL(", ").join(
            SQL(
                "times.%(cause)s AS %(column)s",
                cause=SQL.identifier(cause),
                column=SQL.identifier(f"{cause}_hours"),
            )
            for cause in CAUSES
        )
        return SQL(
            """
            o.id AS id,
            o.id AS order_id,
            o.state AS state,
            o.company_id AS company_id,
            company.currency_id AS currency_id,
            o.warehouse_id AS warehouse_id,
            o.received_at AS received_at,
            o.first_promised_at AS first_promised_at,
            leave.at AS left_at,
            o.advisor_id AS advisor_id,
            o.type_id AS type_id,
            o.vehicle_id AS vehicle_id,
            vehicle.brand_id AS brand_id,
            vehicle.model_id AS model_id,
            vehicle.vehicle_class AS vehicle_class,
            work.repair_class_id AS repair_class_id,
            work.team_id AS team_id,
            1 AS visit_count,
            (leave.at IS NOT NULL)::int AS left_count,
            sales.revenue AS revenue,
            sales.sold_hours AS sold_hours,
            o.rework_count AS rework_count,
            extract(epoch FROM leave.at - o.received_at) / 3600.0 AS lead_hours,
            times.touch AS touch_hours,
            %(causes)s,
            promise.is_counted::int AS promised_count,
            (promise.is_counted AND promise.is_kept)::int AS on_time_count,
            CASE WHEN promise.is_counted THEN 100.0 * promise.is_kept::int END
                AS on_time_rate,
            (SELECT count(*) FROM car_repair_promise p WHERE p.order_id = o.id)
                AS promise_change_count
            """,
            causes=causes,
        )

    @api.model
    def _from(self):
        """Return the joined tables. Extend to add others."""
        return SQL(
            """
            car_repair_order o
            JOIN res_company company ON company.id = o.company_id
            JOIN car_vehicle vehicle ON vehicle.id = o.vehicle_id
            CROSS JOIN LATERAL (
                SELECT COALESCE(o.delivered_at, (
                           SELECT max(pass.out_at)
                             FROM car_exit_pass pass
                            WHERE pass.order_id = o.id
                              AND pass.kind = 'final'
                              AND pass.state = 'used'
                       )) AS at
            ) leave
            CROSS JOIN LATERAL (
                SELECT o.delivered_at IS NOT NULL
                       AND o.first_promised_at IS NOT NULL AS is_counted,
                       COALESCE(o.delivered_at <= o.first_promised_at, FALSE) AS is_kept
            ) promise
            LEFT JOIN LATERAL (
                SELECT job.repair_class_id, job.team_id
                  FROM car_repair_job job
                 WHERE job.order_id = o.id
              ORDER BY job.state IN ('cancelled', 'declined', 'deferred'),
                       job.sequence, job.id
                 LIMIT 1
            ) work ON TRUE
            CROSS JOIN LATERAL (%(sales)s) sales
            CROSS JOIN LATERAL (%(times)s) times
            """,
            sales=self._select_sales(),
            times=self._select_times(),
        )

    @api.model
    def _select_sales(self):
        """Return what an order brings: agreed lines, without what the house bears."""
        to_rate, from_rate = (
            self.env["car.repair.report"]._select_rate(SQL(currency))
            for currency in ("company.currency_id", "o.currency_id")
        )
        return SQL(
            """
            SELECT COALESCE(sum(line.price_subtotal * (1 - house.fraction)), 0.0) * (
                       CASE WHEN o.currency_id = company.currency_id THEN 1.0
                            ELSE %(to_rate)s / %(from_rate)s END
                   ) AS revenue,
                   COALESCE(sum(line.sold_hours), 0.0) AS sold_hours
              FROM car_repair_line line
              JOIN car_repair_job job ON job.id = line.job_id
              CROSS JOIN LATERAL (
                   SELECT COALESCE(
                       (SELECT sum(CASE WHEN payer.kind IN ('internal', 'goodwill')
                                        THEN share.percent / 100.0 ELSE 0.0 END)
                          FROM car_repair_line_share share
                          JOIN car_repair_payer payer ON payer.id = share.payer_id
                         WHERE share.line_id = line.id),
                       (SELECT (payer.kind IN ('internal', 'goodwill'))::int
                          FROM car_repair_payer payer
                         WHERE payer.id = line.payer_id),
                       0
                   ) AS fraction
              ) house
             WHERE line.order_id = o.id
               AND line.authorization_state IN ('authorized', 'partly', 'exceeded')
               AND job.state NOT IN ('declined', 'cancelled', 'deferred')
            """,
            to_rate=to_rate,
            from_rate=from_rate,
        )

    @api.model
    def _select_times(self):
        """Return touch time and waiting times of an order, in hours of the clock.

        Pieces of work that overlap count once; what is left of a wait is what no piece
        of work covers. What goes on counts until now.
        """
        causes = SQL(", ").join(
            SQL(
                "sum(wait.hours) FILTER (WHERE wait.cause = %(cause)s) AS %(column)s",
                cause=cause,
                column=SQL.identifier(cause),
            )
            for cause in CAUSES
        )
        return SQL(
            """
            WITH pieces AS (
                SELECT log.job_id, log.new_value AS value,
                       CASE WHEN log.old_value IS NULL AND log.job_id IS NULL
                            THEN LEAST(log.changed_at, o.received_at)
                            ELSE log.changed_at END AS start,
                       LEAST(
                           lead(log.changed_at) OVER (
                               PARTITION BY log.job_id ORDER BY log.changed_at, log.id
                           ),
                           leave.at,
                           %(now)s
                       ) AS stop
                  FROM car_state_log log
                 WHERE log.order_id = o.id
                   AND log.aspect = CASE WHEN log.job_id IS NULL
                                         THEN 'waiting_for' ELSE 'state' END
            ), work AS (
                SELECT start, stop,
                       max(stop) OVER (
                           ORDER BY start, stop
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                       ) AS seen
                  FROM pieces
                 WHERE job_id IS NOT NULL AND value = 'in_progress' AND stop > start
            ), touch AS (
                SELECT GREATEST(start, seen) AS start, stop
                  FROM work
                 WHERE seen IS NULL OR stop > seen
            ), wait AS (
                SELECT piece.value AS cause,
                       extract(epoch FROM piece.stop - piece.start - COALESCE((
                           SELECT sum(LEAST(touch.stop, piece.stop)
                                      - GREATEST(touch.start, piece.start))
                             FROM touch
                            WHERE touch.start < piece.stop
                              AND touch.stop > piece.start
                       ), interval '0')) / 3600.0 AS hours
                  FROM pieces piece
                 WHERE piece.job_id IS NULL
                   AND piece.value IS NOT NULL
                   AND piece.stop > piece.start
            )
            SELECT (SELECT extract(epoch FROM sum(stop - start)) / 3600.0 FROM touch)
                       AS touch,
                   %(causes)s
              FROM wait
            """,
            now=fields.Datetime.now(),
            causes=causes,
        )
