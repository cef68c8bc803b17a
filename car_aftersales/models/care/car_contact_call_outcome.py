from datetime import timedelta

from odoo import fields, models


class CarContactCall(models.Model):
    """How a talk ends, and what follows from it."""

    _inherit = "car.contact.call"

    # === ACTION METHODS === #

    def action_reached(self):
        """The customer was reached and spoken to."""
        return self._end("reached")

    def action_no_answer(self):
        """Nobody answered: the contacts are tried again on the day given."""
        return self._end("no_answer")

    def action_wrong_number(self):
        return self._end("wrong_number")

    def action_refused(self):
        """The customer wants no contact any more; this is obeyed everywhere."""
        return self._end("refused")

    def action_sold(self):
        """The customer has sold the car: his ownership ends, the car's file stays."""
        return self._end("sold")

    def action_book(self):
        """Make the appointment the customer asked for, and hold the call."""
        self.ensure_one()
        if not self.appointment_id:
            appointment = self.env["car.appointment"].create(
                self._prepare_appointment_vals()
            )
            # Safe: the link to what was just made.
            self.sudo().appointment_id = appointment
        if self.state == "draft":
            self._end("booked")
        return self.appointment_id._get_records_action()

    def action_archive_record(self):
        """Lock the record for good."""
        return self.write({"state": "archived"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"done": "hold"},
            "done": {"archived": "archive"},
            "archived": {},
        }

    def _check_kept(self, vals):
        """Keep what was held as it was told; the outcome comes by its button."""
        locked = self.filtered(lambda call: call.state == "archived")
        if locked and vals:
            locked._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        held = self.filtered(lambda call: call.state == "done")
        if held and set(vals) - {"state", "point_ids", "summary", "task_ids"}:
            held._raise_missing(
                self.env._("the call was held; only its key points may be completed")
            )

    def _end(self, outcome):
        """Hold the call with its outcome.

        :raise UserError: naming what is missing
        """
        for call in self:
            if call.state != "draft":
                call._raise_missing(self.env._("its outcome is written down already"))
        # Safe: the outcome of a step that write() checks.
        self.sudo().write({"outcome": outcome})
        self.write({"state": "done"})
        return True

    def _check_hold(self):
        for call in self:
            if not call.outcome:
                call._raise_missing(self.env._("choose how it ended"))
            spoken = call.outcome in ("reached", "booked")
            if spoken and not (call.topic_ids or (call.summary or "").strip()):
                call._raise_missing(
                    self.env._("tick what was spoken about, or write the key points")
                )
            if call.outcome == "sold" and not call.vehicle_id:
                call._raise_missing(self.env._("choose the vehicle that was sold"))
            call._check_topics()

    def _check_topics(self):
        """Refuse to repeat the first call in the second (R-132)."""
        self.ensure_one()
        second = self.task_ids.filtered(lambda task: task.kind == "second_call")
        if repeated := self.topic_ids & second._get_first_call().topic_ids:
            self._raise_missing(
                self.env._(
                    "the first call spoke about this already: %(topics)s. The second "
                    "call does not repeat it",
                    topics=", ".join(repeated.mapped("name")),
                )
            )

    def _after_hold(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"ended_at": fields.Datetime.now()})
        for call in self:
            getattr(call, f"_settle_{call.outcome}")()

    def _settle_reached(self):
        # Safe: done by the call that stands for them.
        self._get_open_tasks().sudo().write({"state": "done"})

    def _settle_booked(self):
        self._settle_reached()

    def _settle_no_answer(self):
        """Count the try; after the last one the customer is given up."""
        tasks = self._get_open_tasks().sudo()  # Safe: follows from the call.
        for task in tasks:
            task.tries += 1
        lost = tasks.filtered(lambda task: task.tries >= (task.rule_id.max_tries or 3))
        lost._close("not_reached")
        for task in tasks - lost:
            task.call_on = self.next_try_on or self._get_next_try()

    def _settle_wrong_number(self):
        # Safe: follows from the call.
        self._get_open_tasks().sudo()._close("wrong_number")

    def _settle_refused(self):
        self.partner_id._record_car_answer(False, "call", evidence=self.name)
        # Safe: what is left, like a visit that was planned, ends with it.
        self._get_open_tasks().sudo()._close("refused")

    def _settle_sold(self):
        """End the ownership, not the file of the car."""
        # Safe: the owner says so; the call keeps who wrote it down.
        call = self.sudo()
        call.vehicle_id._end_ownership(
            call.partner_id,
            self.env._(
                "%(customer)s said in %(call)s that the car was sold.",
                customer=call.partner_id.name,
                call=self.name,
            ),
        )

    def _check_archive(self):
        self._require_follower()

    def _after_archive(self):
        # Safe: who locked it and when.
        self.sudo().write(
            {"archived_at": fields.Datetime.now(), "archived_by_id": self.env.uid}
        )

    def _require_follower(self):
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            self._raise_missing(
                self.env._("the follow-up clerk or the business supervisor archives it")
            )

    def _get_open_tasks(self):
        return self.task_ids.filtered(lambda task: task.state == "open")

    def _get_next_try(self):
        """Return the next working day after today."""
        self.ensure_one()
        company = self.company_id
        tomorrow = company._get_car_today() + timedelta(days=1)
        working = company._get_car_working_days(tomorrow, tomorrow + timedelta(days=30))
        return next(iter(working), tomorrow)

    def _prepare_appointment_vals(self):
        """Return the values of the appointment made in a call. Extend to add fields."""
        self.ensure_one()
        text = (
            self.need_text
            or self.summary
            or ", ".join(
                task.subject or task._get_kind_label() for task in self.task_ids
            )
        )
        vals = {
            "company_id": self.company_id.id,
            "channel": "follow_up",
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.vehicle_id.license_plate,
        }
        if text:
            vals["line_ids"] = [fields.Command.create({"name": text})]
        return vals
