from odoo import fields, models

# What a line costs, as it was worked out or typed
PRICE_FIELDS = ("list_price_unit", "price_unit", "technical_price_unit")


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    estimated_job_id = fields.Many2one(
        "car.repair.job",
        "Estimated As",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The job of an earlier visit whose estimate came back.",
    )

    def _get_carried_lines(self):
        """Return the lines that a booked estimate takes along.

        What the customer refused stays behind, and the fee for the estimate itself.
        """
        lines = self.line_ids.filtered(
            lambda line: line.authorization_state != "declined" and line.quantity
        )
        return lines - lines._filter_estimate_fees()

    def _prepare_carried_vals(self):
        """Return values of the job as it was estimated. Extend to add fields."""
        self.ensure_one()
        vals = self.copy_data()[0]
        for name in ("line_ids", "order_id"):
            vals.pop(name, None)
        return {
            **vals,
            "cause": self.cause,
            "item_notice_at": self.item_notice_at,
            "item_notice_by_id": self.item_notice_by_id.id,
        }

    def _carry_plans(self):
        """Make the other plans that the estimate had for a job; return them."""
        self.ensure_one()
        former = self.estimated_job_id
        plans = former.alternative_ids.filtered(lambda plan: plan.state == former.state)
        return self.create(
            [
                {
                    **plan._prepare_carried_vals(),
                    "order_id": self.order_id.id,
                    "estimated_job_id": plan.id,
                    "alternative_to_id": self.id,
                    "team_id": self.team_id.id,
                    "technician_ids": [fields.Command.set(self.technician_ids.ids)],
                }
                for plan in plans
            ]
        )

    def _carry_into(self, jobs, payers):
        """Give jobs the lines of these ones as they were estimated.

        :param jobs: the new jobs, one for each of these.
        :param payers: dict of a payer of the old order to the one of the new order.
        """
        former, vals_list = self.line_ids.browse(), []
        for job, new in zip(self, jobs, strict=True):
            new.payer_id = payers.get(job.payer_id, new.payer_id)
            for line in job._get_carried_lines():
                former += line
                vals_list.append(line._prepare_carried_vals(new, payers))
        lines = former.with_context(car_keep_prices=True).create(vals_list)
        for line, old in zip(lines, former, strict=True):
            line.write({name: old[name] for name in PRICE_FIELDS})
        return lines


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    def _filter_estimate_fees(self):
        """Return the lines for what a diagnosis or an estimate itself costs."""
        fees = self.filtered(lambda line: line.kind == "fee")
        if not fees:
            return fees
        # Safe: which products the types of order name as their fee.
        types = self.env["car.repair.type"].sudo().with_context(active_test=False)
        products = types.search_fetch([("fee_product_id", "!=", False)]).fee_product_id
        return fees.filtered(lambda line: line.product_id in products)

    def _prepare_carried_vals(self, job, payers):
        """Return values of the line as it was estimated. Extend to add fields.

        :param job: the new job.
        :param payers: dict of a payer of the old order to the one of the new order.
        """
        self.ensure_one()
        vals = self.copy_data()[0]
        payer = payers.get(self.payer_id, job.payer_id)
        if payer.fiscal_position_id != self.payer_id.fiscal_position_id:
            vals.pop("tax_ids", None)
        return {
            **vals,
            "job_id": job.id,
            "order_id": job.order_id.id,
            "payer_id": payer.id,
            "share_ids": [
                fields.Command.create(
                    {
                        "payer_id": payers[share.payer_id].id,
                        "percent": share.percent,
                        "sequence": share.sequence,
                    }
                )
                for share in self.share_ids
            ],
        }

    def _follow_labor_price(self):
        # Carried along, the price of a job is spread already, as it was told.
        if self.env.context.get("car_keep_prices"):
            return None
        return super()._follow_labor_price()
