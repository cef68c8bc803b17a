from odoo import fields, models

# A contact planned in writing, and how its letter travels
WRITTEN_CHANNELS = {"letter": "post", "mail": "mail"}
# The template that fits a planned contact
TEMPLATE_KINDS = {"answer": "reply", "birthday": "notice", "festival": "notice"}


class CarContactTask(models.Model):
    """A planned letter is done when it is sent."""

    _inherit = "car.contact.task"

    letter_ids = fields.Many2many(
        "car.contact.letter",
        "car_contact_letter_task_rel",
        "task_id",
        "letter_id",
        "Letters Written for It",
        readonly=True,
    )

    # === ACTION METHODS === #

    def action_write_letter(self):
        """Write the letter of a planned contact."""
        self.ensure_one()
        self._check_callable()
        begun = self.letter_ids.filtered(lambda one: one.state in ("draft", "queued"))
        if begun:
            return begun[:1]._get_records_action()
        template = self.env["car.contact.letter.template"]._get_default(
            TEMPLATE_KINDS.get(self.kind, "notice")
        )
        action = self.env["car.contact.letter"]._get_new_action()
        action["context"] = {
            "default_task_ids": [fields.Command.set(self.ids)],
            "default_partner_id": self.partner_id.id,
            "default_vehicle_id": self.vehicle_id.id,
            "default_template_id": template.id,
            "default_channel": WRITTEN_CHANNELS.get(self.channel, "post"),
            "default_purpose": self.purpose,
        }
        return action

    # === BUSINESS METHODS === #

    def _is_kept_by_record(self):
        """A contact in writing is kept by the letter that was sent."""
        if self.channel in WRITTEN_CHANNELS and self.sudo().letter_ids.filtered(
            lambda letter: letter.state in ("sent", "archived")
        ):  # Safe: only whether there is one.
            return True
        return super()._is_kept_by_record()


class CarContactLetter(models.Model):
    _inherit = "car.contact.letter"

    # === BUSINESS METHODS === #

    def _get_new_action(self):
        """Return the form of a new letter."""
        return {
            "name": self.env._("New Letter"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "views": [(False, "form")],
        }


class CarContactPoint(models.Model):
    """What a customer asked or complained of may be answered in writing."""

    _inherit = "car.contact.point"

    letter_ids = fields.One2many(
        "car.contact.letter", "point_id", "Answers in Writing", readonly=True
    )

    # === ACTION METHODS === #

    def action_write_letter(self):
        """Write the reply to the customer, with the solution in it."""
        self.ensure_one()
        template = self.env["car.contact.letter.template"]._get_default("reply")
        action = self.env["car.contact.letter"]._get_new_action()
        action["context"] = {
            "default_point_id": self.id,
            "default_call_id": self.call_id.id,
            "default_partner_id": self.partner_id.id,
            "default_vehicle_id": self.vehicle_id.id,
            "default_template_id": template.id,
            "default_about": self.solution,
            "default_kind": "reply",
        }
        return action
