from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.capacity import HOUR
from .car_repair_order import CUSTOMER_DATA


class CarWorkshopSlot(models.Model):
    """Time of a team that is taken: the one table of occupied time.

    A slot is one piece of working time: work over lunch has two. Only the system makes
    and moves slots, for an appointment or for a job; capacity, promises and boards read
    nothing else.
    """

    _name = "car.workshop.slot"
    _description = "Occupied Workshop Time"
    _order = "start, id"
    _check_company_auto = True

    team_id = fields.Many2one(
        "car.workshop.team", required=True, check_company=True, ondelete="restrict"
    )
    bay_id = fields.Many2one(
        "car.workshop.bay", check_company=True, ondelete="restrict"
    )
    technician_id = fields.Many2one(
        "car.technician", check_company=True, index="btree_not_null"
    )
    skill_id = fields.Many2one("car.workshop.skill", ondelete="restrict")
    start = fields.Datetime("From", required=True)
    stop = fields.Datetime("To", required=True)
    hours = fields.Float(required=True, help="Hours of one technician.")
    # what takes the time
    appointment_id = fields.Many2one(
        "car.appointment",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        groups=CUSTOMER_DATA,
    )
    job_id = fields.Many2one(
        "car.repair.job", index="btree_not_null", ondelete="cascade", check_company=True
    )
    work_text = fields.Char("Work", compute="_compute_work_text", compute_sudo=True)
    # where
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="team_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    color = fields.Integer(related="team_id.color")

    _by_team = models.Index("(team_id, stop, start)")
    _by_bay = models.Index("(bay_id, stop, start) WHERE bay_id IS NOT NULL")
    _by_stop = models.Index("(stop)")  # the calendar asks for no team
    _forward = models.Constraint(
        "CHECK (stop > start AND hours > 0)", "Occupied time ends after it begins."
    )
    _has_source = models.Constraint(
        "CHECK (appointment_id IS NOT NULL OR job_id IS NOT NULL)",
        "Time is occupied by an appointment or by a job.",
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id.name", "appointment_id.license_plate")
    def _compute_work_text(self):
        """Say which car it is and what is done, never whose car it is."""
        for slot in self:
            appointment = slot.appointment_id
            plate = (
                slot.job_id.vehicle_id.license_plate or appointment.license_plate or ""
            )
            work = slot.job_id.name or appointment.items_text or appointment.name or ""
            slot.work_text = f"{plate} {work}".strip()

    @api.depends("work_text")
    def _compute_display_name(self):
        for slot in self:
            slot.display_name = slot.work_text

    # === BUSINESS METHODS === #

    def _get_capacity_key(self):
        """Return what the work asks for: a technician, a skill or nobody special."""
        self.ensure_one()
        return -self.technician_id.id or self.skill_id.id or None

    @api.model
    def _occupy(self, bookings):
        """Take time for appointments or jobs, after it was found to be free.

        :param bookings: list of (values common to the pieces, list of (start, stop))
        """
        # Safe: the caller has checked the step; no user writes this table.
        return self.sudo().create(
            [
                {**values, "start": start, "stop": stop, "hours": (stop - start) / HOUR}
                for values, pieces in bookings
                for start, stop in pieces
            ]
        )

    def _release(self):
        """Give back the time that has not passed yet; what has passed is kept."""
        now = fields.Datetime.now()
        slots = self.sudo()  # Safe: follows from a step that was checked.
        slots.filtered(lambda slot: slot.start >= now).unlink()
        for slot in slots.exists().filtered(lambda slot: slot.stop > now):
            slot.write({"stop": now, "hours": (now - slot.start) / HOUR})

    def _hand_over(self, jobs, weights):
        """Give an appointment's time to the jobs it became, in their order.

        :param weights: the share of the hours of each job
        """
        total = sum(weights)
        slots = self.sudo().sorted("start")  # Safe: after the check of the arrival.
        if not slots or not total:
            return
        hours = sum(slots.mapped("hours"))
        rest = [(job, hours * weight / total) for job, weight in zip(jobs, weights)]
        rest = [item for item in rest if item[1] > 1e-9]
        vals_list = []
        for slot in slots:
            moment, first = slot.start, True
            while rest and (slot.stop - moment) / HOUR > 1e-6:
                job, wanted = rest[0]
                is_last = len(rest) == 1
                end = slot.stop if is_last else min(slot.stop, moment + wanted * HOUR)
                values = {
                    "job_id": job.id,
                    "start": moment,
                    "stop": end,
                    "hours": (end - moment) / HOUR,
                }
                vals_list.append((slot, first, values))
                wanted -= values["hours"]
                rest[0] = (job, wanted)
                if wanted < 1e-6 and not is_last:
                    rest.pop(0)
                moment, first = end, False
        self._write_pieces(vals_list)

    def _write_pieces(self, pieces):
        """Cut slots into pieces: the first keeps the row, the others are new."""
        new = []
        for slot, is_first, values in pieces:
            if is_first:
                common = slot.copy_data()[0]
                slot.write(values)
            else:
                new.append({**common, **values})
        self.sudo().create(new)


class CarWorkshopBay(models.Model):
    _inherit = "car.workshop.bay"

    turn = fields.Integer(copy=False, default=0, readonly=True)

    def _take_turn(self):
        """Write the bays' rows before reading who stands there."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE car_workshop_bay SET turn = turn + 1 WHERE id IN %s",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["turn"], flush=False)

    def _get_occupied(self, start, stop, without=None):
        """Map the id of each bay to the (from, to) at which a car stands there."""
        # Safe: only times come out of here.
        slots = (
            self.env["car.workshop.slot"]
            .sudo()
            .search(
                [
                    ("bay_id", "in", self.ids),
                    ("start", "<", stop),
                    ("stop", ">", start),
                    ("id", "not in", without.ids if without else []),
                ]
            )
        )
        occupied = {bay.id: [] for bay in self}
        for slot in slots:
            occupied[slot.bay_id.id].append((slot.start, slot.stop))
        return occupied
