from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    slot_ids = fields.One2many("car.workshop.slot", "job_id", "Occupied Time")

    _unfinished_of_team = models.Index(
        "(team_id) WHERE state IN ('authorized', 'in_progress')"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("done", "declined", "deferred", "cancelled"):
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
        jobs = self._search(domain)
        self.env["car.repair.line"].flush_model(["job_id", "sold_hours"])
        self.env["car.workshop.slot"].flush_model(["job_id", "stop", "hours"])
        self.flush_model(["state", "team_id", "order_id"])
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
                        SELECT slot.job_id, SUM(slot.hours) AS hours
                          FROM car_workshop_slot slot
                          JOIN car_repair_job job ON job.id = slot.job_id
                         WHERE slot.job_id IN (SELECT id FROM unfinished)
                           AND (slot.stop > %(now)s OR job.state = 'in_progress')
                         GROUP BY slot.job_id)
                SELECT job.team_id, visit.warehouse_id,
                       SUM(GREATEST(sold.hours - COALESCE(planned.hours, 0), 0))
                  FROM sold
                  JOIN car_repair_job job ON job.id = sold.job_id
                  JOIN car_repair_order visit ON visit.id = job.order_id
                  LEFT JOIN planned ON planned.job_id = job.id
                 GROUP BY job.team_id, visit.warehouse_id
                """,
                now=fields.Datetime.now(),
                jobs=jobs.subselect(),
            )
        )

    def _get_covered_hours(self):
        """Map each job to the hours of its slots that stand for work to do.

        Slots that passed before the work began stand for nothing any more.
        """
        now = fields.Datetime.now()
        covered = defaultdict(float)
        for job, stop, hours in self.env["car.workshop.slot"]._read_group(
            [("job_id", "in", self.ids)],
            ["job_id"],
            ["stop:array_agg", "hours:array_agg"],
        ):
            covered[job] = sum(
                amount
                for end, amount in zip(stop, hours, strict=True)
                if end > now or job.state == "in_progress"
            )
        return covered
