from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .car_inspection_template import DEPTHS, INSPECTION_KINDS
from .car_repair_order import CUSTOMER_DATA

# Written by the steps only
SYSTEM_FIELDS = {
    "name",
    "started_at",
    "finished_at",
    "finished_by_id",
    "reopened_count",
}
# Still written when the inspection is done
AFTERWARDS = {
    "state",
    "reopen_reason",
    "handed_over_at",
    "handed_over_by_id",
    "handed_over_to",
    "handover_channel",
    "message_main_attachment_id",
}


class CarInspection(models.Model):
    """One look at a car, item by item: at intake, in diagnosis, before it leaves.

    Draft, in progress, done; a supervisor reopens a done one with a reason. Advisors,
    technicians and inspectors work on it; what is about the customer is hidden from
    technicians.
    """

    _name = "car.inspection"
    _description = "Inspection"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    kind = fields.Selection(INSPECTION_KINDS, default="intake", required=True)
    depth = fields.Selection(DEPTHS, default="reception", required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("in_progress", "Under Way"),
            ("done", "Completed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    # the visit, as far as the workshop needs it
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
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    order_number = fields.Char(
        related="order_id.name", store=True, precompute=True, string="Order Number"
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id",
        store=True,
        precompute=True,
        index=True,
        tracking=False,
    )
    vehicle_model_id = fields.Many2one(related="vehicle_id.model_id", tracking=False)
    # what and who
    template_id = fields.Many2one(
        "car.inspection.template", check_company=True, domain="[('kind', '=', kind)]"
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    technician_ids = fields.Many2many(
        "car.technician", string="Technicians", check_company=True
    )
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    finished_at = fields.Datetime("Completed At", readonly=True, copy=False)
    finished_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reopen_reason = fields.Char(copy=False, tracking=True)
    reopened_count = fields.Integer("Times Reopened", readonly=True, copy=False)
    # results
    line_ids = fields.One2many("car.inspection.line", "inspection_id", "Items")
    symptom = fields.Text("As the Customer Told It", groups=CUSTOMER_DATA)
    conclusion = fields.Text("Fault or Problem Found")
    advice = fields.Text("Repair Advice")
    equipment = fields.Char("Equipment Used")
    defect_count = fields.Integer("Defects", compute="_compute_counts")
    attention_count = fields.Integer("To Watch", compute="_compute_counts")
    unchecked_count = fields.Integer("Not Checked", compute="_compute_counts")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.result")
    def _compute_counts(self):
        for inspection in self:
            results = inspection.line_ids.mapped("result")
            inspection.defect_count = results.count("defect")
            inspection.attention_count = results.count("attention")
            inspection.unchecked_count = results.count("unchecked")

    @api.depends("name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for inspection in self:
            label = labels.get(inspection.kind, "")
            inspection.display_name = f"{label} {inspection.name or ''}".strip()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["car.repair.order"].browse(
            [vals["order_id"] for vals in vals_list]
        )
        orders.check_access("read")
        for vals, order in zip(vals_list, orders, strict=True):
            vals.update(dict.fromkeys(SYSTEM_FIELDS - {"name"}, False))
            vals["name"] = self.env["res.company"]._get_next_car_number(
                "car.inspection", order.company_id.id
            )
            if order.state in ("delivered", "cancelled"):
                order._raise_for_each(
                    self.env._("it is closed; nothing is inspected on it any more")
                )
            if not vals.get("template_id"):
                kind = vals.get("kind", "intake")
                template = self.env["car.inspection.template"]._get_for(kind, order)
                vals["template_id"] = template.id
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        inspections = super(CarInspection, quiet).create(vals_list).with_env(self.env)
        for inspection in inspections:
            if not inspection.line_ids:
                inspection._fill_from_template()
        return inspections

    def write(self, vals):
        vals = {
            key: value
            for key, value in vals.items()
            if self.env.su or key not in SYSTEM_FIELDS
        }
        self._check_technician_fields(vals)
        if set(vals) - AFTERWARDS:
            self._check_open()
        if {"order_id", "kind"} & set(vals):
            raise UserError(
                self.env._(
                    "%(inspection)s belongs to its order and keeps its kind.",
                    inspection=self[:1].display_name,
                )
            )
        refilled = self.browse()
        if {"depth", "template_id"} & set(vals):
            refilled = self
        result = super().write(vals)
        for inspection in refilled:
            inspection._fill_from_template()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for inspection in self:
            if inspection.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(inspection)s is kept for the records and cannot be deleted.",
                        inspection=inspection.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_rest_ok(self):
        """Call everything that has no result yet in order."""
        self.line_ids.filtered(lambda line: line.result == "unchecked").write(
            {"result": "ok"}
        )

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    # === BUSINESS METHODS === #

    def _fill_from_template(self):
        """Bring the items to those of the template at this depth.

        What has a result already is kept.
        """
        self.ensure_one()
        template = self.template_id.with_context(lang=self.env.lang)
        wanted = template._get_lines_for(self.vehicle_id, self.depth)
        untouched = self.line_ids.filtered(
            lambda line: (
                line.result == "unchecked"
                and line.template_line_id
                and line.template_line_id not in wanted
            )
        )
        # Safe: brings the items of the template, chosen by who may write this.
        untouched.sudo().unlink()
        missing = wanted - self.line_ids.template_line_id
        self.sudo().line_ids = [
            Command.create(line._prepare_inspection_line_vals()) for line in missing
        ]
