from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .car_three_guarantee_rule import KINDS

REASONS = [
    ("counted", "Counts"),
    ("business", "Not a consumer's household car"),
    ("no_date", "Day of purchase unknown"),
    ("no_version", "Bought before any version"),
    ("pickup", "Pickups are not covered"),
    ("before", "Before the periods began"),
    ("over_date", "After the three-guarantees period"),
    ("over_km", "Beyond the kilometers of the period"),
    ("over_window", "After the first days or kilometers"),
    ("marked", "Marked: no repair for quality"),
    ("paid", "Paid for by the customer, outside the guarantee"),
    ("wear", "Wear part with a term of its own"),
    ("no_part", "No smallest part named"),
    ("not_in_version", "Not an assembly of this version"),
    ("corrected", "Corrected by hand"),
]
# What is written down of repairs elsewhere; the rest is worked out
ELSEWHERE_FIELDS = {
    "vehicle_id",
    "company_id",
    "kind",
    "date",
    "odometer_km",
    "days",
    "product_id",
    "assembly_id",
    "failure_id",
    "workshop_name",
    "note",
}


class CarThreeGuaranteeEntry(models.Model):
    """One line of a car's ledger of the three guarantees, and why it counts or not.

    Made at delivery from repairs for quality. It is never edited: who corrects it says
    why, and the correction is logged. Repairs elsewhere are added by hand.
    """

    _name = "car.three.guarantee.entry"
    _description = "Entry of the Three Guarantees"
    _inherit = ["car.confidential.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    vehicle_id = fields.Many2one(
        "car.vehicle",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    job_id = fields.Many2one("car.repair.job", readonly=True, check_company=True)
    rule_id = fields.Many2one(
        "car.three.guarantee.rule",
        "Version",
        readonly=True,
        help="By which version it counts: that of the day the car was bought.",
    )
    kind = fields.Selection(KINDS, "What Counts", required=True, index=True)
    date = fields.Date(
        "Day", required=True, index=True, help="When the repair was agreed to."
    )
    odometer_km = fields.Integer("Odometer (km)", aggregator=None)
    product_id = fields.Many2one("product.product", "Part")
    part_key = fields.Char("Same Part By", readonly=True)
    assembly_id = fields.Many2one("car.three.guarantee.assembly")
    failure_id = fields.Many2one("car.three.guarantee.failure")
    started_at = fields.Datetime("Agreed At", readonly=True)
    ended_at = fields.Datetime("Finished At", readonly=True)
    excluded_hours = fields.Float("Hours Not Counted", readonly=True)
    excluded_text = fields.Char("Why Not Counted Hours", readonly=True)
    days = fields.Integer("Repair Days")
    is_counted = fields.Boolean("Counted", default=True, index=True)
    reason = fields.Selection(
        REASONS, "Why It Counts or Not", default="counted", required=True
    )
    reason_text = fields.Char("Reason", compute="_compute_reason_text")
    subject = fields.Char("About", compute="_compute_subject")
    is_elsewhere = fields.Boolean("Repaired Elsewhere", readonly=True)
    workshop_name = fields.Char("Other Workshop")
    note = fields.Char("Notes")
    # corrections
    correction_reason = fields.Char(readonly=True)
    corrected_by_id = fields.Many2one("res.users", readonly=True)
    corrected_at = fields.Datetime("Corrected On", readonly=True)

    _once = models.UniqueIndex(
        "(order_id, kind, COALESCE(part_key, ''), COALESCE(assembly_id, 0),"
        " COALESCE(failure_id, 0)) WHERE order_id IS NOT NULL",
        "This repair is in the ledger already.",
    )
    _counted = models.Index("(vehicle_id, kind) WHERE is_counted")
    _days_positive = models.Constraint(
        "CHECK (days >= 0)", "Repair days are not negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "product_id", "assembly_id", "failure_id", "job_id")
    def _compute_subject(self):
        for entry in self:
            named = entry.failure_id or entry.product_id or entry.assembly_id
            entry.subject = named.display_name or entry.job_id.name

    @api.depends("kind", "subject", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            parts = (
                format_date(self.env, entry.date) if entry.date else "",
                kinds.get(entry.kind),
                entry.subject,
            )
            entry.display_name = " ".join(part for part in parts if part)

    @api.depends("reason", "rule_id", "is_counted", "correction_reason", "date")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for entry in self:
            text = reasons.get(entry.reason, "")
            if entry.reason == "corrected":
                counts = (
                    self.env._("counts")
                    if entry.is_counted
                    else self.env._("does not count")
                )
                text = f"{text}, {counts}: {entry.correction_reason}"
            rule = entry.rule_id
            if rule.order_number:
                text = self.env._(
                    "%(reason)s (%(version)s)", reason=text, version=rule.order_number
                )
            entry.reason_text = text

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        self._require_clerk()
        for vals in vals_list:
            if foreign := {name for name in vals if vals[name]} - ELSEWHERE_FIELDS:
                self._refuse_fields(foreign)
        entries = super().create([{**vals, "is_elsewhere": True} for vals in vals_list])
        entries._judge_elsewhere()
        entries._warn_of_limits()
        return entries

    def write(self, vals):
        if not self.env.su:
            self._refuse_fields(set(vals) - {"note", "message_main_attachment_id"})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The ledger is kept. Correct an entry, with the reason, instead of "
                "deleting it."
            )
        )

    # === ACTION METHODS === #

    def action_correct(self):
        """Open the dialog that corrects the entry and asks why."""
        self.ensure_one()
        self._require_clerk()
        return {
            "name": self.env._("Correct the Ledger"),
            "type": "ir.actions.act_window",
            "res_model": "car.three.guarantee.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_entry_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _require_clerk(self):
        if not self.env["car.repair.order"]._has_group("warranty_clerk", "supervisor"):
            raise AccessError(
                self.env._(
                    "The ledger of the three guarantees is kept by the warranty clerk "
                    "and the business supervisor."
                )
            )

    def _refuse_fields(self, names):
        if names:
            raise AccessError(
                self.env._(
                    "The ledger of the three guarantees is made from the repairs. "
                    "Correct an entry with “Correct”, which asks for the reason."
                )
            )

    def _correct(self, reason, is_counted, days):
        """Let an entry count otherwise, and keep why.

        :raise UserError: without a reason
        """
        self.ensure_one()
        self._require_clerk()
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(entry)s: say why it is corrected.", entry=self.display_name
                )
            )
        self._message_log(
            body=self.env._(
                "Corrected by hand: counts %(old)s → %(new)s, days %(old_days)s → "
                "%(new_days)s. %(reason)s",
                old=self.is_counted,
                new=is_counted,
                old_days=self.days,
                new_days=days,
                reason=reason.strip(),
            )
        )
        # Safe: the step of who keeps the ledger, logged in its history.
        self.sudo().write(
            {
                "is_counted": is_counted,
                "days": days,
                "reason": "corrected",
                "correction_reason": reason.strip(),
                "corrected_by_id": self.env.uid,
                "corrected_at": fields.Datetime.now(),
            }
        )
        self._warn_of_limits()

    def _warn_of_limits(self):
        """Tell of what these entries come to, each company its supervisor."""
        for company, entries in self.grouped("company_id").items():
            entries.vehicle_id._warn_three_guarantees(company)

    def _judge_elsewhere(self):
        """Say whether repairs elsewhere count, by the version of the car."""
        # Safe: what is worked out of an entry just made by who keeps the ledger.
        for entry in self.sudo():
            vehicle = entry.vehicle_id
            rule = vehicle.three_guarantee_rule_id
            refusal = vehicle._get_three_guarantee_refusal(
                entry.date, entry.odometer_km
            )
            clause = rule._get_clause(entry.kind)
            if not refusal and rule:
                refusal = clause._get_refusal(
                    entry.date,
                    entry.odometer_km,
                    vehicle.three_guarantee_start,
                    entry.assembly_id,
                    entry.failure_id,
                )
            product = entry.product_id
            entry.write(
                {
                    "rule_id": rule.id,
                    "part_key": product and product._get_smallest_part_key(),
                    "is_counted": not refusal,
                    "reason": refusal or "counted",
                }
            )
