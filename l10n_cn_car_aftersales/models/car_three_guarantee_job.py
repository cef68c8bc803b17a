from odoo import api, fields, models
from odoo.exceptions import UserError

MARK_FIELDS = {
    "three_guarantee_mark",
    "three_guarantee_mark_reason",
    "three_guarantee_failure_id",
    "three_guarantee_product_id",
}
NOT_DONE = ("declined", "deferred", "cancelled")
BEGUN = ("authorized", "in_progress", "done", "passed")


class CarRepairJob(models.Model):
    """Whether a job is a repair for quality, of which smallest part, how dangerous."""

    _inherit = "car.repair.job"

    is_cn_law = fields.Boolean(related="company_id.car_cn_law", string="Law of China")
    three_guarantee_mark = fields.Selection(
        [
            ("auto", "By Its Payer"),
            ("yes", "Quality Repair"),
            ("no", "Does Not Count"),
        ],
        "Counts for the Three Guarantees",
        default="auto",
        required=True,
        copy=False,
        help="By its payer: work that the maker pays under warranty counts.",
    )
    three_guarantee_mark_reason = fields.Char("Why Counted So", copy=False)
    three_guarantee_product_id = fields.Many2one(
        "product.product",
        "Faulty Part",
        copy=False,
        help="The smallest part that is repaired or replaced. Empty: the first part of "
        "the job, else its operation.",
    )
    three_guarantee_failure_id = fields.Many2one(
        "car.three.guarantee.failure", "Serious Safety Failure", copy=False
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        jobs.filtered(
            lambda job: job.three_guarantee_mark != "auto"
        )._check_mark_reason()
        return jobs

    def write(self, vals):
        marks = MARK_FIELDS.intersection(vals)
        if marks:
            self._check_mark_open()
        result = super().write(vals)
        if marks:
            self._check_mark_reason()
        return result

    # === BUSINESS METHODS === #

    def _get_desk_fields(self):
        names = super()._get_desk_fields()
        if self.env["car.repair.order"]._has_group(
            "warranty_clerk", "workshop_supervisor"
        ):
            names |= MARK_FIELDS
        return names

    def _check_mark_open(self):
        """Keep what the ledger was made from; the ledger itself is corrected."""
        # Safe: the order only tells its state.
        for job in self.sudo():
            if job.order_id.state == "delivered":
                raise UserError(
                    self.env._(
                        "%(job)s: the car was given back. Correct its entry in the "
                        "ledger of the three guarantees.",
                        job=job.display_name,
                    )
                )

    def _check_mark_reason(self):
        for job in self:
            reason = (job.three_guarantee_mark_reason or "").strip()
            if job.three_guarantee_mark != "auto" and not reason:
                raise UserError(
                    self.env._(
                        "%(job)s: say why it counts, or not, for the three guarantees.",
                        job=job.display_name,
                    )
                )

    def _get_quality_mark(self):
        """Return whether the job is a repair for quality: yes, no, or neither.

        Work that is not under warranty and not marked has no place in the ledger.
        """
        self.ensure_one()
        if self.state in NOT_DONE or self._is_second_plan():
            return False
        if self.three_guarantee_mark != "auto":
            return self.three_guarantee_mark
        if not self.line_ids:
            return "yes" if self.payer_id.kind == "warranty" else False
        for line in self.line_ids:
            if line._is_under_guarantee():
                return "yes"
        return False

    def _get_replaced_lines(self):
        """Return the parts that are replaced, agreed to and issued or to be issued."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.kind == "part" and line._is_replaced()
        )

    def _get_faulty_product(self):
        """Return the smallest part that the job is about."""
        self.ensure_one()
        parts = self._get_replaced_lines().product_id
        own = parts.filtered(lambda part: part.three_guarantee_role != "wear")
        labor = self.line_ids.filtered(lambda line: line.kind == "labor").product_id
        return (self.three_guarantee_product_id or own or parts or labor)[:1]


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _is_replaced(self):
        """Tell whether the part is in the car, or will be.

        Who pays for it may change after the car has left; what was issued stays in it.
        """
        self.ensure_one()
        closed = self.order_id.state == "delivered"
        if closed and self.is_stocked:
            return self.quantity_issued > 0
        if closed and self.was_under_guarantee:
            return self.quantity > 0
        agreed = self.authorization_state not in ("pending", "declined")
        return agreed and (self.supply == "customer" or self.quantity > 0)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_smallest_part_key(self):
        """Return by what repairs of the same smallest part are counted together."""
        self.ensure_one()
        key = (self.three_guarantee_part_key or "").strip()
        return key or f"product-{self.id}"
