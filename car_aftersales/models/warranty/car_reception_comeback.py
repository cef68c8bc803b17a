from odoo import api, models

from .car_repair_comeback import COUNTED
from .car_repair_job_comeback import ENDED_ORDERS


class CarReception(models.Model):
    """The desk takes a comeback in with one tap: linked, and free of charge."""

    _inherit = "car.reception"

    # === BUSINESS METHODS === #

    @api.model
    def start(self, values, proceed=True):
        """Take the comeback in that the desk has chosen on the card."""
        result = super().start(values, proceed)
        of_job = self.env["car.repair.job"].browse(values.get("comeback_of_id"))
        order = self.browse(result["id"]).order_id
        if of_job and proceed and order and order.state not in ENDED_ORDERS:
            order._add_comeback(of_job, values.get("complaint"))
        return result

    @api.model
    def _get_comeback_buttons(self, vehicle, jobs):
        """Return a button for each job that the car may have come back for."""
        comebacks = self.env["car.repair.comeback"]
        if not comebacks.has_access("create") or not self.has_access("create"):
            return []
        values = {"purpose": "repair"}
        if booking := self._get_booking_today(vehicle):
            values["appointment_id"] = booking.id
        return [
            {
                "label": self.env._("Comeback: %(job)s", job=job.name),
                "values": {**values, "comeback_of_id": job.id},
                "is_primary": False,
            }
            for job in jobs
            if not job._has_come_back()
        ]


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === BUSINESS METHODS === #

    def _has_come_back(self):
        """Tell whether the car is here for it already."""
        self.ensure_one()
        # Safe: whether there is one.
        return any(
            comeback.state in COUNTED
            and comeback.job_id.order_id.state not in ENDED_ORDERS
            for comeback in self.sudo().later_comeback_ids
        )


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _add_comeback(self, of_job, complaint=None):
        """Have a job on the order that is a comeback of an earlier one, once.

        The job of the complaint where it is the only one, else a job of its own.

        :raise UserError: where nothing of the earlier job is guaranteed any more
        """
        self.ensure_one()
        self._take_turn()
        self.invalidate_recordset(["comeback_ids", "job_ids"])
        if of_job in self.comeback_ids.of_job_id:
            return
        said = [line.strip() for line in (complaint or "").splitlines()]
        said = [line for line in said if line]
        jobs = self.job_ids.filtered(
            lambda job: job.name in said and not job.comeback_ids
        )
        job = jobs if len(jobs) == 1 else jobs.browse()
        if not job:
            job = job.create({"order_id": self.id, "name": of_job.name})
        if not job.system_id:
            job.system_id = of_job.system_id
        self.env["car.repair.comeback"].create(
            {"job_id": job.id, "of_job_id": of_job.id}
        )
