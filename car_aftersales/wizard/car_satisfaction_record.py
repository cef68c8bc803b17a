from odoo import api, fields, models
from odoo.exceptions import AccessError

SCORES = [(str(number), str(number)) for number in range(11)]
STARS = [(str(number), "★" * number) for number in range(1, 6)]


class CarSatisfactionRecord(models.TransientModel):
    """Write down a rating that the customer gave by phone."""

    _name = "car.satisfaction.record"
    _description = "Rating by Phone"

    satisfaction_id = fields.Many2one("car.satisfaction", "Rating", required=True)
    score = fields.Selection(
        SCORES,
        "How Likely Does He Recommend Us?",
        required=True,
        help="0: not at all, 10: certainly.",
    )
    comment = fields.Text("In the Customer's Words")
    line_ids = fields.One2many(
        "car.satisfaction.record.line",
        "record_id",
        "Questions",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("satisfaction_id")
    def _compute_line_ids(self):
        for record in self:
            questions = record.satisfaction_id._get_questions()
            record.line_ids = [
                fields.Command.clear(),
                *[
                    fields.Command.create({"question_id": question.id})
                    for question in questions
                ],
            ]

    # === ACTION METHODS === #

    def action_confirm(self):
        """Keep the answer, with who wrote it down.

        :raise AccessError: for advisors, whom the rating is about
        """
        self.ensure_one()
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            raise AccessError(
                self.env._("The follow-up clerk writes down how customers rate us.")
            )
        rating = self.satisfaction_id
        rating.check_access("read")
        rating._answer(int(self.score), self.comment, self.env.user)
        rating._keep_answers(
            {
                line.question_id: int(line.stars or 0) or line.text
                for line in self.line_ids
            }
        )
        return {"type": "ir.actions.act_window_close"}


class CarSatisfactionRecordLine(models.TransientModel):
    _name = "car.satisfaction.record.line"
    _description = "Answer by Phone"

    record_id = fields.Many2one(
        "car.satisfaction.record", required=True, index=True, ondelete="cascade"
    )
    question_id = fields.Many2one("car.satisfaction.question", required=True)
    kind = fields.Selection(related="question_id.kind")
    stars = fields.Selection(STARS)
    text = fields.Char("Words")
