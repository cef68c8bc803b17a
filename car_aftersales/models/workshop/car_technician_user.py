from odoo import api, models
from odoo.tools import ormcache

WHO = {"user_id", "company_id", "resource_id", "active"}


class CarTechnician(models.Model):
    """As which technician a user works: every step in the workshop asks for it."""

    _inherit = "car.technician"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        technicians = super().create(vals_list)
        self.env.registry.clear_cache()
        return technicians

    def write(self, vals):
        result = super().write(vals)
        if not WHO.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_of_user(self, user=None, company=None):
        """Return the technician a user is in a company; empty when he is none."""
        company_id = (company or self.env.company).id
        people = self._get_people_of_user((user or self.env.user).id)
        return self.browse(
            [person_id for person_id, home_id in people if home_id == company_id][:1]
        )

    @api.model
    @ormcache("user_id")
    def _get_people_of_user(self, user_id):
        """Return as which technicians a user works.

        :return: pairs of their ids and of their companies' ids
        """
        # Safe: who the user himself is.
        technicians = self.sudo().with_context(active_test=True)
        people = technicians.search([("user_id", "=", user_id)], order="id")
        return [(person.id, person.company_id.id) for person in people]


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if not WHO.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
