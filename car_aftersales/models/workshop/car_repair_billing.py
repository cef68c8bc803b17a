from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

EPSILON = 1e-6


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    invoice_line_ids = fields.One2many(
        "account.move.line", "car_repair_line_id", "Invoice Lines"
    )
    quantity_billed = fields.Float(
        compute="_compute_quantity_billed",
        compute_sudo=True,
        digits="Product Unit",
        help="Posted on invoices or settled by the house: quantity x share.",
    )

    def _compute_quantity_billed(self):
        billed = self._get_billed(posted_only=True)
        totals = defaultdict(float)
        for (line, _payer), values in billed.items():
            totals[line] += values["quantity"]
        for line in self:
            line.quantity_billed = totals[line]

    def _get_billable_quantity(self):
        """Return how much of the line may be billed now.

        Parts up to what was issued, labor and outside work when the job is done, fees
        at once; never more than the customer agreed to.
        """
        self.ensure_one()
        if self.supply == "customer" or self.authorization_state in (
            "pending",
            "declined",
        ):
            billable = 0.0
        elif self.kind == "fee":
            billable = self.quantity_authorized
        elif self.is_stocked:
            billable = max(0.0, min(self.quantity_issued, self.quantity_authorized))
        elif self.job_id.state in ("done", "passed"):
            billable = self.quantity_authorized
        else:
            billable = 0.0
        return billable

    def _get_billed(self, posted_only=False):
        """Return what was billed, by line and payer, drafts included.

        :return: dict of (line, payer) to quantity x share, amount before taxes as
            priced, what the order asked for it, and the last share. Amount and asked
            differ where the accountant gave something away.
        """
        billed = defaultdict(
            lambda: {"quantity": 0.0, "amount": 0.0, "asked": 0.0, "share": 1.0}
        )
        # Safe: the invoice lines of our own repair lines, for quantities only.
        payers = self.order_id.payer_ids.sudo()
        for invoice_line in payers.line_invoice_ids.sorted("id"):
            move = invoice_line.move_id
            if invoice_line.car_repair_line_id not in self:
                continue
            if invoice_line.display_type != "product" or move.state == "cancel":
                continue
            if posted_only and move.state != "posted":
                continue
            sign = -1 if move.move_type == "out_refund" else 1
            key = (
                self.browse(invoice_line.car_repair_line_id.id),
                self.env["car.repair.payer"].browse(
                    invoice_line.car_repair_payer_id.id
                ),
            )
            values = billed[key]
            round_amount = move.currency_id.round
            factor = key[0]._get_payer_factor(key[1])
            quantity = invoice_line.quantity
            is_allowance = invoice_line._is_car_allowance()
            values["quantity"] += invoice_line._get_car_quantity()
            values["amount"] += sign * round_amount(
                quantity * invoice_line._get_car_net_price() / factor
            )
            if not is_allowance:
                values["asked"] += sign * round_amount(
                    quantity * invoice_line.car_repair_price / factor
                )
            values["share"] = invoice_line.car_repair_share
        return billed

    def _get_target_amounts(self, quantity):
        """Split the price of a quantity between the payers, to the cent.

        :return: dict of payer to amount before taxes, as priced; they sum to the whole.
        """
        self.ensure_one()
        currency = self.currency_id
        whole = currency.round(quantity * self.price_unit * (1 - self.discount / 100))
        return self._split_between_payers(whole, currency)

    def _split_between_payers(self, whole, currency):
        """Return what each payer bears of an amount; together they bear the whole.

        :return: dict of payer to amount, rounded.
        """
        self.ensure_one()
        amounts, fraction_so_far, amount_so_far = {}, 0.0, 0.0
        for payer, fraction in self._get_shares():
            fraction_so_far += fraction
            up_to = currency.round(whole * fraction_so_far)
            amounts[payer] = up_to - amount_so_far
            amount_so_far = up_to
        return amounts

    def _get_outstanding(self):
        """Return what is still to bill or to credit, by line and payer.

        :return: list of dicts: line, payer, share, quantity (negative: to credit),
            amount.
        """
        billed = self._get_billed()
        billed_payers = defaultdict(list)
        for line, payer in billed:
            billed_payers[line].append(payer)
        outstanding = []
        for line in self:
            billable = line._get_billable_quantity()
            if not billable and line not in billed_payers:
                continue
            fractions = dict(line._get_shares())
            amounts = line._get_target_amounts(billable)
            payers = dict.fromkeys([*fractions, *billed_payers[line]])
            for payer in payers:
                done = billed.get((line, payer))
                fraction = fractions.get(payer, 0.0)
                rest = billable * fraction - (done["quantity"] if done else 0.0)
                if abs(rest) < EPSILON:
                    continue
                quantity, share = line._get_billed_as(
                    rest, fraction or done["share"], billable
                )
                amount, asked = line._get_rest_amounts(
                    rest, amounts.get(payer, 0.0), done
                )
                outstanding.append(
                    {
                        "line": line,
                        "payer": payer,
                        "share": share,
                        "quantity": quantity,
                        "amount": amount,
                        "asked": asked,
                    }
                )
        return outstanding

    def _get_rest_amounts(self, rest, target, done):
        """Return what the rest comes to, and what the order asks for it.

        What the accountant gave away on an earlier bill is neither charged with the
        rest nor credited.

        :param target: what the payer bears of all that is billable.
        :param done: what was billed to him, or None.
        """
        self.ensure_one()
        if not done:
            return target, target
        asked = target - done["asked"]
        if rest > 0 or not self.currency_id.compare_amounts(
            done["asked"], done["amount"]
        ):
            return asked, asked
        part = min(1.0, -rest / done["quantity"]) if done["quantity"] else 1.0
        return -self.currency_id.round(done["amount"] * part), asked

    def _get_billed_as(self, rest, share, billable):
        """Return quantity and share of an invoice line that bills the rest.

        Invoices round quantities: where quantity and share do not come out even, the
        whole quantity is billed at the difference of the share.
        """
        self.ensure_one()
        quantity = rest / share
        uom = self.product_uom_id
        if abs(uom.round(quantity) - quantity) < EPSILON:
            return uom.round(quantity), share
        whole = billable or 1.0
        return (whole if rest > 0 else -whole), abs(rest) / whole

    def _renew_drafts(self):
        """Bring drafts that nobody has posted yet to the present price.

        A price that the accountant typed on a draft is his and stays.
        """
        # Safe: our own lines on drafts, after the change of price was checked.
        lines = self.sudo()
        drafts = lines.invoice_line_ids.filtered(
            lambda item: (
                item.parent_state == "draft"
                and item.display_type == "product"
                and not item.move_id.reversed_entry_id
                and not item.currency_id.compare_amounts(
                    item.quantity * item._get_car_net_price(),
                    item.quantity * item.car_repair_price,
                )
            )
        )
        billed = lines._get_billed() if drafts else {}
        for item in drafts:
            line, payer = item.car_repair_line_id, item.car_repair_payer_id
            fraction = dict(line._get_shares()).get(payer)
            done = billed[(line, payer)]
            if not fraction:
                continue
            target = line._get_target_amounts(done["quantity"] / fraction)[payer]
            sign = -1 if item.move_id.move_type == "out_refund" else 1
            before = sign * item.quantity * item.car_repair_price
            asked = before / line._get_payer_factor(payer) + target - done["asked"]
            done["asked"] = target
            vals = line._prepare_invoice_line_vals(
                payer, item.car_repair_share, item.quantity, sign * asked
            )
            names = ("price_unit", "discount", "tax_ids", "car_repair_price")
            item.write({name: vals[name] for name in names})

    def _prepare_invoice_line_vals(
        self, payer=None, share=1.0, quantity=None, amount=None, asked=None
    ):
        """Return values of the invoice line for a payer. Extend to add fields.

        :param quantity: negative quantities credit; the billable one by default.
        :param amount: what the line comes to, before taxes, as priced.
        :param asked: what the order asks for it, where that is another amount.
        """
        self.ensure_one()
        payer = payer or self.payer_id
        if quantity is None:
            quantity = self._get_billable_quantity()
        price_unit = self.price_unit * share
        kept = 1 - self.discount / 100
        currency = self.currency_id
        if (
            amount is not None
            and kept
            and currency.compare_amounts(quantity * price_unit * kept, amount)
        ):
            price_unit = amount / (quantity * kept)
        factor = self._get_payer_factor(payer)
        price_unit *= factor
        net = price_unit * kept
        if asked is not None and amount is not None and quantity:
            net = asked * factor / quantity
        return {
            "name": self._get_invoice_description(),
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": quantity,
            "price_unit": price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self._get_taxes_for(payer).ids)],
            "car_repair_line_id": self.id,
            "car_repair_payer_id": payer.id,
            "car_repair_share": share,
            "car_repair_price": net,
        }

    def _get_invoice_description(self):
        """Return the text of the line on paper: number, brand, origin and grade."""
        self.ensure_one()
        line = self.with_context(lang=self.order_id.partner_id.lang)
        grades = dict(line._fields["grade"]._description_selection(line.env))
        details = [
            line.maker_code,
            line.brand_name,
            line.origin_country_id.name,
            grades.get(line.grade),
        ]
        details = ", ".join(detail for detail in details if detail)
        if self.kind == "part" and details:
            return f"{self.name} ({details})"
        return self.name

    # === COST METHODS === #

    def _get_moves_value(self):
        """Return the value of the line's done moves, out minus back.

        :return: in the currency of the company.
        """
        return sum(
            move.car_direction * move.value
            for move in self.sudo().move_ids  # Safe: values of our own moves.
            if move.state == "done"
        )

    def _get_cost_target(self, payer, part):
        """Return what the part of a payer costs, to the cent of the whole.

        :param part: quantity x share that the payer is billed.
        :return: in the currency of the company.
        """
        self.ensure_one()
        issued = self.quantity_issued
        if not issued:
            return 0.0
        value, currency = self._get_moves_value(), self.company_id.currency_id
        if abs(issued * dict(self._get_shares()).get(payer, 0.0) - part) < EPSILON:
            return self._split_between_payers(value, currency).get(payer, 0.0)
        return currency.round(value * part / issued)

    def _get_outside_cost(self):
        """Return what outside work costs: billed by the vendor, else ordered.

        :return: before taxes, in the currency of the company.
        """
        cost = 0.0
        for line in self.sudo().purchase_line_ids:  # Safe: our own lines' cost.
            if line.state != "purchase":
                continue
            bills = line.invoice_lines.filtered(
                lambda bill: bill.parent_state == "posted"
            )
            if bills:
                cost += sum(bills.mapped("balance"))
            else:
                cost += line.currency_id._convert(
                    line.price_subtotal,
                    self.company_id.currency_id,
                    self.company_id,
                    line.order_id.date_order,
                )
        return cost

    def _get_cost_booked(self, now):
        """Return what was billed to a payer before, and the cost booked for it.

        The credit side of a cost pair carries a price of zero or more.

        :param now: the invoice line that is being posted.
        :return: (quantity x share, cost) of the payer's posted lines and of the earlier
            lines of the same document, whose cost is not written yet.
        """
        self.ensure_one()
        quantity = cost = 0.0
        for line in self.sudo().invoice_line_ids:  # Safe: our own lines' figures.
            if line.car_repair_payer_id != now.car_repair_payer_id:
                continue
            earlier = line.move_id == now.move_id and line.id < now.id
            if line.parent_state != "posted" and not earlier:
                continue
            if line.display_type == "cogs" and line.price_unit >= 0:
                cost -= line.balance
            elif line.display_type == "product" and line.move_id.move_type != "entry":
                part = line._get_car_quantity()
                quantity += part
                if earlier:
                    cost += self._get_cost_target(
                        now.car_repair_payer_id, quantity
                    ) - self._get_cost_target(now.car_repair_payer_id, quantity - part)
        return quantity, cost


class CarRepairLineSettlement(models.Model):
    _inherit = "car.repair.line"

    def _get_house_cost(self, billable):
        """Return what the line costs the house, in the currency of the company.

        :param billable: how much of it is issued or done.
        """
        self.ensure_one()
        company = self.company_id
        if not billable:
            return 0.0
        if self.is_stocked:
            return self._get_moves_value()
        if company.car_internal_labor != "rate":
            return 0.0
        if self.kind == "labor":
            return self.sold_hours * company.car_internal_hourly_rate
        if self.kind == "outside":
            return self._get_outside_cost()
        return 0.0

    def _get_settlement_account(self):
        """Return the account that a settlement credits.

        :raise UserError: when the product's category names none.
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        accounts = product.product_tmpl_id.get_product_accounts()
        if self.is_stocked:
            perpetual = product.valuation == "real_time" and product.is_storable
            account = accounts["stock_valuation" if perpetual else "expense"]
        else:
            account = accounts["income" if self.kind == "labor" else "expense"]
        if not account:
            raise UserError(
                self.env._(
                    "%(product)s: its category lacks the account that internal work "
                    "is booked on.",
                    product=product.display_name,
                )
            )
        return account


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def action_create_invoices(self, payers=None):
        """Bill, credit or settle what is open, one document per payer.

        :param payers: only these; all of the orders by default.
        :return: the action that shows the new documents.
        """
        if not payers:
            payers = self.payer_ids
            if not self._has_group("cashier", "supervisor"):
                payers = payers.filtered(lambda payer: payer.kind != "customer")
        self._check_may_bill(payers)
        self._take_turn()
        # Safe: who is billed and who bills, read in one query for what follows.
        people = self.env.user.partner_id.sudo() | payers.sudo().partner_id
        people.mapped("name")
        documents = payers._create_invoices()
        if not documents:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nothing is to bill now: parts are billed once issued, labor "
                        "once done."
                    ),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        invoices = documents.filtered(lambda move: move.move_type != "entry")
        if not invoices:
            return self.action_open_settlements()
        return self._get_invoices_action(invoices)

    def action_reprice(self):
        """Price the lines anew by price list and payer; a raised price asks again."""
        self._require_group("advisor", "warranty_clerk")
        self._check_locked_fields({"line_ids": True})
        self.line_ids._reprice()

    def _check_may_bill(self, payers):
        """Let the cashier bill, and the warranty clerk those who are not customers."""
        self._refuse(
            lambda order: order.state in ("cancelled",), self.env._("it is cancelled")
        )
        if self._has_group("cashier", "supervisor"):
            return
        self._require_group("warranty_clerk")
        if payers.filtered(lambda payer: payer.kind == "customer"):
            self._raise_for_each(self.env._("the cashier bills the customer"))
