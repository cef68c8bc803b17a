from odoo import api, fields, models

from ..models.workshop.car_hand_over import PLACES, ROUTES


class CarHandOver(models.TransientModel):
    """Ask who takes the car, and let him sign."""

    _name = "car.hand.over"
    _description = "Hand the Car Over"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    from_place = fields.Selection(related="order_id.car_place", string="Car Is At")
    to_place = fields.Selection(
        PLACES,
        "Goes To",
        required=True,
        compute="_compute_to_place",
        store=True,
        readonly=False,
        precompute=True,
    )
    receiver_id = fields.Many2one(
        "res.users", "Taken By", default=lambda self: self.env.user
    )
    receiver_name = fields.Char(
        "Name of Who Takes It", help="Who takes it, where he has no login of his own."
    )
    signature = fields.Image(max_width=1024, max_height=1024)
    note = fields.Char()

    @api.depends("order_id")
    def _compute_to_place(self):
        """Propose the usual next place."""
        usual = {
            "desk": "workshop",
            "washing": "desk",
            "workshop": "inspection",
            "inspection": "desk",
            "outside": "workshop",
        }
        for hand_over in self:
            former = hand_over.order_id.car_place or "desk"
            if hand_over.to_place not in ROUTES[former]:
                hand_over.to_place = usual.get(former)

    def action_confirm(self):
        """Let the car change hands."""
        self.ensure_one()
        self.order_id._hand_car_over(
            self.to_place,
            receiver=self.receiver_id if not self.receiver_name else None,
            name=self.receiver_name,
            signature=self.signature,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}
