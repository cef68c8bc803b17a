from odoo import fields, models

from .car_complaint_guard import ENDED


class CarComplaint(models.Model):
    """The way of a complaint: received, classified, replied to, handled, answered."""

    _inherit = "car.complaint"

    # === ACTION METHODS === #

    def action_classify(self):
        """It is known what it is about, how serious it is and who is responsible."""
        return self.write({"state": "classified"})

    def action_reply(self):
        """The customer got the first reply: it is taken up, and how it goes on."""
        return self.write({"state": "replied"})

    def action_handle(self):
        return self.write({"state": "handling"})

    def action_answer(self):
        """The customer was told the answer or the solution."""
        return self.write({"state": "answered"})

    def action_close(self):
        """The customer is satisfied with the answer."""
        return self.write({"satisfied": "yes", "state": "closed"})

    def action_reopen(self, reason=None):
        """The customer is not satisfied: it is taken up again, with the supervisor."""
        if not reason:
            return self._get_reason_action("reopen", self.env._("Not Satisfied"))
        return self.write(
            {"satisfied": "no", "reopen_reason": reason, "state": "handling"}
        )

    def action_withdraw(self, reason=None):
        """The customer has taken his complaint back."""
        if not reason:
            return self._get_reason_action("withdraw", self.env._("Withdrawn"))
        return self.write({"withdrawn_reason": reason, "state": "withdrawn"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "received": {"classified": "classify", "withdrawn": "withdraw"},
            "classified": {
                "replied": "reply",
                "answered": "answer",
                "withdrawn": "withdraw",
            },
            "replied": {
                "handling": "handle",
                "answered": "answer",
                "withdrawn": "withdraw",
            },
            "handling": {"answered": "answer", "withdrawn": "withdraw"},
            "answered": {"closed": "close", "handling": "reopen"},
            "closed": {"handling": "reopen"},
            "withdrawn": {},
        }

    def _get_reason_action(self, verb, title):
        """Return the dialog that asks for the reason of a step."""
        self.ensure_one()
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "car.complaint.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id, "default_verb": verb},
        }

    def _require(self, name, missing):
        """Refuse a step while a field is empty."""
        for complaint in self:
            value = complaint[name]
            if not (value.strip() if isinstance(value, str) else value):
                complaint._raise_missing(missing)

    def _check_classify(self):
        self._require("category_id", self.env._("choose what it is about"))
        self._require("user_id", self.env._("name who is responsible"))
        for complaint in self:
            # Safe: only whether somebody is known.
            known = complaint.sudo()
            if not (known.partner_id or known.phone or known.email_from):
                complaint._raise_missing(
                    self.env._("nobody knows whom to answer: enter the customer")
                )

    def _after_classify(self):
        """Tell who is responsible, and who leads the team concerned (R-149)."""
        for complaint in self:
            # Safe: the leader's login.
            people = complaint.user_id | complaint.sudo().team_id.leader_id.user_id
            if people := people - self.env.user:
                complaint.sudo().message_notify(
                    partner_ids=people.partner_id.ids,
                    subject=self.env._("A customer complains"),
                    body=complaint.text,
                )

    def _check_reply(self):
        self._require(
            "reply_text", self.env._("write down what the customer was told first")
        )

    def _after_reply(self):
        self._stamp_reply()

    def _stamp_reply(self):
        """The first word to the customer counts, whichever step it was."""
        new = self.filtered(lambda complaint: not complaint.replied_at)
        # Safe: the moment of the step just taken.
        new.sudo().write(
            {"replied_at": fields.Datetime.now(), "replied_by_id": self.env.uid}
        )

    def _check_answer(self):
        self._require(
            "answer_text", self.env._("write down the answer to the customer")
        )
        if waiting := self.remedy_ids.filtered(lambda each: each.state == "proposed"):
            waiting.complaint_id._raise_missing(
                self.env._("a remedy is promised only after it was approved")
            )

    def _after_answer(self):
        self._stamp_reply()
        # Safe: the moment of the step just taken.
        self.sudo().write(
            {"answered_at": fields.Datetime.now(), "answered_by_id": self.env.uid}
        )
        self._tell_points()

    def _check_close(self):
        for complaint in self:
            if complaint.satisfied != "yes":
                complaint._raise_missing(
                    self.env._("it is closed when the customer is satisfied")
                )
            if complaint.external_body:
                complaint._require(
                    "external_result", self.env._("write down the result outside")
                )
        self._require("cause_id", self.env._("choose the cause that was found"))
        undone = self.remedy_ids.filtered(
            lambda each: each.state in ("proposed", "approved")
        )
        if undone:
            undone.complaint_id._raise_missing(
                self.env._("a remedy that was promised is not carried out yet")
            )

    def _after_close(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"closed_at": fields.Datetime.now()})
        self._close_points()

    def _check_reopen(self):
        for complaint in self:
            if complaint.satisfied != "no":
                complaint._raise_missing(
                    self.env._(
                        "it is taken up again when the customer is not satisfied"
                    )
                )
        self._require(
            "reopen_reason", self.env._("write down why the customer is not satisfied")
        )

    def _after_reopen(self):
        """A new turn: with the supervisor, and with a new deadline."""
        for complaint in self.sudo():  # Safe: follows from the step just taken.
            complaint.write(
                {
                    "answered_at": False,
                    "answered_by_id": False,
                    "closed_at": False,
                    "satisfied": False,
                    "clock_from": fields.Datetime.now(),
                    "escalated_at": False,
                    "is_escalated_by_time": False,
                    "reopen_count": complaint.reopen_count + 1,
                }
            )
        self._escalate()

    def _check_withdraw(self):
        self._require("withdrawn_reason", self.env._("write down why it is withdrawn"))

    def _after_withdraw(self):
        self._close_points()

    def _has_ended(self):
        self.ensure_one()
        return self.state in ENDED
