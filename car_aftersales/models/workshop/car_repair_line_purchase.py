from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class CarRepairLine(models.Model):
    """What of a repair order is bought: missing parts and outside work."""

    _inherit = "car.repair.line"

    # === PURCHASE METHODS === #

    def _is_outside_received(self):
        """Tell whether the outside work of the line has come in."""
        self.ensure_one()
        # Safe: reads quantities only; advisors have no purchase rights.
        received = sum(
            line.product_uom_id._compute_quantity(
                line.qty_received, self.product_uom_id
            )
            for line in self.sudo().purchase_line_ids
            if line.state == "purchase"
        )
        return self.product_uom_id.compare(received, self.quantity_authorized) >= 0

    def _get_quantity_to_buy(self):
        """Return what is authorized, not in stock and not on order yet."""
        self.ensure_one()
        line = self.sudo()
        is_part = self.kind == "part"
        ordered = sum(
            purchase_line.product_uom_id._compute_quantity(
                purchase_line.product_qty - purchase_line.qty_received * is_part,
                self.product_uom_id,
            )
            for purchase_line in line.purchase_line_ids
            if purchase_line.state != "cancel"
        )
        if self.kind == "outside":
            return max(0.0, self.quantity_authorized - ordered)
        missing = sum(
            move.product_uom._compute_quantity(
                move.product_uom_qty - move.quantity, self.product_uom_id
            )
            for move in line.move_ids
            if move.state in ("confirmed", "partially_available", "waiting")
        )
        return max(0.0, missing - ordered)

    def action_buy(self):
        """Ask the vendors for missing parts and outside work.

        :raise UserError: naming the products without a vendor.
        """
        self.order_id._require_group("advisor", "parts_clerk", "workshop_supervisor")
        self.order_id._take_turn()
        wanted = defaultdict(list)
        for line in self.filtered(lambda line: line.kind in ("part", "outside")):
            quantity = line._get_quantity_to_buy()
            if line.product_uom_id.compare(quantity, 0.0) <= 0:
                continue
            # Safe: vendors are read and requests made after our own check of role.
            product = line.product_id.sudo().with_company(line.company_id)
            seller = product._select_seller(
                quantity=quantity, uom_id=line.product_uom_id
            )
            if not seller:
                raise UserError(
                    self.env._(
                        "%(order)s: %(product)s has no vendor. Add one on its "
                        "Purchase tab.",
                        order=line.order_id.name,
                        product=product.display_name,
                    )
                )
            key = (seller.partner_id, line.company_id, line.order_id.warehouse_id)
            wanted[key].append((line, quantity))
        vals_list = [
            self._prepare_purchase_order_vals(*key, lines)
            for key, lines in wanted.items()
        ]
        return self.env["purchase.order"].sudo().create(vals_list)

    def _prepare_purchase_order_vals(self, vendor, company, warehouse, lines):
        """Return values of a request for quotation. Extend to add fields."""
        return {
            "partner_id": vendor.id,
            "company_id": company.id,
            "picking_type_id": warehouse.sudo().in_type_id.id,
            "origin": ", ".join({line.order_id.name for line, _quantity in lines}),
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_qty": quantity,
                        "product_uom_id": line.product_uom_id.id,
                        "car_repair_line_id": line.id,
                    }
                )
                for line, quantity in lines
            ],
        }
