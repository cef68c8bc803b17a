from odoo import api, fields, models
from odoo.fields import Domain

from .car_reception import OPEN_STATES, SAME_VISIT
from .car_repair_order import CUSTOMER_DATA

# Nobody arrives with these.
OWN_CARS = ("pdi", "internal")
DECIDED = ("authorized", "declined", "cancelled")
LEFT = ("delivered", "declined", "cancelled")


class CarReception(models.Model):
    _inherit = "car.reception"

    opened_order_ids = fields.One2many(
        "car.repair.order", "reception_id", "Orders Opened"
    )


class CarRepairOrder(models.Model):
    """Every visit begins with an arrival, however its order was opened."""

    _inherit = "car.repair.order"

    reception_id = fields.Many2one(
        "car.reception",
        "Arrival Record",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        groups=CUSTOMER_DATA,
    )
    is_customer_waiting = fields.Boolean(
        "Customer Waits Here",
        compute="_compute_is_customer_waiting",
        search="_search_is_customer_waiting",
        compute_sudo=True,
        help="The customer of this visit waits in the lounge.",
    )
    data_confirmed_at = fields.Datetime(
        related="reception_id.data_confirmed_at", groups=CUSTOMER_DATA
    )
    data_confirmed_by_id = fields.Many2one(
        related="reception_id.data_confirmed_by_id",
        string="Data Confirmed By",
        groups=CUSTOMER_DATA,
    )

    # === COMPUTE METHODS === #

    @api.depends("reception_id.state")
    def _compute_is_customer_waiting(self):
        for order in self:
            order.is_customer_waiting = order.reception_id.state == "lounge"

    def _search_is_customer_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("reception_id.state", "=", "lounge")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._ensure_receptions()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in (*DECIDED, *LEFT):
            self._close_receptions(vals["state"])
        return result

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"reception_id"}

    def _ensure_receptions(self):
        """Tie new orders to the arrival of their car; one that has none gets it."""
        # Safe: the arrival of an order that was just made with the user's own rights.
        receptions = self.env["car.reception"].sudo()
        given = receptions.browse(self.env.context.get("car_reception_id")).exists()
        orders = self.filtered(lambda one: one.type_id.kind not in OWN_CARS).sudo()
        missing = orders.browse()
        by_car = orders._find_receptions() if not given else {}
        for order in orders:
            key = order.vehicle_id, order.company_id
            fits = not given.vehicle_id or given.vehicle_id == order.vehicle_id
            if given and fits and given.company_id == order.company_id:
                order._link_reception(given)
            elif key in by_car:
                order._link_reception(by_car[key])
            else:
                missing |= order
        if missing:
            missing._create_receptions()

    def _find_receptions(self):
        """Map car and company to the arrival that new orders belong to; one query."""
        if not self:
            return {}
        times = [order._get_arrival_time() for order in self]
        near = Domain("arrived_at", ">=", min(times) - SAME_VISIT)
        near &= Domain("arrived_at", "<=", max(times) + SAME_VISIT)
        near &= Domain("state", "=", "done") & Domain("purpose", "!=", "pickup")
        candidates = self.env["car.reception"].search_fetch(
            Domain("vehicle_id", "in", self.vehicle_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & (Domain("state", "in", OPEN_STATES) | near),
            [
                "arrived_at",
                "company_id",
                "order_id",
                "partner_id",
                "state",
                "vehicle_id",
            ],
            order="id",
        )
        times = {
            (order.vehicle_id, order.company_id): order._get_arrival_time()
            for order in self
        }
        found = {}
        for reception in candidates:
            key = reception.vehicle_id, reception.company_id
            is_open = reception.state in OPEN_STATES
            if is_open or abs(reception.arrived_at - times[key]) <= SAME_VISIT:
                found[key] = reception
        return found

    def _get_arrival_time(self):
        self.ensure_one()
        return self.received_at or fields.Datetime.now()

    def _link_reception(self, reception):
        """Keep with which arrival the order came, and what became of the arrival."""
        self.ensure_one()
        self.reception_id = reception
        if not reception.vehicle_id:
            reception.vehicle_id = self.vehicle_id
        if not reception.partner_id:
            reception.partner_id = self.partner_id
        if not reception.order_id:
            reception._link(order_id=self.id)

    def _create_receptions(self):
        """Write down the arrivals of cars whose orders were opened directly."""
        first = {}
        for order in self:
            first.setdefault((order.vehicle_id, order.company_id), order)
        receptions = (
            self.env["car.reception"]
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create([order._prepare_reception_vals() for order in first.values()])
        )
        by_car = dict(zip(first, receptions, strict=True))
        for order in self:
            order.reception_id = by_car[order.vehicle_id, order.company_id]
        receptions.with_context(tracking_disable=True).write({"state": "done"})

    def _prepare_reception_vals(self):
        """Return values of the arrival of an order opened directly."""
        self.ensure_one()
        arrived_at = self._get_arrival_time()
        return {
            "name": self.name,  # nobody asks for a number of its own
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "vehicle_id": self.vehicle_id.id,
            "partner_id": self.partner_id.id,
            "advisor_id": self.advisor_id.id,
            "arrived_at": arrived_at,
            "served_at": arrived_at,
            "order_id": self.id,
            "purpose": "repair",
        }

    def _close_receptions(self, state):
        """End the visits at the desk: decided, or the car is given back."""
        # Safe: follows from the step of the order, which was checked.
        receptions = (
            self.env["car.reception"]
            .sudo()
            .search([("order_id", "in", self.ids), ("state", "in", OPEN_STATES)])
        )
        if state in LEFT:
            receptions._close_decided(OPEN_STATES)
        else:
            receptions.filtered(lambda one: one.purpose != "pickup")._close_decided()


class CarAppointment(models.Model):
    _inherit = "car.appointment"

    reception_ids = fields.One2many("car.reception", "appointment_id", "Arrivals")

    def _create_order(self):
        """Write down with which arrival the booked car came."""
        order = super()._create_order()
        # Safe: the arrival of the order just made.
        reception = order.sudo().reception_id
        if reception and not reception.appointment_id:
            reception.appointment_id = self
        return order


class CarEnquiry(models.Model):
    _inherit = "car.enquiry"

    reception_ids = fields.One2many("car.reception", "enquiry_id", "Arrivals")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "open") != "open":
            # Safe: the arrivals of an enquiry that the user has just answered.
            self.sudo().reception_ids._close_decided()
        return result
