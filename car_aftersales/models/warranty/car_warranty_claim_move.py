from odoo import models
from odoo.fields import Command

MOVABLE_TO = ("goodwill", "customer", "supplier")


class CarWarrantyClaimLine(models.Model):
    """What a maker refuses is moved to somebody else, by changing the line's shares."""

    _inherit = "car.warranty.claim.line"

    # === ACTION METHODS === #

    def action_move_to_goodwill(self):
        """Let the house bear what was refused; the business supervisor agrees."""
        self._move_refused_share("goodwill")

    def action_move_to_customer(self):
        """Let the customer bear what was refused; he is asked anew."""
        self._move_refused_share("customer")

    # === BUSINESS METHODS === #

    def _move_refused_share(self, kind, partner=None):
        """Move what the maker refused of these lines to another payer.

        An allowance he got for it is taken back first; the share itself is credited to
        him by the next ordinary bill, once the new payer has agreed.

        :param kind: goodwill, customer or supplier.
        :param partner: the supplier; by default the one of the part.
        """
        claims = self.claim_id
        claims._require_clerk()
        claims._take_turn()
        for line in self:
            line._check_movable(kind)
        for line in self:
            payer = line._get_new_payer(kind, partner)
            # Safe: the clerk was checked; the consent of the new payer follows.
            line.sudo()._move_to(payer)

    def _check_movable(self, kind):
        """Refuse to move what the maker has not refused.

        :raise UserError: naming claim and line.
        """
        self.ensure_one()
        claim = self.claim_id
        if kind not in MOVABLE_TO:
            claim._raise_missing(
                self.env._(
                    "what is refused goes to the house, the customer or a supplier"
                )
            )
        if claim.state == "appealed" or not claim._is_answered():
            claim._raise_missing(
                self.env._("the maker has not answered; nothing is moved yet")
            )
        if self.currency_id.compare_amounts(self.amount_refused, 0.0) <= 0:
            claim._raise_missing(
                self.env._("%(line)s: nothing of it is refused", line=self.display_name)
            )

    def _get_new_payer(self, kind, partner=None):
        """Return who bears it now; added to the order where he is not on it yet."""
        self.ensure_one()
        order = self.claim_id.order_id
        if kind == "customer":
            return order._get_customer_payer()
        if kind == "supplier":
            partner = partner or self._get_supplier()
            if not partner:
                self.claim_id._raise_missing(
                    self.env._(
                        "%(line)s: no supplier of the part is known",
                        line=self.display_name,
                    )
                )
        payer = order.payer_ids.filtered(
            lambda payer: (
                payer.kind == kind and (not partner or payer.partner_id == partner)
            )
        )[:1]
        return payer or self.env["car.repair.payer"].create(
            {
                "order_id": order.id,
                "kind": kind,
                "partner_id": partner.id if partner else False,
            }
        )

    def _get_supplier(self):
        """Return who delivered the part: the last order of it, else the price list."""
        self.ensure_one()
        # Safe: only tells who delivered it.
        line = self.line_id.sudo()
        bought = (
            self.env["purchase.order.line"]
            .sudo()
            .search(
                [
                    ("product_id", "=", line.product_id.id),
                    ("state", "=", "purchase"),
                    ("company_id", "=", self.company_id.id),
                ],
                order="id desc",
                limit=1,
            )
        )
        return bought.partner_id or line.product_id.seller_ids[:1].partner_id

    def _move_to(self, payer):
        """Change the shares of the line, and take the allowance back."""
        self.ensure_one()
        refused = self.amount_refused
        self.write(
            {"amount_moved": self.amount_moved + refused, "moved_to_id": payer.id}
        )
        # An allowance for it becomes needless.
        self.claim_id._book_allowances(without_refused=True)
        self._write_shares(self._get_moved_percents(payer, refused))
        self.claim_id._message_log(
            body=self.env._(
                "%(amount)s of %(line)s moved to %(payer)s.",
                amount=self.currency_id.format(refused),
                line=self.name,
                payer=payer.display_name,
            )
        )

    def _get_moved_percents(self, payer, refused):
        """Return the shares after a move: the maker bears exactly what is left.

        Where two shares meet lies on a full cent, lest half a cent goes to the wrong
        one of them; the shares of all others stay as they are.

        :param refused: what is moved, before taxes.
        :return: dict of the id of a payer to percent, in the order of the shares.
        """
        self.ensure_one()
        line, maker = self.line_id, self.payer_id
        targets = line._get_target_amounts(line._get_billable_quantity())
        percents, amounts = {}, {}
        for bearer, fraction in line._get_shares():
            percents[bearer.id] = fraction * 100
            amounts[bearer.id] = targets[bearer]
            if bearer == maker and payer not in targets:
                percents[payer.id] = amounts[payer.id] = 0.0
        whole, target = sum(amounts.values()), amounts[maker.id]
        moved = self._get_moved_price(target, refused)
        both = percents[maker.id] + percents[payer.id]
        if not whole or line.currency_id.compare_amounts(moved, target) >= 0:
            del percents[maker.id]
            percents[payer.id] = both
            return percents
        amounts[maker.id] -= moved
        amounts[payer.id] += moved
        keys = list(percents)
        place = keys.index(maker.id)
        if place < keys.index(payer.id):
            bounds = sum(percents[key] for key in keys[:place])
            cents = sum(amounts[key] for key in keys[: place + 1])
            left = cents / whole * 100 - bounds
        else:
            bounds = sum(percents[key] for key in keys[: place + 1])
            cents = sum(amounts[key] for key in keys[:place])
            left = bounds - cents / whole * 100
        percents.update({maker.id: left, payer.id: both - left})
        return percents

    def _get_moved_price(self, target, refused):
        """Return what is moved as the order prices it, with taxes where these are in.

        :param target: what the maker bears of the line, as priced.
        :param refused: what is moved of it, before taxes.
        """
        self.ensure_one()
        line, payer, currency = self.line_id, self.payer_id, self.currency_id
        net = line._get_net_amount(payer, target)
        if not net:
            return target
        guess = currency.round(target * refused / net)
        for cents in (0, 1, -1, 2, -2):
            moved = guess + cents * currency.rounding
            left = line._get_net_amount(payer, target - moved)
            if not currency.compare_amounts(left, net - refused):
                return moved
        return guess

    def _write_shares(self, percents):
        """Split the repair line as told; a single payer needs no split.

        :param percents: dict of the id of a payer to percent.
        """
        self.ensure_one()
        if len(percents) == 1:
            values = {"payer_id": next(iter(percents)), "share_ids": [Command.clear()]}
        else:
            values = {
                "share_ids": [
                    Command.clear(),
                    *[
                        Command.create({"payer_id": payer_id, "percent": percent})
                        for payer_id, percent in percents.items()
                    ],
                ]
            }
        self.line_id.write(values)
