from odoo import api, fields, models
from odoo.exceptions import AccessError

PLACES = [
    ("desk", "Front desk"),
    ("washing", "Washing"),
    ("workshop", "Workshop"),
    ("inspection", "Inspection"),
    ("outside", "Outside"),
    ("customer", "Customer"),
]
# Where a car may go from a place, and whose desk gives it away
# (业务接待工作制度: advisor - washer - advisor - workshop - inspector - advisor)
ROUTES = {
    "desk": {"washing", "workshop", "inspection", "outside"},
    "washing": {"desk"},
    "workshop": {"inspection", "desk", "washing", "outside"},
    "inspection": {"workshop", "desk", "washing"},
    "outside": {"desk", "workshop"},
    "customer": set(),
}
GIVERS = {
    "desk": ("advisor",),
    "washing": ("gate", "advisor"),
    "workshop": ("workshop_supervisor", "inspector", "advisor"),
    "inspection": ("inspector", "advisor"),
    "outside": ("workshop_supervisor", "advisor"),
}
STEP_MINUTES = 10  # 时间要精确到十分钟


def round_down(moment):
    """Return a moment in the steps in which it is shown; nothing without one."""
    return moment and moment.replace(
        minute=moment.minute - moment.minute % STEP_MINUTES, second=0, microsecond=0
    )


class CarCustodyLog(models.Model):
    _inherit = "car.custody.log"

    to_place = fields.Selection(PLACES, "To")
    signature = fields.Image(attachment=True, max_width=1024, max_height=1024)
    shown_at = fields.Datetime(
        "Time",
        compute="_compute_shown_at",
        help="In steps of ten minutes, as the workshop's rules want it; the exact "
        "moment is kept.",
    )

    @api.depends("happened_at")
    def _compute_shown_at(self):
        for log in self:
            log.shown_at = round_down(log.happened_at)


class CarRepairType(models.Model):
    _inherit = "car.repair.type"

    requires_hand_over = fields.Boolean(
        "Hand the Car to the Workshop First",
        help="No job starts before somebody of the workshop has taken the car over and "
        "signed for it.",
    )


class CarRepairOrder(models.Model):
    """Where the car is and who has it, from the customer and back to him."""

    _inherit = "car.repair.order"

    car_place = fields.Selection(
        PLACES,
        "Car Is At",
        default="desk",
        readonly=True,
        copy=False,
        index=True,
    )
    car_holder = fields.Char("Who Has the Car", readonly=True, copy=False)
    car_place_since = fields.Datetime(
        "Since", readonly=True, copy=False, default=fields.Datetime.now
    )
    car_place_shown = fields.Datetime(
        "There Since",
        compute="_compute_car_place_shown",
        help="In steps of 10 minutes.",
    )

    # === COMPUTE METHODS === #

    @api.depends("car_place_since")
    def _compute_car_place_shown(self):
        for order in self:
            order.car_place_shown = round_down(order.car_place_since)

    # === ACTION METHODS === #

    def action_hand_over(self):
        """Open the dialog in which the car changes hands."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand the Car Over"),
            "res_model": "car.hand.over",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "car_place",
            "car_holder",
            "car_place_since",
        }

    def _hand_car_over(
        self, place, receiver=None, name=None, signature=None, note=None
    ):
        """Let the car change hands, with a record of it.

        :param receiver: the user who takes it, where he has a login
        :param name: who takes it, where he has none
        :param signature: of who takes it; not needed from who records it himself
        :raise UserError: when the car is not where it is given from, or unsigned
        """
        self._take_turn()
        for order in self:
            order._check_route(place, receiver, name, signature)
            former = order.car_place
            order._log_custody(
                "car",
                "to_workshop" if place == "workshop" else "hand_over",
                to_place=place,
                place_name=order._get_place_label(place),
                giver_id=self.env.uid if receiver != self.env.user else False,
                giver_name=order.car_holder or order._get_place_label(former),
                receiver_id=receiver.id if receiver else False,
                receiver_name=name or (receiver and receiver.sudo().name),
                signature=signature,
                note=note,
            )
            order._put_car(place, name or (receiver and receiver.sudo().name))
        return True

    def _put_car(self, place, holder):
        # Safe: what the hand-over just recorded says.
        self.sudo().write(
            {
                "car_place": place,
                "car_holder": holder,
                "car_place_since": fields.Datetime.now(),
            }
        )

    def _pass_gate(self, exit_pass, place, holder, action):
        """Write down that the car went out or came in on a pass."""
        self._log_custody(
            "car",
            action,
            to_place=place,
            place_name=self._get_place_label(place),
            giver_name=self.car_holder or self._get_place_label(self.car_place),
            receiver_name=holder or self._get_place_label(place),
            note=exit_pass.name,
        )
        self._put_car(place, holder)

    def _get_place_label(self, place):
        return dict(self._fields["car_place"]._description_selection(self.env))[place]

    def _check_route(self, place, receiver, name, signature):
        """Refuse a hand-over that cannot be.

        :raise UserError: naming the order and what is missing
        """
        self.ensure_one()
        former = self.car_place or "desk"
        if self._has_left() or self.state in ("delivered", "cancelled"):
            self._raise_for_each(self.env._("the car has left"))
        if not self._has_group(*GIVERS.get(former, ("manager",))):
            raise AccessError(
                self.env._(
                    "%(order)s: the car is at “%(place)s”; whoever has it hands it "
                    "over.",
                    order=self.name,
                    place=self._get_place_label(former),
                )
            )
        if place not in ROUTES[former]:
            self._raise_for_each(
                self.env._(
                    "from “%(former)s” the car does not go to “%(place)s”",
                    former=self._get_place_label(former),
                    place=self._get_place_label(place),
                )
            )
        if not (receiver or name):
            self._raise_for_each(self.env._("who takes the car?"))
        if place == "workshop" and not signature and receiver != self.env.user:
            self._raise_for_each(
                self.env._("whoever takes the car into the workshop signs for it")
            )

    def _check_handed_over(self):
        """Refuse work on a car that the workshop has not taken over, where asked."""
        self._refuse(
            lambda order: (
                order.type_id.requires_hand_over
                and order.car_place in ("desk", "washing")
            ),
            self.env._("the car has not been handed to the workshop"),
        )

    def _after_deliver(self):
        result = super()._after_deliver()
        for order in self:
            customer = order.sender_id.name or order.job_ids[:1].customer_name
            order._log_custody(
                "car",
                "give_back",
                to_place="customer",
                giver_id=self.env.uid,
                receiver_name=customer,
            )
            order._put_car("customer", customer)
        return result


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _check_start(self):
        result = super()._check_start()
        # Safe: reads where the car is.
        self.sudo().order_id._check_handed_over()
        return result

    def _after_start(self):
        """Where nobody wrote the hand-over down, the car is where the work began."""
        result = super()._after_start()
        for order in self.sudo().order_id:  # Safe: the order only follows.
            if order.car_place == "desk":
                order._put_car("workshop", False)
        return result


class CarExitPass(models.Model):
    _inherit = "car.exit.pass"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get("back_at"):
            self._after_return()
        return result

    # === BUSINESS METHODS === #

    def _after_leave(self):
        result = super()._after_leave()
        for exit_pass in self:
            # Safe: the gate lets the car out; the order shows that it has gone.
            order = exit_pass.sudo().order_id
            if order.car_place == "customer":
                continue  # given back to him before, and written down then
            is_final = exit_pass.kind == "final"
            customer = (order.sender_id or order.partner_id).name
            order._pass_gate(
                exit_pass,
                "customer" if is_final else "outside",
                customer if is_final else False,
                action="give_back" if is_final else "hand_over",
            )
        return result

    def _after_return(self):
        """Take a car that was out for a while back in."""
        for exit_pass in self:
            # Safe: the gate lets the car in; the order shows that it is here.
            exit_pass.sudo().order_id._pass_gate(
                exit_pass, "desk", self.env.user.name, action="hand_over"
            )
