from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .car_repair_order import CUSTOMER_DATA

# What the customer signs at intake, and its entry in the list of missing things
SIGN_KEYS = {
    "intake": "sign_intake",
    "belongings": "sign_belongings",
    "difference": "sign_difference",
}
# Shown at intake, kept by the order
ORDER_FIELDS = (
    "odometer_km",
    "odometer_lower_reason",
    "fuel_level",
    "old_parts",
    "key_slot_id",
    "storage_box_id",
)


class CarInspection(models.Model):
    """What belongs to receiving a car: papers, articles, marks and signatures."""

    _inherit = "car.inspection"

    document_ids = fields.One2many(
        "car.inspection.document", "inspection_id", "Documents", groups=CUSTOMER_DATA
    )
    difference_ids = fields.One2many(
        "car.inspection.difference",
        "inspection_id",
        "Discrepancies",
        groups=CUSTOMER_DATA,
    )
    belonging_ids = fields.One2many(
        "car.inspection.belonging",
        "inspection_id",
        "Articles in the Car",
        groups=CUSTOMER_DATA,
    )
    damage_ids = fields.One2many("car.inspection.damage", "inspection_id")
    signature_ids = fields.One2many(
        "car.inspection.signature", "inspection_id", "Signatures", groups=CUSTOMER_DATA
    )
    has_no_belongings = fields.Boolean(
        "Nothing in the Car",
        groups=CUSTOMER_DATA,
        help="The customer confirms that no article was left in the car.",
    )
    # the order's readings, key and box, on the same screen
    odometer_km = fields.Integer(
        related="order_id.odometer_km", readonly=False, groups=CUSTOMER_DATA
    )
    odometer_lower_reason = fields.Selection(
        related="order_id.odometer_lower_reason", readonly=False, groups=CUSTOMER_DATA
    )
    last_odometer_km = fields.Integer(
        related="vehicle_id.odometer_km", string="Last Reading (km)"
    )
    fuel_level = fields.Selection(
        related="order_id.fuel_level", readonly=False, groups=CUSTOMER_DATA
    )
    old_parts = fields.Selection(
        related="order_id.old_parts", readonly=False, groups=CUSTOMER_DATA
    )
    key_slot_id = fields.Many2one(
        related="order_id.key_slot_id", readonly=False, groups=CUSTOMER_DATA
    )
    storage_box_id = fields.Many2one(
        related="order_id.storage_box_id", readonly=False, groups=CUSTOMER_DATA
    )
    intake_missing = fields.Json(
        related="order_id.intake_missing", groups=CUSTOMER_DATA
    )
    intake_state = fields.Selection(
        related="order_id.intake_state", groups=CUSTOMER_DATA
    )
    intake_step = fields.Selection(
        [("check", "To Check"), ("sign", "To Sign"), ("close", "To Close")],
        compute="_compute_intake_step",
        compute_sudo=True,
    )

    _intake_uniq = models.UniqueIndex(
        "(order_id) WHERE kind = 'intake' AND state != 'cancelled'",
        "This order has its intake already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "order_id.intake_missing")
    def _compute_intake_step(self):
        """Tell what comes next, so that no button is offered that must be refused."""
        for inspection in self:
            step = False
            if inspection.kind == "intake" and inspection.state == "in_progress":
                missing = {item["key"] for item in inspection.intake_missing or []}
                step = "close"
                if missing - {"finish"}:
                    step = "sign" if missing <= set(SIGN_KEYS.values()) else "check"
            inspection.intake_step = step

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        inspections = super().create(vals_list)
        for inspection in inspections.filtered(lambda each: each.kind == "intake"):
            inspection._propose_documents()
        return inspections

    def write(self, vals):
        # Together: a lower reading comes with its reason.
        on_order = {key: vals[key] for key in ORDER_FIELDS if key in vals}
        if on_order:
            self._check_technician_fields(on_order)
            self._check_open()
            self.order_id.write(on_order)
            vals = {key: value for key, value in vals.items() if key not in on_order}
        result = super().write(vals)
        if "has_no_belongings" in vals:
            # Safe: a signature under what is being changed counts no more.
            self.sudo().signature_ids._void("belongings")
        return result

    # === ACTION METHODS === #

    def action_sign(self, purpose="intake"):
        """Open the dialog in which the customer signs."""
        self.ensure_one()
        return {
            "name": self.env._("Customer's Signature"),
            "type": "ir.actions.act_window",
            "res_model": "car.inspection.signature",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_inspection_id": self.id,
                "default_purpose": purpose,
            },
        }

    def action_sign_belongings(self):
        return self.action_sign("belongings")

    def action_sign_difference(self):
        return self.action_sign("difference")

    def action_sign_return(self):
        return self.action_sign("return")

    def action_sign_all(self):
        """Let the customer sign once for all that waits for his signature."""
        self.ensure_one()
        purposes = self._get_purposes_to_sign()
        if not purposes:
            self._refuse(
                lambda inspection: True,
                self.env._("nothing waits for the customer's signature"),
            )
        action = self.action_sign(purposes[0])
        action["context"]["default_signs_all"] = True
        return action

    def action_all_in_order(self):
        """Note in one go what is as it should be: items, documents, key and box.

        What has a result already is kept; nothing is said of articles or readings.
        """
        self._check_open()
        for intake in self:
            intake.action_rest_ok()
            intake.action_documents_good()
            order = intake.order_id
            if order.type_id.requires_intake_key and not order.key_slot_id:
                order.action_free_key_slot()
            in_box = intake.belonging_ids.filtered(lambda each: each.place == "box")
            if in_box and not order.storage_box_id:
                order.action_free_storage_box()
        return True

    def action_documents_good(self):
        """Call the documents that nobody has looked at received and in order."""
        self.document_ids.filtered(
            lambda document: not document.is_checked and not document.has_difference
        ).action_all_good()

    def action_free_key_slot(self):
        """Hang the key into the first free slot."""
        return self.order_id.action_free_key_slot()

    def action_free_storage_box(self):
        return self.order_id.action_free_storage_box()

    def action_missing(self, key):
        """Do what an entry of the list of missing things asks for."""
        return self.order_id.action_missing(key)

    # === BUSINESS METHODS === #

    def _propose_documents(self):
        """List the documents that the order type asks for."""
        self.ensure_one()
        wanted = self.order_id.type_id.document_type_ids - self.document_ids.type_id
        self.document_ids = [Command.create({"type_id": each.id}) for each in wanted]

    def _get_purposes_to_sign(self):
        """Return for what the customer's signature is asked and not given yet."""
        self.ensure_one()
        missing = {item["key"] for item in self.order_id._get_intake_missing()}
        return [purpose for purpose, key in SIGN_KEYS.items() if key in missing]

    def _spell_signed(self, purpose):
        """Return in words what is signed for a purpose, for the dialog."""
        if purpose == "belongings":
            if not self.belonging_ids:
                return self._fields["has_no_belongings"]._description_string(self.env)
            return ", ".join(
                f"{article.name} × {article.quantity}" for article in self.belonging_ids
            )
        if purpose == "difference":
            return "; ".join(self.difference_ids.mapped("name"))
        if purpose == "intake":
            found = [
                f"{line.name} {line.note or ''}".strip() for line in self._get_found()
            ]
            damage = len(self.damage_ids)
            marks = [self.env._("marks of damage: %(count)s", count=damage)]
            return ", ".join(found + (marks if damage else []))
        return ""

    def _get_signature(self, purpose):
        """Return the signature that counts for a purpose."""
        self.ensure_one()
        return self.signature_ids.filtered(
            lambda signature: signature.purpose == purpose and not signature.is_void
        )[-1:]

    def _get_unexplained(self):
        """Return documents with a difference that is not explained and handled."""
        self.ensure_one()
        explained = self.difference_ids.filtered("handling").document_id
        return self.document_ids.filtered("has_difference") - explained

    def _check_finish(self):
        for intake in self.filtered(lambda each: each.kind == "intake"):
            missing = intake.order_id._get_intake_missing(closing=True)
            if missing:
                raise UserError(
                    self.env._(
                        "%(inspection)s is not complete:\n%(missing)s",
                        inspection=intake.display_name,
                        missing="\n".join(f"- {item['text']}" for item in missing),
                    )
                )
        return super()._check_finish()
