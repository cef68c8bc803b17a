from odoo import api, fields, models

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import CUSTOMER_DATA

SURVEY_CHANNELS = [
    ("mail", "Link by E-Mail"),
    ("sms", "Link by SMS"),
    ("phone", "Asked by Phone"),
    ("visit", "Interview"),
]


class SurveyUserInput(models.Model):
    """A questionnaire of customer satisfaction, of a visit or of a customer (R-152).

    The customer answers by his link, or the follow-up clerk asks him and writes it
    down. A low total opens a complaint.
    """

    _inherit = "survey.user_input"

    car_company_id = fields.Many2one("res.company", "Dealer", readonly=True, index=True)
    car_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        groups=CUSTOMER_DATA,
    )
    car_order_id = fields.Many2one(
        "car.repair.order", "Repair Order", readonly=True, index="btree_not_null"
    )
    car_vehicle_id = fields.Many2one(related="car_order_id.vehicle_id")
    car_advisor_id = fields.Many2one(
        related="car_order_id.advisor_id", store=True, string="Advisor"
    )
    car_channel = fields.Selection(SURVEY_CHANNELS, "Asked By Way Of", readonly=True)
    car_asked_by_id = fields.Many2one("res.users", "Asked By", readonly=True)
    car_percent = fields.Float(
        "Total (%)",
        compute="_compute_car_percent",
        store=True,
        aggregator=None,
        help="Points of the questions that were answered ÷ the most they could give.",
    )
    car_points = fields.Float("Points", compute="_compute_car_percent", store=True)
    car_points_max = fields.Float(
        "Points Possible", compute="_compute_car_percent", store=True
    )
    car_complaint_id = fields.Many2one(
        "car.complaint", "Complaint", readonly=True, index="btree_not_null"
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "user_input_line_ids.suggested_answer_id.answer_score")
    def _compute_car_percent(self):
        for answer in self:
            given = answer.user_input_line_ids.filtered("suggested_answer_id")
            choices = given.filtered(
                lambda line: line.question_id.question_type == "simple_choice"
            )
            points = sum(choices.suggested_answer_id.mapped("answer_score"))
            most = sum(
                max(question.suggested_answer_ids.mapped("answer_score"), default=0)
                for question in choices.question_id
            )
            answer.car_points = points
            answer.car_points_max = most
            answer.car_percent = 100.0 * points / most if most else 0.0

    # === ACTION METHODS === #

    def action_fill_in(self):
        """Open the questionnaire, for who asks the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.sudo().get_start_url(),  # Safe: the asker's own questionnaire.
            "target": "new",
        }

    def action_print_answers(self):
        """Print the paper with the answers on it."""
        self.ensure_one()
        report = self.env.ref("car_aftersales_survey.survey_user_input_report_paper")
        return report.report_action(self, config=False)

    def action_open_car_complaint(self):
        self.ensure_one()
        return self.car_complaint_id._get_records_action()

    # === BUSINESS METHODS === #

    def _mark_done(self):
        result = super()._mark_done()
        # Safe: what follows from the customer's own answers.
        self.sudo().filtered("car_company_id")._open_complaint()
        return result

    def _open_complaint(self):
        """A low total is a complaint that was not spoken (setting)."""
        for answer in self:
            is_low = answer.car_points_max and (
                answer.car_percent < answer.car_company_id.car_survey_low
            )
            if is_low and not answer.car_complaint_id and not answer.test_entry:
                answer.car_complaint_id = self.env["car.complaint"].create(
                    answer._prepare_complaint_vals()
                )

    def _prepare_complaint_vals(self):
        """Return the values of the complaint of a low total. Extend to add fields."""
        self.ensure_one()
        order = self.car_order_id
        words = self.user_input_line_ids.mapped("value_text_box")
        total = self.env._("Survey: %(percent)s %%.", percent=round(self.car_percent))
        return {
            "company_id": self.car_company_id.id,
            "channel": "survey",
            "text": "\n".join([*[word for word in words if word], total]),
            "partner_id": self.car_partner_id.id,
            "vehicle_id": order.vehicle_id.id,
            "order_id": order.id,
            "received_by_id": (
                self.car_asked_by_id.id
                if self.car_channel in ("phone", "visit")
                else False
            ),
        }

    @api.model
    def _open_for(self, company, partner, order, channel, user):
        """Return the questionnaire of a customer; one not answered is gone on with.

        Who writes it down in the house must be its participant: Odoo lets nobody else
        who is logged in answer.
        """
        survey = company._get_car_survey()
        by_staff = channel in ("phone", "visit")
        # Safe: the questionnaire of the customer named, made after the caller's check.
        answers = self.sudo()
        participant = user.partner_id if by_staff else partner
        found = answers.search(
            [
                ("survey_id", "=", survey.id),
                ("car_company_id", "=", company.id),
                ("car_partner_id", "=", partner.id),
                ("car_order_id", "=", order.id),
                ("partner_id", "=", participant.id),
                ("state", "!=", "done"),
            ],
            limit=1,
        )
        deadline = fields.Datetime.add(
            fields.Datetime.now(), days=company.sudo().car_survey_open_days
        )
        if found:
            found.write({"deadline": deadline, "car_channel": channel})
            return found
        return survey._create_answer(
            check_attempts=False,
            partner_id=participant.id,
            email=False if by_staff else partner.email,
            nickname=partner.name,
            deadline=deadline,
            car_company_id=company.id,
            car_partner_id=partner.id,
            car_order_id=order.id,
            car_channel=channel,
            car_asked_by_id=user.id,
        )

    def _get_car_url(self):
        """Return the customer's link."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.get_start_url()}"

    def _get_chosen(self, question):
        """Return the answers ticked on the paper."""
        lines = self.user_input_line_ids.filtered(
            lambda line: line.question_id == question
        )
        return lines.suggested_answer_id

    def _get_written(self, question):
        """Return what was written or which number was given."""
        line = self.user_input_line_ids.filtered(
            lambda line: line.question_id == question and not line.skipped
        )[:1]
        if question.question_type == "scale":
            return str(line.value_scale) if line else ""
        return line.value_text_box or line.value_char_box or ""
