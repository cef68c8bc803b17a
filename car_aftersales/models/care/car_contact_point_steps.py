from odoo import api, fields, models


class CarContactPoint(models.Model):
    """The way of a point: answered, reported, solved, told."""

    _inherit = "car.contact.point"

    # === ACTION METHODS === #

    def action_answer(self):
        """The customer got his answer at once and is satisfied with it."""
        return self.write({"satisfied": "yes", "state": "closed"})

    def action_escalate(self):
        """Report it to the business supervisor, with a question."""
        return self.write({"state": "escalated"})

    def action_solve(self):
        """A solution was found: the customer is to be told today."""
        return self.write({"state": "solved"})

    def action_inform_satisfied(self):
        """The customer was told and is satisfied."""
        return self.write({"satisfied": "yes", "state": "closed"})

    def action_inform_unsatisfied(self):
        """The customer was told and is not satisfied: back to the supervisor."""
        self.write({"satisfied": "no"})
        return self.write({"state": "escalated"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "open": {
                "closed": "answer",
                "escalated": "escalate",
                "solved": "solve",
            },
            "escalated": {"solved": "solve"},
            "solved": {"closed": "inform", "escalated": "return"},
            "closed": {},
        }

    def _after_said(self):
        """Hook: what becomes of a new point. Extend to open a complaint."""

    def _is_supervisor(self):
        return self.env["car.repair.order"]._has_group("supervisor")

    def _is_overdue(self, today):
        self.ensure_one()
        if self.state in ("open", "escalated"):
            return self.due_on and self.due_on < today
        if self.state == "solved" and self.solved_at:
            return self.company_id._get_car_local_day(self.solved_at) < today
        return False

    def _check_open(self):
        if closed := self.filtered(lambda point: point.state == "closed"):
            closed._raise_missing(self.env._("it is settled and stays as it is"))

    def _check_solution(self):
        for point in self:
            if not (point.solution or "").strip():
                point._raise_missing(self.env._("write down the answer or solution"))

    def _check_in_time(self):
        """Refuse a late answer past the supervisor (R-129)."""
        for point in self:
            today = point.company_id._get_car_today()
            if point.state == "open" and point.due_on < today:
                point._raise_missing(
                    self.env._(
                        "the time to answer it alone was up on %(day)s; report it to "
                        "the business supervisor",
                        day=point.due_on,
                    )
                )

    def _check_answer(self):
        self._check_in_time()
        self._check_solution()

    def _after_answer(self):
        # Safe: the moments of the step just taken.
        now = fields.Datetime.now()
        self.sudo().write({"solved_at": now, "informed_at": now})

    def _check_escalate(self):
        for point in self:
            if not point.env.su and not (point.question or "").strip():
                point._raise_missing(
                    self.env._("write down what the supervisor is asked to decide")
                )

    def _after_escalate(self):
        for company, points in self.grouped("company_id").items():
            supervisor = company._get_car_supervisor()
            # Safe: the moment of the step, and whom it goes to.
            points.sudo().write(
                {"escalated_at": fields.Datetime.now(), "supervisor_id": supervisor.id}
            )
            for point in points:
                point.sudo().message_notify(
                    partner_ids=supervisor.partner_id.ids,
                    subject=self.env._("A customer waits for an answer"),
                    body=point.question or point.text,
                )

    def _check_solve(self):
        self._check_in_time()
        self._check_solution()
        for point in self:
            if point.state == "escalated" and not (point.instruction or "").strip():
                point._raise_missing(
                    self.env._("the supervisor's instruction is missing")
                )

    def _after_solve(self):
        # Safe: the moment of the step, and the contact that follows from it.
        self.sudo().write({"solved_at": fields.Datetime.now(), "satisfied": False})
        rules = self.env["car.contact.rule"].sudo()
        for rule in rules.search([("trigger", "=", "solution")]):
            for company in self.company_id & rule._get_companies():
                rule._plan_batch(company)

    def _check_inform(self):
        for point in self:
            if not point.satisfied:
                point._raise_missing(
                    self.env._("write down whether the customer is satisfied")
                )

    def _after_inform(self):
        # Safe: the moment of the step just taken; the talk about it is over.
        self.sudo().write({"informed_at": fields.Datetime.now()})
        self._close_answers()

    def _check_return(self):
        for point in self:
            if point.satisfied != "no":
                point._raise_missing(
                    self.env._("it goes back when the customer is not satisfied")
                )

    def _after_return(self):
        # Safe: a new turn, with the supervisor again.
        self.sudo().write({"informed_at": fields.Datetime.now()})
        self._close_answers()
        self._after_escalate()

    def _close_answers(self):
        """The contact to tell the solution was made by telling it."""
        tasks = self.env["car.contact.task"].sudo()  # Safe: follows from the step.
        tasks.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        ).write({"state": "done"})

    @api.model
    def _cron_escalate(self):
        """Report to the supervisor what nobody answered in time."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            points = self.search(
                [
                    ("state", "=", "open"),
                    ("company_id", "=", company.id),
                    ("due_on", "<", company._get_car_today()),
                ]
            )
            points.write({"is_escalated_by_time": True})
            points.write({"state": "escalated"})
