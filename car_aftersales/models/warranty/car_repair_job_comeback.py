from odoo import api, fields, models

from .car_repair_comeback import COUNTED

ENDED_ORDERS = ("delivered", "declined", "cancelled")
ENDED_JOBS = ("declined", "deferred", "cancelled")


class CarRepairJob(models.Model):
    """Whether the car came back for what an earlier job has repaired."""

    _inherit = "car.repair.job"

    comeback_ids = fields.One2many(
        "car.repair.comeback", "job_id", "Decisions on a Comeback", copy=False
    )
    comeback_id = fields.Many2one("car.repair.comeback", compute="_compute_comeback_id")
    comeback_state = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.comeback"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="State of the Comeback",
        compute="_compute_comeback_id",
    )
    comeback_of_id = fields.Many2one(
        "car.repair.job",
        "Is a Comeback of",
        compute="_compute_comeback_of_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The earlier job that did not hold.",
    )
    later_comeback_ids = fields.One2many(
        "car.repair.comeback", "of_job_id", "Came Back", copy=False
    )
    comeback_candidate_ids = fields.Many2many(
        "car.repair.job",
        string="Earlier Jobs under Guarantee",
        compute="_compute_comeback_candidate_ids",
        compute_sudo=True,
        help="What we have repaired on the same system or part, still guaranteed.",
    )
    is_comeback_proposed = fields.Boolean(
        "Possible Comeback",
        compute="_compute_comeback_candidate_ids",
        compute_sudo=True,
        help="Nobody has decided yet whether it is a comeback.",
    )

    # === COMPUTE METHODS === #

    @api.depends("comeback_ids.state")
    def _compute_comeback_id(self):
        for job in self:
            job.comeback_id = job.comeback_ids[:1]
            job.comeback_state = job.comeback_id.state

    @api.depends("comeback_ids.of_job_id", "comeback_ids.state")
    def _compute_comeback_of_id(self):
        for job in self:
            comebacks = job.comeback_ids.filtered(lambda each: each.state != "other")
            job.comeback_of_id = comebacks[:1].of_job_id

    @api.depends(
        "vehicle_id",
        "system_id",
        "state",
        "line_ids.product_id",
        "order_id.state",
        "order_id.received_at",
        "order_id.odometer_km",
        "comeback_ids",
    )
    def _compute_comeback_candidate_ids(self):
        earlier = self._find_earlier_jobs()
        for job in self:
            found = earlier.get(job, self.browse())
            job.comeback_candidate_ids = found
            job.is_comeback_proposed = bool(
                found
                and not job.comeback_ids
                and job.state not in ENDED_JOBS
                and job.order_id.state not in ENDED_ORDERS
            )

    # === ACTION METHODS === #

    def action_link_comeback(self):
        """Ask which earlier job did not hold."""
        return self._get_comeback_action(self.env._("Is a Comeback of…"))

    def action_dismiss_comeback(self):
        """Ask which other fault it is."""
        return self._get_comeback_action(self.env._("Another Fault"), state="other")

    def action_open_comeback(self):
        """Open the decision on the comeback."""
        self.ensure_one()
        return self.comeback_id._get_records_action()

    def action_open_earlier_jobs(self):
        """Open what we have repaired on the same system or part."""
        jobs = self.comeback_candidate_ids | self.comeback_of_id
        return jobs._get_records_action(name=self.env._("Earlier Jobs"))

    # === BUSINESS METHODS === #

    def _get_comeback_action(self, title, state="checking"):
        self.ensure_one()
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "car.repair.comeback",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "car_aftersales.car_repair_comeback_view_form_link"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {
                "default_job_id": self.id,
                "default_of_job_id": self.comeback_candidate_ids[:1].id,
                "default_state": state,
            },
        }

    def _find_earlier_jobs(self):
        """Return for each job the earlier ones whose guarantee it may fall under.

        Of the same car, on the same system or with the same part, delivered on another
        visit and guaranteed on the day and at the reading of this one; the newest
        first. In as many queries for many jobs as for one.

        :return: dict of job to jobs
        """
        # Safe: days and readings of the visits; only jobs are told.
        jobs = self.sudo()
        lines = jobs.env["car.repair.line"].search(
            [
                ("guarantee_vehicle_id", "in", jobs.vehicle_id.ids),
                ("guarantee_exclusion", "=", False),
            ],
            order="guarantee_from desc, id desc",
        )
        by_vehicle = lines.grouped("guarantee_vehicle_id")
        days, found = {}, {}
        for job in jobs:
            own = by_vehicle.get(job.vehicle_id._origin)
            if not own:
                continue
            order, parts = job.order_id, job._get_comeback_parts()
            key = (order.company_id, order.received_at)
            if key not in days:
                days[key] = order.company_id._get_car_local_day(order.received_at)
            matching = own.filtered(
                lambda line, o=order, j=job, p=parts, d=days[key]: (
                    line.order_id != o._origin
                    and line.company_id == o.company_id
                    and (
                        (j.system_id and line.job_id.system_id == j.system_id)
                        or line.product_id in p
                    )
                    and line._is_guaranteed_at(d, o.odometer_km)
                )
            )
            found[job.with_env(self.env)] = matching.job_id.with_env(self.env)
        return found

    def _get_comeback_parts(self):
        """Return the parts of the job: the same one again is a hint."""
        return self.line_ids.filtered(lambda line: line.kind == "part").product_id

    def _is_guaranteed_for(self, job):
        """Tell whether anything of this job was guaranteed when another car came in."""
        self.ensure_one()
        order = job.order_id
        day = order.company_id._get_car_local_day(order.received_at)
        return any(
            line._is_guaranteed_at(day, order.odometer_km) for line in self.line_ids
        )


class CarRepairOrder(models.Model):
    """What the visit has to do with earlier ones under our guarantee."""

    _inherit = "car.repair.order"

    comeback_ids = fields.One2many(
        "car.repair.comeback", "order_id", "Comebacks on This Visit", copy=False
    )
    comeback_count = fields.Integer("Comebacks", compute="_compute_comebacks")
    comeback_text = fields.Char("Possible Comebacks", compute="_compute_comebacks")
    comeback_alarm_text = fields.Char("Failed Again", compute="_compute_comebacks")
    has_comeback_to_decide = fields.Boolean(
        "Comeback to Decide", compute="_compute_comebacks"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "comeback_ids.state",
        "comeback_ids.is_alarm",
        "job_ids.is_comeback_proposed",
    )
    @api.depends_context("lang")
    def _compute_comebacks(self):
        for order in self:
            counted = order.comeback_ids.filtered(lambda each: each.state in COUNTED)
            proposed = order.job_ids.filtered("is_comeback_proposed")
            order.comeback_count = len(order.comeback_ids)
            order.has_comeback_to_decide = bool(proposed) or any(
                each.state == "checking" for each in counted
            )
            order.comeback_text = "; ".join(
                self.env._(
                    "%(job)s: see %(earlier)s",
                    job=job.name,
                    earlier=", ".join(
                        job.comeback_candidate_ids.mapped("display_name")
                    ),
                )
                for job in proposed
            )
            order.comeback_alarm_text = "; ".join(
                self.env._(
                    "%(job)s: %(count)s repairs have failed",
                    job=each.job_id.name,
                    count=each.failed_count,
                )
                for each in counted
                if each.is_alarm
            )

    # === ACTION METHODS === #

    def action_open_comebacks(self):
        """Open what was decided on comebacks of this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_repair_comeback_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_link_comeback(self):
        """Ask of the first job that may be a comeback which earlier one it is of."""
        return self._get_proposed_job().action_link_comeback()

    def action_dismiss_comeback(self):
        """Ask of the first job that may be a comeback which other fault it is."""
        return self._get_proposed_job().action_dismiss_comeback()

    def action_open_earlier_jobs(self):
        """Open the earlier jobs that this visit may be about."""
        return self.job_ids.action_open_earlier_jobs()

    # === BUSINESS METHODS === #

    def _get_proposed_job(self):
        """Return the first job of which nobody has decided whether it is a comeback."""
        self.ensure_one()
        proposed = self.job_ids.filtered("is_comeback_proposed")[:1]
        if not proposed:
            self._raise_missing(self.env._("of each job it is decided already"))
        return proposed
