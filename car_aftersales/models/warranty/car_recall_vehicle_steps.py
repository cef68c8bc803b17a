from odoo import fields, models
from odoo.exceptions import AccessError

CLERKS = ("advisor", "warranty_clerk", "follow_up_clerk")


class CarRecallVehicle(models.Model):
    """What becomes of a car on the list, step by step."""

    _inherit = "car.recall.vehicle"

    # === ACTION METHODS === #

    def action_inform(self):
        """Record that the customer was told."""
        return self.write({"state": "informed"})

    def action_answer(self):
        """Open the dialog in which it is written down how it ended.

        The context names the answer: refuse, put_off, elsewhere or gone.
        """
        return {
            "name": self.env._("What Becomes of It"),
            "type": "ir.actions.act_window",
            "res_model": "car.recall.answer",
            "view_mode": "form",
            "target": "new",
            "context": {
                **self.env.context,
                "default_recall_vehicle_ids": self.ids,
            },
        }

    def action_reopen(self):
        """Want the work again: it came undone, or the customer thought again."""
        return self.write({"state": "open"})

    def action_open_vehicle(self):
        """Open our file of the car."""
        self.ensure_one()
        return self.vehicle_id._get_records_action()

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        ends = {"done": "finish", "refused": "refuse", "not_ours": "leave"}
        return {
            "open": {"informed": "inform", "booked": "book", **ends},
            "informed": {"open": "reopen", "booked": "book", **ends},
            "booked": {"open": "reopen", "informed": "inform", **ends},
            "done": {"open": "reopen", "booked": "undo"},
            "refused": {"open": "reopen", "booked": "book", "done": "finish"},
            "not_ours": {"open": "reopen"},
        }

    def _require_clerk(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*(tiers or CLERKS)):
            raise AccessError(
                self.env._(
                    "%(cars)s: your role may not take this step.",
                    cars=", ".join(self.mapped("display_name")),
                )
            )

    def _check_running(self):
        """Refuse to write down what became of a campaign that nobody began."""
        for row in self:
            if row.campaign_id.state == "draft":
                row._raise_missing(self.env._("its campaign does not run yet"))

    def _check_inform(self):
        self._require_clerk()
        self._check_running()
        if not self.env.su and (
            planned := self.filtered(lambda r: r.state == "booked")
        ):
            planned._raise_missing(
                self.env._("the work is planned; take its job off the order instead")
            )

    def _check_book(self):
        self._check_running()
        if not self.env.su:
            self._raise_missing(self.env._("it is planned by an order or appointment"))

    def _check_undo(self):
        self._check_book()

    def _check_finish(self):
        self._check_running()
        if self.env.su:
            return  # follows from a delivery
        self._require_clerk()
        for row in self:
            if not row.done_on or not (row.done_by or "").strip():
                row._raise_missing(
                    self.env._("say when it was done elsewhere, and who told it")
                )
            if row.done_on > row.company_id._get_car_today():
                row._raise_missing(self.env._("it cannot have been done in the future"))

    def _after_finish(self):
        here = self.filtered(lambda row: row.done_source == "here")
        # Safe: how it was done, of the step just taken.
        (self - here).sudo().write({"done_source": "elsewhere"})
        self.sudo()._forget("refused_at", "put_off_order_id", "put_off_until")

    def _check_refuse(self):
        self._require_clerk("advisor", "warranty_clerk")
        self._check_running()
        for row in self.sudo():  # Safe: tells only what is missing.
            missing = []
            if not (row.refusal_reason or "").strip():
                missing.append(self.env._("the reason"))
            if not (row.refusal_signed_by or "").strip():
                missing.append(self.env._("the name of who signs"))
            if not row.refusal_signature:
                missing.append(self.env._("the customer's signature"))
            if missing:
                row._raise_missing(
                    self.env._(
                        "a refusal needs %(missing)s", missing=", ".join(missing)
                    )
                )

    def _after_refuse(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"refused_at": fields.Datetime.now()})

    def _check_leave(self):
        self._require_clerk()
        for row in self:
            if not row.gone_reason:
                row._raise_missing(self.env._("say why the car is not ours"))

    def _check_reopen(self):
        if self.env.su:
            return
        proven = self.filtered(lambda row: row.state in ("done", "not_ours"))
        self._require_clerk()
        if proven:
            proven._require_clerk("warranty_clerk")

    def _after_reopen(self):
        # Safe: what was told of the end counts no more; the chatter has it.
        self.sudo()._forget(
            "order_id",
            "done_source",
            "done_on",
            "done_km",
            "done_by",
            "refusal_reason",
            "refusal_signed_by",
            "refusal_signature",
            "refused_at",
            "gone_reason",
            "gone_note",
        )

    def _after_undo(self):
        self._after_reopen()

    def _forget(self, *names):
        """Empty fields where they are filled."""
        for row in self:
            if filled := [name for name in names if row[name]]:
                row.write(dict.fromkeys(filled, False))

    def _put_off(self, order, reason, until, signed_by, signature):
        """Let a car leave with the work undone: the customer signs that he knows.

        :raise UserError: where the car must not be driven, or something is missing
        """
        self._require_clerk("advisor", "warranty_clerk")
        self._check_running()
        today = self.env.company._get_car_today()
        for row in self:
            if not row.campaign_id.may_leave:
                row._raise_missing(
                    self.env._(
                        "the car must not be driven before it is done; it cannot be "
                        "put off"
                    )
                )
            if row.vehicle_id != order.vehicle_id:
                row._raise_missing(
                    self.env._("%(order)s is of another car", order=order.display_name)
                )
            if not (reason or "").strip() or not (signed_by or "").strip():
                row._raise_missing(
                    self.env._("the reason or the name of who signs is missing")
                )
            if not signature:
                row._raise_missing(self.env._("the customer's signature is missing"))
            if not until or until <= today:
                row._raise_missing(
                    self.env._("say on which later day the customer is contacted")
                )
        # Safe: what the customer signed just now, by who may record it.
        self.sudo().write(
            {
                "put_off_order_id": order.id,
                "put_off_reason": reason,
                "put_off_until": until,
                "put_off_signed_by": signed_by,
                "put_off_signature": signature,
            }
        )
        for row in self:
            row._message_log(
                body=self.env._(
                    "Put off on %(order)s: %(reason)s",
                    order=order.display_name,
                    reason=reason,
                )
            )
            if row.state == "open":
                row.write({"state": "informed"})
