from odoo import models


class CarCustomerFile(models.Model):
    _inherit = "car.customer.file"

    # === ACTION METHODS === #

    def action_ask_survey(self):
        """Send the questionnaire to this customer, or ask him."""
        return self.env["car.survey.send"]._open_for(file_ids=self.ids)

    def action_open_surveys(self):
        """Open the questionnaires of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales_survey.survey_user_input_action_car"
        )
        action["domain"] = [("car_partner_id", "=", self.partner_id.id)]
        action["context"] = {}
        return action
