from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

PART_STATES = [
    ("aside", "On the Shelf"),
    ("ready", "In Stock"),
    ("expected", "Expected in Time"),
    ("missing", "Missing"),
]
OPEN = ("draft", "confirmed")


class CarAppointmentPart(models.Model):
    """A part that an appointment will need, seen against stock and purchases.

    Nothing leaves the stock before the customer has agreed to the order: the parts
    clerk buys what is missing and puts the rest aside, which reserves it.
    """

    _name = "car.appointment.part"
    _description = "Part for an Appointment"
    _order = "appointment_id desc, id"
    _check_company_auto = True

    appointment_id = fields.Many2one(
        "car.appointment",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    line_id = fields.Many2one(
        "car.appointment.line", "Requested By", index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="appointment_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="appointment_id.warehouse_id",
        store=True,
        precompute=True,
        string="Site",
    )
    start_at = fields.Datetime(
        related="appointment_id.start_at", store=True, string="Needed At", index=True
    )
    appointment_state = fields.Selection(
        related="appointment_id.state", store=True, string="State of the Appointment"
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, check_company=True
    )
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    availability = fields.Selection(
        PART_STATES, compute="_compute_availability", compute_sudo=True
    )
    missing_quantity = fields.Float(
        compute="_compute_availability", compute_sudo=True, digits="Product Unit"
    )
    purchase_line_ids = fields.One2many(
        "purchase.order.line", "car_appointment_part_id", "Purchase Lines"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a part must be above zero."
    )
    _needed = models.Index(
        "(product_id, warehouse_id) WHERE appointment_state = 'confirmed'"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id",
        "quantity",
        "is_put_aside",
        "move_ids.quantity",
        "start_at",
        "warehouse_id",
    )
    def _compute_availability(self):
        """Share out by time what is in stock, not reserved, and on order.

        A constant number of queries, however many appointments share the parts.
        """
        rivals = self._get_rivals()
        order = sorted(
            self | rivals,
            key=lambda part: (part.start_at or fields.Datetime.now(), part.id or 0),
        )
        on_hand = self._read_on_hand(self | rivals)
        incoming = self._read_incoming(self | rivals)
        for part in order:
            key = (part.warehouse_id, part.product_id)
            wanted = max(0.0, part.quantity - part._get_reserved_quantity())
            taken = min(wanted, max(0.0, on_hand[key]))
            on_hand[key] -= taken
            missing = wanted - taken
            state = "ready"
            if part.is_put_aside:
                state, missing = "aside", 0.0
            elif not part.product_id.is_storable:
                missing = 0.0
            elif missing > 0:
                missing -= part._take_incoming(incoming[key], missing)
                is_short = part.product_uom_id.compare(missing, 0.0) > 0
                state = "missing" if is_short else "expected"
            if part in self:
                part.availability = state
                part.missing_quantity = max(0.0, missing)

    def _get_rivals(self):
        """Return the other confirmed appointments' parts that wait for the same."""
        starts = [start for start in self.mapped("start_at") if start]
        return self.search(
            [
                ("product_id", "in", self.product_id.ids),
                ("warehouse_id", "in", self.warehouse_id.ids),
                ("appointment_state", "=", "confirmed"),
                ("is_put_aside", "=", False),
                ("id", "not in", self.ids),
                ("start_at", "<=", max(starts, default=fields.Datetime.now())),
            ]
        )

    @api.model
    def _read_on_hand(self, parts):
        """Map (site, product) to what is in stock and not reserved; one read a site."""
        on_hand = defaultdict(float)
        for site, here in parts.grouped("warehouse_id").items():
            for product in here.product_id.with_context(warehouse_id=site.id):
                on_hand[site, product] = product.free_qty
        return on_hand

    @api.model
    def _read_incoming(self, parts):
        """Map (site, product) to the receipts to come, as [date, quantity]."""
        incoming = defaultdict(list)
        for move in self.env["stock.move"].search(
            [
                ("product_id", "in", parts.product_id.ids),
                ("picking_type_id.code", "=", "incoming"),
                ("picking_type_id.warehouse_id", "in", parts.warehouse_id.ids),
                ("state", "in", ["confirmed", "waiting", "assigned"]),
            ],
            order="date",
        ):
            key = (move.picking_type_id.warehouse_id, move.product_id)
            incoming[key].append([move.date, move.product_qty])
        return incoming

    def _take_incoming(self, receipts, wanted):
        """Take from the receipts that come before the car does."""
        self.ensure_one()
        taken = 0.0
        for receipt in receipts:
            if self.start_at and receipt[0] > self.start_at:
                break
            amount = min(receipt[1], wanted - taken)
            receipt[1] -= amount
            taken += amount
        return taken

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bought(self):
        for part in self.sudo():  # Safe: only tells that it was bought.
            if part.purchase_line_ids.filtered(lambda line: line.state != "cancel"):
                raise UserError(
                    self.env._(
                        "%(appointment)s: %(part)s is being bought for it. Cancel the "
                        "purchase first.",
                        appointment=part.appointment_id.display_name,
                        part=part.product_id.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_buy(self):
        """Ask the vendors for what is missing, one request for each vendor.

        :raise UserError: naming the parts without a vendor
        """
        self._check_parts_desk()
        self.appointment_id._take_turn()
        wanted = defaultdict(list)
        # Safe: vendors are read and requests made after the check of the desk.
        for part in self.sudo():
            ordered = sum(
                line.product_uom_id._compute_quantity(
                    line.product_qty - line.qty_received, part.product_uom_id
                )
                for line in part.purchase_line_ids
                if line.state in ("draft", "sent", "to approve")
            )
            quantity = part.missing_quantity - ordered
            if part.product_uom_id.compare(quantity, 0.0) <= 0:
                continue
            product = part.product_id.with_company(part.company_id)
            seller = product._select_seller(
                quantity=quantity, uom_id=part.product_uom_id
            )
            if not seller:
                raise UserError(
                    self.env._(
                        "%(appointment)s: %(product)s has no vendor. Add one on its "
                        "Purchase tab.",
                        appointment=part.appointment_id.display_name,
                        product=product.display_name,
                    )
                )
            key = (seller.partner_id, part.company_id, part.warehouse_id)
            wanted[key].append((part, quantity))
        return (
            self.env["purchase.order"]
            .sudo()
            .create(
                [
                    self._prepare_purchase_order_vals(*key, items)
                    for key, items in wanted.items()
                ]
            )
        )

    # === BUSINESS METHODS === #

    def _check_parts_desk(self):
        self.appointment_id._require_group("parts_clerk", "advisor")
        for appointment in self.appointment_id:
            if appointment.state not in OPEN:
                appointment._raise_missing(self.env._("it is not open any more"))

    def _prepare_purchase_order_vals(self, vendor, company, warehouse, items):
        """Return values of a request for quotation. Extend to add fields."""
        return {
            "partner_id": vendor.id,
            "company_id": company.id,
            "picking_type_id": warehouse.in_type_id.id,
            "origin": ", ".join({part.appointment_id.name for part, _q in items}),
            "order_line": [
                Command.create(
                    {
                        "product_id": part.product_id.id,
                        "product_qty": quantity,
                        "product_uom_id": part.product_uom_id.id,
                        "car_appointment_part_id": part.id,
                    }
                )
                for part, quantity in items
            ],
        }


class CarAppointment(models.Model):
    _inherit = "car.appointment"

    parts_status = fields.Selection(
        [("none", "No Parts"), *PART_STATES],
        "Parts Ready",
        compute="_compute_parts_status",
        compute_sudo=True,
    )

    @api.depends("part_ids.availability")
    def _compute_parts_status(self):
        """Show the worst of the parts."""
        ranking = [state for state, _label in PART_STATES]
        self.part_ids.mapped("availability")  # for all of them at once
        for appointment in self:
            states = appointment.part_ids.mapped("availability")
            appointment.parts_status = max(states, key=ranking.index, default="none")

    def action_buy_parts(self):
        """Ask the vendors for the missing parts."""
        self.ensure_one()
        purchases = self.part_ids.action_buy()
        if not purchases:
            self._raise_missing(self.env._("no part is missing that is not asked for"))
        return True

    def action_put_parts_aside(self):
        """Put aside all parts that are in stock."""
        parts = self.part_ids.filtered(lambda part: part.availability == "ready")
        return parts.action_put_aside()

    def _sync_parts(self):
        """List the parts that the requested packages bring along.

        Rows that somebody bought or put aside are kept while they are still needed.
        """
        doomed = self.env["car.appointment.part"]
        vals_list = []
        for line in self.line_ids:
            wanted = defaultdict(float)
            for product, quantity in line._get_parts():
                wanted[product] += quantity
            for part in line.part_ids:
                quantity = wanted.pop(part.product_id, 0.0)
                if not quantity:
                    doomed |= part
                elif quantity != part.quantity:
                    # Safe: follows from what is requested.
                    part.sudo().quantity = quantity
                    if part._get_waiting_moves():
                        part._reserve()
            vals_list += [
                {
                    "appointment_id": line.appointment_id.id,
                    "line_id": line.id,
                    "product_id": product.id,
                    "quantity": quantity,
                }
                for product, quantity in wanted.items()
            ]
        # Safe: follows from what is requested.
        doomed.sudo().unlink()
        self.env["car.appointment.part"].sudo().create(vals_list)


class CarAppointmentLine(models.Model):
    _inherit = "car.appointment.line"

    part_ids = fields.One2many("car.appointment.part", "line_id", "Parts")

    def unlink(self):
        # Safe: parts go with the request, unless somebody is buying them.
        self.sudo().part_ids.unlink()
        return super().unlink()


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    car_appointment_part_id = fields.Many2one(
        "car.appointment.part",
        "Part for an Appointment",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
