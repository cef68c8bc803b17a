from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .car_repair_job import UNSOLD_JOBS


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    slot_ids = fields.One2many("car.workshop.slot", "job_id", "Occupied Time")

    _unfinished_of_team = models.Index(
        "(team_id) WHERE state IN ('authorized', 'in_progress')"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("done", *UNSOLD_JOBS):
            # Safe: follows from the step that was just checked.
            self.sudo().slot_ids._release()
        if vals.keys() & {"team_id", "technician_ids"}:
            self._follow_dispatch()
        return result

    def _follow_dispatch(self):
        """Let the time to come follow the job to its team and its one technician."""
        now = fields.Datetime.now()
        # Safe: follows from the dispatch that was just written.
        for job in self.sudo().filtered(lambda job: job.team_id and job.slot_ids):
            coming = job.slot_ids.filtered(lambda slot: slot.stop > now)
            person = job.technician_ids
            values = {
                "team_id": job.team_id.id,
                "technician_id": person.id if len(person) == 1 else False,
            }
            foreign = coming.filtered(
                lambda slot, team=job.team_id: slot.bay_id.team_id - team
            )
            foreign.bay_id = False
            coming.write(values)

    @api.model
    def _sum_unplanned_hours(self, domain):
        """Sum what jobs are sold for above the slots that stand for them.

        One sum in the database: open work may be that of thousands of orders.

        :return: list of (team id or None, site id, hours)
        """
        self.env["car.repair.line"].flush_model(["job_id", "sold_hours"])
        self.env["car.workshop.slot"].flush_model(["job_id", "hours"])
        self.flush_model(["team_id", "order_id"])
        self.env["car.repair.order"].flush_model(["warehouse_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH unfinished (id) AS (%(jobs)s),
                     sold AS (
                        SELECT job_id, SUM(sold_hours) AS hours
                          FROM car_repair_line
                         WHERE job_id IN (SELECT id FROM unfinished)
                         GROUP BY job_id),
                     planned AS (
                        SELECT job_id, SUM(hours) AS hours
                          FROM car_workshop_slot
                         WHERE job_id IN (SELECT id FROM unfinished)
                           AND id IN %(slots)s
                         GROUP BY job_id)
                SELECT job.team_id, visit.warehouse_id,
                       SUM(GREATEST(sold.hours - COALESCE(planned.hours, 0), 0))
                  FROM sold
                  JOIN car_repair_job job ON job.id = sold.job_id
                  JOIN car_repair_order visit ON visit.id = job.order_id
                  LEFT JOIN planned ON planned.job_id = job.id
                 GROUP BY job.team_id, visit.warehouse_id
                """,
                jobs=self._search(domain).subselect(),
                slots=self._get_covering_slots_query().subselect(),
            )
        )

    @api.model
    def _get_covering_slots_query(self):
        """Return the slots that stand for work to do.

        Those that passed before the work began stand for nothing any more.
        """
        slots = self.env["car.workshop.slot"]
        return slots._search(
            Domain("stop", ">", fields.Datetime.now())
            | Domain("job_id.state", "=", "in_progress")
        )

    def _get_covered_hours(self):
        """Map each job to the hours of its slots that stand for work to do."""
        return dict(
            self.env["car.workshop.slot"]._read_group(
                [
                    ("job_id", "in", self.ids),
                    ("id", "in", self._get_covering_slots_query()),
                ],
                ["job_id"],
                ["hours:sum"],
            )
        )
