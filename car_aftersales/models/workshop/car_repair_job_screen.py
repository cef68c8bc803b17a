from odoo import api, fields, models
from odoo.fields import Command

from .car_repair_order import CUSTOMER_DATA


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    state = fields.Selection(group_expand="_group_expand_state")
    vehicle_model_id = fields.Many2one(related="vehicle_id.model_id", tracking=False)
    vehicle_energy = fields.Selection(related="vehicle_id.energy", tracking=False)
    order_draft = fields.Json(
        "Order Not Saved Yet",
        compute="_compute_order_draft",
        groups=CUSTOMER_DATA,
        help="The screen tells a new line of its job only; this tells it of the order.",
    )

    @api.depends(
        "order_id.company_id",
        "order_id.partner_id",
        "order_id.payer_ids.partner_id",
        "order_id.pricelist_id",
        "order_id.type_id",
        "order_id.vehicle_id",
        "order_id.warehouse_id",
    )
    def _compute_order_draft(self):
        for job in self:
            order = job.order_id
            is_new = order and not order._origin
            job.order_draft = order._prepare_draft() if is_new else False

    @api.model
    def _group_expand_state(self, states, domain):
        """Show a column for each state in which the workshop has to do with a job."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in ("authorized", "in_progress", "done") or state in states
        ]

    @api.depends_context("car_short_name")
    def _compute_display_name(self):
        """Leave the order's number out where the screen belongs to one order."""
        if not self.env.context.get("car_short_name"):
            return super()._compute_display_name()
        for job in self:
            job.display_name = job.name

    def _prepare_package_line_vals(self, package):
        """Let lines filled in on the screen know their order, for price and payer."""
        vals_list = super()._prepare_package_line_vals(package)
        if order := self.order_id:
            for vals in vals_list:
                vals["order_id"] = order._origin.id or order.id
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("order_draft", None)
            if not vals.get("payer_id", True):
                del vals["payer_id"]  # the screen of a new order sends it empty
        return super().create(vals_list)

    def write(self, vals):
        return super().write({k: v for k, v in vals.items() if k != "order_draft"})


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    order_state = fields.Selection(related="order_id.state", string="Order State")
    part_text = fields.Char(
        "Part Details",
        compute="_compute_part_text",
        help="Brand, maker's number, grade and origin, as told to the customer.",
    )
    share_text = fields.Char(
        "Shared By", compute="_compute_share_text", groups=CUSTOMER_DATA
    )
    can_buy = fields.Boolean("To Buy", compute="_compute_can_buy")

    @api.depends("share_ids.percent", "share_ids.payer_id")
    def _compute_share_text(self):
        kinds = dict(
            self.env["car.repair.payer"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for line in self:
            line.share_text = ", ".join(
                f"{kinds.get(share.payer_id.kind)} {share.percent:g} %"
                for share in line.share_ids
            )

    @api.depends("parts_state", "purchase_line_ids.state")
    def _compute_can_buy(self):
        for line in self:
            line.can_buy = line.parts_state == "to_order" and (
                line.product_uom_id.compare(line._get_quantity_to_buy(), 0.0) > 0
            )

    @api.depends("brand_name", "maker_code", "grade", "origin_country_id.name")
    def _compute_part_text(self):
        grades = dict(self._fields["grade"]._description_selection(self.env))
        for line in self:
            details = (
                line.brand_name,
                line.maker_code,
                grades.get(line.grade),
                line.origin_country_id.name,
            )
            line.part_text = ", ".join(detail for detail in details if detail)

    def onchange(self, values, field_names, fields_spec):
        """Price the lines of an order that is not saved yet as those of a saved one."""
        job = values.get("job_id")
        if isinstance(job, dict) and (draft := job.get("order_draft")):
            order = self.env["car.repair.order"].new(draft)
            values = {
                **values,
                "order_id": order.id,
                "job_id": {**job, "order_id": order.id},
            }
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("job_id", "payer_id"):
                if not vals.get(name, True):
                    del vals[name]  # the screen of a new order sends it empty
            price = vals.get("technical_price_unit")
            if price and price == vals.get("price_unit"):
                # Not typed: worked out again, should vehicle or payer be others now.
                del vals["price_unit"], vals["technical_price_unit"]
        return super().create(vals_list)

    def action_buy_and_show(self):
        """Ask the vendors for what is missing, then show the requests."""
        purchases = self.action_buy()
        return self.order_id._get_link_action("purchase.purchase_rfq", purchases)

    def action_split(self):
        """Open the line in a dialog, to share it between payers."""
        self.ensure_one()
        return {
            "name": self.name,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class CarRepairPayer(models.Model):
    _inherit = "car.repair.payer"

    def action_create_invoices(self):
        """Bill, credit or settle what is open for these payers only."""
        return self.order_id.action_create_invoices(self)

    def action_authorize_credit(self, reason=None):
        """Ask for the reason for these payers only, where it is missing."""
        action = super().action_authorize_credit(reason)
        if isinstance(action, dict):
            action["context"]["default_payer_ids"] = self.ids
        return action


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    @api.model
    def default_get(self, fields_list):
        """Show in the dialog what is told, line by line."""
        values = super().default_get(fields_list)
        order = self.env["car.repair.order"].browse(values.get("order_id"))
        if order and "line_ids" in fields_list:
            to_ask = order.line_ids._filter_to_ask(internal=False)
            if not to_ask and order._has_group("supervisor"):
                if to_ask := order.line_ids._filter_to_ask(internal=True):
                    values["channel"] = "supervisor"
            values["line_ids"] = self._get_answer_commands(to_ask)
        if order.state in ("authorized", "in_workshop", "quality_check"):
            values["kind"] = "additional"
        if order and "signed_by" in fields_list:
            values.setdefault("signed_by", order.partner_id.name)
        return values

    @api.onchange("channel", "kind")
    def _onchange_kind(self):
        """Ask the house for its lines, the customer for his: of a diagnosis the fee."""
        for authorization in self:
            to_ask = authorization.order_id.line_ids._filter_to_ask(
                internal=authorization.channel == "supervisor"
            )
            if authorization.kind == "diagnosis":
                to_ask = to_ask.filtered(lambda line: line.kind == "fee")
            if to_ask._origin != authorization.line_ids.line_id._origin:
                authorization.line_ids = [
                    Command.clear(),
                    *self._get_answer_commands(to_ask._origin),
                ]

    def _get_answer_commands(self, lines):
        return [
            Command.create(
                {
                    "line_id": line.id,
                    "is_approved": not line.job_id._is_second_plan(),
                    **self.env["car.repair.authorization.line"]._prepare_snapshot(line),
                }
            )
            for line in lines
        ]
