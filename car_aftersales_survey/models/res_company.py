from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _default_car_survey_id(self):
        return self.env.ref(
            "car_aftersales_survey.survey_satisfaction", raise_if_not_found=False
        )

    car_survey_id = fields.Many2one(
        "survey.survey",
        "Satisfaction Survey",
        default=lambda self: self._default_car_survey_id(),
        help="The questionnaire that customers are sent and asked.",
    )
    car_survey_low = fields.Float(
        "Low Total of a Survey (%)",
        default=60.0,
        help="Answers whose total is below open a complaint. Zero: never.",
    )
    car_survey_open_days = fields.Integer(
        "Survey Open (Days)",
        default=14,
        help="So long the customer may answer by the link.",
    )

    _car_survey_positive = models.Constraint(
        "CHECK (car_survey_low >= 0 AND car_survey_low <= 100"
        " AND car_survey_open_days > 0)",
        "A total lies between 0 and 100, and a survey is open for a day at least.",
    )

    # === BUSINESS METHODS === #

    def _get_car_survey(self):
        """Return the questionnaire of the company, with all rights.

        A database that had companies before the questionnaire names none there.
        """
        self.ensure_one()
        # Safe: the questionnaire that everybody is asked.
        company = self.sudo()
        return company.car_survey_id or company._default_car_survey_id()
