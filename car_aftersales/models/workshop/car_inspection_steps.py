from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.labels import spell_fields
from .car_repair_order import CUSTOMER_DATA

# What a technician writes down; everything else is the front desk's
TECHNICIAN_FIELDS = {
    "state",
    "line_ids",
    "conclusion",
    "advice",
    "equipment",
    "technician_ids",
    "message_main_attachment_id",
}


class CarInspection(models.Model):
    """Who takes which step of an inspection, and under which conditions."""

    _inherit = "car.inspection"

    # === ACTION METHODS === #

    def action_start(self):
        return self.write({"state": "in_progress"})

    def action_finish(self):
        return self.write({"state": "done"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_reopen(self, reason=None):
        """Open a done inspection again; the reason stays with it."""
        if not reason:
            action = self.order_id._get_reason_action(
                "reopen_inspection", self.env._("Reopen the Inspection")
            )
            action["context"]["default_inspection_id"] = self[:1].id
            return action
        return self.write({"state": "in_progress", "reopen_reason": reason})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"in_progress": "start", "cancelled": "cancel"},
            "in_progress": {"done": "finish", "cancelled": "cancel"},
            "done": {"in_progress": "reopen"},
            "cancelled": {},
        }

    def _refuse(self, condition, missing):
        """Raise for the inspections on which the condition holds."""
        for inspection in self.filtered(condition):
            raise UserError(
                self.env._(
                    "%(inspection)s: %(missing)s.",
                    inspection=inspection.display_name,
                    missing=missing,
                )
            )

    def _check_open(self):
        """Refuse changing what is recorded of a finished inspection."""
        if self.env.su:
            return
        self._refuse(
            lambda inspection: inspection.state in ("done", "cancelled"),
            self.env._("it is closed; a supervisor reopens it with a reason"),
        )

    def _check_technician_fields(self, vals):
        """Keep technicians to what the workshop writes down."""
        if self.env.su or self.env.user.has_group(CUSTOMER_DATA):
            return
        if foreign := set(vals) - TECHNICIAN_FIELDS:
            raise AccessError(
                self.env._(
                    "%(inspections)s: technicians do not change %(fields)s.",
                    inspections=", ".join(self.mapped("display_name")),
                    fields=spell_fields(self, foreign),
                )
            )

    def _check_desk(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(inspections)s: your role may not take this step.",
                    inspections=", ".join(self.mapped("display_name")),
                )
            )

    def _get_desks(self):
        """Return who may work on inspections of this kind."""
        return {
            "intake": ("advisor", "inspector", "workshop_supervisor"),
            "diagnosis": ("advisor", "technician", "inspector", "workshop_supervisor"),
            "health_check": ("advisor", "technician", "inspector"),
            "quality": ("inspector", "workshop_supervisor"),
            "release": ("inspector", "workshop_supervisor"),
        }

    def _check_kind_desk(self):
        for kind, inspections in self.grouped("kind").items():
            inspections._check_desk(*self._get_desks()[kind])

    def _check_start(self):
        self._check_kind_desk()

    def _after_start(self):
        # Safe: the moment of the step just taken.
        self.sudo().started_at = fields.Datetime.now()

    def _check_finish(self):
        self._check_kind_desk()
        for inspection in self:
            if unchecked := inspection._get_unchecked():
                inspection._refuse(
                    lambda each: True,
                    self.env._(
                        "not checked yet: %(items)s",
                        items=", ".join(unchecked.mapped("name")),
                    ),
                )

    def _after_finish(self):
        # Safe: the moment and person of the step just taken.
        self.sudo().write(
            {"finished_at": fields.Datetime.now(), "finished_by_id": self.env.uid}
        )

    def _check_reopen(self):
        self._check_desk("supervisor", "workshop_supervisor")
        self._refuse(
            lambda inspection: not inspection.reopen_reason,
            self.env._("the reason for reopening it is missing"),
        )
        self._refuse(
            # Safe: reads only whether the visit is over.
            lambda inspection: inspection.sudo().order_id.state == "delivered",
            self.env._("the car has been delivered"),
        )

    def _after_reopen(self):
        for inspection in self:
            inspection._message_log(body=inspection.reopen_reason)
            # Safe: follows from the step just taken.
            inspection.sudo().write(
                {
                    "reopened_count": inspection.reopened_count + 1,
                    "finished_at": False,
                    "finished_by_id": False,
                    "reopen_reason": False,
                }
            )

    def _check_cancel(self):
        self._check_desk("advisor", "inspector", "workshop_supervisor")

    def _get_unchecked(self):
        """Return the items that must have a result and have none."""
        return self.line_ids.filtered(
            lambda line: line.is_required and line.result == "unchecked"
        )

    def _get_found(self):
        """Return the items that are not in order."""
        return self.line_ids.filtered(
            lambda line: line.result in ("attention", "defect")
        )
