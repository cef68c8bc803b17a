from collections import defaultdict

from odoo import models
from odoo.fields import Command


class CarWarrantyClaim(models.Model):
    """Allowances: what takes the bills of a claim to what the maker pays of it."""

    _inherit = "car.warranty.claim"

    # === BUSINESS METHODS === #

    def _get_allowances_left(self):
        """Return what is still to be taken off the bills; below zero: added.

        What the maker refuses, less what is moved to others, less what bills and
        credit notes took off already, those of the accountant included.

        :return: dict of the id of a claim to a dict of line to amount.
        """
        # Safe: quantities and amounts of our own shares.
        lines = self.sudo().line_ids.filtered("is_answered")
        billed = lines.line_id._get_billed()
        net = defaultdict(float)
        for claim_id, items in self._get_items().items():
            for item in items:
                key = (claim_id, item.car_repair_line_id)
                net[key] += item._get_claim_sign() * item.price_subtotal
        rest = defaultdict(dict)
        for line in lines:
            done = billed.get((line.line_id, line.payer_id))
            given = 0.0
            if done:
                asked = line.line_id._get_net_amount(line.payer_id, done["asked"])
                given = asked - net[line.claim_id.id, line.line_id]
            amount = line.currency_id.round(line.amount_refused - given)
            rest[line.claim_id.id][line] = (
                0.0 if line.currency_id.is_zero(amount) else amount
            )
        return rest

    def _book_allowances(self, without_refused=False):
        """Credit what the maker does not pay, as a service line, never as the part.

        What was credited and is accepted after all is charged again.

        :param without_refused: leave lines that are refused altogether undecided.
        """
        vals_list, left, items = [], self._get_allowances_left(), self._get_items()
        for claim in self:
            rest = {
                line: amount
                for line, amount in left.get(claim.id, {}).items()
                if amount
                and not (
                    without_refused
                    and amount > 0
                    and claim.currency_id.is_zero(line.amount_accepted)
                )
            }
            if not rest:
                continue
            if vals := claim._prepare_allowance_vals(rest, items[claim.id]):
                vals_list.append(vals)
        # Safe: role and state were checked by the caller.
        moves = (
            self.env["account.move"]
            .sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(vals_list)
        )
        moves._post_car_claims()
        return moves

    def _prepare_allowance_vals(self, rest, items):
        """Return values of the document that brings the bills to the answer.

        :param rest: dict of line to what is taken off; below zero: added.
        :param items: the invoice lines of the claim.
        """
        self.ensure_one()
        claim = self.sudo()  # Safe: documents of our own shares.
        items = items.filtered(
            lambda item: (
                item.move_type == "out_invoice"
                and item.car_repair_role != "allowance"
                and item.quantity > 0
            )
        )
        lines, origins = [], self.env["account.move"].sudo()
        for line, amount in rest.items():
            origin = items.filtered(
                lambda item, line=line: item.car_repair_line_id == line.line_id
            )[-1:]
            if origin:
                lines.append(line._prepare_allowance_line_vals(amount, origin))
            elif amount > 0 and (free := line._prepare_free_line_vals()):
                lines.append(free)
            origins |= origin.move_id
        if not lines:
            return {}
        vals = claim.payer_id._prepare_invoice_vals([(claim.payer_id, lines)])
        vals["ref"] = claim.maker_reference or claim.name
        vals["invoice_origin"] = f"{claim.order_id.name}, {claim.name}"
        if vals["move_type"] == "out_refund" and len(origins) == 1:
            vals["reversed_entry_id"] = origins.id
        return vals


class CarWarrantyClaimLine(models.Model):
    _inherit = "car.warranty.claim.line"

    # === BUSINESS METHODS === #

    def _prepare_allowance_line_vals(self, amount, origin):
        """Return values of the line that takes an amount off an invoice line.

        :param amount: before taxes; below zero: it is charged again.
        :param origin: the invoice line that billed the share.
        """
        self.ensure_one()
        product = self.env.ref("car_aftersales.product_claim_allowance")
        product = product.with_context(lang=origin.partner_id.lang or self.env.lang)
        price = self._get_allowance_price(abs(amount), origin)
        return {
            "name": f"{product.name}: {self.name} ({self.claim_id.name})",
            "product_id": product.id,
            "quantity": -1.0 if amount > 0 else 1.0,
            "price_unit": price,
            "account_id": origin.account_id.id,
            "tax_ids": [Command.set(origin.tax_ids.ids)],
            "car_repair_line_id": self.line_id.id,
            "car_repair_payer_id": self.payer_id.id,
            "car_repair_share": origin.car_repair_share,
            "car_repair_role": "allowance",
        }

    def _get_allowance_price(self, amount, origin):
        """Return the price that comes to an amount before taxes, to the cent.

        :param origin: the invoice line whose taxes it has.
        """
        self.ensure_one()
        taxes, currency = origin.tax_ids, origin.currency_id
        if not any(taxes.mapped("price_include")) or not origin.price_subtotal:
            return amount
        gross = origin.quantity * origin._get_car_net_price()
        guess = currency.round(amount * gross / origin.price_subtotal)
        for cents in (0, 1, -1, 2, -2):
            price = guess + cents * currency.rounding
            net = taxes.compute_all(
                price, currency, 1.0, origin.product_id, origin.partner_id
            )["total_excluded"]
            if not currency.compare_amounts(net, amount):
                return price
        return guess

    def _prepare_free_line_vals(self):
        """Return values of a line that bills a share for nothing, with its cost.

        It was not billed before, and the house bears it.
        """
        self.ensure_one()
        lines = self.line_id.sudo().with_context(car_claim_billing=True)
        for item in lines._get_outstanding():
            if item["payer"].id == self.payer_id.id and item["quantity"] > 0:
                return item["line"]._prepare_invoice_line_vals(
                    item["payer"], item["share"], item["quantity"], 0.0, item["asked"]
                )
        return {}
