from odoo import api, fields, models
from odoo.tools import format_amount


class CarContactCall(models.Model):
    """Calls that are written down where they were made: consent, pick-up, booking.

    Every call in and out is on record, by whoever held it (R-135), without typing it
    twice.
    """

    _inherit = "car.contact.call"

    authorization_id = fields.Many2one(
        "car.repair.authorization",
        "Consent Given In It",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _keep_held(self, vals_list):
        """Write down talks that were held elsewhere in the system.

        :param vals_list: values of calls; those without a customer are left out
        :return: the new calls
        """
        for vals in vals_list:
            # The register of a past period is closed: late entries count now.
            if "started_at" in vals:
                company = self.env["res.company"].browse(vals["company_id"])
                vals["started_at"] = self._fit_open_period(company, vals["started_at"])
        # Safe: the record of a step that was checked, by the user who took it.
        calls = (
            self.sudo()
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "user_id": self.env.uid,
                        **vals,
                        "outcome": "reached",
                        "state": "done",
                        "ended_at": fields.Datetime.now(),
                    }
                    for vals in vals_list
                    if vals.get("partner_id")
                ]
            )
        )
        return calls.with_env(self.env)

    def _get_first_states(self):
        # A talk that was held elsewhere is written down by this module alone.
        held = ["done"] if self.env.su else []
        return super()._get_first_states() + held


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _prepare_call_vals(self, kind, partner=None):
        """Return the values of a talk with the customer of this visit."""
        self.ensure_one()
        order = self.sudo()  # Safe: whom to call, for who just called.
        return {
            "company_id": order.company_id.id,
            "kind": kind,
            "direction": "out",
            "partner_id": (partner or order.contact_id or order.partner_id).id,
            "phone": order.phone,
            "vehicle_id": order.vehicle_id.id,
            "order_id": order.id,
        }

    def _tell_ready(self, channel, told_to, note=None):
        result = super()._tell_ready(channel, told_to, note)
        if channel == "phone":
            text = self.env._("Told that the car is ready: %(name)s", name=told_to)
            self.env["car.contact.call"]._keep_held(
                [
                    {
                        **self._prepare_call_vals("pick_up"),
                        "summary": "\n".join(part for part in (text, note) if part),
                    }
                ]
            )
        return result


class CarRepairAuthorization(models.Model):
    """Consent given by phone is a call on record as well (R-078, R-135)."""

    _inherit = "car.repair.authorization"

    # === BUSINESS METHODS === #

    def _apply(self):
        result = super()._apply()
        self.env["car.contact.call"]._keep_held(
            [
                authorization._prepare_consent_call_vals()
                for authorization in self
                if authorization.channel == "phone"
            ]
        )
        return result

    def _prepare_consent_call_vals(self):
        self.ensure_one()
        agreed = self.line_ids.filtered("is_approved")
        declined = self.line_ids - agreed
        parts = []
        if agreed:
            parts.append(
                self.env._(
                    "Agreed, %(amount)s: %(lines)s",
                    amount=format_amount(self.env, self.amount_told, self.currency_id),
                    lines=", ".join(agreed.mapped("name")),
                )
            )
        if declined:
            parts.append(
                self.env._(
                    "Declined: %(lines)s", lines=", ".join(declined.mapped("name"))
                )
            )
        if self.note:
            parts.append(self.note)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            **self.order_id._prepare_call_vals("consent", self.sudo().partner_id),
            "authorization_id": self.id,
            "summary": "\n".join(parts) or kinds[self.kind],
        }


class CarAppointment(models.Model):
    """An appointment made by phone is a call on record as well (R-135)."""

    _inherit = "car.appointment"

    # === BUSINESS METHODS === #

    def _after_confirm(self):
        result = super()._after_confirm()
        self._keep_calls()
        return result

    def _after_arrive(self):
        # Who was only a name on the phone is a customer now.
        result = super()._after_arrive()
        self._keep_calls()
        return result

    def _keep_calls(self):
        """Write down the calls in which these appointments were made, each once."""
        # Safe: customers of appointments that the user just confirmed or received.
        called = self.sudo().filtered(
            lambda one: one.channel == "phone" and one.partner_id
        )
        if not called:
            return
        calls = self.env["car.contact.call"]
        kept = calls.sudo().search([("appointment_id", "in", called.ids)])
        new = called - kept.appointment_id
        calls._keep_held([appointment._prepare_call_vals() for appointment in new])

    def _prepare_call_vals(self):
        self.ensure_one()
        titles = (line.name or line.title for line in self.line_ids)
        requested = ", ".join(title for title in titles if title)
        return {
            "company_id": self.company_id.id,
            "kind": "appointment",
            "direction": "in",
            "partner_id": self.partner_id.id,
            "phone": self.phone,
            "vehicle_id": self.vehicle_id.id,
            "user_id": self.advisor_id.id or self.env.uid,
            "appointment_id": self.id,
            # Who was only a name on the phone is on record from his arrival on.
            "started_at": self.confirmation_sent_at or fields.Datetime.now(),
            "summary": self.env._(
                "Appointment %(number)s, %(time)s: %(requested)s",
                number=self.name,
                time=self.when_text or "",
                requested=requested,
            ),
        }


class CarEnquiry(models.Model):
    """A question asked by phone is a call on record as well (R-135)."""

    _inherit = "car.enquiry"

    # === BUSINESS METHODS === #

    def _after_answer(self):
        result = super()._after_answer()
        # Safe: the customer of words just written down.
        asked = self.sudo().filtered(
            lambda one: one.channel == "phone" and one.partner_id
        )
        self.env["car.contact.call"]._keep_held(
            [
                {
                    "company_id": enquiry.company_id.id,
                    "kind": "consultation",
                    "direction": "in",
                    "partner_id": enquiry.partner_id.id,
                    "phone": enquiry.phone,
                    "vehicle_id": enquiry.vehicle_id.id,
                    "user_id": enquiry.advisor_id.id or self.env.uid,
                    "summary": "\n".join(
                        part for part in (enquiry.question, enquiry.answer) if part
                    ),
                }
                for enquiry in asked
            ]
        )
        return result
