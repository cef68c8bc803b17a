from odoo import api, fields, models
from odoo.tools import SQL

# Who deals with customers; parts clerk, warehouse and workshop see cars alone.
PEOPLE = (
    "car_aftersales.car_aftersales_group_advisor,"
    "car_aftersales.car_aftersales_group_warranty_clerk"
)


class CarPartTrace(models.Model):
    """可追溯性: which part went into which car, of which lot, and is it still there.

    Read off the transfers of the workshop, one row for each line of an order, product
    and lot: out and back again is returned, so is a serial that was swapped. Replaced
    means that the car got the same product again on a later visit.
    """

    _name = "car.part.trace"
    _description = "Part Fitted to a Car"
    _auto = False
    _order = "fitted_at desc, id desc"
    _rec_name = "product_id"

    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    vin = fields.Char(related="vehicle_id.vin", string="VIN")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, groups=PEOPLE
    )
    phone = fields.Char(related="partner_id.phone", groups=PEOPLE)
    order_id = fields.Many2one("car.repair.order", "Repair Order", readonly=True)
    repair_line_id = fields.Many2one("car.repair.line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", "Part", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot / Serial", readonly=True)
    quantity_out = fields.Float("Issued", readonly=True, digits="Product Unit")
    quantity_back = fields.Float("Returned", readonly=True, digits="Product Unit")
    quantity = fields.Float("In the Car", readonly=True, digits="Product Unit")
    fitted_at = fields.Datetime("Issued On", readonly=True)
    returned_at = fields.Datetime("Came Back On", readonly=True)
    state = fields.Selection(
        [
            ("fitted", "Still Fitted"),
            ("replaced", "Replaced Later"),
            ("returned", "Returned"),
        ],
        "Where It Is",
        readonly=True,
    )

    traced_by = fields.Selection(
        [("lot", "Lot or serial"), ("day", "Car and day only")],
        readonly=True,
        help="A part without lot or serial is traced by car and day of issue: it "
        "cannot be told by which receipt it came.",
    )

    # === ACTION METHODS === #

    def action_open_vehicle(self):
        """Open the car that has or had the part."""
        self.ensure_one()
        return self.vehicle_id._get_records_action()

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """Return the select; a condition on car, lot or product reaches its indexes."""
        return SQL(
            """
            SELECT fit.id, fit.vehicle_id, fit.partner_id, fit.order_id,
                   fit.repair_line_id, fit.company_id, fit.product_id, fit.lot_id,
                   fit.quantity_out, fit.quantity_back,
                   fit.quantity_out - fit.quantity_back AS quantity,
                   fit.fitted_at, fit.returned_at,
                   CASE WHEN fit.lot_id IS NULL THEN 'day' ELSE 'lot' END AS traced_by,
                   CASE WHEN fit.quantity_out - fit.quantity_back <= 0.000001
                        THEN 'returned'
                        WHEN EXISTS (
                             SELECT FROM car_repair_order later
                               JOIN car_repair_line line ON line.order_id = later.id
                               JOIN stock_move move
                                 ON move.car_repair_line_id = line.id
                              WHERE later.vehicle_id = fit.vehicle_id
                                AND later.id != fit.order_id
                                AND move.product_id = fit.product_id
                                AND move.state = 'done' AND move.car_direction != 0
                                AND move.date > fit.fitted_at
                           GROUP BY line.id
                             HAVING SUM(move.car_direction * move.quantity) > 0.000001)
                        THEN 'replaced' ELSE 'fitted' END AS state
              FROM (%s) fit
            """,
            self._get_fit_query(),
        )

    @api.model
    def _get_fit_query(self):
        """Return the select of what went out and came back, by line and lot."""
        return SQL(
            """
            SELECT MIN(ml.id) AS id, o.vehicle_id, o.partner_id, o.id AS order_id,
                   l.id AS repair_line_id, m.company_id, ml.product_id, ml.lot_id,
                   SUM(CASE WHEN m.car_direction > 0
                       THEN ml.quantity_product_uom ELSE 0 END) AS quantity_out,
                   SUM(CASE WHEN m.car_direction < 0
                       THEN ml.quantity_product_uom ELSE 0 END) AS quantity_back,
                   MIN(ml.date) AS fitted_at,
                   MAX(CASE WHEN m.car_direction < 0 THEN ml.date END) AS returned_at
              FROM stock_move_line ml
              JOIN stock_move m ON m.id = ml.move_id
              JOIN car_repair_line l ON l.id = m.car_repair_line_id
              JOIN car_repair_order o ON o.id = l.order_id
             WHERE ml.state = 'done' AND m.car_direction != 0
          GROUP BY o.vehicle_id, o.partner_id, o.id, l.id, m.company_id,
                   ml.product_id, ml.lot_id
            """
        )
