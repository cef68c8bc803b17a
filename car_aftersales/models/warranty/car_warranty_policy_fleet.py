from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .car_vehicle_coverage import BATCH

# More cars than this get their coverages in the background
AT_ONCE = 2 * BATCH


class CarWarrantyPolicy(models.Model):
    """Cars that were there before the policy was written down get it, too."""

    _inherit = "car.warranty.policy"

    is_being_given = fields.Boolean(
        "Being Given to Existing Vehicles",
        readonly=True,
        copy=False,
        help="The cars that it fits get it in the background, batch by batch.",
    )

    # === ACTION METHODS === #

    def action_give_to_vehicles(self):
        """Say how many existing cars would get the policy, and ask."""
        self.ensure_one()
        self._check_may_give()
        vehicles = self._get_company_vehicles()
        return self.env["car.warranty.coverage.find"]._show_result(
            {
                "policy_id": self.id,
                "asked_count": vehicles.search_count(self._get_vehicle_domain()),
                "found_count": vehicles.search_count(self._get_lacking_domain()),
                "undated_count": vehicles.search_count(self._get_undated_domain()),
            }
        )

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        """Take out what only the system writes."""
        if self.env.su:
            return vals
        return {name: vals[name] for name in vals if name != "is_being_given"}

    def _check_may_give(self):
        """Refuse to give existing cars what is sold, or no longer made.

        :raise UserError: naming the policy.
        """
        self.check_access("write")
        if not self.active:
            raise UserError(
                self.env._("%(policy)s is archived; no car gets it.", policy=self.name)
            )
        if self.product_id:
            raise UserError(
                self.env._(
                    "%(policy)s is sold: a car gets it with the delivery of the order "
                    "on which it was bought.",
                    policy=self.name,
                )
            )

    def _get_company_vehicles(self):
        """Return the model of cars, where shared ones count as the policy's."""
        return self.env["car.vehicle"].with_company(self.company_id)

    def _get_vehicle_domain(self):
        """Return which cars the policy is for, whenever they were sold."""
        self.ensure_one()
        domain = Domain("company_id", "in", [self.company_id.id, False])
        if self.brand_ids:
            domain &= Domain("brand_id", "in", self.brand_ids.ids)
        if self.model_ids:
            domain &= Domain("model_id", "in", self.model_ids.ids)
        if self.energy:
            domain &= Domain("energy", "=", self.energy)
        return domain

    def _get_undated_domain(self):
        """Return which of these cars lack the day from which it counts."""
        return (
            self._get_vehicle_domain()
            & Domain("purchase_date", "=", False)
            & Domain("first_registration_date", "=", False)
        )

    def _get_lacking_domain(self):
        """Return which cars the policy fits that never had it."""
        bought, registered = Domain.TRUE, Domain.TRUE
        if self.sold_from:
            bought &= Domain("purchase_date", ">=", self.sold_from)
            registered &= Domain("first_registration_date", ">=", self.sold_from)
        if self.sold_to:
            bought &= Domain("purchase_date", "<=", self.sold_to)
            registered &= Domain("first_registration_date", "<=", self.sold_to)
        bought &= Domain("purchase_date", "!=", False)
        registered &= Domain("first_registration_date", "!=", False)
        registered &= Domain("purchase_date", "=", False)
        # Safe: only tells which cars have it, whoever may see coverages.
        having = (
            self.env["car.warranty.coverage"]
            .sudo()
            ._search([("policy_id", "=", self.id)])
            .subselect("vehicle_id")
        )
        return (
            self._get_vehicle_domain()
            & (bought | registered)
            & Domain("id", "not in", having)
        )

    def _give_to_vehicles(self):
        """Give the policy to the cars it fits, many of them in the background.

        :return: how many cars got it at once.
        """
        self.ensure_one()
        self._check_may_give()
        vehicles = self._get_company_vehicles()
        found = vehicles.search(self._get_lacking_domain(), limit=AT_ONCE + 1)
        if len(found) > AT_ONCE:
            # Safe: what the user was just allowed to do himself.
            self.sudo().is_being_given = True
            cron = self.env.ref("car_aftersales.car_warranty_policy_cron_give")
            cron.sudo()._trigger()
            return 0
        return len(found._propose_coverages(self))

    @api.model
    def _cron_give(self):
        """Give policies to the cars they fit, a batch each time."""
        given, left = self._give_batch()
        self.env["ir.cron"]._commit_progress(given, remaining=left)

    @api.model
    def _give_batch(self, batch=BATCH):
        """Give the next policy to so many cars that it fits.

        :return: how many got it, and how many are left; of other policies at least 1.
        """
        domain = [("is_being_given", "=", True)]
        policy = self.search(domain, limit=1).try_lock_for_update()
        if not policy:
            return 0, 0
        vehicles = policy._get_company_vehicles()
        found = vehicles.search(policy._get_lacking_domain(), limit=batch)
        given = found._propose_coverages(policy)
        left = vehicles.search_count(policy._get_lacking_domain())
        if given and left:
            return len(given), left
        policy.is_being_given = False
        policy._message_log(
            body=self.env._("All existing vehicles that it fits have it now.")
        )
        return len(given), self.search_count(domain)
