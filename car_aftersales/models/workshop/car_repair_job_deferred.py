from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .car_repair_job import AGREED
from .car_repair_order import CUSTOMER_DATA

# What only the system writes
SYSTEM_FIELDS = ("holds_parts", "has_own_consent", "carried_from_id")
OPEN_WORK = ("authorized", "in_progress")


class CarRepairJob(models.Model):
    """Agreed work that is put off because a part is far away.

    Its parts stay reserved or wait for what was bought for it, whatever becomes of the
    visit, until the next order of the car takes it along or it is given up.
    """

    _inherit = "car.repair.job"

    holds_parts = fields.Boolean(
        "Deferred with Its Parts",
        readonly=True,
        copy=False,
        help="Agreed work that was deferred: its parts are kept for it.",
    )
    deferral_reason = fields.Char("Deferred Because", copy=False)
    deferred_until = fields.Date(
        "Expected Date", copy=False, help="When the work is likely to be possible."
    )
    has_own_consent = fields.Boolean(
        readonly=True,
        copy=False,
        help="It was deferred once: answers to its lines count by themselves, whatever "
        "became of the order they were given on.",
    )
    carried_from_id = fields.Many2one(
        "car.repair.order",
        "Deferred On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups=CUSTOMER_DATA,
        help="The earlier order from which the work was carried over.",
    )
    has_all_parts = fields.Boolean(
        "Parts Are There",
        compute="_compute_has_all_parts",
        search="_search_has_all_parts",
        compute_sudo=True,
        help="Deferred work whose parts are all reserved: the customer can be called.",
    )
    can_hold_parts = fields.Boolean(compute="_compute_can_hold_parts")
    is_visit_closed = fields.Boolean(
        compute="_compute_is_visit_closed", compute_sudo=True
    )
    customer_phone = fields.Char(
        related="order_id.phone", string="Phone", groups=CUSTOMER_DATA
    )

    _held = models.Index("(vehicle_id) WHERE holds_parts")

    # === COMPUTE METHODS === #

    @api.depends(
        "holds_parts", "line_ids.quantity_authorized", "line_ids.move_ids.state"
    )
    def _compute_has_all_parts(self):
        for job in self:
            job.has_all_parts = job.holds_parts and all(
                line._is_part_there()
                for line in job.line_ids
                if line.is_stocked and line.quantity_authorized
            )

    def _search_has_all_parts(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = self.search([("holds_parts", "=", True)])
        return [("id", "in", held.filtered("has_all_parts").ids)]

    @api.depends("state", "line_ids.authorization_state")
    def _compute_can_hold_parts(self):
        for job in self:
            job.can_hold_parts = job in job._filter_to_hold()

    @api.depends("order_id.state")
    def _compute_is_visit_closed(self):
        for job in self:
            order = job.order_id
            job.is_visit_closed = (
                order.state in ("delivered", "cancelled") or order._has_left()
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._drop_system_fields(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._drop_system_fields(vals))

    # === ACTION METHODS === #

    def action_defer(self, reason=None, until=None):
        """Put the job off; agreed work is asked why and until when.

        :param reason: why; without it a dialog asks.
        :param until: the day on which the work is likely to be possible.
        """
        held = self._filter_to_hold()
        if held and not reason:
            self.ensure_one()
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Defer"),
                "res_model": "car.repair.job.defer",
                "view_mode": "form",
                "target": "new",
                "context": {"default_job_id": self.id},
            }
        values = {"state": "deferred"}
        if reason:
            values.update(deferral_reason=reason, deferred_until=until)
        return self.write(values)

    def action_take_up(self):
        """Go on with deferred work at the visit at which it was deferred."""
        self._check_held()
        return self.write({"state": "authorized"})

    def action_give_up(self):
        """Give deferred work up, also when its visit is closed."""
        self._check_held()
        return self.write({"state": "declined"})

    # === BUSINESS METHODS === #

    def _drop_system_fields(self, vals):
        """Take out what only the system writes."""
        if self.env.su:
            return vals
        return {name: vals[name] for name in vals if name not in SYSTEM_FIELDS}

    def _state_steps(self):
        steps = super()._state_steps()
        return {**steps, "deferred": {**steps["deferred"], "declined": "give_up"}}

    def _check_held(self):
        self._refuse(
            lambda job: not job.holds_parts,
            self.env._("it is no agreed work that was deferred with its parts"),
        )

    def _filter_to_hold(self):
        """Return the jobs that keep their parts when they are deferred now.

        An estimate booked for later is none: it comes back as a new job.
        """
        return self.filtered(
            lambda job: (
                job.state in OPEN_WORK
                # Safe: tells only how the order ends; the workshop reads no orders.
                and job.sudo().order_id.outcome != "booked"
                and any(
                    line.kind != "fee" and line.authorization_state in AGREED
                    for line in job.line_ids
                )
            )
        )

    def _check_kept(self, vals):
        # Of what a closed visit keeps, deferred work alone may still be given up.
        if vals == {"state": "declined"} and all(
            job.state == "deferred" and job.holds_parts for job in self
        ):
            return None
        return super()._check_kept(vals)

    def _check_defer(self):
        result = super()._check_defer()
        held = self._filter_to_hold()
        held._refuse(
            lambda job: not (job.deferral_reason and job.deferred_until),
            self.env._("it is agreed: say why it is deferred, and until when"),
        )
        # Safe: follows from the step whose conditions were just checked.
        for job in held.sudo():
            if not job.has_own_consent:
                for line in job.line_ids:
                    floor = max(job.order_id.consent_floor, line.consent_floor)
                    line.consent_floor = floor
        held.sudo().write({"holds_parts": True, "has_own_consent": True})
        return result

    def _after_defer(self):
        result = super()._after_defer()
        for job in self.filtered("holds_parts"):
            job._hold_parts()
            # Safe: a note on the order of the job that was just deferred.
            job.sudo().order_id._message_log(
                body=self.env._(
                    "%(job)s is deferred until %(day)s: %(reason)s",
                    job=job.name,
                    day=fields.Date.to_string(job.deferred_until),
                    reason=job.deferral_reason,
                )
            )
        return result

    def _check_give_up(self):
        self._check_desk("advisor")
        self.order_id._take_turn()
        self._check_held()
        self.order_id._keep_records_due()

    def _after_give_up(self):
        self._release_parts()
        for job in self:
            job.order_id._message_log(
                body=self.env._("The deferred work is given up: %(job)s", job=job.name)
            )

    def _after_authorize(self):
        # Safe: follows from the step just taken; its parts go on as they are.
        self.filtered("holds_parts").sudo().holds_parts = False
        return super()._after_authorize()

    def _after_resume(self):
        """Ask the customer again: until he has answered, nothing is reserved."""
        self.filtered("holds_parts")._release_parts()

    def _release_parts(self):
        # Safe: follows from the step just taken.
        self.sudo().holds_parts = False
        self._cancel_open_moves()

    def _cancel_open_moves(self):
        return super(
            CarRepairJob, self.filtered(lambda job: not job.holds_parts)
        )._cancel_open_moves()

    def _hold_parts(self):
        """Let the parts of the job wait in a transfer of their own.

        The clerk issues the other parts of the visit without meeting these.
        """
        self.ensure_one()
        # Safe: the job's own moves, after the check of the step.
        moves = self.sudo().line_ids._get_open_moves()
        if not moves:
            return
        order = self.sudo().order_id
        reference = moves.env["stock.reference"].create({"name": order.name})
        moves.write({"reference_ids": [Command.set(reference.ids)]})
        for picking in moves.picking_id:
            part = moves.filtered(lambda move, p=picking: move.picking_id == p)
            if picking.move_ids - part:
                new = picking.create(part._get_new_picking_values())
                part.write({"picking_id": new.id})
                part.move_line_ids.picking_id = new

    def _get_cost(self):
        # What deferred work costs is counted at the visit that does it.
        return 0.0 if self.holds_parts else super()._get_cost()


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _get_open_moves(self):
        """Return what is asked of stock for the lines and neither done nor given up."""
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _is_part_there(self):
        """Tell whether all that was agreed of the part is reserved or issued."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state in ("done", "assigned"))
        there = self._get_moved_quantity(moves)
        return self.product_uom_id.compare(there, self.quantity_authorized) >= 0


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_deferred(self):
        # Safe: tells only whether agreed work depends on the order.
        for job in self.sudo().job_ids.filtered("has_own_consent"):
            raise UserError(
                self.env._(
                    "%(order)s: %(job)s was agreed to and deferred. It cannot be "
                    "deleted.",
                    order=job.order_id.name,
                    job=job.name,
                )
            )

    def _check_cancel(self):
        """Defer again what this order has taken along."""
        result = super()._check_cancel()
        self.job_ids.filtered(
            lambda job: job.carried_from_id and job.state == "authorized"
        ).write({"state": "deferred"})
        return result

    def _forget_consent(self):
        result = super()._forget_consent()
        # Safe: follows from the step just taken. What stays deferred stays agreed.
        for line in self.sudo().line_ids:
            if line.job_id.has_own_consent and not line.job_id.holds_parts:
                line.consent_floor = max(line.authorization_line_ids.ids, default=0)
        return result

    def _get_booked_jobs(self):
        return super()._get_booked_jobs().filtered(lambda job: not job.holds_parts)

    def _keep_records_due(self):
        """Keep the records of delivered visits before their deferred work goes on."""
        self.sudo().filtered(  # Safe: the paper as the customer got it.
            lambda order: order.state == "delivered" and not order.record_kept_at
        )._keep_record()
