from odoo import api, fields, models

from .car_warranty_claim import OPEN

CLAIM_READERS = (
    "car_aftersales.car_aftersales_group_warranty_clerk,"
    "car_aftersales.car_aftersales_group_cashier,"
    "car_aftersales.car_aftersales_group_supervisor"
)


class CarClaimLinkMixin(models.AbstractModel):
    """A document that shows how many warranty claims belong to it."""

    _name = "car.claim.link.mixin"
    _description = "Document with warranty claims"

    def _get_claim_action(self, claims_domain):
        """Return the window that shows some claims."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_warranty_claim_action"
        )
        action["domain"] = claims_domain
        action["context"] = {}
        return action

    def _count_claims(self, field):
        """Map records to the number of claims that name them, in one query."""
        counts = self.env["car.warranty.claim"]._read_group(
            [(field, "in", self.ids), ("state", "!=", "cancelled")],
            [field],
            ["__count"],
        )
        return {record.id: count for record, count in counts}


class CarRepairOrder(models.Model):
    _name = "car.repair.order"
    _inherit = ["car.repair.order", "car.claim.link.mixin"]

    claim_count = fields.Integer(
        "Warranty Claims", compute="_compute_claim_count", groups=CLAIM_READERS
    )

    def _compute_claim_count(self):
        counts = self._count_claims("order_id")
        for order in self:
            order.claim_count = counts.get(order.id, 0)

    def action_view_claims(self):
        return self._get_claim_action([("order_id", "in", self.ids)])


class CarVehicle(models.Model):
    _name = "car.vehicle"
    _inherit = ["car.vehicle", "car.claim.link.mixin"]

    claim_count = fields.Integer(
        "Warranty Claims", compute="_compute_claim_count", groups=CLAIM_READERS
    )

    def _compute_claim_count(self):
        counts = self._count_claims("vehicle_id")
        for vehicle in self:
            vehicle.claim_count = counts.get(vehicle.id, 0)

    def action_view_claims(self):
        return self._get_claim_action([("vehicle_id", "in", self.ids)])


class CarRepairPayer(models.Model):
    _name = "car.repair.payer"
    _inherit = ["car.repair.payer", "car.claim.link.mixin"]

    claim_count = fields.Integer(
        "Warranty Claims", compute="_compute_claim_count", groups=CLAIM_READERS
    )

    def _compute_claim_count(self):
        counts = self._count_claims("payer_id")
        for payer in self:
            payer.claim_count = counts.get(payer.id, 0)

    def action_view_claims(self):
        return self._get_claim_action([("payer_id", "in", self.ids)])


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "car.claim.link.mixin"]

    car_claim_count = fields.Integer(
        "Warranty Claims", compute="_compute_car_claim_count", groups=CLAIM_READERS
    )

    @api.depends("invoice_line_ids")
    def _compute_car_claim_count(self):
        for move in self:
            move.car_claim_count = len(move._get_car_claims())

    def action_view_car_claims(self):
        return self._get_claim_action([("id", "in", self._get_car_claims().ids)])


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === CRUD METHODS === #

    def write(self, vals):
        if {"datas", "raw", "res_model", "res_id", "name"} & set(vals):
            self._check_claim_photos()
        return super().write(vals)

    def unlink(self):
        self._check_claim_photos()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _check_claim_photos(self):
        """Keep the photos of a claim that the maker has.

        :raise UserError: naming the claim.
        """
        if self.env.su or not self:
            return
        # Safe: tells only whether a claim needs them.
        claims = (
            self.env["car.warranty.claim"]
            .sudo()
            .search(
                [
                    ("photo_ids", "in", self.ids),
                    ("state", "not in", (*OPEN, "cancelled")),
                ],
                limit=1,
            )
        )
        if claims:
            claims.with_env(self.env)._raise_missing(
                self.env._("it was sent with this photo, which stays as it is")
            )
