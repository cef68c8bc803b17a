from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .letter_common import NIGHT, CarLetterCommon


@tagged("post_install", "-at_install")
class TestLetter(CarLetterCommon):
    """One letter: written from a template, sent once, kept as it was."""

    def test_a_template_is_filled_in(self):
        self.env.cr.execute(
            "UPDATE car_vehicle SET next_service_due_date = %s WHERE id = %s",
            [date(2026, 4, 1), self.vehicle.id],
        )
        self.vehicle.invalidate_recordset()
        self.company.phone = "010 5550 0100"
        letter = self._write_letter(about="Bring your service book.")
        self.assertIn("京A12345", letter.subject)
        day = format_date(self.env, date(2026, 4, 1), lang_code="en_US")
        for text in ("王小明", "H5", day, "010 5550 0100", "service book"):
            self.assertIn(text, letter.body)
        self.assertEqual((letter.kind, letter.channel), ("notice", "post"))
        self.assertEqual(letter.purpose, "reminder")
        self.assertRegex(letter.name, r"^LE/2026/\d{5}$")
        self.assertIn("中山路", letter.address)

    def test_the_form_shows_the_text_at_once(self):
        with Form(self.letters) as form:
            form.partner_id = self.customer
            form.vehicle_id = self.vehicle
            form.template_id = self.campaign_template
            form.about = "Free inspection week, 1 to 7 April"
            self.assertIn("Free inspection week", form.body)
            self.assertIn(self.company.name, form.subject)
            form.body = "<p>By hand</p>"
        letter = form.record
        self.assertIn("By hand", letter.body)
        self.assertEqual(letter.kind, "invitation")

    def test_the_letter_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.service_template.with_context(
            lang="fr_FR"
        ).subject = "Votre voiture {{ object.license_plate }}"
        self.assertEqual(self._write_letter().subject, "Votre voiture 京A12345")

    def test_paper_is_posted_at_any_hour(self):
        letter = self._write_letter()
        with freeze_time(NIGHT):
            letter.action_send()
        self.assertEqual((letter.state, letter.user_id), ("sent", self.clerk))
        self.assertEqual(letter.sent_at, datetime(2026, 3, 2, 13))
        self.assertFalse(self._get_mails(letter))

    def test_an_email_goes_to_odoos_outbox(self):
        letter = self._write_letter(channel="mail")
        letter.action_send()
        self.assertEqual(letter.state, "sent")
        mail = self._get_mails(letter)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "wang@example.com")
        self.assertEqual((mail.subject, mail.state), (letter.subject, "outgoing"))
        self.assertIn("京A12345", mail.body_html)
        self.assertEqual(letter.mail_state, "outgoing")

    def test_a_letter_is_sent_once(self):
        letter = self._write_letter(channel="mail")
        letter.action_send()
        letter.action_send()
        letter.write({"state": "sent"})
        self.assertEqual(len(self._get_mails(letter)), 1)
        with self.assertRefused("cannot become"):
            letter.action_recall()

    def test_what_is_missing_is_named(self):
        self.customer.write({"street": False, "city": False, "email": False})
        letter = self._write_letter()
        self.assertFalse(letter.address)
        with self.assertRefused(f"{letter.name}.*the address"):
            letter.action_send()
        letter.channel = "mail"
        with self.assertRefused("the e-mail address"):
            letter.action_send()
        letter.write({"body": "<p><br></p>", "email": "a@b.cn", "subject": " "})
        with self.assertRefused("the subject, the text"):
            letter.action_send()
        self.assertEqual(letter.state, "draft")

    def test_who_refused_gets_no_letter(self):
        letter = self._write_letter()
        self._refuse(channel="letter", purpose="marketing")
        invitation = self._write_letter(template_id=self.campaign_template.id)
        with self.assertRefused("wants no letters"):
            invitation.action_send()
        with self.assertRefused("wants no letters"):
            invitation.write({"state": "sent"})
        letter.action_send()
        self.assertEqual((letter.state, invitation.state), ("sent", "draft"))

    def test_a_refusal_holds_back_what_is_written(self):
        letter = self._write_letter(channel="mail")
        other = self._write_letter(
            partner_id=self.maker.id, address="Changchun", vehicle_id=False
        )
        self._refuse()
        self.assertEqual((letter.state, other.state), ("cancelled", "draft"))
        self.assertIn("wants no letters", letter.cancel_reason)
        letter.action_reopen()
        with self.assertRefused("wants no letters"):
            letter.action_send()

    def test_what_he_complained_of_is_answered_all_the_same(self):
        self._refuse()
        point = (
            self.env["car.contact.point"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "kind": "complaint",
                    "text": "The brakes squeak",
                }
            )
        )
        values = {"template_id": self.reply_template.id, "about": "We oil them."}
        letter = self._write_letter(point_id=point.id, **values)
        self.assertIn("The brakes squeak", letter.body)
        self.assertIn("We oil them.", letter.body)
        letter.action_send()
        self.assertEqual(letter.state, "sent")
        # A reply to nothing, or to somebody else, is a letter like any other.
        with self.assertRefused("wants no letters"):
            self._write_letter(**values).action_send()
        point.sudo().partner_id = self.maker
        with self.assertRefused("wants no letters"):
            self._write_letter(point_id=point.id, **values).action_send()

    def test_a_sent_letter_stays_as_it_was(self):
        letter = self._write_letter()
        letter.action_send()
        self.customer.street = "Elsewhere 9"
        self.assertIn("中山路", letter.address)
        for values in ({"body": "<p>No</p>"}, {"address": "x"}, {"partner_id": 1}):
            with self.assertRefused("stays as it is"):
                letter.write(values)
        with self.assertRefused("by its steps"):
            letter.write({"sent_at": "2026-01-01 00:00:00"})
        letter.remark = "Came back: moved"
        letter.action_archive_record()
        self.assertEqual(letter.archived_by_id, self.clerk)
        with self.assertRefused("archived"):
            letter.remark = "Later"
        with self.assertRaises(AccessError):
            letter.unlink()

    def test_nothing_is_made_sent_by_hand(self):
        with self.assertRefused("must be created"):
            self._write_letter(state="sent")
        letter = self._write_letter(sent_at="2026-01-01 00:00:00", name="X")
        self.assertFalse(letter.sent_at)
        self.assertNotEqual(letter.name, "X")

    def test_a_planned_letter_is_done_when_it_is_sent(self):
        tasks = self.env["car.contact.task"].with_user(self.clerk)
        task = tasks.create(
            {
                "kind": "service_due",
                "channel": "letter",
                "purpose": "reminder",
                "partner_id": self.customer.id,
                "vehicle_id": self.vehicle.id,
            }
        )
        call = tasks.create({"partner_id": self.customer.id, "channel": "phone"})
        with self.assertRefused("written down"):
            task.write({"state": "done"})
        context = task.action_write_letter()["context"]
        letter = self.letters.with_context(**context).create({})
        self.assertEqual(letter.template_id, self.service_template)
        self.assertEqual(task.letter_ids, letter)
        self.assertEqual(task.action_write_letter()["res_id"], letter.id)
        with self.assertRefused("written down"):
            task.write({"state": "done"})
        letter.task_ids = [Command.link(call.id)]
        letter.action_send()
        self.assertEqual((task.state, call.state), ("done", "open"))

    def test_reply_in_writing_takes_the_solution_along(self):
        point = (
            self.env["car.contact.point"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "kind": "complaint",
                    "text": "The brakes squeak",
                    "solution": "New pads, free of charge",
                }
            )
        )
        context = point.action_write_letter()["context"]
        letter = self.letters.with_context(**context).create({})
        self.assertEqual((letter.kind, letter.point_id), ("reply", point))
        self.assertIn("New pads, free of charge", letter.body)


@tagged("post_install", "-at_install")
class TestLetterQuietHours(CarLetterCommon):
    """E-mails wait until quiet hours are over, and then go out once."""

    def _queue(self, **values):
        letter = self._write_letter(channel="mail", **values)
        with freeze_time(NIGHT):
            letter.action_send()
        return letter

    def test_an_email_waits_at_night(self):
        letter = self._queue()
        self.assertEqual(letter.state, "queued")
        with freeze_time(NIGHT):
            self._send_queued()
            self.assertEqual(letter.state, "queued")
            with self.assertRefused("quiet hours"):
                letter.write({"state": "sent"})
        self.assertFalse(self._get_mails(letter))
        with self.assertRefused("about to be sent"):
            letter.subject = "Another"

    def test_it_goes_out_in_the_morning_once(self):
        letter = self._queue()
        self._send_queued()
        self._send_queued()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(len(self._get_mails(letter)), 1)

    def test_who_refused_meanwhile_gets_nothing(self):
        letter = self._queue()
        # A list taken over from elsewhere: nobody looked at the letters.
        self.env["mail.blacklist"].sudo().create({"email": "wang@example.com"})
        self._send_queued()
        self.assertEqual(letter.state, "cancelled")
        self.assertFalse(self._get_mails(letter))

    def test_it_can_be_taken_back(self):
        letter = self._queue()
        letter.action_recall()
        self._send_queued()
        self.assertEqual(letter.state, "draft")

    def test_each_company_has_its_hours(self):
        other = self.env["res.company"].create({"name": "Night shift"})
        other.write({"car_quiet_from": 0.0, "car_quiet_to": 0.0})
        self.clerk.company_ids = [Command.link(other.id)]
        here = self._write_letter(channel="mail")
        there = self._write_letter(
            channel="mail", company_id=other.id, vehicle_id=False
        )
        with freeze_time(NIGHT):
            (here | there).with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).action_send()
        self.assertEqual((here.state, there.state), ("queued", "sent"))

    def test_paper_does_not_wait(self):
        letter = self._write_letter()
        with self.assertRefused("only e-mails wait"):
            letter.write({"state": "queued"})


@tagged("post_install", "-at_install")
class TestLetterSecurity(CarLetterCommon):
    """Who writes letters, and who does not even see them."""

    def test_advisors_write_letters_too(self):
        letter = self._write_letter(self.user_advisor)
        letter.action_send()
        self.assertEqual((letter.state, letter.user_id), ("sent", self.user_advisor))
        with self.assertRefused("your role", AccessError):
            letter.action_archive_record()

    def test_other_desks_only_read(self):
        letter = self._write_letter()
        self.assertEqual(letter.with_user(self.user_cashier).partner_id, self.customer)
        with self.assertRaises(AccessError):
            letter.with_user(self.user_cashier).write({"state": "sent"})

    def test_technicians_read_nothing(self):
        letter = self._write_letter()
        models = (
            "car.contact.letter",
            "car.contact.letter.template",
            "car.contact.register",
        )
        for user in (self.user_technician, self.user_gate):
            for model in models:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                letter.with_user(user).read(["subject"])

    def test_a_clerk_of_another_company_sees_nothing(self):
        letter = self._write_letter()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user_inspector
        self._add_group(stranger, "follow_up_clerk")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        letters = self.letters.with_user(stranger)
        self.assertFalse(letters.search([("id", "=", letter.id)]))
        with self.assertRaises(AccessError):
            letter.with_user(stranger).action_send()

    def test_templates_are_the_supervisors(self):
        template = self.service_template
        with self.assertRaises(AccessError):
            template.with_user(self.clerk).subject = "Mine"
        template = template.with_user(self.user_supervisor)
        template.write(
            {
                "subject": "{{ object.name }}",
                "body_html": '<p>Your <t t-out="object.vehicle_text"/></p>',
            }
        )
        letter = self._write_letter()
        self.assertRegex(letter.subject, "^LE/2026")
        self.assertIn("Your Hongqi H5 京A12345", letter.body)
        # Places for words, no programs: those are for the template editors of Odoo.
        with self.assertRaises(AccessError):
            template.body_html = '<p><t t-out="object.env.cr.dbname"/></p>'

    def test_supervisors_change_the_texts_they_find(self):
        templates = self.env["car.contact.letter.template"].search([])
        for template in templates.with_user(self.user_supervisor):
            template.body_html = template.body_html + "<p>More</p>"
            letter = self._write_letter(template_id=template.id, about="Something")
            self.assertIn("More", letter.body)
            self.assertNotIn("t-out", letter.body)

    def test_exporting_is_the_supervisors(self):
        letter = self._write_letter()
        with self.assertRefused("supervisors only", AccessError):
            letter.export_data(["name"])
        exported = letter.with_user(self.user_supervisor).export_data(["name"])
        self.assertEqual(exported["datas"], [[letter.name]])
