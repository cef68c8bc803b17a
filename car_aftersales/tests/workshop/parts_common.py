from odoo.fields import Command

from .billing_common import BillingCommon


class PartsCommon(BillingCommon):
    """What the parts clerk does with the transfers of an order."""

    def _open_picking(self, order):
        return (
            order.picking_ids.sudo()
            .filtered(lambda picking: picking.state not in ("done", "cancel"))
            .with_user(self.user_parts_clerk)
        )

    def _add_by_hand(self, picking, product, quantity=1.0, **values):
        """Let the clerk add a product to a transfer; return its move."""
        before = picking.move_ids
        picking.with_user(self.user_parts_clerk).write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": picking.location_id.id,
                            "location_dest_id": picking.location_dest_id.id,
                            **values,
                        }
                    )
                ]
            }
        )
        return picking.move_ids - before

    def _return(self, order, product, quantity, validate=True):
        """Let the clerk bring back what was issued; return the transfer."""
        picking = order.picking_ids.sudo().filtered(lambda p: p.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user_parts_clerk)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.filtered(
            lambda line: line.product_id == product
        ).quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        if validate:
            returned.with_user(self.user_parts_clerk).button_validate()
        return returned
