from collections import defaultdict

from odoo import models
from odoo.fields import Command

from .car_repair_billing import EPSILON
from .car_repair_payer import HOUSE_KINDS


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    # === INVOICES === #

    def _create_invoices(self):
        """Bill, credit or settle what is open for the payers, one document for each.

        Orders of one payer with the same terms share a document.
        """
        orders = self.order_id
        by_payer = defaultdict(list)
        for item in orders.line_ids._get_outstanding():
            if item["payer"] in self:
                by_payer[item["payer"]].append(item)
        self._check_prices_agreed(by_payer)
        house = self.filtered(lambda payer: payer.kind in HOUSE_KINDS)
        documents = defaultdict(list)
        for payer in self - house:
            if commands := payer._prepare_invoice_lines(by_payer[payer]):
                documents[payer._get_invoice_key()].append((payer, commands))
        vals_list = [self._prepare_invoice_vals(parts) for parts in documents.values()]
        # Safe: role and state were checked by the caller, as sale does.
        # The cashier does not follow each bill he makes.
        books = self.env["account.move"].with_context(mail_create_nosubscribe=True)
        moves = books.sudo().create(vals_list).with_env(self.env(su=True))
        posted = moves.filtered("company_id.car_post_invoices")
        if posted:
            posted.action_post()
        return moves | house._create_settlements()

    def _check_prices_agreed(self, by_payer):
        for items in by_payer.values():
            for item in items:
                line = item["line"]
                if line.authorization_state == "exceeded" and item["quantity"] > 0:
                    line.order_id._raise_for_each(
                        self.env._(
                            "the price of %(line)s was raised after the customer "
                            "agreed; ask him again or restore it",
                            line=line.name,
                        )
                    )

    def _get_invoice_key(self):
        self.ensure_one()
        return (
            self.company_id,
            self.partner_id,
            self.kind,
            self.currency_id,
            self.fiscal_position_id,
            self.payment_term_id,
        )

    def _prepare_invoice_lines(self, items):
        """Return the values of the payer's invoice lines."""
        self.ensure_one()
        lines = [
            item["line"]._prepare_invoice_line_vals(
                self, item["share"], item["quantity"], item["amount"], item["asked"]
            )
            for item in items
        ]
        lines += self._prepare_deductible_lines()
        lines += self._prepare_deduction_lines(lines)
        if lines and self.kind == "customer":
            lines += self._prepare_note_lines()
        return lines

    def _prepare_note_lines(self):
        """Return notes on the parts that the customer supplied himself."""
        return [
            {
                "display_type": "line_note",
                "name": self.env._(
                    "Supplied by the customer: %(part)s, %(quantity)s %(unit)s",
                    part=line.name,
                    quantity=line.quantity,
                    unit=line.product_uom_id.name,
                ),
                "car_repair_line_id": line.id,
            }
            for line in self.order_id.line_ids
            if line.supply == "customer"
            and line.payer_id == self
            and not line.sudo().invoice_line_ids
        ]

    def _prepare_invoice_vals(self, parts):
        """Return values of an invoice, or a credit note where it comes out negative.

        :param parts: list of (payer, line values).
        """
        payers = self.browse().concat(*[payer for payer, _lines in parts])
        payer = payers[0]
        lines = [line for _payer, values in parts for line in values]
        total = payer._get_gross_total(lines)
        is_refund = payer.currency_id.compare_amounts(total, 0.0) < 0
        if is_refund:
            for line in lines:
                line["quantity"] = -line.get("quantity", 0.0)
                if line.get("extra_tax_data"):
                    line["extra_tax_data"] = self.env[
                        "account.tax"
                    ]._reverse_quantity_base_line_extra_tax_data(line["extra_tax_data"])
        references = [payer.reference for payer in payers if payer.reference]
        return {
            "move_type": "out_refund" if is_refund else "out_invoice",
            "company_id": payer.company_id.id,
            "partner_id": payer.partner_id.id,
            "currency_id": payer.currency_id.id,
            "fiscal_position_id": payer.fiscal_position_id.id,
            "invoice_payment_term_id": payer.payment_term_id.id,
            "invoice_user_id": payer.order_id[:1].advisor_id.id,
            "invoice_origin": ", ".join(payers.order_id.mapped("name")),
            "ref": ", ".join(references) or False,
            "car_repair_order_ids": [Command.set(payers.order_id.ids)],
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    def _get_base_lines(self):
        """Return the payer's billable part of the order as the tax engine wants it."""
        self.ensure_one()
        base_lines = []
        for line in self.order_id.line_ids:
            fraction = dict(line._get_shares()).get(self)
            quantity = line._get_billable_quantity()
            if fraction and quantity:
                base_lines.append(
                    line._prepare_payer_base_line(self, fraction, quantity=quantity)
                )
        return self._round_base_lines(base_lines)

    def _round_base_lines(self, base_lines):
        AccountTax = self.env["account.tax"]
        company = self.company_id
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        AccountTax._round_base_lines_tax_details(base_lines, company)
        return base_lines

    # === SETTLEMENT === #

    def _create_settlements(self):
        """Book what the house bears itself, from the real moves, once.

        Debit the cost account of who ordered it; credit the stock valuation (perpetual)
        or the expense account of the part (periodic). A payer changed later reverses by
        booking the difference.
        """
        vals_list = []
        for payer in self:
            if commands := payer._prepare_settlement_lines():
                vals_list.append(payer._prepare_settlement_vals(commands))
        # Safe: role and state were checked by the caller.
        moves = self.env["account.move"].sudo().create(vals_list)
        if moves:
            moves.action_post()
        return moves

    def _prepare_settlement_vals(self, commands):
        company = self.company_id
        journal = company.account_stock_journal_id or self.env[
            "account.journal"
        ].sudo().search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "ref": f"{self.order_id.name} {self.display_name}",
            "line_ids": commands,
        }

    def _get_cost_account(self):
        """Return the account that bears internal or goodwill work.

        :raise UserError: when neither payer nor company names one.
        """
        self.ensure_one()
        company = self.company_id
        account = self.cost_account_id or (
            company.car_goodwill_account_id
            if self.kind == "goodwill"
            else company.car_internal_account_id
        )
        if not account:
            self.order_id._raise_for_each(
                self.env._(
                    "the cost account of %(payer)s is missing; name it on the payer or "
                    "in the settings",
                    payer=self.display_name,
                )
            )
        return account

    def _get_line_cost_account(self, line):
        """Return the account that bears the house's part of a line.

        To be extended where somebody else than the payer answers for a line.
        """
        return self._get_cost_account()

    def _prepare_settlement_lines(self):
        """Return the pairs of journal items that bring the settlement up to date."""
        self.ensure_one()
        order = self.order_id
        booked = defaultdict(float)
        quantities = defaultdict(float)
        for item in self.sudo().line_invoice_ids:
            if item.car_repair_role == "settled_cost" and item.parent_state != "cancel":
                booked[item.car_repair_line_id.id] += item.balance
                quantities[item.car_repair_line_id.id] += (
                    item.quantity * item.car_repair_share
                )
        commands = []
        for line in order.line_ids.sudo():
            fraction = dict(line._get_shares()).get(self.sudo(), 0.0)
            if not fraction and line.id not in booked:
                continue
            billable = line._get_billable_quantity()
            currency = line.company_id.currency_id
            cost = line._get_house_cost(billable)
            target = line._split_between_payers(cost, currency).get(self.sudo(), 0.0)
            amount = target - booked[line.id]
            quantity = billable * fraction - quantities[line.id]
            if currency.is_zero(amount) and abs(quantity) < EPSILON:
                continue
            share = 1.0
            if abs(quantity) >= EPSILON:
                quantity, share = line._get_billed_as(
                    quantity, fraction or 1.0, billable
                )
            commands += self._prepare_settlement_pair(line, amount, quantity, share)
        return commands

    def _prepare_settlement_pair(self, line, amount, quantity, share):
        """Return debit and credit of what the house bears of a line.

        :param amount: in the currency of the company.
        :param quantity: of the line, of which the house bears the share.
        """
        common = {
            "name": f"{self.order_id.name} {line.name}",
            "product_id": line.product_id.id,
            "car_repair_line_id": line.id,
        }
        return [
            Command.create(
                {
                    **common,
                    "account_id": self._get_line_cost_account(line).id,
                    "balance": amount,
                    "quantity": quantity,
                    "car_repair_payer_id": self.id,
                    "car_repair_share": share,
                    "car_repair_role": "settled_cost",
                }
            ),
            Command.create(
                {
                    **common,
                    "account_id": line._get_settlement_account().id,
                    "balance": -amount,
                    "quantity": 0.0,
                    "car_repair_role": "settled_stock"
                    if line.is_stocked
                    else "settled_work",
                }
            ),
        ]
