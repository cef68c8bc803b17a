from odoo import api, fields, models
from odoo.modules.db import FunctionStatus

from .car_vehicle import CUSTOMER_DATA


def _index_names(registry):
    """Define the trigram index on names as the ORM writes its own."""
    if not registry.has_trigram:
        return ""
    column = '"complete_name"'
    if registry.has_unaccent == FunctionStatus.INDEXABLE:
        column = registry.unaccent(column)
    return f"USING gin ({column} gin_trgm_ops)"


class ResPartner(models.Model):
    _inherit = "res.partner"

    car_vehicle_ids = fields.One2many(
        "car.vehicle", "owner_id", "Vehicles", groups=CUSTOMER_DATA
    )
    car_vehicle_count = fields.Integer(
        "Number of Vehicles", compute="_compute_car_vehicle_count", groups=CUSTOMER_DATA
    )

    # Finding a car by its owner's name must not scan five million contacts.
    _car_name_trigram = models.Index(_index_names)
    _car_name_prefix = models.Index("(complete_name text_pattern_ops)")

    # === COMPUTE METHODS === #

    @api.depends("car_vehicle_ids")
    def _compute_car_vehicle_count(self):
        counts = dict(
            self.env["car.vehicle"]._read_group(
                [("owner_id", "in", self.ids)], ["owner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.car_vehicle_count = counts.get(partner, 0)

    # === ACTION METHODS === #

    def action_view_car_vehicles(self):
        """Open the vehicles of this owner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_vehicle_action"
        )
        action["domain"] = [("owner_id", "=", self.id)]
        action["context"] = {"default_owner_id": self.id}
        return action
