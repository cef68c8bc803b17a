from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DAY = timedelta(days=1)
CLERK_FIELDS = ("three_guarantee_excluded_ids", "towing_amount")


class CarThreeGuaranteeRule(models.Model):
    """How a version counts the days of a repair."""

    _inherit = "car.three.guarantee.rule"

    def _count_days(self, lasted):
        """Return the days of a repair; less than 24 hours are one day.

        :param timedelta lasted: its time, without what does not count
        """
        whole, rest = divmod(max(lasted, timedelta()), DAY)
        if rest and self.day_count != "completed":
            whole += 1
        return max(whole, 1)


class CarThreeGuaranteeExcluded(models.Model):
    """Time of a repair that does not count: a part made for this very car travels."""

    _name = "car.three.guarantee.excluded"
    _description = "Time That Does Not Count as Repair"
    _order = "order_id, from_at, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [
            ("vin_part", "Transport of a VIN-specific part"),
            ("rescue", "Travel of outside rescue"),
            ("other", "Other"),
        ],
        default="vin_part",
        required=True,
    )
    from_at = fields.Datetime("From", required=True)
    to_at = fields.Datetime("To", required=True)
    reason = fields.Char(required=True, help="Which part, from where, which way.")

    _in_order = models.Constraint(
        "CHECK (to_at > from_at)", "A time ends after it begins."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        times = super().create(vals_list)
        times._check_open()
        return times

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self._check_open()

    # === BUSINESS METHODS === #

    def _check_open(self):
        """Keep what the ledger was made from."""
        for order in self.order_id:
            if order.state in ("delivered", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(order)s is closed. Correct its entry in the ledger of the "
                        "three guarantees.",
                        order=order.display_name,
                    )
                )


class CarRepairOrder(models.Model):
    """From when until when a repair for quality took, and what of it does not count."""

    _inherit = "car.repair.order"

    three_guarantee_excluded_ids = fields.One2many(
        "car.three.guarantee.excluded", "order_id", "Time Not Counted"
    )

    # === BUSINESS METHODS === #

    def _check_desk_fields(self, vals):
        """The warranty clerk keeps what the ledger is made from."""
        if self._has_group("warranty_clerk"):
            vals = {name: vals[name] for name in vals if name not in CLERK_FIELDS}
        return super()._check_desk_fields(vals)

    def _get_quality_jobs(self, mark="yes"):
        """Return the jobs that are repairs for quality, or are marked not to be."""
        self.ensure_one()
        return self.job_ids.filtered(lambda job: job._get_quality_mark() == mark)

    def _get_repair_start(self, jobs):
        """Return when the customer agreed to these repairs, else when work began."""
        self.ensure_one()
        answers = [at for line in jobs.line_ids for at in self._get_consent_times(line)]
        answers = answers or [at for at in jobs.mapped("started_at") if at]
        if answers:
            return min(answers)
        return self.delivered_at if self.state == "delivered" else False

    def _get_consent_times(self, line):
        """Return when the customer agreed to a line.

        What he answers after his car was given back is about money only.
        """
        self.ensure_one()
        closed = self.state == "delivered"

        def pick(entries):
            return [
                entry.authorization_id.answered_at
                for entry in entries
                if entry.is_approved
                and (
                    not closed
                    or entry.authorization_id.answered_at <= self.delivered_at
                )
            ]

        times = pick(line._get_valid_entries())
        if times or not closed:
            return times
        # The line has come to another payer since: earlier answers do not bind him.
        return pick(
            line.authorization_line_ids.filtered(
                lambda entry: entry.authorization_id.order_id == self
            )
        )

    def _get_repair_end(self, jobs, rule):
        """Return when these repairs were finished; empty while they go on."""
        self.ensure_one()
        if self.state not in ("ready", "delivered"):
            return False
        done = [at for at in jobs.mapped("done_at") if at]
        finished = max(done) if done else self.delivered_at or self.state_changed_at
        if rule.repair_ends == "done":
            return finished
        return self.ready_told_at or finished

    def _get_excluded_time(self, started, ended):
        """Return the time between two moments that does not count; overlaps once."""
        self.ensure_one()
        total, reached = timedelta(), started
        for time in self.three_guarantee_excluded_ids.sorted("from_at"):
            begins, ends = max(time.from_at, reached), min(time.to_at, ended)
            if ends > begins:
                total += ends - begins
                reached = ends
        return total
