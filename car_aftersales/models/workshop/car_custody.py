from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .car_repair_order import CUSTOMER_DATA

KEY_DESKS = ("advisor", "technician", "inspector", "workshop_supervisor", "gate")


class CarCustodyPlaceMixin(models.AbstractModel):
    """A numbered place that holds the things of one open order at a time."""

    _name = "car.custody.place.mixin"
    _description = "Numbered Place for One Order"
    _inherit = ["car.site.mixin"]
    _order_place = None  # the order's field that points here
    _order_released = None  # the order's field that tells when it was cleared

    name = fields.Char("Slot or Box Number", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    order_id = fields.Many2one(
        "car.repair.order",
        "Occupied By",
        compute="_compute_order",
        compute_sudo=True,
        groups=CUSTOMER_DATA,
    )
    order_number = fields.Char(compute="_compute_order", compute_sudo=True)
    license_plate = fields.Char("Plate", compute="_compute_order", compute_sudo=True)
    is_free = fields.Boolean(
        "Free", compute="_compute_order", compute_sudo=True, search="_search_is_free"
    )

    # === COMPUTE METHODS === #

    def _compute_order(self):
        orders = self.env["car.repair.order"].search(self._get_occupied_domain(self))
        by_place = {order[self._order_place]: order for order in orders}
        for place in self:
            order = by_place.get(place._origin, orders.browse())
            place.order_id = order
            place.order_number = order.name
            place.license_plate = order.vehicle_id.license_plate
            place.is_free = not order

    def _search_is_free(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Safe: tells only which places hold something.
        orders = self.env["car.repair.order"].sudo()
        occupied = orders.search(self._get_occupied_domain()).mapped(self._order_place)
        return Domain("id", "not in" if True in value else "in", occupied.ids)

    # === BUSINESS METHODS === #

    def _get_occupied_domain(self, places=None):
        """Return the orders whose things are kept, here or anywhere."""
        where = Domain(self._order_place, "!=", False)
        if places is not None:
            where = Domain(self._order_place, "in", places._origin.ids)
        return where & Domain(self._order_released, "=", False)

    def _get_first_free(self, warehouse):
        """Return the first free place of a site.

        :raise UserError: when all of them are occupied.
        """
        free = self.search(
            [("warehouse_id", "=", warehouse.id), ("is_free", "=", True)], limit=1
        )
        if not free and not self.search_count(
            [("warehouse_id", "=", warehouse.id)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(kind)s: %(site)s has none yet. A supervisor numbers them under "
                    "Visits > Configuration.",
                    kind=self._description,
                    site=warehouse.name,
                )
            )
        if not free:
            raise UserError(
                self.env._(
                    "%(kind)s: none is free at %(site)s.",
                    kind=self._description,
                    site=warehouse.name,
                )
            )
        return free

    @api.model
    def _number_places(self, count):
        """Number the first places of each site that has none yet."""
        sites = self.env["stock.warehouse"].search([("company_id", "!=", False)])
        known = self.with_context(active_test=False).search(
            [("warehouse_id", "in", sites.ids)]
        )
        sites -= known.warehouse_id
        return self.create(
            [
                {
                    "name": f"{number:02d}",
                    "sequence": 100 + number,
                    "company_id": site.company_id.id,
                    "warehouse_id": site.id,
                }
                for site in sites
                for number in range(1, count + 1)
            ]
        )

    def _check_takes(self, order):
        """Refuse a place that another order occupies or of another site."""
        self.ensure_one()
        place = self.sudo()  # Safe: names the order that is in the way.
        if not place.is_free and place.order_id != order:
            raise UserError(
                self.env._(
                    "%(place)s is occupied by %(order)s (%(plate)s).",
                    place=place.display_name,
                    order=place.order_number,
                    plate=place.license_plate or "",
                )
            )
        if place.warehouse_id != order.warehouse_id:
            raise UserError(
                self.env._(
                    "%(place)s is not at the site of %(order)s.",
                    place=place.display_name,
                    order=order.name,
                )
            )


class CarKeySlot(models.Model):
    """A numbered hook of the key cabinet (车钥匙柜)."""

    _name = "car.key.slot"
    _description = "Key Slot"
    _inherit = ["car.custody.place.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True
    _order_place = "key_slot_id"
    _order_released = "key_returned_at"

    order_ids = fields.One2many(
        "car.repair.order", "key_slot_id", "All Orders", groups=CUSTOMER_DATA
    )
    holder_name = fields.Char(
        "Key Taken By", compute="_compute_order", compute_sudo=True
    )

    _name_uniq = models.UniqueIndex(
        "(warehouse_id, name) WHERE active",
        "This site has a key slot of this number already.",
    )

    @api.depends("order_ids.key_returned_at", "order_ids.key_holder")
    def _compute_order(self):
        result = super()._compute_order()
        for slot in self:
            slot.holder_name = slot.order_id.key_holder
        return result

    # === ACTION METHODS === #

    def action_take(self):
        """Take the key out of the cabinet; who and when is written down."""
        return self._move_key("take")

    def action_put_back(self):
        """Hang the key back into its slot."""
        return self._move_key("put_back")

    # === BUSINESS METHODS === #

    def _move_key(self, action):
        self.check_access("read")
        if not self.env["car.repair.order"]._has_group(*KEY_DESKS):
            raise AccessError(
                self.env._("Your role does not take keys out of the cabinet.")
            )
        for slot in self:
            # Safe: whoever may take keys does; he learns nothing of the order.
            order = slot.sudo().order_id
            if not order:
                raise UserError(
                    self.env._("%(slot)s holds no key.", slot=slot.display_name)
                )
            order._move_key(action)
        return True


class CarStorageBox(models.Model):
    """A numbered box for the tools and articles of one car (存物箱)."""

    _name = "car.storage.box"
    _description = "Storage Box"
    _inherit = ["car.custody.place.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True
    _order_place = "storage_box_id"
    _order_released = "box_returned_at"

    order_ids = fields.One2many(
        "car.repair.order", "storage_box_id", "All Orders", groups=CUSTOMER_DATA
    )

    _name_uniq = models.UniqueIndex(
        "(warehouse_id, name) WHERE active",
        "This site has a storage box of this number already.",
    )

    @api.depends("order_ids.box_returned_at")
    def _compute_order(self):
        return super()._compute_order()


class CarCustodyLog(models.Model):
    """Who gave what of a car to whom and when. It is never edited."""

    _name = "car.custody.log"
    _description = "Custody Record"
    _order = "happened_at desc, id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True, index=True
    )
    what = fields.Selection(
        [
            ("car", "Car"),
            ("key", "Key"),
            ("belongings", "Articles"),
            ("documents", "Documents"),
        ],
        default="key",
        required=True,
    )
    action = fields.Selection(
        [
            ("receive", "Received from the customer"),
            ("move", "Moved"),
            ("take", "Taken"),
            ("put_back", "Put back"),
            ("hand_over", "Handed over"),
            ("to_workshop", "Handed to the workshop"),
            ("give_back", "Given back to the customer"),
        ],
        "Event",
        required=True,
    )
    place_name = fields.Char("Slot or Box")
    giver_name = fields.Char("Given By")
    receiver_name = fields.Char("Received By")
    giver_id = fields.Many2one("res.users", "From User")
    receiver_id = fields.Many2one("res.users", "To User")
    happened_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    recorded_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    note = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("what", "action", "order_id.name")
    def _compute_display_name(self):
        what = dict(self._fields["what"]._description_selection(self.env))
        actions = dict(self._fields["action"]._description_selection(self.env))
        for log in self:
            log.display_name = f"{what.get(log.what)}: {actions.get(log.action)}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["recorded_by_id"] = self.env.uid
            for side in ("giver", "receiver"):
                user = self.env["res.users"].browse(vals.get(f"{side}_id") or [])
                vals.setdefault(f"{side}_name", user.sudo().name)
        logs = super().create(vals_list)
        logs.filtered(
            lambda log: log.action == "to_workshop"
        ).order_id._check_intake_complete()
        return logs

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What has changed hands is kept as it was."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self.write({})
