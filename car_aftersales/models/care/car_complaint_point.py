from odoo import api, fields, models

from .car_complaint_clock import UNANSWERED

CHANNEL_OF_DIRECTION = {"out": "phone", "in": "phone", "visit": "visit"}


class CarContactPoint(models.Model):
    """A point of kind complaint opens a complaint; the clock then runs there only.

    The point follows: it is settled when the complaint ends. A customer who got his
    answer at once has it in both; the cause is still looked for.
    """

    _inherit = "car.contact.point"

    complaint_id = fields.Many2one(
        "car.complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("complaint_id")
    def _compute_due_on(self):
        own = self.filtered(lambda point: not point.complaint_id)
        (self - own).due_on = False
        return super(CarContactPoint, own)._compute_due_on()

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and vals.get("state", "closed") != "closed":
            self._check_own_clock()
        return super().write(vals)

    # === ACTION METHODS === #

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_records_action()

    # === BUSINESS METHODS === #

    def _after_said(self):
        result = super()._after_said()
        for point in self:
            if point.kind == "complaint" and not point.complaint_id:
                # Safe: the same words, with an owner and deadlines.
                known = point.sudo()
                known.complaint_id = (
                    self.env["car.complaint"]
                    .sudo()
                    .create(known._prepare_complaint_vals())
                )
        return result

    def _prepare_complaint_vals(self):
        """Return the values of the complaint of a point. Extend to add fields."""
        self.ensure_one()
        channel = CHANNEL_OF_DIRECTION.get(self.call_id.direction, "desk")
        order = self.order_id
        jobs = order.job_ids
        return {
            "company_id": self.company_id.id,
            "channel": channel,
            "text": self.text,
            "received_at": self.said_at,
            "received_by_id": self.env.uid,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "order_id": order.id if order.vehicle_id == self.vehicle_id else False,
            "job_id": (
                jobs.id
                if len(jobs) == 1 and order.vehicle_id == self.vehicle_id
                else False
            ),
            "user_id": self.user_id.id,
        }

    def _check_own_clock(self):
        """Refuse the longer ways of a point that is handled as a complaint."""
        if led := self.filtered("complaint_id"):
            led._raise_missing(
                self.env._(
                    "it is handled as complaint %(complaint)s and settled with it",
                    complaint=", ".join(led.complaint_id.mapped("name")),
                )
            )

    def _after_answer(self):
        """What was answered at once is answered; the cause is still to be found."""
        result = super()._after_answer()
        for point in self:
            point.complaint_id._answer_at_once(point.solution)
        return result

    def _settle_with_remark(self):
        result = super()._settle_with_remark()
        for point in self:
            point.complaint_id._answer_at_once(point.solution)
        return result

    def _check_in_time(self):
        own = self.filtered(lambda point: not point.complaint_id)
        return super(CarContactPoint, own)._check_in_time()


class CarComplaint(models.Model):
    _inherit = "car.complaint"

    # === BUSINESS METHODS === #

    def _get_open_points(self):
        # Safe: the points of these complaints follow them.
        return self.sudo().point_ids.filtered(lambda point: point.state != "closed")

    def _tell_points(self):
        """Write the answer into the points that opened the complaints."""
        for complaint in self:
            complaint._get_open_points().write({"solution": complaint.answer_text})

    def _close_points(self):
        """Settle the points and the words at delivery that opened the complaints."""
        for complaint in self:
            points = complaint._get_open_points()
            answer = (
                complaint.answer_text
                if complaint.state == "closed"
                else complaint.withdrawn_reason
            )
            points.write(
                {
                    "solution": answer,
                    "satisfied": "yes" if complaint.state == "closed" else False,
                }
            )
            points.write({"state": "closed"})

    def _answer_at_once(self, answer):
        """Take the answer given in the talk or at the desk for the complaint."""
        # Safe: follows from what was settled there.
        for complaint in self.sudo().filtered(lambda each: each.state in UNANSWERED):
            complaint.write(
                {
                    "answer_text": answer,
                    "category_id": complaint.category_id.id
                    or self.env.ref("car_aftersales.car_complaint_category_other").id,
                    "user_id": complaint.user_id.id or self.env.uid,
                }
            )
            if complaint.state == "received":
                complaint.write({"state": "classified"})
            complaint.write({"state": "answered"})
