from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 1000


class CarContactTask(models.Model):
    """Taking back what lost its reason, and giving back what got it again."""

    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    @api.model
    def _withdraw_gone(self):
        """Close open contacts whose reason is gone, each with the reason."""
        self.env.flush_all()
        for reason, condition in self._get_gone_conditions():
            while rows := self.env.execute_query(
                SQL(
                    """
                    SELECT t.id FROM car_contact_task t
                     WHERE t.state = 'open' AND t.rule_id IS NOT NULL AND %s
                     ORDER BY t.id LIMIT %s
                    """,
                    condition,
                    BATCH,
                )
            ):
                self.browse([row[0] for row in rows])._close(reason)
                self.env.flush_all()
        self._reopen_unbooked()

    @api.model
    def _get_gone_conditions(self):
        """Return (reason, SQL condition on the task ``t``). Extend to add more."""
        busy = self.env["car.contact.rule"]._get_busy_condition(SQL("t.vehicle_id"))
        return [
            (
                "sold",
                SQL(
                    """
                    t.kind IN ('service_due', 'inspection_expiry', 'ask_again')
                    AND EXISTS (SELECT FROM car_vehicle v
                                 WHERE v.id = t.vehicle_id
                                   AND (NOT v.active OR v.owner_id IS NULL
                                        OR t.partner_id NOT IN
                                           (v.owner_id, COALESCE(v.contact_id, 0))))
                    """
                ),
            ),
            (
                "newer_visit",
                SQL(
                    """
                    t.kind IN ('first_call', 'second_call')
                    AND EXISTS (SELECT FROM car_repair_order o
                                 WHERE o.vehicle_id = t.vehicle_id
                                   AND o.id != COALESCE(t.order_id, 0)
                                   AND o.received_at > t.create_date
                                   AND o.state != 'cancelled')
                    """
                ),
            ),
            ("booked", SQL("t.kind IN ('service_due', 'ask_again') AND %s", busy)),
            (
                "obsolete",
                SQL(
                    """
                    (t.kind = 'service_due'
                     AND EXISTS (SELECT FROM car_vehicle v
                                  WHERE v.id = t.vehicle_id
                                    AND (v.next_service_due_date IS NULL
                                         OR v.next_service_due_date > t.date_to + 60))
                     OR t.kind = 'inspection_expiry'
                     AND EXISTS (SELECT FROM car_vehicle v
                                  WHERE v.id = t.vehicle_id
                                    AND (v.inspection_due_date IS NULL
                                         OR v.inspection_due_date > t.date_to + 60))
                     OR t.kind = 'ask_again'
                     AND NOT EXISTS (SELECT FROM car_repair_line l
                                      WHERE l.order_id = t.order_id
                                        AND l.ask_again_date IS NOT NULL))
                    """
                ),
            ),
        ]

    @api.model
    def _reopen_unbooked(self):
        """Give back what a booking closed, when the customer did not come after all."""
        busy = self.env["car.contact.rule"]._get_busy_condition(SQL("t.vehicle_id"))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id FROM car_contact_task t
                 WHERE t.state = 'closed' AND t.close_reason = 'booked'
                   AND t.finished_on >= %(since)s
                   AND NOT %(busy)s
                   AND NOT EXISTS (SELECT FROM car_repair_order o
                                    WHERE o.vehicle_id = t.vehicle_id
                                      AND o.received_at >= t.create_date
                                      AND o.state != 'cancelled')
                """,
                since=fields.Date.subtract(fields.Date.today(), days=90),
                busy=busy,
            )
        )
        self.browse([row[0] for row in rows]).write({"state": "open"})

    @api.model
    def _withdraw_refused(self, partners):
        """Close what these customers have refused, at once."""
        tasks = self.search(
            [("partner_id", "in", partners.ids), ("state", "=", "open")]
        )
        tasks._get_refusing()._close("refused")
