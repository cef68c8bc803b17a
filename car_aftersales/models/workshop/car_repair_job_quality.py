from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .car_quality_check import LINK_TIERS


class CarRepairJob(models.Model):
    """Self-check, acceptance by the team leader, and going back for rework (返工).

    The time of rework is not sold: what is billed are the hours of the lines.
    """

    _inherit = "car.repair.job"

    requires_self_check = fields.Boolean(
        "Self-Check Asked For",
        compute="_compute_requires_self_check",
        store=True,
        precompute=True,
    )
    is_self_checked = fields.Boolean(
        "Self-Check Done",
        copy=False,
        help="The technician has checked his own work before he calls it finished.",
    )
    self_checked_at = fields.Datetime("Self-Checked", readonly=True, copy=False)
    self_checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    quality_check_ids = fields.One2many(
        "car.quality.check", "job_id", "Judged", readonly=True
    )
    is_accepted = fields.Boolean("Accepted", compute="_compute_is_accepted")
    can_accept = fields.Boolean(
        compute="_compute_can_accept", search="_search_can_accept"
    )
    can_send_back = fields.Boolean(compute="_compute_can_accept")
    rework_count = fields.Integer("Times Reworked", readonly=True, copy=False)
    rework_reason = fields.Char(
        copy=False, help="What the work came back for the last time."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.type_id")
    def _compute_requires_self_check(self):
        """Keep what the type asked for when the order was made."""
        for job in self:
            job.requires_self_check = job.order_id.type_id.requires_self_check

    @api.depends("quality_check_ids.result", "quality_check_ids.is_void")
    def _compute_is_accepted(self):
        for job in self:
            job.is_accepted = any(
                check.link == "acceptance"
                and check.result == "passed"
                and not check.is_void
                for check in job.quality_check_ids
            )

    @api.depends("state", "is_accepted", "team_id.leader_id")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        technicians = self.env["car.quality.check"]._get_technicians()
        # Safe: only what the type asks for.
        asked = self.sudo().filtered(
            lambda job: job.order_id and "acceptance" in job.order_id._get_links()
        )
        inspects = self.env["car.repair.order"]._has_group("inspector")
        for job in self:
            done = job.state == "done"
            leads = done and job._is_leader(technicians)
            job.can_accept = leads and job.sudo() in asked and not job.is_accepted
            job.can_send_back = done and (leads or inspects)

    def _search_can_accept(self, operator, value):
        if operator != "in":
            return NotImplemented
        accepted = Domain("link", "=", "acceptance") & Domain("result", "=", "passed")
        domain = (
            Domain("state", "=", "done")
            & (
                Domain("order_id.quality_links", "like", "acceptance")
                | Domain("order_id.quality_links", "=", False)
                & Domain("order_id.type_id.requires_acceptance", "=", True)
            )
            & Domain(
                "quality_check_ids", "not any", accepted & Domain("is_void", "=", False)
            )
        )
        if not self.env["car.repair.order"]._has_group(*LINK_TIERS["acceptance"]):
            technicians = self.env["car.quality.check"]._get_technicians()
            domain &= Domain("team_id.leader_id", "in", technicians.ids)
        # Safe: only which jobs these are; the user's rules decide on what he reads.
        jobs = self.sudo()._search(domain)
        return Domain("id", "in" if True in value else "not in", jobs)

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            # Written by the steps only
            for name in ("rework_count", "self_checked_at", "self_checked_by_id"):
                vals = {key: value for key, value in vals.items() if key != name}
        if vals.get("is_self_checked"):
            self._check_desk("technician")
        result = super().write(vals)
        if "is_self_checked" in vals:
            done = vals["is_self_checked"]
            # Safe: who has just ticked it, and when.
            self.sudo().write(
                {
                    "self_checked_at": done and fields.Datetime.now(),
                    "self_checked_by_id": done and self.env.uid,
                }
            )
        return result

    # === ACTION METHODS === #

    def action_self_check(self):
        """Record that the technician has checked his own work, then finish it."""
        self.write({"is_self_checked": True})
        return self.action_finish()

    def action_accept(self):
        """Accept the work as leader of its team (验收)."""
        checks = self.env["car.quality.check"]
        technicians = checks._get_technicians()
        self.check_access("read")
        for job in self:
            job._check_acceptance(technicians)
            # Safe: the link just given, after the right to it was checked.
            order = job.sudo().order_id
            checks._record(order, "acceptance", job_id=job.id, technicians=technicians)
        return True

    def action_send_back(self, reason=None):
        """Send finished work back to its technicians, with the reason."""
        if not reason:
            return {
                "name": self.env._("Back to the Workshop"),
                "type": "ir.actions.act_window",
                "res_model": "car.repair.job.return",
                "view_mode": "form",
                "target": "new",
                "context": {"default_job_id": self[:1].id},
            }
        return self.write({"state": "in_progress", "rework_reason": reason})

    # === BUSINESS METHODS === #

    def _is_leader(self, technicians=None):
        """Tell whether the user accepts the work of the job's team."""
        self.ensure_one()
        if technicians is None:
            technicians = self.env["car.quality.check"]._get_technicians()
        leader = self.sudo().team_id.leader_id  # Safe: only who it is.
        orders = self.env["car.repair.order"]
        return bool(leader & technicians) or orders._has_group(
            *LINK_TIERS["acceptance"]
        )

    def _check_not_own(self, technicians):
        """Refuse judging one's own work, unless the company is too small for it."""
        # Who has checked it himself counts as well.
        checked = self.sudo().filtered(
            lambda job: job.self_checked_by_id == self.env.user
        )
        if not self or not (technicians or checked):
            return
        company = self.sudo().company_id  # Safe: a setting.
        if all(company.mapped("car_allow_own_inspection")):
            return
        people = technicians.user_id
        for job in self:
            workers = job._get_workers() if technicians else technicians
            own = workers & technicians or workers.user_id & people
            if own or job.sudo() in checked:
                raise UserError(
                    self.env._(
                        "%(job)s: %(person)s has worked on it; another person checks "
                        "it.",
                        job=job.display_name,
                        person=self.env.user.name,
                    )
                )

    def _check_acceptance(self, technicians):
        """Refuse accepting to others than the leader, and what is not finished."""
        self.ensure_one()
        if not self._is_leader(technicians):
            raise AccessError(
                self.env._(
                    "%(job)s: the leader of its team accepts the work.",
                    job=self.display_name,
                )
            )
        self._refuse(
            lambda job: job.state != "done", self.env._("the work is not finished")
        )
        self._refuse(
            lambda job: job.is_accepted, self.env._("it has been accepted already")
        )
        self._check_not_own(technicians)
        # Safe: compares persons only.
        order = self.sudo().order_id.with_user(self.env.user).sudo()
        order._check_other_person("acceptance", technicians)

    def _check_finish(self):
        result = super()._check_finish()
        self._refuse(
            lambda job: job.requires_self_check and not job.is_self_checked,
            self.env._("the technician's self-check is missing"),
        )
        return result

    def _check_pass(self):
        result = super()._check_pass()
        # Safe: reads which links are missing.
        for order in self.sudo().order_id:
            if len(order._get_links()) > 1 and (len(order._get_missing_links()) > 1):
                order._raise_for_each(
                    self.env._("the links of the quality check come one by one")
                )
        if not self.env.context.get("car_links_checked"):
            self._check_not_own(self.env["car.quality.check"]._get_technicians())
        return result

    def _check_inspection_right(self):
        """Let the supervisor who gives the last link pass the jobs."""
        order = self.env["car.repair.order"]
        # Safe: reads only which links the type asks for.
        if order._has_group("supervisor") and not order._has_group("inspector"):
            types = self.sudo().order_id.type_id
            if types and all(types.mapped("requires_review")):
                return None
        return super()._check_inspection_right()

    def _check_rework(self):
        self._refuse(
            lambda job: not job.rework_reason,
            self.env._("the reason for the rework is missing"),
        )
        technicians = self.env["car.quality.check"]._get_technicians()
        if all(job._is_leader(technicians) for job in self):
            # Safe: reads only where the car is. Once ready, others decide on it.
            states = set(self.sudo().order_id.mapped("state"))
            if states <= {"in_workshop", "quality_check"}:
                return None
        return super()._check_rework()

    def _after_rework(self):
        """Write down which link failed and why, and let the work begin anew."""
        result = super()._after_rework()
        links = {job: job._get_failed_link() for job in self}
        checks = self.env["car.quality.check"]
        for job, link in links.items():
            # Safe: what follows from the step just taken.
            known = job.sudo()
            order = known.order_id
            sheet = order._get_quality_sheet(finished=False)
            values = {"reason": job.rework_reason, "is_void": True}
            values["inspection_id"] = link == "inspection" and sheet.id
            known.quality_check_ids.write({"is_void": True})
            checks._record(order, link, "failed", job_id=job.id, **values)
            known.write(
                {"rework_count": known.rework_count + 1, "is_self_checked": False}
            )
            job._message_log(body=job.rework_reason)
            if order.state in ("quality_check", "ready"):
                order._return_for(job)
        return result

    def _get_failed_link(self):
        """Return which link the user did not pass."""
        self.ensure_one()
        orders = self.env["car.repair.order"]
        # Safe: only which links are missing.
        due = self.sudo().order_id._get_missing_links()[:1] or ["inspection"]
        if orders._has_group(*LINK_TIERS[due[0]]):
            return due[0]
        return "inspection" if orders._has_group("inspector") else "acceptance"
