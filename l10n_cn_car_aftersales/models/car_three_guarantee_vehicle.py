from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CUSTOMER_DATA = "car_aftersales.car_aftersales_group_customer_data"
# Nobody's household car; the advisor may say otherwise.
NO_HOUSEHOLD_CLASSES = ("bus", "truck", "trailer", "motorcycle")


class CarVehicle(models.Model):
    """What the three guarantees ask about a car: who uses it, when it was bought."""

    _inherit = "car.vehicle"

    is_household = fields.Boolean(
        "Household Use",
        compute="_compute_is_household",
        store=True,
        readonly=False,
        compute_sudo=True,
        tracking=True,
        help="The three guarantees protect consumers only. Proposed: a passenger car "
        "or pickup whose owner is no company.",
    )
    sale_invoice_date = fields.Date("Invoice of the Sale", copy=False, tracking=True)
    sale_delivery_date = fields.Date(
        "Delivered to the Buyer", copy=False, tracking=True
    )
    sale_price = fields.Float(
        "Price Paid",
        copy=False,
        digits="Product Price",
        groups=CUSTOMER_DATA,
        help="From the invoice of the sale; compensation for use counts from it.",
    )
    seller_id = fields.Many2one("res.partner", copy=False, groups=CUSTOMER_DATA)
    certificate_number = fields.Char("Certificate No.", copy=False)
    three_guarantee_rule_id = fields.Many2one(
        "car.three.guarantee.rule",
        "Three-Guarantees Version",
        compute="_compute_three_guarantee_period",
        compute_sudo=True,
        help="The version in force when the car was bought.",
    )
    three_guarantee_start = fields.Date(
        "Three Guarantees From",
        compute="_compute_three_guarantee_period",
        compute_sudo=True,
    )
    three_guarantee_end = fields.Date(
        "Three Guarantees Until",
        compute="_compute_three_guarantee_period",
        compute_sudo=True,
    )
    repair_period_end = fields.Date(
        "Repair Period Until",
        compute="_compute_three_guarantee_period",
        compute_sudo=True,
    )
    own_use_percent = fields.Float(
        "Coefficient on the Certificate (%)",
        digits=(4, 2),
        copy=False,
        help="For the compensation for use. Empty: the highest of its version.",
    )
    use_compensation = fields.Float(
        "Compensation for Use",
        compute="_compute_use_compensation",
        compute_sudo=True,
        digits="Product Price",
        groups=CUSTOMER_DATA,
        help="Price x km / 1,000 x coefficient, at the last reading: what the customer "
        "pays when he gives the car back.",
    )
    is_cn_law = fields.Boolean(
        "Law of China Applies", compute="_compute_is_cn_law", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("owner_id.is_company", "vehicle_class")
    def _compute_is_household(self):
        for vehicle in self:
            vehicle.is_household = (
                not vehicle.owner_id.is_company
                and vehicle.vehicle_class not in NO_HOUSEHOLD_CLASSES
            )

    @api.depends("sale_invoice_date", "sale_delivery_date", "purchase_date")
    def _compute_three_guarantee_period(self):
        versions = self.env["car.three.guarantee.rule"]._get_versions()
        for vehicle in self:
            invoice, delivery = vehicle.sale_invoice_date, vehicle.sale_delivery_date
            bought = invoice or delivery or vehicle.purchase_date
            rule = versions._pick(bought)
            start = bought
            if rule.start_from == "delivery":
                start = delivery or bought
            vehicle.three_guarantee_rule_id = rule
            vehicle.three_guarantee_start = start
            vehicle.three_guarantee_end = rule and (
                start + relativedelta(months=rule.guarantee_months)
            )
            vehicle.repair_period_end = rule and (
                start + relativedelta(months=rule.repair_months)
            )

    @api.depends(
        "sale_price",
        "own_use_percent",
        "odometer_km",
        "odometer_offset_km",
        "sale_invoice_date",
        "sale_delivery_date",
        "purchase_date",
    )
    def _compute_use_compensation(self):
        for vehicle in self:
            vehicle.use_compensation = vehicle._get_use_compensation()

    @api.depends_context("company")
    def _compute_is_cn_law(self):
        self.is_cn_law = self.env.company.car_cn_law

    # === CONSTRAINT METHODS === #

    @api.constrains("sale_price", "own_use_percent")
    def _check_use_percent(self):
        for vehicle in self:
            if vehicle.own_use_percent < 0 or vehicle.sudo().sale_price < 0:
                raise ValidationError(
                    self.env._(
                        "%(vehicle)s: price and coefficient are not negative.",
                        vehicle=vehicle.display_name,
                    )
                )
            if not vehicle.own_use_percent:
                continue
            highest = vehicle.three_guarantee_rule_id.use_percent
            if highest and vehicle.own_use_percent > highest:
                raise ValidationError(
                    self.env._(
                        "%(vehicle)s: the coefficient is at most %(highest)s %%.",
                        vehicle=vehicle.display_name,
                        highest=highest,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_use_percent(self):
        self.ensure_one()
        return self.own_use_percent or self.three_guarantee_rule_id.use_percent

    def _get_use_compensation(self, odometer_km=None):
        """Return price x km / 1,000 x coefficient, at the last reading or another."""
        self.ensure_one()
        run_km = self.odometer_km if odometer_km is None else odometer_km
        # Of a car on its form nothing is worked out: it would forget what is typed.
        run_km += self._origin.odometer_offset_km
        return self.sale_price * run_km / 1000 * self._get_use_percent() / 100

    def _get_three_guarantee_refusal(self, day, run_km, period="guarantee"):
        """Return why a repair of that day and reading does not count, or nothing.

        The last day and the last kilometer of a period still belong to it.

        :param period: ``guarantee`` or ``repair``
        """
        self.ensure_one()
        rule, start = self.three_guarantee_rule_id, self.three_guarantee_start
        if not self.is_household:
            return "business"
        if not start:
            return "no_date"
        if not rule:
            return "no_version"
        if self.vehicle_class == "pickup" and not rule.covers_pickups:
            return "pickup"
        if day < start:
            return "before"
        end = self.repair_period_end if period == "repair" else self.three_guarantee_end
        if day > end:
            return "over_date"
        if run_km > (rule.repair_km if period == "repair" else rule.guarantee_km):
            return "over_km"
        return False


class CarVehicleModel(models.Model):
    _inherit = "car.vehicle.model"

    battery_fade_limit = fields.Char(
        "Capacity Fade of the Traction Battery",
        translate=True,
        help="Limit printed on the certificate of coverage, for example 30 % within "
        "8 years or 120,000 km.",
    )
