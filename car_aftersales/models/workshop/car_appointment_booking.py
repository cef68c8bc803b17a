from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.capacity import cut_pieces
from .car_workshop_capacity import RUN_DAYS


class Timetable:
    """What is free around some appointments, read once and kept up to date."""

    def __init__(self, appointments, without):
        self.now = fields.Datetime.now()
        starts = appointments.mapped("start_at")
        begin = min(self.now, *starts) - timedelta(days=1)
        end = max(starts) + timedelta(days=RUN_DAYS + 1)
        teams = appointments.team_id
        self.capacities, self.times = teams._get_capacities(begin, end, without)
        self.backlog = teams._get_backlog_hours()
        self.bays = teams._get_possible_bays() | appointments.bay_id
        self.occupied = self.bays._get_occupied(begin, end, without)

    def add(self, appointment, pieces, bay):
        """Lay an appointment's work on its team and bay."""
        source = (appointment._name, appointment.id)
        key = appointment._get_capacity_key()
        self.capacities[appointment.team_id].add(pieces, key, source)
        if bay:
            self.occupied[bay.id].append((pieces[0][0], pieces[-1][1]))


class CarAppointment(models.Model):
    _inherit = "car.appointment"

    # === ACTION METHODS === #

    def action_propose(self):
        """Propose the next free times, from the wished one on."""
        self._require_group("advisor", "follow_up_clerk", "workshop_supervisor")
        for appointment in self:
            if not appointment.team_id:
                appointment._raise_missing(self.env._("please choose the team"))
            if not appointment._propose():
                appointment._raise_missing(
                    self.env._("no time is free in the next weeks")
                )
        return True

    def action_overbook(self):
        """Confirm a full time on purpose, with the reason written down."""
        self.ensure_one()
        if not self.overbook_reason:
            self._raise_missing(self.env._("why is it booked although it is full?"))
        return self.action_confirm()

    # === BUSINESS METHODS === #

    def _get_capacity_key(self):
        """Return what the work asks for: a technician, a skill or nobody special."""
        self.ensure_one()
        return -self.technician_id.id or self.skill_id.id or None

    def _get_own_slots(self):
        # Safe: only our own slots that no job has taken over.
        return self.sudo().slot_ids.filtered(lambda slot: not slot.job_id)

    def _free_slots(self):
        self._get_own_slots().unlink()
        self.invalidate_recordset(["slot_ids"])

    def _find_problem(self, timetable=None):
        """Return why the time cannot be taken: closed, bay or full; else False."""
        self.ensure_one()
        table = timetable or Timetable(self, self._get_own_slots())
        pieces = self._get_pieces(table)
        if not pieces or pieces[0][0] != self.start_at:
            return "closed"
        if self.bay_id and not self.bay_id._get_first_free(table.occupied, pieces):
            return "bay"
        capacity = table.capacities[self.team_id]
        if not capacity.is_free(pieces, self._get_capacity_key()):
            return "full"
        begin = min(table.now, self.start_at)
        room = capacity.get_free_hours(begin, pieces[-1][1])
        if room + 1e-6 < table.backlog[self.team_id] + self.planned_hours:
            return "full"
        return False

    def _get_pieces(self, timetable):
        times = timetable.times[self.team_id]
        return cut_pieces(times, self.start_at, self.planned_hours)

    def _book_slots(self, keep_bay=True):
        """Take the time of the appointments, instead of what they had.

        The teams' and bays' rows are written first, then read: of two who want the last
        time, one gets it.

        :param keep_bay: refuse a bay that is occupied, instead of choosing another
        :raise UserError: when a time is not free, with the next ones that are
        """
        self.team_id._take_turn()
        self.bay_id._take_turn()
        former = self._get_own_slots()
        table = Timetable(self, former)
        bookings = []
        for appointment in self.sorted(lambda one: (one.start_at, one.id)):
            problem = appointment._find_problem(table)
            if not keep_bay and (problem == "bay" or appointment._is_bay_foreign()):
                # Safe: the bay is chosen anew below.
                appointment.sudo().with_context(car_booking=True).bay_id = False
                problem = appointment._find_problem(table)
            if problem:
                appointment._check_overbooking(problem, table)
            pieces = appointment._get_pieces(table)
            bay = appointment.bay_id or appointment._choose_bay(table, pieces)
            table.add(appointment, pieces, bay)
            bookings.append((appointment._prepare_slot_vals(bay), pieces))
            # Safe: what the booking decided.
            appointment.sudo().with_context(car_booking=True).write(
                {"bay_id": bay.id, "is_overbooked": bool(problem)}
            )
        former.unlink()
        self.env["car.workshop.slot"]._occupy(bookings)
        self.invalidate_recordset(["slot_ids"])

    def _is_bay_foreign(self):
        return self.bay_id.team_id not in (self.team_id, self.env["car.workshop.team"])

    def _choose_bay(self, timetable, pieces):
        """Return the first bay that is free; none when all are occupied."""
        bays = self.team_id._filter_bays(timetable.bays)
        bay = bays._get_first_free(timetable.occupied, pieces)
        bay._take_turn()
        return bay

    def _prepare_slot_vals(self, bay):
        """Return what all pieces of the appointment's time have in common."""
        return {
            "appointment_id": self.id,
            "team_id": self.team_id.id,
            "bay_id": bay.id,
            "technician_id": self.technician_id.id,
            "skill_id": self.skill_id.id,
        }

    def _check_overbooking(self, problem, table):
        """Refuse a time that is not free, unless it is booked on purpose.

        :raise UserError: naming the next free times
        """
        self.ensure_one()
        if problem != "full" or not self.overbook_reason:
            self._raise_not_free(problem)
        if self._has_group("workshop_supervisor"):
            return
        begin, end = self.team_id._get_day_bounds(self.start_at)
        capacity = table.capacities[self.team_id]
        hours = capacity.get_working_hours(begin, end)
        booked = capacity.get_booked_hours(begin, end) + min(self.planned_hours, hours)
        # Safe: a setting.
        percent = self.company_id.sudo().car_overbooking_percent
        limit = hours * (1 + percent / 100)
        if not self._has_group("advisor") or booked > limit + 1e-6:
            raise AccessError(
                self.env._(
                    "%(appointment)s: %(team)s would have %(booked).1f hours of work "
                    "on that day and works %(hours).1f. The workshop supervisor may "
                    "book it.",
                    appointment=self.display_name,
                    team=self.team_id.name,
                    booked=booked,
                    hours=hours,
                )
            )

    def _raise_not_free(self, problem):
        reasons = {
            "closed": self.env._("%(team)s does not work then"),
            "bay": self.env._("another car stands in %(bay)s then"),
            "full": self.env._("%(team)s is full then"),
        }
        free = [self._spell_time(time["start"]) for time in self._get_free_times()]
        raise UserError(
            self.env._(
                "%(appointment)s, %(time)s: %(reason)s. Next free times: %(free)s.",
                appointment=self.display_name,
                time=self.when_text,
                reason=reasons[problem]
                % {"team": self.team_id.name, "bay": self.bay_id.name},
                free="; ".join(free) or self.env._("none in the next weeks"),
            )
        )

    def _get_free_times(self, limit=3):
        """Return the next free times from the wished one on."""
        return self.team_id._find_free(
            self.planned_hours,
            after=self.start_at,
            skill=self.skill_id,
            technician=self.technician_id,
            limit=limit,
            without=self._get_own_slots(),
        )

    def _propose(self):
        """Write down the next free times; what was proposed before is kept."""
        self.ensure_one()
        known = {(row.start, row.team_id) for row in self.proposal_ids}
        times = self._get_free_times()
        # Safe: what is free, written down on our own appointment.
        self.env["car.appointment.proposal"].sudo().create(
            [
                {
                    "appointment_id": self.id,
                    "start": time["start"],
                    "stop": time["stop"],
                    "team_id": time["team"].id,
                    "bay_id": time["bay"].id,
                }
                for time in times
                if (time["start"], time["team"]) not in known
            ]
        )
        self.invalidate_recordset(["proposal_ids"])
        return times

    def _after_move(self, former):
        """Write down what the time was before, and let the reminder come anew."""
        for appointment, start_at in former.items():
            if appointment.start_at == start_at:
                continue
            # Safe: follows from the move.
            appointment.sudo().with_context(car_booking=True).write(
                {
                    "moved_count": appointment.moved_count + 1,
                    "reminder_sent_at": False,
                }
            )
            appointment._message_log(
                body=self.env._(
                    "Moved from %(before)s to %(after)s. %(reason)s",
                    before=appointment._spell_time(start_at),
                    after=appointment.when_text,
                    reason=appointment.move_reason
                    or self.env._("No reason was given."),
                )
            )

    def _follow_lines(self):
        """Bring parts and booked time in step with what is requested."""
        self._sync_parts()
        changed = self.filtered(
            lambda appointment: (
                appointment.state == "confirmed"
                and abs(
                    sum(appointment._get_own_slots().mapped("hours"))
                    - appointment.planned_hours
                )
                > 1e-4
            )
        )
        if changed:
            changed._book_slots()


class CarAppointmentProposal(models.Model):
    """A time proposed to the customer, and whether it was agreed."""

    _name = "car.appointment.proposal"
    _description = "Proposed Time"
    _order = "start, id"
    _check_company_auto = True

    appointment_id = fields.Many2one(
        "car.appointment",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="appointment_id.company_id", store=True, precompute=True, index=True
    )
    start = fields.Datetime("From", required=True, readonly=True)
    stop = fields.Datetime("Until", readonly=True)
    time_text = fields.Char("Time", compute="_compute_time_text")
    team_id = fields.Many2one("car.workshop.team", readonly=True, check_company=True)
    bay_id = fields.Many2one("car.workshop.bay", readonly=True, check_company=True)
    is_agreed = fields.Boolean("Agreed", readonly=True)

    @api.depends("start", "team_id")
    @api.depends_context("lang")
    def _compute_time_text(self):
        for proposal in self:
            proposal.time_text = proposal.appointment_id._spell_time(proposal.start)

    def action_take(self):
        """Agree on this time: the appointment takes it and is confirmed."""
        self.ensure_one()
        appointment = self.appointment_id
        appointment.write(
            {
                "start_at": self.start,
                "team_id": self.team_id.id,
                "bay_id": self.bay_id.id,
                "overbook_reason": False,
            }
        )
        if appointment.state == "draft":
            appointment.write({"state": "confirmed"})
        # Safe: the appointment could be written; the choice is written down.
        proposals = appointment.sudo().proposal_ids
        proposals.write({"is_agreed": False})
        self.sudo().is_agreed = True
        return {"type": "ir.actions.act_window_close"}
