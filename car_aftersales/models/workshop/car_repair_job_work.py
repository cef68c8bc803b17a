from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_work_session import PAUSE_REASONS


class CarRepairJob(models.Model):
    """Time worked on a job: who started, paused and finished when."""

    _inherit = "car.repair.job"

    session_ids = fields.One2many(
        "car.work.session",
        "job_id",
        copy=False,
        groups="car_aftersales.car_aftersales_group_technician,"
        "car_aftersales.car_aftersales_group_supervisor",
    )
    worked_hours = fields.Float(
        compute="_compute_worked_hours",
        compute_sudo=True,
        help="Clocked by all technicians, up to now.",
    )
    clocked_hours = fields.Float(
        compute="_compute_clocked_hours",
        compute_sudo=True,
        store=True,
        precompute=True,
        help="Of times that have been stopped.",
    )
    worker_names = fields.Char(
        "Working Now", compute="_compute_running", compute_sudo=True
    )
    is_working = fields.Boolean("I Am Working on It", compute="_compute_is_working")

    # === COMPUTE METHODS === #

    @api.depends("session_ids.hours", "session_ids.stopped_at")
    def _compute_worked_hours(self):
        now = fields.Datetime.now()
        for job in self:
            job.worked_hours = sum(
                session.hours if session.stopped_at else session._get_hours(now)
                for session in job.session_ids
            )

    @api.depends("session_ids.hours")
    def _compute_clocked_hours(self):
        for job in self:
            job.clocked_hours = sum(job.session_ids.mapped("hours"))

    @api.depends("session_ids.stopped_at", "session_ids.technician_id.name")
    def _compute_running(self):
        for job in self:
            running = job.session_ids.filtered(lambda session: not session.stopped_at)
            job.worker_names = ", ".join(running.technician_id.mapped("name"))

    @api.depends("session_ids.stopped_at")
    @api.depends_context("uid", "car_technician_id")
    def _compute_is_working(self):
        worker = self._get_worker()
        for job in self:
            running = job._get_running().technician_id
            job.is_working = bool(worker) and worker in running

    # === ACTION METHODS === #

    def action_pause(self, reason=None, note=None):
        """Interrupt one's work on a job.

        :param reason: key of PAUSE_REASONS; without it the reason is asked for.
        :raise UserError: when the user is not working on the job.
        """
        self.ensure_one()
        if not reason:
            return self._get_pause_action()
        if reason not in dict(PAUSE_REASONS):
            raise UserError(
                self.env._(
                    "%(job)s: choose why the work stands still.", job=self.display_name
                )
            )
        self._get_own_running()._stop(reason, note)
        if reason not in ("break", "part_done") and not self.worker_names:
            selection = self.env["car.work.session"]._fields["stop_reason"]
            label = dict(selection._description_selection(self.env))[reason]
            self.waiting_reason = f"{label}: {note}" if note else label
        return True

    def action_resume(self):
        """Go on with a job, or join in."""
        self._refuse(
            lambda job: job.state != "in_progress",
            self.env._("nobody works on it now; it is not in progress"),
        )
        worker = self._get_worker()
        if not worker:
            raise UserError(
                self.env._("Only technicians clock their time, and you are none.")
            )
        self._open_sessions(worker)
        self.filtered("waiting_reason").waiting_reason = False
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _get_worker(self):
        """Return the technician who acts.

        Without login it is whoever signed in at the terminal with badge or PIN.
        """
        technicians = self.env["car.technician"]
        # Safe: only code that runs with all rights speaks for somebody else.
        if self.env.su and self.env.context.get("car_technician_id"):
            return technicians.browse(self.env.context["car_technician_id"])
        if self.env.su:
            return technicians
        return technicians._get_of_user(company=self.company_id[:1])

    def _get_own_running(self):
        """Return the running time of who acts, with all rights.

        :raise UserError: when there is none.
        """
        worker = self._get_worker()
        running = self._get_running().filtered(
            lambda session: worker and session.technician_id == worker
        )
        if not running:
            raise UserError(
                self.env._(
                    "%(jobs)s: you are not working on it.",
                    jobs=", ".join(self.mapped("display_name")),
                )
            )
        return running

    def _get_pause_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause"),
            "res_model": "car.work.pause",
            "view_mode": "form",
            "target": "new",
            "context": {"default_job_id": self.id},
        }

    def _after_start(self):
        result = super()._after_start()
        if worker := self._get_worker():
            self._open_sessions(worker)
        return result

    def _check_finish(self):
        self._check_nobody_works()

    def _after_finish(self):
        self._close_sessions("finished")
        return super()._after_finish()

    def _check_nobody_works(self):
        """Refuse finishing a job somebody else is working on.

        :raise UserError: naming him.
        """
        running = self._get_running()
        worker = running and self._get_worker()
        for session in running:
            if session.technician_id != worker:
                raise UserError(
                    self.env._(
                        "%(job)s: %(technician)s is still working on it.",
                        job=session.job_id.display_name,
                        technician=session.technician_id.name,
                    )
                )

    def _get_running(self):
        """Return the running times of the jobs, with all rights."""
        # Safe: callers close them with the job, or name who works on it.
        return self.sudo().session_ids.filtered(lambda session: not session.stopped_at)

    def _close_sessions(self, reason):
        self._get_running()._stop(reason)

    def _after_decline(self):
        self._close_sessions("closed")
        return super()._after_decline()

    def _after_defer(self):
        self._close_sessions("closed")
        return super()._after_defer()

    def _after_cancel(self):
        self._close_sessions("closed")
        return super()._after_cancel()

    def _open_sessions(self, worker):
        """Let a technician's time run on the jobs.

        :raise UserError: when he is working already, or the job is another team's.
        """
        self._check_given_to(worker)
        # Safe: his own time, on a job whose step was checked.
        sessions = self.env["car.work.session"].sudo()
        is_single = not self.company_id.sudo().car_parallel_jobs
        running = sessions.search(
            [("technician_id", "=", worker.id), ("stopped_at", "=", False)]
        )
        busy = running if is_single else running.filtered(lambda s: s.job_id in self)
        if busy or (is_single and len(self) > 1):
            raise UserError(
                self.env._(
                    "%(technician)s works on one job at a time. Pause or finish "
                    "%(job)s first.",
                    technician=worker.sudo().name,
                    job=(busy.job_id[:1] or self[:1]).display_name,
                )
            )
        return sessions.create(
            [
                {
                    "job_id": job.id,
                    "technician_id": worker.id,
                    "is_rework": job._is_rework(),
                    "running_technician_id": is_single and worker.id,
                }
                for job in self
            ]
        )

    def _is_rework(self):
        """Tell whether work on the job now is not sold any more."""
        self.ensure_one()
        return bool(self.rework_count)

    def _check_given_to(self, worker):
        """Let technicians work on their jobs, and join those of their own team.

        :raise UserError: naming who hands out the work.
        """
        for job in self.sudo():  # Safe: who is on the job.
            if worker in job.technician_ids:
                continue
            if job.team_id and job.team_id != worker.sudo().team_id:
                raise UserError(
                    self.env._(
                        "%(job)s is given to %(team)s. The workshop supervisor hands "
                        "out the work.",
                        job=job.display_name,
                        team=job.team_id.name,
                    )
                )
            # Safe: whoever begins work is on the job.
            job.technician_ids = [fields.Command.link(worker.id)]

    def _get_workers(self):
        """Return the technicians who work or worked on the jobs."""
        # Safe: who did the work, nothing of the time.
        jobs = self.sudo()
        return jobs.technician_ids | jobs.session_ids.technician_id

    def _get_labor_cost(self):
        """Return the clocked hours at what each technician costs, else the old way."""
        self.ensure_one()
        # Safe: the hourly cost goes into the margin, which has groups of its own.
        if sessions := self.sudo().session_ids:
            return sum(sessions.mapped("labor_cost"))
        return super()._get_labor_cost()
