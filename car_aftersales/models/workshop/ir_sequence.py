from odoo import api, models
from odoo.tools import ormcache

PREFIX = "car."
KEYS = {"active", "code", "company_id"}


class IrSequence(models.Model):
    """Which run of numbers a company's documents take is looked up once."""

    _inherit = "ir.sequence"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        sequences._forget_car_sequences()
        return sequences

    def write(self, vals):
        if KEYS.isdisjoint(vals):
            return super().write(vals)
        self._forget_car_sequences()
        result = super().write(vals)
        self._forget_car_sequences()
        return result

    def unlink(self):
        self._forget_car_sequences()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _forget_car_sequences(self):
        if any((code or "").startswith(PREFIX) for code in self.mapped("code")):
            self.env.registry.clear_cache()

    @api.model
    @ormcache("code", "company_id")
    def _get_car_sequence_id(self, code, company_id):
        """Return a company's run of numbers for documents: its own, else a shared one.

        :return: id, False where there is none
        """
        # Safe: which sequence, for documents whose creation is checked.
        sequences = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company_id, False])],
            order="company_id",
            limit=1,
        )
        return sequences.id
