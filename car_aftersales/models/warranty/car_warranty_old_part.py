from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

LIVE = ("tagged", "stored")


class CarWarrantyOldPart(models.Model):
    """The part taken out of the car, kept as proof for a claim.

    The warranty clerk tags it, the parts clerk puts it into the location of old parts;
    it goes back to the maker or is scrapped only after the claim was settled and some
    days have passed. It belongs to the maker and has no value in our stock.
    """

    _name = "car.warranty.old.part"
    _description = "Old Part of a Warranty Claim"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Label", readonly=True, copy=False, default="/", index=True)
    state = fields.Selection(
        [
            ("tagged", "Tagged"),
            ("stored", "In Keeping"),
            ("returned", "Returned to the Maker"),
            ("scrapped", "Scrapped"),
            ("cancelled", "Cancelled"),
        ],
        default="tagged",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    claim_line_id = fields.Many2one(
        "car.warranty.claim.line",
        "Line of the Claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    claim_id = fields.Many2one(related="claim_line_id.claim_id", store=True, index=True)
    claim_number = fields.Char(related="claim_id.name")
    company_id = fields.Many2one(
        related="claim_line_id.company_id", store=True, precompute=True, index=True
    )
    order_id = fields.Many2one(related="claim_line_id.claim_id.order_id", store=True)
    vehicle_id = fields.Many2one(related="claim_line_id.claim_id.vehicle_id")
    partner_id = fields.Many2one(
        related="claim_line_id.claim_id.partner_id",
        store=True,
        string="Maker or Supplier",
    )
    warehouse_id = fields.Many2one(
        related="claim_line_id.claim_id.warehouse_id", store=True, string="Site"
    )
    product_id = fields.Many2one(
        related="claim_line_id.product_id", store=True, index=True
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="claim_line_id.line_id.product_uom_id")
    serial = fields.Char("Serial of the Old Part")
    place = fields.Char("Where It Lies", help="Shelf or box.")
    tagged_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    claim_state = fields.Selection(
        related="claim_line_id.claim_id.state", string="State of the Claim"
    )
    kept_until = fields.Date(
        compute="_compute_kept_until",
        store=True,
        index="btree_not_null",
        help="The claim was settled, and the days agreed with the maker have passed.",
    )
    is_free = fields.Boolean(
        "May Leave", compute="_compute_is_free", search="_search_is_free"
    )
    move_ids = fields.One2many("stock.move", "car_old_part_id", "Stock Moves")

    # === COMPUTE METHODS === #

    @api.depends(
        "claim_id.state",
        "claim_id.settled_on",
        "claim_id.maker_id.old_part_days",
        "claim_line_id.amount_moved",
    )
    def _compute_kept_until(self):
        for part in self:
            claim = part.claim_id
            if claim.state == "cancelled" or part.claim_line_id._is_proof_needless():
                # The maker asks for it no more: from today on it may leave.
                part.kept_until = part.kept_until or claim.company_id._get_car_today()
            elif claim.state == "settled" and claim.settled_on:
                days = claim.maker_id.old_part_days
                part.kept_until = claim.settled_on + timedelta(days=days)
            else:
                part.kept_until = False

    @api.depends("state", "kept_until")
    def _compute_is_free(self):
        today = self.env.company._get_car_today()
        for part in self:
            part.is_free = (
                part.state == "stored"
                and bool(part.kept_until)
                and part.kept_until <= today
            )

    def _search_is_free(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_car_today()
        return [("state", "=", "stored"), ("kept_until", "<=", today)]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Old parts are tagged from their claim."))
        lines = self.env["car.warranty.claim.line"].browse(
            [vals["claim_line_id"] for vals in vals_list]
        )
        for vals, line in zip(vals_list, lines, strict=True):
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, line.company_id.id
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            self._raise_missing(self.env._("labels are kept. Cancel it instead"))

    # === ACTION METHODS === #

    def action_store(self):
        """Put tagged parts into the location of old parts."""
        self.write({"state": "stored"})

    def action_return(self):
        """Send kept parts back to the maker."""
        self.write({"state": "returned"})

    def action_scrap(self):
        """Scrap kept parts that nobody asks for any more."""
        self.write({"state": "scrapped"})

    def action_cancel(self):
        self.write({"state": "cancelled"})

    def action_print(self):
        """Print the labels."""
        report = self.env.ref("car_aftersales.car_warranty_old_part_report_label")
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _state_steps(self):
        return {
            "tagged": {"stored": "store", "cancelled": "cancel"},
            "stored": {"returned": "give_back", "scrapped": "scrap"},
            "returned": {},
            "scrapped": {},
            "cancelled": {},
        }

    def _check_store(self):
        self._require_parts_clerk()

    def _check_cancel(self):
        # Safe: who may, on the order of the claim.
        self.sudo().claim_id.order_id.with_env(self.env)._require_group(
            "warranty_clerk", "supervisor"
        )

    def _check_give_back(self):
        self._require_parts_clerk()
        self._check_free()

    def _check_scrap(self):
        self._require_parts_clerk()
        self._check_free()

    def _require_parts_clerk(self):
        self.order_id._require_group("parts_clerk")

    def _check_free(self):
        """Refuse to let a part go before the claim was settled and the days are over.

        :raise UserError: saying what it waits for.
        """
        # Safe: the state of the claim decides; only its number is named.
        for part in self.sudo():
            claim = part.claim_id
            if not part.kept_until:
                part._raise_missing(
                    self.env._(
                        "claim %(claim)s is “%(state)s”. The old part is kept until "
                        "it is settled",
                        claim=claim.name,
                        state=claim._get_state_label(claim.state),
                    )
                )
            if part.kept_until > claim.company_id._get_car_today():
                part._raise_missing(
                    self.env._("it is kept until %(day)s", day=part.kept_until)
                )

    def _after_store(self):
        self._move("store")

    def _after_give_back(self):
        self._move("return")

    def _after_scrap(self):
        self._move("scrap")

    def _get_route(self, step):
        """Return from where to where a step moves the part."""
        self.ensure_one()
        warehouse = self.warehouse_id
        kept = warehouse._get_old_part_location()
        customers, suppliers = warehouse._get_partner_locations()
        if step == "store":
            return customers, kept
        if step == "return":
            return kept, self.partner_id.property_stock_supplier or suppliers
        return kept, self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "in", [self.company_id.id])],
            limit=1,
        )

    def _move(self, step):
        """Move the parts in ordinary transfers, done at once."""
        # Safe: the parts clerk was checked, and so was whether the part may leave.
        for part in self.sudo():
            source, target = part._get_route(step)
            picking_type = part.warehouse_id.int_type_id
            picking = (
                self.env["stock.picking"]
                .sudo()
                .create(
                    {
                        "picking_type_id": picking_type.id,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                        "partner_id": part.partner_id.id if step == "return" else False,
                        "origin": f"{part.claim_id.name}, {part.name}",
                        "company_id": part.company_id.id,
                        "move_ids": [
                            fields.Command.create(
                                part._prepare_move_vals(source, target)
                            )
                        ],
                    }
                )
            )
            picking.action_confirm()
            part._fill_move(picking.move_ids)
            picking.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def _prepare_move_vals(self, source, target):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": source.id,
            "location_dest_id": target.id,
            "company_id": self.company_id.id,
            "description_picking": self.name,
            "car_old_part_id": self.id,
        }

    def _fill_move(self, move):
        """Say that it is done; a tracked product gets the label as its lot."""
        self.ensure_one()
        if self.product_id.tracking != "none":
            lots = self.env["stock.lot"].sudo()
            values = {
                "name": self.name,
                "product_id": self.product_id.id,
                "company_id": self.company_id.id,
            }
            lot = lots.search(
                [(name, "=", value) for name, value in values.items()], limit=1
            ) or lots.create(values)
            move.move_line_ids.unlink()
            move.move_line_ids = [
                fields.Command.create(
                    {
                        **move._prepare_move_line_vals(quantity=0),
                        "lot_id": lot.id,
                        "quantity": self.quantity,
                    }
                )
            ]
        else:
            move.quantity = self.quantity
        move.picked = True


class CarWarrantyClaimLine(models.Model):
    _inherit = "car.warranty.claim.line"

    old_part_ids = fields.One2many("car.warranty.old.part", "claim_line_id")

    # === BUSINESS METHODS === #

    def _get_live_old_parts(self):
        """Return the old parts that prove the line."""
        self.ensure_one()
        return self.old_part_ids.filtered(lambda part: part.state != "cancelled")

    def _is_proof_needless(self):
        """Tell whether the line was moved as a whole: the maker asks no more."""
        self.ensure_one()
        return bool(
            self.amount_claimed
            and not self.currency_id.compare_amounts(
                self.amount_moved, self.amount_claimed
            )
        )


class CarWarrantyClaim(models.Model):
    _inherit = "car.warranty.claim"

    old_part_ids = fields.One2many("car.warranty.old.part", "claim_id")
    old_part_count = fields.Integer(compute="_compute_old_part_count")

    # === COMPUTE METHODS === #

    @api.depends("old_part_ids.state")
    def _compute_old_part_count(self):
        for claim in self:
            claim.old_part_count = len(
                claim.old_part_ids.filtered(lambda part: part.state != "cancelled")
            )

    # === ACTION METHODS === #

    def action_tag_old_parts(self):
        """Make a label for each claimed part that has none, and print them."""
        self._require_clerk()
        vals_list = []
        for line in self.line_ids.filtered(lambda line: line.bucket == "parts"):
            if line.claim_id.state == "cancelled" or line._get_live_old_parts():
                continue
            each = line.product_id.tracking == "serial"
            count = round(line.quantity) if each else 1
            vals_list += [
                {
                    "claim_line_id": line.id,
                    "quantity": 1.0 if each else line.quantity,
                    "tagged_by_id": self.env.uid,
                }
            ] * count
        # Safe: the clerk was checked; labels for the parts of his claim.
        parts = (
            self.env["car.warranty.old.part"]
            .sudo()
            .create([dict(vals) for vals in vals_list])
        )
        parts = parts.with_env(self.env) or self.old_part_ids
        if not parts:
            self._raise_missing(self.env._("no part is claimed"))
        return parts.action_print()

    def action_view_old_parts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_warranty_old_part_action"
        )
        action["domain"] = [("claim_id", "=", self.id)]
        action["context"] = {}
        return action
