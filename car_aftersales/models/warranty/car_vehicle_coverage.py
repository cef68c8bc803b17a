from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import split_every

# So many cars get their coverages in one go
BATCH = 1000


class CarVehicle(models.Model):
    """The warranties that a car has."""

    _inherit = "car.vehicle"

    coverage_ids = fields.One2many(
        "car.warranty.coverage", "vehicle_id", "Warranty Coverages"
    )
    coverage_text = fields.Char(
        "Coverage Today",
        compute="_compute_coverage_text",
        help="What covers the car today, and what is left of it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("coverage_ids.state", "coverage_ids.remaining_text")
    def _compute_coverage_text(self):
        for vehicle in self:
            running = vehicle.coverage_ids.filtered(
                lambda coverage: coverage.state == "running"
            )
            vehicle.coverage_text = ", ".join(
                f"{coverage.policy_id.name}: {coverage.remaining_text}"
                for coverage in running
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vehicles = super().create(vals_list)
        vehicles._propose_coverages()
        return vehicles

    def write(self, vals):
        result = super().write(vals)
        if {"purchase_date", "first_registration_date", "model_id"} & set(vals):
            self._correct_proposed_coverages()
            self._propose_coverages()
        return result

    # === ACTION METHODS === #

    def action_propose_coverages(self):
        """Give the car the coverages of the policies that fit it.

        :raise UserError: when the day of purchase is missing or nothing is to add.
        """
        self.ensure_one()
        self.env["car.warranty.coverage"].check_access("create")
        if not self._get_coverage_start():
            raise UserError(
                self.env._(
                    "%(vehicle)s: enter the day of purchase first; the warranty counts "
                    "from it.",
                    vehicle=self.display_name,
                )
            )
        if not self._propose_coverages():
            raise UserError(
                self.env._(
                    "%(vehicle)s: no other policy fits this car.",
                    vehicle=self.display_name,
                )
            )
        return True

    def action_add_coverage(self):
        """Open a new coverage of the car, also for who may not write the car."""
        self.ensure_one()
        self.env["car.warranty.coverage"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Coverage"),
            "res_model": "car.warranty.coverage",
            "view_mode": "form",
            "target": "new",
            "context": {"default_vehicle_id": self.id},
        }

    def action_find_coverages(self):
        """Give many cars the coverages of the policies that fit them.

        :return: the dialog that says how many got one, and which lack a day.
        """
        if not self.env["car.repair.order"]._has_group("warranty_clerk"):
            raise AccessError(
                self.env._("Coverages are given to many cars by the warranty clerk.")
            )
        self.check_access("read")
        given = 0
        for ids in split_every(BATCH, self.ids):
            given += len(self.browse(ids)._propose_coverages().vehicle_id)
        undated = self.filtered(lambda car: not car._get_coverage_start())
        return self.env["car.warranty.coverage.find"]._show_result(
            {
                "asked_count": len(self),
                "given_count": given,
                "undated_count": len(undated),
                "undated_ids": [Command.set(undated.ids)],
            }
        )

    # === BUSINESS METHODS === #

    def _get_coverage_start(self):
        """Return the day from which the maker's warranty counts, or False."""
        self.ensure_one()
        return self.purchase_date or self.first_registration_date

    def _propose_coverages(self, policies=None):
        """Give the cars the policies that fit them, each once.

        :param policies: which; those that cars get by themselves if empty.
        :return: the new coverages.
        """
        # Safe: follows from the policies; the user may write the vehicle.
        coverages = self.env["car.warranty.coverage"].sudo()
        known = self.filtered("model_id").filtered(
            lambda car: car._get_coverage_start()
        )
        if not known or not self.env["car.warranty.policy"]._has_any():
            return coverages.with_env(self.env)
        here = self.env.company
        companies = {car: car.company_id or here for car in known}
        policies = (policies or self.env["car.warranty.policy"]).sudo()
        policies = policies or policies._search_automatic(
            self.env["res.company"].concat(*set(companies.values()))
        )
        has = set()
        for coverage in coverages.search_fetch(
            [("vehicle_id", "in", known.ids)], ["vehicle_id", "policy_id"]
        ):
            has.add((coverage.vehicle_id.id, coverage.policy_id.id))
        vals_list = [
            vehicle._prepare_coverage_vals(policy)
            for policy in policies
            for vehicle in known
            if policy.company_id == companies[vehicle]
            and policy._fits(vehicle, vehicle._get_coverage_start())
            and (vehicle.id, policy.id) not in has
        ]
        quiet = coverages.with_context(mail_create_nolog=True, tracking_disable=True)
        return quiet.create(vals_list).with_env(self.env)

    def _prepare_coverage_vals(self, policy):
        """Return values of the coverage that a policy gives the car."""
        self.ensure_one()
        return {
            "vehicle_id": self.id,
            "policy_id": policy.id,
            "start_date": self._get_coverage_start(),
            "start_km": 0,
            # What the car got once by hand does not come and go by itself.
            "is_proposed": policy.is_automatic,
        }

    def _correct_proposed_coverages(self):
        """Let coverages that nobody used follow a corrected purchase or model."""
        if not self.env["car.warranty.policy"]._has_any():
            return
        # Safe: what the system proposed itself and no order was judged by.
        proposed = (
            self.env["car.warranty.coverage"]
            .sudo()
            .search([("vehicle_id", "in", self.ids), ("is_proposed", "=", True)])
        )
        proposed -= proposed._get_used()
        wrong = proposed.filtered(
            lambda coverage: (
                not coverage.vehicle_id._get_coverage_start()
                or coverage.start_date != coverage.vehicle_id._get_coverage_start()
                or not coverage.policy_id._fits(
                    coverage.vehicle_id, coverage.start_date
                )
            )
        )
        wrong.filtered(lambda coverage: not coverage.is_cancelled).unlink()

    def _get_history_reasons(self):
        reasons = super()._get_history_reasons()
        if any(not one.is_proposed or one.is_cancelled for one in self.coverage_ids):
            reasons.append(self.env._("warranty coverages"))
        return reasons
