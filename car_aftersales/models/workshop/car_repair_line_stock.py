from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .car_repair_job import UNSOLD_JOBS

# Somebody has yet to answer for all or a part of it
ASKED = ("pending", "partly", "exceeded")
ISSUING_JOBS = ("authorized", "in_progress", "done")


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    move_ids = fields.One2many("stock.move", "car_repair_line_id", "Stock Moves")
    purchase_line_ids = fields.One2many(
        "purchase.order.line", "car_repair_line_id", "Purchase Lines"
    )
    is_stocked = fields.Boolean(
        compute="_compute_is_stocked",
        store=True,
        precompute=True,
        help="A part of ours that leaves stock.",
    )
    quantity_issued = fields.Float(
        compute="_compute_quantity_issued",
        store=True,
        default=0.0,
        compute_sudo=True,
        digits="Product Unit",
        help="Issued from stock minus returned to it.",
    )
    parts_state = fields.Selection(
        [
            ("none", "No part"),
            ("to_order", "Missing"),
            ("expected", "Expected"),
            ("ready", "In stock"),
            ("issued", "Issued"),
        ],
        "Availability",
        compute="_compute_parts_state",
        compute_sudo=True,
    )
    expected_at = fields.Datetime(
        "Expected On", compute="_compute_parts_state", compute_sudo=True
    )
    lot_names = fields.Char(
        "Lots / Serials", compute="_compute_lot_names", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "supply", "product_id")
    def _compute_is_stocked(self):
        for line in self:
            line.is_stocked = (
                line.kind == "part"
                and line.supply == "ours"
                and line.product_id.type == "consu"
            )

    @api.depends(
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.car_direction",
        "product_uom_id",
    )
    def _compute_quantity_issued(self):
        for line in self:
            line.quantity_issued = line._get_moved_quantity(
                line.move_ids.filtered(lambda move: move.state == "done")
            )

    @api.depends(
        "move_ids.state",
        "move_ids.quantity",
        "appointment_part_ids.is_put_aside",
        "quantity",
        "supply",
        "kind",
    )
    def _compute_parts_state(self):
        """Say for each part whether it is there, on its way, or missing."""
        open_moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel", "draft")
        )
        if open_moves:
            open_moves._fields["forecast_availability"].compute_value(open_moves)
        for line in self:
            line.expected_at = False
            if not line.is_stocked:
                line.parts_state = "none"
                continue
            moves = line.move_ids & open_moves
            if not moves:
                issued = line.product_uom_id.compare(
                    line.quantity_issued, line.quantity
                )
                line.parts_state = "issued" if issued >= 0 else "none"
                parts = line.appointment_part_ids
                if issued < 0 and parts and all(parts.mapped("is_put_aside")):
                    line.parts_state = "ready"  # for an order still to be agreed
            elif all(move.state == "assigned" for move in moves):
                line.parts_state = "ready"
            else:
                missing = any(
                    move.product_id.uom_id.compare(
                        move.forecast_availability, move.product_qty
                    )
                    < 0
                    for move in moves
                )
                dates = [
                    move.forecast_expected_date
                    for move in moves
                    if move.forecast_expected_date
                ]
                line.expected_at = max(dates) if dates else False
                if missing:
                    line.parts_state = "to_order"
                else:
                    line.parts_state = "expected" if dates else "ready"

    @api.depends("move_ids.lot_ids")
    def _compute_lot_names(self):
        for line in self:
            line.lot_names = ", ".join(line.move_ids.lot_ids.mapped("name"))

    # === BUSINESS METHODS === #

    def _get_moved_quantity(self, moves, planned=False):
        """Return what moves take out of stock minus what they bring back.

        Moves inside the stock do not count. Extend for products made of others.

        :param planned: count what is asked for instead of what is done or picked.
        :return: quantity in the unit of the line.
        """
        self.ensure_one()
        total = 0.0
        for move in moves:
            asked = planned and move.state != "done"
            if sign := move.car_direction or int(asked and move._goes_on_to_customer()):
                quantity = move.product_uom_qty if asked else move.quantity
                total += sign * move.product_uom._compute_quantity(
                    quantity, self.product_uom_id, rounding_method="HALF-UP"
                )
        return total

    def _get_parts_out(self):
        """Return what was issued for the lines and has not come back.

        Product by product: half a kit, or a part issued instead of the agreed one, is
        out as well.
        """
        # Safe: names of the lines' own parts.
        done = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        return self.env["product.product"].concat(
            *(
                product.with_env(self.env)
                for (_line, product), quantity in done._get_car_quantities().items()
                if product.uom_id.compare(quantity, 0.0) > 0
            )
        )

    def _filter_to_ask(self, internal=None):
        """Return the lines that wait for an answer.

        :param internal: True for the supervisor's, False for the customer's answer.
        """
        lines = self.filtered(
            lambda line: (
                line.authorization_state in ASKED
                and line.job_id.state not in UNSOLD_JOBS
                and line.quantity
            )
        )
        if internal is None:
            return lines
        return lines.filtered(lambda line: line._lacks_answer(internal))

    def _apply_answer(self, is_diagnosis=False):
        """Carry an answer to the jobs, the order and the parts."""
        # Safe: what follows from an answer whose recorder was checked.
        jobs = self.job_id.sudo()
        if not is_diagnosis:
            agreed = jobs.filtered(lambda job: job._has_authorized_line())
            agreed.filtered(
                lambda job: job.state in ("draft", "estimated", "declined", "deferred")
            ).write({"state": "authorized"})
            (jobs - agreed).filtered(
                lambda job: (
                    job.state in ("draft", "estimated")
                    and all(
                        line.authorization_state == "declined"
                        for line in job.line_ids
                        if not line.credited_line_id
                    )
                )
            ).write({"state": "declined"})
            self.order_id.filtered(
                lambda order: (
                    order.state in ("reception", "estimate")
                    and any(job.state == "authorized" for job in order.job_ids)
                )
            ).write({"state": "authorized"})
        self._launch_parts()

    def _launch_parts(self):
        """Bring the open stock moves to what is authorized and not issued yet."""
        # A line never answered has no moves, or the one the clerk added by hand.
        lines = self.filtered(
            lambda line: (
                line.is_stocked
                and line.authorization_line_ids
                and line.job_id.state in ISSUING_JOBS
            )
        )
        if not lines:
            return self.env["stock.move"]
        vals_list = []
        for line in lines:
            # Safe: the line's own moves, after the consent was checked.
            moves = line.sudo().move_ids.filtered(lambda move: move.state != "cancel")
            wanted = line.quantity_authorized
            if line.authorization_state == "declined":
                wanted = 0.0
            missing = wanted - line._get_moved_quantity(moves, planned=True)
            if line.product_uom_id.compare(missing, 0.0) < 0:
                line._reduce_open_moves(moves, -missing)
                continue
            missing = line._take_put_aside(missing)
            if line.product_uom_id.compare(missing, 0.0) > 0:
                vals_list.append(line._prepare_stock_move_vals(missing))
        lines._release_put_aside()
        if not vals_list:
            return self.env["stock.move"]
        # Safe: advisors have no stock rights; the lines are authorized. Nor do they
        # follow the transfer of the warehouse.
        stock = self.env["stock.move"].with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True
        )
        moves = stock.sudo().create(vals_list)._action_confirm()
        moves = moves.with_env(self.env(su=True))
        moves._trigger_scheduler()
        return moves

    def _prepare_stock_move_vals(self, quantity=None):
        """Return values of the move that issues the part. Extend to add fields.

        :param quantity: in the unit of the line; what is authorized by default.
        """
        self.ensure_one()
        order = self.order_id
        warehouse = order.warehouse_id
        picking_type = warehouse.sudo().workshop_type_id
        if not picking_type:
            order._raise_for_each(
                self.env._(
                    "the site %(site)s has no workshop operation type",
                    site=warehouse.name,
                )
            )
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": (
                self.quantity_authorized if quantity is None else quantity
            ),
            "picking_type_id": picking_type.id,
            "location_id": picking_type.default_location_src_id.id,
            "location_dest_id": picking_type.default_location_dest_id.id,
            "location_final_id": picking_type._get_workshop_end().id,
            "warehouse_id": warehouse.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "origin": order.name,
            "reference_ids": [Command.link(order._get_stock_reference().id)],
            "car_repair_line_id": self.id,
            "date": fields.Datetime.now(),
        }

    def _check_job_issues(self):
        """Refuse issuing parts of a job that is not agreed to or is closed."""
        self.ensure_one()
        job = self.job_id
        if job.state not in ISSUING_JOBS:
            self.order_id._raise_for_each(
                self.env._(
                    "%(part)s belongs to a job that is “%(state)s”: it is not issued",
                    part=self.name,
                    state=job._get_state_label(job.state),
                )
            )

    def _check_return(self, moves):
        """Refuse bringing back more of a product than was issued."""
        self.ensure_one()
        done = self.move_ids.filtered(lambda move: move.state == "done")
        out = (done | moves.sudo())._get_car_quantities()
        if any(
            product.uom_id.compare(quantity, 0.0) < 0
            for (_line, product), quantity in out.items()
        ):
            self.order_id._raise_for_each(
                self.env._(
                    "more of %(part)s comes back than was issued", part=self.name
                )
            )

    def _reduce_open_moves(self, moves, quantity):
        """Take back what was asked for and is not issued yet."""
        self.ensure_one()
        for move in moves.filtered(lambda move: move.state != "done"):
            if self.product_uom_id.compare(quantity, 0.0) <= 0:
                break
            demand = move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom_id
            )
            if self.product_uom_id.compare(demand, quantity) <= 0:
                move._action_cancel()
                quantity -= demand
            else:
                move.product_uom_qty = self.product_uom_id._compute_quantity(
                    demand - quantity, move.product_uom
                )
                move._action_assign()
                quantity = 0.0

    def _drop_other_products(self):
        """Give back what is asked of stock for another product than the line's."""
        # Safe: the lines' own open moves, after the change of product was checked.
        moves = self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.product_id != move.car_repair_line_id.product_id
            )
        )
        if moves:
            moves._action_cancel()

    def _withdraw_added(self):
        """Take away lines of products that the clerk added and took back unanswered.

        A line that something was bought for stays, with nothing to ask.
        """
        # Safe: nobody has answered for the lines, and what they stood for is gone.
        for line in self.sudo()._filter_to_ask():
            order = line.order_id
            if order.state in ("delivered", "cancelled") or order._get_final_pass():
                continue
            if line.purchase_line_ids:
                line.quantity = 0.0
            else:
                line.move_ids.car_repair_line_id = False
                line.unlink()

    def _follow_quantity(self):
        """Bring consent and parts in step after a change of quantity.

        :raise UserError: when more has been issued than the line shall have.
        """
        for line in self.filtered(lambda line: line.is_stocked):
            if line.product_uom_id.compare(line.quantity, line.quantity_issued) < 0:
                raise UserError(
                    self.env._(
                        "%(order)s, %(line)s: %(issued)s are issued. Return the rest "
                        "to stock first.",
                        order=line.order_id.name,
                        line=line.name,
                        issued=line.quantity_issued,
                    )
                )
            if line.product_uom_id.is_zero(line.quantity):
                line.order_id._check_returned(line)
        self._launch_parts()

    def action_swap_for(self, line):
        """Issue the product added by hand instead of the part of another line.

        The other line keeps what was sold and agreed; its stock moves are the new ones.

        :param line: the line of the same order whose part is replaced.
        """
        self.ensure_one()
        order = self.order_id
        order._require_group("advisor", "workshop_supervisor")
        moves = self.sudo().move_ids  # Safe: our own moves, after the check of role.
        if (
            line.order_id != order
            or line == self
            or not line.is_stocked
            or self.authorization_line_ids
            or any(move.state == "done" for move in moves)
        ):
            order._raise_for_each(
                self.env._(
                    "%(part)s cannot be swapped for %(line)s",
                    part=self.name,
                    line=line.name,
                )
            )
        replaced = line.sudo().move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for move in moves.filtered(lambda move: not move.product_uom_qty)[:1]:
            # Added without a demand: as much is asked for as is replaced.
            move.product_uom_qty = (
                move.quantity
                or line.product_uom_id._compute_quantity(
                    line._get_moved_quantity(replaced, planned=True), move.product_uom
                )
            )
        replaced._action_cancel()
        moves.car_repair_line_id = line
        moves.filtered(lambda move: move.state == "draft")._action_confirm(merge=False)
        order._message_log(
            body=self.env._(
                "%(part)s is issued instead of %(line)s.",
                part=self.name,
                line=line.name,
            )
        )
        self.sudo().unlink()

    def action_request_parts(self):
        """Ask the stock again for agreed parts whose transfer was cancelled."""
        self.order_id._require_group("advisor", "parts_clerk", "workshop_supervisor")
        self.order_id._take_turn()
        return bool(self._launch_parts())

    # === PURCHASE METHODS === #
