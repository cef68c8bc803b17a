from datetime import timedelta

from odoo import api, fields, models


class CarAppointment(models.Model):
    """What the workshop must still prepare for the cars of today and tomorrow."""

    _inherit = "car.appointment"

    is_bay_missing = fields.Boolean("No Bay", compute="_compute_missing")
    is_team_missing = fields.Boolean(
        "Nobody Free",
        compute="_compute_missing",
        help="The team has more work at that time than people, perhaps because "
        "somebody fell ill since.",
    )
    missing_text = fields.Char("Still Missing", compute="_compute_missing")
    load_text = fields.Char("Load of the Day", compute="_compute_load_text")
    is_told = fields.Boolean("Knows the Time", compute="_compute_is_told")
    order_count = fields.Integer("Orders Made", compute="_compute_order_count")

    # === COMPUTE METHODS === #

    @api.depends("state", "start_at", "team_id", "bay_id", "slot_ids", "parts_status")
    def _compute_missing(self):
        """Look at people, bays and parts of all appointments in one pass."""
        busy = self.filtered(
            lambda one: one.state == "confirmed" and one.team_id and one.slot_ids
        )
        short = busy._filter_nobody_free()
        bays = busy.team_id._get_possible_bays()
        for appointment in self:
            is_open = appointment.state == "confirmed"
            appointment.is_bay_missing = (
                is_open
                and not appointment.bay_id
                and bool(appointment.team_id)
                and bool(appointment.team_id._filter_bays(bays))
            )
            appointment.is_team_missing = appointment in short
            missing = []
            if appointment.is_bay_missing:
                missing.append(self.env._("bay"))
            if appointment.is_team_missing:
                missing.append(self.env._("people"))
            if is_open and appointment.parts_status == "missing":
                missing.append(self.env._("parts"))
            appointment.missing_text = ", ".join(missing)

    def _filter_nobody_free(self):
        """Return the appointments whose team has too few people at their time."""
        if not self:
            return self
        # Safe: times only.
        slots = self.sudo().slot_ids
        begin = min(slots.mapped("start")) - timedelta(hours=1)
        end = max(slots.mapped("stop")) + timedelta(hours=1)
        capacities, _times = self.team_id._get_capacities(begin, end)
        for capacity in capacities.values():
            capacity.places = 0  # bays are told apart
        return self.filtered(
            lambda one: (
                capacities[one.team_id].get_least_free(
                    [(slot.start, slot.stop) for slot in one.sudo().slot_ids],
                    one._get_capacity_key(),
                )
                < 0
            )
        )

    @api.depends("start_at", "team_id", "slot_ids")
    def _compute_load_text(self):
        """Say how much of the team's day is booked; one pass for all."""
        planned = self.filtered(lambda one: one.start_at and one.team_id)
        days = {one: one.team_id._get_day_bounds(one.start_at) for one in planned}
        capacities = {}
        if days:
            capacities, _times = planned.team_id._get_capacities(
                min(begin for begin, _end in days.values()),
                max(end for _begin, end in days.values()),
            )
        for one in self:
            one.load_text = False
            if one in days:
                capacity = capacities[one.team_id]
                one.load_text = self.env._(
                    "%(booked).1f of %(hours).1f h booked",
                    booked=capacity.get_booked_hours(*days[one]),
                    hours=capacity.get_working_hours(*days[one]),
                )

    @api.depends("told_start_at", "start_at")
    def _compute_is_told(self):
        for appointment in self:
            told = appointment.told_start_at
            appointment.is_told = bool(told) and told == appointment.start_at

    @api.depends("order_id")
    def _compute_order_count(self):
        for appointment in self:
            appointment.order_count = len(appointment.order_id)
