from odoo import api, models
from odoo.exceptions import UserError


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === CRUD METHODS === #

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
        if "vehicle_id" in locked and self.authorization_ids:
            raise UserError(
                self.env._(
                    "%(order)s was agreed for its vehicle. Cancel it and open another.",
                    order=self[:1].name,
                )
            )
