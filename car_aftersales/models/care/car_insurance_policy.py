from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarInsuranceKind(models.Model):
    """What an insurance covers: 交强险, 商业险..."""

    _name = "car.insurance.kind"
    _description = "Kind of Insurance"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_compulsory = fields.Boolean("Compulsory", help="The law asks every car for it.")


class CarInsurancePolicy(models.Model):
    """An insurance of a car, sold by us or not: who renews it in time (R-176, R-179).

    Its state follows from its days. Before it ends the customer is called; a renewed
    policy names the one before, and ends the call.
    """

    _name = "car.insurance.policy"
    _description = "Insurance Policy"
    _inherit = ["car.confidential.mixin", "mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char("Policy Number", required=True, index="trigram", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, index=True, check_company=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
        help="Who took it out: the owner of the car.",
    )
    insurer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        groups=CUSTOMER_DATA,
    )
    kind_ids = fields.Many2many("car.insurance.kind", string="Kinds", required=True)
    date_from = fields.Date("Begins", required=True, tracking=True)
    date_to = fields.Date("Ends", required=True, index=True, tracking=True)
    premium = fields.Monetary(tracking=True)
    commission = fields.Monetary(help="What the insurer pays us for it.")
    is_sold_by_us = fields.Boolean("Sold by Us", tracking=True)
    seller_id = fields.Many2one(
        "res.users",
        compute="_compute_seller_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    note = fields.Text("Notes on the Policy")
    is_cancelled = fields.Boolean("Cancelled", tracking=True, copy=False)
    # renewal
    previous_id = fields.Many2one(
        "car.insurance.policy",
        "Renews",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('vehicle_id', '=', vehicle_id), ('id', '!=', id)]",
    )
    next_ids = fields.One2many("car.insurance.policy", "previous_id", "Renewed by")
    lost_reason = fields.Selection(
        [
            ("elsewhere", "Renewed elsewhere"),
            ("price", "Too expensive"),
            ("sold", "Car sold"),
            ("other", "Other"),
        ],
        "Why Not Renewed",
        copy=False,
        tracking=True,
    )
    renewal = fields.Selection(
        [
            ("pending", "To renew"),
            ("renewed", "Renewed with us"),
            ("elsewhere", "Renewed, not sold by us"),
            ("lost", "Not renewed"),
        ],
        compute="_compute_renewal",
        store=True,
        index=True,
        help="What became of it when it ended.",
    )
    state = fields.Selection(
        [
            ("future", "Begins later"),
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    days_left = fields.Integer(compute="_compute_state")

    _number_uniq = models.UniqueIndex(
        "(insurer_id, name, company_id)", "This policy is written down already."
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A policy does not end before it begins."
    )
    _money = models.Constraint(
        "CHECK (COALESCE(premium, 0) >= 0 AND COALESCE(commission, 0) >= 0)",
        "Premium and commission are not negative.",
    )
    _ending = models.Index(
        "(company_id, date_to) WHERE renewal = 'pending' AND is_cancelled IS NOT TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "insurer_id")
    def _compute_display_name(self):
        for policy in self:
            # Safe: the name of a policy is shown to who may read it.
            insurer = policy.sudo().insurer_id.name or ""
            policy.display_name = f"{insurer} {policy.name or ''}".strip()

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for policy in self:
            policy.partner_id = policy.partner_id or policy.vehicle_id.owner_id

    @api.depends("is_sold_by_us")
    def _compute_seller_id(self):
        for policy in self:
            if policy.is_sold_by_us:
                policy.seller_id = policy.seller_id or self.env.user
            else:
                policy.seller_id = False

    @api.depends("next_ids.is_sold_by_us", "next_ids.is_cancelled", "lost_reason")
    def _compute_renewal(self):
        for policy in self:
            following = policy.next_ids.filtered(lambda other: not other.is_cancelled)
            if following:
                ours = any(following.mapped("is_sold_by_us"))
                policy.renewal = "renewed" if ours else "elsewhere"
            elif policy.lost_reason:
                elsewhere = policy.lost_reason == "elsewhere"
                policy.renewal = "elsewhere" if elsewhere else "lost"
            else:
                policy.renewal = "pending"

    @api.depends("date_from", "date_to", "is_cancelled")
    def _compute_state(self):
        for policy in self:
            today = (policy.company_id or self.env.company)._get_car_today()
            ends = policy.date_to
            policy.days_left = max((ends - today).days, 0) if ends else 0
            if policy.is_cancelled:
                policy.state = "cancelled"
            elif policy.date_from and policy.date_from > today:
                policy.state = "future"
            else:
                policy.state = "expired" if ends and ends < today else "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_car_today()
        alive = Domain("is_cancelled", "=", False)
        domains = {
            "cancelled": Domain("is_cancelled", "=", True),
            "future": alive & Domain("date_from", ">", today),
            "valid": alive
            & Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
            "expired": alive & Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # === CONSTRAINT METHODS === #

    @api.constrains("previous_id", "vehicle_id")
    def _check_previous(self):
        if self._has_cycle("previous_id"):
            raise ValidationError(self.env._("A policy does not renew itself."))
        for policy in self.filtered("previous_id"):
            if policy.previous_id.vehicle_id != policy.vehicle_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s renews a policy of another vehicle.",
                        policy=policy.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._close_renewed()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if set(vals) & {"previous_id", "lost_reason", "is_cancelled"}:
            self._close_renewed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Policies are kept. Mark it as cancelled instead.")
            )

    # === ACTION METHODS === #

    def action_renew(self):
        """Open the policy that follows this one, filled in from it."""
        self.ensure_one()
        years = self.date_to.year - self.date_from.year or 1
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_previous_id": self.id,
                "default_vehicle_id": self.vehicle_id.id,
                "default_partner_id": (self.vehicle_id.owner_id or self.partner_id).id,
                "default_insurer_id": self.insurer_id.id,
                "default_kind_ids": self.kind_ids.ids,
                "default_date_from": fields.Date.add(self.date_to, days=1),
                "default_date_to": fields.Date.add(self.date_to, years=years),
                "default_premium": self.premium,
                "default_is_sold_by_us": True,
            },
        }

    # === BUSINESS METHODS === #

    def _close_renewed(self):
        """End the calls about policies that are renewed, lost or cancelled."""
        over = (self | self.previous_id).filtered(
            lambda policy: policy.renewal != "pending" or policy.is_cancelled
        )
        if over:
            # Safe: follows from what was just written down.
            self.env["car.contact.task"].sudo().search(
                [
                    ("state", "=", "open"),
                    ("res_model", "=", self._name),
                    ("res_id", "in", over.ids),
                ]
            )._close("obsolete")
