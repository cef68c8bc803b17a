from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.capacity import cut_pieces
from .car_repair_order_steps import CLOSED_JOBS
from .car_workshop_capacity import RUN_DAYS


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    needs_several_teams = fields.Boolean(
        "Several Teams",
        copy=False,
        tracking=True,
        help="The workshop supervisor hands out the jobs, even while one team has them "
        "all.",
    )
    has_several_teams = fields.Boolean(
        "Handed Out by the Workshop",
        compute="_compute_has_several_teams",
        help="Several teams work on the car: the workshop supervisor hands out the "
        "jobs.",
    )

    @api.depends("needs_several_teams", "job_ids.team_id", "job_ids.state")
    def _compute_has_several_teams(self):
        for order in self:
            teams = order.job_ids.filtered(
                lambda job: job.state not in CLOSED_JOBS
            ).team_id
            order.has_several_teams = order.needs_several_teams or len(teams) > 1

    def _check_dispatch(self):
        """Leave the work of several teams to the workshop supervisor (R-072, R-073).

        :raise AccessError: for anybody else who hands it out
        """
        if self._has_group("workshop_supervisor"):
            return
        for order in self:
            if order.has_several_teams:
                raise AccessError(
                    self.env._(
                        "%(order)s: several teams work on this car. The workshop "
                        "supervisor hands out the jobs.",
                        order=order.name,
                    )
                )


class CarRepairJob(models.Model):
    """Which team does a job when, in which bay."""

    _inherit = "car.repair.job"

    planned_from = fields.Datetime(compute="_compute_planned", compute_sudo=True)
    planned_until = fields.Datetime(compute="_compute_planned", compute_sudo=True)
    is_promise_in_danger = fields.Boolean(
        "Planned Later Than Promised", compute="_compute_planned", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("slot_ids.start", "slot_ids.stop", "promised_at")
    def _compute_planned(self):
        for job in self:
            slots = job.slot_ids
            job.planned_from = min(slots.mapped("start"), default=False)
            job.planned_until = max(slots.mapped("stop"), default=False)
            job.is_promise_in_danger = bool(
                job.promised_at
                and job.planned_until
                and job.state in ("draft", "estimated", "authorized", "in_progress")
                and job.planned_until > job.promised_at
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        # Those who find a job in the workshop leave its team to the supervisor.
        if not self.env.su and any(vals.get("team_id") for vals in vals_list):
            jobs.filtered("team_id").order_id._check_dispatch()
        return jobs

    def write(self, vals):
        if "team_id" not in vals or self.env.su:
            return super().write(vals)
        self.order_id._check_dispatch()
        result = super().write(vals)
        self.order_id._check_dispatch()
        return result

    # === ACTION METHODS === #

    def action_plan(self):
        """Open the dialog that gives the job time, bay and people."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the Job"),
            "res_model": "car.repair.job.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_job_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_coming_slots(self):
        """Return the job's time that has not passed, which may move."""
        now = fields.Datetime.now()
        # Safe: the job's own time, after the check of the step.
        return self.sudo().slot_ids.filtered(lambda slot: slot.start >= now)

    def _get_hours_to_plan(self):
        """Return the sold hours that no passed time stands for."""
        self.ensure_one()
        passed = self.sudo().slot_ids - self._get_coming_slots()
        rest = self.sold_hours - sum(passed.mapped("hours"))
        return max(rest, 0.0) or self.company_id.sudo().car_booking_hours

    def _find_plan(self, team, start, hours, bay=None, technician=None):
        """Return the next free time for the job from a moment on, or nothing."""
        self.ensure_one()
        found = team._find_free(
            hours,
            after=start,
            limit=1,
            bay=bay,
            technician=technician,
            without=self._get_coming_slots(),
            without_orders=self.sudo().order_id,
        )
        return found[0] if found else None

    def _plan(self, team, start, hours, bay=None, technician=None, reason=None):
        """Give the job time of a team instead of what it had to come.

        :param reason: why it is planned although the time is taken
        :raise UserError: when the time is not free, with the next one that is
        """
        self.ensure_one()
        order = self.env["car.repair.order"]
        order._require_group("advisor", "workshop_supervisor")
        self._refuse(
            lambda job: (
                job.state not in ("draft", "estimated", "authorized", "in_progress")
            ),
            self.env._("it is closed; there is nothing to plan"),
        )
        team._take_turn()
        if bay:
            bay._take_turn()
        free = self._find_plan(team, start, hours, bay, technician)
        if not (free and free["start"] == start) and not reason:
            self._raise_not_free(free)
        if reason and not order._has_group("workshop_supervisor"):
            raise AccessError(
                self.env._(
                    "Only the workshop supervisor plans more than there is time."
                )
            )
        times = team._get_capacities(start, start + timedelta(days=RUN_DAYS))[1]
        pieces = cut_pieces(times[team], start, hours)
        self._refuse(lambda _job: not pieces, self.env._("nobody works at that time"))
        self._get_coming_slots().unlink()
        self.env["car.workshop.slot"]._occupy(
            [
                (
                    {
                        "job_id": self.id,
                        "team_id": team.id,
                        "bay_id": (
                            bay
                            or (free or {}).get("bay")
                            or team.env["car.workshop.bay"]
                        ).id,
                        "technician_id": technician.id if technician else False,
                    },
                    pieces,
                )
            ]
        )
        vals = {"team_id": team.id}
        if technician:
            vals["technician_ids"] = [fields.Command.link(technician.id)]
        self.write(vals)
        if reason:
            self.message_post(
                body=self.env._("Planned over what is free: %(reason)s", reason=reason)
            )
        return True

    def _raise_not_free(self, free):
        text = self.env._("that time is not free")
        if free:
            text = self.env._(
                "that time is not free; the next one is %(time)s",
                time=self.sudo().order_id._spell(free["start"]),
            )
        self._refuse(lambda _job: True, text)
