from odoo import api, fields, models
from odoo.tools import SQL

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarContactRule(models.Model):
    _inherit = "car.contact.rule"

    kind = fields.Selection(
        selection_add=[("insurance_expiry", "Insurance Ends")],
        ondelete={"insurance_expiry": "cascade"},
    )
    trigger = fields.Selection(
        selection_add=[("insurance", "An insurance ends")],
        ondelete={"insurance": "cascade"},
    )

    # === BUSINESS METHODS === #

    def _get_source_insurance(self, company, today):
        """Policies that end, are not renewed, and whose car is still the customer's."""
        return "car.insurance.policy", SQL(
            """
            SELECT p.id AS res_id, COALESCE(v.contact_id, p.partner_id) AS partner_id,
                   p.vehicle_id, NULL::int AS order_id, NULL::int AS enquiry_id,
                   p.date_to AS anchor
              FROM car_insurance_policy p
              JOIN car_vehicle v ON v.id = p.vehicle_id
             WHERE p.company_id = %(company)s AND p.renewal = 'pending'
               AND p.is_cancelled IS NOT TRUE AND v.active
               AND v.owner_id = p.partner_id
               AND p.date_to BETWEEN %(first)s AND %(last)s
            """,
            company=company.id,
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
        )


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    kind = fields.Selection(
        selection_add=[("insurance_expiry", "Insurance Ends")],
        ondelete={"insurance_expiry": "cascade"},
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_gone_conditions(self):
        return [
            *super()._get_gone_conditions(),
            (
                "sold",
                SQL(
                    """
                    t.kind = 'insurance_expiry'
                    AND EXISTS (SELECT FROM car_vehicle v
                                 WHERE v.id = t.vehicle_id
                                   AND (NOT v.active OR v.owner_id IS NULL
                                        OR t.partner_id NOT IN
                                           (v.owner_id, COALESCE(v.contact_id, 0))))
                    """
                ),
            ),
            (
                "obsolete",
                SQL(
                    """
                    t.kind = 'insurance_expiry'
                    AND t.res_model = 'car.insurance.policy'
                    AND NOT EXISTS (SELECT FROM car_insurance_policy p
                                     WHERE p.id = t.res_id AND p.renewal = 'pending'
                                       AND p.is_cancelled IS NOT TRUE
                                       AND p.date_to <= t.anchor_date)
                    """
                ),
            ),
        ]


class CarContactCall(models.Model):
    _inherit = "car.contact.call"

    kind = fields.Selection(
        selection_add=[("insurance_expiry", "Insurance Ends")],
        ondelete={"insurance_expiry": "set default"},
    )


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    policy_ids = fields.One2many(
        "car.insurance.policy", "vehicle_id", "Insurance Policies", groups=CUSTOMER_DATA
    )
    policy_count = fields.Integer(
        "Number of Policies", compute="_compute_policy_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends("policy_ids")
    def _compute_policy_count(self):
        counts = dict(
            self.env["car.insurance.policy"]._read_group(
                [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.policy_count = counts.get(vehicle, 0)

    # === ACTION METHODS === #

    def action_view_policies(self):
        """Open the insurances of this vehicle."""
        return self._open_of_vehicle("car_aftersales.car_insurance_policy_action")
