from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_datetime

from ...tools.labels import spell_fields

# What decides which time is taken
BOOKING_FIELDS = {
    "start_at",
    "planned_hours",
    "team_id",
    "bay_id",
    "technician_id",
    "skill_id",
}
SUPERVISOR_FIELDS = BOOKING_FIELDS | {"state", "overbook_reason", "move_reason"}
PROTECTED_FIELDS = (
    "name",
    "stop_at",
    "is_overbooked",
    "moved_count",
    "arrived_at",
    "told_start_at",
    "confirmation_sent_at",
    "reminder_sent_at",
    "order_id",
    "estimate_order_id",
    "slot_ids",
    "turn",
)


class CarAppointment(models.Model):
    """A time agreed with a customer: who comes, with which car, for what.

    Confirmed, it takes time of a team (``car.workshop.slot``); the arrival makes the
    repair order with everything in it. The advisor makes it, the workshop prepares it.
    """

    _name = "car.appointment"
    _description = "Appointment"
    _inherit = [
        "car.confidential.mixin",
        "car.caller.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "start_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("arrived", "Arrived"),
            ("no_show", "No-Show"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        required=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("walk_in", "Walk-in"),
            ("message", "Message"),
            ("follow_up", "Follow-up Call"),
        ],
        "Came By",
        default="phone",
        required=True,
    )
    advisor_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, index=True, tracking=True
    )
    type_id = fields.Many2one("car.repair.type", "Order Type", check_company=True)
    note = fields.Text("Other Requirements")
    # when
    start_at = fields.Datetime(
        "Appointment Time", copy=False, tracking=True, index=True
    )
    start_day = fields.Date(
        "Day",
        compute="_compute_start_day",
        store=True,
        precompute=True,
        index=True,
        help="The day in the time zone of the workshop.",
    )
    stop_at = fields.Datetime(
        "Work Ends", compute="_compute_stop_at", store=True, copy=False, index=True
    )
    when_text = fields.Char("Time in Words", compute="_compute_when_text")
    planned_hours = fields.Float(
        compute="_compute_planned_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Hours of work, from what is requested.",
    )
    # where and who
    team_id = fields.Many2one(
        "car.workshop.team",
        check_company=True,
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        domain="[('warehouse_id', '=', warehouse_id)]",
    )
    bay_id = fields.Many2one(
        "car.workshop.bay",
        check_company=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
        domain="[('warehouse_id', '=', warehouse_id), ('kind', '=', 'repair')]",
        help="Empty: the first one free is taken at confirmation.",
    )
    skill_id = fields.Many2one("car.workshop.skill", "Skill Needed")
    technician_id = fields.Many2one(
        "car.technician",
        check_company=True,
        copy=False,
        domain="[('team_id', '=', team_id)]",
        help="Only when the work is promised to one person.",
    )
    color = fields.Integer(related="team_id.color")
    slot_ids = fields.One2many("car.workshop.slot", "appointment_id", "Occupied Time")
    # what
    line_ids = fields.One2many(
        "car.appointment.line", "appointment_id", "Requested", copy=True
    )
    items_text = fields.Char("Requested Work", compute="_compute_items_text")
    part_ids = fields.One2many("car.appointment.part", "appointment_id", "Parts")
    # what was agreed
    proposal_ids = fields.One2many(
        "car.appointment.proposal", "appointment_id", "Proposed Times"
    )
    overbook_reason = fields.Char("Reason for Over-Booking", copy=False, tracking=True)
    is_overbooked = fields.Boolean("Over-Booked", readonly=True, copy=False)
    move_reason = fields.Char("Reason for Moving", copy=False, tracking=True)
    moved_count = fields.Integer("Times Moved", readonly=True, copy=False)
    # how it went
    arrived_at = fields.Datetime("Arrival", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Overdue", compute="_compute_is_late", search="_search_is_late"
    )
    result = fields.Selection(
        [
            ("open", "Open"),
            ("kept", "Came in Time"),
            ("late", "Came Late"),
            ("no_show", "Did Not Come"),
            ("cancelled", "Called Off"),
        ],
        "Kept or Not",
        compute="_compute_result",
        store=True,
        index=True,
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    enquiry_ids = fields.One2many("car.enquiry", "appointment_id", "Enquiries")
    # messages
    told_start_at = fields.Datetime("Time Told", readonly=True, copy=False)
    confirmation_sent_at = fields.Datetime(
        "Confirmation Sent", readonly=True, copy=False
    )
    reminder_sent_at = fields.Datetime("Reminder Sent", readonly=True, copy=False)
    # technical
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This appointment number is taken already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (planned_hours > 0)", "An appointment takes more than no time."
    )
    _confirmed_by_start = models.Index("(start_at) WHERE state = 'confirmed'")

    # === COMPUTE METHODS === #

    @api.depends("start_at", "team_id.resource_calendar_id.tz", "company_id")
    def _compute_start_day(self):
        for appointment in self:
            zone = appointment._get_time_zone()
            appointment.start_day = (
                appointment.start_at
                and pytz.utc.localize(appointment.start_at).astimezone(zone).date()
            )

    @api.depends("start_at", "planned_hours", "slot_ids.stop")
    def _compute_stop_at(self):
        for appointment in self:
            stops = appointment.slot_ids.mapped("stop")
            start = appointment.start_at
            plain = start and start + timedelta(hours=appointment.planned_hours)
            appointment.stop_at = max(stops) if stops else plain

    @api.depends("start_at", "team_id")
    @api.depends_context("lang")
    def _compute_when_text(self):
        """Spell the time as the workshop's clock shows it, whoever reads it."""
        for appointment in self:
            appointment.when_text = appointment._spell_time(appointment.start_at)

    @api.depends("line_ids.hours", "company_id")
    def _compute_planned_hours(self):
        for appointment in self:
            hours = sum(appointment.line_ids.mapped("hours"))
            # Safe: a setting that every desk plans by.
            default = appointment.company_id.sudo().car_booking_hours
            appointment.planned_hours = hours or default

    @api.depends("warehouse_id")
    def _compute_team_id(self):
        """Take the only team of a site; of several one is chosen."""
        teams = self.env["car.workshop.team"].search(
            [("warehouse_id", "in", self.warehouse_id.ids)]
        )
        by_site = teams.grouped("warehouse_id")
        for appointment in self:
            site = appointment.warehouse_id
            if appointment.team_id.warehouse_id != site or not site:
                here = by_site.get(site, teams.browse())
                appointment.team_id = here if len(here) == 1 else False

    @api.depends("line_ids.title")
    def _compute_items_text(self):
        for appointment in self:
            titles = [line.title for line in appointment.line_ids if line.title]
            appointment.items_text = ", ".join(titles)

    @api.depends("state", "start_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for appointment in self:
            appointment.is_late = bool(
                appointment.state == "confirmed"
                and appointment.start_at
                and appointment.start_at + appointment._get_grace() < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_overdue_domain(
            {
                company: timedelta(minutes=company.car_late_minutes)
                for company in self.env.companies.sudo()
            }
        )

    @api.depends("state", "start_at", "arrived_at")
    def _compute_result(self):
        for appointment in self:
            result = "open"
            if appointment.state in ("no_show", "cancelled"):
                result = appointment.state
            elif appointment.state == "arrived":
                limit = appointment.start_at + appointment._get_grace()
                is_late = appointment.arrived_at and appointment.arrived_at > limit
                result = "late" if is_late else "kept"
            appointment.result = result

    @api.depends("name", "license_plate", "contact_name")
    def _compute_display_name(self):
        """Name it by plate first: a narrow calendar shows no more than that."""
        for appointment in self:
            parts = (
                appointment.license_plate or appointment.contact_name,
                appointment._origin.name,
            )
            appointment.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._drop_protected(vals)
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
        if not self._has_group("advisor", "follow_up_clerk"):
            raise AccessError(
                self.env._("The front desk and follow-up clerks make appointments.")
            )
        appointments = super().create(vals_list)
        appointments._follow_lines()
        return appointments

    def write(self, vals):
        if self.env.su and self.env.context.get("car_booking"):
            return super().write(vals)
        vals = self._drop_protected(dict(vals))
        self._check_role_fields(vals)
        self._check_closed(vals)
        moving = self.browse()
        if "state" not in vals:
            moving = self.filtered(lambda appointment: appointment._is_moved_by(vals))
        former = {appointment: appointment.start_at for appointment in moving}
        if moving:
            # A reason holds for the time it was given for.
            vals.setdefault("overbook_reason", False)
            if any(one._is_changed_by("start_at", vals) for one in moving):
                vals.setdefault("move_reason", False)
        result = super().write(vals)
        if moving:
            moving._book_slots(keep_bay="bay_id" in vals)
            moving._after_move(former)
        if vals.keys() & {"vehicle_id", "model_id", "license_plate"}:
            self._follow_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for appointment in self:
            if appointment.state not in ("draft", "cancelled") or appointment.order_id:
                raise UserError(
                    self.env._(
                        "%(appointment)s is “%(state)s” and is kept for the records. "
                        "Cancel it instead.",
                        appointment=appointment.display_name,
                        state=appointment._get_state_label(appointment.state),
                    )
                )

    # === BUSINESS METHODS === #

    def _has_group(self, *tiers):
        """Tell whether the user sits at one of these desks (or is the system)."""
        return self.env["car.repair.order"]._has_group(*tiers)

    def _require_group(self, *tiers):
        if not self._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(appointments)s: your role may not take this step.",
                    appointments=", ".join(self.mapped("display_name")),
                )
            )

    def _drop_protected(self, vals):
        """Take out what only the system writes."""
        if not self.env.su:
            for name in PROTECTED_FIELDS:
                vals.pop(name, None)
        return vals

    def _check_role_fields(self, vals):
        """Keep the workshop supervisor to time and people."""
        if self._has_group("advisor", "follow_up_clerk"):
            return
        if foreign := set(vals) - SUPERVISOR_FIELDS:
            raise AccessError(
                self.env._(
                    "%(appointments)s: the workshop changes time, team, bay and "
                    "technician, not %(fields)s.",
                    appointments=", ".join(self.mapped("display_name")),
                    fields=spell_fields(self, foreign),
                )
            )

    def _check_closed(self, vals):
        """Keep what was agreed as it was, once the appointment is over."""
        content = BOOKING_FIELDS | {"line_ids", "partner_id", "vehicle_id"}
        if not content.intersection(vals) or self.env.su:
            return
        for appointment in self:
            if appointment.state not in ("draft", "confirmed", "no_show"):
                appointment._raise_missing(
                    self.env._(
                        "it is “%(state)s”, its content stays as it is",
                        state=appointment._get_state_label(appointment.state),
                    )
                )

    def _is_moved_by(self, vals):
        """Tell whether values ask for another time than the one that is booked."""
        self.ensure_one()
        return self.state == "confirmed" and any(
            self._is_changed_by(name, vals)
            for name in BOOKING_FIELDS.intersection(vals)
        )

    def _is_changed_by(self, name, vals):
        field = self._fields[name]
        return name in vals and (
            field.convert_to_cache(vals[name], self)
            != field.convert_to_cache(self[name], self)
        )

    def _take_turn(self):
        """Write the rows first: of two at once only one goes on."""
        self.flush_recordset()
        self.env["res.company"]._take_car_turn(self)

    def _get_grace(self):
        # Safe: a setting.
        return timedelta(minutes=self.company_id.sudo().car_late_minutes)

    def _get_time_zone(self):
        """Return the time zone of the workshop."""
        self.ensure_one()
        if self.team_id:
            return self.team_id._get_time_zone()
        return pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")

    def _spell_time(self, moment):
        """Return a moment by the workshop's clock, with its day of the week."""
        self.ensure_one()
        return moment and format_datetime(
            self.env,
            moment,
            tz=self._get_time_zone().zone,
            dt_format="EEE yyyy-MM-dd HH:mm",
        )

    @api.model
    def _get_overdue_domain(self, delays):
        """Return the confirmed appointments past by the delay of their company."""
        now = fields.Datetime.now()
        domains = [
            fields.Domain("company_id", "=", company.id)
            & fields.Domain("start_at", "<", now - delay)
            for company, delay in delays.items()
        ]
        return fields.Domain("state", "=", "confirmed") & fields.Domain.OR(domains)
