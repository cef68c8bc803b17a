from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_fee_credit import NOT_DONE, OPEN_STATES
from .car_repair_line import CONTENT_FIELDS


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    credited_line_id = fields.Many2one(
        "car.repair.line",
        "Takes Off",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The fee that this line takes off, because the repair follows.",
    )
    credit_line_ids = fields.One2many(
        "car.repair.line", "credited_line_id", "Taken Off By"
    )

    _one_credit = models.UniqueIndex(
        "(credited_line_id) WHERE credited_line_id IS NOT NULL",
        "This fee is taken off already.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._follow_changed_fees()
        return lines

    def write(self, vals):
        if (CONTENT_FIELDS | {"payer_id", "share_ids"}) & set(vals):
            self._check_no_credit()
        result = super().write(vals)
        if {
            "quantity",
            "price_unit",
            "discount",
            "tax_ids",
            "payer_id",
            "share_ids",
            "product_id",
        } & set(vals):
            self._follow_changed_fees()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit(self):
        self._check_no_credit()

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        vals = super()._drop_protected(vals)
        if not self.env.su:
            vals.pop("credited_line_id", None)
        return vals

    def _check_no_credit(self):
        """Keep by hand off what follows its fee.

        :raise UserError: naming order and line.
        """
        if self.env.su:
            return
        for line in self.filtered("credited_line_id"):
            raise UserError(
                self.env._(
                    "%(order)s, %(line)s: it takes a fee off and follows that fee. "
                    "Change the fee instead.",
                    order=line.order_id.name,
                    line=line.name,
                )
            )

    def _follow_changed_fees(self):
        fees = self.filtered(
            lambda line: (
                line.kind == "fee"
                and not line.credited_line_id
                and line.order_id.state in OPEN_STATES
            )
        )
        fees._filter_estimate_fees().order_id._follow_fee_credits()

    def _evaluate_consent(self):
        """Nobody is asked whether he pays less."""
        if self.credited_line_id:
            return "authorized", self.quantity
        return super()._evaluate_consent()

    def _get_list_price(self):
        if self.credited_line_id:
            return self.price_unit
        return super()._get_list_price()

    def _get_billable_quantity(self):
        """A fee is taken off once the repair is done, as far as it is charged."""
        self.ensure_one()
        fee = self.credited_line_id
        if not fee:
            return super()._get_billable_quantity()
        if not self.order_id._is_repair_done():
            return 0.0
        if fee.order_id != self.order_id or self.quantity != fee.quantity:
            return self.quantity
        return min(self.quantity, fee._get_billable_quantity())

    def _prepare_own_credit_vals(self):
        """Return values of the line that takes this fee off on its own order.

        It mirrors the fee, payers included, so that both come to nothing to the cent.
        What the accountant gave away of the fee is not given twice. A fee that the
        customer has no part in is not taken off.
        """
        self.ensure_one()
        if (
            self.authorization_state == "declined"
            or not self.quantity
            or not self._get_fraction("customer")
        ):
            return {}
        values = {
            **self._prepare_credit_vals(self.job_id, self.payer_id),
            "quantity": self.quantity,
            "price_unit": -self.price_unit,
            "discount": self.discount,
        }
        billed = self._get_billed().values()
        allowance = sum(done["asked"] - done["amount"] for done in billed)
        if not self.currency_id.is_zero(allowance):
            amount = sum(self._get_target_amounts(self.quantity).values()) - allowance
            values.update(price_unit=-amount / self.quantity, discount=0.0)
        return values

    def _prepare_later_credit_vals(self, order, is_agreed=False):
        """Return values of the line that takes this fee off on a later order.

        What was billed to the customer for it and not credited since.

        :param is_agreed: it is taken off already; only the amount follows.
        """
        self.ensure_one()
        payer = order._get_customer_payer()
        amount = sum(
            values["amount"]
            for (_line, bearer), values in self._get_billed(posted_only=True).items()
            if bearer.kind == "customer" and bearer.partner_id == payer.partner_id
        )
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            return {}
        bills = self.invoice_line_ids.move_id.filtered(
            lambda move: move.state == "posted"
        )
        billed_on = max(bills.mapped("invoice_date"))
        company = order.company_id
        if company.car_fee_credit == "days" and not is_agreed:
            last = billed_on + timedelta(days=company.car_fee_credit_days)
            if fields.Date.context_today(order, order.received_at) > last:
                return {}
        amount = self.currency_id._convert(
            amount, order.currency_id, company, billed_on
        )
        jobs = order.job_ids.filtered(lambda job: job.state not in NOT_DONE)
        return {
            **self._prepare_credit_vals(jobs[:1] or order.job_ids[:1], payer),
            "quantity": 1.0,
            "price_unit": -amount,
            "discount": 0.0,
        }

    def _prepare_credit_vals(self, job, payer):
        """Return what all lines that take this fee off have in common."""
        self.ensure_one()
        env = self.with_context(lang=payer.partner_id.lang or self.env.lang).env
        text = env._("%(fee)s, taken off the repair", fee=self.name)
        if self.order_id != job.order_id:
            text = f"{text} ({self.order_id.name})"
        return {
            "credited_line_id": self.id,
            "job_id": job.id,
            "order_id": job.order_id.id,
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "kind": "fee",
            "name": text,
            "product_uom_id": self.product_uom_id.id,
            "payer_id": payer.id,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            **self._prepare_shared_vals(job.order_id),
        }

    def _prepare_shared_vals(self, order):
        if order != self.order_id or not self.share_ids:
            return {}
        return {"share_ids": self._prepare_same_shares(self)[1:]}

    def _update_credit(self, values):
        """Follow the fee, where it has changed."""
        self.ensure_one()
        fee, is_own = (
            self.credited_line_id,
            self.order_id == self.credited_line_id.order_id,
        )
        if is_own and self.payer_id != fee.payer_id:
            self.payer_id = fee.payer_id
        if is_own and self._get_shares() != fee._get_shares():
            self.share_ids = self._prepare_same_shares(fee)
        names = ["quantity"]
        if not any(item.parent_state == "posted" for item in self.invoice_line_ids):
            names += ["price_unit", "discount"]
        new = {name: values[name] for name in names if values[name] != self[name]}
        if "price_unit" in names and self.tax_ids != fee.tax_ids:
            new["tax_ids"] = values["tax_ids"]
        if "price_unit" in new:
            price = new["price_unit"]
            new.update(technical_price_unit=price, list_price_unit=price)
        if new:
            self.write(new)

    def _prepare_same_shares(self, fee):
        """Return commands that split the line as its fee is split."""
        return [
            fields.Command.clear(),
            *[
                fields.Command.create(
                    {
                        "payer_id": share.payer_id.id,
                        "percent": share.percent,
                        "sequence": share.sequence,
                    }
                )
                for share in fee.share_ids
            ],
        ]
