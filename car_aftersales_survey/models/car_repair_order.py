from odoo import fields, models

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import CUSTOMER_DATA

ASKERS = (
    "car_aftersales.car_aftersales_group_follow_up_clerk,"
    "car_aftersales.car_aftersales_group_supervisor"
)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    car_survey_ids = fields.One2many(
        "survey.user_input", "car_order_id", "Surveys", groups=ASKERS
    )
    car_survey_count = fields.Integer(
        "Number of Surveys", compute="_compute_car_survey_count", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    def _compute_car_survey_count(self):
        # Safe: how many there are.
        counts = dict(
            self.env["survey.user_input"]
            .sudo()
            ._read_group(
                [("car_order_id", "in", self.ids)], ["car_order_id"], ["__count"]
            )
        )
        for order in self:
            order.car_survey_count = counts.get(order.sudo(), 0)

    # === ACTION METHODS === #

    def action_ask_survey(self):
        """Send the questionnaire about these visits, or ask the customer."""
        return self.env["car.survey.send"]._open_for(order_ids=self.ids)

    def action_open_surveys(self):
        """Open the questionnaires about this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales_survey.survey_user_input_action_car"
        )
        action["domain"] = [("car_order_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _get_survey(self):
        """Return the questionnaire whose paper is printed."""
        self.ensure_one()
        return self.company_id._get_car_survey()
