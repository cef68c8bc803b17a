from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command


class CarWarrantyMaker(models.Model):
    _inherit = "car.warranty.maker"

    is_collected = fields.Boolean(
        "Collect Claims by Itself",
        default=True,
        help="A claim is prepared overnight for each delivered job that he pays. "
        "Otherwise the clerk collects them.",
    )


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    # Few of all payers are claimed from
    _claimed = models.Index("(order_id) WHERE kind IN ('warranty', 'supplier')")


class CarWarrantyClaim(models.Model):
    """Collecting: the covered work of delivered orders becomes claims."""

    _inherit = "car.warranty.claim"

    # === BUSINESS METHODS === #

    @api.model
    def _collect(self, rows):
        """Make one claim for each job and payer of covered work not claimed yet.

        The orders are written first: of two who collect at once, one finds nothing.

        :param rows: of the list of unclaimed work.
        :return: the new claims.
        """
        orders = rows.order_id
        orders._require_group("warranty_clerk", "supervisor")
        orders._take_turn()
        rows.invalidate_model()  # of a share that was read before the turn
        rows = rows.search([("id", "in", rows.ids)])
        by_claim = defaultdict(lambda: self.env["car.repair.line"])
        for row in rows:
            by_claim[(row.payer_id, row.job_id)] |= row.line_id
        vals_list = self._prepare_claims(by_claim)
        # Safe: role checked above; the shares of orders that may be read.
        claims = self.sudo().create(vals_list)
        for claim in claims:
            claim.causal_line_id = claim._propose_causal_line()
        return claims.with_env(self.env)

    def _propose_causal_line(self):
        """Return the dearest part of the claim; the clerk knows better."""
        self.ensure_one()
        parts = self.line_ids.filtered(lambda line: line.bucket == "parts")
        return parts.sorted("amount_claimed", reverse=True)[:1]

    @api.model
    def _prepare_claims(self, by_claim):
        """Return values of new claims.

        :param by_claim: dict of (payer, job) to repair lines.
        """
        jobs = self.env["car.repair.job"].concat(*[job for _payer, job in by_claim])
        terms = self.env["car.warranty.maker"]._get_terms(
            self.env["car.repair.payer"].concat(*[payer for payer, _job in by_claim])
        )
        facts = self._get_job_facts(jobs)
        vals_list = []
        for (payer, job), lines in by_claim.items():
            line_vals = [line._prepare_claim_line_vals(payer) for line in lines]
            line_vals = [vals for vals in line_vals if vals]
            if not line_vals:
                continue
            maker = terms.get(payer.sudo())
            vals_list.append(
                {
                    "order_id": job.order_id.id,
                    "job_id": job.id,
                    "payer_id": payer.id,
                    "user_id": (maker and maker.clerk_id.id)
                    or (self.env.uid if not self.env.su else False),
                    "maker_reference": payer.reference,
                    "complaint": job.name,
                    "cause": job.cause,
                    "correction": job.correction,
                    "fault_code": job.fault_codes,
                    "odometer_in_km": job.order_id.odometer_km,
                    "has_causal_part": any(
                        vals["bucket"] == "parts" for vals in line_vals
                    ),
                    "line_ids": [Command.create(vals) for vals in line_vals],
                    **facts[job],
                }
            )
        return vals_list

    @api.model
    def _get_job_facts(self, jobs):
        """Return what the workshop wrote down of jobs, in a few queries for all.

        :return: dict of job to values: technicians, hours, odometer, photos.
        """
        # Safe: facts of jobs on orders that the clerk reads.
        sessions = self.env["car.work.session"].sudo()
        worked = {
            job: (technicians, hours)
            for job, technicians, hours in sessions._read_group(
                [("job_id", "in", jobs.ids)],
                ["job_id"],
                ["technician_id:recordset", "hours:sum"],
            )
        }
        photos = defaultdict(list)
        for photo in (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", "car.repair.job"),
                    ("res_id", "in", jobs.ids),
                    ("res_field", "=", False),
                    ("mimetype", "=like", "image/%"),
                ],
                ["res_id"],
            )
        ):
            photos[photo.res_id].append(photo.id)
        facts = {}
        for job in jobs:
            technicians, hours = worked.get(job.sudo(), (job.technician_ids, 0.0))
            release = job.order_id.release_id
            facts[job] = {
                "technician_ids": [Command.set(technicians.ids)],
                "clocked_hours": hours,
                "odometer_out_km": release.release_odometer_km
                or job.order_id.odometer_km,
                "photo_ids": [Command.set(photos[job.id])],
            }
        return facts

    @api.model
    def _cron_collect(self, batch=200):
        """Prepare the claims on makers who want them at once, batch by batch."""
        claims = self._collect_batch(batch)
        left = self.env["car.warranty.unclaimed"].search_count(
            [("maker_id.is_collected", "=", True)]
        )
        # What cannot be claimed yet is looked at again tomorrow, not at once.
        self.env["ir.cron"]._commit_progress(
            len(claims), remaining=left if claims else 0
        )

    @api.model
    def _collect_batch(self, batch):
        """Make claims of some of the work of makers who are collected by itself.

        Work that cannot be claimed yet, however much of it there is, is passed over.
        """
        unclaimed = self.env["car.warranty.unclaimed"]
        domain = [("maker_id.is_collected", "=", True)]
        after = 0
        while rows := unclaimed.search(
            [*domain, ("id", ">", after)], limit=batch, order="id"
        ):
            after = rows[-1].id
            # Whole jobs: what a batch cuts off would become a claim of its own.
            rows = unclaimed.search([*domain, ("job_id", "in", rows.job_id.ids)])
            if claims := self._collect(rows):
                return claims
        return self.browse()
