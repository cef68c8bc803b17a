from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, formatLang

from .car_training import TRAINING_KINDS

MONEY = ("accessory_sales", "accessory_stock", "parts_sales", "labor_revenue")
INDICATORS = [
    ("accessory_sales", "Accessory Sales"),
    ("accessory_stock", "Stock Value of Accessories"),
    ("parts_sales", "Parts Sales"),
    ("labor_revenue", "Labor Revenue"),
    ("visits", "Cars Received"),
    ("calls_held", "Follow-Up Calls Held"),
    ("complaints", "Complaints"),
    ("insurance_renewals", "Insurance Renewals"),
    *((f"training_{kind}", label) for kind, label in TRAINING_KINDS),
]


class CarTarget(models.Model):
    """What the department is to reach in a period, with what it has reached so far.

    The actual figure is read from the documents themselves whenever it is looked at
    (R-172 to R-176); the one of the last night is kept for graphs.
    """

    _name = "car.target"
    _description = "Target"
    _inherit = ["car.calendar.period.mixin", "mail.thread"]
    _order = "date_from desc, period desc, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        check_company=True,
        help="Empty: the whole company. Sales without a repair order are of no site.",
    )
    indicator = fields.Selection(INDICATORS, required=True, index=True, tracking=True)
    goal = fields.Selection(
        [
            ("reach", "At least"),
            ("keep", "Always stay above"),
            ("limit", "Stay below or equal"),
        ],
        compute="_compute_kind",
        store=True,
    )
    unit = fields.Selection(
        [("money", "Money"), ("number", "Number")],
        compute="_compute_kind",
        store=True,
    )
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="year",
    )
    target_value = fields.Float(
        "Target",
        tracking=True,
        help="Zero: not laid down yet. Money in the currency of the company, before "
        "taxes.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        help="Is told, besides the business supervisor, when a stock value falls below "
        "its target.",
    )
    actual_value = fields.Float("Actual", compute="_compute_actual_value")
    is_measured = fields.Boolean(
        compute="_compute_actual_value",
        help="Whether the figures behind the indicator are kept in this database.",
    )
    progress = fields.Float("Achieved (%)", compute="_compute_progress")
    status = fields.Selection(
        [
            ("unset", "Not laid down"),
            ("unmeasured", "Not measured"),
            ("reached", "Achieved"),
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("missed", "Not Achieved"),
        ],
        compute="_compute_progress",
    )
    target_text = fields.Char("Target in Figures", compute="_compute_texts")
    actual_text = fields.Char("Actual in Figures", compute="_compute_texts")
    # what the nightly job found
    counted_value = fields.Float("Actual at Last Count", readonly=True, copy=False)
    counted_at = fields.Datetime("Last Count", readonly=True, copy=False)
    alerted_at = fields.Datetime(
        "Told to Be Below",
        readonly=True,
        copy=False,
        help="Until the value is above its target again nobody is told anew.",
    )

    _once = models.UniqueIndex(
        "(company_id, COALESCE(warehouse_id, 0), indicator, period, date_from)"
        " WHERE active",
        "There is a target for this indicator and period already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("indicator", "period_name", "warehouse_id")
    def _compute_display_name(self):
        labels = dict(self._fields["indicator"]._description_selection(self.env))
        for target in self:
            names = (
                labels.get(target.indicator),
                target.period_name,
                target.warehouse_id.name,
            )
            target.display_name = " ".join(name for name in names if name)

    @api.depends("indicator")
    def _compute_kind(self):
        for target in self:
            target.goal = target._get_goal()
            target.unit = "money" if target._is_money() else "number"

    @api.depends(
        "indicator",
        "period",
        "date_from",
        "company_id",
        "warehouse_id",
        "counted_value",
    )
    def _compute_actual_value(self):
        values = self._get_actuals()
        for target in self:
            value = values.get(target)
            target.actual_value = value or 0.0
            target.is_measured = value is not None

    @api.depends("actual_value", "target_value", "goal", "date_to")
    def _compute_progress(self):
        for target in self:
            aim = target.target_value
            target.progress = 100.0 * target.actual_value / aim if aim else 0.0
            target.status = target._get_status()

    @api.depends("actual_value", "target_value", "unit", "company_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for target in self:
            target.actual_text = target._format(target.actual_value)
            aim = target.target_value
            target.target_text = target._format(aim) if aim else False

    # === CONSTRAINT METHODS === #

    @api.constrains("target_value")
    def _check_target_value(self):
        for target in self:
            if target.target_value < 0:
                raise ValidationError(
                    self.env._(
                        "%(target)s: the target is below zero.",
                        target=target.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_count(self):
        """Count now what the nightly job counts."""
        self.check_access("write")
        # Safe: who may write a target may have it counted.
        self.sudo()._count()
        return True

    def action_copy_next(self):
        """Lay down the same targets for the next period, where there is none yet."""
        copies = self.browse()
        for target in self:
            after = fields.Date.add(target.date_to, days=1)
            copies |= target._copy_to(after)
        if not copies:
            return False
        return copies._get_records_action(name=self.env._("Next Targets"))

    # === BUSINESS METHODS === #

    def _is_money(self):
        """Tell whether the indicator is an amount. Extend for new indicators."""
        self.ensure_one()
        return self.indicator in MONEY

    def _get_goal(self):
        """Return how the target is meant. Extend for new indicators."""
        self.ensure_one()
        if self.indicator == "accessory_stock":
            return "keep"
        return "limit" if self.indicator == "complaints" else "reach"

    def _get_status(self):
        """Tell how the target stands; what grows is compared with the time passed."""
        self.ensure_one()
        if not self.target_value:
            return "unset"
        if not self.is_measured:
            return "unmeasured"
        left = float_compare(self.actual_value, self.target_value, precision_digits=2)
        today = (self.company_id or self.env.company)._get_car_today()
        is_over = bool(self.date_to and self.date_to < today)
        if self.goal == "keep":
            return "reached" if left >= 0 else "behind"
        if self.goal == "limit":
            if left > 0:
                return "missed"
            return "reached" if is_over else "on_track"
        if left >= 0:
            return "reached"
        if is_over:
            return "missed"
        expected = self.target_value * self._get_share_passed(today)
        return "on_track" if self.actual_value >= expected else "behind"

    def _get_share_passed(self, today):
        """Return how much of the period is over, from 0 to 1; today is not."""
        self.ensure_one()
        days = (self.date_to - self.date_from).days + 1
        return min(max((today - self.date_from).days, 0), days) / days

    def _format(self, value):
        self.ensure_one()
        if self.unit == "money":
            currency = (self.company_id or self.env.company).currency_id
            return formatLang(self.env, value, currency_obj=currency)
        return formatLang(self.env, value, digits=0)

    def _copy_to(self, day):
        """Return the same target for the period of a day; nothing if there is one."""
        self.ensure_one()
        first = fields.Date.start_of(day, self.period)
        existing = self.with_context(active_test=False).search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("indicator", "=", self.indicator),
                ("period", "=", self.period),
                ("date_from", "=", first),
            ],
            limit=1,
        )
        return self.browse() if existing else self.copy({"date_from": first})
