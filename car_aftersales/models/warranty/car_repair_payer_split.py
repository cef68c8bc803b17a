from odoo import models


class CarRepairOrder(models.Model):
    """Who bears what on one visit: goodwill, an insurer, a share that was refused."""

    _inherit = "car.repair.order"

    # === ACTION METHODS === #

    def action_open_goodwill(self):
        """Ask how maker, house and customer share lines out of goodwill."""
        return self._open_payer_dialog(
            "car.repair.goodwill", self.env._("Goodwill Split")
        )

    def action_open_insurer(self):
        """Ask for insurer, claim number and deductible."""
        return self._open_payer_dialog("car.repair.insurer", self.env._("Insurer"))

    def action_open_share_move(self):
        """Ask which refused share is borne by whom."""
        return self._open_payer_dialog(
            "car.repair.share.move", self.env._("Refused Share")
        )

    # === BUSINESS METHODS === #

    def _open_payer_dialog(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_shared_lines(self, lines):
        """Refuse to share lines that cannot be shared.

        :raise UserError: naming the order and what is wrong.
        """
        self.ensure_one()
        if not lines:
            self._raise_for_each(self.env._("choose the lines that it is about"))
        if lines.order_id - self:
            self._raise_for_each(self.env._("a line belongs to another order"))
        for line in lines:
            if line.credited_line_id or line.supply == "customer":
                self._raise_for_each(
                    self.env._("%(line)s has no payer of its own", line=line.name)
                )
        lines._check_may_change_payer()

    def _split_goodwill(self, lines, maker, maker_percent, dealer_percent):
        """Let maker, house and customer bear lines by percent; the rest is his."""
        self.ensure_one()
        self._require_group("advisor", "warranty_clerk")
        self._check_shared_lines(lines)
        parts = []
        if maker_percent:
            # Safe: who is invoiced by the maker's terms.
            partner = maker.sudo().partner_id
            parts.append(("warranty", partner.with_env(self.env), maker_percent))
        if dealer_percent:
            parts.append(("goodwill", self.env["res.partner"], dealer_percent))
        lines._share_by_hand(parts)

    def _set_insurer(self, partner, lines, **values):
        """Let an insurer pay lines, with his numbers and the deductible.

        :return: the payer.
        """
        self.ensure_one()
        self._require_group("advisor", "warranty_clerk")
        self._refuse(
            lambda order: order.state == "cancelled", self.env._("it is cancelled")
        )
        if lines:
            self._check_shared_lines(lines)
        if values.get("deductible_amount", 0.0) < 0:
            self._raise_for_each(self.env._("a deductible is not below zero"))
        payer = self._ensure_payer("insurer", partner)
        payer.write(values)
        if lines:
            lines._share_by_hand([("insurer", partner, 100.0)])
        return payer

    def _move_refused_share(self, payer, lines, kind, percent, reason):
        """Move what a payer refused to the house or the customer.

        The customer is asked anew, the house by its supervisor; then the next bill
        credits the one and charges the other. Prices stay as they were delivered.

        :param kind: ``goodwill`` or ``customer``.
        :param percent: how much of the payer's own share is moved.
        """
        self.ensure_one()
        self._require_group("warranty_clerk", "supervisor")
        self._check_shared_lines(lines)
        if not 0 < percent <= 100:
            self._raise_for_each(
                self.env._("between 0 and 100 % of a share can be moved")
            )
        if payer.order_id != self or payer.kind in ("customer", "internal", "goodwill"):
            self._raise_for_each(self.env._("choose the payer who has refused"))
        target = self._get_customer_payer()
        if kind == "goodwill":
            target = self._ensure_payer("goodwill", self.env["res.partner"])
        for line in lines:
            shares = {one: part * 100 for one, part in line._get_shares()}
            if payer not in shares:
                self._raise_for_each(
                    self.env._(
                        "%(payer)s bears nothing of %(line)s",
                        payer=payer.display_name,
                        line=line.name,
                    )
                )
            moved = round(shares[payer] * percent / 100, 4)
            shares[target] = round(shares.get(target, 0.0) + moved, 4)
            shares[payer] = round(shares[payer] - moved, 4)
            shares = [(one, part) for one, part in shares.items() if part > 0]
            line._share_between(shares, keeps_price=True)
        # Safe: marks what was chosen by hand.
        lines.sudo()._set_payer_source("hand")
        self._message_log(
            body=self.env._(
                "%(percent)g %% of the share of %(payer)s moved to %(target)s: "
                "%(lines)s. Reason: %(reason)s",
                percent=percent,
                payer=payer.display_name,
                target=target.display_name,
                lines=", ".join(lines.mapped("name")),
                reason=reason,
            )
        )


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _share_by_hand(self, parts):
        """Share the lines as somebody has chosen.

        :param parts: kind of payer, partner, percent; the rest is the customer's.
        """
        # Safe: the caller has checked role, state and lines.
        lines = self.sudo()
        payers = lines._ensure_warranty_payers(dict.fromkeys(lines, parts))
        for line in lines:
            keeps_price = line.order_id.state == "delivered"
            line._share_between(line._get_shares_of(parts, payers), keeps_price)
        lines._set_payer_source("hand")
