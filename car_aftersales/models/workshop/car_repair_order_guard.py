from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError

from ...tools.labels import spell_fields

# What the desks beside the front desk write on an order; the front desk writes it all.
# Jobs, lines and payers in it are guarded by themselves.
STEP_FIELDS = {"state", "job_ids", "message_main_attachment_id"}
RETURN_FIELDS = {"return_kind", "return_reason"}
DESK_FIELDS = {
    "inspector": STEP_FIELDS | RETURN_FIELDS,
    "workshop_supervisor": STEP_FIELDS
    | RETURN_FIELDS
    | {"promised_at", "promise_reason", "is_promise_told"},
    "warranty_clerk": STEP_FIELDS | {"line_ids", "payer_ids"},
}


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_new_vehicles(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_desk_fields(vals)
        if not vals.get("active", True):
            self._check_may_archive()
        if "vehicle_id" in vals:
            for order in self:
                if order.vehicle_id.id != vals["vehicle_id"]:
                    order._check_vehicle(vals["vehicle_id"], order.company_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for order in self:
            if (
                order.state not in ("reception", "cancelled")
                or order.authorization_ids
                or order.invoice_ids
                or order.exit_pass_ids
                or order.picking_ids
            ):
                raise UserError(
                    self.env._(
                        "%(order)s is kept for the records and cannot be deleted. "
                        "Cancel it instead.",
                        order=order.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _check_may_archive(self):
        """Keep a visit in the lists while the car is here or something is to bill."""
        self._refuse(
            lambda order: (
                order.state not in ("delivered", "cancelled") and not order._has_left()
            ),
            self.env._("the visit is not closed; finish or cancel it first"),
        )
        # Safe: tells only whether something is left to bill.
        self._refuse(
            lambda order: (
                order.sudo().billing_state in ("to_bill", "partly", "to_credit")
            ),
            self.env._("something is still to bill or to credit"),
        )

    def _check_desk_fields(self, vals):
        """Keep every desk to what it writes down on an order.

        :raise AccessError: naming the fields as the screen does.
        """
        if self._has_group("advisor"):
            return
        allowed = set().union(
            *(names for tier, names in DESK_FIELDS.items() if self._has_group(tier))
        )
        if foreign := set(vals) - allowed - self._get_protected_fields():
            raise AccessError(
                self.env._(
                    "%(orders)s: your role does not change %(fields)s.",
                    orders=", ".join(self.mapped("name")),
                    fields=spell_fields(self, foreign),
                )
            )

    def _check_new_vehicles(self, vals_list):
        """Refuse visits without car or customer in words, not the database's."""
        defaults = self.default_get(["vehicle_id", "partner_id", "company_id"])
        for vals in vals_list:
            if not vals.get("partner_id", True):
                del vals["partner_id"]  # the owner is the customer
            given = {**defaults, **vals}
            company = self.env["res.company"].browse(given["company_id"])
            vehicle = self._check_vehicle(given.get("vehicle_id"), company)
            people = given.get("partner_id") or vehicle.owner_id or vehicle.contact_id
            if not people:
                raise UserError(
                    self.env._(
                        "%(vehicle)s has no owner. Enter its owner, or the customer "
                        "of this order.",
                        vehicle=vehicle.display_name,
                    )
                )

    def _check_vehicle(self, vehicle_id, company):
        """Return the vehicle of a visit with all rights, if it can be taken in.

        :raise UserError: saying why it cannot.
        """
        if not vehicle_id:
            raise UserError(self.env._("Choose the vehicle that is taken in."))
        vehicle = self.env["car.vehicle"].browse(vehicle_id)
        known = vehicle.sudo()  # Safe: named only to who may read it.
        try:
            is_archived = not known.active
        except MissingError:
            text = self.env._("This vehicle does not exist any more.")
            raise UserError(text) from None
        if known.company_id and known.company_id != company:
            raise UserError(
                self.env._(
                    "%(vehicle)s belongs to another company than the order, which is "
                    "of %(company)s.",
                    vehicle=(
                        vehicle.display_name
                        if vehicle.has_access("read")
                        else self.env._("The vehicle")
                    ),
                    company=company.sudo().name,
                )
            )
        if is_archived:
            raise UserError(
                self.env._(
                    "%(vehicle)s is archived. Restore it before it is taken in.",
                    vehicle=known.display_name,
                )
            )
        return known

    def _drop_protected(self, vals):
        """Take out what only the system writes."""
        if not self.env.su:
            for name in self._get_protected_fields():
                vals.pop(name, None)
        return vals

    def _get_protected_fields(self):
        """Return the fields that no user writes. Extend with those of other parts."""
        return {
            "consent_floor",
            "delivered_at",
            "first_promised_at",
            "invoice_ids",
            "rework_count",
            "stock_reference_id",
            "turn",
        }

    def _get_locked_fields(self):
        """Return the fields that nobody changes once the car has left."""
        return {
            "vehicle_id",
            "partner_id",
            "warehouse_id",
            "company_id",
            "type_id",
            "job_ids",
            "line_ids",
            "odometer_km",
            "odometer_lower_reason",
            "fuel_level",
            "note",
            "sender_id",
            "outcome",
            "outcome_reason",
            "return_kind",
            "return_reason",
            "pricelist_id",
            "promised_at",
            "received_at",
            "name",
            "owner_id",
            "accepted_at",
            "given_back_at",
            "delivered_at",
        }

    def _check_agreed_fields(self, vals):
        """Keep customer and currency once they were agreed to.

        :raise UserError: naming the way that is left.
        """
        pricelist = self.env["product.pricelist"].browse(vals.get("pricelist_id"))
        for order in self:
            changes_customer = "partner_id" in vals and (
                vals["partner_id"] != order.partner_id.id
            )
            changes_currency = pricelist and (
                pricelist.currency_id != order.currency_id
            )
            if not (changes_customer or changes_currency):
                continue
            if any(line._get_valid_entries() for line in order.line_ids):
                order._raise_for_each(
                    self.env._(
                        "customer and currency were agreed to. Take it back to the "
                        "estimate, or add another payer and move the lines to him"
                    )
                )

    def _check_locked_fields(self, vals):
        locked = self._get_locked_fields().intersection(vals)
        if not locked:
            return
        for order in self:
            if order.state in ("delivered", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(order)s is “%(state)s”: its content is kept as it is.",
                        order=order.name,
                        state=order._get_state_label(order.state),
                    )
                )
            if order._has_left():
                order._raise_for_each(
                    self.env._("the car has left: its content is kept as it is")
                )
            if "line_ids" in locked and order._get_final_pass():
                order._raise_for_each(
                    self.env._("its exit pass is issued; withdraw it first")
                )
        self._check_agreed_fields(vals)
        if "vehicle_id" in locked and self.authorization_ids:
            raise UserError(
                self.env._(
                    "%(order)s was agreed for its vehicle. Cancel it and open another.",
                    order=self[:1].name,
                )
            )
