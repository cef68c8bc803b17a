from datetime import timedelta

from odoo import fields, models

from .car_repair_order import CUSTOMER_DATA


class CarRepairOrder(models.Model):
    """When and how a customer who declined may be spoken to again.

    Rule book of the workshop, 业务接待工作制度: nobody is shown displeasure because he
    does not have his car repaired; a friendly contact later stays possible.
    """

    _inherit = "car.repair.order"

    contact_way = fields.Selection(
        [
            ("phone", "By phone"),
            ("message", "By message"),
            ("none", "Wants no contact"),
        ],
        "May Be Contacted",
        copy=False,
        tracking=True,
        groups=CUSTOMER_DATA,
        help="Whether and how the customer wants to be asked again.",
    )

    # === ACTION METHODS === #

    def action_decline(
        self, outcome="refused", reason=None, ask_again_date=None, contact_way=None
    ):
        """Close the visit without repair, and remember when to ask again.

        :param ask_again_date: empty: after the days of the company.
        """
        result = super().action_decline(outcome, reason)
        if not reason:
            return result
        if contact_way:
            self.write({"contact_way": contact_way})
        if ask_again_date:
            self._get_lines_to_ask_again()._ask_again(ask_again_date)
        return result

    # === BUSINESS METHODS === #

    def _after_decline(self):
        result = super()._after_decline()
        lines = self._get_lines_to_ask_again()
        lines.filtered(lambda line: not line.ask_again_date)._ask_again()
        return result

    def _get_lines_to_ask_again(self):
        """Return what was refused; what is booked for later was not."""
        refused = self.filtered(lambda order: order.outcome != "booked")
        jobs = refused.job_ids.filtered(lambda job: job.state == "declined")
        return jobs.line_ids.filtered(lambda line: line.kind != "fee")


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # what the desk sees when it asks again
    customer_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", groups=CUSTOMER_DATA
    )
    customer_phone = fields.Char(
        related="order_id.phone", string="Phone", groups=CUSTOMER_DATA
    )
    license_plate = fields.Char(related="order_id.vehicle_id.license_plate")
    contact_way = fields.Selection(related="order_id.contact_way", groups=CUSTOMER_DATA)
    outcome_reason = fields.Char(
        related="order_id.outcome_reason",
        string="Why Declined",
        groups=CUSTOMER_DATA,
    )

    # === ACTION METHODS === #

    def action_book_estimate(self):
        """Make the appointment of the whole estimate."""
        self.ensure_one()
        return self.order_id.action_book_estimate()

    # === BUSINESS METHODS === #

    def _apply_answer(self, is_diagnosis=False):
        result = super()._apply_answer(is_diagnosis)
        self.filtered(
            lambda line: (
                line.authorization_state == "declined"
                and line.kind != "fee"
                and not line.ask_again_date
            )
        )._ask_again()
        return result

    def _ask_again(self, date=None):
        """Put declined lines on the list of what is asked again.

        :param date: empty: after the days of the company.
        """
        for company, lines in self.grouped("company_id").items():
            days = company.sudo().car_ask_again_days  # Safe: a setting.
            today = fields.Date.context_today(self)
            proposed = days and today + timedelta(days=days)
            # Safe: follows from the answer that was just recorded.
            lines.sudo().write({"ask_again_date": date or proposed})
