from odoo import models


class CarCustomerRemark(models.Model):
    """What displeased a customer at delivery becomes a point with its own clock."""

    _inherit = "car.customer.remark"

    # === BUSINESS METHODS === #

    def _tell_responsible(self):
        """Make a point of it, which has the clock."""
        result = super()._tell_responsible()
        self.env["car.contact.point"].create(
            {
                "remark_id": self.id,
                "kind": "complaint",
                "text": self.text,
                "user_id": self.responsible_id.id or self.env.uid,
            }
        )
        return result

    def _after_settle(self):
        result = super()._after_settle()
        # Safe: settled by what was written down; the point follows.
        points = self.env["car.contact.point"].sudo()
        open_points = points.search(
            [("remark_id", "in", self.ids), ("state", "!=", "closed")]
        )
        open_points._settle_with_remark()
        return result


class CarContactPoint(models.Model):
    _inherit = "car.contact.point"

    # === BUSINESS METHODS === #

    def _settle_with_remark(self):
        """Close points whose words at delivery were settled at the desk."""
        for point in self:
            answer = point.remark_id.answer
            if point.state == "open":
                point.write({"state": "escalated"})
            point.write({"solution": answer, "instruction": answer})
            if point.state == "escalated":
                point.write({"state": "solved"})
            point.write({"satisfied": "yes", "state": "closed"})

    def _after_answer(self):
        result = super()._after_answer()
        self._settle_remarks()
        return result

    def _after_inform(self):
        result = super()._after_inform()
        self._settle_remarks()
        return result

    def _settle_remarks(self):
        """The customer has his answer: his words at delivery are settled with it."""
        for point in self:
            # Safe: follows from the step.
            remark = point.sudo().remark_id
            if remark.state == "open":
                remark.write({"answer": point.solution, "state": "settled"})
