from odoo.fields import Command

from .common import CarWorkshopCommon


class BillingCommon(CarWorkshopCommon):
    """Payers, shares and figures that every billing test needs."""

    def _add_payer(self, order, kind, partner=None, **values):
        return (
            self.env["car.repair.payer"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "kind": kind,
                    "partner_id": partner.id if partner else False,
                    **values,
                }
            )
        )

    def _split(self, line, *shares):
        """Split a line: pairs of payer and percent."""
        line.with_user(self.user_advisor).share_ids = [
            Command.clear(),
            *[
                Command.create({"payer_id": payer.id, "percent": percent})
                for payer, percent in shares
            ],
        ]

    def _lines(self, order):
        """Return labor, filter and oil of an oil service."""
        return (
            order.line_ids.filtered(lambda line: line.product_id == self.labor),
            order.line_ids.filtered(lambda line: line.product_id == self.filter),
            order.line_ids.filtered(lambda line: line.product_id == self.oil),
        )

    def _balance(self, account):
        groups = self.env["account.move.line"]._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")],
            aggregates=["balance:sum"],
        )
        return groups[0][0]

    def _cogs(self, order):
        """Return the cost booked on invoices of the order."""
        lines = order.sudo().invoice_ids.line_ids.filtered(
            lambda line: line.display_type == "cogs" and line.price_unit >= 0
        )
        return -sum(lines.mapped("balance"))

    def _return(self, order, product, quantity):
        picking = order.picking_ids.sudo().filtered(lambda p: p.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.filtered(
            lambda line: line.product_id == product
        ).quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        returned.with_user(self.user_parts_clerk).button_validate()
        return returned


class PerpetualCommon(BillingCommon):
    valuation = "real_time"
