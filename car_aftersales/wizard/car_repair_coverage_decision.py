from odoo import api, fields, models


class CarRepairCoverageDecision(models.TransientModel):
    """Decide by hand whether lines are under warranty, and say why."""

    _name = "car.repair.coverage.decision"
    _description = "Decision on Warranty"

    line_ids = fields.Many2many(
        "car.repair.line", required=True, domain="[('order_id', '=', order_id)]"
    )
    order_id = fields.Many2one("car.repair.order", compute="_compute_vehicle_id")
    vehicle_id = fields.Many2one("car.vehicle", compute="_compute_vehicle_id")
    answer_text = fields.Char("By the Policies", compute="_compute_vehicle_id")
    decision = fields.Selection(
        [
            ("covered", "Under warranty"),
            ("declined", "Not under warranty"),
            ("judge", "As the policies say"),
        ],
        default="covered",
        required=True,
    )
    coverage_id = fields.Many2one(
        "car.warranty.coverage",
        compute="_compute_coverage_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('vehicle_id', '=', vehicle_id)]",
    )
    reason = fields.Char()

    @api.depends("line_ids")
    def _compute_vehicle_id(self):
        for dialog in self:
            dialog.order_id = dialog.line_ids.order_id[:1]
            dialog.vehicle_id = dialog.line_ids.order_id.vehicle_id[:1]
            texts = [text for text in dialog.line_ids.mapped("coverage_text") if text]
            dialog.answer_text = "; ".join(dict.fromkeys(texts))

    @api.depends("line_ids")
    def _compute_coverage_id(self):
        """Propose the coverage that comes closest."""
        for dialog in self:
            dialog.coverage_id = dialog.line_ids.coverage_id[:1]

    def action_confirm(self):
        """Take the decision."""
        self.ensure_one()
        if self.decision == "judge":
            self.line_ids.action_judge_coverage()
        else:
            coverage = self.coverage_id if self.decision == "covered" else None
            self.line_ids.action_decide_coverage(coverage, self.reason)
        return {"type": "ir.actions.act_window_close"}
