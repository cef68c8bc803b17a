from odoo import fields, models


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    car_call_ids = fields.One2many(
        "car.contact.call", "order_id", "Calls about the Visit"
    )
    car_call_count = fields.Integer("Calls", compute="_compute_car_call_count")

    # Who came, who went without repair: what follow-up asks every night
    _received = models.Index("(received_at)")
    _declined = models.Index("(state_changed_at) WHERE state = 'declined'")

    # === COMPUTE METHODS === #

    def _compute_car_call_count(self):
        counts = dict(
            self.env["car.contact.call"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.car_call_count = counts.get(order, 0)

    # === ACTION METHODS === #

    def action_log_call(self):
        """Write down a talk with the customer of this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_call_action_log"
        )
        action["context"] = {
            "default_order_id": self.id,
            "default_vehicle_id": self.vehicle_id.id,
            "default_partner_id": (self.contact_id or self.partner_id).id,
        }
        return action

    def action_open_calls(self):
        """Open the calls about this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_call_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        return action


class CarEnquiry(models.Model):
    _inherit = "car.enquiry"

    _answered = models.Index("(answered_at)")

    # === BUSINESS METHODS === #

    def _after_answer(self):
        """A mere enquirer is followed up as well, once he left name and phone."""
        result = super()._after_answer()
        for enquiry in self:
            if enquiry.contact_name and enquiry.phone and not enquiry.partner_id:
                # Safe: the contact of the words just written down.
                enquiry.sudo()._ensure_partner()
        return result
