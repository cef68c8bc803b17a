from odoo import api, fields, models
from odoo.tools import SQL

from ..models.workshop.car_repair_order import CUSTOMER_DATA

# By distinct documents, so that several technicians or jobs count an order once
COUNTS = ("order_count", "comeback_count")


class CarComebackReport(models.Model):
    """How often cars come back: one row per delivered job, technician and comeback.

    A comeback counts for the team, technicians, system and class of the job that did
    not hold, in the month in which that job was delivered. Orders are counted once,
    however many rows they have; the cost is shared between technicians. The rate is a
    count divided by a count, never an average of rates.
    """

    _name = "car.comeback.report"
    _description = "Comeback Analysis"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "job_id"
    _order = "delivered_at desc, id desc"
    _depends = {
        "car.repair.order": [
            "advisor_id",
            "company_id",
            "delivered_at",
            "state",
            "vehicle_id",
            "warehouse_id",
        ],
        "car.repair.job": [
            "order_id",
            "repair_class_id",
            "state",
            "system_id",
            "team_id",
            "technician_ids",
        ],
        "car.repair.line": ["job_id"],
        "car.repair.comeback": [
            "arrived_on",
            "job_id",
            "of_job_id",
            "order_id",
            "state",
        ],
        "account.move.line": [
            "balance",
            "car_repair_line_id",
            "car_repair_role",
            "parent_state",
        ],
        "car.vehicle": ["brand_id", "model_id"],
    }

    job_id = fields.Many2one("car.repair.job", readonly=True)
    order_id = fields.Many2one("car.repair.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Site", readonly=True)
    delivered_at = fields.Datetime("Delivered On", readonly=True)
    advisor_id = fields.Many2one("res.users", readonly=True)
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    brand_id = fields.Many2one("car.vehicle.brand", readonly=True)
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    technician_id = fields.Many2one("car.technician", readonly=True)
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System", readonly=True)
    repair_class_id = fields.Many2one("car.repair.class", readonly=True)
    comeback_id = fields.Many2one("car.repair.comeback", readonly=True)
    comeback_order_id = fields.Many2one(
        "car.repair.order", "Order of the Comeback", readonly=True
    )
    came_back_on = fields.Date("Came Back", readonly=True)
    # figures
    order_count = fields.Integer(
        "Delivered Orders", readonly=True, aggregator="count_distinct"
    )
    comeback_count = fields.Integer(
        "Orders That Came Back",
        readonly=True,
        aggregator="count_distinct",
        help="Orders that came back, decided as ours or not decided yet.",
    )
    comeback_rate = fields.Float(
        "Comeback Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Orders that came back divided by orders delivered.",
    )
    cost_amount = fields.Monetary(
        "Cost of Comebacks",
        readonly=True,
        groups=CUSTOMER_DATA,
        help="As booked on the cost accounts, before taxes.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s WHERE %s", self._select(), *self._from_where())

    @api.model
    def _select(self):
        """Return what is selected. Extend to add columns."""
        return SQL(
            """
            job.id::bigint * 4096 + row_number() OVER (
                PARTITION BY job.id ORDER BY worker.technician_id, back.id
            ) AS id,
            job.id AS job_id,
            o.id AS order_id,
            o.company_id AS company_id,
            company.currency_id AS currency_id,
            o.warehouse_id AS warehouse_id,
            o.delivered_at AS delivered_at,
            o.advisor_id AS advisor_id,
            o.vehicle_id AS vehicle_id,
            vehicle.brand_id AS brand_id,
            vehicle.model_id AS model_id,
            job.team_id AS team_id,
            worker.technician_id AS technician_id,
            job.system_id AS system_id,
            job.repair_class_id AS repair_class_id,
            back.id AS comeback_id,
            back.order_id AS comeback_order_id,
            back.arrived_on AS came_back_on,
            o.id AS order_count,
            CASE WHEN back.id IS NOT NULL THEN o.id END AS comeback_count,
            CASE WHEN back.id IS NOT NULL THEN 100.0 ELSE 0.0 END AS comeback_rate,
            COALESCE(cost.amount, 0.0) / GREATEST(workers.number, 1) AS cost_amount
            """
        )

    @api.model
    def _from_where(self):
        """Return the joined tables and which rows are read. Extend to add others."""
        workers = self.env["car.repair.job"]._fields["technician_ids"]
        tables = SQL(
            """
            car_repair_job job
            JOIN car_repair_order o ON o.id = job.order_id
            JOIN car_vehicle vehicle ON vehicle.id = o.vehicle_id
            JOIN res_company company ON company.id = o.company_id
       LEFT JOIN LATERAL (
                 SELECT w.%(technician)s AS technician_id
                   FROM %(workers)s w WHERE w.%(job)s = job.id
                 ) worker ON TRUE
       LEFT JOIN car_repair_comeback back
              ON back.of_job_id = job.id AND back.state IN ('checking', 'ours')
      CROSS JOIN LATERAL (
                 SELECT count(*) AS number
                   FROM %(workers)s w WHERE w.%(job)s = job.id
                 ) workers
       LEFT JOIN LATERAL (
                 SELECT sum(item.balance) AS amount
                   FROM car_repair_line line
                   JOIN account_move_line item ON item.car_repair_line_id = line.id
                  WHERE line.job_id = back.job_id
                    AND item.car_repair_role = 'settled_cost'
                    AND item.parent_state = 'posted'
                 ) cost ON back.id IS NOT NULL
            """,
            workers=SQL.identifier(workers.relation),
            job=SQL.identifier(workers.column1),
            technician=SQL.identifier(workers.column2),
        )
        return tables, SQL("o.state = 'delivered' AND job.state IN ('done', 'passed')")

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Divide counts by counts, whatever is grouped by."""
        name = aggregate_spec.partition(":")[0]
        if name != "comeback_rate":
            return super()._read_group_select(aggregate_spec, query)
        orders, back = (self._field_to_sql(self._table, each, query) for each in COUNTS)
        return SQL(
            "100.0 * COUNT(DISTINCT %s) / NULLIF(COUNT(DISTINCT %s), 0)", back, orders
        )
