from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# With these the visit is not decided yet when its order is opened.
UNDECIDED = ("diagnosis", "estimate", "pickup", "enquiry")
BOOKED_STATES = ("draft", "confirmed", "no_show")


class CarReception(models.Model):
    """The steps of an arrival, and where its purpose leads."""

    _inherit = "car.reception"

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        closing = {"done": "finish", "gone": "leave"}
        return {
            "arrived": {"served": "serve", "lounge": "wait", **closing},
            "served": {"lounge": "wait", "done": "finish"},
            "lounge": {"served": "serve", **closing},
            "done": {"served": "serve", "lounge": "wait"},
            "gone": {"served": "serve"},
        }

    # === ACTION METHODS === #

    def action_serve(self):
        """Take the car or call the customer back from the lounge."""
        for reception in self:
            vals = {"state": "served"}
            if reception.state == "arrived":
                vals["advisor_id"] = self.env.uid
            reception.write(vals)
        return True

    def action_wait(self):
        """Let the customer wait in the lounge while his car is looked at."""
        return self.write({"state": "lounge"})

    def action_finish(self):
        """End the visit at the desk; asks how it ended where no document tells it."""
        if len(self) == 1 and not self._has_outcome() and not self.outcome_note:
            return self._get_dialog_action("finish", self.env._("How Did It End?"))
        self.write({"state": "done"})
        return {"type": "ir.actions.act_window_close"}

    def action_leave(self):
        """Record that he left without being served, and why."""
        if len(self) == 1 and not self.gone_reason:
            return self._get_dialog_action("leave", self.env._("Left Unserved"))
        self.write({"state": "gone"})
        return {"type": "ir.actions.act_window_close"}

    def action_confirm_data(self):
        """Record that customer and vehicle data were gone through (信息确认)."""
        self.check_access("write")
        # Safe: who and when, of the step just taken by somebody who may write.
        self.sudo().write(
            {
                "data_confirmed_at": fields.Datetime.now(),
                "data_confirmed_by_id": self.env.uid,
            }
        )
        return True

    def action_introduce(self):
        """Record that a new customer was told what we offer and how it goes."""
        self.check_access("write")
        # Safe: who and when, of the step just taken by somebody who may write.
        self.sudo().write(
            {"introduced_at": fields.Datetime.now(), "introduced_by_id": self.env.uid}
        )
        return True

    def action_proceed(self):
        """Go where the purpose leads, and open what comes of it.

        :return: the action that opens the document.
        """
        self.ensure_one()
        self._take_turn()
        if self.appointment_id.state in BOOKED_STATES and self.purpose != "booking":
            return self.action_arrive_appointment()
        return getattr(self, self._get_routes()[self.purpose])()

    def action_answer_enquiry(self):
        """Log what is asked, once; the answer ends the visit."""
        self.ensure_one()
        self._take_turn()
        if not self.enquiry_id:
            if not self.complaint:
                self._raise_missing(self.env._("write down what is asked"))
            enquiry = self.env["car.enquiry"].create(self._prepare_enquiry_vals())
            self._link(enquiry_id=enquiry.id)
        return self.enquiry_id._get_records_action()

    def action_book(self):
        """Make the appointment, once, without typing anything again."""
        self.ensure_one()
        self._take_turn()
        if not self.appointment_id:
            appointment = self.env["car.appointment"].create(
                self._prepare_appointment_vals()
            )
            self._link(appointment_id=appointment.id)
        return self.appointment_id._get_records_action()

    def action_open_order(self):
        """Open the order at once; neither diagnosis nor estimate is needed for it."""
        self.ensure_one()
        self._take_turn()
        if not self.order_id:
            orders = self.env["car.repair.order"].with_context(car_reception_id=self.id)
            orders.create(self._prepare_order_vals())
        return self.order_id._get_records_action()

    def action_arrive_appointment(self):
        """Receive the booked car: its order has everything that was agreed."""
        self.ensure_one()
        self._take_turn()
        appointment = self.appointment_id
        if appointment.state in BOOKED_STATES:
            if appointment.state == "draft":
                appointment._raise_missing(self.env._("it is not confirmed yet"))
            if vals := self._prepare_arriving_vals(appointment):
                appointment.write(vals)
            appointment.with_context(car_reception_id=self.id).action_arrive()
        return appointment.order_id._get_records_action()

    def action_pick_up(self):
        """Open the order whose car is collected."""
        self.ensure_one()
        self._take_turn()
        if not self.order_id:
            order = self._find_order_to_collect()
            if not order:
                self._raise_missing(self.env._("no order of this car is open"))
            self._link(order_id=order.id)
        return self.order_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_routes(self):
        """Map each purpose to the action it leads to. Extend with new purposes."""
        return {
            "enquiry": "action_answer_enquiry",
            "diagnosis": "action_open_order",
            "estimate": "action_open_order",
            "repair": "action_open_order",
            "booking": "action_book",
            "pickup": "action_pick_up",
        }

    def _get_dialog_action(self, view, title):
        view = self.env.ref(f"car_aftersales.car_reception_view_form_{view}")
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _has_outcome(self):
        self.ensure_one()
        return bool(self.enquiry_id or self.appointment_id or self.order_id)

    def _link(self, **vals):
        """Tie the arrival to what came of it; a decided visit ends at the desk."""
        self.ensure_one()
        if self.state in ("arrived", "gone"):
            self.action_serve()
        # Safe: the link to what the caller just made or found with his own rights.
        self.sudo().write(vals)
        if self.purpose not in UNDECIDED and self.state == "served":
            self.write({"state": "done"})

    def _close_decided(self, states=("served",)):
        """End the visits of these arrivals whose outcome is known now."""
        # Safe: follows from the step of the document, which was checked.
        self.sudo().filtered(lambda reception: reception.state in states).write(
            {"state": "done"}
        )

    def _find_order_to_collect(self):
        """Return the order of the car that is ready, else the newest open one."""
        orders = self.env["car.repair.order"]
        domain = orders._get_open_domain()
        domain &= fields.Domain("vehicle_id", "=", self.vehicle_id.id)
        domain &= fields.Domain("company_id", "=", self.company_id.id)
        found = orders.search(domain) if self.vehicle_id else orders
        leaving = found.filtered(lambda order: order.state in ("ready", "declined"))
        return (leaving or found)[:1]

    def _prepare_caller_vals(self):
        """Return who came with which car, for the document that follows."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "contact_name": self.contact_name,
            "phone": self.phone,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.license_plate,
            "model_id": self.model_id.id,
        }

    def _prepare_enquiry_vals(self):
        """Return values of the enquiry an arrival becomes. Extend to add fields."""
        return {
            **self._prepare_caller_vals(),
            "channel": "walk_in",
            "question": self.complaint,
        }

    def _prepare_appointment_vals(self):
        """Return values of the appointment it becomes. Extend to add fields."""
        vals = {
            **self._prepare_caller_vals(),
            "channel": "walk_in",
            "warehouse_id": self.warehouse_id.id,
        }
        if self.complaint:
            vals["line_ids"] = [Command.create({"name": self.complaint})]
        return vals

    def _prepare_arriving_vals(self, appointment):
        """Return what the desk knows by now of the booked car and customer."""
        vals = {}
        if self.partner_id and not appointment.partner_id:
            vals["partner_id"] = self.partner_id.id
        if self.vehicle_id and not appointment.vehicle_id:
            vals["vehicle_id"] = self.vehicle_id.id
            vals["license_plate"] = self.vehicle_id.license_plate
        elif self.model_id and not appointment.model_id:
            vals["model_id"] = self.model_id.id
        return vals

    def _prepare_order_vals(self):
        """Return values of the order an arrival becomes. Extend to add fields.

        :raise UserError: naming what is missing
        """
        vals = {
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "vehicle_id": self._ensure_vehicle().id,
            "partner_id": self._ensure_partner().id,
            "received_at": self.arrived_at,
        }
        if self.complaint:
            vals["job_ids"] = [
                Command.create({"name": line.strip()})
                for line in self.complaint.splitlines()
                if line.strip()
            ]
        return vals

    # === BUSINESS METHODS: conditions of each step === #

    def _after_serve(self):
        # Safe: the moments of the step just taken.
        now = fields.Datetime.now()
        self.sudo().write({"closed_at": False})
        self.sudo().filtered(lambda one: not one.served_at).write({"served_at": now})

    def _after_wait(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"closed_at": False})

    def _check_finish(self):
        for reception in self:
            if not reception._has_outcome() and not reception.outcome_note:
                reception._raise_missing(self.env._("write down how it ended"))

    def _after_finish(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"closed_at": fields.Datetime.now()})

    def _check_leave(self):
        for reception in self:
            if reception._has_outcome():
                raise UserError(
                    self.env._(
                        "%(arrival)s has become %(document)s: it was served.",
                        arrival=reception.display_name,
                        document=(
                            reception.order_id
                            or reception.appointment_id
                            or reception.enquiry_id
                        ).display_name,
                    )
                )
            if not reception.gone_reason:
                reception._raise_missing(
                    self.env._("the reason for leaving is missing")
                )

    def _after_leave(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"closed_at": fields.Datetime.now()})
