from odoo import api, fields, models
from odoo.exceptions import UserError


class CarWorkflowMixin(models.AbstractModel):
    """A document whose state moves along a table of named steps.

    The table is checked in ``write``, so a button, an import, drag-and-drop and a
    remote call all meet the same refusals. For each step the model may define
    ``_check_<step>()``, which raises before, and ``_after_<step>()``, which acts after.
    """

    _name = "car.workflow.mixin"
    _description = "Document with a guarded state"

    state_changed_at = fields.Datetime("In This State Since", readonly=True, copy=False)
    state_changed_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.update(state_changed_at=now, state_changed_by_id=self.env.uid)
        records = super().create(vals_list)
        allowed = self._get_first_states()
        for record in records:
            if record.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(document)s must be created as “%(state)s” and then take its "
                        "steps.",
                        document=record.display_name,
                        state=record._get_state_label(allowed[0]),
                    )
                )
        return records

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        vals = dict(vals)
        target = vals.pop("state")
        moving = self.filtered(lambda record: record.state != target)
        by_step = {}
        for record in moving:
            step = record._get_step_to(target)
            by_step[step] = by_step.get(step, self.browse()) | record
        # The checks see what was given together with the state.
        result = super().write(vals) if vals else True
        if not moving:
            return result
        for step, records in by_step.items():
            if check := getattr(records, f"_check_{step}", None):
                check()
        moving._flush_pending_state()
        stamp = {"state_changed_at": fields.Datetime.now()}
        stamp["state_changed_by_id"] = self.env.uid
        result = super(CarWorkflowMixin, moving).write({"state": target, **stamp})
        for step, records in by_step.items():
            if after := getattr(records, f"_after_{step}", None):
                after()
        return result

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there.

        The first key is the state in which a document is created.
        """
        raise NotImplementedError

    def _get_first_states(self):
        """Return the states in which a document may be created."""
        return [next(iter(self._state_steps()))]

    def _flush_pending_state(self):
        """Let every state reach the database, where it is logged, two at once too."""
        pending = self.env._field_dirty.get(self._fields["state"])
        if pending and not pending.isdisjoint(self._ids):
            self.flush_recordset(["state"])

    def _raise_missing(self, missing):
        """Refuse a step or a change of these documents, naming them.

        :param str missing: what is missing or wrong, translated, without a full stop
        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "%(documents)s: %(missing)s.",
                documents=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    def _get_state_label(self, state):
        """Return the translated name of a state."""
        return dict(self._fields["state"]._description_selection(self.env)).get(
            state, state
        )

    def _get_step_to(self, target):
        """Return the name of the step from the present state to the target.

        :raise UserError: when the table does not know such a step.
        """
        self.ensure_one()
        step = self._state_steps().get(self.state, {}).get(target)
        if not step:
            raise UserError(
                self.env._(
                    "%(document)s is “%(state)s” and cannot become “%(target)s”.",
                    document=self.display_name,
                    state=self._get_state_label(self.state),
                    target=self._get_state_label(target),
                )
            )
        return step
