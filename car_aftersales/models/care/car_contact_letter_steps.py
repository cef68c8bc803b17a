from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import is_html_empty

from .car_contact_letter_template import PERMISSION_CHANNELS

BATCH = 100


class CarContactLetter(models.Model):
    """Sending a letter: once, to who has not refused, outside of quiet hours."""

    _inherit = "car.contact.letter"

    # === ACTION METHODS === #

    def action_send(self):
        """Send: e-mails go out, or wait until quiet hours are over; paper is posted."""
        quiet = self._get_held_back()
        quiet.write({"state": "queued"})
        (self - quiet).write({"state": "sent"})
        return True

    def action_print(self):
        """Print the letters on the company's paper."""
        drafts = self.filtered(lambda letter: letter.state == "draft")
        # Safe: the moment of printing.
        drafts.sudo().write({"printed_at": fields.Datetime.now()})
        report = self.env.ref("car_aftersales.car_contact_letter_report")
        return report.report_action(self, config=False)

    def action_recall(self):
        """Take back what is about to be sent."""
        return self.write({"state": "draft"})

    def action_cancel(self):
        """The letter is not sent."""
        return self.write({"state": "cancelled"})

    def action_reopen(self):
        return self.write({"state": "draft"})

    def action_archive_record(self):
        """Lock the letter for good."""
        return self.write({"state": "archived"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"queued": "queue", "sent": "send", "cancelled": "cancel"},
            "queued": {"sent": "send", "draft": "recall", "cancelled": "cancel"},
            "sent": {"archived": "archive"},
            "cancelled": {"draft": "reopen"},
            "archived": {},
        }

    def _require_group(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(letters)s: your role may not take this step.",
                    letters=", ".join(self.mapped("display_name")),
                )
            )

    def _require_writer(self):
        self._require_group("follow_up_clerk", "advisor")

    def _get_held_back(self):
        """Return the e-mails that have to wait for the end of quiet hours."""
        quiet = self.company_id.filtered(lambda company: company._is_car_quiet())
        return self.filtered(
            lambda letter: letter.channel == "mail" and letter.company_id in quiet
        )

    def _get_refused(self):
        """Return the letters that the customer does not want.

        An answer to what he asked or complained of himself is always allowed.
        """
        refused = self.browse()
        asked = self.filtered(lambda letter: not letter._is_answer())
        for (purpose, channel), letters in asked.grouped(
            lambda letter: (letter.purpose, letter.channel)
        ).items():
            # Safe: yes or no.
            partners = letters.sudo().partner_id._get_car_refused(
                purpose, PERMISSION_CHANNELS[channel]
            )
            refused |= letters.filtered(
                lambda letter, p=partners: letter.sudo().partner_id in p
            )
        return refused

    def _is_answer(self):
        """Tell whether the customer waits for this letter."""
        self.ensure_one()
        point = self.point_id
        # Safe: whether it is the same customer.
        return (
            self.kind == "reply"
            and bool(point)
            and point.sudo().partner_id == self.sudo().partner_id
        )

    def _check_ready(self):
        """Refuse what nobody may send, or that cannot arrive.

        :raise UserError: naming the letter and what is missing
        """
        self._require_writer()
        if refused := self._get_refused():
            refused._raise_missing(
                self.env._("the customer wants no letters of this kind")
            )
        for letter in self:
            missing = []
            if not (letter.subject or "").strip():
                missing.append(self.env._("the subject"))
            if is_html_empty(letter.body):
                missing.append(self.env._("the text"))
            if letter.channel == "post" and not (letter.address or "").strip():
                missing.append(self.env._("the address"))
            if letter.channel == "mail" and not (letter.email or "").strip():
                missing.append(self.env._("the e-mail address"))
            if missing:
                letter._raise_missing(
                    self.env._("please add %(missing)s", missing=", ".join(missing))
                )

    def _check_queue(self):
        paper = self.filtered(lambda letter: letter.channel == "post")
        if paper:
            paper._raise_missing(self.env._("only e-mails wait until quiet hours end"))
        self._check_ready()

    def _check_send(self):
        self._check_ready()
        if quiet := self._get_held_back():
            quiet._raise_missing(
                self.env._("it is quiet hours: the e-mail has to wait until they end")
            )

    def _after_send(self):
        # Safe: the moment of the step just taken.
        self.sudo().write(
            {"sent_at": fields.Datetime.now(), "sent_by_id": self.env.uid}
        )
        self.filtered(lambda letter: letter.channel == "mail")._send_mails()
        self._settle_tasks()

    def _settle_tasks(self):
        """The planned letters are sent. Extend to settle more."""
        # Safe: done by the letter that stands for them.
        self.task_ids.filtered(
            lambda task: task.state == "open" and task._is_kept_by_record()
        ).sudo().write({"state": "done"})

    def _check_cancel(self):
        self._require_writer()

    def _check_recall(self):
        self._require_writer()

    def _check_reopen(self):
        self._require_writer()

    def _after_reopen(self):
        # Safe: undone together with the step.
        self.sudo().write({"cancel_reason": False})

    def _check_archive(self):
        self._require_group("follow_up_clerk", "supervisor")

    def _after_archive(self):
        # Safe: who locked it and when.
        self.sudo().write(
            {"archived_at": fields.Datetime.now(), "archived_by_id": self.env.uid}
        )

    # === BUSINESS METHODS: e-mail === #

    def _send_mails(self):
        """Hand the e-mails to Odoo's outbox, which sends them at once."""
        if not self:
            return
        # Safe: letters whose sending was checked, to their customers only.
        letters = self.sudo()
        mails = letters.env["mail.mail"].create(
            [letter._prepare_mail_vals() for letter in letters]
        )
        for letter, mail in zip(letters, mails, strict=True):
            letter.mail_id = mail
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _prepare_mail_vals(self):
        """Return the values of the e-mail. Extend to add attachments or a footer."""
        self.ensure_one()
        sender = self.user_id.email_formatted or self.company_id.email_formatted
        return {
            "subject": self.subject,
            "body_html": self._prepare_mail_body(),
            "email_from": sender,
            "reply_to": sender,
            "email_to": self.email,
            "author_id": self.user_id.partner_id.id,
            "model": self._name,
            "res_id": self.id,
            "auto_delete": False,
        }

    def _prepare_mail_body(self):
        """Return the text in the company's e-mail layout."""
        self.ensure_one()
        language = self._get_paper_lang()
        letter = self.with_context(lang=language)
        return (
            self.env["mail.render.mixin"]
            .with_context(lang=language)
            ._render_encapsulate(
                "mail.mail_notification_light",
                letter.body + self._get_mail_footer(),
                add_context={
                    "company": letter.company_id,
                    "subtitles": [letter.subject],
                },
                context_record=letter,
            )
        )

    def _get_mail_footer(self):
        """Return what stands below each e-mail: the link to want no more of them."""
        self.ensure_one()
        if self._is_answer():
            return Markup()
        url = self.partner_id._get_car_stop_url(self.purpose, "mail", self.company_id)
        return Markup('<p style="font-size: 12px"><a href="%s">%s</a></p>') % (
            url,
            self.env._("You want no such e-mails any more? Stop them here."),
        )

    @api.model
    def _cron_send_queued(self):
        """Send what waited for the end of quiet hours, batch by batch."""
        done = self._send_batch()
        left = self.search_count(self._get_waiting_domain())
        self.env["ir.cron"]._commit_progress(len(done), remaining=left)

    @api.model
    def _send_batch(self):
        """Send some of the letters that wait, each once; return those dealt with.

        Who refused meanwhile gets nothing. Several workers share the letters.
        """
        waiting = self.search(self._get_waiting_domain(), limit=BATCH, order="id")
        letters = waiting.try_lock_for_update()
        refused = letters._get_refused()
        refused._cancel_refused()
        (letters - refused).write({"state": "sent"})
        return letters

    @api.model
    def _get_waiting_domain(self):
        companies = self.env["res.company"].search([("id", "!=", False)])
        loud = companies.filtered(lambda company: not company._is_car_quiet())
        return [("state", "=", "queued"), ("company_id", "in", loud.ids)]

    def _cancel_refused(self):
        """Hold back what the customer does not want, with the reason."""
        if self:
            reason = self.env._("The customer wants no letters of this kind")
            # Safe: follows from what the customer said.
            self.sudo().write({"cancel_reason": reason})
            self.sudo().write({"state": "cancelled"})


class CarContactPermission(models.Model):
    _inherit = "car.contact.permission"

    # === BUSINESS METHODS === #

    def _after_answer(self):
        """A refusal holds back the letters that are not sent yet."""
        result = super()._after_answer()
        refused = self.filtered(lambda entry: not entry.is_allowed)
        if refused:
            # Safe: a refusal ends contact, whoever wrote it down.
            letters = self.env["car.contact.letter"].sudo()
            letters.search(
                [
                    ("partner_id", "in", refused.partner_id.ids),
                    ("state", "in", ("draft", "queued")),
                ]
            )._get_refused()._cancel_refused()
        return result
