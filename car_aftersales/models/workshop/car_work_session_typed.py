from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .car_work_session import CORRECTED_FIELDS


class CarWorkSession(models.Model):
    """Time that was not clocked: typed in later, or corrected, with its reason."""

    _inherit = "car.work.session"

    # === CONSTRAINT METHODS === #

    @api.constrains("started_at", "stopped_at", "is_typed", "reason")
    def _check_typed(self):
        """Refuse typed time without a reason, in the future, or counted twice."""
        now = fields.Datetime.now()
        typed = self.filtered(lambda session: session.is_typed or session.reason)
        for session in typed:
            if not (session.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(session)s: time that was not clocked needs a reason.",
                        session=session.display_name,
                    )
                )
            if max(session.started_at, session.stopped_at or now) > now:
                raise ValidationError(
                    self.env._(
                        "%(session)s: the time is not over yet.",
                        session=session.display_name,
                    )
                )
        typed._check_no_overlap()

    def _check_no_overlap(self):
        """Refuse typed time in which the technician worked on something else.

        :raise ValidationError: naming both.
        """
        single = self.filtered(lambda session: not session._may_run_beside())
        if not single:
            return
        others = self.search(
            [
                ("technician_id", "in", single.technician_id.ids),
                ("started_at", "<", max(s._get_end() for s in single)),
                "|",
                ("stopped_at", "=", False),
                ("stopped_at", ">", min(single.mapped("started_at"))),
            ]
        )
        for session in single:
            for other in others - session:
                if (
                    other.technician_id == session.technician_id
                    and other.started_at < session._get_end()
                    and session.started_at < other._get_end()
                ):
                    raise ValidationError(
                        self.env._(
                            "%(session)s: at that time the technician worked on "
                            "%(other)s.",
                            session=session.display_name,
                            other=other.job_id.display_name,
                        )
                    )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_typed_vals(self, vals):
        """Make what a user writes down by hand time typed in later.

        :raise UserError: without an end.
        """
        if not vals.get("stopped_at"):
            raise UserError(
                self.env._("Time that is typed in has a start, an end and a reason.")
            )
        for name in (
            set(vals)
            - CORRECTED_FIELDS
            - {
                "job_id",
                "technician_id",
                "note",
            }
        ):
            del vals[name]
        vals["is_typed"] = True

    def _check_work_agreed(self):
        """Refuse time on a job that nobody may work on.

        :raise UserError: naming the job.
        """
        for session in self:
            if session.job_id.state not in ("in_progress", "done", "passed"):
                raise UserError(
                    self.env._(
                        "%(job)s has not been started.",
                        job=session.job_id.display_name,
                    )
                )

    def _check_correction(self, vals):
        """Refuse a correction without reason or end; leave a note on the job."""
        if not vals.get("stopped_at", True):
            raise UserError(
                self.env._("Time that is typed in has a start, an end and a reason.")
            )
        if not (vals.get("reason") or "").strip():
            raise UserError(
                self.env._(
                    "%(sessions)s: a corrected time needs a reason.",
                    sessions=", ".join(self.mapped("display_name")),
                )
            )
        for session in self:
            # Safe: a note on the job, after the check of the supervisor's right.
            session.job_id.sudo()._message_log(
                body=self.env._(
                    "Work time of %(technician)s corrected from %(hours).2f hours: "
                    "%(reason)s",
                    technician=session.technician_id.name,
                    hours=session.hours,
                    reason=vals["reason"],
                )
            )
