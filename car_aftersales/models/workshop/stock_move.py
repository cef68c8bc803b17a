from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_line_stock import ISSUING_JOBS


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
        for move in self:
            direction = 0
            if move.car_repair_line_id:
                leaves = move.location_id._should_be_valued()
                enters = move.location_dest_id._should_be_valued()
                direction = int(leaves and not enters) - int(enters and not leaves)
            move.car_direction = direction

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
        result = super().write(vals)
        if "quantity" in vals:
            self.filtered(
                lambda move: move.state == "done" and move.car_repair_line_id
            )._check_car_raised()
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

    def _action_done(self, cancel_backorder=False):
        self._check_car_authorized()
        return super()._action_done(cancel_backorder=cancel_backorder)

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
