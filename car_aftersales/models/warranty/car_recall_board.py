from odoo import api, models
from odoo.tools import SQL

from .car_recall_campaign import WAITING
from .car_recall_job import LIVE_JOBS


class CarBoard(models.Model):
    """The board of the workshop marks cars with a recall; the lounge does not tell."""

    _inherit = "car.board"

    # === BUSINESS METHODS === #

    def _prepare_card(self, row, is_at_risk):
        card = super()._prepare_card(row, is_at_risk)
        if self.kind == "lounge":
            return card
        mark = ""
        if row.get("recall"):
            mark = {
                "parked": self.env._("Recall: do not drive"),
                "mandatory": self.env._("Recall"),
                "action": self.env._("Service action"),
            }[row["recall"]]
        is_mandatory = bool(mark) and row["recall"] != "action"
        return card | {"recall": mark, "is_recall_mandatory": is_mandatory}


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    @api.model
    def _get_board_rows(self, domain):
        rows = super()._get_board_rows(domain)
        if rows and self.env["car.recall.campaign"]._is_any_open():
            marks = self._get_recall_marks([row["id"] for row in rows])
            for row in rows:
                row["recall"] = marks.get(row["id"])
        return rows

    @api.model
    def _get_recall_marks(self, order_ids):
        """Map orders to the most urgent recall whose work is still wanted on them.

        In one query. What has passed on this visit, or is put off on it, is no more.
        """
        running = self.env["car.recall.campaign"].sudo()  # Safe: only that there is one
        campaigns = running._search(running._get_running_domain())
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT o.id,
                           CASE WHEN bool_or(c.is_mandatory AND NOT c.may_leave)
                                THEN 'parked'
                                WHEN bool_or(c.is_mandatory) THEN 'mandatory'
                                ELSE 'action' END
                      FROM car_repair_order o
                      JOIN car_recall_vehicle r ON r.vehicle_id = o.vehicle_id
                                               AND r.company_id = o.company_id
                      JOIN car_recall_campaign c ON c.id = r.campaign_id
                     WHERE o.id IN %(orders)s AND r.state IN %(waiting)s
                       AND c.id IN %(campaigns)s
                       AND (r.put_off_order_id IS DISTINCT FROM o.id
                            OR c.is_mandatory AND NOT c.may_leave
                            OR EXISTS (SELECT FROM car_repair_job j
                                        WHERE j.recall_vehicle_id = r.id
                                          AND j.order_id = o.id
                                          AND j.state IN %(live)s))
                       AND NOT EXISTS (SELECT FROM car_repair_job j
                                        WHERE j.recall_vehicle_id = r.id
                                          AND j.order_id = o.id
                                          AND j.state = 'passed')
                  GROUP BY o.id
                    """,
                    orders=tuple(order_ids),
                    waiting=WAITING,
                    live=LIVE_JOBS,
                    campaigns=campaigns.subselect(),
                )
            )
        )


class CarRecallVehicle(models.Model):
    _inherit = "car.recall.vehicle"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "put_off_order_id"}.isdisjoint(vals):
            # Safe: which screens look at a car that is here; they ask by themselves.
            here = self.sudo().vehicle_id.order_ids.filtered("waiting_for")
            here._notify_boards()
        return result
