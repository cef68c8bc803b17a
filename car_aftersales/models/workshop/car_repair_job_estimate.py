from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_order import CUSTOMER_DATA

OPEN_JOBS = ("draft", "estimated")


class CarRepairJob(models.Model):
    """How a job is priced, and which plans the customer may choose between.

    Rule book of the workshop, 业务接待工作制度: a repair is priced by the system it
    involves; where the fault cannot be pinned down by its symptom, with the risk in the
    price; by item where it is simple work, has a market price or is what the customer
    orders, after he was told that quality is not always assured.
    """

    _inherit = "car.repair.job"

    # by symptom
    risk_percent = fields.Float(
        "Risk (%)",
        compute="_compute_risk_percent",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
        help="By symptom: what is added to the labor for the risk of looking in vain.",
    )
    risk_amount = fields.Monetary(
        "Risk",
        groups=CUSTOMER_DATA,
        help="By symptom: the risk as an amount before taxes, instead of a percentage.",
    )
    # by item
    item_reason = fields.Selection(
        [
            ("simple", "Simple work"),
            ("market", "There is a market price"),
            ("ordered", "The customer orders it so"),
        ],
        "Reason for Pricing by Item",
    )
    item_notice_at = fields.Datetime(
        "Notice Given",
        readonly=True,
        copy=False,
        help="When the customer was told that work by item cannot always assure the "
        "quality.",
    )
    item_notice_by_id = fields.Many2one(
        "res.users", "Notice Given By", readonly=True, copy=False
    )
    # plans to choose between
    alternative_to_id = fields.Many2one(
        "car.repair.job",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
        help="The customer chooses one of the two; only the first counts until then.",
    )
    alternative_ids = fields.One2many(
        "car.repair.job", "alternative_to_id", "Alternatives"
    )

    _risk_positive = models.Constraint(
        "CHECK (risk_percent >= 0 AND risk_amount >= 0)", "A risk cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("estimate_method")
    def _compute_risk_percent(self):
        for job in self:
            if job.estimate_method != "symptom":
                job.risk_percent = 0.0
            elif not job.risk_percent and not job.risk_amount:
                job.risk_percent = job.company_id.car_symptom_risk_percent

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if {"estimate_method", "system_id", "risk_percent", "risk_amount"} & set(vals):
            self.line_ids._follow_labor_price()
        return result

    # === ACTION METHODS === #

    def action_give_item_notice(self):
        """Record that the customer was told what pricing by item means."""
        self._check_desk("advisor")
        self._refuse(
            lambda job: job.estimate_method != "item",
            self.env._("it is not priced by item"),
        )
        # Safe: the moment and the user of the step just taken.
        self.sudo().write(
            {
                "item_notice_at": fields.Datetime.now(),
                "item_notice_by_id": self.env.uid,
            }
        )

    def action_add_alternative(self):
        """Copy the job as another plan for the same complaint.

        :return: the action that opens the new job.
        """
        self.ensure_one()
        self._check_desk("advisor")
        self._refuse(
            lambda job: job.state not in OPEN_JOBS,
            self.env._("it was answered already; only an open job has alternatives"),
        )
        main = self.alternative_to_id or self
        plan = self.copy(
            {
                "order_id": self.order_id.id,
                "sequence": self.sequence,
                "name": self.env._("%(complaint)s (other plan)", complaint=main.name),
            }
        )
        # Safe: the link follows from the step just taken.
        plan.sudo().alternative_to_id = main
        return plan._get_records_action(target="new")

    # === BUSINESS METHODS === #

    def _check_estimate(self):
        self._check_method()
        return super()._check_estimate()

    def _check_method(self):
        """Refuse prices whose method is not complete.

        :raise UserError: naming the job and what is missing.
        """
        self._refuse(
            lambda job: (
                job.estimate_method == "symptom"
                and not job.risk_percent
                and not job.risk_amount
            ),
            self.env._("priced by symptom, it needs a risk as percentage or amount"),
        )
        by_item = self.filtered(lambda job: job.estimate_method == "item")
        by_item._refuse(
            lambda job: not job.item_reason,
            self.env._("priced by item, it needs the reason"),
        )
        by_item._refuse(
            lambda job: not job.item_notice_at,
            self.env._(
                "tell the customer first that work by item cannot always assure the "
                "quality, and record it"
            ),
        )

    def _get_plans(self):
        """Return all plans for the complaint of a job, itself included."""
        self.ensure_one()
        main = self.alternative_to_id or self
        # Plans are jobs of one order, which is at hand.
        return main | self.order_id.job_ids.filtered(
            lambda job: job.alternative_to_id == main
        )

    def _is_second_plan(self):
        """Tell whether the job is a plan that does not count beside the first one."""
        self.ensure_one()
        main = self.alternative_to_id
        is_put_off = self.state == "deferred" == main.state
        return bool(main) and (self.state in OPEN_JOBS or is_put_off)

    def _check_one_plan(self):
        """Refuse agreeing to two plans for one complaint.

        :raise UserError: naming both.
        """
        for job in self:
            others = job._get_plans() - job
            chosen = others.filtered(
                lambda other: (
                    other in self
                    or other.state in ("authorized", "in_progress", "done", "passed")
                )
            )
            if chosen:
                raise UserError(
                    self.env._(
                        "%(job)s: the customer chooses one plan, and %(other)s is "
                        "chosen too.",
                        job=job.display_name,
                        other=chosen[0].display_name,
                    )
                )

    def _after_authorize(self):
        """Close the plans that were not chosen."""
        for job in self:
            (job._get_plans() - job).filtered(
                lambda other: other.state in OPEN_JOBS
            ).write({"state": "declined"})
