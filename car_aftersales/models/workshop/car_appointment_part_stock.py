from odoo import api, fields, models
from odoo.exceptions import UserError

CLOSED_MOVES = ("done", "cancel")


class CarAppointmentPart(models.Model):
    """How a part lies ready: reserved by a move of the workshop's operation type.

    The move waits in a transfer of the appointment. It cannot be done: what the
    customer agrees to takes the move over into the order's transfer.
    """

    _inherit = "car.appointment.part"

    move_ids = fields.One2many("stock.move", "car_appointment_part_id", "Stock Moves")
    repair_line_id = fields.Many2one(
        "car.repair.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="The line of the repair order that the part lies ready for.",
    )
    is_put_aside = fields.Boolean(
        "On the Shelf", compute="_compute_is_put_aside", store=True, compute_sudo=True
    )
    put_aside_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    put_aside_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("move_ids.state", "move_ids.quantity", "quantity")
    def _compute_is_put_aside(self):
        for part in self:
            reserved = part._get_reserved_quantity()
            part.is_put_aside = bool(reserved) and (
                part.product_id.uom_id.compare(reserved, part.quantity) >= 0
            )

    # === CRUD METHODS === #

    def unlink(self):
        self._release()
        return super().unlink()

    # === ACTION METHODS === #

    def action_put_aside(self):
        """Reserve the parts in stock for the car, so that nobody else takes them.

        :raise UserError: naming a part that is not in stock
        """
        self._check_parts_desk()
        self.appointment_id._take_turn()
        parts = self.filtered(lambda part: not part.is_put_aside)
        parts._check_in_stock(lambda part: part.availability == "ready")
        parts._reserve()
        # Somebody else may have reserved the same shelf meanwhile.
        parts._check_in_stock(lambda part: part.is_put_aside)

    def action_put_back(self):
        """Put the parts back on their shelves."""
        self._check_parts_desk()
        self._release()

    # === BUSINESS METHODS === #

    def _check_in_stock(self, is_there):
        for part in self:
            if not is_there(part):
                raise UserError(
                    self.env._(
                        "%(appointment)s: %(part)s is not in stock.",
                        appointment=part.appointment_id.display_name,
                        part=part.product_id.display_name,
                    )
                )

    def _get_reserved_quantity(self):
        """Return what lies ready, or was issued, in the unit of the product."""
        self.ensure_one()
        return sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
            for move in self.move_ids
            if move.state != "cancel" and move.product_id == self.product_id
        )

    def _get_waiting_moves(self):
        """Return the moves that keep the parts and that no repair line has."""
        # Safe: our own moves, after the caller's check.
        return self.sudo().move_ids.filtered(
            lambda move: move.state not in CLOSED_MOVES and not move.car_repair_line_id
        )

    def _reserve(self):
        """Bring the reservations to the quantities wanted, as far as stock goes."""
        moves = self._get_waiting_moves()
        foreign = moves.filtered(
            lambda move: move.product_id != move.car_appointment_part_id.product_id
        )
        if foreign:
            foreign._action_cancel()
            moves -= foreign
        for move in moves:
            if move.product_uom_qty != move.car_appointment_part_id.quantity:
                move.product_uom_qty = move.car_appointment_part_id.quantity
        new = self - moves.car_appointment_part_id.with_env(self.env)
        for appointment, parts in new.grouped("appointment_id").items():
            picking = appointment._get_reserving_picking()
            # Safe: after the check of the desk, or what was bought for the car.
            moves |= (
                self.env["stock.move"]
                .sudo()
                .create([part._prepare_move_vals(picking) for part in parts])
                ._action_confirm(merge=False)
            )
        moves._action_assign()
        # Safe: who put the parts aside, and when.
        self.sudo().write(
            {"put_aside_by_id": self.env.uid, "put_aside_at": fields.Datetime.now()}
        )

    def _prepare_move_vals(self, picking):
        """Return values of the move that reserves the part. Extend to add fields."""
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": self.quantity,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "warehouse_id": self.warehouse_id.id,
            "company_id": self.company_id.id,
            "origin": self.appointment_id.name,
            "date": self.start_at or fields.Datetime.now(),
            "car_appointment_part_id": self.id,
        }

    def _release(self):
        """Give back what lies ready and was not taken over by a repair order."""
        moves = self._get_waiting_moves()
        if moves:
            moves._action_cancel()
        marked = self.sudo().filtered("put_aside_at")  # Safe: nothing lies there now.
        marked.write({"put_aside_by_id": False, "put_aside_at": False})

    def _can_be_reserved(self):
        """Tell whether goods that come in are to be kept for the car."""
        self.ensure_one()
        if self.appointment_id.state != "arrived":
            return self.appointment_id.state in ("draft", "confirmed")
        line = self.repair_line_id
        return line.job_id.state in ("draft", "estimated") and (
            not line.authorization_line_ids
        )


class CarAppointment(models.Model):
    _inherit = "car.appointment"

    # === CRUD METHODS === #

    def write(self, vals):
        leaving = self.browse()
        if "warehouse_id" in vals:
            leaving = self.filtered(
                lambda appointment: appointment.warehouse_id.id != vals["warehouse_id"]
            )
        result = super().write(vals)
        leaving.part_ids._release()
        return result

    def unlink(self):
        self.part_ids._release()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _get_reserving_picking(self):
        """Return the transfer in which the appointment's parts lie ready."""
        self.ensure_one()
        warehouse = self.warehouse_id.sudo()  # Safe: the site's operation type.
        picking_type = warehouse.workshop_type_id
        if not picking_type:
            self._raise_missing(
                self.env._(
                    "the site %(site)s has no workshop operation type",
                    site=warehouse.name,
                )
            )
        picking = self.part_ids._get_waiting_moves().picking_id.filtered(
            lambda picking: picking.picking_type_id == picking_type
        )[:1]
        # Safe: the transfer of our own parts, after the caller's check.
        return picking or self.env["stock.picking"].sudo().with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True
        ).create(
            {
                "picking_type_id": picking_type.id,
                "location_id": picking_type.default_location_src_id.id,
                "location_dest_id": picking_type.default_location_dest_id.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "origin": self.name,
                "scheduled_date": self.start_at or fields.Datetime.now(),
                "user_id": False,
            }
        )

    def _link_parts(self, order):
        """Tell what lies ready which line of the order it is for; free the rest."""
        # Safe: our own parts, after the arrival was checked.
        parts = self.sudo().part_ids
        lines = order.line_ids.filtered("is_stocked").grouped("product_id")
        open_quantity = {
            line: line.product_uom_id._compute_quantity(
                line.quantity, line.product_id.uom_id
            )
            for line in order.line_ids
        }
        for part in parts:
            for line in lines.get(part.product_id, ()):
                if open_quantity[line] > 0:
                    open_quantity[line] -= part.quantity
                    part.repair_line_id = line
                    break
        parts.filtered(lambda part: not part.repair_line_id)._release()


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    appointment_part_ids = fields.One2many(
        "car.appointment.part", "repair_line_id", "Parts Put Aside"
    )

    # === CRUD METHODS === #

    def unlink(self):
        # Safe: what lies ready for the line is free again.
        self.sudo().appointment_part_ids._release()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _take_put_aside(self, wanted):
        """Let the line's transfer have what lies ready for it, as it is reserved.

        :param wanted: in the unit of the line
        :return: what is still to be asked of stock
        """
        self.ensure_one()
        # Safe: the line is agreed to and may have its parts.
        moves = self.sudo().appointment_part_ids._get_waiting_moves()
        taken = moves.browse()
        for move in moves.filtered(lambda move: move.product_id == self.product_id):
            if self.product_uom_id.compare(wanted, 0.0) <= 0:
                break
            demand = move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom_id
            )
            if self.product_uom_id.compare(demand, wanted) > 0:
                demand = wanted
                move.product_uom_qty = self.product_uom_id._compute_quantity(
                    demand, move.product_uom
                )
            wanted -= demand
            taken |= move
        taken._join_repair_line(self)
        return wanted

    def _release_put_aside(self):
        """Give back what lies ready for lines that do not take it."""
        # Safe: follows from an answer or a step that was checked.
        self.sudo().appointment_part_ids._release()


class StockMove(models.Model):
    _inherit = "stock.move"

    car_appointment_part_id = fields.Many2one(
        "car.appointment.part",
        "Part for an Appointment",
        index="btree_not_null",
        copy=True,  # to the components of a kit
        check_company=True,
        ondelete="set null",
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "car_appointment_part_id",
        ]

    def _check_car_authorized(self):
        """Let nothing leave that lies ready for a car and was not agreed to."""
        for move in self.filtered("picked"):
            # Safe: names the document only.
            part = move.sudo().car_appointment_part_id
            if part and not move.car_repair_line_id:
                raise UserError(
                    self.env._(
                        "%(appointment)s: %(part)s is put aside. It is issued to the "
                        "repair order when the customer has agreed.",
                        appointment=part.appointment_id.name,
                        part=part.product_id.display_name,
                    )
                )
        return super()._check_car_authorized()

    def _join_repair_line(self, line):
        """Move what lies ready into the transfer of a repair line's order."""
        if not self:
            return
        former = self.picking_id
        order = line.order_id
        self.write(
            {
                "car_repair_line_id": line.id,
                "picking_id": False,
                "partner_id": order.partner_id.id,
                "origin": order.name,
                "reference_ids": [fields.Command.set(order._get_stock_reference().ids)],
            }
        )
        self._assign_picking()
        for move in self:
            move.move_line_ids.picking_id = move.picking_id
        self._action_assign()
        former.filtered(lambda picking: not picking.move_ids).unlink()
