from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from ..vehicle.car_vehicle_model import ENERGIES
from ..workshop.car_repair_payer import HOUSE_KINDS

KINDS = [
    ("maker", "Maker's Warranty"),
    ("extended", "Extended Warranty"),
    ("service", "Service Contract"),
    ("parts", "Parts Warranty"),
    ("dealer", "Dealer's Own Warranty"),
]
# What decides how long and for what a car is covered
TERMS = {
    "kind",
    "company_id",
    "months",
    "km",
    "covers_rest",
    "component_ids",
    "labor_follows_parts",
    "is_first_owner_only",
    "requires_service",
    "service_tolerance_months",
    "service_tolerance_km",
}


class CarWarrantyPolicy(models.Model):
    """What a maker, a guarantor or the dealer promises for certain cars.

    It says which cars it is for, how long and how far it runs, what is in it, and who
    pays which part. On a car it becomes a coverage; from then on its terms are kept.
    """

    _name = "car.warranty.policy"
    _description = "Warranty Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char("Policy", required=True, translate=True, tracking=True)
    code = fields.Char(copy=False)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, default="maker", required=True, tracking=True)
    # which cars
    brand_ids = fields.Many2many(
        "car.vehicle.brand",
        "car_warranty_policy_brand_rel",
        "policy_id",
        "brand_id",
        "Brands",
        help="Empty: cars of all brands.",
    )
    model_ids = fields.Many2many(
        "car.vehicle.model",
        "car_warranty_policy_model_rel",
        "policy_id",
        "model_id",
        "Models",
        help="Empty: all models.",
    )
    energy = fields.Selection(ENERGIES, help="Empty: cars of any energy.")
    sold_from = fields.Date(help="First day on which the cars it is for were sold.")
    sold_to = fields.Date(
        "Sold Until", help="Last day on which the cars it is for were sold."
    )
    is_automatic = fields.Boolean(
        "Proposed for Each Car",
        compute="_compute_is_automatic",
        store=True,
        readonly=False,
        precompute=True,
        help="A car that it fits gets it as soon as its day of purchase is known.",
    )
    product_id = fields.Many2one(
        "product.product",
        "Sold As",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="Who buys this on a repair order gets the coverage with the delivery.",
    )
    # how long and what
    months = fields.Integer(
        "Term (Months)", tracking=True, help="0: without limit in time."
    )
    km = fields.Integer(
        "Term (km)", tracking=True, aggregator=None, help="0: without limit in km."
    )
    covers_rest = fields.Boolean(
        "Covers What Is Not Listed",
        default=True,
        tracking=True,
        help="Everything is covered but what the list excludes. Otherwise only what "
        "the list names.",
    )
    component_ids = fields.One2many(
        "car.warranty.component", "policy_id", "Components", copy=True
    )
    labor_follows_parts = fields.Boolean(
        "Work Follows Its Parts",
        default=True,
        tracking=True,
        help="Work of a job whose parts are all not covered is not covered either, "
        "unless the list names the very work.",
    )
    is_first_owner_only = fields.Boolean(
        "For the First Owner Only",
        tracking=True,
        help="Otherwise it goes with the car to the next owner.",
    )
    requires_service = fields.Boolean(
        "Services Are Required",
        default=True,
        tracking=True,
        help="Only cars that had the services of their plan in time are covered.",
    )
    service_tolerance_months = fields.Integer("Service May Be Late (Months)", default=1)
    service_tolerance_km = fields.Integer(
        "Service May Be Late (km)", default=1000, aggregator=None
    )
    # who pays
    maker_id = fields.Many2one(
        "car.warranty.maker",
        "Terms of",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        groups=CUSTOMER_DATA,
        help="Who is invoiced, at which rates. Not needed where the house pays.",
    )
    partner_id = fields.Many2one(
        related="maker_id.partner_id", string="Paid By", groups=CUSTOMER_DATA
    )
    payer_kind = fields.Selection(
        [
            ("warranty", "Maker's warranty"),
            ("insurer", "Insurer"),
            ("supplier", "Supplier"),
            ("internal", "Internal"),
            ("goodwill", "Goodwill"),
        ],
        "Pays As",
        default="warranty",
        required=True,
        tracking=True,
        groups=CUSTOMER_DATA,
    )
    payer_percent = fields.Float(
        "Pays (%)",
        default=100.0,
        digits=(16, 4),
        tracking=True,
        groups=CUSTOMER_DATA,
        help="Less than 100 % where the policy pays only a part.",
    )
    dealer_percent = fields.Float(
        "Dealer (%)",
        digits=(16, 4),
        tracking=True,
        groups=CUSTOMER_DATA,
        help="What the house bears as goodwill.",
    )
    customer_percent = fields.Float(
        "Customer (%)",
        compute="_compute_customer_percent",
        digits=(16, 4),
        groups=CUSTOMER_DATA,
    )
    note = fields.Html("Notes")
    coverage_count = fields.Integer("Number of Cars", compute="_compute_coverage_count")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another policy has this code already.",
    )
    _terms_positive = models.Constraint(
        "CHECK (months >= 0 AND km >= 0 AND service_tolerance_months >= 0 "
        "AND service_tolerance_km >= 0)",
        "Months and kilometers of a policy cannot be negative.",
    )
    _percent_range = models.Constraint(
        "CHECK (payer_percent > 0 AND dealer_percent >= 0 "
        "AND payer_percent + dealer_percent <= 100)",
        "Who pays bears more than nothing, and all together 100 % at most.",
    )
    _sold_order = models.Constraint(
        "CHECK (sold_from IS NULL OR sold_to IS NULL OR sold_from <= sold_to)",
        "The last day of sale lies before the first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind")
    def _compute_is_automatic(self):
        for policy in self:
            policy.is_automatic = policy.kind == "maker"

    @api.depends("payer_percent", "dealer_percent")
    def _compute_customer_percent(self):
        for policy in self:
            policy.customer_percent = 100 - policy.payer_percent - policy.dealer_percent

    def _compute_coverage_count(self):
        counts = dict(
            self.env["car.warranty.coverage"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.coverage_count = counts.get(policy, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("payer_kind", "maker_id")
    def _check_maker_id(self):
        for policy in self.sudo():  # Safe: reads who pays, to name what is missing.
            if policy.payer_kind not in HOUSE_KINDS and not policy.maker_id:
                raise UserError(
                    self.env._(
                        "%(policy)s: say by whose terms it is paid.", policy=policy.name
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create([self._drop_protected(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        if TERMS & set(vals):
            self._check_terms_kept()
        vals = self._drop_protected(vals)
        result = super().write(vals)
        if {"product_id", "company_id", "active"} & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for policy, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(policy)s (copy)", policy=policy.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self._get_used():
            raise UserError(
                self.env._(
                    "%(policies)s: cars have it. Archive it instead.",
                    policies=", ".join(used.mapped("name")),
                )
            )

    # === ACTION METHODS === #

    def action_open_coverages(self):
        """Open the cars that have these policies."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_warranty_coverage_action"
        )
        action["domain"] = [("policy_id", "in", self.ids)]
        action["context"] = {"default_policy_id": self[:1].id}
        return action
