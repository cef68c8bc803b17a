from odoo import models

NOT_DONE = ("declined", "deferred", "cancelled")
OPEN_STATES = ("estimate", "authorized", "in_workshop", "quality_check", "ready")


class CarRepairOrder(models.Model):
    """The fee for a diagnosis or an estimate, taken off when the repair follows.

    Rule book of the workshop, 业务接待工作制度: who does not have his car repaired pays
    the fee. Whether it is taken off for who does is a setting of the company.
    """

    _inherit = "car.repair.order"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "previous_order_id" in vals:
            self._follow_fee_credits()
        return result

    # === BUSINESS METHODS === #

    def _follow_fee_credits(self):
        """Bring the lines that take fees off in step with the fees and the work.

        A line of its own for each fee: the fee stays as it was billed or will be, and
        the customer sees on each paper what is taken off.
        """
        # Safe: follows from a step or a change that was checked.
        for order in self.sudo():
            if not order.previous_order_id and all(
                line.kind != "fee" for line in order.line_ids
            ):
                continue
            if order.state in ("delivered", "cancelled") or order._get_final_pass():
                continue
            wanted = order._get_fees_to_take_off()
            for line in order.line_ids.filtered("credited_line_id"):
                values = wanted.pop(line.credited_line_id, None)
                if values:
                    line._update_credit(values)
                elif line.invoice_line_ids:
                    line.quantity = 0.0
                else:
                    line.unlink()
            order.line_ids.create(list(wanted.values()))

    def _get_fees_to_take_off(self):
        """Return for each fee to be taken off the values of the line that does it."""
        self.ensure_one()
        if not self._has_repair():
            return {}
        sources = self.line_ids | self.previous_order_id.line_ids
        kept = self.line_ids.credited_line_id & sources
        fees = kept
        if self.company_id.car_fee_credit != "no":
            fees |= sources.filtered(
                lambda line: not line.credited_line_id
            )._filter_estimate_fees()
        others = fees.credit_line_ids.filtered(lambda line: line.order_id != self)
        wanted = {}
        for fee in fees - others.credited_line_id:
            if fee.order_id == self:
                values = fee._prepare_own_credit_vals()
            else:
                values = fee._prepare_later_credit_vals(self, is_agreed=fee in kept)
            if values:
                wanted[fee] = values
        return wanted

    def _has_repair(self):
        """Tell whether there is work that a fee is taken off for."""
        self.ensure_one()
        if self._is_repair_done():
            return True
        return self.state in OPEN_STATES and any(
            line.kind != "fee"
            and line.quantity
            and line.authorization_state != "declined"
            and line.job_id.state not in NOT_DONE
            for line in self.line_ids
        )

    def _is_repair_done(self):
        """Tell whether something was repaired, not only looked at."""
        self.ensure_one()
        return any(
            line.kind != "fee"
            and line.quantity_authorized
            and line.job_id.state in ("done", "passed")
            for line in self.line_ids
        )

    def action_create_invoices(self, payers=None):
        self._follow_fee_credits()
        return super().action_create_invoices(payers)

    def _check_work_done(self):
        self._follow_fee_credits()
        return super()._check_work_done()

    def _after_estimate(self):
        result = super()._after_estimate()
        self._follow_fee_credits()
        return result

    def _after_decline(self):
        result = super()._after_decline()
        self._follow_fee_credits()
        return result

    def _check_cancel(self):
        self.sudo().line_ids.filtered(
            lambda line: line.credited_line_id and not line.invoice_line_ids
        ).unlink()
        return super()._check_cancel()

    def _after_resume(self):
        result = super()._after_resume()
        self._follow_fee_credits()
        return result


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _after_decline(self):
        result = super()._after_decline()
        self.order_id._follow_fee_credits()
        return result

    def _after_defer(self):
        result = super()._after_defer()
        self.order_id._follow_fee_credits()
        return result

    def _has_authorized_line(self):
        # That a fee is taken off is no consent to the work.
        return super()._has_authorized_line() and any(
            line.authorization_state in ("authorized", "partly", "exceeded")
            for line in self._get_lines()
            if not line.credited_line_id
        )
