from odoo import api, fields, models
from odoo.tools import SQL

LIVE_JOBS = ("draft", "estimated", "authorized", "in_progress", "done", "passed")


class CarRepairJob(models.Model):
    """A job that is the work of a recall."""

    _inherit = "car.repair.job"

    recall_vehicle_id = fields.Many2one(
        "car.recall.vehicle",
        "Recall",
        copy=False,
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        jobs.sudo().recall_vehicle_id._follow_work()  # Safe: follows from the job.
        return jobs

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals or "order_id" in vals:
            # Safe: follows from the step of the job, which was checked.
            self.sudo().recall_vehicle_id._follow_work()
        return result

    def unlink(self):
        rows = self.sudo().recall_vehicle_id  # Safe: follows from the job.
        result = super().unlink()
        rows.exists()._follow_work()
        return result

    # === BUSINESS METHODS === #

    def _check_method(self):
        """Ask for no notice where the maker, not the customer, orders the work."""
        ordered = self.filtered(lambda job: not job.recall_vehicle_id)
        return super(CarRepairJob, ordered)._check_method()

    def _undo_returned_recalls(self):
        """Want recalls again all of whose parts came back after the delivery."""
        for job in self:
            row, parts = job.recall_vehicle_id, job.line_ids.filtered("is_stocked")
            if (
                row.state == "done"
                and row.order_id == job.order_id
                and parts
                and not parts._get_parts_out()
            ):
                row._undo(self.env._("its parts came back"))


class CarRecallVehicle(models.Model):
    """A car on the list follows the jobs and bookings that stand for its work."""

    _inherit = "car.recall.vehicle"

    # === BUSINESS METHODS === #

    def _follow_work(self):
        """Bring the states in step with jobs and bookings: planned, or not any more."""
        if not self:
            return
        self.env.flush_all()
        planned = {
            row
            for (row,) in self.env.execute_query(
                SQL(
                    """
                    SELECT j.recall_vehicle_id
                      FROM car_repair_job j
                      JOIN car_repair_order o ON o.id = j.order_id
                     WHERE j.recall_vehicle_id IN %(rows)s AND j.state IN %(live)s
                       AND o.state NOT IN ('delivered', 'declined', 'cancelled')
                     UNION
                    SELECT l.recall_vehicle_id
                      FROM car_appointment_line l
                      JOIN car_appointment a ON a.id = l.appointment_id
                     WHERE l.recall_vehicle_id IN %(rows)s
                       AND a.state IN ('draft', 'confirmed')
                    """,
                    rows=tuple(self.ids),
                    live=LIVE_JOBS,
                )
            )
        }
        # Safe: the state follows from what was checked already.
        for row in self.sudo():
            if row.id in planned and row.state in ("open", "informed", "refused"):
                row.write({"state": "booked"})
            elif row.id not in planned and row.state == "booked":
                row.write({"state": "informed"})
        self.sudo()._undo_unpassed()

    def _undo_unpassed(self):
        """Want the work again where the job that did it has not passed any more."""
        for row in self:
            if row.state != "done" or row.done_source != "here":
                continue
            jobs = row.job_ids.filtered(lambda job, r=row: job.order_id == r.order_id)
            if jobs and not any(job.state == "passed" for job in jobs):
                row._undo(self.env._("its job was taken back"))

    def _undo(self, reason):
        """Let work count no more that we had done, with the reason."""
        for row in self:
            row._message_log(body=self.env._("Wanted again: %(reason)s", reason=reason))
            live = row.job_ids.filtered(lambda job: job.state in LIVE_JOBS[:-1])
            row.write({"state": "booked" if live else "open"})


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        back = moves.filtered(lambda move: move.car_direction < 0)
        # Safe: follows from parts that came back.
        jobs = back.sudo().car_repair_line_id.job_id.filtered("recall_vehicle_id")
        if jobs:
            jobs._undo_returned_recalls()
        return moves
