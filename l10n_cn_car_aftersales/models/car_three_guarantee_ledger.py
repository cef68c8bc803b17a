from odoo import fields, models

# Counted by assembly; the others by part or failure
HANDLED = ("assembly", "main_part")


class CarRepairOrder(models.Model):
    """What a visit brings to the ledger of the three guarantees."""

    _inherit = "car.repair.order"

    three_guarantee_entry_ids = fields.One2many(
        "car.three.guarantee.entry", "order_id", "Ledger Entries", readonly=True
    )

    # === BUSINESS METHODS === #

    def _after_deliver(self):
        result = super()._after_deliver()
        under_law = self.filtered("company_id.car_cn_law")
        if under_law:
            # Safe: the ledger follows from the step just taken.
            under_law.sudo()._write_three_guarantees()
        return result

    def _write_three_guarantees(self):
        """Write the repairs for quality into the ledger and tell what they come to."""
        vals_list = self._prepare_three_guarantee_vals(fields.Datetime.now())
        if not vals_list:
            return
        ledger = self.env["car.three.guarantee.entry"]
        entries = ledger.with_context(mail_create_nolog=True).create(vals_list)
        entries._warn_of_limits()

    def _prepare_three_guarantee_vals(self, now):
        """Return the values of the entries that these orders make, running ones too.

        As many queries for many orders as for one.
        """
        lines = self.line_ids
        # Read at once what is asked of each order below.
        lines.authorization_line_ids.authorization_id.mapped("answered_at")
        (lines.share_ids.payer_id | lines.payer_id | self.payer_ids).mapped("kind")
        self.vehicle_id.mapped("three_guarantee_start")
        self.three_guarantee_excluded_ids.mapped("from_at")
        products = lines.product_id | self.job_ids.three_guarantee_product_id
        assemblies = products.product_tmpl_id._get_three_guarantee_assemblies()
        vals_list = []
        for order in self:
            vals_list += order._prepare_own_three_guarantee_vals(now, assemblies)
        return vals_list

    def _prepare_own_three_guarantee_vals(self, now, assemblies):
        """Return the values of this order's entries, each once."""
        self.ensure_one()
        counted, marked = self._get_quality_jobs(), self._get_quality_jobs("no")
        jobs = counted or marked
        started = jobs and self._get_repair_start(jobs)
        if not started:
            return []
        rule = self.vehicle_id.three_guarantee_rule_id
        ended = self._get_repair_end(jobs, rule)
        common = self._prepare_three_guarantee_common(started)
        rows = [
            {
                **common,
                "kind": "days",
                "job_id": jobs[:1].id,
                "reason": common["reason"] or (not counted and "marked"),
                **self._prepare_three_guarantee_days(rule, started, ended, now),
            }
        ]
        for job in counted | marked:
            for row in job._prepare_three_guarantee_rows(common, assemblies):
                rows.append({**common, "job_id": job.id, **row})
        unique = {}
        for row in rows:
            row["is_counted"] = not row["reason"]
            row["reason"] = row["reason"] or "counted"
            key = tuple(
                row.get(name) or False
                for name in ("kind", "part_key", "assembly_id", "failure_id")
            )
            # Of two jobs on one part, the one that counts is written down.
            if key not in unique or row["is_counted"] > unique[key]["is_counted"]:
                unique[key] = row
        return list(unique.values())

    def _prepare_three_guarantee_common(self, started):
        """Return what all entries of the order share."""
        vehicle = self.vehicle_id
        clock = self.with_context(tz=self.company_id._get_car_time_zone())
        day = fields.Datetime.context_timestamp(clock, started).date()
        run_km = self.odometer_km + vehicle.odometer_offset_km
        return {
            "company_id": self.company_id.id,
            "vehicle_id": vehicle.id,
            "order_id": self.id,
            "rule_id": vehicle.three_guarantee_rule_id.id,
            "date": day,
            "odometer_km": run_km,
            "reason": vehicle._get_three_guarantee_refusal(day, run_km),
        }

    def _prepare_three_guarantee_days(self, rule, started, ended, now):
        """Return the repair days; without an end they count up to now."""
        until = max(ended or now, started)
        excluded = self._get_excluded_time(started, until)
        return {
            "started_at": started,
            "ended_at": ended,
            "excluded_hours": excluded.total_seconds() / 3600,
            "excluded_text": "; ".join(
                self.three_guarantee_excluded_ids.mapped("reason")
            )
            or False,
            "days": rule._count_days(until - started - excluded),
        }


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === BUSINESS METHODS === #

    def _prepare_three_guarantee_rows(self, common, assemblies):
        """Return what the job brings to the ledger beside its days."""
        self.ensure_one()
        refusal = common["reason"]
        if self._get_quality_mark() == "no":
            refusal = refusal or "marked"
        product = self._get_faulty_product()
        rows = [
            {
                "kind": "part",
                "product_id": product.id,
                "part_key": (
                    product._get_smallest_part_key() if product else f"job-{self.id}"
                ),
                "reason": refusal
                or (not product and "no_part")
                or (product.three_guarantee_role == "wear" and "wear"),
            }
        ]
        for line in self._get_replaced_lines():
            rows += self._prepare_replacement_rows(line, common, refusal, assemblies)
        return rows + self._prepare_failure_rows(common, refusal)

    def _prepare_replacement_rows(self, line, common, refusal, assemblies):
        """Return the rows of a replaced assembly or main part."""
        product = line.product_id
        role = product.three_guarantee_role
        if role not in HANDLED:
            return []
        assembly = assemblies[product.product_tmpl_id]
        row = {
            "kind": role,
            "product_id": product.id,
            "assembly_id": assembly.id,
            # Assemblies count by what they are, main parts by themselves.
            "part_key": role == "main_part" and product._get_smallest_part_key(),
        }
        row["reason"] = self._get_clause_refusal(role, common, refusal, assembly)
        early = self._get_clause_refusal("early", common, refusal, assembly)
        rows = [row]
        if not early:
            rows.append({**row, "kind": "early", "reason": False})
        return rows

    def _prepare_failure_rows(self, common, refusal):
        """Return the rows of a serious safety failure."""
        failure = self.three_guarantee_failure_id
        if not failure:
            return []
        return [
            {
                "kind": kind,
                "failure_id": failure.id,
                "reason": self._get_clause_refusal(
                    kind, common, refusal, failure=failure
                ),
            }
            for kind in ("safety", "failure")
            if kind == "safety" or self._is_named_failure(failure)
        ]

    def _is_named_failure(self, failure):
        """Tell whether the version names the failure for the first days."""
        clause = self.vehicle_id.three_guarantee_rule_id._get_clause("failure")
        return failure in clause.failure_ids

    def _get_clause_refusal(self, kind, common, refusal, assembly=None, failure=None):
        """Return why something does not count for a clause of the car's version."""
        vehicle = self.vehicle_id
        if refusal:
            return refusal
        clause = vehicle.three_guarantee_rule_id._get_clause(kind)
        return clause._get_refusal(
            common["date"],
            common["odometer_km"],
            vehicle.three_guarantee_start,
            assembly,
            failure,
        )
