from odoo import api, fields, models


class CarRepairJobPlan(models.TransientModel):
    """Choose team, bay, technician and time for a job."""

    _name = "car.repair.job.plan"
    _description = "Plan a Job"

    job_id = fields.Many2one("car.repair.job", required=True, readonly=True)
    company_id = fields.Many2one(related="job_id.company_id")
    warehouse_id = fields.Many2one(related="job_id.warehouse_id")
    promised_at = fields.Datetime(related="job_id.promised_at")
    team_id = fields.Many2one(
        "car.workshop.team",
        required=True,
        compute="_compute_team",
        store=True,
        readonly=False,
        precompute=True,
    )
    technician_id = fields.Many2one(
        "car.technician",
        compute="_compute_team",
        store=True,
        readonly=False,
        precompute=True,
    )
    bay_id = fields.Many2one("car.workshop.bay")
    hours = fields.Float(
        required=True,
        compute="_compute_team",
        store=True,
        readonly=False,
        precompute=True,
    )
    start_at = fields.Datetime(
        "Starts At",
        required=True,
        compute="_compute_start_at",
        store=True,
        readonly=False,
        precompute=True,
    )
    stop_at = fields.Datetime("End", compute="_compute_stop_at")
    is_free = fields.Boolean(compute="_compute_stop_at")
    is_late = fields.Boolean("Later Than Promised", compute="_compute_stop_at")
    reason = fields.Char("Why Nevertheless")

    # === COMPUTE METHODS === #

    @api.depends("job_id")
    def _compute_team(self):
        for plan in self:
            job = plan.job_id
            plan.team_id = job.team_id or job.order_id._get_site_teams()[:1]
            people = job.technician_ids
            plan.technician_id = people if len(people) == 1 else False
            plan.hours = job._get_hours_to_plan() if job else 0.0

    @api.depends("team_id", "technician_id", "bay_id", "hours")
    def _compute_start_at(self):
        """Propose the next free time."""
        for plan in self:
            free = plan._find(fields.Datetime.now())
            plan.start_at = free["start"] if free else False

    @api.depends("start_at", "team_id", "technician_id", "bay_id", "hours")
    def _compute_stop_at(self):
        for plan in self:
            free = plan.start_at and plan._find(plan.start_at)
            plan.is_free = bool(free) and free["start"] == plan.start_at
            plan.stop_at = free["stop"] if free else False
            plan.is_late = bool(
                plan.promised_at and plan.stop_at and plan.stop_at > plan.promised_at
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Take the time for the job."""
        self.ensure_one()
        self.job_id._plan(
            self.team_id,
            self.start_at,
            self.hours,
            bay=self.bay_id,
            technician=self.technician_id,
            reason=self.reason,
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _find(self, start):
        self.ensure_one()
        if not (self.job_id and self.team_id and self.hours > 0):
            return None
        return self.job_id._find_plan(
            self.team_id, start, self.hours, self.bay_id, self.technician_id
        )
