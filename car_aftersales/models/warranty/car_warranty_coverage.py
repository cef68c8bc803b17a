from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarWarrantyCoverage(models.Model):
    """A policy on one car: from which day and kilometer on, and until when.

    The last day and the last kilometer are covered. It goes with the car to the next
    owner unless the policy is for the first owner only; it is cancelled, not deleted.
    """

    _name = "car.warranty.coverage"
    _description = "Warranty Coverage"
    _inherit = ["car.confidential.mixin", "mail.thread"]
    _order = "vehicle_id, is_cancelled, start_date, id"
    _rec_names_search = ["number", "vehicle_id"]
    _check_company_auto = True

    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, index=True, ondelete="cascade", tracking=True
    )
    policy_id = fields.Many2one(
        "car.warranty.policy",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,  # not check_company: the coverage has the policy's company
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(related="policy_id.kind")
    number = fields.Char("Contract Number", copy=False, index="trigram", tracking=True)
    holder_id = fields.Many2one(
        "res.partner",
        "First Owner",
        compute="_compute_holder_id",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
        help="To whom it was given. Matters where it is for the first owner only.",
    )
    repair_line_id = fields.Many2one(
        "car.repair.line",
        "Sold With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CUSTOMER_DATA,
    )
    is_proposed = fields.Boolean(
        "Proposed by the System",
        readonly=True,
        copy=False,
        help="It follows the day of purchase and the model of the car as long as it is "
        "not used.",
    )
    # term
    start_date = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._get_car_today(),
    )
    start_km = fields.Integer("Start (km)", tracking=True, aggregator=None)
    start_offset_km = fields.Integer(
        "Run Before the Odometer of Then (km)",
        compute="_compute_start_offset_km",
        store=True,
        precompute=True,
        aggregator=None,
    )
    end_date = fields.Date(compute="_compute_end", store=True, precompute=True)
    end_km = fields.Integer(
        "End (km)",
        compute="_compute_end",
        store=True,
        precompute=True,
        aggregator=None,
        help="0: without limit.",
    )
    last_date = fields.Date(
        "Last Day of All",
        compute="_compute_end",
        store=True,
        precompute=True,
        help="The end of the component that is covered longest.",
    )
    last_km = fields.Integer(
        "Last km of All",
        compute="_compute_end",
        store=True,
        precompute=True,
        aggregator=None,
        help="The end of the component that is covered farthest. 0: without limit.",
    )
    # cancelled
    is_cancelled = fields.Boolean(
        "No Longer Valid", readonly=True, copy=False, tracking=True
    )
    cancelled_on = fields.Date("Cancelled From", readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)

    _policy_uniq = models.UniqueIndex(
        "(vehicle_id, policy_id, start_date) WHERE is_cancelled IS NOT TRUE",
        "The car has this policy from this day on already.",
    )
    _valid_until = models.Index("(last_date) WHERE is_cancelled IS NOT TRUE")
    _start_positive = models.Constraint(
        "CHECK (start_km >= 0)", "An odometer does not show less than zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("policy_id.name", "vehicle_id.license_plate")
    @api.depends_context("car_short_name")
    def _compute_display_name(self):
        for coverage in self:
            name = coverage.policy_id.name or ""
            if not self.env.context.get("car_short_name"):
                sign = coverage.vehicle_id.license_plate or coverage.vehicle_id.vin
                name = " ".join(part for part in (sign, name) if part)
            coverage.display_name = name

    @api.depends("vehicle_id", "start_date")
    def _compute_holder_id(self):
        for coverage in self:
            owners = coverage.vehicle_id.ownership_ids.sorted("date_from")
            then = owners.filtered(
                lambda owner, day=coverage.start_date: (
                    day
                    and owner.date_from <= day
                    and (not owner.date_to or owner.date_to > day)
                )
            )
            first = (then[-1:] or owners[:1]).partner_id
            coverage.holder_id = first or coverage.vehicle_id.owner_id

    @api.depends("vehicle_id", "start_date")
    def _compute_start_offset_km(self):
        """Take what replaced instrument clusters had counted before the start."""
        for coverage in self:
            vehicle, offset = coverage.vehicle_id, 0
            if vehicle.odometer_offset_km and coverage.start_date:
                for reading, km in vehicle._get_run():
                    if reading.read_at.date() <= coverage.start_date:
                        offset = km - reading.odometer_km
            coverage.start_offset_km = offset

    @api.depends(
        "start_date",
        "start_km",
        "policy_id.months",
        "policy_id.km",
        "policy_id.component_ids.months",
        "policy_id.component_ids.km",
        "policy_id.component_ids.is_excluded",
    )
    def _compute_end(self):
        """Work out the last day and km, of the whole and of the longest component."""
        for coverage in self:
            whole = coverage._get_term()
            coverage.end_date = whole[0] or False
            coverage.end_km = whole[1] or 0
            terms = [whole] + [
                coverage._get_term(component)
                for component in coverage.policy_id.component_ids
                if not component.is_excluded
            ]
            dates = [date for date, _km in terms]
            kms = [km for _date, km in terms]
            coverage.last_date = False if None in dates else max(dates)
            coverage.last_km = 0 if None in kms else max(kms)

    # === CONSTRAINT METHODS === #

    @api.constrains("vehicle_id", "policy_id")
    def _check_company_of_vehicle(self):
        for coverage in self:
            company = coverage.vehicle_id.company_id
            if company and company != coverage.policy_id.company_id:
                raise UserError(
                    self.env._(
                        "%(vehicle)s belongs to another company than the policy "
                        "%(policy)s.",
                        vehicle=coverage.vehicle_id.display_name,
                        policy=coverage.policy_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        coverages = super().create([self._drop_protected(vals) for vals in vals_list])
        coverages._refresh_lines()
        return coverages

    def write(self, vals):
        vals = self._drop_protected(vals)
        terms = {"vehicle_id", "policy_id", "start_date", "start_km", "holder_id"}
        if terms & set(vals):
            self._check_not_used(vals)
        result = super().write(vals)
        if (terms | {"is_cancelled"}) & set(vals):
            self._refresh_lines()
        return result

    # === ACTION METHODS === #

    def action_cancel(self, reason=None, date=None):
        """End the coverage before its time; without a reason a dialog asks for it.

        :param date: first day that is not covered any more; today by default.
        """
        self.check_access("write")
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Cancel the Coverage"),
                "res_model": "car.warranty.coverage.cancel",
                "view_mode": "form",
                "target": "new",
                "context": {"default_coverage_ids": self.ids},
            }
        for coverage in self.filtered("is_cancelled"):
            raise UserError(
                self.env._(
                    "%(coverage)s is cancelled already.", coverage=coverage.display_name
                )
            )
        # Safe: what follows from the step of who may write the coverage.
        self.sudo().write(
            {
                "is_cancelled": True,
                "cancelled_on": date or self.env.company._get_car_today(),
                "cancel_reason": reason,
            }
        )
        return True

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        """Take out what only the system writes."""
        if self.env.su:
            return dict(vals)
        names = ("is_cancelled", "cancelled_on", "cancel_reason")
        names += ("is_proposed", "repair_line_id")
        return {name: vals[name] for name in vals if name not in names}

    def _get_term(self, component=None):
        """Return the last day and the last km as counted from the start.

        A component with months or km of its own has them instead of the policy's. A
        term that ends on a day which its month does not have ends on the last of it.

        :return: pair of day and km, None where there is no limit.
        """
        self.ensure_one()
        policy = self.policy_id
        months = (component and component.months) or policy.months
        km = (component and component.km) or policy.km
        day = None
        if months and self.start_date:
            day = self.start_date + relativedelta(months=months)
        return day, self.start_km + km if km else None

    def _get_run_km(self, odometer_km=None):
        """Return the km run since the start, replaced odometers included."""
        self.ensure_one()
        vehicle = self.vehicle_id
        shown = vehicle.odometer_km if odometer_km is None else odometer_km
        total = shown + vehicle.odometer_offset_km
        return total - self.start_km - self.start_offset_km

    def _refresh_lines(self):
        """Judge anew the open lines of the cars' orders that nobody agreed to yet."""
        self.env["car.repair.line"]._refresh_coverage_of(self.vehicle_id)

    def _show_day(self, day):
        return format_date(self.env, day) if day else ""

    def _show_km(self, km):
        return formatLang(self.env, km, digits=0) if km is not None else ""
