from odoo import models
from odoo.exceptions import AccessError, UserError


class CarContactTask(models.Model):
    """The end of a planned contact: made, or closed with the reason."""

    _inherit = "car.contact.task"

    # === ACTION METHODS === #

    def action_call(self):
        """Begin the talk: all that is due with this customer, in one call."""
        self.ensure_one()
        return self.env["car.contact.call"]._open_for_task(self)._get_records_action()

    def action_close(self, reason="by_hand", note=None):
        """Close a contact without making it.

        :raise UserError: without a note, when closed by hand
        """
        if note:
            self.write({"close_note": note})
        return self._close(reason)

    def action_reopen(self):
        return self.write({"state": "open"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "open": {"done": "finish", "closed": "close"},
            "done": {},
            "closed": {"open": "reopen"},
        }

    def _has_group(self, *tiers):
        """Tell whether the user sits at one of these desks (or is the system)."""
        return self.env["car.repair.order"]._has_group(*tiers)

    def _check_handing_over(self, vals):
        """Let the supervisor alone give a clerk's contacts to somebody else."""
        if "clerk_id" not in vals or self._has_group("supervisor"):
            return
        for task in self:
            if task.clerk_id and task.clerk_id.id != vals["clerk_id"]:
                raise AccessError(
                    self.env._(
                        "%(task)s: the business supervisor gives contacts to others.",
                        task=task.display_name,
                    )
                )

    def _close(self, reason):
        """Close contacts that will not be made, with the reason."""
        # Safe: the reason of a step that write() checks.
        self.sudo().write({"close_reason": reason})
        return self.write({"state": "closed"})

    def _check_finish(self):
        for task in self:
            if not task.env.su and not task._is_kept_by_record():
                raise UserError(
                    self.env._(
                        "%(task)s: it is done by a call, a visit or a letter that is "
                        "written down.",
                        task=task.display_name,
                    )
                )

    def _is_kept_by_record(self):
        """Tell whether a call, visit or letter stands for it. Extend to add more."""
        self.ensure_one()
        return bool(
            self.sudo().call_ids.filtered(lambda call: call.state != "draft")
        )  # Safe: only whether there is one.

    def _after_finish(self):
        self._stamp_end()

    def _check_close(self):
        for task in self:
            if task.close_reason == "by_hand" and not (task.close_note or "").strip():
                raise UserError(
                    self.env._(
                        "%(task)s: write down why nobody contacts the customer.",
                        task=task.display_name,
                    )
                )
            if not task.close_reason:
                raise UserError(
                    self.env._(
                        "%(task)s: the reason for closing is missing.",
                        task=task.display_name,
                    )
                )

    def _after_close(self):
        self._stamp_end()

    def _stamp_end(self):
        for company, tasks in self.grouped("company_id").items():
            # Safe: the day of the step just taken.
            tasks.sudo().write({"finished_on": company._get_car_today()})

    def _check_reopen(self):
        for task in self:
            if task.close_reason == "refused" and task._get_refusing():
                raise UserError(
                    self.env._(
                        "%(task)s: the customer wants no contact.",
                        task=task.display_name,
                    )
                )

    def _after_reopen(self):
        # Safe: undone together with the step.
        self.sudo().write(
            {"close_reason": False, "close_note": False, "finished_on": False}
        )

    def _get_refusing(self):
        """Return those of the contacts that the customer has refused."""
        refusing = self.browse()
        for (purpose, channel), tasks in self.grouped(
            lambda task: (task.purpose, task.channel)
        ).items():
            # Safe: yes or no.
            refused = tasks.sudo().partner_id._get_car_refused(purpose, channel)
            refusing |= tasks.filtered(
                lambda task, r=refused: task.sudo().partner_id in r
            )
        return refusing
