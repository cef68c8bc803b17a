from odoo import fields, models
from odoo.exceptions import UserError

BOOKERS = ("advisor", "follow_up_clerk", "workshop_supervisor")


class CarAppointment(models.Model):
    _inherit = "car.appointment"

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"confirmed": "confirm", "cancelled": "cancel"},
            "confirmed": {
                "arrived": "arrive",
                "no_show": "miss",
                "cancelled": "cancel",
            },
            "no_show": {"arrived": "arrive", "draft": "resume"},
            "cancelled": {"draft": "resume"},
            "arrived": {},
        }

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm; when the time is full, show the next free ones instead."""
        if len(self) == 1 and self.state == "draft":
            self._check_confirm()
            if not self.overbook_reason and self._find_problem():
                self._propose()
                return self._get_full_action()
        self.write({"state": "confirmed"})
        return {"type": "ir.actions.act_window_close"}

    def action_arrive(self):
        """Receive the car: make the order with everything in it, once."""
        self._take_turn()
        waiting = self.filtered(lambda appointment: appointment.state != "arrived")
        waiting.write({"state": "arrived"})
        if len(self) == 1:
            return self.order_id._get_records_action()
        return True

    def action_miss(self):
        """Record that nobody came; the time is free again."""
        return self.write({"state": "no_show"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_resume(self):
        """Take a cancelled or missed appointment up again, for another time."""
        return self.write({"state": "draft"})

    def action_move(self):
        """Open the dialog that moves a confirmed appointment, with the reason."""
        self.ensure_one()
        return self._get_dialog_action("move", self.env._("Move the Appointment"))

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    # === BUSINESS METHODS: conditions of each step === #

    def _get_dialog_action(self, view, title):
        view = self.env.ref(f"car_aftersales.car_appointment_view_form_{view}")
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _get_full_action(self):
        return self._get_dialog_action("full", self.env._("This Time Is Full"))

    def _check_confirm(self):
        self._require_group(*BOOKERS)
        for appointment in self:
            missing = []
            if not appointment.partner_id:
                if not appointment.contact_name:
                    missing.append(self.env._("the customer's name"))
                if not appointment.phone:
                    missing.append(self.env._("a phone number"))
            if not appointment.vehicle_id and not appointment.license_plate:
                missing.append(self.env._("the license plate"))
            if not appointment.line_ids:
                missing.append(self.env._("what is requested"))
            if not appointment.team_id:
                missing.append(self.env._("the team"))
            if not appointment.start_at:
                missing.append(self.env._("the time"))
            if missing:
                appointment._raise_missing(
                    self.env._("please add %(missing)s", missing=", ".join(missing))
                )

    def _after_confirm(self):
        self._book_slots()
        self._send_confirmation()

    def _check_arrive(self):
        self._require_group("advisor")
        self._take_turn()
        for appointment in self:
            appointment._ensure_partner()
            appointment._ensure_vehicle()

    def _after_arrive(self):
        # Safe: the moment and the order of the step just taken.
        self.sudo().write({"arrived_at": fields.Datetime.now()})
        for appointment in self.filtered(lambda one: not one.order_id):
            appointment._create_order()

    def _check_miss(self):
        self._require_group("advisor")
        now = fields.Datetime.now()
        for appointment in self:
            if appointment.start_at > now:
                raise UserError(
                    self.env._(
                        "%(appointment)s is only due on %(time)s.",
                        appointment=appointment.display_name,
                        time=appointment.when_text,
                    )
                )

    def _after_miss(self):
        self._free_slots()
        self.part_ids._release()

    def _check_cancel(self):
        self._require_group("advisor", "follow_up_clerk")

    def _after_cancel(self):
        self._free_slots()
        self.part_ids._release()

    def _check_resume(self):
        self._require_group("advisor", "follow_up_clerk")

    def _after_resume(self):
        # Safe: a new round of messages for the time to be agreed.
        self.sudo().with_context(car_booking=True).write(
            {
                "overbook_reason": False,
                "is_overbooked": False,
                "confirmation_sent_at": False,
                "reminder_sent_at": False,
                "told_start_at": False,
            }
        )
