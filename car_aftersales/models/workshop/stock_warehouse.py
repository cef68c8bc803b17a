from odoo import fields, models

SEQUENCE_CODE = "WSI"


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    workshop_type_id = fields.Many2one(
        "stock.picking.type",
        "Workshop Issue Type",
        check_company=True,
        copy=False,
        help="Operation type of the transfers that issue parts to repair orders.",
    )

    def _get_sequence_values(self, name=False, code=False):
        values = super()._get_sequence_values(name=name, code=code)
        values["workshop_type_id"] = {
            "name": self.env._(
                "%(warehouse)s Sequence workshop issue", warehouse=name or self.name
            ),
            "prefix": f"{code or self.code}/"
            f"{self.workshop_type_id.sequence_code or SEQUENCE_CODE}/",
            "padding": 5,
            "company_id": self.company_id.id,
        }
        return values

    def _get_picking_type_create_values(self, max_sequence):
        data, next_sequence = super()._get_picking_type_create_values(max_sequence)
        customer_location, _supplier = self._get_partner_locations()
        data["workshop_type_id"] = {
            "name": self.env._("Workshop Issue"),
            "code": "outgoing",
            "default_location_src_id": self.lot_stock_id.id,
            "default_location_dest_id": customer_location.id,
            "use_create_lots": False,
            "use_existing_lots": True,
            "create_backorder": "always",
            "sequence": next_sequence + 1,
            "sequence_code": SEQUENCE_CODE,
            "company_id": self.company_id.id,
        }
        return data, next_sequence + 2

    def _get_picking_type_update_values(self):
        data = super()._get_picking_type_update_values()
        data["workshop_type_id"] = {
            "active": self.active,
            "barcode": self.code.replace(" ", "").upper() + SEQUENCE_CODE,
        }
        return data

    def _get_workshop_calendars(self):
        """Map each site to the working hours of its first team, else the company's."""
        teams = self.env["car.workshop.team"].search(
            [("warehouse_id", "in", self.ids), ("resource_calendar_id", "!=", False)]
        )
        calendars = {site: site.company_id.resource_calendar_id for site in self}
        for team in reversed(teams):
            calendars[team.warehouse_id] = team.resource_calendar_id
        return calendars

    def _get_first_teams(self):
        """Map each site to its first team, to none where it has no team."""
        teams = self.env["car.workshop.team"]
        first = dict.fromkeys(self, teams)
        for team in teams.search([("warehouse_id", "in", self.ids)]):
            first[team.warehouse_id] = first[team.warehouse_id] or team
        return first

    def _create_missing_workshop_types(self):
        """Give each warehouse its workshop operation type, an archived one first."""
        # Called while installing, where no language is set yet.
        self = self.with_context(lang=self.env.lang or self.env.user.lang)
        missing = self.search([("workshop_type_id", "=", False)])
        archived = {
            picking_type.warehouse_id: picking_type
            for picking_type in self.env["stock.picking.type"].search(
                [
                    ("warehouse_id", "in", missing.ids),
                    ("sequence_code", "=", SEQUENCE_CODE),
                    ("code", "=", "outgoing"),
                ]
            )
        }
        for warehouse in missing:
            if picking_type := archived.get(warehouse):
                picking_type.active = warehouse.active
                warehouse.workshop_type_id = picking_type
            elif values := warehouse._create_or_update_sequences_and_picking_types():
                warehouse.write(values)

    def _retire_workshop_types(self):
        """Cancel open workshop transfers and archive the operation types."""
        picking_types = self.search(
            [("workshop_type_id", "!=", False)]
        ).workshop_type_id
        self.env["stock.picking"].search(
            [
                ("picking_type_id", "in", picking_types.ids),
                ("state", "not in", ["done", "cancel"]),
            ]
        ).action_cancel()
        picking_types.active = False


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    # === BUSINESS METHODS === #

    def _get_workshop_end(self):
        """Return where parts go on to when the transfer ends inside the house.

        A site may bring parts to a counter first: a push rule takes them to the car.
        """
        self.ensure_one()
        ends = self.default_location_src_id | self.default_location_dest_id
        ends.mapped("usage")  # both in one query
        if self.default_location_dest_id.usage == "customer":
            return self.env["stock.location"]
        customers, _vendors = self.env["stock.warehouse"]._get_partner_locations()
        return customers
