from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_line_stock import ISSUING_JOBS

# What a line shows of the move that was added by hand
ADDED_FIELDS = {"product_id", "product_uom", "product_uom_qty", "quantity"}


class StockMove(models.Model):
    _inherit = "stock.move"

    car_repair_line_id = fields.Many2one(
        "car.repair.line",
        "Repair Line",
        index="btree_not_null",
        copy=True,
        check_company=True,
        ondelete="restrict",
    )

    car_direction = fields.Integer(
        compute="_compute_car_direction",
        store=True,
        precompute=True,
        aggregator=None,
        help="1 for a part of a repair order that leaves stock, -1 for one that comes "
        "back.",
    )

    @api.depends("car_repair_line_id", "location_id", "location_dest_id")
    def _compute_car_direction(self):
        # both ends of all moves in one query
        (self.location_id | self.location_dest_id).mapped("usage")
        for move in self:
            direction = 0
            if move.car_repair_line_id:
                leaves = move.location_id._should_be_valued()
                enters = move.location_dest_id._should_be_valued()
                direction = int(leaves and not enters) - int(enters and not leaves)
                if move.location_id.usage == "customer" and (
                    move.location_dest_usage == "inventory"
                ):
                    direction = -1  # returned straight to scrap
            move.car_direction = direction

    def _goes_on_to_customer(self):
        """Tell whether the part goes on to the customer in a second step."""
        self.ensure_one()
        return self.location_final_id.usage == "customer" and (
            self.location_dest_usage != "customer"
        )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._add_car_repair_lines()
        return moves

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "car_repair_line_id"]

    def _get_new_picking_values(self):
        values = super()._get_new_picking_values()
        if order := self.car_repair_line_id.order_id[:1]:
            values["car_repair_order_id"] = order.id
        return values

    def write(self, vals):
        added = reserved = self.browse()
        if ADDED_FIELDS.intersection(vals):
            added = self._filter_added_by_hand()
        if "product_id" in vals:
            changed = self.filtered(
                lambda move: move.product_id.id != vals["product_id"]
            )
            (changed - added)._check_car_product_kept()
            reserved = (changed & added).filtered("move_line_ids")
            reserved._do_unreserve()
        result = super().write(vals)
        added._follow_added()
        if reserved:
            reserved._action_assign()
        if "quantity" in vals:
            self.filtered(
                lambda move: move.state == "done" and move.car_repair_line_id
            )._check_car_raised()
        return result

    def unlink(self):
        # What the system itself takes back (it runs with all rights) leaves the lines.
        added = self.browse() if self.env.su else self._filter_added_by_hand()
        lines = added.car_repair_line_id
        result = super().unlink()
        lines._withdraw_added()
        return result

    def _action_cancel(self):
        # The same here: only a clerk who cancels takes the line away.
        added = self.browse() if self.env.su else self._filter_added_by_hand()
        lines = added.car_repair_line_id
        result = super()._action_cancel()
        lines._withdraw_added()
        return result

    def _check_car_raised(self):
        """Refuse raising a done transfer above what was agreed."""
        for line in self.car_repair_line_id.sudo():  # Safe: quantities only.
            if line.product_uom_id.compare(
                line.quantity_issued, line.quantity_authorized
            ) > 0 and any(move.car_direction > 0 for move in self):
                line.order_id._raise_for_each(
                    self.env._(
                        "more of %(part)s would be issued than was agreed",
                        part=line.name,
                    )
                )

    def _trigger_assign(self):
        """Give what was bought for an order to that order, then to the oldest need."""
        config = self.env["ir.config_parameter"].sudo()
        if not config.get_param("stock.picking_no_auto_reserve"):
            self._assign_car_parts()
        return super()._trigger_assign()

    def _assign_car_parts(self):
        """Reserve what has come in for the repair lines that it was bought for."""
        # Safe: who receives the goods may reserve them.
        bought = self._get_car_purchases()
        waiting = bought.car_repair_line_id.move_ids.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and move.product_id in self.product_id
            )
        )
        if waiting:
            waiting.with_env(self.env)._action_assign()
        parts = bought.car_appointment_part_id.filtered(
            lambda part: part.product_id in self.product_id and part._can_be_reserved()
        )
        if parts:
            parts.with_env(self.env)._reserve()

    def _get_car_purchases(self):
        """Return, with all rights, the purchase lines the goods were bought by."""
        # Safe: tells only for what they were bought.
        received = self.sudo()
        bought = received.purchase_line_id
        # Goods that take several steps to the shelf name it on the first one only.
        seen = steps = received.filtered(lambda move: not move.purchase_line_id)
        while steps := steps.move_orig_ids - seen:
            bought |= steps.purchase_line_id
            seen |= steps
        return bought

    def _action_done(self, cancel_backorder=False):
        self._check_car_authorized()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _get_car_quantities(self):
        """Map (repair line, product) to what the moves take out minus bring back."""
        quantities = defaultdict(float)
        for move in self:
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id
            )
            key = (move.car_repair_line_id, move.product_id)
            quantities[key] += move.car_direction * quantity
        return quantities

    def _add_car_repair_lines(self):
        """Turn a product added to a workshop transfer by hand into a line to consent.

        The transfer stays blocked until the line is agreed to or swapped. Scrap, and
        what is added to a return, is nothing that the customer gets.
        """
        for move in self:
            order = move.picking_id.car_repair_order_id
            if (
                not order
                or move.car_repair_line_id
                or move.origin_returned_move_id
                or move.location_dest_usage == "inventory"
                or move.location_dest_id._should_be_valued()
                or move.picking_type_id != order.warehouse_id.workshop_type_id
            ):
                continue
            # Safe: the parts clerk may issue; what he adds waits for the consent.
            order = order.sudo()
            jobs = order.job_ids.filtered(lambda job: job.state in ISSUING_JOBS)
            move.car_repair_line_id = (
                self.env["car.repair.line"]
                .sudo()
                .create(
                    {
                        "order_id": order.id,
                        "job_id": (jobs or order.job_ids)[:1].id,
                        "product_id": move.product_id.id,
                        "kind": "part",
                        "quantity": move.product_uom_qty or move.quantity or 1.0,
                        "product_uom_id": move.product_uom.id,
                    }
                )
            )

    def _filter_added_by_hand(self):
        """Return the open moves whose line stands for them and was never answered."""

        def is_added(move):
            # Safe: tells only how the line came about.
            line = move.car_repair_line_id.sudo()
            return (
                line
                and move.state not in ("done", "cancel")
                and move.product_id == line.product_id
                and not line.authorization_line_ids
                and line.move_ids.filtered(lambda other: other.state != "cancel")
                == move.sudo()
            )

        return self.filtered(is_added)

    def _follow_added(self):
        """Bring the lines of products added by hand in step with their moves."""
        for move in self:
            # Safe: the line came from the move and waits for its first answer.
            line = move.car_repair_line_id.sudo()
            values = {
                "product_uom_id": move.product_uom.id,
                "quantity": max(move.product_uom_qty, move.quantity),
            }
            if line.product_id != move.product_id:
                values.update(product_id=move.product_id.id, kind="part")
            line.write(values)

    def _check_car_product_kept(self):
        """Refuse another product under a line that was agreed to or is issued.

        :raise UserError: naming order and part, and the way to do it.
        """
        # Safe: names the document only.
        for line in self.car_repair_line_id.sudo():
            raise UserError(
                self.env._(
                    "%(order)s, %(part)s: its transfer issues no other product. Add "
                    "the other product to the transfer; the advisor then swaps it for "
                    "this part or asks the customer.",
                    order=line.order_id.name,
                    part=line.name,
                )
            )

    def _check_car_authorized(self):
        """Refuse issuing more than the customer agreed to, whoever validates.

        :raise UserError: naming order and part.
        """
        by_line = defaultdict(self.browse)
        for move in self:
            if move.car_repair_line_id and move.picked and move.state != "done":
                by_line[move.car_repair_line_id.sudo()] |= move
        if not by_line:
            return
        lines = self.env["car.repair.line"].sudo().concat(*by_line)
        # Safe: what the orders agreed to, compared below.
        self.picking_id.sudo().car_repair_order_id._read_parts()
        lines.order_id._take_turn()
        for line, moves in by_line.items():
            if not any(move.car_direction > 0 for move in moves):
                line._check_return(moves)
                continue
            line._check_job_issues()
            done = line.move_ids.filtered(lambda move: move.state == "done")
            total = line._get_moved_quantity(done | moves.sudo())
            if line.product_uom_id.compare(total, line.quantity_authorized) > 0:
                raise UserError(
                    self.env._(
                        "%(order)s, %(part)s: %(quantity)s %(unit)s would be issued, "
                        "the customer has agreed to %(authorized)s. Ask the advisor "
                        "for his consent or swap the part.",
                        order=line.order_id.name,
                        part=line.name,
                        quantity=total,
                        unit=line.product_uom_id.name,
                        authorized=line.quantity_authorized,
                    )
                )
