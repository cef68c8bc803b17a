from odoo import api, fields, models

KINDS = [
    ("days", "Repair Days"),
    ("part", "Same Smallest Part Repaired"),
    ("assembly", "Main Assembly Replaced"),
    ("main_part", "Same Main Part Replaced"),
    ("safety", "Serious Safety Failure"),
    ("early", "Main Assembly or Part in the First Days"),
    ("failure", "Named Failure in the First Days"),
]


class CarThreeGuaranteeRule(models.Model):
    """One version of the three guarantees (三包): periods, coefficient and its clauses.

    A car keeps the version that was in force when it was bought. Regulations of the
    quality authority: order 150 of 2013 and order 43 of 2021.
    """

    _name = "car.three.guarantee.rule"
    _description = "Version of the Three Guarantees"
    _inherit = ["car.cn.confirm.mixin", "mail.thread"]
    _order = "in_force_from desc, id desc"

    name = fields.Char("Regulation", required=True, translate=True)
    active = fields.Boolean(default=True)
    order_number = fields.Char("Regulation No.", required=True, translate=True)
    in_force_from = fields.Date(
        required=True,
        tracking=True,
        help="Cars bought from this day on, until the next version, are under it.",
    )
    start_from = fields.Selection(
        [
            ("invoice", "Day of the Invoice"),
            ("delivery", "Day of Delivery, Else of the Invoice"),
        ],
        "Periods Start",
        default="delivery",
        required=True,
        tracking=True,
    )
    covers_pickups = fields.Boolean(default=True)
    # periods
    repair_months = fields.Integer("Repair Period (Months)", default=36, tracking=True)
    repair_km = fields.Integer("Repair Period (km)", default=60000, tracking=True)
    guarantee_months = fields.Integer(
        "Three-Guarantees Period (Months)", default=24, tracking=True
    )
    guarantee_km = fields.Integer(
        "Three-Guarantees Period (km)", default=50000, tracking=True
    )
    # counting
    day_count = fields.Selection(
        [
            ("started", "Each Started 24 Hours"),
            ("completed", "Each Completed 24 Hours"),
        ],
        "A Day Is",
        default="started",
        required=True,
        tracking=True,
        help="Less than 24 hours always count as one day.",
    )
    repair_ends = fields.Selection(
        [
            ("told", "Customer Told, Else Work Finished"),
            ("done", "Work Finished"),
        ],
        "A Repair Ends",
        default="told",
        required=True,
        tracking=True,
    )
    loaner_after_days = fields.Integer(
        "Loaner After (Days)",
        default=5,
        tracking=True,
        help="When one repair takes more days, waiting for parts included, the "
        "customer gets a loaner car or transport money.",
    )
    # compensation
    use_percent = fields.Float(
        "Use Compensation at Most (%)",
        default=0.5,
        digits=(4, 2),
        tracking=True,
        help="For each 1,000 km: price x km / 1,000 x this percentage.",
    )
    record_years = fields.Integer("Keep Records (Years)", default=6)
    clause_ids = fields.One2many(
        "car.three.guarantee.clause", "rule_id", "Clauses", copy=True
    )
    note = fields.Text("Notes", translate=True)

    _in_force_uniq = models.UniqueIndex(
        "(in_force_from) WHERE active", "Another version is in force from this day."
    )
    _positive = models.Constraint(
        "CHECK (repair_months >= 0 AND repair_km >= 0 AND guarantee_months >= 0"
        " AND guarantee_km >= 0 AND loaner_after_days >= 0 AND use_percent >= 0"
        " AND record_years >= 0)",
        "Periods, days and percentages of a regulation are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_number", "name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.order_number or ''} {rule.name or ''}".strip()

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            # The new version is written before it comes into force.
            vals["active"] = False
        return vals_list

    # === BUSINESS METHODS === #

    @api.model
    def _get_versions(self):
        """Return the versions, the newest first."""
        return self.search([("active", "=", True)], order="in_force_from desc, id desc")

    def _pick(self, day):
        """Return which of these versions, the newest first, was in force on a day."""
        return self.filtered(lambda rule: day and rule.in_force_from <= day)[:1]

    def _get_clause(self, kind):
        """Return the clause of a kind; none without a version."""
        return self.clause_ids.filtered(lambda clause: clause.kind == kind)[:1]


class CarThreeGuaranteeClause(models.Model):
    """When a customer may ask for another car or his money, by one version."""

    _name = "car.three.guarantee.clause"
    _description = "Clause of the Three Guarantees"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        "car.three.guarantee.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, "What Counts", required=True)
    article = fields.Char(translate=True, help="Printed beside the reason.")
    text = fields.Char("Reads", required=True, translate=True)
    limit = fields.Integer(
        required=True,
        default=2,
        help="So many days, repairs, replacements or failures.",
    )
    is_beyond = fields.Boolean(
        "Only Beyond",
        help="The limit itself is still in order; the next one is too much.",
    )
    warn_at = fields.Integer(help="Zero: no warning before the limit.")
    within_days = fields.Integer(
        "Within (Days)", help="Zero: within the three-guarantees period."
    )
    within_km = fields.Integer("Within (km)", help="Zero: whatever the kilometers.")
    assembly_ids = fields.Many2many(
        "car.three.guarantee.assembly",
        "car_three_guarantee_clause_assembly_rel",
        "clause_id",
        "assembly_id",
        "Assemblies",
        help="Which assemblies the clause is about.",
    )
    failure_ids = fields.Many2many(
        "car.three.guarantee.failure",
        "car_three_guarantee_clause_failure_rel",
        "clause_id",
        "failure_id",
        "Failures",
        help="Which failures the clause is about.",
    )

    _kind_uniq = models.UniqueIndex(
        "(rule_id, kind)", "A version has one clause of each kind."
    )
    _clause_positive = models.Constraint(
        'CHECK ("limit" >= 1 AND warn_at >= 0 AND within_days >= 0 AND within_km >= 0)',
        "Limits of a clause are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("article", "text")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = f"{clause.article or ''} {clause.text or ''}".strip()

    # === BUSINESS METHODS === #

    def _get_level(self, count):
        """Return what a number means: reached, warning or ok."""
        self.ensure_one()
        if count > self.limit or (count == self.limit and not self.is_beyond):
            return "reached"
        if self.warn_at and count >= self.warn_at:
            return "warning"
        return "ok"

    def _get_refusal(self, day, run_km, start, assembly, failure):
        """Return why a repair does not count for this clause, or nothing."""
        if not self:
            return "not_in_version"
        if self.assembly_ids and assembly not in self.assembly_ids:
            return "not_in_version"
        if self.failure_ids and failure not in self.failure_ids:
            return "not_in_version"
        if self.within_days and (day - start).days > self.within_days:
            return "over_window"
        if self.within_km and run_km > self.within_km:
            return "over_window"
        return False
