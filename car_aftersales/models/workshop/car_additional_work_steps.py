from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .car_additional_work import REPORT_FIELDS


class CarAdditionalWork(models.Model):
    """From the report to the answer, and back to the workshop."""

    _inherit = "car.additional.work"

    # === ACTION METHODS === #

    def action_offer(self):
        """Put it on the order, so that the customer can be asked."""
        return self.write({"state": "offered"})

    def action_withdraw(self):
        return self.write({"state": "withdrawn"})

    def action_reach(self):
        """Record that the customer is on the phone, or was told in another way."""
        self._check_desk("advisor")
        now = fields.Datetime.now()
        # Safe: the moment of the step just taken.
        self.sudo().filtered(lambda work: not work.reached_at).write(
            {"reached_at": now, "reached_by_id": self.env.uid}
        )

    def action_answer(self):
        """Open the consent dialog for what was found."""
        self.ensure_one()
        if self.state == "reported":
            self.action_offer()
        self.action_reach()
        order = self.order_id
        action = order.action_authorize()
        # The customer hears price and delay together.
        earliest, _reasons = order._get_earliest_promise()
        action["context"] = {
            **action["context"],
            "default_kind": "additional",
            "default_channel": "phone",
            "default_promised_at": max(order.promised_at or earliest, earliest),
        }
        return action

    def action_explain_danger(self):
        """Record that the customer was told of the danger of not doing it."""
        self._check_desk("advisor")
        for work in self:
            if work.state != "refused":
                raise UserError(
                    self.env._(
                        "%(work)s: the customer has not refused it.",
                        work=work.display_name,
                    )
                )
        self.sudo().danger_told_at = fields.Datetime.now()  # Safe: checked above.

    def action_receive(self):
        """Take the customer's answer in the workshop."""
        self._check_desk("technician", "workshop_supervisor")
        for work in self:
            if work.state not in ("agreed", "refused"):
                raise UserError(
                    self.env._(
                        "%(work)s: the customer has not answered yet.",
                        work=work.display_name,
                    )
                )
        # Safe: the moment of the step just taken.
        self.sudo().filtered(lambda work: not work.received_at).write(
            {"received_at": fields.Datetime.now(), "received_by_id": self.env.uid}
        )

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        answers = {"agreed": "agree", "refused": "refuse"}
        return {
            "reported": {"offered": "offer", "withdrawn": "withdraw"},
            "offered": {**answers, "withdrawn": "withdraw"},
            "refused": {"agreed": "agree"},
            "agreed": {"refused": "refuse"},
            "withdrawn": {"reported": "resume"},
        }

    def _check_desk(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(work)s: your role may not take this step.",
                    work=", ".join(self.mapped("display_name")),
                )
            )

    def _check_report_fields(self, names):
        """Keep times and answers to the steps that write them."""
        if not self.env.su and names - REPORT_FIELDS - {"state"}:
            raise AccessError(
                self.env._(
                    "A report says what was found; times and answers are written by "
                    "their steps."
                )
            )

    def _check_offer(self):
        self._check_desk("advisor")
        for work in self:
            if not (work.part_ids.product_id or work.labor_product_id):
                raise UserError(
                    self.env._(
                        "%(work)s: choose the operation or the parts it needs, so that "
                        "the customer hears a price.",
                        work=work.display_name,
                    )
                )
            work.order_id._take_turn()

    def _after_offer(self):
        for work in self.filtered(lambda each: not each.line_ids):
            job = work.job_id
            lines = [Command.create(vals) for vals in work._prepare_line_vals()]
            if work.kind == "parts":
                job.write({"line_ids": lines})
            else:
                added = work.env["car.repair.job"].create(work._prepare_job_vals(lines))
                # Safe: the advisor hands nothing out; it stays with whom the
                # workshop gave the job in which it was found.
                added.sudo().write(work._prepare_dispatch_vals())
                # Safe: the link to the job made in the step just taken.
                work.sudo().added_job_id = added

    def _prepare_job_vals(self, lines):
        """Return values of the job for what was found. Extend to say more."""
        self.ensure_one()
        return {
            "order_id": self.order_id.id,
            "name": self.name,
            "cause": self.cause,
            "system_id": self.system_id.id,
            "line_ids": lines,
        }

    def _prepare_dispatch_vals(self):
        """Return who does what was found: those who found it."""
        self.ensure_one()
        return {
            "team_id": self.job_id.team_id.id,
            "technician_ids": [Command.set(self.job_id.technician_ids.ids)],
        }

    def _prepare_line_vals(self):
        """Return values of the lines for what was found."""
        self.ensure_one()
        vals_list = [
            {
                "product_id": part.product_id.id,
                "quantity": part.quantity,
                "additional_work_id": self.id,
            }
            for part in self.part_ids
            if part.product_id
        ]
        if self.labor_product_id:
            labor = {
                "product_id": self.labor_product_id.id,
                "additional_work_id": self.id,
            }
            if self.extra_hours:
                labor["sold_hours"] = self.extra_hours
            vals_list.append(labor)
        return vals_list

    def _check_agree(self):
        self._check_answered("authorized", "partly", "exceeded")

    def _check_refuse(self):
        self._check_answered("declined")

    def _check_answered(self, *states):
        """Refuse an answer that the consent ledger does not hold."""
        for work in self:
            # Safe: reads only what was answered.
            if not any(
                line.authorization_state in states for line in work.sudo().line_ids
            ):
                raise UserError(
                    self.env._(
                        "%(work)s: the customer's answer is recorded with a consent.",
                        work=work.display_name,
                    )
                )

    def _check_withdraw(self):
        self._check_desk("advisor", "workshop_supervisor")

    def _check_resume(self):
        self._check_desk("advisor", "workshop_supervisor")

    def _after_agree(self):
        self._tell_workshop(self.env._("The customer agrees"))

    def _after_refuse(self):
        self._tell_workshop(self.env._("The customer refuses"))

    def _tell_workshop(self, title):
        """Carry the answer back to those who work on the car."""
        now = fields.Datetime.now()
        for work in self.sudo():  # Safe: the moment, and a message without amounts.
            work.write(
                {
                    "answered_at": now,
                    "reached_at": work.reached_at or now,
                    "reached_by_id": work.reached_by_id.id or self.env.uid,
                    "received_at": False,
                    "received_by_id": False,
                }
            )
            people = work.job_id.technician_ids | work.technician_id
            work._call(people.user_id, title)

    def _notify_advisor(self):
        """Tell the advisor at once: the customer is asked without delay."""
        for work in self.sudo():  # Safe: tells whose order it is.
            work._call(work.advisor_id, self.env._("Additional work: ask the customer"))

    def _call(self, users, title):
        """Show a message on the screens of users, and keep it in their inbox."""
        self.ensure_one()
        if not users:
            return
        text = " · ".join(
            part
            for part in (self.vehicle_id.display_name, self.order_number, self.name)
            if part
        )
        users._bus_send(
            "simple_notification",
            {"type": "warning", "title": title, "message": text, "sticky": True},
        )
        self.message_notify(partner_ids=users.partner_id.ids, subject=title, body=text)
