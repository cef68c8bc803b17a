from odoo import api, fields, models

from .car_repair_order import CUSTOMER_DATA

NOTICE_CHANNELS = [
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("mail", "E-mail"),
    ("message", "Messenger"),
    ("desk", "At the desk"),
]


class CarRepairOrder(models.Model):
    """Giving the finished car back: told, shown, explained, accepted, everything back.

    What the order type asks for is one list of what is missing; where the type blocks,
    the car is not delivered before it is empty, or a supervisor lets it go with a
    reason.
    """

    _inherit = "car.repair.order"

    release_id = fields.Many2one("car.inspection", compute="_compute_inspections")
    release_missing = fields.Json(
        "Missing at Pick-Up",
        compute="_compute_release_missing",
        compute_sudo=True,
        groups=CUSTOMER_DATA,
    )
    release_state = fields.Selection(
        [
            ("none", "Not asked for"),
            ("missing", "Incomplete"),
            ("released", "Let Go"),
            ("complete", "All Done"),
        ],
        "Pick-Up Formalities",
        compute="_compute_release_missing",
        compute_sudo=True,
    )
    # Kept with the order: a setting changed later does not stop a visit under way.
    is_release_blocking = fields.Boolean(
        compute="_compute_is_release_blocking", store=True, precompute=True
    )
    # the customer is told
    ready_told_at = fields.Datetime(
        "Told That It Is Ready",
        readonly=True,
        copy=False,
        help="The end of the repair: from here on the car waits for its customer.",
    )
    ready_told_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    ready_told_to = fields.Char("Whom We Told", readonly=True, copy=False)
    ready_told_channel = fields.Selection(
        NOTICE_CHANNELS, "Told By Way Of", readonly=True, copy=False
    )
    # the desk prepares and explains
    papers_prepared_at = fields.Datetime(
        "Pick-Up Papers Ready", readonly=True, copy=False
    )
    papers_prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    pickup_advice = fields.Text(
        "Advice for the Customer",
        copy=False,
        help="How to use and care for the car; printed on the pick-up papers.",
    )
    explained_at = fields.Datetime(readonly=True, copy=False)
    explained_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    # what the customer says
    remark_ids = fields.One2many(
        "car.customer.remark", "order_id", "Customer's Words", groups=CUSTOMER_DATA
    )
    # let go with a reason
    release_override_reason = fields.Char(
        "Why It Was Let Go", readonly=True, copy=False
    )
    release_override_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    release_override_at = fields.Datetime(
        "Let Go Incomplete", readonly=True, copy=False
    )

    # === COMPUTE METHODS === #

    @api.depends("type_id")
    def _compute_is_release_blocking(self):
        for order in self:
            order.is_release_blocking = order.type_id.is_release_blocking

    def _compute_inspections(self):
        result = super()._compute_inspections()
        for order in self:
            order.release_id = order.inspection_ids.filtered(
                lambda each: each.kind == "release" and each.state != "cancelled"
            )[:1]
        return result

    @api.depends(
        "state",
        "type_id",
        "ready_told_at",
        "papers_prepared_at",
        "explained_at",
        "accepted_at",
        "key_returned_at",
        "key_holder",
        "release_override_at",
        "remark_ids",
        "inspection_ids.state",
        "inspection_ids.line_ids.result",
        "inspection_ids.comparison_missing",
        "inspection_ids.signature_ids.is_void",
        "inspection_ids.belonging_ids.returned_at",
        "inspection_ids.document_ids.returned_at",
    )
    @api.depends_context("lang")
    def _compute_release_missing(self):
        for order in self:
            asked = order.state == "ready" and order.type_id._has_release()
            missing = order._get_release_missing() if asked else []
            order.release_missing = missing
            if missing:
                let_go = order.release_override_at
                order.release_state = "released" if let_go else "missing"
            else:
                order.release_state = "complete" if asked else "none"

    # === ACTION METHODS === #

    def action_release_check(self):
        """Open the comparison with the intake; begin it when nobody has yet."""
        self.ensure_one()
        return self._ensure_release()._get_records_action()

    def action_tell_ready(self):
        """Open the dialog in which it is recorded that the customer was told."""
        self._check_ready_for("advisor")
        return {
            "name": self.env._("The Car Is Ready"),
            "type": "ir.actions.act_window",
            "res_model": "car.repair.ready.notice",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self[:1].id},
        }

    def action_pickup_papers(self):
        """Print everything the customer takes along, as one bundle."""
        self.ensure_one()
        self._require_group("advisor", "cashier")
        if self.state == "ready":
            # Safe: the moment of the step just taken.
            self.sudo().write(
                {
                    "papers_prepared_at": fields.Datetime.now(),
                    "papers_prepared_by_id": self.env.uid,
                }
            )
        report = self.env.ref("car_aftersales.car_repair_order_report_pickup")
        return report.report_action(self, config=False)

    def action_explain(self):
        """Record that work, parts and charges were explained to the customer."""
        self._check_ready_for("advisor")
        # Safe: the moment of the step just taken.
        self.sudo().write(
            {"explained_at": fields.Datetime.now(), "explained_by_id": self.env.uid}
        )
        return True

    def action_sign_acceptance(self):
        """Open the dialog in which the customer signs that he accepts the car."""
        self.ensure_one()
        self._check_ready_for("advisor")
        return self._ensure_release().action_sign_acceptance()

    def action_remark(self):
        """Open the dialog in which the customer's words are recorded."""
        self.ensure_one()
        return {
            "name": self.env._("What the Customer Says"),
            "type": "ir.actions.act_window",
            "res_model": "car.customer.remark",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "car_aftersales.car_customer_remark_view_form_record"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_deliver(self):
        """Give the car back; who has signed has accepted it then."""
        signed = self.filtered("accepted_at")
        if signed:
            now = fields.Datetime.now()
            signed.write({"state": "delivered", "given_back_at": now})
        if rest := self - signed:
            super(CarRepairOrder, rest).action_deliver()
        return True

    def action_override_release(self, reason=None):
        """Let the car go although something is missing."""
        if not reason:
            return self._get_reason_action(
                "override_release", self.env._("Let the Car Go Incomplete")
            )
        self._require_group("supervisor")
        self._refuse(
            lambda order: order.release_state != "missing",
            self.env._("nothing is missing for its delivery"),
        )
        for order in self:
            missing = "; ".join(item["text"] for item in order.release_missing)
            order._message_log(
                body=self.env._(
                    "Let go incomplete: %(reason)s (missing: %(missing)s)",
                    reason=reason,
                    missing=missing,
                )
            )
        # Safe: the step just taken, by who may take it.
        return self.sudo().write(
            {
                "release_override_reason": reason,
                "release_override_by_id": self.env.uid,
                "release_override_at": fields.Datetime.now(),
            }
        )

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "ready_told_at",
            "ready_told_by_id",
            "ready_told_to",
            "ready_told_channel",
            "papers_prepared_at",
            "papers_prepared_by_id",
            "explained_at",
            "explained_by_id",
            "release_override_reason",
            "release_override_by_id",
            "release_override_at",
        }

    def _get_locked_fields(self):
        return super()._get_locked_fields() | {"pickup_advice"}

    def _check_ready_for(self, *tiers):
        """Refuse steps of the pick-up before the car is ready, and to other desks."""
        self._require_group(*tiers)
        self._refuse(
            lambda order: order.state != "ready", self.env._("the car is not ready")
        )

    def _ensure_release(self):
        """Return the comparison with the intake, begun when there is none."""
        self.ensure_one()
        release = self.release_id
        if not release:
            self._check_ready_for("advisor", "inspector", "workshop_supervisor")
            release = self.env["car.inspection"].create(
                {"order_id": self.id, "kind": "release", "user_id": self.env.uid}
            )
            release.action_start()
        return release

    def _tell_ready(self, channel, told_to, note=None):
        """Record that the customer was told to collect his car, and tell him."""
        self.ensure_one()
        self._check_ready_for("advisor")
        if channel == "sms":
            self._send_ready_sms()
        elif channel == "mail":
            self._send_ready_mail()
        # Safe: the moment of the step just taken.
        self.sudo().write(
            {
                # The first time counts: the repair ends with it.
                "ready_told_at": self.ready_told_at or fields.Datetime.now(),
                "ready_told_by_id": self.env.uid,
                "ready_told_to": told_to,
                "ready_told_channel": channel,
            }
        )
        channels = dict(
            self._fields["ready_told_channel"]._description_selection(self.env)
        )
        self._message_log(
            body=self.env._(
                "Told that the car is ready: %(name)s, %(channel)s. %(note)s",
                name=told_to,
                channel=channels[channel],
                note=note or "",
            )
        )

    def _send_ready_mail(self):
        if not self.partner_id.email:
            self._raise_for_each(self.env._("the customer has no e-mail address"))
        template = self.env.ref("car_aftersales.mail_template_car_repair_order_ready")
        # Safe: the message of an order of the user, to its customer.
        template.sudo().send_mail(self.id)

    def _send_ready_sms(self):
        if not self.phone:
            self._raise_for_each(self.env._("the customer has no phone number"))
        template = self.env.ref("car_aftersales.sms_template_car_repair_order_ready")
        partner = self.contact_id if self.contact_id.phone else self.partner_id
        # Safe: the message of an order of the user, to its customer.
        self.sudo()._message_sms_with_template(
            template=template.sudo(),
            partner_ids=partner.ids,
            sms_pid_to_number={partner.id: self.phone},
            put_in_queue=True,
        )

    def _phone_get_number_fields(self):
        return ["phone"]

    def _check_deliver(self):
        for order in self:
            if not order.is_release_blocking or order.release_override_at:
                continue
            # Safe: the list of what is missing, for who delivers the order.
            if missing := order.sudo()._get_release_missing():
                order._raise_for_each(
                    self.env._(
                        "it is not delivered yet:\n%(missing)s\nA supervisor may let "
                        "it go with a reason",
                        missing="\n".join(f"- {item['text']}" for item in missing),
                    )
                )
        return super()._check_deliver()

    def _after_reopen_work(self):
        """Let what was told, explained and accepted count no more."""
        reasons = {order: order.return_reason for order in self}
        result = super()._after_reopen_work()
        # Safe: follows from the step just taken.
        for order in self.sudo():
            order.write(
                dict.fromkeys(
                    (
                        "ready_told_at",
                        "ready_told_by_id",
                        "ready_told_to",
                        "ready_told_channel",
                        "papers_prepared_at",
                        "papers_prepared_by_id",
                        "explained_at",
                        "explained_by_id",
                        "accepted_at",
                        "release_override_reason",
                        "release_override_by_id",
                        "release_override_at",
                    ),
                    False,
                )
            )
            release = order.release_id
            release.signature_ids._void("acceptance")
            if release.state == "done":
                reason = reasons.get(order.with_env(self.env))
                release.write({"state": "in_progress", "reopen_reason": reason})
        return result
