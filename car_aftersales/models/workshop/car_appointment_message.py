from datetime import timedelta

from odoo import api, fields, models

BATCH = 100


class CarAppointment(models.Model):
    """What the customer is told: the confirmation, and the reminder before."""

    _inherit = "car.appointment"

    # === ACTION METHODS === #

    def action_send_confirmation(self):
        """Tell the customer the time he does not know yet."""
        self._require_group("advisor", "follow_up_clerk")
        for appointment in self:
            if appointment.state != "confirmed":
                appointment._raise_missing(self.env._("it is not confirmed"))
        self._send_confirmation()

    def action_print_slip(self):
        self.ensure_one()
        report = self.env.ref("car_aftersales.car_appointment_report_slip")
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _get_paper_lang(self):
        """Return the language of the slip: the customer's."""
        return self.partner_id.lang or self.env.lang

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def _phone_get_number_fields(self):
        return ["phone"]

    def _send_confirmation(self):
        """Confirm the times that were not told yet; nobody is told twice."""
        now = fields.Datetime.now()
        todo = self.filtered(lambda appointment: not appointment.is_told)
        for company, appointments in todo.grouped("company_id").items():
            company = company.sudo()  # Safe: settings.
            appointments._send(
                "confirmation",
                by_mail=company.car_confirmation_mail,
                by_sms=company.car_confirmation_sms,
            )
            due = now + timedelta(hours=company.car_reminder_hours)
            for appointment in appointments:
                values = {
                    "told_start_at": appointment.start_at,
                    "confirmation_sent_at": now,
                }
                if appointment.start_at <= due:
                    # Told just now: a reminder would say the same again.
                    values["reminder_sent_at"] = now
                # Safe: what was just sent.
                appointment.sudo().with_context(car_booking=True).write(values)

    def _send(self, event, by_mail, by_sms):
        """Queue the messages of an event in the customers' languages."""
        # Safe: the step was checked; templates write to the customer only.
        appointments = self.sudo()
        if by_mail:
            mail = self.env.ref(
                f"car_aftersales.mail_template_car_appointment_{event}",
                raise_if_not_found=False,
            )
            reachable = appointments.filtered("partner_id.email")
            if mail and reachable:
                mail.sudo().send_mail_batch(reachable.ids)
        if by_sms:
            sms = self.env.ref(
                f"car_aftersales.sms_template_car_appointment_{event}",
                raise_if_not_found=False,
            )
            for appointment in appointments.filtered("phone") if sms else ():
                numbers = {}
                if appointment.partner_id:
                    numbers["sms_pid_to_number"] = {
                        appointment.partner_id.id: appointment.phone
                    }
                else:
                    numbers["sms_numbers"] = [appointment.phone]
                appointment._message_sms_with_template(
                    template=sms.sudo(),
                    partner_ids=appointment.partner_id.ids,
                    put_in_queue=True,
                    **numbers,
                )

    @api.model
    def _cron_send_reminders(self):
        """Remind of the appointments that come up, batch by batch."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("id", "!=", False)])
        due = fields.Domain.OR(
            [
                fields.Domain("company_id", "=", company.id)
                & fields.Domain(
                    "start_at", "<=", now + timedelta(hours=company.car_reminder_hours)
                )
                for company in companies
            ]
        )
        domain = due & fields.Domain(
            [
                ("state", "=", "confirmed"),
                ("reminder_sent_at", "=", False),
                ("start_at", ">", now),
            ]
        )
        appointments = self.search(domain, limit=BATCH, order="start_at, id")
        appointments = appointments.try_lock_for_update()
        for company, here in appointments.grouped("company_id").items():
            here._send(
                "reminder",
                by_mail=company.car_reminder_mail,
                by_sms=company.car_reminder_sms,
            )
        appointments.with_context(car_booking=True).write({"reminder_sent_at": now})
        self.env["ir.cron"]._commit_progress(
            len(appointments), remaining=self.search_count(domain)
        )

    @api.model
    def _cron_mark_no_shows(self):
        """Give the time of those who did not come back, batch by batch."""
        companies = self.env["res.company"].search([("id", "!=", False)])
        domain = self._get_overdue_domain(
            {
                company: timedelta(hours=company.car_no_show_hours)
                for company in companies
            }
        )
        appointments = self.search(domain, limit=BATCH, order="start_at, id")
        appointments = appointments.try_lock_for_update()
        appointments.write({"state": "no_show"})
        self.env["ir.cron"]._commit_progress(
            len(appointments), remaining=self.search_count(domain)
        )
