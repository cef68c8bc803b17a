from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_order import CUSTOMER_DATA

# What was agreed with a payer and holds for the later visit too
PAYER_TERMS = (
    "reference",
    "fiscal_position_id",
    "payment_term_id",
    "pricelist_id",
    "labor_rate",
    "deductible_amount",
    "cost_account_id",
)
LIVE = ("draft", "confirmed", "no_show", "arrived")


class CarRepairOrder(models.Model):
    """An estimate booked for later: it waits in an appointment and comes back with it.

    Rule book of the workshop, 业务接待工作制度: who books the repair for later
    leaves on an exit pass like one who declines, but he has not refused anything.
    """

    _inherit = "car.repair.order"

    booking_ids = fields.One2many(
        "car.appointment",
        "estimate_order_id",
        "Appointments With This Estimate",
        groups=CUSTOMER_DATA,
    )
    booking_id = fields.Many2one(
        "car.appointment",
        "Booked In",
        compute="_compute_booking_id",
        groups=CUSTOMER_DATA,
    )
    carried_prices = fields.Selection(
        [("kept", "As estimated"), ("renewed", "Made anew")],
        "Prices of the Booked Estimate",
        readonly=True,
        copy=False,
        help="The jobs come from an estimate that was booked for later. Its prices are "
        "kept while it holds, and made anew when it has expired.",
    )

    # === COMPUTE METHODS === #

    @api.depends("booking_ids.state")
    def _compute_booking_id(self):
        for order in self:
            order.booking_id = order._get_booking()

    # === ACTION METHODS === #

    def action_book_estimate(self):
        """Open the appointment that carries the estimate; make it where none does."""
        self.ensure_one()
        return self._book_estimate()._get_records_action()

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"carried_prices"}

    def _get_booking(self):
        """Return the appointment that carries the estimate now, or has carried it."""
        self.ensure_one()
        # Safe: which one it is; the user's rights decide on what he opens.
        bookings = self.sudo().booking_ids.filtered(lambda one: one.state in LIVE)
        return bookings[:1].with_env(self.env)

    def _get_booked_jobs(self):
        """Return the jobs that the estimate left open, its other plans left out."""
        self.ensure_one()
        left = "deferred" if self.outcome == "booked" else "declined"
        jobs = self.job_ids.filtered(lambda job: job.state == left)
        return jobs.filtered(
            lambda job: (
                job.alternative_to_id not in jobs
                and (not job.line_ids or job._get_carried_lines())
            )
        )

    def _after_decline(self):
        result = super()._after_decline()
        self.filtered(lambda order: order.outcome == "booked")._book_estimate()
        return result

    def _book_estimate(self):
        """Let an appointment carry each estimate, once.

        Context ``car_book_into`` names an open appointment of the car that takes it.

        :return: the appointments, whoever made them.
        """
        self._require_group("advisor", "follow_up_clerk")
        self._refuse(
            lambda order: order.state != "declined",
            self.env._("it was not put off; only what was not repaired is booked"),
        )
        self._take_turn()
        self.invalidate_recordset(["booking_ids"])
        bookings = self.env["car.appointment"]
        for order in self:
            booking = order._get_booking()
            if not booking:
                booking = bookings.browse(self.env.context.get("car_book_into") or [])
                if booking:
                    order._check_takes_estimate(booking)
                else:
                    booking = bookings.create(order._prepare_booking_vals())
                booking._take_estimate(order)
            bookings |= booking
        return bookings

    def _check_takes_estimate(self, appointment):
        """Refuse an appointment that cannot take the estimate along.

        :raise UserError: naming both.
        """
        self.ensure_one()
        if (
            appointment.vehicle_id != self.vehicle_id
            or appointment.company_id != self.company_id
            or appointment.state not in ("draft", "confirmed")
            or appointment.estimate_order_id
        ):
            raise UserError(
                self.env._(
                    "%(appointment)s cannot take the estimate of %(order)s along: it "
                    "must be open, of the same car, and without another estimate.",
                    appointment=appointment.display_name,
                    order=self.display_name,
                )
            )

    def _prepare_booking_vals(self):
        """Return values of the appointment to be agreed. Extend to add fields."""
        self.ensure_one()
        teams = self._get_booked_jobs().team_id
        vals = {
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.vehicle_id.license_plate,
            "type_id": self.type_id.id,
            "note": self.note,
            "channel": "walk_in",
        }
        if len(teams) == 1:
            vals["team_id"] = teams.id
        return vals

    def _check_resume(self):
        result = super()._check_resume()
        self._refuse(
            lambda order: order._get_booking().state == "arrived",
            self.env._("its estimate came back with an appointment already"),
        )
        return result

    def _after_resume(self):
        """Call the appointment off: the work is agreed to now."""
        for order in self:
            if booking := order._get_booking():
                booking.write({"state": "cancelled"})
                booking._message_log(
                    body=self.env._(
                        "The estimate was taken up again on %(order)s.",
                        order=order.name,
                    )
                )
        return super()._after_resume()

    def _is_estimate_kept(self):
        """Tell whether the prices of the estimate still hold today."""
        self.ensure_one()
        until = self.estimate_valid_until
        return not until or until >= fields.Date.context_today(self)

    def _take_payers(self, jobs):
        """Return for each payer of estimated jobs the one who pays here.

        Who is missing is made; the customer is the one of this visit.
        """
        self.ensure_one()
        lines = jobs._get_carried_lines()
        taken = {}
        for payer in jobs.payer_id | lines.payer_id | lines.share_ids.payer_id:
            is_own = payer in payer.order_id._get_customer_payers()
            found = self._get_customer_payer() if is_own else self.payer_ids.browse()
            found = found or self.payer_ids.filtered(
                lambda one, p=payer: (
                    (one.kind, one.partner_id) == (p.kind, p.partner_id)
                )
            )
            if not found:
                found = payer.copy({"order_id": self.id})
            elif found.partner_id == payer.partner_id:
                found.write(
                    {
                        name: payer._fields[name].convert_to_write(payer[name], payer)
                        for name in PAYER_TERMS
                    }
                )
            taken[payer] = found
        return taken

    def _log_carried(self, before, after):
        """Write down on both visits where the estimate went, and at which prices."""
        self.ensure_one()
        estimate = self.previous_order_id
        if self.carried_prices == "kept":
            text = self.env._(
                "The jobs of %(order)s came back at the prices of the estimate.",
                order=estimate.name,
            )
        else:
            text = self.env._(
                "The jobs of %(order)s came back. Its estimate had expired, so they "
                "are priced anew: %(after)s instead of %(before)s.",
                order=estimate.name,
                before=self.currency_id.format(before),
                after=self.currency_id.format(after),
            )
        self._message_log(body=text)
        estimate._message_log(
            body=self.env._("Continued with %(order)s.", order=self.name)
        )
