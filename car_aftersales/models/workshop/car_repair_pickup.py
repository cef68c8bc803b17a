from odoo import fields, models


class CarRepairOrder(models.Model):
    """What the pick-up papers say: quality, guarantee, advice, next service, old parts.

    One bundle: the order as it was signed, the settlement list, and a sheet of ours.
    """

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_paper_name(self, paper):
        if paper != "pickup":
            return super()._get_paper_name(paper)
        self.ensure_one()
        return f"{self.env._('Pick-Up Papers')} {self.name.replace('/', '-')}"

    def _get_pickup_order(self):
        """Return the order in the customer's language and by the shop's clock."""
        self.ensure_one()
        clock = self.advisor_id.tz or self.company_id.resource_calendar_id.tz
        return self.with_context(lang=self._get_paper_lang(), tz=clock)

    def _get_quality_result(self):
        """Return link, person and moment of each check that counts."""
        self.ensure_one()
        checks = self._get_given_checks().sorted("id")
        labels = dict(checks._fields["link"]._description_selection(self.env))
        if checks:
            return [
                {
                    "link": labels[check.link],
                    "job": check.job_id.name,
                    "person": check.technician_id.name or check.user_id.name,
                    "at": check.checked_at,
                }
                for check in checks
            ]
        passed = self.job_ids.filtered(lambda job: job.state == "passed")
        return [
            {
                "link": labels["inspection"],
                "job": job.name,
                "person": job.state_changed_by_id.name,
                "at": job.state_changed_at,
            }
            for job in passed
            if self.type_id.requires_inspection
        ]

    def _get_pickup_advice(self):
        """Return what was found and is to be done later: (what, advice)."""
        self.ensure_one()
        lines = self.inspection_ids.filtered(
            lambda each: each.state == "done" and each.kind != "intake"
        ).line_ids
        advised = lines.filtered(
            lambda line: line.result in ("attention", "defect") and not line.job_id
        )
        return [(line.name, line.advice or line.note or "") for line in advised]

    def _get_next_services(self):
        """Return what is due next, the services of this visit counted as done.

        :return: list of (package, date, km as the odometer will show).
        """
        self.ensure_one()
        vehicle = self.vehicle_id
        history = vehicle._get_service_history()[vehicle]
        if self.state != "delivered":
            passed = self.job_ids.filtered(lambda job: job.state == "passed")
            today = fields.Date.context_today(self)
            km = self.odometer_km + vehicle.odometer_offset_km
            for package in passed.package_id | passed.line_ids.package_id:
                history["last"][package.id] = (today, km)
        services = []
        for line in vehicle.plan_id.line_ids:
            date, total_km = line._get_next_service(history)
            km = total_km and total_km - vehicle.odometer_offset_km
            services.append((line.package_id, date, km))
        known = [service for service in services if service[1] or service[2]]
        far = fields.Date.to_date("9999-12-31")
        return sorted(known, key=lambda service: service[1] or far)[:3]

    def _get_replaced_parts(self):
        """Return the parts whose old ones are taken along or left with us."""
        self.ensure_one()
        passed = self.job_ids.filtered(lambda job: job.state == "passed")
        return passed.line_ids.filtered(
            lambda line: line.kind == "part" and line.quantity_issued
        )

    def _get_pickup_differences(self):
        """Return what is not as it came in: (what, explanation)."""
        self.ensure_one()
        release = self.release_id
        articles = release.belonging_ids.filtered("is_different")
        papers = release.document_ids.filtered("is_different")
        rows = [(part.display_name, part.explanation) for part in (*articles, *papers)]
        for damage in release.damage_ids.filtered("is_new"):
            kinds = dict(damage._fields["kind"]._description_selection(self.env))
            views = dict(damage._fields["view"]._description_selection(self.env))
            rows.append((f"{views[damage.view]}: {kinds[damage.kind]}", damage.note))
        if release.is_fuel_lower:
            rows.append((self.env._("Less Fuel"), release.fuel_explanation))
        return rows
