from odoo.fields import Command

from ..workshop.billing_common import BillingCommon

WORDS = {
    "cause": "Bearing worn, play 0.8 mm",
    "correction": "Water pump replaced, system bled",
}


class ClaimsCommon(BillingCommon):
    """A maker with terms, and delivered orders that he pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"].create
        cls.tolerance_account = account(
            {"name": "Small differences", "code": "669911", "account_type": "expense"}
        )
        cls.short_account = account(
            {"name": "Short payments", "code": "669912", "account_type": "expense"}
        )
        cls.over_account = account(
            {"name": "Overpayments", "code": "769911", "account_type": "income_other"}
        )
        cls.technician = cls.env["car.technician"].create({"name": "孙建军"})
        cls.terms = cls.env["car.warranty.maker"].create(
            {
                "partner_id": cls.maker.id,
                "clerk_id": cls.user_warranty_clerk.id,
                "tolerance_amount": 5.0,
                "tolerance_account_id": cls.tolerance_account.id,
                "short_account_id": cls.short_account.id,
                "over_account_id": cls.over_account.id,
            }
        )

    # === BUILDERS === #

    def _deliver(self, lines=None, kind="warranty", partner=None, share=100, **values):
        """Return a delivered order whose lines a maker pays.

        :param share: his part of each line in percent; the customer pays the rest.
        """
        values.setdefault("odometer_km", 42000)
        order = self._create_order(lines, **values)
        payer = self._add_payer(order, kind, partner or self.maker)
        if share == 100:
            order.line_ids.payer_id = payer
        else:
            for line in order.line_ids:
                self._split(
                    line, (order._get_customer_payer(), 100 - share), (payer, share)
                )
        order.job_ids.write({**WORDS, "technician_ids": self.technician.ids})
        self._make_ready(order)
        self._bill(order)
        invoice = order.sudo().invoice_ids.filtered(
            lambda move: move.partner_id == self.customer
        )
        if invoice:
            self._pay(invoice)
        self._leave(order)
        return order

    def _unclaimed(self, order):
        return (
            self.env["car.warranty.unclaimed"]
            .with_user(self.user_warranty_clerk)
            .search([("order_id", "=", order.id)])
        )

    def _collect(self, order):
        """Let the clerk collect; return the claim of the order."""
        self.env.flush_all()
        return (
            self.env["car.warranty.claim"]
            .with_user(self.user_warranty_clerk)
            ._collect(self._unclaimed(order))
        )

    def _send(self, order):
        """Return the claim of a delivered order, sent."""
        claim = self._collect(order)
        claim.action_submit()
        return claim

    def _answer(self, claim, *accepted, reason="Not covered", user=None):
        """Enter the maker's answer in the dialog: amounts of labor, filter, oil."""
        action = claim.with_user(user or self.user_warranty_clerk).action_answer()
        dialog = (
            self.env[action["res_model"]]
            .with_user(user or self.user_warranty_clerk)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        for line, amount in zip(dialog.line_ids, accepted, strict=True):
            line.amount = amount
        dialog.action_confirm()
        return dialog

    def _charge_back(self, claim, *amounts, reason="Audit: no photo"):
        action = claim.action_charge_back()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.user_warranty_clerk)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        for line, amount in zip(dialog.line_ids, amounts, strict=True):
            line.amount = amount
        dialog.action_confirm()

    def _receive_money(self, invoices, amount):
        """Let the cashier register what the maker has paid."""
        self.env["account.payment.register"].with_user(self.user_cashier).with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"amount": amount})._create_payments()

    def _decide(self, claim, decision, user=None):
        """Decide on a difference in payment."""
        claim = claim.with_user(user or self.user_cashier)
        action = claim.action_shortfall()
        dialog = (
            self.env[action["res_model"]]
            .with_user(user or self.user_cashier)
            .with_context(**action["context"])
            .create({"decision": decision, "reason": "Told by phone"})
        )
        dialog.action_confirm()
        return dialog

    # === WHAT THE BOOKS SAY === #

    def _bill_of(self, claim, kind="out_invoice"):
        return claim.sudo().invoice_ids.filtered(lambda move: move.move_type == kind)

    def _net(self, claim):
        """Return what the maker was billed for the claim, by the journal items."""
        items = claim.sudo().invoice_ids.line_ids.filtered(
            lambda item: (
                item.display_type == "product"
                and item.car_repair_payer_id == claim.sudo().payer_id
            )
        )
        return -sum(items.mapped("balance"))

    def _open_of_maker(self, partner=None):
        """Return what the maker owes by the ledger."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "=", (partner or self.maker).id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            aggregates=["balance:sum"],
        )
        return groups[0][0] or 0.0

    def _report(self, *names, domain=()):
        """Return sums of the warranty accounts."""
        self.env.flush_all()
        aggregates = [f"{name}:sum" for name in names]
        return self.env["car.warranty.claim.report"]._read_group(
            list(domain), aggregates=aggregates
        )[0]

    def _create_format(self, **values):
        columns = {
            "claim": "Claim",
            "code": "Part",
            "accepted": "Paid",
            "reason": "Remark",
            "maker_reference": "Our No.",
            "decision": "Result",
        }
        return self.env["car.warranty.claim.format"].create(
            {
                "name": "Importer",
                "return_word": "BACK",
                "column_ids": [
                    Command.create({"field": field, "title": title})
                    for field, title in columns.items()
                ],
                **values,
            }
        )
