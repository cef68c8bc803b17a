from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..workshop.car_repair_payer import HOUSE_KINDS


class CarWarrantyPolicy(models.Model):
    """For which cars a policy is, who has it, and who bears which part."""

    _inherit = "car.warranty.policy"

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _has_any(self):
        """Tell whether there is a policy at all; without one no car is covered."""
        policies = self.sudo().with_context(active_test=False)
        return bool(policies.search_count([], limit=1))

    @api.model
    @ormcache()
    def _get_sold_product_ids(self):
        """Return the ids of products that bring a coverage when they are sold."""
        return tuple(self.sudo().search([("product_id", "!=", False)]).product_id.ids)

    def _get_used(self):
        """Return the policies that cars have."""
        # Safe: only tells whether coverages exist.
        groups = (
            self.env["car.warranty.coverage"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids)], ["policy_id"])
        )
        return self.browse(policy.id for (policy,) in groups)

    def _check_terms_kept(self):
        """Keep what was promised for cars; the manager may correct a mistake.

        :raise UserError: naming the policies that cars have.
        """
        if self.env["car.repair.order"]._has_group("manager"):
            return
        if used := self._get_used():
            raise UserError(
                self.env._(
                    "%(policies)s: cars have it, so its terms are kept. Archive it and "
                    "make another one; a mistake is corrected by the manager.",
                    policies=", ".join(used.mapped("name")),
                )
            )

    @api.model
    def _search_automatic(self, companies):
        """Return the policies that cars of companies get by themselves."""
        return self.search(
            Domain("is_automatic", "=", True)
            & Domain("company_id", "in", companies.ids)
        )

    def _fits(self, vehicle, start_date):
        """Tell whether the policy is for a car that was sold on a day."""
        self.ensure_one()
        model = vehicle.model_id
        return (
            (not self.brand_ids or model.brand_id in self.brand_ids)
            and (not self.model_ids or model in self.model_ids)
            and (not self.energy or self.energy == model.energy)
            and (not self.sold_from or start_date >= self.sold_from)
            and (not self.sold_to or start_date <= self.sold_to)
        )

    def _get_payer_parts(self):
        """Return who bears which percent: kind of payer, partner, percent.

        What nobody bears is left to the customer.
        """
        self.ensure_one()
        policy = self.sudo()  # Safe: who pays is told to who may see payers only.
        partner = self.env["res.partner"]
        if policy.payer_kind not in HOUSE_KINDS:
            partner = policy.partner_id.with_env(self.env)
        parts = [(policy.payer_kind, partner, policy.payer_percent)]
        if policy.dealer_percent:
            parts.append(("goodwill", partner.browse(), policy.dealer_percent))
        return parts
