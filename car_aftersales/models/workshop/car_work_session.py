from odoo import api, fields, models
from odoo.exceptions import AccessError

from .car_technician import WORKSHOP_HEADS

PAUSE_REASONS = [
    ("parts", "Waiting for parts"),
    ("customer", "Waiting for the customer"),
    ("bay", "No bay free"),
    ("tools", "Tools in use"),
    ("break", "Break"),
    ("part_done", "My part is done"),
    ("other", "Other"),
]
# What whoever corrects a time writes
CORRECTED_FIELDS = {"started_at", "stopped_at", "reason"}


class CarWorkSession(models.Model):
    """A stretch of time in which a technician worked on a job.

    It runs while it has no end. Start, pause and finish of the job open and close it;
    time typed in later says why.
    """

    _name = "car.work.session"
    _description = "Work Time"
    _order = "started_at desc, id desc"
    _check_company_auto = True

    job_id = fields.Many2one(
        "car.repair.job",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    technician_id = fields.Many2one(
        "car.technician",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_technician_id(),
    )
    # when
    started_at = fields.Datetime(
        "Started", required=True, default=fields.Datetime.now, index=True
    )
    stopped_at = fields.Datetime("Stopped")
    hours = fields.Float(
        "Hours Worked", compute="_compute_hours", store=True, precompute=True
    )
    stop_reason = fields.Selection(
        [
            ("finished", "Job finished"),
            *PAUSE_REASONS,
            ("closed", "Job closed"),
            ("forgotten", "Forgotten, stopped at the end of the day"),
        ],
        "Stopped Because",
        readonly=True,
    )
    note = fields.Char()
    # later
    is_typed = fields.Boolean("Typed In Later", readonly=True)
    reason = fields.Char(
        "Why Typed or Corrected", help="Time that was not clocked says why."
    )
    is_rework = fields.Boolean(
        "Rework", readonly=True, help="Work after a failed check is not sold."
    )
    # what it belongs to
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, precompute=True, index=True
    )
    team_id = fields.Many2one(
        "car.workshop.team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    vehicle_id = fields.Many2one(related="job_id.vehicle_id", store=True, index=True)
    order_number = fields.Char(related="job_id.order_number")
    # cost
    currency_id = fields.Many2one(related="company_id.currency_id")
    hourly_cost = fields.Monetary(
        compute="_compute_hourly_cost",
        store=True,
        compute_sudo=True,
        groups=WORKSHOP_HEADS,
        help="Of the technician when the work was begun.",
    )
    labor_cost = fields.Monetary(
        compute="_compute_labor_cost",
        store=True,
        compute_sudo=True,
        groups=WORKSHOP_HEADS,
    )
    # technical
    running_technician_id = fields.Many2one(
        "car.technician",
        groups=fields.NO_ACCESS,
        help="Set while the time runs and the technician may have one job at a time.",
    )

    _stopped_after_start = models.Constraint(
        "CHECK (stopped_at IS NULL OR stopped_at >= started_at)",
        "Work stops after it was started.",
    )
    _running_technician_uniq = models.UniqueIndex(
        "(running_technician_id) WHERE running_technician_id IS NOT NULL",
        "The technician is working on another job. Pause it first.",
    )
    _running_job_uniq = models.UniqueIndex(
        "(technician_id, job_id) WHERE stopped_at IS NULL",
        "The technician is working on this job already.",
    )

    # === DEFAULT METHODS === #

    def _default_technician_id(self):
        return self.env["car.technician"]._get_of_user()

    # === COMPUTE METHODS === #

    @api.depends("started_at", "stopped_at")
    def _compute_hours(self):
        for session in self:
            session.hours = session._get_hours(session.stopped_at)

    @api.depends("technician_id")
    def _compute_team_id(self):
        for session in self:
            session.team_id = session.technician_id.team_id

    @api.depends("technician_id")
    def _compute_hourly_cost(self):
        for session in self:
            session.hourly_cost = session.technician_id._get_hourly_cost()

    @api.depends("hours", "hourly_cost")
    def _compute_labor_cost(self):
        for session in self:
            session.labor_cost = session.hours * session.hourly_cost

    @api.depends("technician_id.name", "job_id.display_name")
    def _compute_display_name(self):
        for session in self:
            parts = (session.technician_id.name, session.job_id.display_name)
            session.display_name = ", ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._prepare_typed_vals(vals)
        sessions = super().create(vals_list)
        if not self.env.su:
            sessions._check_may_write()
            sessions._check_work_agreed()
        return sessions

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._check_may_write()
        refused = set(vals) - CORRECTED_FIELDS - {"note"}
        if refused or (CORRECTED_FIELDS & set(vals) and not self._is_head()):
            raise AccessError(
                self.env._(
                    "%(sessions)s: clocked time is corrected by the workshop "
                    "supervisor, who says why.",
                    sessions=", ".join(self.mapped("display_name")),
                )
            )
        if {"started_at", "stopped_at"} & set(vals):
            self._check_correction(vals)
        result = super().write(vals)
        if "stopped_at" in vals:
            # Safe: what has an end does not run any more; the database must know it
            # before the technician starts on something else.
            self.sudo().running_technician_id = False
            self.flush_recordset(["running_technician_id"])
        return result

    def unlink(self):
        for session in self:
            # Safe: a note on the job, after the check of the right to delete.
            session.job_id.sudo()._message_log(
                body=self.env._(
                    "Work time deleted: %(technician)s, %(hours).2f hours",
                    technician=session.technician_id.name,
                    hours=session.hours,
                )
            )
        return super().unlink()

    # === ACTION METHODS === #

    def action_stop(self):
        """Stop a time that somebody forgot; the workshop supervisor does."""
        if not self._is_head():
            raise AccessError(
                self.env._("Only the workshop supervisor stops the time of others.")
            )
        # Safe: checked above.
        self.sudo()._stop("other")

    # === BUSINESS METHODS === #

    def _is_head(self):
        """Tell whether the user corrects everybody's time."""
        return self.env["car.repair.order"]._has_group("workshop_supervisor")

    def _may_run_beside(self):
        """Tell whether a technician may work on several jobs at a time."""
        return self.company_id.sudo().car_parallel_jobs

    def _get_end(self):
        self.ensure_one()
        return self.stopped_at or fields.Datetime.now()

    def _get_hours(self, end):
        """Return the hours from the start to a moment; none without one."""
        self.ensure_one()
        if not (end and self.started_at):
            return 0.0
        return (end - self.started_at).total_seconds() / 3600

    def _check_may_write(self):
        """Let technicians write their own time only."""
        if self._is_head():
            return
        if self.technician_id.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(sessions)s: you write down your own work only.",
                    sessions=", ".join(self.sudo().mapped("display_name")),
                )
            )

    def _stop(self, reason, note=None, moment=None):
        """Close running times. Called with all rights, after the caller's check."""
        vals = {
            "stopped_at": moment or fields.Datetime.now(),
            "stop_reason": reason,
            "running_technician_id": False,
        }
        if note:
            vals["note"] = note
        running = self.filtered(lambda session: not session.stopped_at)
        return running.write(vals) if running else True
