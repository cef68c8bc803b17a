from odoo import api, fields, models
from odoo.fields import Command

from .car_reception_cards import REFUSED_JOBS

# New work can be put on the order in these states.
TAKING_STATES = ("reception", "estimate", "authorized", "in_workshop")
GIVEN_UP = ("declined", "cancelled")


class CarReception(models.Model):
    """Work that a card offers: it is on the order with one tap, priced as of today."""

    _inherit = "car.reception"

    @api.model
    def start(self, values, proceed=True):
        """Put what the desk has chosen on a card on the order that is opened."""
        result = super().start(values, proceed)
        order = self.browse(result["id"]).order_id
        if proceed and order and order.state in TAKING_STATES:
            order._add_packages(values.get("package_ids"))
            order._add_refused_work(values.get("refused_job_ids"))
        return result

    @api.model
    def _get_offer_buttons(self, vehicle, label, values):
        """Return the button of a card that puts its work on the order of this visit."""
        if not self.has_access("create") or not any(values.values()):
            return []
        values = {"purpose": "repair", **values}
        if booking := self._get_booking_today(vehicle):
            values["appointment_id"] = booking.id
        return [{"label": label, "values": values, "is_primary": False}]

    @api.model
    def _get_booking_today(self, vehicle):
        """Return the booking with which the car comes: what was agreed stands in it."""
        bookings = self.env["car.appointment"]
        if not bookings.has_access("read"):
            return bookings
        start = self._get_day_start()
        return bookings.search(
            [
                ("vehicle_id", "=", vehicle.id),
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("confirmed", "no_show")),
                ("start_at", ">=", start),
                ("start_at", "<", fields.Datetime.add(start, days=1)),
            ],
            order="start_at",
            limit=1,
        )


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _add_packages(self, package_ids):
        """Make a job of each package that is not on the order yet."""
        self.ensure_one()
        packages = self.env["car.repair.package"].browse(package_ids or []).exists()
        living = self.job_ids.filtered(lambda job: job.state not in GIVEN_UP)
        wanted = packages - living.package_id
        jobs = self.env["car.repair.job"].create(
            [
                {
                    "order_id": self.id,
                    "name": package.name,
                    "package_id": package.id,
                    "system_id": package.system_id.id,
                }
                for package in wanted
            ]
        )
        jobs.action_apply_package()
        return jobs

    def _add_refused_work(self, job_ids):
        """Offer again what this car's customer refused, at the prices of today."""
        self.ensure_one()
        former = self.env["car.repair.job"].browse(job_ids or []).exists()
        former = former.filtered(
            lambda job: job.vehicle_id == self.vehicle_id and not job.holds_parts
        )
        here = set(self.job_ids.mapped("name"))
        vals_list = []
        for job in former:
            lines = job.line_ids - job.line_ids._filter_estimate_fees()
            name = job.name
            if job.state not in REFUSED_JOBS:
                lines = lines.filtered(
                    lambda one: one.authorization_state == "declined"
                )
                name = ", ".join(line.name for line in lines if line.name) or name
            if name in here:
                continue
            vals_list.append(
                {
                    "order_id": self.id,
                    "name": name,
                    "system_id": job.system_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": line.quantity,
                                "supply": line.supply,
                            }
                        )
                        for line in lines.filtered("product_id")
                    ],
                }
            )
        return self.env["car.repair.job"].create(vals_list)
