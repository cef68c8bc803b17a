from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCOPES = ("part", "category", "system")


class CarWarrantyComponent(models.Model):
    """A part of the car for which a policy says something of its own.

    The most specific line counts: part before category before system before the policy
    as a whole.
    """

    _name = "car.warranty.component"
    _description = "Component of a Warranty Policy"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "car.warranty.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    scope = fields.Selection(
        [
            ("system", "Vehicle System"),
            ("category", "Product Category"),
            ("part", "Parts"),
        ],
        "Applies To",
        default="system",
        required=True,
    )
    system_id = fields.Many2one("car.vehicle.system", ondelete="restrict")
    category_id = fields.Many2one(
        "product.category", ondelete="restrict", help="With those below."
    )
    product_ids = fields.Many2many(
        "product.product",
        "car_warranty_component_product_rel",
        "component_id",
        "product_id",
        "Listed Parts and Work",
    )
    months = fields.Integer("Own Term (Months)", help="0: as the policy.")
    km = fields.Integer("Own Term (km)", aggregator=None, help="0: as the policy.")
    is_wear_part = fields.Boolean(
        "Wear Part",
        help="Covered within its own term only; without one not at all.",
    )
    is_excluded = fields.Boolean("Not Covered")
    service_rule = fields.Selection(
        [
            ("policy", "As the policy"),
            ("required", "Required"),
            ("free", "Not required"),
        ],
        "Services",
        default="policy",
        required=True,
        help="Whether this is covered only if the services were done in time.",
    )

    _terms_positive = models.Constraint(
        "CHECK (months >= 0 AND km >= 0)",
        "Months and kilometers of a component cannot be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("scope", "system_id.name", "category_id.name", "product_ids")
    def _compute_display_name(self):
        for component in self:
            name = component.system_id.name or ""
            if component.scope == "category":
                name = component.category_id.name or ""
            elif component.scope == "part":
                name = ", ".join(component.product_ids.mapped("name"))
            component.display_name = name

    # === CONSTRAINT METHODS === #

    @api.constrains("scope", "system_id", "category_id", "product_ids")
    def _check_scope(self):
        links = {
            "system": "system_id",
            "category": "category_id",
            "part": "product_ids",
        }
        for component in self:
            if not component[links[component.scope]]:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: a component names no system, category or part.",
                        policy=component.policy_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["car.warranty.policy"].browse(
            {vals["policy_id"] for vals in vals_list if vals.get("policy_id")}
        )
        policies._check_terms_kept()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"sequence"}:
            self.policy_id._check_terms_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.policy_id._check_terms_kept()

    # === BUSINESS METHODS === #

    def _find_for(self, product, system):
        """Return the line that speaks of a product, the most specific one.

        :param system: the part of the car that the work is about, where the product
            names none.
        """
        listed = self.filtered(
            lambda line: line.scope == "part" and product in line.product_ids
        )
        if listed:
            return listed[:1]
        by_category = {
            line.category_id.id: line
            for line in reversed(self)
            if line.scope == "category"
        }
        if by_category:
            path = (product.categ_id.parent_path or "").strip("/").split("/")
            for category_id in reversed([int(part) for part in path if part]):
                if category_id in by_category:
                    return by_category[category_id]
        system = product.car_system_id or system
        return self.filtered(
            lambda line: system and line.scope == "system" and line.system_id == system
        )[:1]

    def _asks_service(self, policy):
        """Tell whether the services count for the component, or for none of its own."""
        rule = self.service_rule if self else "policy"
        return rule == "required" or (rule == "policy" and policy.requires_service)
