from odoo import api, fields, models
from odoo.exceptions import UserError

MOODS = [
    ("satisfied", "Satisfied"),
    ("neutral", "Neither Nor"),
    ("negative", "Not Satisfied"),
]


class CarCustomerRemark(models.Model):
    """What a customer said when he got his car back; what displeased him is followed.

    Noted; a negative one is open until somebody has written what was done about it.
    """

    _name = "car.customer.remark"
    _description = "Customer's Words"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index="btree_not_null",
        tracking=False,
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True, tracking=False
    )
    mood = fields.Selection(MOODS, "How He Found It", required=True)
    text = fields.Text("In His Words")
    said_at = fields.Datetime(
        "Said", required=True, default=fields.Datetime.now, readonly=True
    )
    recorded_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [("noted", "Noted"), ("open", "To Follow"), ("settled", "Dealt With")],
        default="noted",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    responsible_id = fields.Many2one(
        "res.users",
        "Who Follows It",
        tracking=True,
        index="btree_not_null",
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("car_aftersales.car_aftersales_group_customer_data").ids,
            )
        ],
    )
    answer = fields.Text("What Was Done", tracking=True)
    settled_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("order_id.name", "mood")
    def _compute_display_name(self):
        moods = dict(self._fields["mood"]._description_selection(self.env))
        for remark in self:
            remark.display_name = f"{remark.order_id.name}: {moods.get(remark.mood)}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(recorded_by_id=self.env.uid, settled_at=False)
            vals["said_at"] = fields.Datetime.now()
        remarks = super().create(vals_list)
        for remark in remarks:
            if remark.mood == "negative":
                remark._open()
        return remarks

    def write(self, vals):
        if not self.env.su:
            kept = {"order_id", "mood", "text", "said_at", "recorded_by_id"}
            if kept & set(vals):
                raise UserError(
                    self.env._("The customer's words stay as he said them.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The customer's words stay as he said them."))

    # === ACTION METHODS === #

    def action_settle(self):
        return self.write({"state": "settled"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "noted": {"open": "follow"},
            "open": {"settled": "settle"},
            "settled": {"open": "follow"},
        }

    def _open(self):
        """Open it as a point to follow, and tell who follows it."""
        self.ensure_one()
        if not (self.text or "").strip():
            raise UserError(
                self.env._(
                    "%(order)s: write down what the customer is not satisfied with.",
                    order=self.order_id.display_name,
                )
            )
        # Safe: who follows is worked out; the recorder need not be allowed to name him.
        remark = self.sudo()
        if not remark.responsible_id:
            remark.responsible_id = remark.company_id._get_car_supervisor()
        remark.write({"state": "open"})
        remark._tell_responsible()

    def _tell_responsible(self):
        """Hook: let who follows it know, and give it a clock."""

    def _check_settle(self):
        for remark in self:
            if not (remark.answer or "").strip():
                raise UserError(
                    self.env._(
                        "%(remark)s: write down what was done about it.",
                        remark=remark.display_name,
                    )
                )

    def _after_settle(self):
        # Safe: the moment of the step just taken.
        self.sudo().settled_at = fields.Datetime.now()
