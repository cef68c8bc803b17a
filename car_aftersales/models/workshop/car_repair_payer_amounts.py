from collections import defaultdict

from odoo import models
from odoo.fields import Command

from .car_repair_billing import EPSILON


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    def _prepare_amount_lines(self, base_lines, amount, role, product, **values):
        """Return service lines by tax set that sum to a gross amount."""
        AccountTax = self.env["account.tax"]
        amount_lines = AccountTax._prepare_down_payment_lines(
            base_lines, self.company_id, "fixed", abs(amount), computation_key=role
        )
        sign = 1 if amount > 0 else -1
        product = product.with_context(lang=self.partner_id.lang)
        vals_list = []
        for base_line in amount_lines:
            extra = AccountTax._export_base_line_extra_tax_data(base_line)
            if sign < 0:
                extra = AccountTax._reverse_quantity_base_line_extra_tax_data(extra)
            vals_list.append(
                {
                    "name": product.name,
                    "product_id": product.id,
                    "quantity": sign * base_line["quantity"],
                    # The exact amounts are in the extra data; this one is for reading.
                    "price_unit": self.currency_id.round(base_line["price_unit"]),
                    "tax_ids": [Command.set(base_line["tax_ids"].ids)],
                    "extra_tax_data": extra,
                    "car_repair_payer_id": self.id,
                    "car_repair_role": role,
                    **values,
                }
            )
        return vals_list

    def _prepare_reversed_lines(self, lines):
        """Return lines that take earlier lines off again, tax by tax."""
        AccountTax = self.env["account.tax"]
        vals_list = []
        for line in lines:
            refunded = line.move_id.move_type == "out_refund"
            extra = line.extra_tax_data
            if not refunded:
                extra = AccountTax._reverse_quantity_base_line_extra_tax_data(extra)
            vals_list.append(
                {
                    "name": line.name,
                    "product_id": line.product_id.id,
                    "quantity": line.quantity if refunded else -line.quantity,
                    "price_unit": line.price_unit,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "extra_tax_data": extra,
                    "car_repair_payer_id": self.id,
                    "car_repair_role": line.car_repair_role,
                    "car_deductible_payer_id": line.car_deductible_payer_id.id,
                }
            )
        return vals_list

    def _get_role_total(self, role):
        """Return what invoices carry for a role, taxes included, credit notes less."""
        return sum(
            line.price_total * (-1 if line.move_id.move_type == "out_refund" else 1)
            for line in self.sudo().line_invoice_ids
            if line.car_repair_role == role and line.parent_state != "cancel"
        )

    # === DEDUCTIBLE === #

    def _get_deductible_lines(self, source):
        """Return the payer's posted and draft lines for the deductible of another."""
        # Safe: the lines of our own documents.
        return self.sudo().line_invoice_ids.filtered(
            lambda line: (
                line.car_repair_role == "deductible"
                and line.car_deductible_payer_id.id == source.id
                and line.parent_state != "cancel"
            )
        )

    def _get_open_deductibles(self):
        """Return what is still to move, by the payer whose deductible it is.

        Never more than what that payer bears: the customer pays the first part of it.

        :return: dict of payer to the amount to bill, taxes included; below zero for the
            payer who is relieved of it.
        """
        self.ensure_one()
        customer = self.order_id._get_customer_payer()
        if self.kind == "customer":
            sources = self.order_id.payer_ids if self == customer else self.browse()
        else:
            sources = self
        rest = {}
        for source in sources.filtered(lambda payer: payer.kind != "customer"):
            lines = self._get_deductible_lines(source)
            if not source.deductible_amount and not lines:
                continue
            total = sum(
                base_line["tax_details"]["total_included_currency"]
                for base_line in source._get_base_lines()
            )
            target = min(source.deductible_amount, total)
            done = sum(
                line.price_total * (-1 if line.move_id.move_type == "out_refund" else 1)
                for line in lines
            )
            amount = (target if self.kind == "customer" else -target) - done
            if not self.currency_id.is_zero(amount):
                rest[source] = (amount, self.currency_id.is_zero(target))
        return rest

    def _prepare_deductible_lines(self):
        """Return the lines that move the deductible between payer and customer.

        A fixed gross amount, as service lines by tax set, never a quantity.
        """
        self.ensure_one()
        vals_list = []
        for source, (amount, is_void) in self._get_open_deductibles().items():
            if is_void:
                vals_list += self._prepare_reversed_lines(
                    self._get_deductible_lines(source)
                )
                continue
            vals_list += self._prepare_amount_lines(
                source._get_base_lines(),
                amount,
                role="deductible",
                product=self.env.ref("car_aftersales.product_deductible"),
                car_deductible_payer_id=source.id,
            )
        return vals_list

    # === DOWN PAYMENT === #

    def _get_base_lines_as_agreed(self):
        """Return the payer's whole part of the order as the tax engine wants it."""
        self.ensure_one()
        return self._round_base_lines(
            [
                line._prepare_payer_base_line(self, fraction)
                for line in self.order_id.line_ids
                for payer, fraction in line._get_shares()
                if payer == self and line.supply == "ours"
            ]
        )

    def _create_down_payment(self, amount):
        """Bill money in advance.

        :param amount: taxes included, in the currency of the order.
        :raise UserError: when it is not above zero or above what is not billed yet.
        """
        self.ensure_one()
        order = self.order_id
        order._require_group("cashier", "supervisor")
        order._take_turn()
        rest = self.amount_total - self.amount_billed
        if amount <= 0 or self.currency_id.compare_amounts(amount, rest) > 0:
            order._raise_for_each(
                self.env._("a down payment lies between 0 and %(total)s", total=rest)
            )
        lines = self._prepare_amount_lines(
            self._get_base_lines_as_agreed(),
            amount,
            role="down_payment",
            product=self.env.ref("car_aftersales.product_down_payment"),
        )
        # Safe: role checked above, as sale does.
        move = (
            self.env["account.move"]
            .sudo()
            .create(self._prepare_invoice_vals([(self, lines)]))
        )
        move.action_post()
        return move

    def _get_advances_left(self):
        """Return the down payments that no bill has taken off yet.

        What a partial bill has taken off counts against them.

        :return: dict of invoice line to the quantity that is left of it.
        """
        self.ensure_one()
        rest = defaultdict(float)
        for line in self.sudo().line_invoice_ids:  # Safe: our own documents.
            if line.car_repair_role != "down_payment" or line.parent_state == "cancel":
                continue
            original = line.car_down_payment_line_id or line
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            rest[original] += sign * line.quantity
        return {
            line: quantity
            for line, quantity in rest.items()
            if abs(quantity) > EPSILON and line.parent_state == "posted"
        }

    def _has_advance_left(self):
        """Tell whether a down payment is left although all the work is closed."""
        self.ensure_one()
        return bool(self._get_advances_left() and self.order_id._is_work_closed())

    def _prepare_deduction_lines(self, lines):
        """Return the lines that take down payments off the bill.

        While work is open they take off no more than the bill comes to; once it is
        closed they take off all that is left: what was paid too much is credited.

        :param lines: values of the other lines of the bill.
        """
        self.ensure_one()
        rest = self._get_advances_left()
        if not rest:
            return []
        if not self.order_id._is_work_closed():
            bill = self._get_gross_total(lines)
            left = sum(
                line.price_total / line.quantity * quantity
                for line, quantity in rest.items()
            )
            if self.currency_id.compare_amounts(bill, 0.0) <= 0:
                return []
            if self.currency_id.compare_amounts(left, bill) > 0:
                return self._prepare_amount_lines(
                    self._get_base_lines_as_agreed(),
                    -bill,
                    role="down_payment",
                    product=self.env.ref("car_aftersales.product_down_payment"),
                )
        return [
            {
                "name": line.name,
                "product_id": line.product_id.id,
                "quantity": -quantity,
                "price_unit": line.price_unit,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "extra_tax_data": self.env[
                    "account.tax"
                ]._reverse_quantity_base_line_extra_tax_data(line.extra_tax_data),
                "car_repair_payer_id": self.id,
                "car_repair_role": "down_payment",
                "car_down_payment_line_id": line.id,
            }
            for line, quantity in rest.items()
        ]

    def _get_gross_total(self, lines):
        """Return what lines of an invoice come to, taxes included.

        :param lines: values of invoice lines.
        """
        self.ensure_one()
        AccountTax = self.env["account.tax"]
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                {"extra_tax_data": vals.get("extra_tax_data")},
                tax_ids=AccountTax.browse(vals["tax_ids"][0][2]),
                quantity=vals["quantity"],
                price_unit=vals["price_unit"],
                discount=vals.get("discount", 0.0),
                product_id=self.env["product.product"].browse(vals["product_id"]),
                partner_id=self.partner_id,
                currency_id=self.currency_id,
                rate=1.0,
            )
            for vals in lines
            if not vals.get("display_type")
        ]
        return sum(
            base_line["tax_details"]["total_included_currency"]
            for base_line in self._round_base_lines(base_lines)
        )
