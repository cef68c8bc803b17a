import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, consteq
from odoo.tools.urls import urljoin

from ..vehicle.car_vehicle import CUSTOMER_DATA

SKIP_REASONS = [
    ("refused", "Wants no surveys"),
    ("unreachable", "No address"),
    ("own", "A car of the house"),
    ("late", "Too long ago"),
]
BEST, LOWEST_PROMOTER, HIGHEST_DETRACTOR = 10, 9, 6


class CarSatisfaction(models.Model):
    """How a customer found a visit: asked once, answered once, by him or on the phone.

    The first question is how likely he recommends us, 0 to 10 (NPS); what follows is
    optional. A low answer opens a complaint (R-154, R-155).
    """

    _name = "car.satisfaction"
    _description = "Rating of a Visit"
    _inherit = ["car.confidential.mixin"]
    _order = "id desc"
    _check_company_auto = True

    def _default_token(self):
        return secrets.token_urlsafe(24)

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups=CUSTOMER_DATA,
        help="Who is asked: the contact of the visit, else its customer.",
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True
    )
    advisor_id = fields.Many2one(
        related="order_id.advisor_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    delivered_at = fields.Datetime(
        related="order_id.delivered_at", store=True, precompute=True, index=True
    )
    state = fields.Selection(
        [
            ("waiting", "Not Asked Yet"),
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("skipped", "Not Asked"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    token = fields.Char(
        default=lambda self: self._default_token(),
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )
    # asked
    asked_at = fields.Datetime("Asked On", readonly=True, copy=False, index=True)
    asked_by = fields.Selection(
        [("mail", "E-Mail"), ("sms", "SMS"), ("paper", "On paper"), ("phone", "Phone")],
        "Asked By Way Of",
        readonly=True,
        copy=False,
    )
    is_sent = fields.Boolean("Message Sent", readonly=True, copy=False)
    skip_reason = fields.Selection(
        SKIP_REASONS, "Why Not Asked", readonly=True, copy=False
    )
    # answered
    score = fields.Integer(
        "Recommends Us (0 to 10)", readonly=True, copy=False, aggregator=None
    )
    comment = fields.Text("In the Customer's Words", readonly=True, copy=False)
    answered_at = fields.Datetime("Answered On", readonly=True, copy=False, index=True)
    answered_by_id = fields.Many2one(
        "res.users",
        "Written Down By",
        readonly=True,
        copy=False,
        help="Empty: the customer answered himself.",
    )
    is_complete = fields.Boolean(
        "Optional Questions Answered", readonly=True, copy=False
    )
    answer_ids = fields.One2many(
        "car.satisfaction.answer", "satisfaction_id", "Answers", readonly=True
    )
    group = fields.Selection(
        [
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
        ],
        compute="_compute_group",
        store=True,
        help="Promoters give 9 or 10, detractors 0 to 6.",
    )
    complaint_id = fields.Many2one(
        "car.complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "The customer of this visit is asked once."
    )
    _token_uniq = models.Constraint("UNIQUE (token)", "Two ratings have one address.")
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 10)", "The rating lies between 0 and 10."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_partner_id(self):
        for rating in self:
            order = rating.order_id
            rating.partner_id = order.contact_id or order.partner_id

    @api.depends("order_id.name")
    def _compute_display_name(self):
        for rating in self:
            rating.display_name = rating.order_id.display_name

    @api.depends("state", "score")
    def _compute_group(self):
        for rating in self:
            if rating.state != "answered":
                rating.group = False
            elif rating.score >= LOWEST_PROMOTER:
                rating.group = "promoter"
            elif rating.score <= HIGHEST_DETRACTOR:
                rating.group = "detractor"
            else:
                rating.group = "passive"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system()
        return super().create(vals_list)

    def write(self, vals):
        self._check_system()
        return super().write(vals)

    def _check_system(self):
        """Ratings come from customers; nobody in the house types or mends them."""
        if not self.env.su:
            raise AccessError(
                self.env._("A rating is given by the customer and stays as it is.")
            )

    # === ACTION METHODS === #

    def action_record(self):
        """Open the dialog in which an answer given by phone is written down."""
        self.ensure_one()
        return {
            "name": self.env._("Rating by Phone"),
            "type": "ir.actions.act_window",
            "res_model": "car.satisfaction.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_satisfaction_id": self.id},
        }

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_for(self, orders):
        """Return the ratings of visits, begun where there is none yet."""
        # Safe: one rating per visit, which its customer answers.
        ratings = self.sudo()
        known = ratings.search([("order_id", "in", orders.ids)])
        missing = orders.sudo() - known.order_id
        return known | ratings.create([{"order_id": order.id} for order in missing])

    @api.model
    def _get_by_token(self, token):
        """Return the rating with this address, with all rights; none for another."""
        # Safe: who knows the address answers this rating, and does nothing else.
        ratings = self.sudo()
        found = ratings.search([("token", "=", token)], limit=1) if token else ratings
        if found and not consteq(found.token, token):
            return ratings
        return found.with_company(found.company_id) if found else ratings

    def _get_url(self):
        """Return the address at which the customer answers, without a login."""
        self.ensure_one()
        # Safe: given to the customer only, in his message or on his paper.
        token = self.sudo().token
        return urljoin(self.get_base_url(), f"/car/rate/{token}")

    def _is_open(self):
        """Tell whether it may still be answered."""
        self.ensure_one()
        if self.state == "answered":
            return False
        since = self.asked_at or self.delivered_at or self.create_date
        days = self.company_id.car_rating_open_days
        return fields.Datetime.now() <= since + timedelta(days=days)

    def _can_complete(self):
        """Tell whether the optional questions may still be answered."""
        self.ensure_one()
        if self.state != "answered" or self.is_complete or self.answered_by_id:
            return False
        return fields.Datetime.now() <= self.answered_at + timedelta(days=1)

    def _get_questions(self):
        """Return the optional questions of its company."""
        return self.env["car.satisfaction.question"].search(
            [("company_id", "in", [False, self.company_id.id])]
        )

    def _answer(self, score, comment=None, user=None):
        """Take the answer, once.

        :param int score: how likely he recommends us, 0 to 10
        :param user: who wrote it down when the customer gave it by phone
        :raise UserError: when it was answered before, or is closed
        """
        self.ensure_one()
        self._take_turn()
        if not self._is_open():
            raise UserError(self.env._("This rating is closed. Thank you!"))
        if score not in range(BEST + 1):
            raise UserError(self.env._("Please choose a number from 0 to 10."))
        values = {
            "state": "answered",
            "score": score,
            "comment": (comment or "").strip()[:4000] or False,
            "answered_at": fields.Datetime.now(),
            "answered_by_id": user.id if user else False,
        }
        if not self.asked_at:
            values["asked_at"] = fields.Datetime.now()
            values["asked_by"] = "phone" if user else "paper"
        # Safe: the answer of who was asked, or of who wrote it down.
        self.sudo().write(values)
        self.sudo()._keep_rating()
        self.sudo()._open_complaint()

    def _take_turn(self):
        """Write the row before reading it: of two answers at once only one counts."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE car_satisfaction SET state = state WHERE id = %s", self.id)
        )
        self.invalidate_recordset(flush=False)

    def _complete(self, answers):
        """Take the answers to the optional questions, once.

        :param dict answers: question -> stars or words
        """
        self.ensure_one()
        self._take_turn()
        if not self._can_complete():
            raise UserError(self.env._("This rating is closed. Thank you!"))
        self._keep_answers(answers)

    def _keep_answers(self, answers):
        """Keep what was answered to the optional questions."""
        values = []
        for question, answer in answers.items():
            if question.kind == "score" and answer in range(1, 6):
                values.append({"question_id": question.id, "score": answer})
            elif question.kind == "text" and str(answer or "").strip():
                text = str(answer).strip()[:4000]
                values.append({"question_id": question.id, "text": text})
        # Safe: what the customer answered.
        self.sudo().write(
            {
                "is_complete": True,
                "answer_ids": [Command.create(value) for value in values],
            }
        )
        words = [value["text"] for value in values if "text" in value]
        if words and self.complaint_id:
            self.complaint_id.message_post(body="\n".join(words))

    def _keep_rating(self):
        """Keep it as Odoo's own rating of the visit as well, as up to 5 stars."""
        order = self.order_id
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(order._name),
                "res_id": order.id,
                "partner_id": self.partner_id.id,
                "rated_partner_id": order._rating_get_operator().id,
                "is_internal": False,
            }
        )
        order.rating_apply(
            max(self.score / 2, 1), rating=rating, feedback=self.comment or ""
        )

    def _open_complaint(self):
        """A low rating is a complaint that was not spoken (setting)."""
        if self.score > self.company_id.car_rating_low or self.complaint_id:
            return
        text = self.env._("Rating of the visit: %(score)s of 10.", score=self.score)
        if self.comment:
            text = f"{self.comment}\n{text}"
        order = self.order_id
        self.complaint_id = self.env["car.complaint"].create(
            {
                "company_id": self.company_id.id,
                "channel": "rating",
                "text": text,
                "rating_score": self.score,
                "partner_id": self.partner_id.id,
                "vehicle_id": order.vehicle_id.id,
                "order_id": order.id,
                "job_id": order.job_ids.id if len(order.job_ids) == 1 else False,
                "received_by_id": self.answered_by_id.id,
            }
        )
