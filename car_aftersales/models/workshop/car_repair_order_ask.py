from odoo import api, fields, models
from odoo.fields import Domain

from .car_repair_job import UNSOLD_JOBS
from .car_repair_line_stock import ASKED

# The work is done; what remains is who bears it
SETTLING = ("ready", "delivered")


class CarRepairOrder(models.Model):
    """Shares that were changed after the work: goodwill, what a payer has refused.

    The customer, or the business supervisor for the house, agrees to them before they
    are billed, also when the car has left.
    """

    _inherit = "car.repair.order"

    can_ask = fields.Boolean(
        "May Record It", compute="_compute_ask_text", compute_sudo=False
    )
    ask_text = fields.Char(
        "New Share to Be Agreed",
        compute="_compute_ask_text",
        compute_sudo=False,
        search="_search_ask_text",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "line_ids.authorization_state")
    @api.depends_context("uid", "lang")
    def _compute_ask_text(self):
        """Tell who has to agree to shares that were changed after the work."""
        for order in self:
            asked = order._get_lines_to_settle()
            of_customer = asked._filter_to_ask(internal=False)
            order.can_ask = bool(
                of_customer or (asked and order._has_group("supervisor"))
            )
            order.ask_text = bool(asked) and order._spell_ask(of_customer)

    @api.model
    def _search_ask_text(self, operator, value):
        """Find the visits on which somebody has to agree to a new share."""
        if operator != "in" or any(value):
            return NotImplemented
        asked = (
            Domain("authorization_state", "in", ASKED)
            & Domain("job_id.state", "not in", UNSOLD_JOBS)
            & Domain("quantity", "!=", 0)
        )
        return Domain("state", "not in", SETTLING) | Domain(
            "line_ids", "not any", asked
        )

    # === BUSINESS METHODS === #

    def _get_lines_to_settle(self):
        """Return the lines of work that is done, of which a new share waits."""
        self.ensure_one()
        lines = self.sudo().line_ids  # Safe: only whether one of them waits.
        return lines._filter_to_ask() if self.state in SETTLING else lines.browse()

    def _spell_ask(self, of_customer):
        """Say who has to agree to a share that was changed after the work."""
        if of_customer:
            return self.env._("Who bears the work has changed: ask the customer")
        return self.env._("Our share is to be authorized by the business supervisor")

    def _get_fitting_steps(self):
        """Propose first to record who agrees to the new shares."""
        steps = super()._get_fitting_steps()
        if self.state in SETTLING and self.can_ask:
            steps = ["authorize", *steps]
        return steps

    def _get_waiting_to_leave(self):
        asked = self._get_lines_to_settle()
        if asked and not self._get_final_pass():
            return "advisor", self._spell_ask(asked._filter_to_ask(internal=False))
        return super()._get_waiting_to_leave()
