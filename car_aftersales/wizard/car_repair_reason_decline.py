from datetime import timedelta

from odoo import api, fields, models


class CarRepairReason(models.TransientModel):
    """Why a car is not repaired, and what becomes of the estimate."""

    _inherit = "car.repair.reason"

    vehicle_id = fields.Many2one(related="order_id.vehicle_id")
    appointment_id = fields.Many2one(
        "car.appointment",
        "Add to Appointment",
        help="An open appointment of this car that takes the estimate along. Empty: a "
        "new one is made.",
    )
    has_open_appointment = fields.Boolean(compute="_compute_has_open_appointment")
    ask_again_date = fields.Date(
        "Ask Again On",
        compute="_compute_ask_again_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    contact_way = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.order"]
            ._fields["contact_way"]
            ._description_selection(self.env)
        ),
        string="May Be Contacted",
        default="phone",
    )

    @api.depends("order_id")
    def _compute_has_open_appointment(self):
        for dialog in self:
            dialog.has_open_appointment = bool(
                dialog.vehicle_id
                and self.env["car.appointment"].search_count(
                    [
                        ("vehicle_id", "=", dialog.vehicle_id.id),
                        ("state", "in", ["draft", "confirmed"]),
                        ("estimate_order_id", "=", False),
                    ],
                    limit=1,
                )
            )

    @api.depends("order_id", "contact_way")
    def _compute_ask_again_date(self):
        """Propose the days of the company, unless the customer wants no contact."""
        for dialog in self:
            # Safe: a setting.
            days = dialog.order_id.company_id.sudo().car_ask_again_days
            today = fields.Date.context_today(dialog)
            wanted = days and dialog.contact_way != "none"
            dialog.ask_again_date = wanted and today + timedelta(days=days)

    def action_confirm(self):
        """Decline with what was said, and show the appointment that was made."""
        self.ensure_one()
        if self.verb != "decline":
            return super().action_confirm()
        order = self.order_id.with_context(car_book_into=self.appointment_id.id)
        if self.outcome == "booked":
            order.action_decline(self.outcome, self.reason)
            return order.action_book_estimate()
        order.action_decline(
            self.outcome, self.reason, self.ask_again_date, self.contact_way
        )
        return {"type": "ir.actions.act_window_close"}
