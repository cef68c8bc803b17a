from odoo import api, fields, models
from odoo.tools import SQL


class CarContactRule(models.Model):
    _inherit = "car.contact.rule"

    kind = fields.Selection(
        selection_add=[("lost", "Lost Customer")], ondelete={"lost": "cascade"}
    )
    trigger = fields.Selection(
        selection_add=[("lost", "A customer does not come as expected")],
        ondelete={"lost": "cascade"},
    )

    # === BUSINESS METHODS === #

    def _get_source_lost(self, company, today):
        """So many a day, the loyal ones first, then those who spent most."""
        return "car.customer.loss", SQL(
            """
            (SELECT l.id AS res_id, COALESCE(v.contact_id, l.partner_id) AS partner_id,
                    l.vehicle_id, NULL::int AS order_id, NULL::int AS enquiry_id,
                    %(today)s::date AS anchor
               FROM car_customer_loss l
          LEFT JOIN car_vehicle v
                 ON v.id = l.vehicle_id AND v.owner_id = l.partner_id
              WHERE l.company_id = %(company)s AND l.came_back_on IS NULL
                AND l.gone_on IS NULL AND l.planned_on IS NULL AND l.task_id IS NULL
                AND NOT %(busy)s
           ORDER BY l.is_loyal DESC, l.spend_before DESC, l.id
              LIMIT GREATEST(0, %(per_day)s - (SELECT COUNT(*)
                                                 FROM car_customer_loss planned
                                                WHERE planned.company_id = %(company)s
                                                  AND planned.planned_on = %(today)s)))
            """,
            today=today,
            company=company.id,
            busy=self._get_busy_condition(SQL("l.vehicle_id")),
            per_day=company.sudo().car_lost_calls_per_day,  # Safe: a setting.
        )

    def _prepare_tasks(self, company, today, working, rows):
        """Loyal customers come first in the queue, too."""
        vals_list = super()._prepare_tasks(company, today, working, rows)
        if self.trigger == "lost":
            losses = self.env["car.customer.loss"].browse(
                [vals["res_id"] for vals in vals_list]
            )
            for vals, loss in zip(vals_list, losses, strict=True):
                if loss.is_loyal:
                    vals["priority"] = "3"
        return vals_list


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    kind = fields.Selection(
        selection_add=[("lost", "Lost Customer")], ondelete={"lost": "cascade"}
    )

    # === BUSINESS METHODS === #

    def _after_planned(self):
        """Tie the calls to those who do not come, in one statement."""
        ours = self.filtered(lambda task: task.res_model == "car.customer.loss")
        for company, tasks in ours.grouped("company_id").items():
            tasks.flush_recordset(["res_id"])
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE car_customer_loss l
                       SET task_id = k.id, planned_on = %(today)s
                      FROM car_contact_task k
                     WHERE k.id = ANY(%(tasks)s) AND l.id = k.res_id
                    """,
                    today=company._get_car_today(),
                    tasks=tasks.ids,
                )
            )
            self.env["car.customer.loss"].invalidate_model(["task_id", "planned_on"])
        return super()._after_planned()

    @api.model
    def _get_gone_conditions(self):
        rules = self.env["car.contact.rule"]
        return [
            *super()._get_gone_conditions(),
            (
                "newer_visit",
                SQL(
                    """
                    t.kind = 'lost'
                    AND EXISTS (SELECT FROM car_repair_order o
                                 WHERE o.partner_id = t.partner_id
                                   AND o.company_id = t.company_id
                                   AND o.received_at >= t.anchor_date + 1
                                   AND o.state != 'cancelled')
                    """
                ),
            ),
            (
                "booked",
                SQL(
                    "t.kind = 'lost' AND %s",
                    rules._get_busy_condition(SQL("t.vehicle_id")),
                ),
            ),
            (
                "obsolete",
                SQL(
                    """
                    t.kind = 'lost' AND t.res_model = 'car.customer.loss'
                    AND NOT EXISTS (SELECT FROM car_customer_loss l
                                     WHERE l.id = t.res_id AND l.came_back_on IS NULL
                                       AND l.gone_on IS NULL)
                    """
                ),
            ),
        ]

    def _get_losses(self):
        """Return the losses that these contacts are about."""
        return self.env["car.customer.loss"].browse(
            [task.res_id for task in self if task.res_model == "car.customer.loss"]
        )


class CarContactCall(models.Model):
    """Why he does not come, asked in the call."""

    _inherit = "car.contact.call"

    kind = fields.Selection(
        selection_add=[("lost", "Lost Customer")], ondelete={"lost": "set default"}
    )
    has_loss = fields.Boolean("About a Lost Customer", compute="_compute_has_loss")
    loss_reason_id = fields.Many2one(
        "car.loss.reason", "Why He Does Not Come", copy=False
    )
    loss_measure = fields.Char("Measure", copy=False)

    # === COMPUTE METHODS === #

    @api.depends("task_ids")
    def _compute_has_loss(self):
        for call in self:
            call.has_loss = bool(
                call.task_ids.filtered(
                    lambda task: task.res_model == "car.customer.loss"
                )
            )

    # === BUSINESS METHODS === #

    def _after_hold(self):
        result = super()._after_hold()
        for call in self.filtered("has_loss"):
            if call.outcome in ("no_answer", "wrong_number"):
                continue
            today = call.company_id._get_car_today()
            vals = {"call_id": call.id, "called_on": today}
            if call.loss_reason_id:
                vals.update(
                    reason_id=call.loss_reason_id.id,
                    recorded_by_id=self.env.uid,
                    recorded_on=today,
                )
            if call.loss_measure:
                vals["measure"] = call.loss_measure
            # Safe: what was said in the call, on the list he was called from.
            call.task_ids._get_losses().sudo().write(vals)
        return result
