from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .car_repair_order import CUSTOMER_DATA

# What the appointment says of a job; everything else comes from the estimate.
PLACED = ("order_id", "team_id", "technician_ids", "line_ids")


class CarAppointment(models.Model):
    """The estimate that an appointment carries, until the car is here again."""

    _inherit = "car.appointment"

    estimate_order_id = fields.Many2one(
        "car.repair.order",
        "Estimate",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        help="The visit whose estimate was booked for later: at arrival its jobs, "
        "lines and prices come back.",
    )
    is_estimate_kept = fields.Boolean(
        "Estimate Holds",
        compute="_compute_is_estimate_kept",
        groups=CUSTOMER_DATA,
        help="The estimate holds on the day of the appointment.",
    )
    estimate_valid_until = fields.Date(
        related="estimate_order_id.estimate_valid_until", groups=CUSTOMER_DATA
    )

    _one_booking = models.UniqueIndex(
        "(estimate_order_id) WHERE estimate_order_id IS NOT NULL "
        "AND state != 'cancelled'",
        "This estimate is booked already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("start_day", "estimate_order_id.estimate_valid_until")
    def _compute_is_estimate_kept(self):
        for appointment in self:
            until = appointment.estimate_order_id.estimate_valid_until
            day = appointment.start_day or fields.Date.context_today(appointment)
            appointment.is_estimate_kept = not until or until >= day

    # === CONSTRAINT METHODS === #

    @api.constrains("vehicle_id", "estimate_order_id")
    def _check_estimate_vehicle(self):
        for appointment in self.filtered("estimate_order_id"):
            if appointment.vehicle_id != appointment.estimate_order_id.vehicle_id:
                raise ValidationError(
                    self.env._(
                        "%(appointment)s carries the estimate of %(order)s: it stays "
                        "with this car.",
                        appointment=appointment.display_name,
                        order=appointment.estimate_order_id.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_open_estimate(self):
        self.ensure_one()
        return self.estimate_order_id._get_records_action()

    # === BUSINESS METHODS === #

    def _take_estimate(self, order):
        """Carry the estimate of an order: a request for each of its open jobs."""
        self.ensure_one()
        # Safe: the link to the estimate, after both were checked.
        self.sudo().with_context(car_booking=True).estimate_order_id = order
        self.write(
            {
                "line_ids": [
                    fields.Command.create({"job_id": job.id, "name": job.name})
                    for job in order._get_booked_jobs()
                ]
            }
        )
        order._message_log(
            body=self.env._(
                "Booked for later with %(appointment)s.", appointment=self.name
            )
        )

    def _check_resume(self):
        result = super()._check_resume()
        for appointment in self:
            order = appointment.estimate_order_id
            if order and order.state != "declined":
                appointment._raise_missing(
                    self.env._(
                        "its estimate was taken up again on %(order)s",
                        order=order.name,
                    )
                )
            booking = order and order._get_booking()
            if booking and booking != appointment:
                appointment._raise_missing(
                    self.env._(
                        "its estimate is booked with %(appointment)s now",
                        appointment=booking.display_name,
                    )
                )
        return result

    def _prepare_order_vals(self):
        vals = super()._prepare_order_vals()
        estimate = self.estimate_order_id
        if estimate:
            vals["previous_order_id"] = estimate.id
            # Prices are in its currency.
            vals["pricelist_id"] = estimate.pricelist_id.id
            if estimate.partner_id == self.partner_id:
                vals["contact_id"] = estimate.contact_id.id
        return vals

    def _create_order(self):
        order = super()._create_order()
        if self.estimate_order_id:
            self._carry_estimate(order)
            self._link_purchases(order)
        return order

    def _carry_estimate(self, order):
        """Bring lines, prices, plans and payers of the estimate into the new order.

        Prices are kept while the estimate holds, else made anew and said so.
        """
        self.ensure_one()
        # Safe: copies what was estimated; the arrival was checked.
        estimate, order = self.estimate_order_id.sudo(), order.sudo()
        news = order.job_ids.filtered("estimated_job_id")
        for job in news:
            news |= job._carry_plans()
        jobs = news.browse([job.estimated_job_id.id for job in news])
        lines = jobs._carry_into(news, order._take_payers(jobs))
        before = sum(lines.mapped("price_total"))
        is_kept = estimate._is_estimate_kept()
        if not is_kept:
            lines._reprice()
        order.carried_prices = "kept" if is_kept else "renewed"
        order._log_carried(before, sum(lines.mapped("price_total")))


class CarAppointmentLine(models.Model):
    _inherit = "car.appointment.line"

    job_id = fields.Many2one(
        "car.repair.job",
        "Estimated Job",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The job as it was estimated: it comes back with lines and prices.",
    )
    _one_job = models.UniqueIndex(
        "(appointment_id, job_id) WHERE job_id IS NOT NULL",
        "This job is requested already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id")
    def _compute_hours(self):
        estimated = self.filtered("job_id")
        for line in estimated:
            # Safe: a setting that every desk plans by.
            default = line.company_id.sudo().car_booking_hours
            line.hours = line.job_id.sold_hours or line.hours or default
        return super(CarAppointmentLine, self - estimated)._compute_hours()

    # === CONSTRAINT METHODS === #

    @api.constrains("job_id", "appointment_id")
    def _check_job_id(self):
        for line in self.filtered("job_id"):
            if line.job_id.order_id != line.appointment_id.estimate_order_id:
                raise ValidationError(
                    self.env._(
                        "%(appointment)s does not carry the estimate of %(job)s.",
                        appointment=line.appointment_id.display_name,
                        job=line.job_id.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _create_job(self, values):
        """Make the job as it was estimated; its lines follow."""
        if not self.job_id:
            return super()._create_job(values)
        given = {name: values[name] for name in PLACED if name in values}
        # Safe: copies what was estimated; the arrival was checked.
        job = self.job_id.sudo()
        former = {**job._prepare_carried_vals(), "estimated_job_id": job.id}
        return job.create({**former, **given}).with_env(self.env)

    def _get_parts(self):
        """Return the parts of the estimate, in the unit of the product."""
        if not self.job_id:
            return super()._get_parts()
        return [
            (
                line.product_id,
                line.product_uom_id._compute_quantity(
                    line.quantity, line.product_id.uom_id
                ),
            )
            for line in self.job_id._get_carried_lines()
            if line.is_stocked
        ]
