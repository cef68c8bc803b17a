from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Nobody has to act any more
ENDED = ("closed", "withdrawn")
# Who handles complaints besides the one who is responsible
HANDLERS = ("follow_up_clerk", "supervisor")
# What the customer said, and when, is not retold afterwards
SAID = {"text", "received_at", "received_by_id", "company_id", "email_from"}
# Written by the steps, not by hand
STAMPS = {
    "answered_at",
    "answered_by_id",
    "clock_from",
    "closed_at",
    "escalated_at",
    "is_escalated_by_time",
    "rating_score",
    "replied_at",
    "replied_by_id",
    "reply_due_at",
    "reopen_count",
    "solve_due_on",
    "supervisor_id",
}
# What a step out of the end brings with it
REOPENING = {"state", "satisfied", "reopen_reason"}


class CarComplaint(models.Model):
    """What is kept of a complaint, and who may work on it."""

    _inherit = "car.complaint"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                for name in STAMPS:
                    vals.pop(name, None)
                vals.update(
                    received_at=fields.Datetime.now(), received_by_id=self.env.uid
                )
            # The visit decides on the company, and so on the run of numbers.
            order = self.env["car.repair.order"].browse(vals.get("order_id"))
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, order.company_id.id or vals.get("company_id")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Complaints are not deleted. Withdraw them with a reason.")
            )

    # === BUSINESS METHODS === #

    def _check_kept(self, vals):
        """Keep the customer's words, the moments and what has ended."""
        if SAID & set(vals) or STAMPS & set(vals):
            self._raise_missing(
                self.env._("what the customer said, and the moments, stay as they are")
            )
        if not set(vals) - {"message_main_attachment_id", "activity_ids"}:
            return
        self._require_handler()
        ended = self.filtered(lambda complaint: complaint.state in ENDED)
        if ended and not ("state" in vals and set(vals) <= REOPENING):
            ended._raise_missing(self.env._("it has ended and stays as it is"))

    def _is_handler(self):
        """Tell whether the user may take the steps of a complaint."""
        self.ensure_one()
        if self.env["car.repair.order"]._has_group(*HANDLERS):
            return True
        people = self.user_id
        if self.state == "received":
            people |= self.received_by_id
        return self.env.user in people

    def _require_handler(self):
        for complaint in self:
            if not complaint._is_handler():
                raise AccessError(
                    self.env._(
                        "%(complaint)s: it is handled by who is responsible for it, "
                        "the follow-up clerk or the business supervisor.",
                        complaint=complaint.display_name,
                    )
                )
