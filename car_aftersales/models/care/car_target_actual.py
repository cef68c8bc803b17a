from odoo import api, fields, models
from odoo.tools import SQL


class CarTarget(models.Model):
    """Where each indicator is read: one query for any number of targets.

    A layer above brings its own indicator by one more value of ``indicator`` and a
    method ``_get_actual_<indicator>``.
    """

    _inherit = "car.target"

    # === BUSINESS METHODS === #

    def _get_actuals(self):
        """Map each target to what was reached; what is not measured is left out."""
        values = {}
        for indicator, targets in (
            self.filtered("date_from").grouped("indicator").items()
        ):
            if indicator:
                values.update(getattr(targets, f"_get_actual_{indicator}")())
        return values

    def _get_actual_accessory_sales(self):
        return self._sum_facts(self._select_accessories)

    def _get_actual_accessory_stock(self):
        """Return the value on stock now; of a period that is over, the last one."""
        now = self.filtered(
            lambda target: (
                target.date_to
                >= (target.company_id or self.env.company)._get_car_today()
            )
        )
        values = {target: target.counted_value for target in self - now}
        return {**values, **now._get_stock_values()}

    def _get_actual_parts_sales(self):
        return self._sum_facts(self._select_parts)

    def _get_actual_labor_revenue(self):
        return self._sum_facts(self._select_labor)

    def _get_actual_visits(self):
        return self._sum_facts(self._select_visits)

    def _get_actual_calls_held(self):
        return self._sum_facts(self._select_calls)

    def _get_actual_complaints(self):
        return self._sum_facts(self._select_complaints)

    def _get_actual_insurance_renewals(self):
        """Hook: nobody keeps policies here. Extend where they are kept."""
        return {}

    def _get_actual_training_sales(self):
        """Return the trainings of the target's kind that took place."""
        return self._sum_facts(self._select_trainings)

    _get_actual_training_technology = _get_actual_training_sales
    _get_actual_training_workshop = _get_actual_training_sales
    _get_actual_training_discussion = _get_actual_training_sales
    _get_actual_training_activity = _get_actual_training_sales

    def _get_days(self):
        """Return the days that count: a report asks for those up to its own end."""
        first, last = super()._get_days()
        until = self.env.context.get("car_until")
        return first, min(last, until) if until else last

    # === FACTS === #

    def _sum_facts(self, select):
        """Map each target to the sum of the facts in its period, in one query.

        :param select: method that returns SQL of rows ``company_id, warehouse_id,
            moment, amount`` (``moment`` in UTC, or a day at midnight), given the
            moments between which facts are looked for
        """
        self.env.flush_all()
        # Days compare as days, moments as moments where the company works.
        spans = [(*target._get_moments(), *target._get_days()) for target in self]
        since = fields.Datetime.subtract(min(span[0] for span in spans), days=1)
        until = fields.Datetime.add(max(span[1] for span in spans), days=1)
        companies = [(target.company_id or self.env.company).id for target in self]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT span.number, COALESCE(sum(fact.amount), 0.0)::float
                  FROM unnest(%(companies)s, %(warehouses)s, %(begins)s::timestamp[],
                              %(stops)s::timestamp[], %(firsts)s::date[],
                              %(lasts)s::date[], %(indicators)s::text[])
                       WITH ORDINALITY
                       AS span(company_id, warehouse_id, begin_at, stop_at, first_day,
                               last_day, indicator, number)
             LEFT JOIN (%(facts)s) fact
                    ON fact.company_id = span.company_id
                   AND (span.warehouse_id = 0
                        OR fact.warehouse_id = span.warehouse_id)
                   AND (fact.indicator IS NULL OR fact.indicator = span.indicator)
                   AND CASE WHEN fact.day IS NULL
                            THEN fact.moment >= span.begin_at
                                 AND fact.moment < span.stop_at
                            ELSE fact.day BETWEEN span.first_day AND span.last_day END
                 GROUP BY span.number
                """,
                companies=companies,
                warehouses=[target.warehouse_id.id or 0 for target in self],
                begins=[span[0] for span in spans],
                stops=[span[1] for span in spans],
                firsts=[span[2] for span in spans],
                lasts=[span[3] for span in spans],
                indicators=self.mapped("indicator"),
                facts=select(since, until),
            )
        )
        return {self[number - 1]: value for number, value in rows}

    @api.model
    def _select_billed(self, since, until):
        """Return SQL of what was billed: a row for each line of a posted invoice.

        Amounts before taxes in the company's currency, credit notes below zero; the
        kind of work is that of the repair line, else of the product.
        """
        return SQL(
            """
            SELECT line.company_id, repair.warehouse_id, move.invoice_date AS day,
                   NULL::timestamp AS moment, -line.balance AS amount,
                   NULL::text AS indicator, category.parent_path,
                   COALESCE(part.kind, template.car_item_kind) AS kind
              FROM account_move_line line
              JOIN account_move move
                ON move.id = line.move_id AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.invoice_date >= %(since)s::date
               AND move.invoice_date <= %(until)s::date
         LEFT JOIN car_repair_line part ON part.id = line.car_repair_line_id
         LEFT JOIN car_repair_order repair ON repair.id = part.order_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN product_category category ON category.id = template.categ_id
             WHERE line.display_type = 'product'
            """,
            since=since,
            until=until,
        )

    @api.model
    def _select_accessories(self, since, until):
        return SQL(
            """
            SELECT billed.* FROM (%s) billed
              JOIN res_company company ON company.id = billed.company_id
              JOIN product_category top ON top.id = company.car_accessory_category_id
             WHERE starts_with(billed.parent_path, top.parent_path)
            """,
            self._select_billed(since, until),
        )

    @api.model
    def _select_parts(self, since, until):
        return SQL(
            "SELECT * FROM (%s) billed WHERE kind = 'part'",
            self._select_billed(since, until),
        )

    @api.model
    def _select_labor(self, since, until):
        return SQL(
            "SELECT * FROM (%s) billed WHERE kind = 'labor'",
            self._select_billed(since, until),
        )

    @api.model
    def _select_visits(self, since, until):
        return SQL(
            """
            SELECT company_id, warehouse_id, NULL::date AS day,
                   received_at AS moment, 1.0 AS amount, NULL::text AS indicator
              FROM car_repair_order
             WHERE state != 'cancelled'
               AND received_at >= %(since)s AND received_at < %(until)s
            """,
            since=since,
            until=until,
        )

    @api.model
    def _select_calls(self, since, until):
        """Return SQL of the calls and visits we made in which we reached somebody."""
        return SQL(
            """
            SELECT call.company_id, visit.warehouse_id, NULL::date AS day,
                   call.started_at AS moment, 1.0 AS amount, NULL::text AS indicator
              FROM car_contact_call call
         LEFT JOIN car_repair_order visit ON visit.id = call.order_id
             WHERE call.state != 'draft' AND call.direction != 'in'
               AND call.outcome IN ('reached', 'booked')
               AND call.started_at >= %(since)s AND call.started_at < %(until)s
            """,
            since=since,
            until=until,
        )

    @api.model
    def _select_complaints(self, since, until):
        """Return SQL of complaints: the cases, where they are kept, else the points."""
        if "car.complaint" in self.env:
            return SQL(
                """
                SELECT complaint.company_id, visit.warehouse_id, NULL::date AS day,
                       complaint.received_at AS moment, 1.0 AS amount,
                       NULL::text AS indicator
                  FROM car_complaint complaint
             LEFT JOIN car_repair_order visit ON visit.id = complaint.order_id
                 WHERE complaint.state != 'withdrawn'
                   AND complaint.received_at >= %(since)s
                   AND complaint.received_at < %(until)s
                """,
                since=since,
                until=until,
            )
        return SQL(
            """
            SELECT point.company_id, visit.warehouse_id, NULL::date AS day,
                   point.said_at AS moment, 1.0 AS amount, NULL::text AS indicator
              FROM car_contact_point point
         LEFT JOIN car_repair_order visit ON visit.id = point.order_id
             WHERE point.kind = 'complaint'
               AND point.said_at >= %(since)s AND point.said_at < %(until)s
            """,
            since=since,
            until=until,
        )

    @api.model
    def _select_trainings(self, since, until):
        return SQL(
            """
            SELECT company_id, warehouse_id, date AS day, NULL::timestamp AS moment,
                   1.0 AS amount, 'training_' || kind AS indicator
              FROM car_training
             WHERE state = 'held'
               AND date >= %(since)s::date AND date <= %(until)s::date
            """,
            since=since,
            until=until,
        )

    def _get_stock_values(self):
        """Map each target to the value of its accessories on stock, in one query.

        Quantity times cost, as Odoo values each method: with average cost and FIFO the
        cost of a product is its value divided by the quantity.
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT span.number,
                       COALESCE(sum(quant.quantity * COALESCE(
                           (product.standard_price ->> span.company_id::text)::float,
                           0.0)), 0.0)
                  FROM unnest(%(companies)s, %(warehouses)s)
                       WITH ORDINALITY AS span(company_id, warehouse_id, number)
                  JOIN res_company company ON company.id = span.company_id
                  JOIN product_category top
                    ON top.id = company.car_accessory_category_id
                  JOIN product_category category
                    ON starts_with(category.parent_path, top.parent_path)
                  JOIN product_template template ON template.categ_id = category.id
                  JOIN product_product product
                    ON product.product_tmpl_id = template.id
                  JOIN stock_quant quant ON quant.product_id = product.id
                  JOIN stock_location location
                    ON location.id = quant.location_id
                   AND location.company_id = span.company_id
                   AND location.usage IN ('internal', 'transit')
                   AND (span.warehouse_id = 0
                        OR location.warehouse_id = span.warehouse_id)
                 WHERE quant.owner_id IS NULL OR quant.owner_id = company.partner_id
                 GROUP BY span.number
                """,
                companies=[
                    (target.company_id or self.env.company).id for target in self
                ],
                warehouses=[target.warehouse_id.id or 0 for target in self],
            )
        )
        found = dict(rows)
        return {target: found.get(number, 0.0) for number, target in enumerate(self, 1)}
