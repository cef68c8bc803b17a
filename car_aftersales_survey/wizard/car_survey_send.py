from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.survey_user_input import SURVEY_CHANNELS


class CarSurveySend(models.TransientModel):
    """Send the questionnaire to customers, or ask one by phone or in an interview."""

    _name = "car.survey.send"
    _description = "Satisfaction Survey"

    order_ids = fields.Many2many("car.repair.order", string="Visits")
    file_ids = fields.Many2many("car.customer.file", string="Customers")
    channel = fields.Selection(SURVEY_CHANNELS, required=True, default="mail")

    # === ACTION METHODS === #

    def action_confirm(self):
        """Send the links, or open the questionnaire to fill in.

        :raise UserError: when nobody may be asked, saying why
        """
        self.ensure_one()
        self._check_asker()
        subjects = self._get_subjects()
        if self.channel in ("phone", "visit"):
            return self._ask(subjects)
        return self._send(subjects)

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, order_ids=(), file_ids=()):
        """Return the dialog for visits or customers."""
        self._check_asker()
        dialog = self.create(
            {
                "order_ids": [Command.set(order_ids)],
                "file_ids": [Command.set(file_ids)],
            }
        )
        return dialog._get_records_action(
            name=self.env._("Satisfaction Survey"), target="new"
        )

    @api.model
    def _check_asker(self):
        """Keep it from those whom the answers are about."""
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            raise AccessError(
                self.env._("The follow-up clerk asks customers how they find us.")
            )

    def _get_subjects(self):
        """Return (company, customer, visit) of each to be asked."""
        no_order = self.env["car.repair.order"]
        return [
            *[
                (order.company_id, order.contact_id or order.partner_id, order)
                for order in self.order_ids
            ],
            *[(card.company_id, card.partner_id, no_order) for card in self.file_ids],
        ]

    def _ask(self, subjects):
        """Open the questionnaire that the clerk fills in while talking."""
        if len(subjects) != 1:
            raise UserError(self.env._("Ask one customer at a time."))
        [(company, partner, order)] = subjects
        if partner._get_car_refused("survey", self.channel):
            raise UserError(
                self.env._("%(customer)s wants no surveys.", customer=partner.name)
            )
        answer = self.env["survey.user_input"]._open_for(
            company, partner, order, self.channel, self.env.user
        )
        return answer.with_env(self.env).action_fill_in()

    def _send(self, subjects):
        """Queue the links to whom may and can be reached; say whom not."""
        if any(company._is_car_quiet() for company, _partner, _order in subjects):
            raise UserError(
                self.env._("Customers are left in peace at this hour. Send it later.")
            )
        partners = self.env["res.partner"].union(
            *(partner for _company, partner, _order in subjects)
        )
        refused = partners._get_car_refused("survey", self.channel)
        address = "email" if self.channel == "mail" else "phone"
        reached = (partners - refused).filtered(address)
        answers = self.env["survey.user_input"].sudo().browse()
        for company, partner, order in subjects:
            if partner in reached:
                answers |= answers._open_for(
                    company, partner, order, self.channel, self.env.user
                )
        if not answers:
            raise UserError(
                self.env._(
                    "Nobody is sent it: they want no surveys, or their address is "
                    "missing: %(names)s.",
                    names=", ".join(partners.mapped("name")),
                )
            )
        getattr(self, f"_send_{self.channel}")(answers)
        return self._tell(len(answers), partners - reached)

    def _send_mail(self, answers):
        # Safe: the message to the customers just checked.
        template = self.env.ref(
            "car_aftersales_survey.mail_template_survey_user_input_car"
        ).sudo()
        template.send_mail_batch(answers.ids)

    def _send_sms(self, answers):
        # Safe: the message to the customers just checked.
        template = self.env.ref(
            "car_aftersales_survey.sms_template_survey_user_input_car"
        ).sudo()
        bodies = template._render_field("body", answers.ids, compute_lang=True)
        self.env["sms.sms"].sudo().create(
            [
                {
                    "number": answer.car_partner_id._phone_format(fname="phone")
                    or answer.car_partner_id.phone,
                    "partner_id": answer.car_partner_id.id,
                    "body": bodies[answer.id],
                }
                for answer in answers
            ]
        )

    def _tell(self, count, left_out):
        message = self.env._("Sent to %(count)s customers.", count=count)
        if left_out:
            message = self.env._(
                "%(message)s Not to: %(names)s.",
                message=message,
                names=", ".join(left_out.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if left_out else "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
