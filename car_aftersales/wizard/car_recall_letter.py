from odoo import api, models


class CarContactLetterMake(models.TransientModel):
    """Letters to all customers of a recall say what it is about."""

    _inherit = "car.contact.letter.make"

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("res_model") != "car.contact.task":
            return values
        tasks = self.env["car.contact.task"].browse(values["res_ids"])
        campaigns = tasks._get_recall_vehicles().campaign_id
        template = self.env.ref(
            "car_aftersales.car_contact_letter_template_recall",
            raise_if_not_found=False,
        )
        # Of several campaigns each customer would read about all of them.
        if len(campaigns) == 1 and template:
            values["template_id"] = template.id
            values["about"] = campaigns._get_words()
        return values
