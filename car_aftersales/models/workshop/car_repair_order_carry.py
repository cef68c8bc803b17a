from odoo import api, fields, models
from odoo.fields import Command, Domain

from .car_repair_billing import EPSILON

TAKING_STATES = ("reception", "estimate", "authorized", "in_workshop")
LEFT_STATES = ("delivered", "declined", "cancelled")


class CarRepairOrder(models.Model):
    """Deferred work of the car, carried over from the visit that put it off."""

    _inherit = "car.repair.order"

    deferred_job_ids = fields.Many2many(
        "car.repair.job",
        string="Deferred Work of This Car",
        compute="_compute_deferred_job_ids",
    )
    has_deferred_parts = fields.Boolean(compute="_compute_deferred_job_ids")
    carried_job_ids = fields.One2many(
        "car.repair.job", "carried_from_id", "Carried to the Next Order"
    )

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id", "state")
    def _compute_deferred_job_ids(self):
        taking = self.filtered(lambda order: order.state in TAKING_STATES)
        found = taking._find_deferred_jobs()
        for order in self:
            jobs = found.browse()
            if order in taking:
                jobs = found.filtered(
                    lambda job, order=order: (
                        job.vehicle_id == order.vehicle_id._origin
                        and job.company_id == order.company_id
                        and job.order_id != order._origin
                    )
                )
            order.deferred_job_ids = jobs
            order.has_deferred_parts = bool(jobs) and all(
                job.has_all_parts for job in jobs
            )

    # === ACTION METHODS === #

    def action_carry_over(self):
        """Take the deferred work of the car along, with its consent and its parts.

        Once only: of two who do it at the same time one wins.

        :raise UserError: when there is none, or it belongs to another site.
        """
        self.ensure_one()
        self._require_group("advisor")
        self._take_turn()
        self._refuse(
            lambda order: order.state not in TAKING_STATES or order._get_final_pass(),
            self.env._("it takes no more work along"),
        )
        jobs = self._find_deferred_jobs()
        jobs.order_id._take_turn()
        if not jobs:
            self._raise_for_each(self.env._("this car has no deferred work"))
        self._carry_over(self._filter_carried(jobs))
        # What is found by a search follows no field.
        self.invalidate_recordset(["deferred_job_ids", "has_deferred_parts"])
        return True

    def action_authorize(self):
        """Record the consent; work carried over was agreed to already."""
        carried = any(
            job.state == "authorized" and job.has_own_consent for job in self.job_ids
        )
        if carried and self.state in ("reception", "estimate"):
            if not self.line_ids._filter_to_ask():
                return self.write({"state": "authorized"})
        return super().action_authorize()

    # === BUSINESS METHODS === #

    def _get_fitting_steps(self):
        steps = super()._get_fitting_steps()
        jobs = self.job_ids
        if self.state == "reception" and any(
            job.state == "authorized" and job.has_own_consent for job in jobs
        ):
            is_new = any(job.state == "draft" and job.line_ids for job in jobs)
            steps = ["estimate"] if is_new else ["authorize"]
        return steps

    def _find_deferred_jobs(self):
        """Return the deferred work of the cars, of visits that are over."""
        if not self.vehicle_id:
            return self.env["car.repair.job"]
        domain = Domain("vehicle_id", "in", self.vehicle_id.ids)
        domain &= Domain("company_id", "in", self.company_id.ids)
        domain &= Domain("holds_parts", "=", True)
        domain &= Domain("order_id.state", "in", LEFT_STATES)
        return self.env["car.repair.job"].search(domain, order="id")

    def _filter_carried(self, jobs):
        """Return the jobs that this order can take along.

        :raise UserError: when it can take none, naming their site or currency.
        """
        here = jobs.filtered(lambda job: job.warehouse_id == self.warehouse_id)
        if not here:
            self._raise_for_each(
                self.env._(
                    "the parts of the deferred work lie at %(site)s. Open the order "
                    "there, or give the work up",
                    site=", ".join(jobs.warehouse_id.mapped("name")),
                )
            )
        if here.currency_id - self.currency_id:
            self._raise_for_each(
                self.env._("the deferred work was agreed to in another currency")
            )
        return here

    def _carry_over(self, jobs):
        """Move jobs with their lines, consents and parts to this order."""
        # Safe: the step was checked. Closed visits give away this work and nothing
        # else, so the jobs are written past the guards that keep their content.
        moved = jobs.sudo()
        moved.order_id._keep_records_due()
        moved._leave_owed_lines()
        by_order = {job: job.order_id for job in moved}
        lines = moved.line_ids
        payers = self._match_payers(
            moved.payer_id | lines.payer_id | lines.share_ids.payer_id
        )
        # Read before the jobs move: prices and taxes follow the payer of a job.
        kept = {line: line._prepare_kept_vals(self, payers) for line in lines}
        for job in moved:
            values = {
                "order_id": self.id,
                "payer_id": payers.get(job.payer_id, job.payer_id).id,
                "carried_from_id": by_order[job].id,
                "alternative_to_id": False,
            }
            models.Model.write(job, values)
        for share in lines.share_ids:
            models.Model.write(share, {"payer_id": payers[share.payer_id].id})
        for line, values in kept.items():
            models.Model.write(line, values)
        lines._carry_moves_to(self)
        agreed = jobs.filtered(lambda job: job._has_authorized_line())
        agreed.write({"state": "authorized"})
        (jobs - agreed).write({"state": "estimated"})
        jobs.line_ids._launch_parts()
        self._tell_carried(by_order)

    def _match_payers(self, payers):
        """Map payers of earlier orders to those of this one; make what is missing."""
        known = {
            (payer.kind, payer.partner_id): payer for payer in self.sudo().payer_ids
        }
        matched = {}
        for payer in payers:
            key = (payer.kind, payer.partner_id)
            if key not in known:
                [values] = payer.copy_data()
                values["order_id"] = self.id
                if payer.line_invoice_ids:
                    values["deductible_amount"] = 0.0  # asked for at the earlier visit
                known[key] = payer.create(values)
            matched[payer] = known[key]
        return matched

    def _tell_carried(self, by_order):
        """Leave a trace on both orders.

        :param by_order: dict of a job to the order it was on.
        """
        for job, order in by_order.items():
            order._message_log(
                body=self.env._(
                    "The deferred work “%(job)s” is carried to %(order)s.",
                    job=job.name,
                    order=self._get_html_link(title=self.name),
                )
            )
            self._message_log(
                body=self.env._(
                    "“%(job)s” was deferred on %(order)s and goes on here. What was "
                    "agreed there counts.",
                    job=job.name,
                    order=order._get_html_link(title=order.name),
                )
            )


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _leave_owed_lines(self):
        """Leave what the earlier visit has billed or may bill to that visit.

        A fee is owed whatever becomes of the work. Such lines get a job of their own,
        which stays deferred there.
        """
        billed = {
            line
            for (line, _payer), values in self.line_ids._get_billed().items()
            if abs(values["quantity"]) > EPSILON
        }
        for job in self:
            staying = job.line_ids.filtered(
                lambda line: (
                    line in billed
                    or line.credited_line_id
                    or line.credit_line_ids
                    or (line.kind == "fee" and line.quantity_authorized)
                )
            )
            if not staying:
                continue
            [values] = job.copy_data()
            values.pop("line_ids", None)
            values.update(state="deferred", payer_id=job.payer_id.id)
            trace = models.Model.create(job.browse(), [values])
            models.Model.write(staying, {"job_id": trace.id})


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _prepare_kept_vals(self, order, payers):
        """Return what the line is on another order: the same, at its old price.

        :param payers: dict of a payer of the earlier order to the one of the new order.
        """
        self.ensure_one()
        kept = ("list_price_unit", "price_unit", "technical_price_unit", "discount")
        return {
            "order_id": order.id,
            "job_id": self.job_id.id,
            "payer_id": payers.get(self.payer_id, self.payer_id).id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            **{name: self[name] for name in kept},
        }

    def _carry_moves_to(self, order):
        """Let what is reserved or expected for the lines be issued by the order."""
        moves = self._get_open_moves()
        if not moves:
            return
        reference = order._get_stock_reference()
        moves.write(
            {
                "reference_ids": [Command.set(reference.ids)],
                "origin": order.name,
                "partner_id": order.partner_id.id,
            }
        )
        moves.picking_id.write(
            {
                "car_repair_order_id": order.id,
                "origin": order.name,
                "partner_id": order.partner_id.id,
            }
        )
