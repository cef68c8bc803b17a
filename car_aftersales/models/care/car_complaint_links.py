from odoo import fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    car_complaint_ids = fields.One2many(
        "car.complaint", "order_id", "Complaints about the Visit", groups=CUSTOMER_DATA
    )
    car_complaint_count = fields.Integer(
        "Complaints", compute="_compute_car_complaint_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_car_complaint_count(self):
        counts = self.env["car.complaint"]._count_by("order_id", self)
        for order in self:
            order.car_complaint_count = counts.get(order, 0)

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints about this visit, or write one down."""
        self.ensure_one()
        return self.env["car.complaint"]._open_of(
            "order_id",
            self,
            vehicle_id=self.vehicle_id.id,
            partner_id=self.partner_id.id,
        )


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    car_complaint_count = fields.Integer(
        "Complaints", compute="_compute_car_complaint_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_car_complaint_count(self):
        counts = self.env["car.complaint"]._count_by("vehicle_id", self)
        for vehicle in self:
            vehicle.car_complaint_count = counts.get(vehicle, 0)

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints about this car."""
        self.ensure_one()
        return self.env["car.complaint"]._open_of("vehicle_id", self)


class ResPartner(models.Model):
    _inherit = "res.partner"

    car_complaint_count = fields.Integer(
        "Complaints", compute="_compute_car_complaint_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_car_complaint_count(self):
        counts = self.env["car.complaint"]._count_by("partner_id", self)
        for partner in self:
            partner.car_complaint_count = counts.get(partner, 0)

    # === ACTION METHODS === #

    def action_open_car_complaints(self):
        """Open the complaints of this customer."""
        self.ensure_one()
        return self.env["car.complaint"]._open_of("partner_id", self)


class CarCustomerFile(models.Model):
    _inherit = "car.customer.file"

    complaint_count = fields.Integer(
        related="partner_id.car_complaint_count", groups=CUSTOMER_DATA
    )

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints of the customer."""
        self.ensure_one()
        return self.env["car.complaint"]._open_of("partner_id", self.partner_id)


class CarComplaint(models.Model):
    _inherit = "car.complaint"

    # === BUSINESS METHODS === #

    def _count_by(self, name, records):
        """Map records to the number of complaints that name them; one query for all."""
        return dict(self._read_group([(name, "in", records.ids)], [name], ["__count"]))

    def _open_of(self, name, record, **defaults):
        """Return the window of a record's complaints."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_complaint_action"
        )
        action["domain"] = [(name, "=", record.id)]
        action["context"] = {
            f"default_{key}": value
            for key, value in {name: record.id, **defaults}.items()
            if value
        }
        return action
