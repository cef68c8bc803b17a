from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column, table_exists

REASONS = [
    ("covered", "Covered"),
    ("part", "Part Under Warranty"),
    ("service", "Service Missed"),
    ("date", "Expired by Date"),
    ("km", "Expired by km"),
    ("wear", "Wear Part"),
    ("excluded", "Excluded by the Policy"),
    ("component", "Not in It"),
    ("owner", "First Owner Only"),
    ("early", "Not Started Yet"),
    ("cancelled", "Cancelled"),
    ("customer_part", "Customer's Part"),
    ("none", "No Policy"),
    ("manual", "Declined by Hand"),
]
COVERED = ("covered", "part")
KEPT = (
    "coverage_id",
    "coverage_line_id",
    "coverage_reason",
    "coverage_data",
    "coverage_note",
)
CLOSED = ("delivered", "cancelled")


class CarRepairLine(models.Model):
    """Whether a line is under warranty: by what and until when, or why not.

    The answer follows the order until the customer has agreed; then it is kept.
    """

    _inherit = "car.repair.line"

    coverage_id = fields.Many2one(
        "car.warranty.coverage",
        "Covered By",
        compute="_compute_coverage",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The coverage that pays, or the one that comes closest to it.",
    )
    coverage_line_id = fields.Many2one(
        "car.repair.line",
        "Fitted Before",
        compute="_compute_coverage",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The earlier visit's part whose own warranty still runs.",
    )
    coverage_reason = fields.Selection(
        REASONS,
        "Coverage",
        compute="_compute_coverage",
        store=True,
        precompute=True,
        copy=False,
    )
    coverage_data = fields.Json(
        "Facts of the Answer",
        compute="_compute_coverage",
        store=True,
        precompute=True,
        copy=False,
    )
    coverage_note = fields.Char(
        "Words of Who Decided",
        compute="_compute_coverage",
        store=True,
        precompute=True,
        copy=False,
    )
    is_covered = fields.Boolean("Under Warranty", compute="_compute_is_covered")
    has_coverage_decision = fields.Boolean(
        "Warranty Decided by Hand", readonly=True, copy=False
    )

    def _auto_init(self):
        """Leave the lines of earlier visits unjudged; open ones are on demand."""
        columns = {
            "coverage_id": "int4",
            "coverage_line_id": "int4",
            "coverage_reason": "varchar",
            "coverage_data": "jsonb",
            "coverage_note": "varchar",
        }
        upgraded = table_exists(self.env.cr, self._table)
        for name, kind in columns.items():
            if upgraded and not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id",
        "kind",
        "supply",
        "job_id.system_id",
        "order_id.vehicle_id",
        "order_id.owner_id",
        "order_id.received_at",
        "order_id.odometer_km",
    )
    def _compute_coverage(self):
        """Judge what nobody agreed to yet and nobody decided by hand."""
        kept = self.filtered(lambda line: line._is_coverage_kept())
        answers = (self - kept)._get_coverage()
        for line in self:
            answer = answers.get(line) or {name: line[name] for name in KEPT}
            for name in KEPT:
                line[name] = answer[name]

    @api.depends("coverage_reason")
    def _compute_is_covered(self):
        for line in self:
            line.is_covered = line.coverage_reason in COVERED

    # === ACTION METHODS === #

    def action_decide_coverage(self, coverage=None, reason=None):
        """Decide by hand whether lines are under warranty; without a reason ask.

        :param coverage: the coverage that pays; empty: none does.
        :param reason: why; it is written down in the chatter of the order.
        :raise UserError: when the visit is closed.
        """
        orders = self.order_id
        orders._require_group("advisor", "warranty_clerk")
        if not reason:
            return self._get_decision_action()
        orders._refuse(
            lambda order: order.state in CLOSED or order._has_left(),
            self.env._("the visit is closed; what was decided on warranty is kept"),
        )
        coverage = coverage or self.env["car.warranty.coverage"]
        coverage.check_access("read")
        if coverage.vehicle_id - orders.vehicle_id:
            raise UserError(
                self.env._(
                    "%(coverage)s is a coverage of another car.",
                    coverage=coverage.display_name,
                )
            )
        if coverage and orders.company_id - coverage.company_id:
            raise UserError(
                self.env._(
                    "%(coverage)s is a coverage of another company.",
                    coverage=coverage.display_name,
                )
            )
        text = self.env._(
            "%(user)s: %(reason)s", user=self.env.user.name, reason=reason
        )
        # Safe: only the answer on warranty, after role and state were checked.
        self.sudo().write(
            {
                "coverage_id": coverage.id,
                "coverage_line_id": False,
                "coverage_reason": "covered" if coverage else "manual",
                "coverage_data": False,
                "coverage_note": text,
                "has_coverage_decision": True,
            }
        )
        for order in orders:
            order._message_log(body=self._spell_decision(order, coverage, reason))
        self._propose_payers(decided=self)
        self._get_jobs_of_parts()._refresh_work()
        return True

    def action_judge_coverage(self):
        """Drop a decision by hand and judge the lines by the policies again."""
        self.order_id._require_group("advisor", "warranty_clerk")
        self.order_id._refuse(
            lambda order: order.state in CLOSED or order._has_left(),
            self.env._("the visit is closed; what was decided on warranty is kept"),
        )
        # Safe: only the answer on warranty, after role and state were checked.
        decided = self.sudo().filtered("has_coverage_decision")
        decided.has_coverage_decision = False
        # Also where the customer has agreed since: he did not agree to the decision.
        for line, answer in decided._get_coverage().items():
            for name in KEPT:
                line[name] = answer[name]
        self._refresh_coverage()
        self._propose_payers(decided=decided)
        self._get_jobs_of_parts()._refresh_work()
        return True

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        vals = super()._drop_protected(vals)
        if not self.env.su:
            for name in (*KEPT, "coverage_text", "has_coverage_decision"):
                vals.pop(name, None)
        return vals

    def _is_coverage_kept(self):
        """Tell whether the answer stays: agreed to, decided by hand, or closed."""
        self.ensure_one()
        return (
            self.has_coverage_decision
            or self.order_id.state in CLOSED
            or self._has_consent()
        )

    def _refresh_coverage(self):
        """Judge the lines anew, where the answer is not kept."""
        for name in KEPT:
            self.env.add_to_compute(self._fields[name], self)
        self._recompute_recordset(KEPT)
        # What is shown of the answer was not told that it changes.
        self.modified(KEPT)

    @api.model
    def _refresh_coverage_of(self, vehicles):
        """Judge anew the lines of the vehicles' open orders."""
        # Safe: the answer follows from the coverages that were changed.
        lines = self.sudo().search(
            [
                ("order_id.vehicle_id", "in", vehicles.ids),
                ("order_id.state", "not in", CLOSED),
            ]
        )
        lines._refresh_coverage()
        lines._propose_payers()

    def _get_decision_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on Warranty"),
            "res_model": "car.repair.coverage.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _spell_decision(self, order, coverage, reason):
        """Return what the chatter of an order says of a decision by hand."""
        lines = ", ".join(
            line.name for line in self if line.order_id == order and line.name
        )
        if coverage:
            return self.env._(
                "Under warranty by hand (%(coverage)s): %(lines)s. Reason: %(reason)s",
                coverage=coverage.policy_id.name,
                lines=lines,
                reason=reason,
            )
        return self.env._(
            "Not under warranty by hand: %(lines)s. Reason: %(reason)s",
            lines=lines,
            reason=reason,
        )
