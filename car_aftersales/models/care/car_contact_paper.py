from odoo import models


class CarContactCall(models.Model):
    """What 跟踪服务电话记录表 says: one sheet for each call (form 3.2)."""

    _inherit = "car.contact.call"

    # === BUSINESS METHODS === #

    def _get_paper_lang(self):
        """Return the language of the department's papers."""
        return self.company_id.partner_id.lang or self.env.lang

    def _get_paper_name(self):
        """Return the name of the sheet's file, without slashes."""
        self.ensure_one()
        return f"{self.env._('Call Record')} {self.name.replace('/', '-')}"

    def _get_paper_topics(self):
        """Return the topics of the rule book, and whether each was spoken about."""
        self.ensure_one()
        topics = (
            self.env["car.contact.topic"].search([("active", "=", True)])
            | self.topic_ids
        )
        return [
            (topic.name, topic in self.topic_ids)
            for topic in topics.sorted(lambda topic: (topic.sequence, topic.id))
        ]

    def _get_next_contact(self):
        """Return the day and the kind of the next contact with the customer."""
        self.ensure_one()
        task = self.env["car.contact.task"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
            ],
            order="call_on",
            limit=1,
        )
        kind = task._get_kind_label() if task else False
        return self.next_try_on or task.call_on, kind


class CarContactPoint(models.Model):
    _inherit = "car.contact.point"

    # === BUSINESS METHODS === #

    def _is_answered_at_once(self):
        """Tell whether the customer got his answer in the talk, the same day."""
        self.ensure_one()
        if self.escalated_at or not self.informed_at:
            return False
        get_day = self.company_id._get_car_local_day
        return get_day(self.informed_at) == get_day(self.said_at)


class CarCustomerFile(models.Model):
    """What 客户档案基本资料表 says: the customer and each of his cars (form 3.1)."""

    _inherit = "car.customer.file"

    _paper_visits = 40

    # === BUSINESS METHODS === #

    def _get_paper_lang(self):
        """Return the language of the department's papers."""
        return self.company_id.partner_id.lang or self.env.lang

    def _get_paper_name(self):
        """Return the name of the sheet's file, without slashes."""
        self.ensure_one()
        return f"{self.env._('Customer File')} {self.name.replace('/', '-')}"

    def _get_paper_vehicles(self):
        """Return the cars of the customer, each with its visits and what was done.

        Visits of earlier owners are not his and are not shown.
        """
        self.ensure_one()
        # Safe: the paper of a file that may be read, of its company's visits.
        orders = (
            self.env["car.repair.order"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "cancelled"),
                ],
                order="received_at desc, id desc",
                limit=self._paper_visits,
            )
        )
        visits = orders.grouped("vehicle_id")
        vehicles = self.sudo().vehicle_ids | orders.vehicle_id
        return [
            (
                vehicle,
                [(order, order._get_done_text()) for order in visits.get(vehicle, ())],
            )
            for vehicle in vehicles
        ]

    def _get_paper_warranty(self, vehicle):
        """Return the latest day on which a warranty of a car ends."""
        # Safe: of the car on the customer's own file.
        coverages = vehicle.sudo().coverage_ids.filtered(
            lambda coverage: not coverage.is_cancelled and coverage.end_date
        )
        return max(coverages.mapped("end_date"), default=False)

    def _get_paper_insurance(self, vehicle):
        """Return the day on which the customer's insurance of a car ends."""
        self.ensure_one()
        # Safe: of the customer himself.
        policies = vehicle.sudo().policy_ids.filtered(
            lambda policy: (
                policy.partner_id == self.partner_id and not policy.is_cancelled
            )
        )
        return max(policies.mapped("date_to"), default=False)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_done_text(self):
        """Return in one line what was repaired or maintained at a visit."""
        self.ensure_one()
        jobs = self.job_ids.filtered(
            lambda job: job.state not in ("declined", "deferred", "cancelled")
        )
        names = jobs.line_ids.filtered(
            lambda line: (
                line.kind in ("labor", "outside")
                and line.authorization_state not in ("pending", "declined")
            )
        ).mapped("name")
        return ", ".join(dict.fromkeys(names or jobs.mapped("name")))


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    # === BUSINESS METHODS === #

    def _get_cycle_texts(self):
        """Return the maintenance cycle (保养周期) of a car, a line for each service."""
        self.ensure_one()
        texts = []
        for line in self.plan_id.line_ids:
            parts = []
            if line.repeat_km:
                parts.append(self.env._("%(km)s km", km=f"{line.repeat_km:,}"))
            if line.repeat_months:
                parts.append(self.env._("%(count)s months", count=line.repeat_months))
            if parts:
                texts.append(
                    self.env._(
                        "%(service)s: every %(cycle)s",
                        service=line.package_id.name,
                        cycle=" / ".join(parts),
                    )
                )
        return texts
