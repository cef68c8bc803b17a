from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .car_repair_order import CUSTOMER_DATA


class CarWash(models.Model):
    """A wash of the car, before the workshop or before it goes back to the customer.

    The advisor asks for it, the washer takes the car and brings it straight back.
    """

    _name = "car.wash"
    _description = "Car Wash"
    _inherit = ["car.workflow.mixin"]
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        groups=CUSTOMER_DATA,
    )
    state = fields.Selection(
        [
            ("requested", "To be washed"),
            ("washing", "Being washed"),
            ("done", "Washed"),
            ("skipped", "Not needed"),
        ],
        default="requested",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    # what the washer sees
    order_number = fields.Char(related="order_id.name", related_sudo=True)
    license_plate = fields.Char(
        related="order_id.vehicle_id.license_plate", related_sudo=True, string="Plate"
    )
    model_name = fields.Char(
        related="order_id.vehicle_id.model_id.display_name", string="Model"
    )
    note = fields.Char("What to Wash")
    requested_at = fields.Datetime(
        readonly=True, required=True, default=fields.Datetime.now
    )
    requested_by_id = fields.Many2one(
        "res.users",
        "Asked For By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    washer_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    done_at = fields.Datetime("Brought Back", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(order_id) WHERE state IN ('requested', 'washing')",
        "A wash of this car is under way already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("license_plate", "order_number")
    def _compute_display_name(self):
        for wash in self:
            parts = (wash.license_plate, wash.order_number)
            wash.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        order = self.env["car.repair.order"]
        order._require_group("advisor")
        for vals in vals_list:
            vals.update(
                requested_at=fields.Datetime.now(), requested_by_id=self.env.uid
            )
        self.flush_model(["state"])  # the index looks at what is written
        washes = super().create(vals_list)
        washes.order_id._refuse(
            lambda each: each.state in ("delivered", "cancelled") or each._has_left(),
            self.env._("the car has left"),
        )
        return washes

    def write(self, vals):
        if not self.env.su and set(vals) - {"state", "note"}:
            raise AccessError(
                self.env._("Who washes when is written by the steps of a wash.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A wash is kept. Mark it as not needed instead."))

    # === ACTION METHODS === #

    def action_begin(self):
        """Take the car to be washed."""
        return self.write({"state": "washing"})

    def action_finish(self):
        """Bring the washed car back to the advisor."""
        return self.write({"state": "done"})

    def action_skip(self):
        return self.write({"state": "skipped"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "requested": {"washing": "begin", "done": "finish", "skipped": "skip"},
            "washing": {"done": "finish"},
            "done": {},
            "skipped": {"requested": "ask_again"},
        }

    def _check_begin(self):
        self._check_washer()

    def _after_begin(self):
        for wash in self.sudo():  # Safe: the washer takes the car he was asked to.
            order = wash.order_id
            wash.write({"washer_id": self.env.uid, "started_at": fields.Datetime.now()})
            if order.car_place != "washing":
                order._hand_car_over("washing", receiver=self.env.user)

    def _check_finish(self):
        self._check_washer()

    def _after_finish(self):
        for wash in self.sudo():  # Safe: the washer brings the car back.
            if not wash.started_at:
                wash._after_begin()
            wash.done_at = fields.Datetime.now()
            order = wash.order_id
            order._hand_car_over(
                "desk", receiver=order.advisor_id or wash.requested_by_id
            )

    def _check_skip(self):
        self.env["car.repair.order"]._require_group("advisor")

    def _check_ask_again(self):
        self.env["car.repair.order"]._require_group("advisor")

    def _check_washer(self):
        if not self.env["car.repair.order"]._has_group("gate", "advisor"):
            raise AccessError(self.env._("Cars are washed by the gate and wash desk."))


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    wash_ids = fields.One2many("car.wash", "order_id", groups=CUSTOMER_DATA)
    wash_state = fields.Selection(
        [
            ("none", "Not asked for"),
            ("requested", "To be washed"),
            ("washing", "Being washed"),
            ("done", "Washed"),
            ("skipped", "Not needed"),
        ],
        "Washing",
        compute="_compute_wash_state",
        groups=CUSTOMER_DATA,
    )

    # === COMPUTE METHODS === #

    @api.depends("wash_ids.state")
    def _compute_wash_state(self):
        for order in self:
            order.wash_state = order.wash_ids.sorted("id")[-1:].state or "none"

    # === ACTION METHODS === #

    def action_request_wash(self):
        """Ask for the car to be washed."""
        self.env["car.wash"].create([{"order_id": order.id} for order in self])
        return True

    def action_skip_wash(self):
        """Record that the car needs no wash."""
        for order in self:
            wash = order.wash_ids.filtered(lambda each: each.state == "requested")
            if not wash:
                wash = self.env["car.wash"].create({"order_id": order.id})
            wash.action_skip()
        return True

    # === BUSINESS METHODS === #

    def _check_route(self, place, receiver, name, signature):
        result = super()._check_route(place, receiver, name, signature)
        waits = self.sudo().wash_ids.filtered(lambda wash: wash.state == "requested")
        if place == "workshop" and waits:
            self._raise_for_each(
                self.env._("the car is still to be washed; or mark it as not needed")
            )
        return result
