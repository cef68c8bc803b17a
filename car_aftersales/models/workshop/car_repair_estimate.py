from datetime import timedelta

from odoo import api, fields, models


class CarRepairOrder(models.Model):
    """The estimate a customer takes away: until when it holds, when it was sent."""

    _inherit = "car.repair.order"

    estimate_valid_until = fields.Date(
        readonly=True,
        copy=False,
        tracking=True,
        help="Until the end of this day the prices hold; later they are made anew.",
    )
    is_estimate_expired = fields.Boolean(
        "Estimate Expired", compute="_compute_is_estimate_expired"
    )
    estimate_sent_at = fields.Datetime("Estimate Sent", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("estimate_valid_until", "state")
    def _compute_is_estimate_expired(self):
        for order in self:
            order.is_estimate_expired = bool(
                order.state == "estimate"
                and order.estimate_valid_until
                and order.estimate_valid_until < fields.Date.context_today(order)
            )

    # === ACTION METHODS === #

    def action_renew_estimate(self):
        """Price what is not agreed to anew and let the estimate hold again."""
        self._require_group("advisor")
        self._refuse(
            lambda order: order.state != "estimate",
            self.env._("only an estimate is renewed"),
        )
        self.line_ids.filtered(lambda line: not line._has_consent())._reprice()
        self._start_validity()

    def action_send_estimate(self):
        """Open the mail with the estimate sheet."""
        self.ensure_one()
        self._require_group("advisor", "supervisor")
        template = self.env.ref(
            "car_aftersales.mail_template_car_repair_order_estimate"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Estimate"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "car_estimate_sent": True,
                "force_email": True,
            },
        }

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "estimate_valid_until",
            "estimate_sent_at",
        }

    def _after_estimate(self):
        self._start_validity()
        return super()._after_estimate()

    def _start_validity(self):
        """Let the estimate hold for the days of the company from today."""
        for order in self:
            days = order.company_id.car_estimate_days
            today = fields.Date.context_today(order)
            # Safe: follows from the step just taken.
            order.sudo().estimate_valid_until = days and today + timedelta(days=days)

    def _check_estimate_valid(self):
        """Refuse answers to an estimate that holds no more."""
        self._refuse(
            lambda order: order.is_estimate_expired,
            self.env._("its estimate has expired; renew it and tell the new prices"),
        )

    def _message_post_after_hook(self, message, msg_vals):
        """Note that the estimate left with this mail."""
        if self.env.context.get("car_estimate_sent"):
            # Safe: the moment of the mail just posted.
            self.sudo().estimate_sent_at = fields.Datetime.now()
        return super()._message_post_after_hook(message, msg_vals)
