from odoo import fields, models
from odoo.exceptions import UserError


class CarCampaignTarget(models.Model):
    """Invitations by e-mail and SMS, beside the call; a refusal wins over the list."""

    _inherit = "car.campaign.target"

    # === ACTION METHODS === #

    def action_send_mail(self):
        """Send the invitation by e-mail to those who may be, and were not yet."""
        template = self._get_message_template("mail_template_car_campaign_target")
        reached = self._get_reachable("mail").filtered("partner_id.email")
        template.send_mail_batch(reached.ids)
        reached.write({"mailed_at": fields.Datetime.now()})
        return self._tell_sent(reached)

    def action_send_sms(self):
        """Send the invitation by SMS to those who may be, and were not yet."""
        for company in self.company_id:
            if company._is_car_quiet():
                raise UserError(
                    self.env._(
                        "%(company)s: it is quiet hours, no message is sent now.",
                        company=company.name,
                    )
                )
        template = self._get_message_template("sms_template_car_campaign_target")
        reached = self._get_reachable("sms").filtered("partner_id.phone")
        bodies = template._render_field("body", reached.ids, compute_lang=True)
        # Safe: queues the company's own text to those on the list.
        self.env["sms.sms"].sudo().create(
            [
                {
                    "partner_id": target.partner_id.id,
                    "number": target.partner_id.phone_sanitized
                    or target.partner_id.phone,
                    "body": bodies[target.id],
                }
                for target in reached
            ]
        )
        reached.write({"texted_at": fields.Datetime.now()})
        return self._tell_sent(reached)

    # === BUSINESS METHODS === #

    def _get_message_template(self, name):
        """Return the template of an invitation, as the company changed it."""
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            raise UserError(
                self.env._("The follow-up clerk or the business supervisor invites.")
            )
        # Safe: the text of the company; it is rendered for those on the list.
        return self.env.ref(f"car_aftersales.{name}").sudo()

    def _get_reachable(self, channel):
        """Return who may be written to by a channel, and was not yet."""
        sent = {"mail": "mailed_at", "sms": "texted_at"}[channel]
        todo = self.filtered(
            lambda target: (
                target.campaign_state in ("decided", "running")
                and not target[sent]
                and target.answer != "not"
            )
        )
        refused = todo.partner_id._get_car_refused("marketing", channel)
        return todo.filtered(lambda target: target.partner_id not in refused)

    def _tell_sent(self, reached):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if reached else "warning",
                "message": self.env._(
                    "Invited: %(count)s. Left out: %(rest)s (refused, no address, "
                    "invited already, or over).",
                    count=len(reached),
                    rest=len(self - reached),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_stop_url(self, channel):
        """Return the link by which the customer refuses such messages."""
        self.ensure_one()
        return self.partner_id._get_car_stop_url("marketing", channel, self.company_id)

    def _get_lang(self):
        return self.partner_id.lang or self.env.lang
