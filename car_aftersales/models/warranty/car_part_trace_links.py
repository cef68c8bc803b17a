from odoo import api, fields, models
from odoo.tools import SQL


class CarPartTrace(models.Model):
    """Back from a car to the receipt and the supplier of the lot in it."""

    _inherit = "car.part.trace"

    receipt_ids = fields.Many2many(
        "stock.picking",
        string="Receipts of the Lot",
        compute="_compute_receipts",
        search="_search_receipt_ids",
        compute_sudo=True,
    )
    supplier_ids = fields.Many2many(
        "res.partner",
        string="Suppliers of the Lot",
        compute="_compute_receipts",
        search="_search_supplier_ids",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    def _compute_receipts(self):
        # Safe: by which receipt a lot came in, for who may see where it went.
        receipts = self.lot_id._get_car_receipts()
        empty = self.env["stock.picking"]
        for trace in self:
            found = receipts.get(trace.lot_id, empty)
            found = found.filtered(lambda one, t=trace: one.company_id == t.company_id)
            trace.receipt_ids = found
            trace.supplier_ids = found.partner_id

    @api.model
    def _search_receipt_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        return self._search_received("picking_id", operator, value)

    @api.model
    def _search_supplier_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        return self._search_received("picking_id.partner_id", operator, value)

    @api.model
    def _search_received(self, path, operator, value):
        """Return the traces of lots that came in by certain receipts."""
        received = fields.Domain(path, operator, value)
        received &= self.env["stock.lot"]._get_receipt_domain()
        # Safe: only lots come out of it; the rules of the traces apply to those.
        lines = self.env["stock.move.line"].sudo()._search(received)
        return fields.Domain(
            "lot_id", "in", lines.subselect(SQL.identifier(lines.table, "lot_id"))
        )


class StockLot(models.Model):
    _inherit = "stock.lot"

    car_count = fields.Integer("Cars", compute="_compute_car_count")

    # === COMPUTE METHODS === #

    def _compute_car_count(self):
        counts = {}
        traces = self.env["car.part.trace"]
        if traces.has_access("read"):
            counts = dict(
                traces._read_group(
                    [("lot_id", "in", self.ids)],
                    ["lot_id"],
                    ["vehicle_id:count_distinct"],
                )
            )
        for lot in self:
            lot.car_count = counts.get(lot, 0)

    # === ACTION METHODS === #

    def action_view_cars(self):
        """Open every car that has or had a part of this lot."""
        return self._open_car_traces([("lot_id", "in", self.ids)])

    # === BUSINESS METHODS === #

    def _open_car_traces(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_part_trace_action"
        )
        return {**action, "domain": domain, "context": {}}

    @api.model
    def _get_receipt_domain(self):
        """Return the move lines by which lots come in from suppliers."""
        return (
            fields.Domain("state", "=", "done")
            & fields.Domain("lot_id", "!=", False)
            & fields.Domain("location_id.usage", "=", "supplier")
            & fields.Domain("picking_id", "!=", False)
        )

    def _get_car_receipts(self):
        """Map lots to the receipts by which they came in, in two queries."""
        lines = self.env["stock.move.line"].search_fetch(
            self._get_receipt_domain() & fields.Domain("lot_id", "in", self.ids),
            ["lot_id", "picking_id"],
        )
        receipts = {}
        for line in lines:
            empty = line.picking_id.browse()
            receipts[line.lot_id] = receipts.get(line.lot_id, empty) | line.picking_id
        return receipts


class StockPicking(models.Model):
    _inherit = "stock.picking"

    has_car_lots = fields.Boolean("Brought Lots", compute="_compute_has_car_lots")

    # === COMPUTE METHODS === #

    @api.depends("state", "picking_type_code", "move_line_ids.lot_id")
    def _compute_has_car_lots(self):
        for picking in self:
            picking.has_car_lots = bool(
                picking.state == "done"
                and picking.picking_type_code == "incoming"
                and picking.move_line_ids.lot_id
            )

    # === ACTION METHODS === #

    def action_view_receipt_cars(self):
        """Open the cars that got parts of the lots of this receipt."""
        return self.move_line_ids.lot_id._open_car_traces(
            [("receipt_ids", "in", self.ids)]
        )


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    # === ACTION METHODS === #

    def action_view_parts(self):
        """Open the parts that were ever fitted to this vehicle."""
        return self._open_of_vehicle("car_aftersales.car_part_trace_action_vehicle")
