from odoo import fields, models


class CarSatisfactionQuestion(models.Model):
    """What a customer is asked after he has rated a visit; he may leave it out."""

    _name = "car.satisfaction.question"
    _description = "Question after a Rating"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Question", required=True, translate=True)
    kind = fields.Selection(
        [("score", "One to five stars"), ("text", "In words")],
        required=True,
        default="score",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )


class CarSatisfactionAnswer(models.Model):
    """What a customer answered to one of the optional questions."""

    _name = "car.satisfaction.answer"
    _description = "Answer after a Rating"
    _order = "satisfaction_id, sequence, id"
    _check_company_auto = True

    satisfaction_id = fields.Many2one(
        "car.satisfaction", "Rating", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="satisfaction_id.company_id", store=True, precompute=True, index=True
    )
    question_id = fields.Many2one(
        "car.satisfaction.question",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    sequence = fields.Integer(related="question_id.sequence", store=True)
    kind = fields.Selection(related="question_id.kind", store=True)
    score = fields.Integer(help="One to five stars.")
    text = fields.Text()

    _once = models.Constraint(
        "UNIQUE (satisfaction_id, question_id)", "A question is answered once."
    )
    _stars = models.Constraint(
        "CHECK (score BETWEEN 0 AND 5)", "Stars are one to five."
    )
