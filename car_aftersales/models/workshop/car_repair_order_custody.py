from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_order import CUSTOMER_DATA


class CarRepairOrder(models.Model):
    """What the customer leaves with the car: key, articles, documents, old parts."""

    _inherit = "car.repair.order"

    key_slot_id = fields.Many2one(
        "car.key.slot",
        check_company=True,
        index="btree_not_null",
        copy=False,
        domain="[('warehouse_id', '=', warehouse_id), ('is_free', '=', True)]",
        help="Where the key hangs. It holds the key of one order at a time.",
    )
    key_returned_at = fields.Datetime("Key Given Back", readonly=True, copy=False)
    key_holder = fields.Char(
        "Key Taken By",
        readonly=True,
        copy=False,
        help="Who has the key now. Empty: it hangs in the cabinet.",
    )
    storage_box_id = fields.Many2one(
        "car.storage.box",
        check_company=True,
        index="btree_not_null",
        copy=False,
        domain="[('warehouse_id', '=', warehouse_id), ('is_free', '=', True)]",
        help="Where the articles from the car are kept.",
    )
    box_returned_at = fields.Datetime("Box Emptied", readonly=True, copy=False)
    old_parts = fields.Selection(
        [("return", "Customer takes them"), ("leave", "Left with us")],
        copy=False,
        help="What the customer wants done with the parts that are taken out.",
    )
    custody_ids = fields.One2many("car.custody.log", "order_id", groups=CUSTOMER_DATA)

    _key_slot_uniq = models.UniqueIndex(
        "(key_slot_id) WHERE key_slot_id IS NOT NULL AND key_returned_at IS NULL",
        "Another order's key hangs in this slot. Choose a free one.",
    )
    _storage_box_uniq = models.UniqueIndex(
        "(storage_box_id) WHERE storage_box_id IS NOT NULL AND box_returned_at IS NULL",
        "Another order's articles are in this box. Choose a free one.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        places = [
            {key: vals.pop(key) for key in self._get_places() if vals.get(key)}
            for vals in vals_list
        ]
        orders = super().create(vals_list)
        for order, values in zip(orders, places, strict=True):
            if values:
                order.write(values)
        return orders

    def write(self, vals):
        before = {}
        for field in set(self._get_places()) & set(vals):
            before[field] = {order: order[field] for order in self}
            self._check_place(field, vals[field])
        result = super().write(vals)
        for field, places in before.items():
            for order, place in places.items():
                order._log_place(field, place)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_custody(self):
        self._refuse(
            lambda order: order._has_key() or order._has_box(),
            self.env._("the key or the articles are still here"),
        )
        # Safe: tells only whether there are records.
        if self.sudo().custody_ids:
            raise UserError(self.env._("What has changed hands is kept as it was."))

    # === ACTION METHODS === #

    def action_free_key_slot(self):
        """Hang the key into the first free slot."""
        for order in self:
            slots = self.env["car.key.slot"]
            order.key_slot_id = slots._get_first_free(order.warehouse_id)

    def action_free_storage_box(self):
        for order in self:
            boxes = self.env["car.storage.box"]
            order.storage_box_id = boxes._get_first_free(order.warehouse_id)

    def action_take_key(self):
        self._require_group("advisor", "inspector", "workshop_supervisor")
        return self._move_key("take")

    def action_put_key_back(self):
        self._require_group("advisor", "inspector", "workshop_supervisor")
        return self._move_key("put_back")

    def action_give_key_back(self):
        """Give the key back to the customer; its slot is free again."""
        self._require_group("advisor")
        self._refuse(
            lambda order: not order._has_key(), self.env._("its key is not here")
        )
        return self._give_key_back()

    def action_empty_box(self):
        """Give the articles back to the customer; their box is free again."""
        self._require_group("advisor")
        self._refuse(
            lambda order: not order._has_box(), self.env._("it has no box in use")
        )
        return self._give_articles_back()

    # === BUSINESS METHODS === #

    @api.model
    def _get_places(self):
        """Map the places that one order occupies to when they were cleared."""
        return {"key_slot_id": "key_returned_at", "storage_box_id": "box_returned_at"}

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "key_returned_at",
            "key_holder",
            "box_returned_at",
            "custody_ids",
        }

    def _has_key(self):
        """Tell whether the car's key is with us."""
        return bool(self.key_slot_id and not self.key_returned_at)

    def _has_box(self):
        return bool(self.storage_box_id and not self.box_returned_at)

    def _check_place(self, field, place_id):
        """Refuse occupying what is taken, and leaving it without giving back."""
        place = self.env[self._fields[field].comodel_name].browse(place_id or [])
        released = self._get_places()[field]
        for order in self:
            if order[field] == place and (not place or not order[released]):
                continue
            if order.state in ("delivered", "cancelled"):
                order._raise_for_each(
                    self.env._("it is closed; nothing is kept for it")
                )
            if place:
                place._check_takes(order)
            elif not order[released]:
                order._raise_for_each(
                    self.env._(
                        "%(place)s is in use: give back what is in it",
                        place=order[field].display_name,
                    )
                )
            if field == "key_slot_id" and order.key_holder and not order[released]:
                order._raise_for_each(
                    self.env._("its key is with %(name)s", name=order.key_holder)
                )

    def _log_place(self, field, former):
        """Write down that key or articles came into a place."""
        self.ensure_one()
        place, released = self[field], self._get_places()[field]
        if not place or (place == former and not self[released]):
            return
        moved = former and not self[released]
        # Safe: what follows from the place just chosen, which was checked.
        order = self.sudo()
        order.write({released: False})
        customer = (self.sender_id or self.partner_id).name
        order._log_custody(
            "key" if field == "key_slot_id" else "belongings",
            "move" if moved else "receive",
            place_name=place.display_name,
            giver_name=former.display_name if moved else customer,
            receiver_id=self.env.uid,
        )

    def _log_custody(self, what, action, **values):
        """Write down who gave what of this visit to whom."""
        # Safe: records what the caller has just done, in the user's name.
        return (
            self.env["car.custody.log"]
            .sudo()
            .create(
                [
                    {"order_id": order.id, "what": what, "action": action, **values}
                    for order in self
                ]
            )
        )

    def _move_key(self, action):
        """Take the key out of the cabinet or hang it back."""
        self._take_turn()
        user = self.env.user
        for order in self:
            if not order._has_key():
                order._raise_for_each(self.env._("its key is not here"))
            holder = order.key_holder
            if action == "take" and holder:
                order._raise_for_each(
                    self.env._("its key is with %(name)s", name=holder)
                )
            if action == "put_back" and not holder:
                order._raise_for_each(self.env._("its key hangs in the cabinet"))
            slot = order.key_slot_id.display_name
            taking = action == "take"
            # Safe: the holder follows from who takes or brings the key.
            order.sudo().key_holder = user.name if taking else False
            order._log_custody(
                "key",
                action,
                place_name=slot,
                giver_name=slot if taking else holder,
                receiver_name=user.name if taking else slot,
                **{"receiver_id" if taking else "giver_id": user.id},
            )
        return True

    def _give_key_back(self):
        """Record that the key went back to the customer."""
        for order in self.filtered(lambda each: each._has_key()):
            order._log_custody(
                "key",
                "give_back",
                place_name=order.key_slot_id.display_name,
                giver_name=order.key_holder or self.env.user.name,
                receiver_name=(order.sender_id or order.partner_id).name,
            )
            # Safe: the moment of the step just taken.
            order.sudo().write(
                {"key_returned_at": fields.Datetime.now(), "key_holder": False}
            )
        return True

    def _give_articles_back(self):
        """Record that articles and documents went back to the customer."""
        now = fields.Datetime.now()
        for order in self:
            # Safe: the moment at which everything kept for the order was given back.
            intake = order.sudo().intake_id
            articles = intake.belonging_ids.filtered(lambda each: not each.returned_at)
            papers = intake.document_ids.filtered(
                lambda each: each.reception == "received" and not each.returned_at
            )
            for what, things in (("belongings", articles), ("documents", papers)):
                if things or (what == "belongings" and order._has_box()):
                    things.write({"returned_at": now})
                    order._log_custody(
                        what,
                        "give_back",
                        place_name=order.storage_box_id.display_name or False,
                        giver_name=self.env.user.name,
                        receiver_name=(order.sender_id or order.partner_id).name,
                    )
            if order._has_box():
                order.sudo().box_returned_at = now
        return True

    def _check_cancel(self):
        self._refuse(
            lambda order: order._has_key() or order._has_box(),
            self.env._("give key and articles back first"),
        )
        return super()._check_cancel()

    def _after_deliver(self):
        self._give_key_back()
        self._give_articles_back()
        return super()._after_deliver()


class CarExitPass(models.Model):
    _inherit = "car.exit.pass"

    def _after_leave(self):
        """Let a car that leaves for good take its key and articles along."""
        final = self.filtered(lambda exit_pass: exit_pass.kind == "final")
        # Safe: the gate lets the car out, and with it what belongs to it.
        orders = final.sudo().order_id
        orders._give_key_back()
        orders._give_articles_back()
        return super()._after_leave()
