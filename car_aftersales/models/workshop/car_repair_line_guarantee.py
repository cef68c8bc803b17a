from odoo import api, fields, models


class CarRepairLine(models.Model):
    """Parts on which no guarantee is given, and why.

    Rule book of the workshop, 业务接待工作制度: who brings a part himself, or insists
    on an aftermarket part in a key position, gets no guarantee of quality for it, and
    the order says so. An equivalent part (同质件) is no aftermarket part.
    """

    _inherit = "car.repair.line"

    no_guarantee = fields.Selection(
        [
            ("customer", "Supplied by the customer"),
            ("key_position", "Aftermarket or used part in a key position"),
        ],
        compute="_compute_no_guarantee",
        store=True,
        precompute=True,
        help="Why this part carries no guarantee; it is printed on the order.",
    )

    @api.depends("kind", "supply", "grade", "product_id.car_is_key_part")
    def _compute_no_guarantee(self):
        for line in self:
            reason = False
            if line.kind == "part" and line.supply == "customer":
                reason = "customer"
            elif (
                line.kind == "part"
                and line.grade in ("aftermarket", "used")
                and line.product_id.car_is_key_part
            ):
                reason = "key_position"
            line.no_guarantee = reason


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    has_no_guarantee = fields.Boolean(
        "Has Parts Without Guarantee", compute="_compute_has_no_guarantee"
    )

    @api.depends("line_ids.no_guarantee")
    def _compute_has_no_guarantee(self):
        for job in self:
            job.has_no_guarantee = any(job.line_ids.mapped("no_guarantee"))
