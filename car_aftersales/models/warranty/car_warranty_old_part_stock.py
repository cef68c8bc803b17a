from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class StockWarehouse(models.Model):
    """Each site keeps the old parts of claims at a place of their own."""

    _inherit = "stock.warehouse"

    old_part_location_id = fields.Many2one(
        "stock.location",
        "Location of Old Warranty Parts",
        check_company=True,
        copy=False,
        readonly=True,
    )

    # === BUSINESS METHODS === #

    def _get_old_part_location(self):
        """Return the site's location of old parts, made when it is first needed.

        It lies beside the warehouse, not in it: nothing in it counts as on hand.
        """
        self.ensure_one()
        # Safe: a place of our own, of a site that may be used.
        warehouse = self.sudo()
        if not warehouse.old_part_location_id:
            warehouse.old_part_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": self.env._(
                            "%(warehouse)s Old Warranty Parts", warehouse=self.code
                        ),
                        "usage": "internal",
                        "company_id": self.company_id.id,
                        "car_is_old_parts": True,
                    }
                )
            )
        return warehouse.old_part_location_id


class StockLocation(models.Model):
    _inherit = "stock.location"

    car_is_old_parts = fields.Boolean(
        "Old Warranty Parts",
        readonly=True,
        copy=False,
        help="Parts taken out of cars, kept for makers: they have no value in our "
        "books.",
    )

    # === BUSINESS METHODS === #

    def _should_be_valued(self):
        """Old parts belong to the maker: they never enter or leave the valuation."""
        return not self.car_is_old_parts and super()._should_be_valued()

    def _search_is_valued(self, operator, value):
        domain = Domain(super()._search_is_valued(operator, value))
        is_valued = (operator == "=") == bool(value)
        if is_valued:
            return domain & Domain("car_is_old_parts", "=", False)
        return domain | Domain("car_is_old_parts", "=", True)


class StockMove(models.Model):
    _inherit = "stock.move"

    car_old_part_id = fields.Many2one(
        "car.warranty.old.part",
        "Old Part",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )

    # === BUSINESS METHODS === #

    def _action_done(self, cancel_backorder=False):
        self._check_old_parts()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _check_old_parts(self):
        """Let old parts come and go by their labels only.

        :raise UserError: for scrap, returns and counts that go around the claim.
        """
        for move in self:
            places = (move.location_id | move.location_dest_id).filtered(
                "car_is_old_parts"
            )
            lines = move.move_line_ids
            places |= (lines.location_id | lines.location_dest_id).filtered(
                "car_is_old_parts"
            )
            if not places or move.location_id == move.location_dest_id:
                continue
            # Safe: the step of the old part has been checked; only its state is read.
            part = move.sudo().car_old_part_id
            if not part or part.state not in ("stored", "returned", "scrapped"):
                raise UserError(
                    self.env._(
                        "%(product)s, %(location)s: old parts of claims come and go by "
                        "their labels. Open the old part and store, return or scrap it "
                        "there.",
                        product=move.product_id.display_name,
                        location=places[:1].display_name,
                    )
                )
