from odoo import fields, models
from odoo.exceptions import AccessError, UserError

CLOSED_JOBS = ("passed", "declined", "deferred", "cancelled")
UNFINISHED_JOBS = ("draft", "estimated", "authorized", "in_progress")


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "reception": {
                "estimate": "estimate",
                "authorized": "authorize",
                "declined": "decline",
                "cancelled": "cancel",
            },
            "estimate": {
                "authorized": "authorize",
                "declined": "decline",
                "cancelled": "cancel",
            },
            "authorized": {
                "estimate": "revise",
                "in_workshop": "start",
                "declined": "decline",
                "cancelled": "cancel",
            },
            "in_workshop": {
                "quality_check": "request_quality_check",
                "ready": "finish",
                "declined": "decline",
                "cancelled": "cancel",
            },
            "quality_check": {
                "ready": "pass_quality_check",
                "in_workshop": "rework",
            },
            "ready": {"delivered": "deliver", "in_workshop": "reopen_work"},
            "declined": {"estimate": "resume"},
            "cancelled": {"reception": "reopen"},
            "delivered": {},
        }

    # === ACTION METHODS === #

    def action_estimate(self):
        return self.write({"state": "estimate"})

    def action_authorize(self):
        """Open the dialog in which the customer's answer is recorded."""
        self.ensure_one()
        return {
            "name": self.env._("Record Consent"),
            "type": "ir.actions.act_window",
            "res_model": "car.repair.authorization",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "car_aftersales.car_repair_authorization_view_form_record"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_start(self):
        """Start the authorized jobs."""
        jobs = self.job_ids.filtered(lambda job: job.state == "authorized")
        if not jobs:
            self._raise_for_each(self.env._("no job is authorized by the customer"))
        return jobs.write({"state": "in_progress"})

    def action_finish_work(self):
        """Declare the jobs in progress done."""
        return self.job_ids.filtered(lambda job: job.state == "in_progress").write(
            {"state": "done"}
        )

    def action_request_quality_check(self):
        """Hand the finished car to the inspector, or call it ready without one."""
        inspected = self.filtered("type_id.requires_inspection")
        if inspected:
            inspected.write({"state": "quality_check"})
        if others := self - inspected:
            others.write({"state": "ready"})
        return True

    def action_pass_quality_check(self):
        """Pass the finished jobs and call the car ready."""
        self.job_ids.filtered(lambda job: job.state == "done").write(
            {"state": "passed"}
        )
        return self.write({"state": "ready"})

    def action_rework(self, reason=None, kind="rework"):
        """Send the car back to the workshop."""
        if not reason:
            return self._get_reason_action("rework", self.env._("Back to the Workshop"))
        return self.write(
            {"state": "in_workshop", "return_kind": kind, "return_reason": reason}
        )

    def action_decline(self, outcome="refused", reason=None):
        """Close the visit without repair; the car still leaves on an exit pass."""
        if not reason:
            return self._get_reason_action("decline", self.env._("Not Repaired"))
        return self.write(
            {"state": "declined", "outcome": outcome, "outcome_reason": reason}
        )

    def action_resume(self):
        """Take the declined visit up again while the car is here."""
        return self.write({"state": "estimate"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_reopen(self):
        return self.write({"state": "reception"})

    def action_deliver(self):
        """Give the car back: accepted by the customer, everything returned."""
        now = fields.Datetime.now()
        return self.write(
            {"state": "delivered", "accepted_at": now, "given_back_at": now}
        )

    # === BUSINESS METHODS: conditions of each step === #

    def _raise_for_each(self, missing):
        raise UserError(
            self.env._(
                "%(orders)s: %(missing)s.",
                orders=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    def _refuse(self, condition, missing):
        """Raise for the orders on which the condition holds."""
        if refused := self.filtered(condition):
            refused._raise_for_each(missing)

    def _require_group(self, *tiers):
        if not self._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(orders)s: your role may not take this step.",
                    orders=", ".join(self.mapped("name")),
                )
            )

    def _get_reason_action(self, verb, title):
        """Return the dialog that asks for the reason of a step."""
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "car.repair.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self[:1].id, "default_verb": verb},
        }

    def _check_estimate(self):
        self._require_group("advisor")
        self._refuse(
            lambda order: not order.job_ids, self.env._("there is no job to estimate")
        )

    def _after_estimate(self):
        self.job_ids.filtered(lambda job: job.state == "draft").write(
            {"state": "estimated"}
        )

    def _check_authorize(self):
        self._refuse(
            lambda order: not any(job.state == "authorized" for job in order.job_ids),
            self.env._("no job is authorized by the customer"),
        )

    def _check_revise(self):
        self._require_group("advisor")

    def _check_start(self):
        self._refuse(
            lambda order: (
                not any(job.state in ("in_progress", "done") for job in order.job_ids)
            ),
            self.env._("no job has been started"),
        )

    def _check_request_quality_check(self):
        self._require_group("advisor", "technician", "inspector", "workshop_supervisor")
        self._check_work_done()

    def _check_work_done(self):
        self._refuse(
            lambda order: any(
                job.state not in ("done", *CLOSED_JOBS) for job in order.job_ids
            ),
            self.env._("a job is not done yet"),
        )
        self._refuse(
            lambda order: (
                not any(job.state in ("done", "passed") for job in order.job_ids)
            ),
            self.env._("no job was done; decline or cancel the order"),
        )
        self._check_parts_issued(self._get_done_lines())

    def _check_parts_issued(self, lines):
        """Refuse to call a car finished whose agreed parts were never issued."""
        lines = lines.filtered(
            lambda line: (
                line.is_stocked
                and line.quantity_issued < line.quantity_authorized
                and line.product_uom_id.compare(
                    line.quantity_issued, line.quantity_authorized
                )
                < 0
            )
        )
        if lines:
            lines.order_id._raise_for_each(
                self.env._(
                    "agreed parts are not issued: %(parts)s. Issue them or lower their "
                    "quantity",
                    parts=", ".join(lines.mapped("name")),
                )
            )

    def _get_done_lines(self):
        """Return parts and outside work of the jobs done."""
        return self.line_ids.filtered(
            lambda line: (
                line.kind in ("part", "outside")
                and line.job_id.state in ("done", "passed")
            )
        )

    def _check_finish(self):
        self._refuse(
            lambda order: order.type_id.requires_inspection,
            self.env._("this order type asks for a quality check"),
        )
        self._require_group("advisor", "workshop_supervisor", "inspector")
        self._check_work_done()
        self.job_ids.filtered(lambda job: job.state == "done").write(
            {"state": "passed"}
        )
        self._check_outside_work(self._get_done_lines())

    def _check_pass_quality_check(self):
        self._require_group("inspector", "workshop_supervisor", "supervisor")
        self._refuse(
            lambda order: any(job.state not in CLOSED_JOBS for job in order.job_ids),
            self.env._("a job has not passed the quality check"),
        )
        lines = self._get_done_lines()
        self._check_parts_issued(lines)
        self._check_outside_work(lines)

    def _check_outside_work(self, lines):
        """Refuse to call a car ready whose outside work has not come in."""
        lines = lines.filtered(lambda line: line.kind == "outside")
        if missing := lines.filtered(lambda line: not line._is_outside_received()):
            missing.order_id._raise_for_each(
                self.env._(
                    "outside work is not received: %(lines)s",
                    lines=", ".join(missing.mapped("name")),
                )
            )

    def _check_rework(self):
        self._require_group("inspector", "workshop_supervisor", "advisor")
        self._refuse(
            lambda order: not order.return_reason or not order.return_kind,
            self.env._("the reason for going back to the workshop is missing"),
        )

    def _after_rework(self):
        for order in self:
            rework = order.return_kind == "rework"
            reason = order.return_reason
            order._message_log(body=reason)
            # Safe: the count follows from the step just taken.
            order.sudo().write(
                {
                    "rework_count": order.rework_count + int(rework),
                    "return_reason": False,
                    "return_kind": False,
                }
            )
            if rework:
                order.job_ids.filtered(
                    lambda job: job.state in ("done", "passed")
                ).write({"state": "in_progress", "rework_reason": reason})

    def _check_reopen_work(self):
        self._check_rework()
        self._refuse(
            lambda order: order._get_final_pass(),
            self.env._("its exit pass must be withdrawn first"),
        )

    def _after_reopen_work(self):
        self._after_rework()

    def _check_decline(self):
        self._require_group("advisor")
        self._refuse(
            lambda order: not order.outcome or not order.outcome_reason,
            self.env._("the outcome and its reason are missing"),
        )
        self._check_nothing_issued()
        # Booked for later is no refusal: its jobs wait.
        later = self.filtered(lambda order: order.outcome == "booked")
        for orders, state in ((later, "deferred"), (self - later, "declined")):
            orders.job_ids.filtered(lambda job: job.state in UNFINISHED_JOBS).write(
                {"state": state}
            )

    def _check_nothing_issued(self):
        for order in self:
            order._check_returned(order.line_ids)

    def _check_returned(self, lines):
        """Refuse while anything issued for these lines of the order is out."""
        if parts := lines._get_parts_out():
            self._raise_for_each(
                self.env._(
                    "issued parts must be returned first: %(parts)s",
                    parts=", ".join(parts.mapped("display_name")),
                )
            )

    def _check_cancel(self):
        self._require_group("advisor")
        self._check_nothing_issued()
        self._refuse(
            lambda order: order._has_work_done(),
            self.env._("work has been done on it; decline it or finish it"),
        )
        self._refuse(
            lambda order: order._has_billed_net(), self.env._("it has been billed")
        )
        self._refuse(
            lambda order: order._get_final_pass(), self.env._("it has an exit pass")
        )

    def _has_work_done(self):
        """Tell whether a job was begun, whatever came of it."""
        self.ensure_one()
        return any(
            job.state in ("in_progress", "done", "passed") for job in self.job_ids
        )

    def _has_billed_net(self):
        """Tell whether anything billed is not credited in full."""
        self.ensure_one()
        billed = self.line_ids._get_billed()
        return any(abs(values["quantity"]) > 1e-6 for values in billed.values()) or any(
            not payer.currency_id.is_zero(payer._get_role_total(role))
            for payer in self.payer_ids
            for role in ("down_payment", "deductible")
        )

    def _after_cancel(self):
        self.job_ids.filtered(
            lambda job: job.state != "cancelled" and not job.holds_parts
        ).write({"state": "cancelled"})
        self._cancel_open_moves()

    def _after_decline(self):
        self._cancel_open_moves()
        self.line_ids._release_put_aside()

    def _check_reopen(self):
        self._require_group("advisor")

    def _after_revise(self):
        self.job_ids.filtered(lambda job: job.state == "authorized").write(
            {"state": "estimated"}
        )
        self._forget_consent()
        self._cancel_open_moves()

    def _after_reopen(self):
        self._forget_consent()
        self.job_ids.filtered(lambda job: job.state == "cancelled").write(
            {"state": "draft"}
        )

    def _check_resume(self):
        self._require_group("advisor")
        self._refuse(
            lambda order: order._get_final_pass() or order._has_left(),
            self.env._("the car has its exit pass; open a new order"),
        )

    def _after_resume(self):
        self._forget_consent()
        for order in self:
            closed = {"declined", "deferred" if order.outcome == "booked" else ""}
            order.job_ids.filtered(
                lambda job, s=closed: job.state in s and not job.holds_parts
            ).write({"state": "estimated"})
        self.write({"outcome": False, "outcome_reason": False})

    def _check_deliver(self):
        self._require_group("advisor")
        self._take_turn()
        self._refuse(
            lambda order: not order.accepted_at or not order.given_back_at,
            self.env._("the customer's acceptance is missing"),
        )
        self._refuse(
            lambda order: not order._get_final_pass(),
            self.env._("the exit pass is missing; the cashier issues it"),
        )
        self._refuse(
            lambda order: any(job.state not in CLOSED_JOBS for job in order.job_ids),
            self.env._("a job is still open; finish, defer or decline it"),
        )
        for order in self:
            order._check_settled()

    def _after_deliver(self):
        self._cancel_open_moves()
        # Safe: the moment of the step just taken.
        models.Model.write(self.sudo(), {"delivered_at": fields.Datetime.now()})
        self._record_services()

    def _cancel_open_moves(self):
        """Give back what is reserved and not issued; deferred work keeps its parts."""
        orders = self.filtered(
            lambda order: order.parts_state not in ("none", "issued")
        )
        if not orders:
            return
        # Safe: only our own orders' open moves, after the check of the step.
        stock = self.env["stock.move"].sudo()
        moves = stock.search(
            [
                ("car_repair_line_id.order_id", "in", orders.ids),
                ("car_repair_line_id.job_id.holds_parts", "=", False),
                ("state", "not in", ["done", "cancel"]),
            ]
        )
        if moves:
            moves._action_cancel()

    def _record_services(self):
        """Reset the maintenance plans by the packages that were done."""
        for order in self:
            passed = order.job_ids.filtered(lambda job: job.state == "passed")
            own = order.line_ids.filtered(
                lambda line: line.package_id and line.job_id.state == "passed"
            )
            packages = passed.package_id | own.package_id
            if packages:
                # Safe: the plan of the order's own vehicle, after its delivery.
                order.vehicle_id.sudo()._record_service(
                    packages,
                    fields.Date.context_today(order, order.delivered_at),
                    order.odometer_km,
                    source=order,
                )

    def _is_work_closed(self):
        """Tell whether there is no more work to come on this visit."""
        self.ensure_one()
        return bool(self.job_ids) and all(
            job.state in ("done", *CLOSED_JOBS) for job in self.job_ids
        )

    def _get_final_pass(self):
        """Return the valid exit pass on which the cars leave for good."""
        return self.exit_pass_ids.filtered(
            lambda exit_pass: exit_pass.kind == "final" and exit_pass.state == "valid"
        )

    def _has_left(self):
        """Tell whether the car has left for good, whatever became of the visit."""
        self.ensure_one()
        # A final pass is used only then: other visits need not look.
        return self.state in ("delivered", "declined") and any(
            exit_pass.kind == "final" and exit_pass.state == "used"
            for exit_pass in self.exit_pass_ids
        )
