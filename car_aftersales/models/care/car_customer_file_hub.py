from odoo import api, fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarCustomerFile(models.Model):
    """The hub: from the file to the customer's cars, visits, calls and invoices."""

    _inherit = "car.customer.file"

    vehicle_ids = fields.One2many(related="partner_id.car_vehicle_ids")
    order_ids = fields.Many2many(
        "car.repair.order",
        string="Visits",
        compute="_compute_order_ids",
        groups=CUSTOMER_DATA,
    )
    task_ids = fields.One2many(related="partner_id.car_task_ids")
    call_ids = fields.One2many(related="partner_id.car_call_ids")
    point_ids = fields.One2many(related="partner_id.car_point_ids")
    permission_ids = fields.One2many(
        related="partner_id.car_permission_ids", readonly=False
    )
    order_count = fields.Integer("Number of Visits", compute="_compute_counts")
    call_count = fields.Integer("Number of Calls", compute="_compute_counts")
    point_count = fields.Integer("Open Points", compute="_compute_counts")
    invoice_count = fields.Integer("Number of Invoices", compute="_compute_counts")

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_order_ids(self):
        orders = self.env["car.repair.order"].search(
            [("partner_id", "in", self.partner_id.ids), ("state", "!=", "cancelled")],
            order="id desc",
        )
        by_partner = orders.grouped("partner_id")
        for card in self:
            card.order_ids = by_partner.get(card.partner_id, orders.browse())

    @api.depends("partner_id")
    def _compute_counts(self):
        partners = self.partner_id

        def count(model, domain=()):
            found = self.env[model]._read_group(
                [("partner_id", "in", partners.ids), *domain],
                ["partner_id"],
                ["__count"],
            )
            return dict(found)

        orders = count("car.repair.order", [("state", "!=", "cancelled")])
        calls = count("car.contact.call", [("state", "!=", "draft")])
        points = count("car.contact.point", [("state", "!=", "closed")])
        may_read = self.env["account.move"].has_access("read")
        invoices = (
            count("account.move", [("car_repair_order_ids", "!=", False)])
            if may_read
            else {}
        )
        for card in self:
            partner = card.partner_id
            card.order_count = orders.get(partner, 0)
            card.call_count = calls.get(partner, 0)
            card.point_count = points.get(partner, 0)
            card.invoice_count = invoices.get(partner, 0)

    # === ACTION METHODS === #

    def action_open_orders(self):
        """Open the visits of the customer."""
        return self._open_of_customer("car_aftersales.car_repair_order_action")

    def action_open_calls(self):
        """Open the calls and visits held with the customer."""
        return self._open_of_customer("car_aftersales.car_contact_call_action")

    def action_open_points(self):
        """Open what the customer asked for and complained of."""
        return self._open_of_customer("car_aftersales.car_contact_point_action")

    def action_open_invoices(self):
        """Open the repair invoices of the customer."""
        action = self._open_of_customer("account.action_move_out_invoice_type")
        action["domain"] = [
            *action["domain"],
            ("car_repair_order_ids", "!=", False),
        ]
        return action

    def action_log_call(self):
        """Write down a talk with this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_call_action_log"
        )
        vehicles = self.vehicle_ids
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_vehicle_id": vehicles.id if len(vehicles) == 1 else False,
            "default_direction": "in",
        }
        return action

    # === BUSINESS METHODS === #

    def _open_of_customer(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("partner_id", "=", self.partner_id.id)]
        action["context"] = {"default_partner_id": self.partner_id.id}
        return action
